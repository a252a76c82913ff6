import type { Kernels } from "../../dsl/index.ts";

// The kernels in fixed-point BigInt arithmetic, by plain series.

/** mantissa * 2^exponent. */
export type Big = { readonly mantissa: bigint; readonly exponent: number };

export const BITS = 200;
export const WIDE_BITS = 1400; // enough to reduce 2^1023 by pi / 2, or to hold the smallest double

const view = new DataView(new ArrayBuffer(8));

export function fromWords(high: number, low: number): number {
  view.setUint32(0, high);
  view.setUint32(4, low);
  return view.getFloat64(0);
}

/** The double so many steps above x (positive) or below it. */
export function neighbour(x: number, steps: number): number {
  view.setFloat64(0, x);
  view.setBigInt64(0, view.getBigInt64(0) + BigInt(steps));
  return view.getFloat64(0);
}

export function exactly(x: number): Big {
  view.setFloat64(0, x);
  const high = view.getUint32(0);
  const field = (high >>> 20) & 0x7ff;
  const fraction = (BigInt(high & 0xfffff) << 32n) | BigInt(view.getUint32(4));
  const size = field === 0 ? fraction : fraction | (1n << 52n);
  return { mantissa: x < 0 ? -size : size, exponent: (field === 0 ? 1 : field) - 1075 };
}

const shift = (value: bigint, bits: number): bigint =>
  bits >= 0 ? value << BigInt(bits) : value >> BigInt(-bits);
const magnitude = (value: bigint): bigint => (value < 0n ? -value : value);
const fixed = ({ mantissa, exponent }: Big, bits: number): bigint => shift(mantissa, exponent + bits);
export const bitLength = (value: bigint): number => magnitude(value).toString(2).length;

/** The nearest integer to a / b, for positive b. */
function roundedQuotient(a: bigint, b: bigint): bigint {
  const twice = 2n * a + b;
  const quotient = twice / (2n * b);
  return twice < 0n && quotient * 2n * b !== twice ? quotient - 1n : quotient;
}

/** 2 artanh(a / b) for |a / b| well below 1. */
function twiceArtanh(a: bigint, b: bigint, bits: number): bigint {
  const t = (a << BigInt(bits)) / b;
  const square = (t * t) >> BigInt(bits);
  let sum = 0n;
  let power = t;
  for (let n = 1n; magnitude(power) > 1n; n += 2n) {
    sum += power / n;
    power = (power * square) >> BigInt(bits);
  }
  return 2n * sum;
}

function arctanOfReciprocal(n: bigint, bits: number): bigint {
  let sum = 0n;
  let power = (1n << BigInt(bits)) / n;
  for (let k = 1n; power > 0n; k += 2n) {
    sum += k % 4n === 1n ? power / k : -(power / k);
    power /= n * n;
  }
  return sum;
}

const GUARD = 40;
export const halfPi = shift(
  8n * arctanOfReciprocal(5n, WIDE_BITS + GUARD) - 2n * arctanOfReciprocal(239n, WIDE_BITS + GUARD),
  -GUARD,
);
export const ln2 = shift(twiceArtanh(1n, 3n, BITS + GUARD), -GUARD);
const ln10 = 3n * ln2 + twiceArtanh(1n, 9n, BITS); // 10 = 8 * 5 / 4

/** exp of a number with BITS bits after the point. */
function expReference(x: bigint): Big {
  const k = roundedQuotient(x, ln2);
  const r = x - k * ln2;
  let sum = 0n;
  let term = 1n << BigInt(BITS);
  for (let n = 1n; term !== 0n && term !== -1n; n++) {
    sum += term;
    term = (term * r) / (n << BigInt(BITS));
  }
  return { mantissa: sum, exponent: Number(k) - BITS };
}

/** log of a positive number, with BITS bits after the point. */
export function logReference({ mantissa, exponent }: Big): bigint {
  const length = bitLength(mantissa);
  // mantissa = z 2^length with z in [1/2, 1), or half of that scale above 0.7
  const twice = mantissa * 10n < 7n << BigInt(length) ? 1 : 0;
  const one = 1n << BigInt(length - twice);
  return BigInt(exponent + length - twice) * ln2 + twiceArtanh(mantissa - one, mantissa + one, BITS);
}

/** The sine and cosine of x, with so many bits after the point that the sine is relatively accurate. */
function circleReference(x: number): { sine: bigint; cosine: bigint; bits: number } {
  const wide = fixed(exactly(x), WIDE_BITS);
  const quadrant = roundedQuotient(wide, halfPi);
  const rest = wide - quadrant * halfPi;
  const bits = Math.min(WIDE_BITS, BITS + WIDE_BITS - bitLength(rest));
  const r = shift(rest, bits - WIDE_BITS);
  const sums = [0n, 0n];
  let term = 1n << BigInt(bits);
  for (let n = 0; term !== 0n; n++) {
    sums[n & 1] = (sums[n & 1] as bigint) + ((n & 2) === 0 ? term : -term);
    term = (term * r) / (BigInt(n + 1) << BigInt(bits));
  }
  const [cosine, sine] = sums as [bigint, bigint];
  const turned = [
    { sine, cosine, bits },
    { sine: cosine, cosine: -sine, bits },
    { sine: -sine, cosine: -cosine, bits },
    { sine: -cosine, cosine: sine, bits },
  ];
  return turned[Number(quadrant & 3n)]!;
}

const quotient = (a: bigint, b: bigint, bits: number): Big => ({
  mantissa: (a << BigInt(bits)) / b,
  exponent: -bits,
});

/** Below this, three terms of a series give more than 110 bits. */
const SMALL = 2 ** -40;

/** x + second x^2 / 2 + third x^3, for small x. */
function shortSeries(x: number, second: bigint, third: (cube: bigint) => bigint): Big {
  const wide = fixed(exactly(x), WIDE_BITS);
  const square = (wide * wide) >> BigInt(WIDE_BITS);
  return {
    mantissa: wide + (second * square) / 2n + third((square * wide) >> BigInt(WIDE_BITS)),
    exponent: -WIDE_BITS,
  };
}

const isSmall = (x: number): boolean => x < SMALL && x > -SMALL;

function expm1Reference(x: number): Big {
  if (isSmall(x)) return shortSeries(x, 1n, (cube) => cube / 6n);
  const { mantissa, exponent } = expReference(fixed(exactly(x), BITS));
  // Beyond the bits of exp itself, 1 does not matter.
  return exponent > 0 ? { mantissa, exponent } : { mantissa: mantissa - (1n << BigInt(-exponent)), exponent };
}

function log1pReference(x: number): Big {
  if (isSmall(x)) return shortSeries(x, -1n, (cube) => cube / 3n);
  return {
    mantissa: logReference({ mantissa: fixed(exactly(x), 100) + (1n << 100n), exponent: -100 }),
    exponent: -BITS,
  };
}

/** By Newton's method on integers, from above. */
function cbrtReference(x: number): Big {
  const { mantissa, exponent } = exactly(x);
  const lift = 2 * BITS + ((exponent - 2 * BITS) % 3);
  const cube = magnitude(mantissa) << BigInt(lift + 3);
  let root = 1n << BigInt(Math.ceil(bitLength(cube) / 3));
  for (;;) {
    const next = (2n * root + cube / (root * root)) / 3n;
    if (next >= root) break;
    root = next;
  }
  return { mantissa: x < 0 ? -root : root, exponent: (exponent - lift) / 3 - 1 };
}

function tanhReference(x: number): Big {
  if (isSmall(x)) return shortSeries(x, 0n, (cube) => -cube / 3n);
  const e = fixed(expReference(2n * fixed(exactly(x), BITS)), BITS);
  const one = 1n << BigInt(BITS);
  return quotient(e - one, e + one, BITS);
}

function powReference(x: number, y: number): Big {
  const { mantissa, exponent } = exactly(y);
  const power = expReference(shift(mantissa * logReference(exactly(Math.abs(x))), exponent));
  return x < 0 && y % 2 !== 0 ? { ...power, mantissa: -power.mantissa } : power;
}

/** The exact value of each kernel, to more than 100 bits. */
export const reference: Record<keyof Kernels, (x: number, y: number) => Big> = {
  exp: (x) => expReference(fixed(exactly(x), BITS)),
  exp2: (x) => expReference((fixed(exactly(x), BITS) * ln2) >> BigInt(BITS)),
  expm1: expm1Reference,
  log1p: log1pReference,
  cbrt: cbrtReference,
  log: (x) => ({ mantissa: logReference(exactly(x)), exponent: -BITS }),
  log2: (x) => quotient(logReference(exactly(x)), ln2, BITS),
  log10: (x) => quotient(logReference(exactly(x)), ln10, BITS),
  pow: powReference,
  sin: (x) => {
    const { sine, bits } = circleReference(x);
    return { mantissa: sine, exponent: -bits };
  },
  cos: (x) => {
    const { cosine, bits } = circleReference(x);
    return { mantissa: cosine, exponent: -bits };
  },
  tan: (x) => {
    const { sine, cosine, bits } = circleReference(x);
    return quotient(sine, cosine, bits);
  },
  tanh: tanhReference,
};

/** How far the result is from the exact value, in units of the last place of the exact value. */
export function errorInUlps(result: number, exact: Big): number {
  if (result !== result) return Infinity;
  if (exact.mantissa === 0n) return result === 0 ? 0 : Infinity;
  const top = bitLength(exact.mantissa) + exact.exponent - 1;
  if (top > 1023) return result === (exact.mantissa > 0n ? Infinity : -Infinity) ? 0 : Infinity;
  // An infinity stands for what the next double after the largest would be.
  const infinite = result === Infinity || result === -Infinity;
  const found = infinite ? { mantissa: result > 0 ? 1n : -1n, exponent: 1024 } : exactly(result);
  const unit = Math.max(top - 52, -1074) - 20;
  const difference = fixed(found, -unit) - fixed(exact, -unit);
  return Number(magnitude(difference)) / 2 ** 20;
}
