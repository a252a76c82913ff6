import type { Program } from "./program.ts";
import type { Outcome } from "./value.ts";

/**
 * What a program gives on each case, in case order. Reals and booleans (as 0 and 1) of languages over numbers come as
 * Float64Array, where NaN is the failed real, and so do booleans of the vector machine, whose floats come as Float32Array
 * and whose words as BigUint64Array; everything else as an array of outcomes.
 */
export type Column = Float64Array | Float32Array | BigUint64Array | readonly Outcome[];

/** Runs programs of one grammar on one fixed list of cases. */
export interface Machine {
  readonly caseCount: number;
  /** The program's column. It belongs to the machine and is valid until the next call. Never throws. */
  run(program: Program): Column;
}
