import type { Trap } from "./trap.ts";
import type { Type, ValuesOf } from "./type.ts";
import type { VectorOperation } from "./vector-operations.ts";

/**
 * One row of a language's table. Everything that is known of a primitive is derived from its row: grammar, text form,
 * machines, export, documentation and tests.
 */
export interface Primitive {
  readonly name: string;
  readonly parameters: readonly Type[];
  readonly result: Type;
  /**
   * Meaning on scalar values. Arguments of function type arrive as JavaScript functions. Pure; may return a trap.
   * Results are checked by the machines: integers beyond the safe range, too long strings and lists and exceptions
   * become traps, so a row need not guard against them (it must not build gigantic values on the way, though).
   */
  // oxlint-disable-next-line typescript/no-explicit-any -- rows of all parameter types are listed in one table
  readonly apply: (...args: any[]) => unknown;
  /** Relative price of one application; 1 unless told. */
  readonly cost: number;
  readonly commutative: boolean;
  /**
   * How many leading parameters must not be traps; the others are handed on whatever they are (all, unless told).
   * `if` has 1: only the branch taken counts.
   */
  readonly strictParameters: number;
  /** JavaScript expression with `$0`, `$1` … for the arguments, for export; without it the source text of `apply` is exported. */
  readonly javascript?: string;
  /** The same in Python, C and LaTeX, for programs over reals, floats and booleans, and in Python for those over ints, strings and booleans; calls what those exports bring along. */
  readonly python?: string;
  readonly c?: string;
  readonly latex?: string;
  /** How the vector machine runs it, to the same bits as `apply`; a language whose rows all have this runs there. */
  readonly vector?: VectorOperation;
  /** What arguments must be so that a given result comes out: for searches that go backwards. */
  readonly inverse?: Inverse;
  /** Of a row that takes a function: what that must give so that a given result comes out. */
  readonly demand?: Demand;
  /** One line for people. */
  readonly documentation: string;
}

/** How a row is undone, on one case. */
export interface Inverse {
  /** Arguments in the order in which they are fixed; the last follows. */
  readonly order: readonly number[];
  /**
   * Whether arguments that come first in that order can still give the result, by themselves or with some others; those of which it is
   * not told may be anything.
   */
  // oxlint-disable-next-line typescript/no-explicit-any -- rows of all parameter types are listed in one table
  readonly possible?: (result: any, ...first: any[]) => boolean;
  /** What the last argument must be, given the result and the others in that order; undefined where nothing will do. */
  // oxlint-disable-next-line typescript/no-explicit-any -- rows of all parameter types are listed in one table
  readonly last?: (result: any, ...others: any[]) => unknown;
  /** Whether a value can be the first argument somewhere in a chain of this row that gives the result. */
  // oxlint-disable-next-line typescript/no-explicit-any -- rows of all parameter types are listed in one table
  readonly part?: (result: any, value: any) => boolean;
}

/**
 * Calls of a row's function that are known, with their values, when its result and its other arguments are, in order; undefined where no
 * function will do. They need not be all: no call is known where several functions would do.
 */
// oxlint-disable-next-line typescript/no-explicit-any -- rows of all parameter types are listed in one table
export type Demand = (result: any, ...others: any[]) => readonly Call[] | undefined;

/** Arguments of a function, and its value. */
export type Call = readonly [given: readonly unknown[], value: unknown];

export interface PrimitiveOptions {
  readonly inverse?: Inverse;
  readonly demand?: Demand;
  readonly cost?: number;
  readonly commutative?: boolean;
  readonly strictParameters?: number;
  readonly javascript?: string;
  readonly python?: string;
  readonly c?: string;
  readonly latex?: string;
  readonly vector?: VectorOperation;
  readonly documentation?: string;
}

/**
 * Writes one row: `primitive("+", [real, real], real, (a, b) => a + b)`. The types of `a` and `b` follow from the
 * parameters; the name stays a literal type, so that a table's names form a union.
 */
export function primitive<const N extends string, const P extends readonly Type[], R>(
  name: N,
  parameters: P,
  result: Type<R>,
  apply: (...args: ValuesOf<P> extends infer V extends readonly unknown[] ? [...V] : never) => R | Trap,
  options: PrimitiveOptions = {},
): Primitive & { readonly name: N } {
  return {
    name,
    parameters,
    result,
    apply,
    cost: options.cost ?? 1,
    commutative: options.commutative ?? false,
    strictParameters: options.strictParameters ?? parameters.length,
    documentation: options.documentation ?? "",
    ...(options.inverse === undefined ? {} : { inverse: options.inverse }),
    ...(options.demand === undefined ? {} : { demand: options.demand }),
    ...(options.javascript === undefined ? {} : { javascript: options.javascript }),
    ...(options.python === undefined ? {} : { python: options.python }),
    ...(options.c === undefined ? {} : { c: options.c }),
    ...(options.latex === undefined ? {} : { latex: options.latex }),
    ...(options.vector === undefined ? {} : { vector: options.vector }),
  };
}
