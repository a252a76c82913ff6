import {
  type DoubleDoubleColumn,
  DoubleDoubleMachine,
  type Grammar,
  InputError,
  type Program,
} from "../../dsl/index.ts";
import { errorUnit, type Target } from "./target.ts";

/** A target's values at points of its interval where programs can be compared with it. */
export interface ComparedPoints {
  readonly points: Float64Array;
  readonly values: DoubleDoubleColumn;
  /** What an error of 1 is worth at each point; positive. */
  readonly units: Float64Array;
}

/**
 * Evaluates a target at points, once, and leaves out those where it is not finite or where its error means nothing.
 * @throws InputError where no point is left
 */
export function comparedPoints(target: Target, points: Float64Array): ComparedPoints {
  const values = target.evaluate(points);
  const [compared, high, low] = [points.slice(), values.high.slice(), values.low.slice()];
  const units = new Float64Array(points.length);
  let kept = 0;
  // In place and without lists: points may be millions.
  for (let i = 0; i < points.length; i++) {
    const unit = errorUnit(target, high[i] as number);
    if (!(unit > 0)) continue;
    compared[kept] = points[i] as number;
    high[kept] = high[i] as number;
    low[kept] = low[i] as number;
    units[kept++] = unit;
  }
  if (kept === 0)
    throw new InputError(
      `target must have finite values on its interval to compare programs with; got none at ${points.length} points from ${target.from} to ${target.to}.`,
    );
  const keptOf = (column: Float64Array): Float64Array => column.slice(0, kept);
  return {
    points: keptOf(compared),
    values: { high: keptOf(high), low: keptOf(low) },
    units: keptOf(units),
  };
}

/**
 * Measures how far programs of one real are from a target, in double-double arithmetic, so that errors far below those of doubles are
 * told apart. Of the program only the constants are rounded to doubles.
 */
export class ErrorMeasure {
  readonly #machine: DoubleDoubleMachine;
  readonly #compared: ComparedPoints;

  /** @throws InputError where the grammar has rows that double-double arithmetic has not */
  constructor(grammar: Grammar, compared: ComparedPoints) {
    this.#machine = new DoubleDoubleMachine(grammar, [compared.points], compared.points.length);
    this.#compared = compared;
  }

  /** A program's values by the target's, at every so manyth point. */
  ratios(program: Program, step: number): Float64Array {
    const { high } = this.#machine.run(program);
    const { values } = this.#compared;
    const count = Math.ceil(high.length / step);
    return Float64Array.from(
      { length: count },
      (_, k) => (high[k * step] as number) / (values.high[k * step] as number),
    );
  }

  /** The largest error of a program over all points; infinite where the program has no value at one of them. */
  largest(program: Program): number {
    const { values, units } = this.#compared;
    const { high, low } = this.#machine.run(program);
    let largest = 0;
    for (let i = 0; i < units.length; i++) {
      // Exact where they are within a factor of 2, otherwise as good as doubles are.
      const difference =
        (high[i] as number) - (values.high[i] as number) + ((low[i] as number) - (values.low[i] as number));
      const error = Math.abs(difference) / (units[i] as number);
      if (!(error <= largest)) {
        if (Number.isNaN(error)) return Number.POSITIVE_INFINITY;
        largest = error;
      }
    }
    return largest;
  }
}

/**
 * The largest error of a program at points of the target's interval, in the target's kind of error. For many programs at the same
 * points make an `ErrorMeasure`.
 * @throws InputError where the target has nothing to compare with at any point
 */
export function largestError(
  grammar: Grammar,
  program: Program,
  target: Target,
  points: Float64Array,
): number {
  return new ErrorMeasure(grammar, comparedPoints(target, points)).largest(program);
}
