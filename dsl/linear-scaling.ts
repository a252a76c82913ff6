import { reduceErrors } from "./errors.ts";

/** What makes y into offset + slope · y. */
export interface LinearScaling {
  readonly offset: number;
  readonly slope: number;
}

/**
 * The least squares fit of what is expected by a column, in closed form (Keijzer 2003): the slope is the covariance over
 * the variance, 0 for a constant column. Both sums are of differences from the means, case i in lane i mod 8 as all
 * sums are: bit for bit what assembly/linear-scaling.ts computes. NaN where there is no finite fit.
 */
export function linearScaling(column: Float64Array, expected: readonly number[]): LinearScaling {
  const count = column.length;
  const mean = reduceErrors("sum", count, (i) => column[i] as number) / count;
  const expectedMean = reduceErrors("sum", count, (i) => expected[i] as number) / count;
  const squares = reduceErrors("squares", count, (i) => (column[i] as number) - mean);
  const products = reduceErrors(
    "sum",
    count,
    (i) => ((column[i] as number) - mean) * ((expected[i] as number) - expectedMean),
  );
  const slope = squares === 0 ? 0 : products / squares;
  const offset = expectedMean - slope * mean;
  return Number.isFinite(slope) && Number.isFinite(offset)
    ? { offset, slope }
    : { offset: Number.NaN, slope: Number.NaN };
}

/** A column that fits best what is expected, of all that are linear in the given one. */
export function scaledColumn(column: Float64Array, expected: readonly number[]): Float64Array {
  const { offset, slope } = linearScaling(column, expected);
  return column.map((value) => offset + slope * value);
}
