import { type DoubleDoubles, ONE, SPECIAL } from "./double-double.ts";
import { sine } from "./double-double-angles.ts";
import { exponential, logarithm } from "./double-double-functions.ts";

// The gamma function and the logarithm of its size, by J. Stirling's series, 1730.

/** From here on Stirling's series is accurate to 1e−34. */
const STIRLING_FROM = 30;
const LARGEST = 172;

/** B(2k) / (2k (2k − 1)) for k = 1, 2 …: numerator and denominator. */
const STIRLING: readonly (readonly [number, number])[] = [
  [1, 12],
  [-1, 360],
  [1, 1260],
  [-1, 1680],
  [1, 1188],
  [-691, 360_360],
  [1, 156],
  [-3617, 122_400],
  [43_867, 244_188],
  [-174_611, 125_400],
  [77_683, 5796],
  [-236_364_091, 1_506_960],
  [657_931, 300],
];

const HALF_LOG_2_PI_HIGH = 0.9189385332046728;
const HALF_LOG_2_PI_LOW = -3.8782941580672414e-17;
const PI_HIGH = 3.141592653589793;
const PI_LOW = 1.2246467991473532e-16;

const SHIFTED = SPECIAL;
const PRODUCT: number = SHIFTED + 2;
const TERM: number = PRODUCT + 2;
const OTHER: number = TERM + 2;
const SUM: number = OTHER + 2;
const REFLECTED: number = SUM + 2;
const NUMERATOR: number = REFLECTED + 2;

/** log Γ(a) for a > 0 as SUM − log PRODUCT: PRODUCT = a (a + 1) … below STIRLING_FROM. */
function stirling(numbers: DoubleDoubles, a: number): void {
  const v = numbers.values;
  numbers.copy(SHIFTED, a);
  numbers.copy(PRODUCT, ONE);
  while ((v[SHIFTED] as number) < STIRLING_FROM) {
    numbers.multiply(PRODUCT, PRODUCT, SHIFTED);
    numbers.add(SHIFTED, SHIFTED, ONE);
  }
  numbers.divide(OTHER, ONE, SHIFTED);
  numbers.multiply(OTHER, OTHER, OTHER);
  numbers.set(SUM, 0);
  for (let k = STIRLING.length - 1; k >= 0; k--) {
    const [numerator, denominator] = STIRLING[k] as readonly [number, number];
    numbers.multiply(SUM, SUM, OTHER);
    numbers.set(TERM, denominator);
    numbers.set(NUMERATOR, numerator);
    numbers.divide(TERM, NUMERATOR, TERM);
    numbers.add(SUM, SUM, TERM);
  }
  numbers.divide(SUM, SUM, SHIFTED);
  // + (x − 1/2) log x − x + log(2 π) / 2
  logarithm(numbers, OTHER, SHIFTED);
  numbers.set(TERM, -0.5);
  numbers.add(TERM, SHIFTED, TERM);
  numbers.multiply(OTHER, OTHER, TERM);
  numbers.add(SUM, SUM, OTHER);
  numbers.subtract(SUM, SUM, SHIFTED);
  numbers.set(TERM, HALF_LOG_2_PI_HIGH, HALF_LOG_2_PI_LOW);
  numbers.add(SUM, SUM, TERM);
}

/** Γ(a), NaN at 0 and the negative integers. */
export function gamma(numbers: DoubleDoubles, out: number, a: number): void {
  const v = numbers.values;
  const high = v[a] as number;
  if (high > LARGEST || high !== high) {
    numbers.set(out, high > 0 ? Number.POSITIVE_INFINITY : Number.NaN);
    return;
  }
  if (high >= 0.5) {
    stirling(numbers, a);
    exponential(numbers, SUM, SUM);
    numbers.divide(out, SUM, PRODUCT);
    return;
  }
  if (!sineOfAngle(numbers, a)) {
    numbers.set(out, Number.NaN);
    return;
  }
  // π / (sin(π a) Γ(1 − a))
  numbers.subtract(TERM, ONE, a);
  stirling(numbers, TERM);
  numbers.negate(SUM, SUM);
  exponential(numbers, SUM, SUM);
  numbers.multiply(SUM, SUM, PRODUCT);
  numbers.divide(SUM, SUM, REFLECTED);
  numbers.set(TERM, PI_HIGH, PI_LOW);
  numbers.multiply(out, SUM, TERM);
}

/** log |Γ(a)|, accurate to 1e−29 of the larger of it and 1; infinite at 0 and the negative integers. */
export function logarithmOfGamma(numbers: DoubleDoubles, out: number, a: number): void {
  const v = numbers.values;
  const high = v[a] as number;
  if (high - high !== 0) {
    numbers.set(out, Math.abs(high));
    return;
  }
  const isReflected = high < 0.5;
  if (isReflected && !sineOfAngle(numbers, a)) {
    numbers.set(out, Number.POSITIVE_INFINITY);
    return;
  }
  if (isReflected) numbers.subtract(TERM, ONE, a);
  stirling(numbers, isReflected ? TERM : a);
  logarithm(numbers, OTHER, PRODUCT);
  numbers.subtract(SUM, SUM, OTHER);
  if (isReflected) {
    // log(π / |sin(π a)|) − log Γ(1 − a)
    numbers.absolute(REFLECTED, REFLECTED);
    numbers.set(TERM, PI_HIGH, PI_LOW);
    numbers.divide(TERM, TERM, REFLECTED);
    logarithm(numbers, TERM, TERM);
    numbers.subtract(SUM, TERM, SUM);
  }
  numbers.copy(out, SUM);
}

/** sin(π a) into REFLECTED; false where it is 0. */
function sineOfAngle(numbers: DoubleDoubles, a: number): boolean {
  const v = numbers.values;
  const whole = Math.round(v[a] as number);
  numbers.set(TERM, -whole);
  numbers.add(REFLECTED, a, TERM);
  numbers.set(TERM, PI_HIGH, PI_LOW);
  numbers.multiply(REFLECTED, REFLECTED, TERM);
  sine(numbers, REFLECTED, REFLECTED);
  if (whole % 2 !== 0) numbers.negate(REFLECTED, REFLECTED);
  return (v[REFLECTED] as number) !== 0;
}
