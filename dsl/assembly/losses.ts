// How far two doubles are from what is expected of them: the errors of ../errors.ts, operation for operation.
import { exponentialOfAny, logarithmOfAny } from "./float64-kernels";

export const ABSOLUTE: i32 = 0;
export const RELATIVE: i32 = 1;
export const LOG_COSH: i32 = 2;
export const HUBER: i32 = 3;
export const CLASS: i32 = 4;
export const LOGISTIC: i32 = 5;
export const HINGE: i32 = 6;

// @ts-ignore: decorator
@inline
function splat(x: f64): v128 {
  return f64x2.splat(x);
}

/** log(1 + exp(−x)) for x ≥ 0. */
// @ts-ignore: decorator
@inline
function logOfOneAndExp(x: v128): v128 {
  const power = exponentialOfAny(f64x2.neg(f64x2.min(x, splat(700))));
  const sum = f64x2.add(splat(1), power);
  const rest = f64x2.div(f64x2.sub(power, f64x2.sub(sum, splat(1))), sum);
  return f64x2.add(logarithmOfAny(sum), rest);
}

function logCosh(difference: v128): v128 {
  const d = f64x2.abs(difference);
  const isNear = f64x2.lt(d, splat(0.0625));
  const z = f64x2.mul(d, d);
  const fourth = f64x2.add(splat(-17.0 / 2520.0), f64x2.mul(z, splat(31.0 / 14175.0)));
  const third = f64x2.add(splat(1.0 / 45.0), f64x2.mul(z, fourth));
  const second = f64x2.add(splat(-1.0 / 12.0), f64x2.mul(z, third));
  const near = f64x2.mul(z, f64x2.add(splat(0.5), f64x2.mul(z, second)));
  if (i64x2.all_true(isNear)) return near;
  const sum = f64x2.add(d, logOfOneAndExp(f64x2.mul(splat(2), d)));
  return v128.bitselect(near, f64x2.sub(sum, splat(0.6931471805599453)), isNear);
}

function logistic(margin: v128): v128 {
  return f64x2.add(f64x2.max(f64x2.neg(margin), splat(0)), logOfOneAndExp(f64x2.abs(margin)));
}

/** The error of a kind: of outcomes against what is expected, with the cases' scale. */
// @ts-ignore: decorator
@inline
export function errorOf(error: i32, outcome: v128, expected: v128, scale: usize): v128 {
  if (error === CLASS) {
    const isPositive = f64x2.gt(expected, splat(0));
    const isRight = v128.bitselect(f64x2.gt(outcome, splat(0)), f64x2.le(outcome, splat(0)), isPositive);
    return v128.andnot(v128.load(scale), isRight);
  }
  if (error === LOGISTIC) return logistic(f64x2.mul(expected, outcome));
  if (error === HINGE) return f64x2.max(splat(0), f64x2.sub(splat(1), f64x2.mul(expected, outcome)));
  if (error === LOG_COSH) return logCosh(f64x2.sub(outcome, expected));
  const difference = f64x2.abs(f64x2.sub(outcome, expected));
  if (error === RELATIVE) return f64x2.div(difference, v128.load(scale));
  if (error === HUBER) {
    const square = f64x2.mul(f64x2.mul(splat(0.5), difference), difference);
    return v128.bitselect(square, f64x2.sub(difference, splat(0.5)), f64x2.le(difference, splat(1)));
  }
  return difference;
}
