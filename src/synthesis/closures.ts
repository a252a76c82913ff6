import type { Grammar, Primitive, Production, Value } from "../../dsl/index.ts";
import type { Context } from "./lambda-contexts.ts";
import { ARGUMENTS, type TermBank } from "./term-bank.ts";

/** What terms that are run see; what they may still spend. */
export interface Frame {
  inputs: readonly Value[];
  readonly bound: Value[];
  /** Calls of lambdas that an application may still make. */
  calls: number;
  /** Terms in all banks. */
  terms: number;
}

/** What is needed of an application to run it. */
interface Applied {
  readonly row: Primitive;
  readonly children: readonly number[];
  readonly apply: (...values: Value[]) => unknown;
}

/** What is needed of terms to run them. */
interface RunTerms {
  readonly grammar: Grammar;
  readonly contexts: readonly Context[];
  readonly variables: readonly number[];
  readonly frame: Frame;
  readonly bankOf: readonly number[];
  readonly bodyOf: readonly (number | undefined)[];
  readonly applicationOf: readonly (Applied | undefined)[];
  bank(nonterminal: number): TermBank;
  scopeOf(functionType: number): { readonly closures: Closures };
}

/** A term as a function of the frame; undefined where it fails. */
type Closure = () => Value | undefined;
type LambdaFunction = (...values: Value[]) => Value;

/** Calls of lambdas that an application in the search may make on one example; it fails beyond. Far below `limits.fuel`. */
const MOST_CALLS = 2000;
/** What a lambda throws where its body fails: the application around it fails then. */
const FAILURE = { name: "failure of a lambda's body" };
const dummy = (): Value => 0;

/** Terms as functions of JavaScript, each made once: how lambdas are run while terms are made. */
export class Closures {
  readonly #terms: RunTerms;
  readonly #frame: Frame;
  /** Variables of the lambdas around those whose bodies these are. */
  readonly #level: number;
  /** Nonterminal → row → the term as a closure, as a lambda; filled where one is asked for. */
  readonly #closures: readonly Closure[][];
  readonly #functions: readonly LambdaFunction[][];

  /** @param level variables of the lambdas around those whose bodies the terms are */
  constructor(terms: RunTerms, frame: Frame, level: number) {
    this.#terms = terms;
    this.#frame = frame;
    this.#level = level;
    this.#closures = terms.grammar.types.map(() => []);
    this.#functions = terms.grammar.types.map(() => []);
  }

  /** Makes terms that are run see a context. */
  enter(e: number): void {
    const { inputs, bound } = this.#terms.contexts[e] as Context;
    this.#frame.inputs = inputs;
    this.#frame.calls = MOST_CALLS;
    if (bound !== undefined) for (let k = 0; k < bound.length; k++) this.#frame.bound[k] = bound[k] as Value;
  }

  /** Makes lambdas see inputs, in an application that is about to be made. */
  prepare(inputs: readonly Value[]): void {
    this.#frame.inputs = inputs;
    this.#frame.calls = MOST_CALLS;
  }

  /** A lambda of a function type by the row of its body, as rows are given it. */
  lambda(functionType: number, row: number): Value {
    const terms = this.#terms;
    const { closures } = terms.scopeOf(functionType);
    return closures.functionOf(terms.bodyOf[functionType] as number, row) as unknown as Value;
  }

  /** A lambda by the row of its body: it throws where the body fails. */
  functionOf(nonterminal: number, row: number): LambdaFunction {
    const known = this.#functions[nonterminal]?.[row];
    if (known !== undefined) return known;
    const frame = this.#frame;
    const { bound } = frame;
    const body = this.closureOf(nonterminal, row);
    const level = this.#level;
    const count = this.#terms.variables.length - level;
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

  /** Lets a term be made anew when it is asked for, since another takes its row. */
  forget(nonterminal: number, row: number): void {
    delete this.#closures[this.#terms.bankOf[nonterminal] as number]?.[row];
    delete this.#functions[nonterminal]?.[row];
  }

  /** A term as a function of the frame. */
  closureOf(nonterminal: number, row: number): Closure {
    const closures = this.#closures[this.#terms.bankOf[nonterminal] as number] as Closure[];
    const known = closures[row];
    if (known !== undefined) return known;
    const closure = this.#closure(nonterminal, row);
    closures[row] = closure;
    return closure;
  }

  #closure(nonterminal: number, row: number): Closure {
    const terms = this.#terms;
    const { frame, grammar } = terms;
    const bank = terms.bank(nonterminal);
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
    const { apply, row: primitive, children } = terms.applicationOf[production] as Applied;
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
}
