// The kernels of dsl/kernels.ts, two doubles at a time: the same operations in the same order, so the same bits.
// Subnormals, huge angles and their like are left to the scalar kernels of the host.

import { sineOrCosineOf, isTangentRegular, tangentOf } from "./float64-circular";
import { c, CBRT_0, CBRT_1, CBRT_2, CBRT_3, CBRT_4, CBRT_SPLIT, EXP_ALL, EXP_LIMIT, INFINITE, LARGEST, LARGEST_SUM, LEAST_NORMAL, MINUS_ONE, NO_NUMBER, ONE, REDUCIBLE, select, signOf, SMALLEST_SUM, TANGENT_SMALL, ZERO } from "./float64-constants";
import { expm1Of, exponentialOf, hyperbolicTangentOf } from "./float64-exponentials";
import { isPowerRegular, log1pOf, logarithmOf, powerOf } from "./float64-powers";
import { operand, outOf, stepOf } from "./instruction";
import { COSINE, CUBE_ROOT, EXPONENTIAL, EXPONENTIAL_LESS_ONE, HYPERBOLIC_TANGENT, LOGARITHM, LOGARITHM_OF_SUM, SINE, TANGENT } from "./operations";

// @ts-ignore: decorator
@external("kernels", "exp")
declare function scalarExp(x: f64): f64;
// @ts-ignore: decorator
@external("kernels", "expm1")
declare function scalarExpm1(x: f64): f64;
// @ts-ignore: decorator
@external("kernels", "log")
declare function scalarLog(x: f64): f64;
// @ts-ignore: decorator
@external("kernels", "log1p")
declare function scalarLog1p(x: f64): f64;
// @ts-ignore: decorator
@external("kernels", "cbrt")
declare function scalarCbrt(x: f64): f64;
// @ts-ignore: decorator
@external("kernels", "sin")
declare function scalarSin(x: f64): f64;
// @ts-ignore: decorator
@external("kernels", "cos")
declare function scalarCos(x: f64): f64;
// @ts-ignore: decorator
@external("kernels", "tan")
declare function scalarTan(x: f64): f64;
// @ts-ignore: decorator
@external("kernels", "pow")
declare function scalarPow(x: f64, y: f64): f64;

/** For normal doubles. */
// @ts-ignore: decorator
@inline
function cubeRootOf(x: v128): v128 {
  const magnitude = f64x2.abs(x);
  // A third of the upper word: the product with 2^33 / 3, shifted.
  const words = v128.shuffle<i32>(magnitude, magnitude, 1, 3, 1, 3);
  const thirds = i64x2.shr_u(i64x2.extmul_low_i32x4_u(words, i32x4.splat(0xaaaaaaab)), 33);
  const guess = i64x2.shl(i64x2.add(thirds, i64x2.splat(715094163)), 32);
  const d = f64x2.sub(f64x2.mul(f64x2.mul(guess, guess), f64x2.div(guess, magnitude)), c(ONE));
  const square = f64x2.mul(d, d);
  const p = f64x2.add(
    f64x2.sub(c(CBRT_0), f64x2.mul(d, c(CBRT_1))),
    f64x2.mul(
      square,
      f64x2.add(f64x2.sub(c(CBRT_2), f64x2.mul(d, c(CBRT_3))), f64x2.mul(square, c(CBRT_4))),
    ),
  );
  const close = f64x2.mul(guess, p);
  const scaled = f64x2.mul(close, c(CBRT_SPLIT));
  const t = f64x2.sub(scaled, f64x2.sub(scaled, close));
  const ratio = f64x2.div(magnitude, f64x2.mul(t, t));
  const step = f64x2.div(f64x2.sub(ratio, t), f64x2.add(f64x2.add(t, t), ratio));
  return v128.or(f64x2.add(t, f64x2.mul(t, step)), signOf(x));
}

// @ts-ignore: decorator
@inline
function apply(operation: i32, x: v128): v128 {
  if (operation == EXPONENTIAL) return exponentialOf(x, x, false);
  if (operation == EXPONENTIAL_LESS_ONE) return expm1Of(x);
  if (operation == LOGARITHM) return logarithmOf(x);
  if (operation == LOGARITHM_OF_SUM) return log1pOf(x);
  if (operation == CUBE_ROOT) return cubeRootOf(x);
  if (operation == TANGENT) return tangentOf(x);
  if (operation == HYPERBOLIC_TANGENT) return hyperbolicTangentOf(x);
  return sineOrCosineOf(x, operation == COSINE);
}

/** Lanes for which `apply` is right. */
// @ts-ignore: decorator
@inline
function isRegular(operation: i32, x: v128): v128 {
  const magnitude = f64x2.abs(x);
  if (operation == EXPONENTIAL) return f64x2.le(magnitude, c(EXP_LIMIT));
  if (operation == EXPONENTIAL_LESS_ONE)
    return v128.and(f64x2.lt(magnitude, c(EXP_LIMIT)), f64x2.ne(x, c(ZERO)));
  if (operation == LOGARITHM) return v128.and(f64x2.ge(x, c(LEAST_NORMAL)), f64x2.lt(x, c(INFINITE)));
  if (operation == LOGARITHM_OF_SUM)
    return v128.and(
      v128.and(f64x2.gt(x, c(MINUS_ONE)), f64x2.le(x, c(LARGEST_SUM))),
      f64x2.ge(magnitude, c(SMALLEST_SUM)),
    );
  if (operation == CUBE_ROOT)
    return v128.and(f64x2.ge(magnitude, c(LEAST_NORMAL)), f64x2.lt(magnitude, c(INFINITE)));
  if (operation == TANGENT) return isTangentRegular(x);
  if (operation == HYPERBOLIC_TANGENT) return f64x2.eq(x, x);
  return f64x2.lt(magnitude, c(REDUCIBLE));
}

/** What lanes give that are neither regular nor far. */
// @ts-ignore: decorator
@inline
function special(operation: i32, x: v128): v128 {
  // Infinity above, the least value below, and NaN, which pmax leaves.
  if (operation == EXPONENTIAL) return f64x2.pmax(f64x2.mul(x, c(LARGEST)), c(ZERO));
  if (operation == EXPONENTIAL_LESS_ONE) return f64x2.pmax(f64x2.mul(x, c(LARGEST)), c(MINUS_ONE));
  // All ones, a NaN, below the pole; less infinity at it.
  if (operation == LOGARITHM || operation == LOGARITHM_OF_SUM) {
    const pole = operation == LOGARITHM ? c(ZERO) : c(MINUS_ONE);
    return f64x2.sub(v128.or(x, f64x2.lt(x, pole)), v128.and(c(INFINITE), f64x2.eq(x, pole)));
  }
  if (operation == CUBE_ROOT || operation == HYPERBOLIC_TANGENT) return x;
  if (operation == TANGENT) return v128.or(x, f64x2.ge(f64x2.abs(x), c(INFINITE)));
  return c(NO_NUMBER);
}

/** Irregular lanes that are left to the scalar kernels of the host. */
// @ts-ignore: decorator
@inline
function isFar(operation: i32, x: v128, regular: v128): v128 {
  const magnitude = f64x2.abs(x);
  if (operation == EXPONENTIAL) return v128.andnot(f64x2.lt(magnitude, c(EXP_ALL)), regular);
  if (operation == EXPONENTIAL_LESS_ONE) return v128.and(f64x2.ge(x, c(EXP_LIMIT)), f64x2.lt(x, c(EXP_ALL)));
  if (operation == LOGARITHM) return v128.and(f64x2.gt(x, c(ZERO)), f64x2.lt(x, c(LEAST_NORMAL)));
  if (operation == LOGARITHM_OF_SUM) return v128.and(f64x2.gt(x, c(LARGEST_SUM)), f64x2.lt(x, c(INFINITE)));
  if (operation == CUBE_ROOT) return v128.and(f64x2.gt(magnitude, c(ZERO)), f64x2.lt(magnitude, c(LEAST_NORMAL)));
  if (operation == TANGENT) {
    const isTaken = v128.and(f64x2.ge(magnitude, c(TANGENT_SMALL)), f64x2.lt(magnitude, c(INFINITE)));
    return v128.andnot(isTaken, regular);
  }
  if (operation == HYPERBOLIC_TANGENT) return c(ZERO);
  return v128.and(f64x2.ge(magnitude, c(REDUCIBLE)), f64x2.lt(magnitude, c(INFINITE)));
}

// @ts-ignore: decorator
@inline
function scalar(operation: i32, x: f64): f64 {
  if (operation == EXPONENTIAL) return scalarExp(x);
  if (operation == EXPONENTIAL_LESS_ONE) return scalarExpm1(x);
  if (operation == LOGARITHM) return scalarLog(x);
  if (operation == LOGARITHM_OF_SUM) return scalarLog1p(x);
  if (operation == CUBE_ROOT) return scalarCbrt(x);
  if (operation == SINE) return scalarSin(x);
  if (operation == COSINE) return scalarCos(x);
  if (operation == TANGENT) return scalarTan(x);
  return x;
}

/** y with its far lanes put right. */
// @ts-ignore: decorator
@inline
function applyFar(operation: i32, x: v128, y: v128, far: v128): v128 {
  if (i64x2.extract_lane(far, 0) != 0) y = f64x2.replace_lane(y, 0, scalar(operation, f64x2.extract_lane(x, 0)));
  if (i64x2.extract_lane(far, 1) != 0) y = f64x2.replace_lane(y, 1, scalar(operation, f64x2.extract_lane(x, 1)));
  return y;
}

// @ts-ignore: decorator
@inline
function applyToAny(operation: i32, x: v128): v128 {
  const y = apply(operation, x);
  const regular = isRegular(operation, x);
  if (i64x2.all_true(regular)) return y;
  return applyFar(operation, x, select(regular, y, special(operation, x)), isFar(operation, x, regular));
}

/** exp of any two doubles. */
export function exponentialOfAny(x: v128): v128 {
  return applyToAny(EXPONENTIAL, x);
}

/** log of any two doubles. */
export function logarithmOfAny(x: v128): v128 {
  return applyToAny(LOGARITHM, x);
}

/** Needs a place for the result that is no operand: what is not regular is looked at again. */
// @ts-ignore: decorator
@inline
function loop(operation: i32, instruction: usize, block: usize, bytes: usize): void {
  let out = outOf(instruction, block);
  let a = operand(instruction, 0, block);
  const step = stepOf(instruction, 0);
  const end = out + bytes;
  do {
    const r0 = isRegular(operation, v128.load(a));
    const r1 = isRegular(operation, v128.load(a, 16));
    const r2 = isRegular(operation, v128.load(a, 32));
    const r3 = isRegular(operation, v128.load(a, 48));
    // Columns that are no numbers at all are common: nothing is computed for them.
    if (v128.any_true(v128.or(v128.or(r0, r1), v128.or(r2, r3))))
      // One at a time: two bodies side by side need more registers than there are.
      for (let k: usize = 0; k < 64; k += 16) v128.store(out + k, apply(operation, v128.load(a + k)));
    if (!i64x2.all_true(v128.and(v128.and(r0, r1), v128.and(r2, r3)))) {
      const x0 = v128.load(a);
      const x1 = v128.load(a, 16);
      const x2 = v128.load(a, 32);
      const x3 = v128.load(a, 48);
      v128.store(out, select(r0, v128.load(out), special(operation, x0)));
      v128.store(out, select(r1, v128.load(out, 16), special(operation, x1)), 16);
      v128.store(out, select(r2, v128.load(out, 32), special(operation, x2)), 32);
      v128.store(out, select(r3, v128.load(out, 48), special(operation, x3)), 48);
      const far = v128.or(
        v128.or(isFar(operation, x0, r0), isFar(operation, x1, r1)),
        v128.or(isFar(operation, x2, r2), isFar(operation, x3, r3)),
      );
      if (v128.any_true(far))
        for (let k: usize = 0; k < 64; k += 16) {
          const x = v128.load(a + k);
          const isLeft = isFar(operation, x, isRegular(operation, x));
          v128.store(out + k, applyFar(operation, x, v128.load(out + k), isLeft));
        }
    }
    a += step;
    out += 64;
  } while (out < end);
}

export function exponential(instruction: usize, block: usize, bytes: usize): void {
  loop(EXPONENTIAL, instruction, block, bytes);
}
export function logarithm(instruction: usize, block: usize, bytes: usize): void {
  loop(LOGARITHM, instruction, block, bytes);
}
export function sine(instruction: usize, block: usize, bytes: usize): void {
  loop(SINE, instruction, block, bytes);
}
export function cosine(instruction: usize, block: usize, bytes: usize): void {
  loop(COSINE, instruction, block, bytes);
}

export function tangent(instruction: usize, block: usize, bytes: usize): void {
  loop(TANGENT, instruction, block, bytes);
}
export function hyperbolicTangent(instruction: usize, block: usize, bytes: usize): void {
  loop(HYPERBOLIC_TANGENT, instruction, block, bytes);
}
export function exponentialLessOne(instruction: usize, block: usize, bytes: usize): void {
  loop(EXPONENTIAL_LESS_ONE, instruction, block, bytes);
}
export function logarithmOfSum(instruction: usize, block: usize, bytes: usize): void {
  loop(LOGARITHM_OF_SUM, instruction, block, bytes);
}
export function cubeRoot(instruction: usize, block: usize, bytes: usize): void {
  loop(CUBE_ROOT, instruction, block, bytes);
}

/** The power with the lanes put right that are left to the host. */
function powerFar(x: v128, y: v128, power: v128, isLeft: v128): v128 {
  if (i64x2.extract_lane(isLeft, 0) != 0)
    power = f64x2.replace_lane(power, 0, scalarPow(f64x2.extract_lane(x, 0), f64x2.extract_lane(y, 0)));
  if (i64x2.extract_lane(isLeft, 1) != 0)
    power = f64x2.replace_lane(power, 1, scalarPow(f64x2.extract_lane(x, 1), f64x2.extract_lane(y, 1)));
  return power;
}

export function power(instruction: usize, block: usize, bytes: usize): void {
  let out = outOf(instruction, block);
  let a = operand(instruction, 0, block);
  let b = operand(instruction, 1, block);
  const aStep = stepOf(instruction, 0);
  const bStep = stepOf(instruction, 1);
  const end = out + bytes;
  do {
    for (let k: usize = 0; k < 64; k += 16) {
      const x = v128.load(a + k);
      const y = v128.load(b + k);
      const isRegular = isPowerRegular(x, y);
      let result = x;
      if (v128.any_true(isRegular)) result = powerOf(x, y);
      const isMarked = i64x2.eq(result, i64x2.splat(1));
      if (!i64x2.all_true(isRegular) || v128.any_true(isMarked)) {
        const isNone = v128.or(f64x2.ne(y, y), v128.and(f64x2.ne(x, x), f64x2.ne(y, c(ZERO))));
        result = select(isNone, c(NO_NUMBER), result);
        const isLeft = v128.andnot(v128.or(v128.not(isRegular), isMarked), isNone);
        if (v128.any_true(isLeft)) result = powerFar(x, y, result, isLeft);
      }
      v128.store(out + k, result);
    }
    a += aStep;
    b += bStep;
    out += 64;
  } while (out < end);
}
