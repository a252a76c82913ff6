import {
  type Grammar,
  limits,
  type Outcome,
  type Production,
  type Type,
  type Value,
} from "../../dsl/index.ts";
import { type Application, applicationOf } from "./application.ts";
import { alikeNonterminals } from "./alike-nonterminals.ts";
import { Closures, type Frame } from "./closures.ts";
import { type Context, lambdaContexts } from "./lambda-contexts.ts";
import { MemoryBound } from "./memory-bound.ts";
import { OutcomeMemo } from "./outcome-memo.ts";
import { NONE, TermBank } from "./term-bank.ts";
import { FAILED, ValueNumbers } from "./value-numbers.ts";
import { WordNumbers } from "./word-numbers.ts";

/** Inputs of one example, in the order of arguments, and its output. */
export interface Example {
  readonly inputs: readonly Value[];
  readonly output: Value;
}

/** Lambdas that may stand in each other. */
const DEEPEST_LAMBDA = 2;
/** Parameters of those that stand in others at most. */
const INNER_PARAMETERS = 1;

/**
 * All terms that a search knows, by nonterminal, with what they give on some examples. Bodies of lambdas are terms of their own
 * (`scopeOf`), which are told apart by what they give in contexts: on values that their variables may have.
 */
export class Terms {
  readonly grammar: Grammar;
  readonly contexts: readonly Context[];
  /** Types of the variables of the lambdas around, by level. */
  readonly variables: readonly number[];
  readonly frame: Frame;
  readonly memory: MemoryBound;
  readonly values: ValueNumbers;
  /** Columns of bits have these numbers. */
  readonly words: WordNumbers;
  /** Nonterminal → whether its values are bits. */
  readonly isWord: readonly boolean[];
  readonly banks: readonly TermBank[];
  /** Nonterminal → the one whose terms it shares: alike rules make alike terms. */
  readonly bankOf: readonly number[];
  /** Function type → the type of the bodies of such lambdas. */
  readonly bodyOf: readonly (number | undefined)[];
  /** Nonterminal → whether its terms are functions, which are known by the rows of their bodies. */
  readonly isFunction: readonly boolean[];
  readonly applications: readonly Application[];
  /** Production → application. */
  readonly applicationOf: readonly (Application | undefined)[];
  /** What the last application came to. */
  readonly column: Int32Array;
  /** Terms that were looked at: how effort is counted. */
  steps = 0;
  /** Longest string and list that a term may give. */
  readonly longest: number;
  /** Function type → the terms that may be bodies of such lambdas; undefined where none may stand here. */
  readonly #scopes: readonly (Terms | undefined)[];
  /** The same terms, each once. */
  readonly scopes: readonly Terms[];
  /** The terms as functions. */
  readonly closures: Closures;
  readonly #outer: Terms | null;
  /** Production → what its row gave lately, here or in lambdas. */
  readonly #memos: readonly OutcomeMemo[];
  #contextAt: Map<string, number> | null = null;

  /**
   * @param isUsed rows of the grammar that terms are made of
   * @param memory what the terms of a search take together
   * @param outer of bodies of lambdas: the terms around, to whose variables those of the parameters come
   */
  constructor(
    grammar: Grammar,
    contexts: readonly Context[],
    longest: number,
    isUsed: (production: Production) => boolean = () => true,
    memory: MemoryBound = new MemoryBound(),
    outer: { readonly terms: Terms; readonly parameters: readonly number[] } | null = null,
  ) {
    this.grammar = grammar;
    this.contexts = contexts;
    this.longest = longest;
    this.memory = memory;
    this.#outer = outer?.terms ?? null;
    this.#memos = outer === null ? grammar.productions.map(() => new OutcomeMemo()) : outer.terms.#memos;
    this.variables = outer === null ? [] : [...outer.terms.variables, ...outer.parameters];
    this.values = outer?.terms.values ?? new ValueNumbers(memory);
    this.words = outer?.terms.words ?? new WordNumbers();
    this.frame = outer?.terms.frame ?? { inputs: [], bound: [], calls: 0, terms: 0 };
    this.closures = new Closures(this, this.frame, outer?.terms.variables.length ?? 0);
    this.isWord = grammar.types.map(({ kind }) => kind === "bits");
    this.bodyOf = grammar.types.map(
      (_, id) => grammar.productions.find((p) => p.kind === "lambda" && p.type === id)?.children[0],
    );
    this.isFunction = grammar.types.map(({ kind }) => kind === "function");
    this.bankOf = alikeNonterminals(grammar);
    const count = contexts.length;
    const scopes = new Map<string, Terms>();
    const rows = grammar.productions.filter((p) => p.kind === "primitive" && isUsed(p));
    const taken = new Set(rows.flatMap(({ children }) => children));
    this.#scopes = grammar.types.map((type, id) => {
      if (type.kind !== "function" || !taken.has(id)) return undefined;
      const parameters = grammar.productions.find((p) => p.kind === "lambda" && p.type === id)
        ?.parameterTypes as readonly number[];
      const depth = this.#depth();
      if (
        depth >= DEEPEST_LAMBDA ||
        (depth > 0 && parameters.length > INNER_PARAMETERS) ||
        this.variables.length + parameters.length > limits.boundVariables
      )
        return undefined;
      const key = parameters.join(" ");
      const known = scopes.get(key);
      if (known !== undefined) return known;
      const inner = lambdaContexts(
        contexts,
        parameters.map((parameter) => grammar.types[parameter] as Type),
      );
      const scope =
        inner.length === 0
          ? undefined
          : new Terms(grammar, inner, longest, isUsed, memory, { terms: this, parameters });
      if (scope !== undefined) scopes.set(key, scope);
      return scope;
    });
    this.scopes = [...scopes.values()];
    const capacity = outer === null ? undefined : 64;
    this.banks = grammar.types.map((type, id) => {
      const scope = this.#scopes[id];
      return type.kind !== "function" || scope === undefined
        ? new TermBank(count, memory, capacity)
        : (scope.bank(this.bodyOf[id] as number) as TermBank);
    });
    this.column = new Int32Array(count);
    const isPossible = (p: Production): boolean =>
      this.bankOf[p.type] === p.type &&
      p.children.every((c) => grammar.types[c]?.kind !== "function" || this.#scopes[c] !== undefined);
    this.applications = rows
      .filter(isPossible)
      .map((p) =>
        applicationOf(grammar, p, this.bankOf, this.words, longest, this.#memos[p.id] as OutcomeMemo),
      );
    const of: (Application | undefined)[] = grammar.productions.map(() => undefined);
    for (const application of this.applications) of[application.production] = application;
    this.applicationOf = of;
  }

  /** The bank of a nonterminal. */
  bank(nonterminal: number): TermBank {
    return this.banks[this.bankOf[nonterminal] as number] as TermBank;
  }

  /** Whether an application gives what programs do. */
  isResult({ nonterminal }: Application): boolean {
    return nonterminal === this.bankOf[this.grammar.resultType];
  }

  /** The terms that may be bodies of lambdas of a function type. */
  scopeOf(functionType: number): Terms {
    return this.#scopes[functionType] as Terms;
  }

  #depth(): number {
    let depth = 0;
    for (let outer = this.#outer; outer !== null; outer = outer.#outer) depth++;
    return depth;
  }

  /** The column of outputs, of contexts that are examples. */
  goal(): Int32Array {
    return Int32Array.from(this.contexts, ({ output }) => this.numberOf(this.grammar.resultType, output));
  }

  /** Terms in all banks, those of bodies of lambdas among them. */
  get termCount(): number {
    return this.frame.terms;
  }

  /** Of bodies of lambdas, the context in which the lambda's own parameters have some values, in one of those around it; −1 where none is known. */
  contextOf(around: number, values: readonly Value[]): number {
    if (this.#contextAt === null) {
      this.#contextAt = new Map();
      const count = (this.#outer as Terms).variables.length;
      for (const [at, { bound = [], around: from }] of this.contexts.entries())
        this.#contextAt.set(this.#callKey(from as number, bound.slice(count)), at);
    }
    return this.#contextAt.get(this.#callKey(around, values)) ?? -1;
  }

  #callKey(around: number, values: readonly Value[]): string {
    return `${around} ${values.map((value) => this.values.numberOf(value)).join(" ")}`;
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

  /** What a row gives in a context on arguments by their numbers; of functions the row of the body. */
  outcome(application: Application, numbers: readonly number[], e: number): number {
    const { kernel, children, nonterminal, row, apply, takesFunctions } = application;
    if (kernel !== null) return kernel(numbers[0] as number, numbers[1] as number, numbers[2] as number);
    const given: (Value | undefined)[] = [];
    if (takesFunctions) this.closures.enter(e);
    for (let k = 0; k < children.length; k++) {
      const number = numbers[k] as number;
      const child = children[k] as number;
      if (this.isFunction[child] === true) {
        given.push(this.closures.lambda(child, number));
        continue;
      }
      if (number === FAILED && k < row.strictParameters) return FAILED;
      given.push(this.valueOf(child, number));
    }
    return this.numberOf(nonterminal, apply(...(given as Value[])));
  }

  /**
   * Applies a row that takes functions, each by the row of its body.
   * @param goal what the column must be on half of the examples; null where anything will do
   * @returns whether it is; where it cannot be the column is not finished
   */
  computeNear(
    application: Application,
    a: number,
    b: number,
    c: number,
    d: number,
    goal: Int32Array | null = null,
  ): boolean {
    const { children, row, apply, nonterminal } = application;
    const { banks, column, closures } = this;
    const n = column.length;
    this.steps++;
    const rows = [a, b, c, d];
    const lambdas = children.map((child, k) =>
      this.isFunction[child] === true ? closures.lambda(child, rows[k] as number) : undefined,
    );
    const given: (Value | undefined)[] = [undefined, undefined, undefined, undefined];
    let left = goal === null ? n : n >> 1;
    for (let e = 0; e < n; e++) {
      let isFailed = false;
      for (let k = 0; k < children.length; k++) {
        const child = children[k] as number;
        let value = lambdas[k];
        if (value === undefined) {
          const number = (banks[child] as TermBank).columns[(rows[k] as number) * n + e] as number;
          isFailed ||= number === FAILED && k < row.strictParameters;
          value = this.valueOf(child, number);
        }
        given[k] = value;
      }
      if (isFailed) column[e] = FAILED;
      else {
        closures.enter(e);
        column[e] = this.numberOf(nonterminal, apply(given[0], given[1], given[2], given[3]));
      }
      if (goal !== null && column[e] !== goal[e] && --left < 0) return false;
    }
    return true;
  }

  /** Applies a row to terms on all examples: `column` is what it comes to. */
  compute(application: Application, a: number, b: number, c: number, d: number): void {
    const { children, row, apply, kernel, nonterminal, memo } = application;
    const { banks, column } = this;
    const n = column.length;
    if (application.takesFunctions) {
      this.computeNear(application, a, b, c, d);
      return;
    }
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
      for (let e = 0; e < n; e++)
        column[e] = this.outcome(application, this.argumentsAt(application, rows, e), e);
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

  /** What the arguments of an application are in a context, as `outcome` takes them. */
  argumentsAt({ children }: Application, rows: readonly number[], e: number): number[] {
    const n = this.column.length;
    return children.map((child, k) => {
      const row = rows[k] as number;
      return this.isFunction[child] === true
        ? row
        : ((this.banks[child] as TermBank).columns[row * n + e] as number);
    });
  }

  /** The row of an application, old or new, NONE where it fails everywhere. */
  put(application: Application, a: number, b = 0, c = 0, d = 0, isListed = false): number {
    this.compute(application, a, b, c, d);
    return this.putComputed(application, a, b, c, d, isListed);
  }

  /** The same where `column` is what the application comes to. */
  putComputed(
    application: Application,
    a: number,
    b: number,
    c: number,
    d: number,
    isListed = false,
  ): number {
    const bank = this.bank(application.nonterminal);
    const size = this.sizeOf(application, a, b, c, d);
    const row = bank.insert(this.column, application.production, size, a, b, c, d, isListed);
    if (row >= 0) this.frame.terms++;
    if (row >= NONE) return row;
    const known = -2 - row;
    if (size >= (bank.size[known] as number)) return known;
    bank.improve(known, application.production, size, a, b, c, d);
    // Bodies that are alike in all contexts may differ elsewhere: from now on lambdas run the smaller one.
    if (this.variables.length > 0) this.closures.forget(application.nonterminal, known);
    return known;
  }

  /** Nodes of an application, as its row counts; the lambda around a body counts none. */
  sizeOf({ children, cost }: Application, a: number, b: number, c: number, d: number): number {
    const { banks } = this;
    const sizeAt = (k: number, row: number): number =>
      (banks[children[k] as number] as TermBank).size[row] as number;
    let size = cost + sizeAt(0, a);
    if (children.length > 1) size += sizeAt(1, b);
    if (children.length > 2) size += sizeAt(2, c);
    if (children.length > 3) size += sizeAt(3, d);
    return size;
  }
}
