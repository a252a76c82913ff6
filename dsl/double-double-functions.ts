import { type DoubleDoubles, FACTORIALS, FUNCTIONS, ONE } from "./double-double.ts";
import { kernels } from "./kernels.ts";
import { scaled } from "./scaled.ts";

export { cosine, sine, tangent } from "./double-double-angles.ts";

// Functions of double-double numbers: they read the pairs at addresses a and b and write the one at `out`.

// log(2) in pieces of 42 bits, so that a small integer times a piece is exact.
const LOG_2_A = 0.6931471805598903;
const LOG_2_B = 5.49792301870721e-14;
const LOG_2_C = 1.1612227229362531e-26;

/** From this term of the exponential's series on, plain doubles will do. */
const FIRST_PLAIN = 7;
const LAST_TERM = 12;

const SERIES_ARGUMENT = FUNCTIONS;
const SERIES: number = SERIES_ARGUMENT + 2;
const TERM: number = SERIES + 2;
const EXPONENT: number = TERM + 2;
const PIECE: number = EXPONENT + 2;
const LOGARITHM: number = PIECE + 2;
const LOGARITHM_GUESS: number = LOGARITHM + 2;
const LOGARITHM_POWER: number = LOGARITHM_GUESS + 2;
const MANTISSA: number = LOGARITHM_POWER + 2;
const OUTER: number = MANTISSA + 2;
const INNER: number = OUTER + 2;

/** exp(a) − 1 for |a| < 0.36: the series at a / 64, and six times (1 + s)² − 1. */
function exponentialRest(numbers: DoubleDoubles, out: number, a: number): void {
  const v = numbers.values;
  numbers.scale(SERIES_ARGUMENT, a, 1 / 64);
  const r = v[SERIES_ARGUMENT] as number;
  let plain = 0;
  for (let n = LAST_TERM; n >= FIRST_PLAIN; n--) plain = r * (plain + (v[FACTORIALS + 2 * n] as number));
  numbers.set(SERIES, plain);
  for (let n = FIRST_PLAIN - 1; n > 1; n--) {
    numbers.add(SERIES, SERIES, FACTORIALS + 2 * n);
    numbers.multiply(SERIES, SERIES, SERIES_ARGUMENT);
  }
  numbers.multiply(SERIES, SERIES, SERIES_ARGUMENT);
  numbers.add(SERIES, SERIES, SERIES_ARGUMENT);
  for (let k = 0; k < 6; k++) {
    numbers.multiply(TERM, SERIES, SERIES);
    numbers.scale(SERIES, SERIES, 2);
    numbers.add(SERIES, SERIES, TERM);
  }
  numbers.copy(out, SERIES);
}

export function exponential(numbers: DoubleDoubles, out: number, a: number): void {
  const v = numbers.values;
  const high = v[a] as number;
  if (!(high > -746 && high < 710)) {
    v[out] = kernels.exp(high);
    v[out + 1] = 0;
    return;
  }
  const k = Math.round(high * 1.4426950408889634);
  numbers.set(EXPONENT, high - k * LOG_2_A, -k * LOG_2_B);
  numbers.set(PIECE, v[a + 1] as number, -k * LOG_2_C);
  numbers.add(EXPONENT, EXPONENT, PIECE);
  exponentialRest(numbers, EXPONENT, EXPONENT);
  numbers.add(EXPONENT, EXPONENT, ONE);
  const result = scaled(v[EXPONENT] as number, k);
  v[out] = result;
  v[out + 1] = result - result === 0 ? scaled(v[EXPONENT + 1] as number, k) : 0;
}

/** exp(a) − 1, accurate near 0. */
export function exponentialLessOne(numbers: DoubleDoubles, out: number, a: number): void {
  const high = numbers.values[a] as number;
  if (high === 0) numbers.copy(out, a);
  else if (Math.abs(high) < 0.35) exponentialRest(numbers, out, a);
  else {
    exponential(numbers, out, a);
    numbers.subtract(out, out, ONE);
  }
}

/** log(1 + a) for −0.3 < a < 0.42: a step of Halley's from the double's logarithm. */
function logarithmRest(numbers: DoubleDoubles, out: number, a: number): void {
  const v = numbers.values;
  const high = v[a] as number;
  const guess = kernels.log1p(high);
  numbers.set(LOGARITHM_GUESS, guess);
  exponentialRest(numbers, LOGARITHM_POWER, LOGARITHM_GUESS);
  const between = 2 + high + (v[LOGARITHM_POWER] as number);
  numbers.subtract(LOGARITHM_POWER, a, LOGARITHM_POWER);
  numbers.set(out, guess, (2 * (v[LOGARITHM_POWER] as number)) / between);
}

export function logarithm(numbers: DoubleDoubles, out: number, a: number): void {
  const v = numbers.values;
  const high = v[a] as number;
  if (!(high > 0 && high < Number.POSITIVE_INFINITY)) {
    v[out] = kernels.log(high);
    v[out + 1] = 0;
    return;
  }
  const k = Math.round(kernels.log2(high));
  numbers.set(MANTISSA, scaled(high, -k), scaled(v[a + 1] as number, -k));
  numbers.subtract(MANTISSA, MANTISSA, ONE);
  if ((v[MANTISSA] as number) === 0) numbers.set(LOGARITHM, 0);
  else logarithmRest(numbers, LOGARITHM, MANTISSA);
  numbers.set(PIECE, k * LOG_2_C);
  numbers.add(LOGARITHM, LOGARITHM, PIECE);
  numbers.set(PIECE, k * LOG_2_A, k * LOG_2_B);
  numbers.add(out, LOGARITHM, PIECE);
}

/** log(1 + a), accurate near 0. */
export function logarithmOfSum(numbers: DoubleDoubles, out: number, a: number): void {
  const high = numbers.values[a] as number;
  if (high === 0) numbers.copy(out, a);
  else if (high > -0.29 && high < 0.41) logarithmRest(numbers, out, a);
  else {
    numbers.add(out, a, ONE);
    logarithm(numbers, out, out);
  }
}

/**
 * a^b; for a negative a only where b is an integer. Where doubles give 0, an infinity or NaN for the high doubles, so does this.
 */
export function power(numbers: DoubleDoubles, out: number, a: number, b: number): void {
  const v = numbers.values;
  const aHigh = v[a] as number;
  const bHigh = v[b] as number;
  const rough = kernels.pow(Math.abs(aHigh), bHigh);
  if (
    aHigh === 0 ||
    bHigh === 0 ||
    rough === 0 ||
    !(rough < Number.POSITIVE_INFINITY) ||
    aHigh - aHigh !== 0
  ) {
    v[out] = kernels.pow(aHigh, bHigh);
    v[out + 1] = 0;
    return;
  }
  let sign = 1;
  if (aHigh < 0) {
    const bLow = v[b + 1] as number;
    const isInteger = Math.floor(bHigh) === bHigh && Math.floor(bLow) === bLow;
    sign = isInteger ? (((bHigh % 2) + (bLow % 2)) % 2 === 0 ? 1 : -1) : Number.NaN;
  }
  numbers.copy(INNER, b);
  numbers.absolute(OUTER, a);
  logarithm(numbers, OUTER, OUTER);
  numbers.multiply(OUTER, OUTER, INNER);
  exponential(numbers, OUTER, OUTER);
  v[out] = sign * (v[OUTER] as number);
  v[out + 1] = sign - sign === 0 ? sign * (v[OUTER + 1] as number) : 0;
}

export function hyperbolicTangent(numbers: DoubleDoubles, out: number, a: number): void {
  const v = numbers.values;
  const high = v[a] as number;
  if (!(high > -38 && high < 38) || high === 0) {
    v[out] = kernels.tanh(high);
    v[out + 1] = 0;
    return;
  }
  // m / (m + 2) with m = exp(2 |a|) − 1.
  numbers.absolute(OUTER, a);
  numbers.scale(OUTER, OUTER, 2);
  exponentialLessOne(numbers, OUTER, OUTER);
  numbers.set(INNER, 2);
  numbers.add(INNER, OUTER, INNER);
  numbers.divide(out, OUTER, INNER);
  if (high < 0) numbers.negate(out, out);
}
