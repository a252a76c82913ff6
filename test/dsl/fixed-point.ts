import * as reference from "./kernel-reference.ts";

// A reference for functions of pairs of doubles: integers with FRACTION fractional bits, far more digits than what is tested has.

const BITS = 1500;
export const FRACTION = BigInt(BITS);
const ONE = 1n << FRACTION;

export const multiplied = (a: bigint, b: bigint): bigint => (a * b) >> FRACTION;
export const divided = (a: bigint, b: bigint): bigint => (a << FRACTION) / b;

/** A double as a fixed-point number; exact for doubles that are multiples of 2^−FRACTION, as all are. */
export const fixed = (value: number): bigint => reference.fixed(reference.exactly(value), BITS);

/** A decimal such as -1.5e-7 as a fixed-point number. */
export function decimal(text: string): bigint {
  const [mantissa = "", exponent = "0"] = text.split("e");
  const [whole = "", fraction = ""] = mantissa.split(".");
  const scale = Number(exponent) - fraction.length;
  const digits = BigInt(whole + fraction) << FRACTION;
  return scale < 0 ? digits / 10n ** BigInt(-scale) : digits * 10n ** BigInt(scale);
}

/** |a − b| / |b|, as a double. */
export function relativeError(a: bigint, b: bigint): number {
  const difference = a > b ? a - b : b - a;
  if (difference === 0n) return 0;
  return Number((difference << 200n) / (b < 0n ? -b : b)) / 2 ** 200;
}

export const pi: bigint =
  16n * reference.arctanOfReciprocal(5n, BITS) - 4n * reference.arctanOfReciprocal(239n, BITS);
const logarithm2 = reference.twiceArtanh(1n, 3n, BITS);

export function exponential(x: bigint): bigint {
  const k = reference.roundedQuotient(x, logarithm2);
  const r = (x - k * logarithm2) >> 16n;
  let term = ONE;
  let sum = 0n;
  for (let n = 1n; term !== 0n && term !== -1n; n++) {
    sum += term;
    term = multiplied(term, r) / n;
  }
  for (let i = 0; i < 16; i++) sum = multiplied(sum, sum);
  return k >= 0n ? sum << k : sum >> -k;
}

/** Of a positive number. */
export function logarithm(x: bigint): bigint {
  const k = reference.bitLength(x) - 1 - BITS;
  const m = reference.shift(x, -k);
  return BigInt(k) * logarithm2 + reference.twiceArtanh(m - ONE, m + ONE, BITS);
}

function series(x: bigint, first: bigint): bigint {
  const square = multiplied(x, x);
  let term = first === 0n ? ONE : x;
  let sum = 0n;
  for (let n = first; term !== 0n && term !== -1n; n += 2n) {
    sum += term;
    term = -multiplied(term, square) / ((n + 1n) * (n + 2n));
  }
  return sum;
}

/** Sine of x + quarters × π/2. */
function turned(x: bigint, quarters: bigint): bigint {
  const k = reference.roundedQuotient(2n * x, pi);
  const r = x - (k * pi) / 2n;
  const quadrant = (k + quarters) & 3n;
  const size = (quadrant & 1n) === 0n ? series(r, 1n) : series(r, 0n);
  return (quadrant & 2n) === 0n ? size : -size;
}

export const sine = (x: bigint): bigint => turned(x, 0n);
export const cosine = (x: bigint): bigint => turned(x, 1n);
export const tangent = (x: bigint): bigint => divided(sine(x), cosine(x));

export function hyperbolicTangent(x: bigint): bigint {
  const square = exponential(2n * x);
  return divided(square - ONE, square + ONE);
}
export const exponentialLessOne = (x: bigint): bigint => exponential(x) - ONE;
export const logarithmOfSum = (x: bigint): bigint => logarithm(x + ONE);

/** The n-th root of a positive number. */
export const root = (x: bigint, n: bigint): bigint => reference.integerRoot(x << (FRACTION * (n - 1n)), n);
