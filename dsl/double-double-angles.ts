import { ANGLES, type DoubleDoubles, FACTORIALS, ONE } from "./double-double.ts";
import { fixedPi, setFixed } from "./fixed-point.ts";

/** Fractional bits of the fixed-point numbers that reduce angles exactly. */
const ANGLE_BITS = 1400n;

// π/2 in pieces of 36 bits, so that a small integer times a piece is exact.
const HALF_PI_A = 1.5707963267923333;
const HALF_PI_B = 2.5633441514780767e-12;
const HALF_PI_C = 1.1644211747219087e-22;
const HALF_PI_D = 1.5841030061604075e-33;

/** From this term of the series on, plain doubles will do. */
const FIRST_PLAIN = 18;
const LAST_TERM = 29;

const ANGLE = ANGLES;
const ANGLE_SQUARE: number = ANGLE + 2;
const SINE: number = ANGLE_SQUARE + 2;
const COSINE: number = SINE + 2;
const PIECE: number = COSINE + 2;

const bitsOf = new DataView(new ArrayBuffer(8));

/** A finite double as an integer with ANGLE_BITS fractional bits: exact. */
function fixedPoint(value: number): bigint {
  bitsOf.setFloat64(0, value);
  const bits = bitsOf.getBigUint64(0);
  const exponent = (bits >> 52n) & 0x7ffn;
  const mantissa = (bits & 0xfffffffffffffn) | (exponent === 0n ? 0n : 0x10000000000000n);
  const size = mantissa << (ANGLE_BITS - 1075n + (exponent === 0n ? 1n : exponent));
  return value < 0 ? -size : size;
}

let halfPi = 0n;

/** π/2 with ANGLE_BITS fractional bits. */
function fixedHalfPi(): bigint {
  if (halfPi === 0n) halfPi = fixedPi(ANGLE_BITS) / 2n;
  return halfPi;
}

/** Takes multiples of π/2 from a finite a, into ANGLE: what is left is in ±π/4, and the multiples modulo 4. */
function reduce(numbers: DoubleDoubles, a: number): number {
  const v = numbers.values;
  const high = v[a] as number;
  const low = v[a + 1] as number;
  if (Math.abs(high) < 0.785) {
    numbers.copy(ANGLE, a);
    return 0;
  }
  if (Math.abs(high) < 100_000) {
    const k = Math.round(high * 0.6366197723675814);
    numbers.set(ANGLE, high - k * HALF_PI_A, -k * HALF_PI_B);
    numbers.set(PIECE, low, -k * HALF_PI_C);
    numbers.add(ANGLE, ANGLE, PIECE);
    numbers.set(PIECE, -k * HALF_PI_D);
    numbers.add(ANGLE, ANGLE, PIECE);
    if (Math.abs(v[ANGLE] as number) > 1e-10) return k & 3;
  }
  return reduceExactly(numbers, high, low);
}

function reduceExactly(numbers: DoubleDoubles, high: number, low: number): number {
  const x = fixedPoint(high) + fixedPoint(low);
  const quarter = fixedHalfPi();
  const doubled = 2n * x + quarter;
  // BigInt division goes towards zero.
  const k = doubled / (2n * quarter) - (doubled < 0n ? 1n : 0n);
  const rest = x - k * quarter;
  setFixed(numbers, ANGLE, rest, Number(ANGLE_BITS));
  return Number(k & 3n);
}

/** r^k/k! − r^(k+2)/(k+2)! + … for ANGLE = r: what follows the first term of sine (k = 3) and of cosine (k = 2), over r^(k−2). */
function alternating(numbers: DoubleDoubles, out: number, from: number): void {
  const v = numbers.values;
  const z = v[ANGLE_SQUARE] as number;
  let n = LAST_TERM - ((LAST_TERM - from) & 1);
  let plain = 0;
  for (; n >= FIRST_PLAIN; n -= 2) plain = -z * (plain + (v[FACTORIALS + 2 * n] as number));
  numbers.set(out, plain);
  for (; n >= from; n -= 2) {
    numbers.add(out, out, FACTORIALS + 2 * n);
    numbers.multiply(out, out, ANGLE_SQUARE);
    numbers.negate(out, out);
  }
}

/** Sine and cosine of ANGLE. */
function sineAndCosine(numbers: DoubleDoubles): void {
  numbers.multiply(ANGLE_SQUARE, ANGLE, ANGLE);
  alternating(numbers, SINE, 3);
  numbers.multiply(SINE, SINE, ANGLE);
  numbers.add(SINE, SINE, ANGLE);
  alternating(numbers, COSINE, 2);
  numbers.add(COSINE, COSINE, ONE);
}

/** Sine of a + quarters × π/2. */
function turned(numbers: DoubleDoubles, out: number, a: number, quarters: number): void {
  const v = numbers.values;
  const high = v[a] as number;
  if (high - high !== 0 || (high === 0 && quarters === 0)) {
    v[out] = high - high === 0 ? high : Number.NaN;
    v[out + 1] = 0;
    return;
  }
  const quadrant = reduce(numbers, a) + quarters;
  sineAndCosine(numbers);
  const from = (quadrant & 1) === 0 ? SINE : COSINE;
  if ((quadrant & 2) === 0) numbers.copy(out, from);
  else numbers.negate(out, from);
}

export function sine(numbers: DoubleDoubles, out: number, a: number): void {
  turned(numbers, out, a, 0);
}

export function cosine(numbers: DoubleDoubles, out: number, a: number): void {
  turned(numbers, out, a, 1);
}

export function tangent(numbers: DoubleDoubles, out: number, a: number): void {
  const v = numbers.values;
  const high = v[a] as number;
  if (high === 0 || high - high !== 0) {
    v[out] = high === 0 ? high : Number.NaN;
    v[out + 1] = 0;
    return;
  }
  const quadrant = reduce(numbers, a);
  sineAndCosine(numbers);
  if ((quadrant & 1) === 0) numbers.divide(out, SINE, COSINE);
  else {
    numbers.negate(COSINE, COSINE);
    numbers.divide(out, COSINE, SINE);
  }
}
