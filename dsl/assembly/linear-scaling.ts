// Columns of doubles scaled to fit what is expected: ../linear-scaling.ts, operation for operation.
import { sumOfLanes } from "./errors";
import { tailMask } from "./slots";

const VALUES: i32 = 0;
const SQUARES: i32 = 1;
const PRODUCTS: i32 = 2;

// @ts-ignore: decorator
@inline
function termOf(kind: i32, y: v128, mean: v128, expected: usize, expectedMean: v128): v128 {
  if (kind === VALUES) return y;
  const difference = f64x2.sub(y, mean);
  if (kind === SQUARES) return f64x2.mul(difference, difference);
  return f64x2.mul(difference, f64x2.sub(v128.load(expected), expectedMean));
}

/** Sum over the cases of a column of its values, the squares of their differences from the mean, or products of differences. */
// @ts-ignore: decorator
@inline
function sum(kind: i32, column: usize, bytes: usize, mean: f64, expected: usize, expectedMean: f64): f64 {
  const m = f64x2.splat(mean);
  const e = f64x2.splat(expectedMean);
  let s0 = f64x2.splat(0);
  let s1 = f64x2.splat(0);
  let s2 = f64x2.splat(0);
  let s3 = f64x2.splat(0);
  const last = column + bytes - 64;
  let y = column;
  let t = expected;
  for (; y < last; y += 64, t += 64) {
    s0 = f64x2.add(s0, termOf(kind, v128.load(y), m, t, e));
    s1 = f64x2.add(s1, termOf(kind, v128.load(y, 16), m, t + 16, e));
    s2 = f64x2.add(s2, termOf(kind, v128.load(y, 32), m, t + 32, e));
    s3 = f64x2.add(s3, termOf(kind, v128.load(y, 48), m, t + 48, e));
  }
  s0 = f64x2.add(s0, v128.and(termOf(kind, v128.load(y), m, t, e), v128.load(tailMask)));
  s1 = f64x2.add(s1, v128.and(termOf(kind, v128.load(y, 16), m, t + 16, e), v128.load(tailMask, 16)));
  s2 = f64x2.add(s2, v128.and(termOf(kind, v128.load(y, 32), m, t + 32, e), v128.load(tailMask, 32)));
  s3 = f64x2.add(s3, v128.and(termOf(kind, v128.load(y, 48), m, t + 48, e), v128.load(tailMask, 48)));
  return sumOfLanes(s0, s1, s2, s3);
}

function values(column: usize, bytes: usize): f64 {
  return sum(VALUES, column, bytes, 0, 0, 0);
}

/** Scales a column in its place. */
export function scaleColumn(column: usize, expected: usize, bytes: usize, caseCount: f64): void {
  const mean = values(column, bytes) / caseCount;
  const expectedMean = values(expected, bytes) / caseCount;
  const squares = sum(SQUARES, column, bytes, mean, 0, 0);
  const products = sum(PRODUCTS, column, bytes, mean, expected, expectedMean);
  let slope: f64 = squares === 0 ? 0 : products / squares;
  let offset: f64 = expectedMean - slope * mean;
  if (!isFinite(slope) || !isFinite(offset)) {
    slope = NaN;
    offset = NaN;
  }
  const a = f64x2.splat(offset);
  const b = f64x2.splat(slope);
  for (let y = column; y < column + bytes; y += 16) v128.store(y, f64x2.add(a, f64x2.mul(b, v128.load(y))));
}
