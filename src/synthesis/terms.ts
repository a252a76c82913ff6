import {
  type Grammar,
  isTrap,
  limits,
  type Outcome,
  type Production,
  type Type,
  typeText,
  type Value,
} from "../../dsl/index.ts";
import { type Context, lambdaContexts } from "./lambda-contexts.ts";
import { OutcomeMemo } from "./outcome-memo.ts";
import { ARGUMENTS, NONE, TermBank } from "./term-bank.ts";
import { FAILED, ValueNumbers } from "./value-numbers.ts";
import { type WordKernel, wordKernel } from "./word-kernels.ts";
import { WordNumbers } from "./word-numbers.ts";

/** Inputs of one example, in the order of arguments, and its output. */
export interface Example {
  readonly inputs: readonly Value[];
  readonly output: Value;
}

/** What terms that are run see; what they may still spend. */
export interface Frame {
  inputs: readonly Value[];
  readonly bound: Value[];
  /** Calls of lambdas that an application may still make. */
  calls: number;
  /** Terms in all banks. */
  terms: number;
}

/** A term as a function of the frame; undefined where it fails. */
type Closure = () => Value | undefined;
type LambdaFunction = (...values: Value[]) => Value;

/** Calls of lambdas that an application in the search may make on one example; it fails beyond. Far below `limits.fuel`. */
const MOST_CALLS = 2000;
/** Lambdas that may stand in each other. */
const DEEPEST_LAMBDA = 2;
/** What a lambda throws where its body fails: the application around it fails then. */
const FAILURE = { name: "failure of a lambda's body" };
/** Of a list of lists or strings, what they hold together is as much as so many of the longest at most. */
const CELLS_FOR_LONGEST = 4;
const dummy = (): Value => 0;

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
  /** What an application counts in the size of a term: as many nodes as its row costs, 1 at least. */
  readonly cost: number;
  /** Whether an argument is a function: its rows are those of bodies. */
  readonly takesFunctions: boolean;
  readonly memo: OutcomeMemo;
}

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
  /** Nonterminal → nodes beside those of the row: a lambda stands around a body. */
  readonly lambdaSize: readonly number[];
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
  readonly #outer: Terms | null;
  #contextAt: Map<string, number> | null = null;
  /** Nonterminal → row → the term as a closure, as a lambda; filled where one is asked for. */
  readonly #closures: readonly Closure[][];
  readonly #functions: readonly LambdaFunction[][];

  /**
   * @param outer of bodies of lambdas: the terms around, to whose variables those of the parameters come
   */
  constructor(
    grammar: Grammar,
    contexts: readonly Context[],
    longest: number,
    outer: { readonly terms: Terms; readonly parameters: readonly number[] } | null = null,
  ) {
    this.grammar = grammar;
    this.contexts = contexts;
    this.longest = longest;
    this.#outer = outer?.terms ?? null;
    this.variables = outer === null ? [] : [...outer.terms.variables, ...outer.parameters];
    this.values = outer?.terms.values ?? new ValueNumbers();
    this.words = outer?.terms.words ?? new WordNumbers();
    this.frame = outer?.terms.frame ?? { inputs: [], bound: [], calls: 0, terms: 0 };
    this.#closures = grammar.types.map(() => []);
    this.#functions = grammar.types.map(() => []);
    this.isWord = grammar.types.map(({ kind }) => kind === "bits");
    this.bodyOf = grammar.types.map(
      (_, id) => grammar.productions.find((p) => p.kind === "lambda" && p.type === id)?.children[0],
    );
    this.lambdaSize = grammar.types.map(({ kind }) => (kind === "function" ? 1 : 0));
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
    const count = contexts.length;
    const scopes = new Map<string, Terms>();
    this.#scopes = grammar.types.map((type, id) => {
      if (type.kind !== "function") return undefined;
      const parameters = grammar.productions.find((p) => p.kind === "lambda" && p.type === id)
        ?.parameterTypes as readonly number[];
      if (
        this.#depth() >= DEEPEST_LAMBDA ||
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
        inner.length === 0 ? undefined : new Terms(grammar, inner, longest, { terms: this, parameters });
      if (scope !== undefined) scopes.set(key, scope);
      return scope;
    });
    this.scopes = [...scopes.values()];
    const capacity = outer === null ? undefined : 64;
    this.banks = grammar.types.map((type, id) => {
      const scope = this.#scopes[id];
      return type.kind !== "function" || scope === undefined
        ? new TermBank(count, capacity)
        : (scope.bank(this.bodyOf[id] as number) as TermBank);
    });
    this.column = new Int32Array(count);
    const isPossible = (p: Production): boolean =>
      p.kind === "primitive" &&
      this.bankOf[p.type] === p.type &&
      p.children.every((c) => grammar.types[c]?.kind !== "function" || this.#scopes[c] !== undefined);
    this.applications = grammar.productions.filter(isPossible).map((p) => ({
      production: p.id,
      nonterminal: p.type,
      children: p.children.map((child) => this.bankOf[child] as number),
      row: p.primitive as Production["primitive"] & {},
      apply: this.#checked(p),
      kernel: this.#kernel(p),
      memo: new OutcomeMemo(),
      cost: Math.max(1, Math.round(p.cost)),
      takesFunctions: p.children.some((child) => grammar.types[child]?.kind === "function"),
    }));
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

  /** Makes terms that are run see a context. */
  enter(e: number): void {
    const { inputs, bound } = this.contexts[e] as Context;
    this.frame.inputs = inputs;
    this.frame.calls = MOST_CALLS;
    if (bound !== undefined) for (let k = 0; k < bound.length; k++) this.frame.bound[k] = bound[k] as Value;
  }

  /** Makes lambdas see inputs, in an application that is about to be made. */
  prepare(inputs: readonly Value[]): void {
    this.frame.inputs = inputs;
    this.frame.calls = MOST_CALLS;
  }

  /** A lambda of a function type by the row of its body, as rows are given it. */
  lambda(functionType: number, row: number): Value {
    return this.scopeOf(functionType).functionOf(
      this.bodyOf[functionType] as number,
      row,
    ) as unknown as Value;
  }

  /** A lambda by the row of its body: it throws where the body fails. */
  functionOf(nonterminal: number, row: number): LambdaFunction {
    const known = this.#functions[nonterminal]?.[row];
    if (known !== undefined) return known;
    const { frame } = this;
    const { bound } = frame;
    const body = this.closureOf(nonterminal, row);
    const count = this.variables.length - (this.#outer as Terms).variables.length;
    const level = this.variables.length - count;
    const lambda: LambdaFunction = (x, y, ...others) => {
      if (--frame.calls < 0) throw FAILURE;
      bound[level] = x as Value;
      if (count > 1) bound[level + 1] = y as Value;
      for (let k = 2; k < count; k++) bound[level + k] = others[k - 2] as Value;
      const value = body();
      if (value === undefined) throw FAILURE;
      return value;
    };
    (this.#functions[nonterminal] as LambdaFunction[])[row] = lambda;
    return lambda;
  }

  /** A term as a function of the frame. */
  closureOf(nonterminal: number, row: number): Closure {
    const closures = this.#closures[this.bankOf[nonterminal] as number] as Closure[];
    const known = closures[row];
    if (known !== undefined) return known;
    const closure = this.#closure(nonterminal, row);
    closures[row] = closure;
    return closure;
  }

  #closure(nonterminal: number, row: number): Closure {
    const { frame, grammar } = this;
    const bank = this.bank(nonterminal);
    const at = row * ARGUMENTS;
    const production = bank.production[row] as number;
    const { kind, index, value } = grammar.productions[production] as Production;
    if (kind === "argument") return () => frame.inputs[index];
    if (kind === "bound") return () => frame.bound[index];
    if (kind === "literal") return () => value;
    if (kind === "constant") {
      const constant = bank.arguments[at] as number;
      return () => constant;
    }
    const { apply, row: primitive, children } = this.applicationOf[production] as Application;
    const strict = primitive.strictParameters;
    const [a = dummy, b = dummy, c = dummy, d = dummy] = children.map((child, k): Closure => {
      const argument = bank.arguments[at + k] as number;
      if (grammar.types[child]?.kind !== "function") return this.closureOf(child, argument);
      const lambda = this.lambda(child, argument);
      return () => lambda;
    });
    return () => {
      const x = a();
      if (x === undefined && strict > 0) return undefined;
      const y = b();
      if (y === undefined && strict > 1) return undefined;
      const z = c();
      if (z === undefined && strict > 2) return undefined;
      const w = d();
      if (w === undefined && strict > 3) return undefined;
      return apply(x as Value, y as Value, z as Value, w as Value) as Value | undefined;
    };
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
    if (takesFunctions) this.enter(e);
    for (let k = 0; k < children.length; k++) {
      const number = numbers[k] as number;
      const child = children[k] as number;
      if (takesFunctions && this.grammar.types[child]?.kind === "function") {
        given.push(this.lambda(child, number));
        continue;
      }
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
    if (hasWords || children.length > 3 || application.takesFunctions) {
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
      return this.grammar.types[child]?.kind === "function"
        ? row
        : ((this.banks[child] as TermBank).columns[row * n + e] as number);
    });
  }

  /** The row of an application, old or new, NONE where it fails everywhere. */
  put(application: Application, a: number, b = 0, c = 0, d = 0, isListed = false): number {
    this.compute(application, a, b, c, d);
    const bank = this.bank(application.nonterminal);
    const size = this.sizeOf(application, a, b, c, d);
    const row = bank.insert(this.column, application.production, size, a, b, c, d, isListed);
    if (row >= 0) this.frame.terms++;
    if (row >= NONE) return row;
    // Bodies that are alike in all contexts may differ elsewhere, so what was found with one stays with it.
    if (this.variables.length === 0) bank.improve(-2 - row, application.production, size, a, b, c, d);
    return -2 - row;
  }

  sizeOf({ children, cost }: Application, a: number, b: number, c: number, d: number): number {
    const { banks, lambdaSize } = this;
    const sizeAt = (k: number, row: number): number => {
      const child = children[k] as number;
      return (lambdaSize[child] as number) + ((banks[child] as TermBank).size[row] as number);
    };
    let size = cost + sizeAt(0, a);
    if (children.length > 1) size += sizeAt(1, b);
    if (children.length > 2) size += sizeAt(2, c);
    if (children.length > 3) size += sizeAt(3, d);
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

  /** Whether a list has so many elements at most, and so have all in it together that are lists or strings. */
  #isShort(value: readonly unknown[], most: number): boolean {
    if (value.length > most) return false;
    if (typeof value[0] === "number" || typeof value[0] === "boolean") return true;
    let left = CELLS_FOR_LONGEST * most;
    for (const item of value) {
      if (typeof item === "string") left -= item.length;
      else if (Array.isArray(item)) {
        if (!this.#isShort(item, most)) return false;
        left -= item.length;
      }
      if (left < 0) return false;
    }
    return true;
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
          : kind === "list"
            ? (outcome: unknown): Outcome =>
                Array.isArray(outcome) && this.#isShort(outcome, this.longest) ? (outcome as Outcome) : failed
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
