import type { Call, Value } from "../../dsl/index.ts";
import { bodiesFor, decidedBody, wantedOf } from "./bodies.ts";
import { ChainSearch } from "./chain-search.ts";
import { choiceOf } from "./choice.ts";
import { conditionsOf } from "./conditions.ts";
import { DecisionTable } from "./decision-table.ts";
import { NONE, type TermBank } from "./term-bank.ts";
import type { Application, Terms } from "./terms.ts";
import { FAILED } from "./value-numbers.ts";

/** Of so many examples, a term must give a part of the goal on one at least to be kept as a part. */
const LEAST_PART = 4;
/** Sets of examples that chains are looked for lie so many decisions deep at most. */
const DEEPEST_CHAIN = 3;
/** Terms that are tried as one argument where the other follows. */
const JOINED_TERMS = 100_000;
/** Trees of decisions that are tried as bodies of lambdas of a row, each where so many calls are known. */
const MOST_DECIDED = 12;
const LEAST_DECIDED = 4;

const bitCount = (mask: number): number => {
  let count = 0;
  for (let rest = mask; rest !== 0; rest &= rest - 1) count++;
  return count;
};

/** Goes backwards from what a term must give to terms that do, by what is known of rows: inverses, chains and choices. */
export class GoalSearch {
  readonly #terms: Terms;
  readonly #nonterminal: number;
  readonly #goal: Int32Array;
  readonly #full: number;
  readonly #bank: TermBank;
  readonly #chains: readonly ChainSearch[];
  readonly #joins: readonly Application[];
  readonly #demanding: readonly Application[];
  readonly #choice: Application | null;
  readonly #table: DecisionTable;
  /** Sets of examples that no chain reaches. */
  readonly #failed: number[] = [];
  readonly #tried = new Set<number>();

  constructor(terms: Terms, nonterminal: number, goal: Int32Array) {
    this.#terms = terms;
    this.#nonterminal = terms.bankOf[nonterminal] as number;
    this.#goal = goal;
    this.#full = 2 ** goal.length - 1;
    this.#bank = terms.bank(nonterminal);
    this.#table = new DecisionTable(goal.length);
    const own = terms.applications.filter((a) => a.nonterminal === this.#nonterminal);
    this.#chains = own
      .filter(
        ({ row, children }) =>
          row.inverse?.part !== undefined && children.every((c) => c === this.#nonterminal),
      )
      .map((chain) => new ChainSearch(terms, chain));
    this.#joins = own.filter(
      ({ row, children }) =>
        row.inverse !== undefined && row.inverse.part === undefined && children.length === 2,
    );
    this.#demanding = own.filter(({ row, takesFunctions }) => takesFunctions && row.demand !== undefined);
    this.#choice = own.find((application) => choiceOf(application) !== null) ?? null;
  }

  /**
   * @param bound only smaller terms are of use
   * @param limit steps of the terms at which it gives up
   * @param takesAny whether any such term will do; otherwise it looks for the smallest
   * @returns a term that gives the goal, NONE where none was found
   */
  search(effort: number, bound: number, limit: number, takesAny: boolean): number {
    const full = this.#full;
    if (this.#chains.length > 0) this.#collectParts(effort, limit);
    for (let row = 0; row < this.#bank.count; row++) this.#note(row);
    for (const join of this.#joins) this.#join(join);
    for (const application of this.#demanding) this.#lambdaFor(application, effort);
    const conditions =
      this.#choice === null ? [] : conditionsOf(this.#terms, this.#choice, [...this.#goal.keys()]);
    let masks = [full];
    const seen = new Set(masks);
    for (let depth = 0; depth <= DEEPEST_CHAIN && masks.length > 0; depth++) {
      if (this.#chains.length > 0)
        for (const mask of masks) {
          if (this.#terms.steps >= limit) break;
          this.#chainTo(mask, effort, bound, takesAny);
        }
      this.#table.solve(conditions);
      const isFound = this.#table.size(full) < bound;
      if ((isFound && takesAny) || this.#chains.length === 0 || this.#terms.steps >= limit) break;
      const next: number[] = [];
      for (const mask of masks)
        for (const { truth, known } of conditions) {
          if ((known & mask) !== mask) continue;
          for (const part of [mask & truth, mask & ~truth]) {
            if (part === 0 || part === mask || seen.has(part)) continue;
            seen.add(part);
            next.push(part);
          }
        }
      masks = next.sort((p, q) => bitCount(q) - bitCount(p));
    }
    const row = this.#table.size(full) < bound ? this.#build(full) : NONE;
    return row !== NONE && this.#isAt(this.#bank, row, this.#goal, full) ? row : NONE;
  }

  /** The known term that gives the goal on most examples, NONE where none gives it on any. */
  mostPassed(): number {
    let best = 0;
    for (let mask = 1; mask <= this.#full; mask++)
      if (this.#table.term(mask) !== NONE && bitCount(mask) > bitCount(best)) best = mask;
    return best === 0 ? NONE : this.#table.term(best);
  }

  /** The term of the smallest tree of decisions for a mask. */
  #build(mask: number): number {
    const decision = this.#table.decision(mask);
    if (decision.kind === "term") return decision.row;
    const yes = this.#build(decision.truth);
    const no = this.#build(mask & ~decision.truth);
    return yes === NONE || no === NONE
      ? NONE
      : this.#terms.put(this.#choice as Application, decision.row, yes, no);
  }

  /** Takes note of the examples on which a term gives the goal. */
  #note(row: number): void {
    let mask = 0;
    for (let e = 0; e < this.#goal.length; e++)
      if (this.#bank.columns[row * this.#goal.length + e] === this.#goal[e]) mask |= 1 << e;
    if (mask !== 0) this.#table.add(mask, row, this.#bank.size[row] as number);
  }

  /** The smallest known term that is as wanted on the examples of a mask, NONE where none is known. */
  #lookUp(bank: TermBank, wanted: Int32Array, mask: number): number {
    if (mask === this.#full) return bank.find(wanted);
    let rows: readonly number[] | undefined;
    for (let e = 0; e < wanted.length; e++)
      if ((mask >> e) & 1) {
        const posting = bank.postings(e).get(wanted[e] as number);
        if (posting === undefined) return NONE;
        if (rows === undefined || posting.length < rows.length) rows = posting;
      }
    let best = NONE;
    for (const row of rows ?? []) {
      if (best !== NONE && (bank.size[row] as number) >= (bank.size[best] as number)) continue;
      if (this.#isAt(bank, row, wanted, mask)) best = row;
    }
    return best;
  }

  #isAt(bank: TermBank, row: number, wanted: Int32Array, mask: number): boolean {
    const at = row * wanted.length;
    for (let e = 0; e < wanted.length; e++)
      if ((mask >> e) & 1 && bank.columns[at + e] !== wanted[e]) return false;
    return true;
  }

  #chainTo(mask: number, effort: number, bound: number, takesAny: boolean): void {
    if (this.#tried.has(mask) || this.#failed.some((other) => (other & mask) === other)) return;
    const known = this.#table.term(mask);
    if (known !== NONE && takesAny) return;
    this.#tried.add(mask);
    const most = Math.min(
      bound,
      known === NONE ? Number.POSITIVE_INFINITY : (this.#bank.size[known] as number),
    );
    let isReached = known !== NONE;
    for (const chain of this.#chains) {
      const row = chain.search(
        this.#goal,
        this.#examplesOf(mask),
        (wanted) => this.#lookUp(this.#bank, wanted, mask),
        most,
        effort,
      );
      if (row === NONE) continue;
      this.#note(row);
      isReached = true;
    }
    if (!isReached) this.#failed.push(mask);
  }

  /** For each first argument, the second that it needs. */
  #join(application: Application): void {
    const terms = this.#terms;
    const { children, row, nonterminal } = application;
    const inverse = row.inverse as NonNullable<typeof row.inverse>;
    const [i, j] = inverse.order as [number, number];
    const [knownKind, otherKind] = [children[i] as number, children[j] as number];
    const known = terms.banks[knownKind] as TermBank;
    const other = terms.banks[otherKind] as TermBank;
    const n = this.#goal.length;
    const wanted = new Int32Array(n);
    const goals = Array.from(this.#goal, (number) => terms.valueOf(nonterminal, number) as Value);
    const count = Math.min(known.count, JOINED_TERMS);
    rows: for (let a = 0; a < count; a++) {
      terms.steps++;
      const best = this.#table.term(this.#full);
      if (best !== NONE && (known.size[a] as number) + 2 >= (this.#bank.size[best] as number)) continue;
      for (let e = 0; e < n; e++) {
        const number = known.columns[a * n + e] as number;
        if (number === FAILED) continue rows;
        const needed = inverse.last(goals[e], terms.valueOf(knownKind, number));
        if (needed === undefined) continue rows;
        const found = terms.find(otherKind, needed as Value);
        if (found < 0) continue rows;
        wanted[e] = found;
      }
      const b = other.find(wanted);
      if (b === NONE) continue;
      const put = i === 0 ? terms.put(application, a, b) : terms.put(application, b, a);
      if (put !== NONE) this.#note(put);
    }
  }

  /** For other arguments of a row that takes a function, the function that gives the goal with them. */
  #lambdaFor(application: Application, effort: number): void {
    const terms = this.#terms;
    const { children, row, nonterminal } = application;
    const { grammar } = terms;
    const at = children.findIndex((child) => grammar.types[child]?.kind === "function");
    const others = children.map((_, k) => k).filter((k) => k !== at);
    if (others.some((k) => grammar.types[children[k] as number]?.kind === "function") || others.length > 2)
      return;
    const n = this.#goal.length;
    const goals = Array.from(this.#goal, (number) => terms.valueOf(nonterminal, number) as Value);
    const banks = others.map((k) => terms.banks[children[k] as number] as TermBank);
    const most = others.length === 1 ? effort : Math.floor(Math.sqrt(effort));
    const given: number[] = [0, 0, 0, 0];
    const valueAt = (k: number, e: number): Value | undefined =>
      terms.valueOf(
        children[k] as number,
        (terms.banks[children[k] as number] as TermBank).columns[(given[k] as number) * n + e] as number,
      );
    const [A, B] = banks as [TermBank, TermBank?];
    const [i, j] = others as [number, number?];
    let decided = 0;
    for (let a = 0; a < Math.min(A.count, most); a++)
      for (let b = 0; b < Math.min(B?.count ?? 1, most); b++) {
        given[i] = a;
        if (j !== undefined) given[j] = b;
        terms.steps++;
        const calls: (readonly Call[])[] = [];
        for (let e = 0; e < n; e++) {
          const p = valueAt(i, e);
          const q = j === undefined ? undefined : valueAt(j, e);
          if (p === undefined || (j !== undefined && q === undefined)) break;
          const known = row.demand?.(goals[e], p, q);
          if (known === undefined) break;
          calls.push(known);
        }
        if (calls.length < n) continue;
        const functionType = children[at] as number;
        const wanted = wantedOf(terms, functionType, calls);
        if (wanted === null || wanted.size === 0) continue;
        const result = terms.bodyOf[functionType] as number;
        const scope = terms.scopeOf(functionType);
        const bodies = bodiesFor(scope.bank(result), wanted);
        if (bodies.length === 0 && wanted.size >= LEAST_DECIDED && decided++ < MOST_DECIDED) {
          const body = decidedBody(scope, scope.bankOf[result] as number, wanted);
          if (body !== NONE) bodies.push(body);
        }
        for (const body of bodies) {
          given[at] = body;
          const [w, x, y, z] = given as [number, number, number, number];
          const put = terms.put(application, w, x, y, z);
          if (put !== NONE) this.#note(put);
          if (put !== NONE && this.#isAt(this.#bank, put, this.#goal, this.#full)) break;
        }
      }
  }

  /**
   * Terms whose values are parts of the goal on several examples: applications of rows to small terms, most of which two or three
   * examples rule out.
   */
  #collectParts(effort: number, limit: number): void {
    const terms = this.#terms;
    const order = this.#examplesOf(this.#full);
    const n = order.length;
    const misses = n - Math.max(Math.min(2, n), Math.ceil(n / LEAST_PART));
    const goals = order.map((e) => terms.valueOf(this.#nonterminal, this.#goal[e] as number) as Value);
    for (const { chain } of this.#chains) {
      const part = chain.row.inverse?.part as NonNullable<NonNullable<typeof chain.row.inverse>["part"]>;
      for (const application of terms.applications) {
        if (
          application.nonterminal !== this.#nonterminal ||
          application.takesFunctions ||
          application === chain ||
          application === this.#choice
        )
          continue;
        const { apply, children } = application;
        const banks = children.map((child) => terms.banks[child] as TermBank);
        const [countA, countB = 1, countC = 1] = limitsOf(banks, effort);
        const [A, B = A, C = A] = banks as [TermBank, TermBank?, TermBank?];
        const [p, q = p, r = p] = children as [number, number?, number?];
        const arity = banks.length;
        if (arity > 3) continue;
        for (let a = 0; a < (countA as number) && terms.steps < limit; a++)
          for (let b = 0; b < countB; b++) {
            terms.steps += countC;
            for (let c = 0; c < countC; c++) {
              let missed = 0;
              for (let k = 0; k < n && missed <= misses; k++) {
                const e = order[k] as number;
                const x = terms.valueOf(p, A.columns[a * n + e] as number);
                const y = arity > 1 ? terms.valueOf(q, B.columns[b * n + e] as number) : x;
                const z = arity > 2 ? terms.valueOf(r, C.columns[c * n + e] as number) : x;
                const value =
                  x === undefined || y === undefined || z === undefined
                    ? undefined
                    : (apply(x, y, z) as Value | undefined);
                if (value === undefined || !part(goals[k], value)) missed++;
              }
              if (missed <= misses) terms.put(application, a, b, c);
            }
          }
      }
    }
  }

  /** The examples of a mask, those with the shortest goals first. */
  #examplesOf(mask: number): number[] {
    const terms = this.#terms;
    const length = (e: number): number => {
      const value = terms.valueOf(this.#nonterminal, this.#goal[e] as number);
      return typeof value === "string" || Array.isArray(value) ? value.length : 0;
    };
    return Array.from(this.#goal.keys())
      .filter((e) => (mask >> e) & 1)
      .sort((p, q) => length(p) - length(q) || p - q);
  }
}

/** How many terms each argument may come from, so that not too many applications are tried. */
function limitsOf(banks: readonly TermBank[], effort: number): number[] {
  const limits = banks.map(({ count }) => count);
  const product = (): number => limits.reduce((all, limit) => all * limit, 1);
  // The largest gives way; the first argument, which others are taken from, sooner.
  while (product() > effort * 8) {
    let largest = 0;
    for (let k = 1; k < limits.length; k++)
      if ((limits[k] as number) > (limits[largest] as number) * (largest === 0 ? 0.25 : 1)) largest = k;
    limits[largest] = Math.floor((limits[largest] as number) * 0.8);
  }
  return limits;
}
