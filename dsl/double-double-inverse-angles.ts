import { type DoubleDoubles, INVERSE_ANGLES, ONE } from "./double-double.ts";
import { fixedProduct } from "./fixed-point.ts";
import { TaylorTable } from "./taylor-table.ts";

// Inverse functions of angles, each to a relative error below 1e−30.

const HALF_PI_HIGH = 1.5707963267948966;
const HALF_PI_LOW = 6.123233995736766e-17;

const BITS = 256n;
const TERMS = 24;

const ARGUMENT = INVERSE_ANGLES;
const OTHER: number = ARGUMENT + 2;
const SIZE: number = OTHER + 2;

/** atan on [−1, 1]. */
const table = new TaylorTable({
  spacing: 1 / 16,
  limit: 1,
  bits: Number(BITS),
  coefficients: (c) => {
    // Of the derivative: (1 + (c + h)²) y′ = 1.
    const one = 1n << BITS;
    const norm = one + fixedProduct(c, c, BITS);
    const slopes = [(one << BITS) / norm];
    for (let n = 1; n < TERMS; n++) {
      const before = 2n * c * (slopes[n - 1] as bigint) + ((slopes[n - 2] ?? 0n) << BITS);
      slopes.push(-before / norm);
    }
    // L. Euler, 1755: atan c = c/(1 + c²) (1 + 2/3 q + (2·4)/(3·5) q² + …) with q = c²/(1 + c²).
    const q = one - (slopes[0] as bigint);
    let term = fixedProduct(c, slopes[0] as bigint, BITS);
    let value = 0n;
    for (let k = 1n; term !== 0n && term !== -1n; k++) {
      value += term;
      term = (fixedProduct(term, q, BITS) * 2n * k) / (2n * k + 1n);
    }
    return [value, ...slopes.map((slope, n) => slope / BigInt(n + 1))];
  },
});

export function inverseTangent(numbers: DoubleDoubles, out: number, a: number): void {
  const high = numbers.values[a] as number;
  if (high === 0) numbers.copy(out, a);
  else if (Math.abs(high) <= 1) table.evaluate(numbers, out, a);
  else {
    // π/2 − atan(1 / |a|).
    const isNegative = high < 0;
    numbers.divide(SIZE, ONE, a);
    table.evaluate(numbers, SIZE, SIZE);
    numbers.set(OTHER, isNegative ? -HALF_PI_HIGH : HALF_PI_HIGH, isNegative ? -HALF_PI_LOW : HALF_PI_LOW);
    numbers.subtract(out, OTHER, SIZE);
  }
}

/** atan(a / √(1 − a²)). */
export function inverseSine(numbers: DoubleDoubles, out: number, a: number): void {
  numbers.copy(ARGUMENT, a);
  numbers.subtract(OTHER, ONE, a);
  numbers.add(SIZE, ONE, a);
  numbers.multiply(OTHER, OTHER, SIZE);
  numbers.squareRoot(OTHER, OTHER);
  numbers.divide(ARGUMENT, ARGUMENT, OTHER);
  inverseTangent(numbers, out, ARGUMENT);
}

/** 2 atan √((1 − a) / (1 + a)). */
export function inverseCosine(numbers: DoubleDoubles, out: number, a: number): void {
  numbers.subtract(ARGUMENT, ONE, a);
  numbers.add(OTHER, ONE, a);
  numbers.divide(ARGUMENT, ARGUMENT, OTHER);
  numbers.squareRoot(ARGUMENT, ARGUMENT);
  inverseTangent(numbers, out, ARGUMENT);
  numbers.scale(out, out, 2);
}
