import { type Grammar, type Program, type SygusTask, type Value } from "../../dsl/index.ts";
import { programOf, valueOn } from "../synthesis/answer.ts";
import { choiceOf } from "../synthesis/choice.ts";
import { Enumeration } from "../synthesis/enumeration.ts";
import type { TermBank } from "../synthesis/term-bank.ts";
import type { Application } from "../synthesis/application.ts";
import { Terms } from "../synthesis/terms.ts";
import { CompiledTruth } from "./compiled-term.ts";
import { InexactError } from "./linear.ts";
import { PointSource } from "./sampled-points.ts";

/** Arguments of the function on which candidates are told apart, and the points that say which. */
const MOST_ARGUMENTS = 24;
const FIRST_POINTS = 6;
/** Terms of the first round, and how many times more there are in the next. */
const FIRST_TERMS = 400;
const MORE_TERMS = 2;
const MOST_TERMS = 400_000;
const LARGEST_TERM = 40;
const LONGEST_STRING = 16;
/** Candidates of one step. */
const STEP = 3000;
/** Branches and conditions of decisions: the smallest ones. */
const MOST_BRANCHES = 150;
const MOST_CONDITIONS = 4000;
/** Calls of the function, in one point's constraints, of which every outcome is tried. */
const MOST_OPEN_CALLS = 5;

/** Which branch each call takes: arguments as texts → whether it is the first. */
type Assignment = readonly { readonly inputs: readonly Value[]; readonly isFirst: boolean }[];

/**
 * Candidates for constraints of any kind, from the smallest on: terms of the grammar, one for each behaviour at the arguments where points call
 * the function, and decisions between two terms. A candidate is one that satisfies the constraints at all points so far.
 */
export class WholeCandidates {
  readonly #grammar: Grammar;
  readonly #truths: readonly CompiledTruth[];
  readonly #points: (readonly Value[])[] = [];
  readonly #arguments = new Map<string, readonly Value[]>();
  readonly #constants: readonly number[];
  #run: Generator<Program | null> | null = null;
  #terms: Terms | null = null;
  #spent = 0;
  #isOver = false;

  constructor(task: SygusTask, constants: readonly number[]) {
    this.#grammar = task.grammar;
    const names = task.variables.map(({ name }) => name);
    this.#truths = task.constraints.map(({ term }) => new CompiledTruth(term, names));
    this.#constants = constants;
    const source = new PointSource(
      task.variables.map(({ type }) => type.kind === "bool"),
      constants,
    );
    for (let k = 0; k < FIRST_POINTS; k++) this.addPoint(source.next(), () => this.#anyOutput());
    if (this.#arguments.size === 0)
      this.#arguments.set(
        "",
        task.signature.argumentTypes.map(({ kind }) => (kind === "bool" ? false : 0)),
      );
  }

  #anyOutput(): Value {
    return this.#grammar.types[this.#grammar.resultType]?.kind === "bool" ? false : 0;
  }

  /** Candidates that were looked at. */
  get steps(): number {
    return this.#spent + (this.#terms?.steps ?? 0);
  }

  /** Whether the bounds of the search are reached. */
  get isOver(): boolean {
    return this.#isOver;
  }

  /**
   * Takes in a point; the arguments at which a function is called there tell candidates apart from then on.
   * @param values of the variables
   */
  addPoint(values: readonly Value[], called: (...inputs: Value[]) => unknown): void {
    this.#points.unshift(values);
    this.#satisfies(values, (...inputs) => {
      const key = inputs.join(" ");
      if (!this.#arguments.has(key) && this.#arguments.size < MOST_ARGUMENTS) {
        this.#arguments.set(key, inputs);
        this.#run = null;
      }
      return called(...inputs);
    });
  }

  /** Goes on for a while. @returns a candidate that is right on all points, or null */
  next(): Program | null {
    this.#run ??= this.#candidates();
    const { done, value } = this.#run.next();
    if (done === true) this.#isOver = true;
    return value ?? null;
  }

  #satisfies(values: readonly Value[], called: (...inputs: Value[]) => unknown): boolean {
    try {
      return this.#truths.every((truth) => truth.holds(values, called as (...inputs: Value[]) => Value));
    } catch (error) {
      if (error instanceof InexactError) return false;
      throw error;
    }
  }

  /** Whether constraints hold at all points; that at which they do not is asked first from then on. */
  #passes(called: (...inputs: Value[]) => unknown): boolean {
    for (let k = 0; k < this.#points.length; k++) {
      const point = this.#points[k] as readonly Value[];
      if (this.#satisfies(point, called)) continue;
      this.#points.splice(k, 1);
      this.#points.unshift(point);
      return false;
    }
    return true;
  }

  *#candidates(): Generator<Program | null> {
    if (this.#terms !== null) this.#spent += this.#terms.steps;
    const inputs = [...this.#arguments.values()];
    const isTruth = this.#grammar.types[this.#grammar.resultType]?.kind === "bool";
    // Outputs tell the enumeration which constants to name.
    const examples = inputs.map((own, k) => ({
      inputs: own,
      output: isTruth ? false : (this.#constants[k % Math.max(1, this.#constants.length)] ?? 0),
    }));
    const terms = new Terms(this.#grammar, examples, LONGEST_STRING);
    this.#terms = terms;
    const all = new Enumeration(terms, () => true, LARGEST_TERM, false);
    const plainTerms = new Terms(this.#grammar, examples, LONGEST_STRING);
    const plain = new Enumeration(
      plainTerms,
      (application) => choiceOf(application) === null,
      LARGEST_TERM,
      false,
    );
    const keys = new Map(inputs.map((own, k) => [own.join(" "), k]));
    const type = this.#grammar.resultType;
    const seen = { rows: 0 };
    for (let most = FIRST_TERMS; most <= MOST_TERMS; most *= MORE_TERMS) {
      const limit = terms.steps + 50 * most;
      while (terms.steps < limit && terms.banks.reduce((sum, bank) => sum + bank.count, 0) < most) {
        const before = terms.steps;
        all.grow(most, Math.min(limit, terms.steps + 20 * STEP));
        yield null;
        if (terms.steps === before) break;
      }
      const bank = terms.bank(type);
      for (; seen.rows < bank.count; seen.rows++) {
        if (seen.rows % STEP === 0) yield null;
        this.#spent++;
        if (this.#passes(this.#functionOf(terms, bank, seen.rows, keys)))
          yield programOf(terms, type, seen.rows);
      }
      plain.grow(most, plainTerms.steps + 20 * most);
      yield null;
      for (const application of plainTerms.applications)
        if (application.nonterminal === plainTerms.bankOf[type] && choiceOf(application) !== null)
          yield* this.#decisions(plainTerms, application, keys);
    }
  }

  /** What a term gives: looked up at known arguments. */
  #functionOf(
    terms: Terms,
    bank: TermBank,
    row: number,
    keys: ReadonlyMap<string, number>,
  ): (...inputs: Value[]) => unknown {
    const type = this.#grammar.resultType;
    return (...inputs) => {
      const known = keys.get(inputs.join(" "));
      return known === undefined
        ? (valueOn(terms, type, row, inputs) ?? Number.NaN)
        : (terms.valueOf(type, bank.columns[row * bank.examples + known] as number) ?? Number.NaN);
    };
  }

  /** Decisions between two small terms: pairs with which every point can be satisfied somehow, then conditions that do. */
  *#decisions(
    terms: Terms,
    choice: Application,
    keys: ReadonlyMap<string, number>,
  ): Generator<Program | null> {
    const [condition, yes, no] = choice.children as readonly [number, number, number];
    const chosen = choiceOf(choice) as (first: Value) => boolean;
    const firsts = smallestRows(terms.bank(yes), MOST_BRANCHES);
    const seconds = smallestRows(terms.bank(no), MOST_BRANCHES);
    const conditions = smallestRows(terms.bank(condition), MOST_CONDITIONS);
    const at = (type: number, row: number, inputs: readonly Value[]): Value | undefined => {
      const bank = terms.bank(type);
      const known = keys.get(inputs.join(" "));
      return known === undefined
        ? valueOn(terms, type, row, inputs)
        : terms.valueOf(type, bank.columns[row * bank.examples + known] as number);
    };
    const pairs = firsts.flatMap((first) =>
      seconds.map((second) => ({
        first,
        second,
        size: (terms.bank(yes).size[first] as number) + (terms.bank(no).size[second] as number),
      })),
    );
    pairs.sort((a, b) => a.size - b.size);
    let count = 0;
    for (const { first, second } of pairs) {
      if (++count % (STEP / 10) === 0) yield null;
      this.#spent++;
      const branch = (inputs: readonly Value[], isFirst: boolean): unknown =>
        (isFirst ? at(yes, first, inputs) : at(no, second, inputs)) ?? Number.NaN;
      const ways: (readonly Assignment[])[] = [];
      for (let k = 0; k < this.#points.length; k++) {
        const point = this.#points[k] as readonly Value[];
        const allowed = this.#assignments(point, branch);
        if (allowed.length === 0) {
          this.#points.splice(k, 1);
          this.#points.unshift(point);
          ways.length = 0;
          break;
        }
        ways.push(allowed);
      }
      if (ways.length < this.#points.length) continue;
      for (const row of conditions) {
        if (++count % STEP === 0) yield null;
        this.#spent++;
        const takes = (inputs: readonly Value[]): boolean => {
          const value = at(condition, row, inputs);
          return value !== undefined && chosen(value);
        };
        const fits = ways.every((allowed) =>
          allowed.some((assignment) => assignment.every(({ inputs, isFirst }) => takes(inputs) === isFirst)),
        );
        if (!fits) continue;
        const built = terms.put(choice, row, first, second);
        if (built >= 0) yield programOf(terms, this.#grammar.resultType, built);
      }
    }
  }

  /** The ways to take branches at the calls of a point that satisfy the constraints there. */
  #assignments(
    point: readonly Value[],
    branch: (inputs: readonly Value[], isFirst: boolean) => unknown,
  ): Assignment[] {
    const found: Assignment[] = [];
    for (let ways = 0, bits = 1; ways < bits; ways++) {
      const met = new Map<string, { readonly inputs: readonly Value[]; readonly isFirst: boolean }>();
      const holds = this.#satisfies(point, (...inputs) => {
        const key = inputs.join(" ");
        const known = met.get(key);
        if (known !== undefined) return branch(inputs, known.isFirst);
        const isFirst = ((ways >> met.size) & 1) === 0;
        met.set(key, { inputs, isFirst });
        return branch(inputs, isFirst);
      });
      // Calls that turn up on the way double what there is to try.
      bits = Math.max(bits, 2 ** Math.min(MOST_OPEN_CALLS, met.size));
      if (holds) found.push([...met.values()]);
    }
    return found;
  }
}

/** Rows of a bank from the smallest term on. */
function smallestRows(bank: TermBank, most: number): number[] {
  const rows = Array.from({ length: bank.count }, (_, row) => row);
  rows.sort((a, b) => (bank.size[a] as number) - (bank.size[b] as number) || a - b);
  return rows.slice(0, most);
}
