// sin, cos and tan, two doubles at a time.
import { c, COSINE_2, COSINE_4, COSINE_6, divide, HALF, NEAR_QUARTER, ONE, QUARTERS, QUARTERS_LIMIT, QUARTER_1, QUARTER_2, QUARTER_3, select, SHIFT, signOf, SINE_3, SINE_5, SINE_7, SINE_SHORT, sineTable, STEPS, STEP_1, STEP_2, STEP_3, TAN_COSINE_10, TAN_COSINE_12, TAN_COSINE_14, TAN_COSINE_4, TAN_COSINE_6, TAN_COSINE_8, TAN_SINE_11, TAN_SINE_13, TAN_SINE_15, TAN_SINE_3, TAN_SINE_5, TAN_SINE_7, TAN_SINE_9 } from "./float64-constants";

/** Sine, or cosine, of two doubles: a table of a 64th of a turn and short polynomials in what remains. */
// @ts-ignore: decorator
@inline
export function sineOrCosineOf(x: v128, isCosine: bool): v128 {
  const magnitude = f64x2.abs(x);
  const shifted = f64x2.add(f64x2.mul(magnitude, c(STEPS)), c(SHIFT));
  const n = f64x2.sub(shifted, c(SHIFT));
  const first = f64x2.sub(magnitude, f64x2.mul(n, c(STEP_1)));
  const piece = f64x2.mul(n, c(STEP_2));
  const r = f64x2.sub(first, piece);
  const tail = f64x2.sub(f64x2.sub(f64x2.sub(first, r), piece), f64x2.mul(n, c(STEP_3)));
  const turn = isCosine ? 16 : 0;
  const at0 = sineTable + (((<i32>i64x2.extract_lane(shifted, 0) + turn) & 63) << 5);
  const at1 = sineTable + (((<i32>i64x2.extract_lane(shifted, 1) + turn) & 63) << 5);
  const row0 = v128.load(at0);
  const row1 = v128.load(at1);
  const sine = v128.shuffle<f64>(row0, row1, 0, 2);
  const cosine = v128.shuffle<f64>(row0, row1, 1, 3);
  const sineTail = v128.shuffle<f64>(v128.load64_zero(at0, 16), v128.load64_zero(at1, 16), 0, 2);
  const z = f64x2.mul(r, r);
  const z2 = f64x2.mul(z, z);
  const sineRest = f64x2.add(
    f64x2.mul(r, f64x2.mul(z, f64x2.add(f64x2.add(c(SINE_3), f64x2.mul(z, c(SINE_5))), f64x2.mul(z2, c(SINE_7))))),
    tail,
  );
  const cosineRest = f64x2.mul(
    z,
    f64x2.add(f64x2.add(c(COSINE_2), f64x2.mul(z, c(COSINE_4))), f64x2.mul(z2, c(COSINE_6))),
  );
  let y = f64x2.add(
    sine,
    f64x2.add(
      f64x2.mul(cosine, r),
      f64x2.add(f64x2.mul(cosine, sineRest), f64x2.add(f64x2.mul(sine, cosineRest), sineTail)),
    ),
  );
  if (!isCosine) y = v128.xor(y, signOf(x));
  return y;
}

/** Where `tangentOf` is right: not huge, not tiny, not so close to a multiple of a quarter turn that more bits of it matter. */
// @ts-ignore: decorator
@inline
export function isTangentRegular(x: v128): v128 {
  const magnitude = f64x2.abs(x);
  const n = f64x2.sub(f64x2.add(f64x2.mul(x, c(QUARTERS)), c(SHIFT)), c(SHIFT));
  const high = f64x2.sub(f64x2.sub(x, f64x2.mul(n, c(QUARTER_1))), f64x2.mul(n, c(QUARTER_2)));
  return v128.and(f64x2.lt(magnitude, c(QUARTERS_LIMIT)), f64x2.gt(f64x2.abs(high), c(NEAR_QUARTER)));
}

// @ts-ignore: decorator
@inline
export function tangentOf(x: v128): v128 {
  const shifted = f64x2.add(f64x2.mul(x, c(QUARTERS)), c(SHIFT));
  const n = f64x2.sub(shifted, c(SHIFT));
  const first = f64x2.sub(x, f64x2.mul(n, c(QUARTER_1)));
  const piece = f64x2.mul(n, c(QUARTER_2));
  const high = f64x2.sub(first, piece);
  const part = f64x2.sub(high, first);
  const low = f64x2.sub(
    f64x2.sub(f64x2.sub(first, f64x2.sub(high, part)), f64x2.add(piece, part)),
    f64x2.mul(n, c(QUARTER_3)),
  );
  const r = f64x2.add(high, low);
  const tail = f64x2.add(f64x2.sub(high, r), low);
  const z = f64x2.mul(r, r);
  const z2 = f64x2.mul(z, z);
  const z4 = f64x2.mul(z2, z2);
  const p = f64x2.add(
    f64x2.add(
      f64x2.add(c(TAN_SINE_3), f64x2.mul(z, c(TAN_SINE_5))),
      f64x2.mul(z2, f64x2.add(c(TAN_SINE_7), f64x2.mul(z, c(TAN_SINE_9)))),
    ),
    f64x2.mul(
      z4,
      f64x2.add(f64x2.add(c(TAN_SINE_11), f64x2.mul(z, c(TAN_SINE_13))), f64x2.mul(z2, c(TAN_SINE_15))),
    ),
  );
  const sineTail = f64x2.add(
    f64x2.mul(r, f64x2.mul(z, p)),
    f64x2.mul(tail, f64x2.sub(c(ONE), f64x2.mul(c(HALF), z))),
  );
  const sine = f64x2.add(r, sineTail);
  const sineError = f64x2.add(f64x2.sub(r, sine), sineTail);
  const short = f64x2.sub(f64x2.add(r, c(SINE_SHORT)), c(SINE_SHORT));
  const cosineHead = f64x2.sub(c(ONE), f64x2.mul(f64x2.mul(c(HALF), short), short));
  const q = f64x2.add(
    f64x2.add(
      f64x2.add(c(TAN_COSINE_4), f64x2.mul(z, c(TAN_COSINE_6))),
      f64x2.mul(z2, f64x2.add(c(TAN_COSINE_8), f64x2.mul(z, c(TAN_COSINE_10)))),
    ),
    f64x2.mul(z4, f64x2.add(c(TAN_COSINE_12), f64x2.mul(z, c(TAN_COSINE_14)))),
  );
  const cosineTail = f64x2.sub(
    f64x2.sub(
      f64x2.mul(z2, q),
      f64x2.mul(f64x2.mul(c(HALF), f64x2.sub(r, short)), f64x2.add(r, short)),
    ),
    f64x2.mul(r, tail),
  );
  const cosine = f64x2.add(cosineHead, cosineTail);
  const cosineError = f64x2.add(f64x2.sub(cosineHead, cosine), cosineTail);
  const isOdd = i64x2.neg(v128.and(shifted, i64x2.splat(1)));
  const quotient = divide(
    select(isOdd, cosine, sine),
    select(isOdd, cosineError, sineError),
    select(isOdd, sine, cosine),
    select(isOdd, sineError, cosineError),
  );
  return v128.xor(quotient, signOf(isOdd));
}
