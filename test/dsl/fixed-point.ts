// A reference for functions of reals: integers with FRACTION fractional bits, far more digits than what is tested has.

export const FRACTION = 1500n;
const ONE = 1n << FRACTION;

export const multiplied = (a: bigint, b: bigint): bigint => (a * b) >> FRACTION;
export const divided = (a: bigint, b: bigint): bigint => (a << FRACTION) / b;

/** A double as a fixed-point number; exact for doubles that are multiples of 2^−FRACTION, as all are. */
export function fixed(value: number): bigint {
  const view = new DataView(new ArrayBuffer(8));
  view.setFloat64(0, value);
  const bits = view.getBigUint64(0);
  const exponent = (bits >> 52n) & 0x7ffn;
  const fraction = bits & 0xfffffffffffffn;
  const mantissa = exponent === 0n ? fraction : fraction | 0x10000000000000n;
  const size = mantissa << (FRACTION - 1075n + (exponent === 0n ? 1n : exponent));
  return value < 0 ? -size : size;
}

/** |a − b| / |b|, as a double. */
export function relativeError(a: bigint, b: bigint): number {
  const difference = a > b ? a - b : b - a;
  if (difference === 0n) return 0;
  return Number((difference << 200n) / (b < 0n ? -b : b)) / 2 ** 200;
}

const inverseTangent = (n: bigint): bigint => {
  let power = ONE / n;
  let sum = power;
  for (let k = 3n; power !== 0n; k += 2n) {
    power = -power / (n * n);
    sum += power / k;
  }
  return sum;
};
export const pi: bigint = 16n * inverseTangent(5n) - 4n * inverseTangent(239n);

/** 2 artanh(x) = log((1 + x) / (1 − x)). */
function logarithmOfQuotient(x: bigint): bigint {
  const square = multiplied(x, x);
  let power = x;
  let sum = 0n;
  for (let k = 1n; power !== 0n && power !== -1n; k += 2n) {
    sum += power / k;
    power = multiplied(power, square);
  }
  return 2n * sum;
}
const logarithm2 = logarithmOfQuotient(ONE / 3n);

const nearest = (a: bigint, b: bigint): bigint => {
  const doubled = 2n * a + b;
  return doubled / (2n * b) - (doubled < 0n ? 1n : 0n);
};

export function exponential(x: bigint): bigint {
  const k = nearest(x, logarithm2);
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
  const k = BigInt(x.toString(2).length - 1) - FRACTION;
  const m = k >= 0n ? x >> k : x << -k;
  return k * logarithm2 + logarithmOfQuotient(divided(m - ONE, m + ONE));
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
  const k = nearest(2n * x, pi);
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
export const exponentialMinusOne = (x: bigint): bigint => exponential(x) - ONE;
export const logarithmOfOnePlus = (x: bigint): bigint => logarithm(x + ONE);

/** The n-th root of a positive number, by Newton's method on integers. */
export function root(x: bigint, n: bigint): bigint {
  const scaled = x << (FRACTION * (n - 1n));
  let guess = 1n << (BigInt(scaled.toString(2).length) / n + 1n);
  for (;;) {
    const next = ((n - 1n) * guess + scaled / guess ** (n - 1n)) / n;
    if (next >= guess) return guess;
    guess = next;
  }
}
