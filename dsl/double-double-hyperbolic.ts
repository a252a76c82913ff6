import { type DoubleDoubles, HYPERBOLIC, ONE } from "./double-double.ts";
import {
  exponential,
  exponentialLessOne,
  hyperbolicTangent,
  logarithm,
  logarithmOfSum,
} from "./double-double-functions.ts";

export { hyperbolicTangent };

// Hyperbolic functions and their inverses, accurate near their zeros.

const LOG_2_HIGH = 0.6931471805599453;
const LOG_2_LOW = 2.3190468138462996e-17;

/** From here on, exp(−2 a) and 1/a² are below what a pair holds. */
const LARGE_ANGLE = 40;
const LARGE = 1e17;

const SIZE = HYPERBOLIC;
const TERM: number = SIZE + 2;
const OTHER: number = TERM + 2;

/** exp(|a|) / 2 into `out`, also where exp(|a|) is no double any more. */
function halfExponential(numbers: DoubleDoubles, out: number, a: number): void {
  numbers.absolute(SIZE, a);
  numbers.scale(SIZE, SIZE, 0.5);
  exponential(numbers, SIZE, SIZE);
  numbers.scale(TERM, SIZE, 0.5);
  numbers.multiply(out, SIZE, TERM);
}

/** (m + m / (m + 1)) / 2 with m = exp(|a|) − 1, and the sign of a. */
export function hyperbolicSine(numbers: DoubleDoubles, out: number, a: number): void {
  const high = numbers.values[a] as number;
  if (high === 0 || high !== high) {
    numbers.copy(out, a);
    return;
  }
  if (Math.abs(high) > LARGE_ANGLE) halfExponential(numbers, out, a);
  else {
    numbers.absolute(SIZE, a);
    exponentialLessOne(numbers, SIZE, SIZE);
    numbers.add(TERM, SIZE, ONE);
    numbers.divide(TERM, SIZE, TERM);
    numbers.add(TERM, SIZE, TERM);
    numbers.scale(out, TERM, 0.5);
  }
  if (high < 0) numbers.negate(out, out);
}

export function hyperbolicCosine(numbers: DoubleDoubles, out: number, a: number): void {
  if (Math.abs(numbers.values[a] as number) > LARGE_ANGLE) {
    halfExponential(numbers, out, a);
    return;
  }
  exponential(numbers, SIZE, a);
  numbers.divide(TERM, ONE, SIZE);
  numbers.add(TERM, SIZE, TERM);
  numbers.scale(out, TERM, 0.5);
}

/** log(2 a) for a large a. */
function logarithmOfDouble(numbers: DoubleDoubles, out: number, a: number): void {
  logarithm(numbers, SIZE, a);
  numbers.set(TERM, LOG_2_HIGH, LOG_2_LOW);
  numbers.add(out, SIZE, TERM);
}

/** log(1 + |a| + a² / (1 + √(a² + 1))), and the sign of a. */
export function inverseHyperbolicSine(numbers: DoubleDoubles, out: number, a: number): void {
  const high = numbers.values[a] as number;
  if (high === 0) {
    numbers.copy(out, a);
    return;
  }
  numbers.absolute(SIZE, a);
  if (Math.abs(high) > LARGE) logarithmOfDouble(numbers, out, SIZE);
  else {
    numbers.multiply(TERM, SIZE, SIZE);
    numbers.add(OTHER, TERM, ONE);
    numbers.squareRoot(OTHER, OTHER);
    numbers.add(OTHER, OTHER, ONE);
    numbers.divide(TERM, TERM, OTHER);
    numbers.add(SIZE, SIZE, TERM);
    logarithmOfSum(numbers, out, SIZE);
  }
  if (high < 0) numbers.negate(out, out);
}

/** log(1 + t + √(t (t + 2))) with t = a − 1. */
export function inverseHyperbolicCosine(numbers: DoubleDoubles, out: number, a: number): void {
  if ((numbers.values[a] as number) > LARGE) {
    logarithmOfDouble(numbers, out, a);
    return;
  }
  numbers.subtract(SIZE, a, ONE);
  numbers.add(TERM, a, ONE);
  numbers.multiply(TERM, TERM, SIZE);
  numbers.squareRoot(TERM, TERM);
  numbers.add(SIZE, SIZE, TERM);
  logarithmOfSum(numbers, out, SIZE);
}

/** log(1 + 2 |a| / (1 − |a|)) / 2, and the sign of a. */
export function inverseHyperbolicTangent(numbers: DoubleDoubles, out: number, a: number): void {
  const high = numbers.values[a] as number;
  if (high === 0) {
    numbers.copy(out, a);
    return;
  }
  numbers.absolute(SIZE, a);
  numbers.subtract(TERM, ONE, SIZE);
  numbers.scale(SIZE, SIZE, 2);
  numbers.divide(SIZE, SIZE, TERM);
  logarithmOfSum(numbers, out, SIZE);
  numbers.scale(out, out, high < 0 ? -0.5 : 0.5);
}
