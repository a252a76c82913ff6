// exp, expm1 and tanh, two doubles at a time.
import { c, divide, EIGHTH, EXP_4, EXP_5, EXP_6, EXP_STEPS, EXP_STEP_1, EXP_STEP_2, expTable, HALF, ONE, select, SHIFT, signOf, SIXTH, TANH_11, TANH_13, TANH_3, TANH_5, TANH_7, TANH_9, TANH_LIMIT, TANH_STEPS } from "./float64-constants";

/** A table's row for a count that was rounded by SHIFT. */
// @ts-ignore: decorator
@inline
function row(shifted: i64): v128 {
  return v128.load(expTable + ((<i32>shifted & 127) << 4));
}

/** 2^(count >> 7). */
// @ts-ignore: decorator
@inline
function powerOf(shifted: v128): v128 {
  return i64x2.add(
    v128.and(i64x2.shl(shifted, 45), i64x2.splat(<i64>0xfff0000000000000)),
    i64x2.splat(0x3ff0000000000000),
  );
}

/** exp(r) − 1 for small r. */
// @ts-ignore: decorator
@inline
function expRest(r: v128): v128 {
  const square = f64x2.mul(r, r);
  const p = f64x2.add(
    f64x2.add(c(HALF), f64x2.mul(r, c(SIXTH))),
    f64x2.mul(square, f64x2.add(c(EXP_4), f64x2.mul(r, c(EXP_5)))),
  );
  return f64x2.add(r, f64x2.mul(square, p));
}

/** exp of x + tail, for x between −708 and 709.7. */
// @ts-ignore: decorator
@inline
export function exponentialOf(x: v128, tail: v128, hasTail: bool): v128 {
  const shifted = f64x2.add(f64x2.mul(x, c(EXP_STEPS)), c(SHIFT));
  const count = f64x2.sub(shifted, c(SHIFT));
  let r = f64x2.sub(f64x2.sub(x, f64x2.mul(count, c(EXP_STEP_1))), f64x2.mul(count, c(EXP_STEP_2)));
  if (hasTail) r = f64x2.add(r, tail);
  const row0 = row(i64x2.extract_lane(shifted, 0));
  const row1 = row(i64x2.extract_lane(shifted, 1));
  const high = v128.shuffle<f64>(row0, row1, 0, 2);
  const low = v128.shuffle<f64>(row0, row1, 1, 3);
  return f64x2.mul(
    f64x2.add(high, f64x2.add(low, f64x2.mul(high, expRest(r)))),
    powerOf(shifted),
  );
}

/** For x between −708 and 708, but 0. */
// @ts-ignore: decorator
@inline
export function expm1Of(x: v128): v128 {
  const shifted = f64x2.add(f64x2.mul(x, c(EXP_STEPS)), c(SHIFT));
  const count = f64x2.sub(shifted, c(SHIFT));
  const first = f64x2.sub(x, f64x2.mul(count, c(EXP_STEP_1)));
  const piece = f64x2.mul(count, c(EXP_STEP_2));
  const r = f64x2.sub(first, piece);
  const square = f64x2.mul(r, r);
  const p = f64x2.add(
    f64x2.add(c(HALF), f64x2.mul(r, c(SIXTH))),
    f64x2.mul(
      square,
      f64x2.add(f64x2.add(c(EXP_4), f64x2.mul(r, c(EXP_5))), f64x2.mul(square, c(EXP_6))),
    ),
  );
  const rest = f64x2.add(f64x2.sub(f64x2.sub(first, r), piece), f64x2.mul(square, p));
  const row0 = row(i64x2.extract_lane(shifted, 0));
  const row1 = row(i64x2.extract_lane(shifted, 1));
  const power = powerOf(shifted);
  const step = f64x2.sub(f64x2.mul(v128.shuffle<f64>(row0, row1, 0, 2), power), c(ONE));
  const low = f64x2.mul(v128.shuffle<f64>(row0, row1, 1, 3), power);
  const sum = f64x2.add(step, r);
  return f64x2.add(
    sum,
    f64x2.add(
      f64x2.add(f64x2.sub(step, sum), r),
      f64x2.add(rest, f64x2.add(f64x2.mul(step, f64x2.add(r, rest)), low)),
    ),
  );
}

/** For any numbers: from 20 on the quotient is 1. */
// @ts-ignore: decorator
@inline
export function hyperbolicTangentOf(x: v128): v128 {
  const magnitude = f64x2.min(f64x2.abs(x), c(TANH_LIMIT));
  const z = f64x2.mul(magnitude, magnitude);
  const z2 = f64x2.mul(z, z);
  const p = f64x2.add(
    f64x2.add(
      f64x2.add(c(TANH_3), f64x2.mul(z, c(TANH_5))),
      f64x2.mul(z2, f64x2.add(c(TANH_7), f64x2.mul(z, c(TANH_9)))),
    ),
    f64x2.mul(f64x2.mul(z2, z2), f64x2.add(c(TANH_11), f64x2.mul(z, c(TANH_13)))),
  );
  const small = f64x2.add(magnitude, f64x2.mul(magnitude, f64x2.mul(z, p)));
  const shifted = f64x2.add(f64x2.mul(magnitude, c(TANH_STEPS)), c(SHIFT));
  const count = f64x2.sub(shifted, c(SHIFT));
  const r = f64x2.sub(
    f64x2.sub(f64x2.add(magnitude, magnitude), f64x2.mul(count, c(EXP_STEP_1))),
    f64x2.mul(count, c(EXP_STEP_2)),
  );
  const row0 = row(i64x2.extract_lane(shifted, 0));
  const row1 = row(i64x2.extract_lane(shifted, 1));
  const high = v128.shuffle<f64>(row0, row1, 0, 2);
  const low = f64x2.add(v128.shuffle<f64>(row0, row1, 1, 3), f64x2.mul(high, expRest(r)));
  const power = powerOf(shifted);
  const whole = f64x2.add(high, low);
  const e = f64x2.mul(whole, power);
  const eTail = f64x2.mul(f64x2.add(f64x2.sub(high, whole), low), power);
  const below = f64x2.sub(e, c(ONE));
  const above = f64x2.add(e, c(ONE));
  const large = divide(
    below,
    f64x2.add(f64x2.sub(f64x2.sub(e, below), c(ONE)), eTail),
    above,
    f64x2.add(f64x2.add(f64x2.sub(e, above), c(ONE)), eTail),
  );
  return v128.or(select(f64x2.lt(magnitude, c(EIGHTH)), small, large), signOf(x));
}
