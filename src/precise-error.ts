import type { Program } from "../dsl/index.ts";
import { largestOf, PreciseDifferences } from "./precise-differences.ts";
import type { Task } from "./task.ts";

/** Errors below this part of the largest output, as doubles have them, are measured again. */
const PRECISE_BELOW = 1e-11;

/** The error below which doubles do not tell enough, in the units of the weights: their rounding is a part of the output. */
export function preciseBelow(expected: Float64Array, weights: Float64Array): number {
  return PRECISE_BELOW * largestOutput(expected, weights);
}

/** What an error of the size of the output counts, where that is most: 1 for relative errors. */
export function largestOutput(expected: Float64Array, weights: Float64Array): number {
  return expected.reduce((most, value, i) => Math.max(most, Math.abs(value) * (weights[i] as number)), 0);
}

/** The largest error of programs over reals, in double-double arithmetic, against outputs that are known as sums of two doubles. */
export class PreciseError {
  readonly #differences: PreciseDifferences;
  /** Errors below this, as doubles have them, are to be measured here. */
  readonly below: number;

  constructor(task: Task, remainders: Float64Array) {
    const { grammar, inputs, caseCount, errorWeights } = task;
    const expected = Float64Array.from(task.expected as readonly number[]);
    const weights = errorWeights ?? new Float64Array(caseCount).fill(1);
    this.#differences = new PreciseDifferences(
      grammar,
      inputs as readonly number[][],
      expected,
      remainders,
      weights,
    );
    this.below = preciseBelow(expected, weights);
  }

  /** Infinite where the program has no value on some case. */
  largest(program: Program): number {
    return largestOf(this.#differences.of(program));
  }
}
