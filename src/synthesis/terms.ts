import {
  type Grammar,
  isTrap,
  type Outcome,
  type Production,
  type Type,
  typeText,
  type Value,
} from "../../dsl/index.ts";
import { OutcomeMemo } from "./outcome-memo.ts";
import { NONE, TermBank } from "./term-bank.ts";
import { FAILED, ValueNumbers } from "./value-numbers.ts";
import { type WordKernel, wordKernel } from "./word-kernels.ts";
import { WordNumbers } from "./word-numbers.ts";

/** Inputs of one example, in the order of arguments, and its output. */
export interface Example {
  readonly inputs: readonly Value[];
  readonly output: Value;
}

/** An application of a row, as the search uses it. */
export interface Application {
  readonly production: number;
  /** Nonterminals of the arguments, and of the result. */
  readonly children: readonly number[];
  readonly nonterminal: number;
  readonly row: Production["primitive"] & {};
  /** Outcome on values as they are. */
  readonly apply: (...values: Value[]) => Outcome;
  /** The same on words by their numbers; null where it is about other values. */
  readonly kernel: WordKernel | null;
  readonly memo: OutcomeMemo;
}

/** All terms that a search knows, by nonterminal, with what they give on some examples. */
export class Terms {
  readonly grammar: Grammar;
  readonly examples: readonly Example[];
  readonly values: ValueNumbers = new ValueNumbers();
  /** Columns of bits have these numbers. */
  readonly words: WordNumbers = new WordNumbers();
  /** Nonterminal → whether its values are bits. */
  readonly isWord: readonly boolean[];
  readonly banks: readonly TermBank[];
  /** Nonterminal → the one whose terms it shares: alike rules make alike terms. */
  readonly bankOf: readonly number[];
  readonly applications: readonly Application[];
  /** Production → application. */
  readonly applicationOf: readonly (Application | undefined)[];
  /** What the last application came to. */
  readonly column: Int32Array;
  /** Terms that were looked at: how effort is counted. */
  steps = 0;
  /** Longest string that a term may give. */
  readonly longest: number;

  constructor(grammar: Grammar, examples: readonly Example[], longest: number) {
    this.grammar = grammar;
    this.examples = examples;
    this.longest = longest;
    this.isWord = grammar.types.map(({ kind }) => kind === "bits");
    const rulesOf = new Map<string, number>();
    this.bankOf = grammar.types.map((_, type) => {
      const rules = [
        typeText(grammar.types[type] as Type),
        ...grammar.productions
          .filter((p) => p.type === type)
          .map((p) => [p.kind, p.label, p.index, p.children.join(" ")].join("|"))
          .sort(),
      ].join("\n");
      const known = rulesOf.get(rules);
      if (known === undefined) rulesOf.set(rules, type);
      return known ?? type;
    });
    const count = examples.length;
    this.banks = grammar.types.map(() => new TermBank(count));
    this.column = new Int32Array(count);
    this.applications = grammar.productions
      .filter((p) => p.kind === "primitive" && this.bankOf[p.type] === p.type)
      .map((p) => ({
        production: p.id,
        nonterminal: p.type,
        children: p.children.map((child) => this.bankOf[child] as number),
        row: p.primitive as Production["primitive"] & {},
        apply: this.#checked(p),
        kernel: this.#kernel(p),
        memo: new OutcomeMemo(),
      }));
    const of: (Application | undefined)[] = grammar.productions.map(() => undefined);
    for (const application of this.applications) of[application.production] = application;
    this.applicationOf = of;
  }

  /** The bank of a nonterminal. */
  bank(nonterminal: number): TermBank {
    return this.banks[this.bankOf[nonterminal] as number] as TermBank;
  }

  /** The column of outputs. */
  goal(): Int32Array {
    return Int32Array.from(this.examples, ({ output }) => this.numberOf(this.grammar.resultType, output));
  }

  /** The number of an outcome of a nonterminal. */
  numberOf(nonterminal: number, outcome: Outcome | undefined): number {
    if (this.isWord[nonterminal] !== true) return this.values.numberOf(outcome);
    return typeof outcome === "bigint" ? this.words.numberOfBits(outcome) : FAILED;
  }

  /** The number of a value of a nonterminal that some term has, −1 for others. */
  find(nonterminal: number, value: Value): number {
    if (this.isWord[nonterminal] !== true) return this.values.find(value);
    return this.words.find(
      Number(BigInt.asIntN(32, value as bigint)),
      Number(BigInt.asIntN(32, (value as bigint) >> 32n)),
    );
  }

  /** The value of a number of a nonterminal; undefined for the failure. */
  valueOf(nonterminal: number, number: number): Value | undefined {
    if (this.isWord[nonterminal] !== true) return this.values.values[number];
    return number === FAILED ? undefined : this.words.bitsOf(number);
  }

  /** What a row gives on arguments by their numbers. */
  outcome({ kernel, children, nonterminal, row, apply }: Application, numbers: readonly number[]): number {
    if (kernel !== null) return kernel(numbers[0] as number, numbers[1] as number, numbers[2] as number);
    const given: (Value | undefined)[] = [];
    for (let k = 0; k < children.length; k++) {
      const number = numbers[k] as number;
      if (number === FAILED && k < row.strictParameters) return FAILED;
      given.push(this.valueOf(children[k] as number, number));
    }
    return this.numberOf(nonterminal, apply(...(given as Value[])));
  }

  /** Applies a row to terms on all examples: `column` is what it comes to. */
  compute(application: Application, a: number, b: number, c: number, d: number): void {
    const { children, row, apply, kernel, nonterminal, memo } = application;
    const { banks, column } = this;
    const n = column.length;
    this.steps++;
    const first = (banks[children[0] as number] as TermBank).columns;
    const second = (banks[(children[1] ?? children[0]) as number] as TermBank).columns;
    const third = (banks[(children[2] ?? children[0]) as number] as TermBank).columns;
    const [aAt, bAt, cAt] = [a * n, b * n, c * n];
    if (kernel !== null) {
      for (let e = 0; e < n; e++)
        column[e] = kernel(first[aAt + e] as number, second[bAt + e] as number, third[cAt + e] as number);
      return;
    }
    const hasWords = this.isWord[nonterminal] === true || children.some((child) => this.isWord[child]);
    if (hasWords || children.length > 3) {
      const rows = [a, b, c, d];
      for (let e = 0; e < n; e++) {
        const numbers = children.map(
          (child, k) => (banks[child] as TermBank).columns[(rows[k] as number) * n + e] as number,
        );
        column[e] = this.outcome(application, numbers);
      }
      return;
    }
    const { values } = this.values;
    const strict = row.strictParameters;
    const arity = children.length;
    for (let e = 0; e < n; e++) {
      const x = first[aAt + e] as number;
      const y = second[bAt + e] as number;
      const z = third[cAt + e] as number;
      if (
        (x === FAILED && strict > 0) ||
        (arity > 1 && y === FAILED && strict > 1) ||
        (arity > 2 && z === FAILED && strict > 2)
      )
        column[e] = FAILED;
      else {
        let number = memo.find(x, y, z);
        if (number < 0) {
          const p = values[x] as Value;
          number = this.values.numberOf(
            arity === 1
              ? apply(p)
              : arity === 2
                ? apply(p, values[y] as Value)
                : apply(p, values[y] as Value, values[z] as Value),
          );
          memo.keep(x, y, z, number);
        }
        column[e] = number;
      }
    }
  }

  /** The row of an application, old or new, NONE where it fails everywhere. */
  put(application: Application, a: number, b = 0, c = 0, d = 0, isListed = false): number {
    this.compute(application, a, b, c, d);
    const bank = this.bank(application.nonterminal);
    const size = this.sizeOf(application, a, b, c, d);
    const row = bank.insert(this.column, application.production, size, a, b, c, d, isListed);
    if (row >= NONE) return row;
    bank.improve(-2 - row, application.production, size, a, b, c, d);
    return -2 - row;
  }

  sizeOf({ children }: Application, a: number, b: number, c: number, d: number): number {
    const { banks } = this;
    let size = 1 + ((banks[children[0] as number] as TermBank).size[a] as number);
    if (children.length > 1) size += (banks[children[1] as number] as TermBank).size[b] as number;
    if (children.length > 2) size += (banks[children[2] as number] as TermBank).size[c] as number;
    if (children.length > 3) size += (banks[children[3] as number] as TermBank).size[d] as number;
    return size;
  }

  #kernel({ type, children, primitive }: Production): WordKernel | null {
    const shape = this.grammar.types[type] as { kind: string; width?: number };
    const { vector } = primitive as Production["primitive"] & {};
    const areWords = [type, ...children].every((child) => {
      const { kind, width } = this.grammar.types[child] as { kind: string; width?: number };
      return kind === "bits" && width === shape.width;
    });
    const kernel =
      areWords && vector !== undefined ? wordKernel(this.words, vector, shape.width as number) : null;
    if (kernel === null) return null;
    const arity = children.length;
    return (a, b, c) =>
      a === FAILED || (arity > 1 && b === FAILED) || (arity > 2 && c === FAILED) ? FAILED : kernel(a, b, c);
  }

  #checked(production: Production): (...values: Value[]) => Outcome {
    const row = production.primitive as Production["primitive"] & {};
    const { kind } = this.grammar.types[production.type] as { kind: string };
    const failed = undefined as unknown as Outcome;
    const check =
      kind === "int"
        ? (outcome: unknown): Outcome => (Number.isSafeInteger(outcome) ? (outcome as number) : failed)
        : kind === "string"
          ? (outcome: unknown): Outcome =>
              typeof outcome === "string" && outcome.length <= this.longest ? outcome : failed
          : (outcome: unknown): Outcome => (isTrap(outcome) ? failed : (outcome as Outcome));
    const apply = row.apply as (...values: Value[]) => unknown;
    return (...values) => {
      try {
        return check(apply(...values));
      } catch {
        return failed;
      }
    };
  }
}
