import { DoubleDoubleMachine, type Grammar, type Program } from "../dsl/index.ts";

/** How far programs over reals are from outputs that are known as sums of two doubles, in double-double arithmetic. */
export class PreciseDifferences {
  readonly #machine: DoubleDoubleMachine;
  readonly #expected: Float64Array;
  readonly #remainders: Float64Array;
  readonly #weights: Float64Array;
  readonly #differences: Float64Array;

  /** @param weights what differences count for, one for each case */
  constructor(
    grammar: Grammar,
    inputs: readonly ArrayLike<number>[],
    expected: Float64Array,
    remainders: Float64Array,
    weights: Float64Array,
  ) {
    this.#machine = new DoubleDoubleMachine(grammar, inputs, expected.length);
    this.#expected = expected;
    this.#remainders = remainders;
    this.#weights = weights;
    this.#differences = new Float64Array(expected.length);
  }

  /** Weighted and signed; NaN where the program has no value. Valid until the next call. */
  of(program: Program): Float64Array {
    const { high, low } = this.#machine.run(program);
    const differences = this.#differences;
    for (let i = 0; i < differences.length; i++)
      differences[i] =
        ((high[i] as number) -
          (this.#expected[i] as number) +
          ((low[i] as number) - (this.#remainders[i] as number))) *
        (this.#weights[i] as number);
    return differences;
  }
}

/** The largest by size; Infinity where one is no number. */
export function largestOf(errors: Float64Array): number {
  let largest = 0;
  for (let i = 0; i < errors.length; i++) {
    const error = Math.abs(errors[i] as number);
    if (!(error <= largest)) {
      if (error !== error) return Number.POSITIVE_INFINITY;
      largest = error;
    }
  }
  return largest;
}
