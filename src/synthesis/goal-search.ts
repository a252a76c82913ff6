import { ChainSearch } from "./chain-search.ts";
import { choiceOf } from "./choice.ts";
import { Completion } from "./completion.ts";
import { conditionsOf } from "./conditions.ts";
import { DecisionTable } from "./decision-table.ts";
import { completeWithLambda } from "./lambda-completion.ts";
import { collectParts } from "./parts.ts";
import { NONE, type TermBank } from "./term-bank.ts";
import type { Application } from "./application.ts";
import type { Terms } from "./terms.ts";

/** Sets of examples that chains are looked for lie so many decisions deep at most. */
const DEEPEST_CHAIN = 3;
/** Steps of a completion of the whole goal, and of one on some examples, by effort; so many times more once there is an answer. */
const WHOLE_STEPS = 10;
const PART_STEPS = 0.2;
const MORE_STEPS = 4;

export const bitCount = (mask: number): number => {
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
  readonly #demanding: readonly Application[];
  readonly #completions: readonly Completion[];
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
    this.#demanding = own.filter(({ row, takesFunctions }) => takesFunctions && row.demand !== undefined);
    this.#completions = own
      .filter(({ row }) => row.inverse !== undefined && row.inverse.part === undefined)
      .map((application) => new Completion(terms, application));
    this.#choice = own.find((application) => choiceOf(application) !== null) ?? null;
  }

  /**
   * @param bound only smaller terms are of use
   * @param limit steps of the terms at which it gives up
   * @param takesAny whether any such term will do; otherwise it looks for the smallest
   * @returns a term that gives the goal, NONE where none was found; it yields after parts of the work
   */
  *search(effort: number, bound: number, limit: number, takesAny: boolean): Generator<void, number> {
    const full = this.#full;
    const terms = this.#terms;
    for (const { chain } of this.#chains)
      yield* collectParts(terms, chain, this.#choice, this.#goal, this.#examplesOf(full), effort, limit);
    for (let row = 0; row < this.#bank.count; row++) this.#note(row);
    for (const application of this.#demanding)
      yield* completeWithLambda(terms, application, this.#goal, effort, (row) => this.#note(row));
    const conditions = this.#choice === null ? [] : conditionsOf(terms, this.#choice, [...this.#goal.keys()]);
    const isDirected = this.#chains.length + this.#completions.length > 0;
    let masks = [full];
    const seen = new Set(masks);
    for (let depth = 0; depth <= DEEPEST_CHAIN && masks.length > 0; depth++) {
      if (isDirected)
        for (const mask of masks) {
          if (terms.steps >= limit) break;
          this.#reach(mask, effort, bound, takesAny);
          yield;
        }
      this.#table.solve(conditions);
      const isFound = this.#table.size(full) < bound;
      if ((isFound && takesAny) || !isDirected || terms.steps >= limit) break;
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
    return row !== NONE && row === this.#bank.find(this.#goal) ? row : NONE;
  }

  /** Looks for terms that give the goal on all examples but one, and on one alone: what is shown where nothing gives it on all. */
  *approach(effort: number): Generator<void> {
    const bits = Array.from(this.#goal.keys(), (e) => 1 << e);
    for (const mask of [...bits.map((bit) => this.#full ^ bit), ...bits]) {
      if (mask !== 0) this.#reach(mask, effort, Number.POSITIVE_INFINITY, true);
      yield;
    }
    this.#table.solve([]);
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
    const examples: number[] = [];
    const numbers: number[] = [];
    for (let e = 0; e < wanted.length; e++)
      if ((mask >> e) & 1) {
        examples.push(e);
        numbers.push(wanted[e] as number);
      }
    let best = NONE;
    for (const row of bank.rowsWith(examples, numbers))
      if (best === NONE || (bank.size[row] as number) < (bank.size[best] as number)) best = row;
    return best;
  }

  /** Looks for a term that gives the goal on the examples of a mask. */
  #reach(mask: number, effort: number, bound: number, takesAny: boolean): void {
    if (this.#tried.has(mask) || this.#failed.some((other) => (other & mask) === other)) return;
    const known = this.#table.term(mask);
    if (known !== NONE && takesAny) return;
    this.#tried.add(mask);
    let most = Math.min(
      bound,
      known === NONE ? Number.POSITIVE_INFINITY : (this.#bank.size[known] as number),
    );
    let isReached = known !== NONE;
    const examples = this.#examplesOf(mask);
    const take = (row: number): void => {
      if (row === NONE) return;
      this.#note(row);
      isReached = true;
      most = Math.min(most, this.#bank.size[row] as number);
    };
    const lookUp = (bank: TermBank, wanted: Int32Array): number => this.#lookUp(bank, wanted, mask);
    const steps = effort * (mask === this.#full ? WHOLE_STEPS : PART_STEPS) * (takesAny ? 1 : MORE_STEPS);
    for (const completion of this.#completions)
      take(completion.search(this.#goal, examples, lookUp, most, this.#terms.steps + steps));
    for (const chain of this.#chains)
      take(chain.search(this.#goal, examples, (wanted) => lookUp(this.#bank, wanted), most, effort));
    if (!isReached) this.#failed.push(mask);
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
