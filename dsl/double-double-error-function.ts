import { type DoubleDoubles, ONE, SPECIAL } from "./double-double.ts";
import { exponential } from "./double-double-functions.ts";
import { fixedPi, fixedProduct, fixedSeries, fixedSquareRoot } from "./fixed-point.ts";
import { TaylorTable } from "./taylor-table.ts";

// The error function and its complement, to a relative error below 1e−29 or as small as exp(−a²) lets it be.

const BITS = 640n;
const TERMS = 30;
const SPACING = 1 / 4;
/** Beyond, the asymptotic series is accurate. */
const LIMIT = 10;
const ASYMPTOTIC_TERMS = 45;

const ONE_OVER_ROOT_PI_HIGH = 0.5641895835477563;
const ONE_OVER_ROOT_PI_LOW = 7.66772980658294e-18;
const ROOT_HALF_HIGH = 0.7071067811865476;
const ROOT_HALF_LOW = -4.833646656726457e-17;

const ARGUMENT = SPECIAL;
const SQUARE: number = ARGUMENT + 2;
const FACTOR: number = SQUARE + 2;
const TERM: number = FACTOR + 2;

const one = 1n << BITS;
let slope = 0n;

/** 2/√π. */
function slopeAtZero(): bigint {
  if (slope === 0n) slope = (2n * one * one) / fixedSquareRoot(fixedPi(BITS), BITS);
  return slope;
}

/** exp(−c²). */
const bell = (c: bigint): bigint => fixedSeries(one, -fixedProduct(c, c, BITS), (k) => k, BITS);

function errorAt(c: bigint): bigint {
  // (−1)^k c^(2k+1) / (k! (2k+1)).
  const square = fixedProduct(c, c, BITS);
  let power = c;
  let sum = 0n;
  for (let k = 0n; power !== 0n; k++) {
    sum += power / (2n * k + 1n);
    power = fixedProduct(power, -square, BITS) / (k + 1n);
  }
  return fixedProduct(sum, slopeAtZero(), BITS);
}

/** erf on [−LIMIT, LIMIT]. */
const errors = new TaylorTable({
  spacing: SPACING,
  limit: LIMIT,
  bits: Number(BITS),
  coefficients: (c) => {
    // Of g = exp(−x²): g′ = −2 x g.
    const bells = [bell(c)];
    for (let n = 0; n < TERMS; n++) {
      const next = fixedProduct(c, bells[n] as bigint, BITS) + (bells[n - 1] ?? 0n);
      bells.push((-2n * next) / BigInt(n + 1));
    }
    return [errorAt(c), ...bells.map((g, n) => fixedProduct(slopeAtZero(), g, BITS) / BigInt(n + 1))];
  },
});

/** exp(x²) erfc(x) on [0, LIMIT], which falls slowly. */
const scaledComplements = new TaylorTable({
  spacing: SPACING,
  limit: LIMIT,
  bits: Number(BITS),
  coefficients: (c) => {
    // y′ = 2 x y − 2/√π.
    const values = [((one - errorAt(c)) << BITS) / bell(c)];
    for (let n = 0; n < TERMS; n++) {
      const next = 2n * (fixedProduct(c, values[n] as bigint, BITS) + (values[n - 1] ?? 0n));
      values.push((next - (n === 0 ? slopeAtZero() : 0n)) / BigInt(n + 1));
    }
    return values;
  },
});

/** exp(x²) erfc(x) for ARGUMENT = x > LIMIT and SQUARE = x²: (1 − 1 z (1 − 3 z (1 − 5 z …))) / (x √π) with z = 1 / (2 x²). */
function asymptotic(numbers: DoubleDoubles, out: number): void {
  numbers.scale(TERM, SQUARE, 2);
  numbers.divide(TERM, ONE, TERM);
  numbers.copy(out, ONE);
  for (let n = ASYMPTOTIC_TERMS; n > 0; n--) {
    numbers.multiply(out, out, TERM);
    numbers.set(FACTOR, 1 - 2 * n);
    numbers.multiply(out, out, FACTOR);
    numbers.add(out, out, ONE);
  }
  numbers.divide(out, out, ARGUMENT);
  numbers.set(FACTOR, ONE_OVER_ROOT_PI_HIGH, ONE_OVER_ROOT_PI_LOW);
  numbers.multiply(out, out, FACTOR);
}

export function errorFunction(numbers: DoubleDoubles, out: number, a: number): void {
  const high = numbers.values[a] as number;
  if (Math.abs(high) <= LIMIT) errors.evaluate(numbers, out, a);
  else numbers.set(out, Math.sign(high));
}

/** erfc(a): below the smallest numbers with full low doubles, from a = 25.6 on, it loses digits as exp(−a²) does. */
export function complementaryErrorFunction(numbers: DoubleDoubles, out: number, a: number): void {
  const high = numbers.values[a] as number;
  if (!(high >= 0)) {
    errorFunction(numbers, out, a);
    numbers.subtract(out, ONE, out);
    return;
  }
  if (high > 28) {
    numbers.set(out, 0);
    return;
  }
  numbers.copy(ARGUMENT, a);
  numbers.multiply(SQUARE, ARGUMENT, ARGUMENT);
  if (high <= LIMIT) scaledComplements.evaluate(numbers, out, ARGUMENT);
  else asymptotic(numbers, out);
  numbers.negate(SQUARE, SQUARE);
  exponential(numbers, SQUARE, SQUARE);
  numbers.multiply(out, out, SQUARE);
}

/** The part of the standard normal distribution below a: erfc(−a / √2) / 2. */
export function normalDistribution(numbers: DoubleDoubles, out: number, a: number): void {
  numbers.set(TERM, -ROOT_HALF_HIGH, -ROOT_HALF_LOW);
  numbers.multiply(TERM, a, TERM);
  complementaryErrorFunction(numbers, out, TERM);
  numbers.scale(out, out, 0.5);
}
