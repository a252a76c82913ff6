// log, log1p and pow, two doubles at a time.
import { c, EIGHTH, EXP_ALL, EXP_LIMIT, EXP_NOTHING, FIFTH, HALF, INFINITE, LARGEST_POWER, LEAST_NORMAL, LOG2_HIGH, LOG2_LOW, logTable, NINTH, ONE, productError, QUARTER, select, SEVENTH, SHORT, SHORTER, signOf, SIXTH, THIRD } from "./float64-constants";
import { exponentialOf } from "./float64-exponentials";

// x = z 2^k with z in [0.6875, 1.375): what the exponent and the row of the table are read from.
// @ts-ignore: decorator
@inline
function offsetOf(x: v128): v128 {
  return i64x2.sub(x, i64x2.splat(0x3fe6000000000000));
}
/** The bits of k, where the exponent of x has its own. */
// @ts-ignore: decorator
@inline
function exponentOf(offset: v128): v128 {
  return v128.and(offset, i64x2.splat(<i64>0xfff0000000000000));
}
// @ts-ignore: decorator
@inline
function countOf(offset: v128): v128 {
  const highs = v128.shuffle<i32>(offset, offset, 1, 3, 1, 3);
  return f64x2.convert_low_i32x4_s(i32x4.shr_s(highs, 20));
}
// @ts-ignore: decorator
@inline
function row(offset: i64): usize {
  return logTable + (<i32>(offset >> 39) & 0x1fe0);
}

/** log of x + tail for normal positive x; the tail is in units of z. */
// @ts-ignore: decorator
@inline
function logarithmOfSum(x: v128, tail: v128, hasTail: bool): v128 {
  const offset = offsetOf(x);
  const z = i64x2.sub(x, exponentOf(offset));
  const k = countOf(offset);
  const at0 = row(i64x2.extract_lane(offset, 0));
  const at1 = row(i64x2.extract_lane(offset, 1));
  const row0 = v128.load(at0);
  const row1 = v128.load(at1);
  const center = v128.shuffle<f64>(row0, row1, 0, 2);
  const tableLow = v128.shuffle<f64>(v128.load64_zero(at0, 16), v128.load64_zero(at1, 16), 0, 2);
  const zHigh = f64x2.sub(f64x2.add(z, c(SHORT)), c(SHORT));
  let zLow = f64x2.sub(z, zHigh);
  if (hasTail) zLow = f64x2.add(zLow, tail);
  const r = f64x2.add(f64x2.sub(f64x2.mul(zHigh, center), c(ONE)), f64x2.mul(zLow, center));
  const base = f64x2.add(f64x2.mul(k, c(LOG2_HIGH)), v128.shuffle<f64>(row0, row1, 1, 3));
  const sum = f64x2.add(base, r);
  const square = f64x2.mul(r, r);
  const p = f64x2.add(
    f64x2.add(
      f64x2.sub(c(THIRD), f64x2.mul(r, c(QUARTER))),
      f64x2.mul(square, f64x2.sub(c(FIFTH), f64x2.mul(r, c(SIXTH)))),
    ),
    f64x2.mul(f64x2.mul(square, square), c(SEVENTH)),
  );
  const rest = f64x2.add(
    f64x2.add(f64x2.add(f64x2.sub(base, sum), r), f64x2.add(f64x2.mul(k, c(LOG2_LOW)), tableLow)),
    f64x2.mul(square, f64x2.sub(f64x2.mul(r, p), c(HALF))),
  );
  return f64x2.add(sum, rest);
}

/** For normal positive doubles. */
// @ts-ignore: decorator
@inline
export function logarithmOf(x: v128): v128 {
  return logarithmOfSum(x, x, false);
}

/** For x between −1 and 2^53 whose size is at least 2^−53. */
// @ts-ignore: decorator
@inline
export function log1pOf(x: v128): v128 {
  const sum = f64x2.add(c(ONE), x);
  const part = f64x2.sub(sum, c(ONE));
  const tail = f64x2.add(f64x2.sub(c(ONE), f64x2.sub(sum, part)), f64x2.sub(x, part));
  const scale = i64x2.sub(i64x2.splat(0x3ff0000000000000), exponentOf(offsetOf(sum)));
  return logarithmOfSum(sum, f64x2.mul(tail, scale), true);
}

/** Where `powerOf` is right or says that it is not. */
// @ts-ignore: decorator
@inline
export function isPowerRegular(x: v128, y: v128): v128 {
  const magnitude = f64x2.abs(x);
  return v128.and(
    v128.and(f64x2.ge(magnitude, c(LEAST_NORMAL)), f64x2.lt(magnitude, c(INFINITE))),
    f64x2.le(f64x2.abs(y), c(LARGEST_POWER)),
  );
}

/** x^y for regular x and y; the bits of 1 where it may be subnormal, or overflow. */
// @ts-ignore: decorator
@inline
export function powerOf(x: v128, y: v128): v128 {
  const offset = offsetOf(f64x2.abs(x));
  const z = i64x2.sub(f64x2.abs(x), exponentOf(offset));
  const k = countOf(offset);
  const at0 = row(i64x2.extract_lane(offset, 0));
  const at1 = row(i64x2.extract_lane(offset, 1));
  const row0 = v128.load(at0);
  const row1 = v128.load(at1);
  const center = v128.shuffle<f64>(row0, row1, 0, 2);
  const tableLow = v128.shuffle<f64>(v128.load64_zero(at0, 16), v128.load64_zero(at1, 16), 0, 2);
  const zHigh = f64x2.sub(f64x2.add(z, c(SHORT)), c(SHORT));
  const rHigh = f64x2.sub(f64x2.mul(zHigh, center), c(ONE));
  const rLow = f64x2.mul(f64x2.sub(z, zHigh), center);
  const r = f64x2.add(rHigh, rLow);
  const rTail = f64x2.add(f64x2.sub(rHigh, r), rLow);
  const base = f64x2.add(f64x2.mul(k, c(LOG2_HIGH)), v128.shuffle<f64>(row0, row1, 1, 3));
  const first = f64x2.add(base, r);
  const short = f64x2.sub(f64x2.add(r, c(SHORTER)), c(SHORTER));
  const half = f64x2.mul(f64x2.mul(c(HALF), short), short);
  const second = f64x2.sub(first, half);
  const firstTail = f64x2.add(
    f64x2.add(f64x2.sub(base, first), r),
    f64x2.sub(f64x2.sub(first, second), half),
  );
  const square = f64x2.mul(r, r);
  const p = f64x2.add(
    f64x2.add(
      f64x2.sub(c(THIRD), f64x2.mul(r, c(QUARTER))),
      f64x2.mul(square, f64x2.sub(c(FIFTH), f64x2.mul(r, c(SIXTH)))),
    ),
    f64x2.mul(
      f64x2.mul(square, square),
      f64x2.add(f64x2.sub(c(SEVENTH), f64x2.mul(r, c(EIGHTH))), f64x2.mul(square, c(NINTH))),
    ),
  );
  const rest = f64x2.sub(
    f64x2.mul(f64x2.mul(r, square), p),
    f64x2.mul(f64x2.mul(c(HALF), f64x2.sub(r, short)), f64x2.add(r, short)),
  );
  const lows = f64x2.add(
    f64x2.add(f64x2.mul(k, c(LOG2_LOW)), tableLow),
    f64x2.mul(rTail, f64x2.sub(c(ONE), r)),
  );
  const tail = f64x2.add(f64x2.add(firstTail, lows), rest);
  const logarithm = f64x2.add(second, tail);
  const logarithmTail = f64x2.add(f64x2.sub(second, logarithm), tail);

  const high = f64x2.mul(y, logarithm);
  const low = f64x2.add(productError(y, logarithm, high), f64x2.mul(y, logarithmTail));
  let power = exponentialOf(high, low, true);
  power = select(f64x2.gt(high, c(EXP_ALL)), c(INFINITE), power);
  power = select(f64x2.lt(high, c(EXP_NOTHING)), f64x2.splat(0), power);
  const isNegative = f64x2.lt(x, f64x2.splat(0));
  if (v128.any_true(isNegative)) {
    const halved = f64x2.mul(y, c(HALF));
    const isInteger = f64x2.eq(f64x2.floor(y), y);
    const isOdd = v128.and(isInteger, f64x2.ne(f64x2.floor(halved), halved));
    power = v128.xor(power, signOf(v128.and(isNegative, isOdd)));
    power = select(v128.andnot(isNegative, isInteger), f64x2.splat(NaN), power);
  }
  const size = f64x2.abs(high);
  const isFar = v128.and(f64x2.gt(size, c(EXP_LIMIT)), f64x2.le(size, c(EXP_ALL)));
  return select(isFar, i64x2.splat(1), power);
}

