import { type DoubleDoubles, ONE, SPECIAL } from "./double-double.ts";
import { exponential, logarithm, power } from "./double-double-functions.ts";
import { kernels } from "./kernels.ts";
import { scaled } from "./scaled.ts";

// Powers of 2 and 10, their logarithms, and powers with a whole exponent.

const LOG_2_HIGH = 0.6931471805599453;
const LOG_2_LOW = 2.3190468138462996e-17;
const LOG_10_HIGH = 2.302585092994046;
const LOG_10_LOW = -2.1707562233822494e-16;

/** Up to here powers are products; beyond, the logarithm is as accurate. */
const LARGEST_PRODUCT = 1024;

const BASE = SPECIAL;
const FACTOR: number = BASE + 2;

/** 2^a, exact where a is whole. */
export function powerOfTwo(numbers: DoubleDoubles, out: number, a: number): void {
  const v = numbers.values;
  const high = v[a] as number;
  if (!(high > -1100 && high < 1024)) {
    numbers.set(out, kernels.exp2(high));
    return;
  }
  const k = Math.round(high);
  numbers.set(FACTOR, -k);
  numbers.add(BASE, a, FACTOR);
  numbers.set(FACTOR, LOG_2_HIGH, LOG_2_LOW);
  numbers.multiply(BASE, BASE, FACTOR);
  exponential(numbers, BASE, BASE);
  const result = scaled(v[BASE] as number, k);
  v[out] = result;
  v[out + 1] = result - result === 0 ? scaled(v[BASE + 1] as number, k) : 0;
}

export function powerOfTen(numbers: DoubleDoubles, out: number, a: number): void {
  numbers.set(BASE, 10);
  const exponent = numbers.values[a] as number;
  if (isProduct(exponent, numbers.values[a + 1] as number)) wholePower(numbers, out, BASE, exponent);
  else power(numbers, out, BASE, a);
}

/** The logarithm to base 2, exact for powers of 2. */
export function logarithmToBaseTwo(numbers: DoubleDoubles, out: number, a: number): void {
  const v = numbers.values;
  const high = v[a] as number;
  if (!(high > 0 && high < Number.POSITIVE_INFINITY)) {
    numbers.set(out, kernels.log(high));
    return;
  }
  const k = Math.round(kernels.log2(high));
  numbers.set(BASE, scaled(high, -k), scaled(v[a + 1] as number, -k));
  logarithm(numbers, BASE, BASE);
  numbers.set(FACTOR, LOG_2_HIGH, LOG_2_LOW);
  numbers.divide(BASE, BASE, FACTOR);
  numbers.set(FACTOR, k);
  numbers.add(out, BASE, FACTOR);
}

export function logarithmToBaseTen(numbers: DoubleDoubles, out: number, a: number): void {
  logarithm(numbers, BASE, a);
  numbers.set(FACTOR, LOG_10_HIGH, LOG_10_LOW);
  numbers.divide(out, BASE, FACTOR);
}

/** Whether a number is a whole exponent for `wholePower`. */
export const isProduct = (high: number, low: number): boolean =>
  low === 0 && Math.floor(high) === high && Math.abs(high) <= LARGEST_PRODUCT;

/** a^exponent for a whole exponent, by multiplication. */
export function wholePower(numbers: DoubleDoubles, out: number, a: number, exponent: number): void {
  let rest = Math.abs(exponent);
  numbers.copy(BASE, a);
  // Of small numbers the inverse is taken first, since their powers could be too small for a pair.
  const isInvertedFirst = exponent < 0 && Math.abs(numbers.values[a] as number) < 1;
  if (isInvertedFirst) numbers.divide(BASE, ONE, BASE);
  numbers.copy(FACTOR, BASE);
  numbers.copy(BASE, ONE);
  for (; rest > 0; rest = Math.floor(rest / 2)) {
    if (rest % 2 === 1) numbers.multiply(BASE, BASE, FACTOR);
    if (rest > 1) numbers.multiply(FACTOR, FACTOR, FACTOR);
  }
  if (exponent < 0 && !isInvertedFirst) numbers.divide(out, ONE, BASE);
  else numbers.copy(out, BASE);
}
