import { DoubleDoubleMachine, type Program } from "../dsl/index.ts";
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
  readonly #machine: DoubleDoubleMachine;
  readonly #expected: Float64Array;
  readonly #remainders: Float64Array;
  readonly #weights: Float64Array;
  /** Errors below this, as doubles have them, are to be measured here. */
  readonly below: number;

  constructor({ grammar, inputs, expected, caseCount, errorWeights }: Task, remainders: Float64Array) {
    this.#machine = new DoubleDoubleMachine(grammar, inputs as readonly number[][], caseCount);
    this.#expected = Float64Array.from(expected as readonly number[]);
    this.#remainders = remainders;
    this.#weights = errorWeights ?? new Float64Array(caseCount).fill(1);
    this.below = preciseBelow(this.#expected, this.#weights);
  }

  /** Infinite where the program has no value on some case. */
  largest(program: Program): number {
    const { high, low } = this.#machine.run(program);
    let largest = 0;
    for (let i = 0; i < high.length; i++) {
      const difference =
        (high[i] as number) -
        (this.#expected[i] as number) +
        ((low[i] as number) - (this.#remainders[i] as number));
      const error = Math.abs(difference) * (this.#weights[i] as number);
      if (!(error <= largest)) {
        if (error !== error) return Number.POSITIVE_INFINITY;
        largest = error;
      }
    }
    return largest;
  }
}
