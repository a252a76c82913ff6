import { kernels } from "./kernels.ts";

/** 2^27 + 1: splits a double into two halves (G. W. Veltkamp, 1968). Doubles above 2^996 must be scaled before. */
const SPLITTER = 134_217_729;
const SCALE = 2 ** 128;

const MAXIMUM_FACTORIAL = 29;

// Addresses of what is kept below the caller's pairs.
/** 1/n! at 2 n from here, for n ≤ 29. */
export const FACTORIALS = 0;
export const ONE: number = 2 * (MAXIMUM_FACTORIAL + 1);
const NEGATED = ONE + 2;
const SCALED_A = NEGATED + 2;
const SCALED_B = SCALED_A + 2;
const ROOT = SCALED_B + 2;
const ROOT_SQUARE = ROOT + 2;
const TERM = ROOT_SQUARE + 2;
const OUTER = TERM + 2;
/** Room for the functions: each pair belongs to one of them. */
export const FUNCTIONS: number = OUTER + 2;
export const ANGLES: number = FUNCTIONS + 2 * 12;
// Room for functions that are built on those, a file each; the special functions share theirs.
export const INVERSE_ANGLES: number = ANGLES + 2 * 5;
export const HYPERBOLIC: number = INVERSE_ANGLES + 2 * 3;
export const TAYLOR: number = HYPERBOLIC + 2 * 3;
export const SPECIAL: number = TAYLOR + 2 * 3;
const RESERVED = SPECIAL + 2 * 7;

/**
 * Double-double arithmetic: a number is a pair of doubles high + low with |low| ≤ ulp(high) / 2, about 106 bits. The pairs
 * lie in one Float64Array; operations take *addresses*, the index of a pair's high double, its low double comes next. The
 * result may be written over an operand.
 *
 * With u² = 2^−106 ≈ 1.2e−32 the relative errors are at most 3 u² for + and −, 5 u² for ×, 15 u² for ÷, 4 u² for √ (M. Joldes,
 * J.-M. Muller and V. Popescu, "Tight and rigorous error bounds for basic building blocks of double-word arithmetic",
 * 2017; products by T. J. Dekker, 1971), and below 1e−30 for the functions (after Y. Hida, X. S. Li and D. H. Bailey, "Algorithms
 * for quad-double precision floating point arithmetic", 2001); a power a^b has (1 + |b log a|) × 1e−30. So much holds
 * while the low doubles are not subnormal, for results and factors above about 1e−290; below, pairs lose digits down to plain
 * doubles. Where the operation on doubles gives an infinity or NaN for the high doubles, that is the result, and low is 0; also
 * where an exact zero or a zero by underflow comes out, with the sign that doubles give it.
 */
export class DoubleDoubles {
  /** Pairs, high and low in turn. */
  readonly values: Float64Array;
  /** The first address that is the caller's. */
  static readonly first: number = RESERVED;

  /** @param pairs how many pairs the caller may address from `first` on */
  constructor(pairs: number) {
    this.values = new Float64Array(RESERVED + 2 * pairs);
    const v = this.values;
    v[ONE] = 1;
    v[FACTORIALS] = 1;
    for (let n = 1; n <= MAXIMUM_FACTORIAL; n++) {
      v[TERM] = n;
      this.divide(FACTORIALS + 2 * n, FACTORIALS + 2 * n - 2, TERM);
    }
    v[TERM] = 0;
  }

  /** Writes a pair, made so that low ≤ ulp(high) / 2. */
  set(out: number, high: number, low = 0): void {
    // −0 stays what it is.
    const sum = low === 0 ? high : high + low;
    this.values[out] = sum;
    const part = sum - high;
    this.values[out + 1] = sum - sum === 0 ? high - (sum - part) + (low - part) : 0;
  }

  copy(out: number, a: number): void {
    const v = this.values;
    v[out] = v[a] as number;
    v[out + 1] = v[a + 1] as number;
  }

  add(out: number, a: number, b: number): void {
    const v = this.values;
    const aHigh = v[a] as number;
    const aLow = v[a + 1] as number;
    const bHigh = v[b] as number;
    const bLow = v[b + 1] as number;
    const sum = aHigh + bHigh;
    const part = sum - aHigh;
    const sumError = aHigh - (sum - part) + (bHigh - part);
    const lowSum = aLow + bLow;
    const lowPart = lowSum - aLow;
    const lowError = aLow - (lowSum - lowPart) + (bLow - lowPart);
    const rest = sumError + lowSum;
    const middle = sum + rest;
    const tail = lowError + (rest - (middle - sum));
    const high = middle + tail;
    if (high - high !== 0 || high === 0) {
      // No number, or nothing left: a sum of zeros keeps its sign.
      v[out] = sum - sum === 0 && sum !== 0 ? high : sum;
      v[out + 1] = 0;
      return;
    }
    v[out] = high;
    v[out + 1] = tail - (high - middle);
  }

  negate(out: number, a: number): void {
    const v = this.values;
    v[out] = -(v[a] as number);
    v[out + 1] = -(v[a + 1] as number);
  }

  subtract(out: number, a: number, b: number): void {
    this.negate(NEGATED, b);
    this.add(out, a, NEGATED);
  }

  multiply(out: number, a: number, b: number): void {
    const v = this.values;
    const aHigh = v[a] as number;
    const bHigh = v[b] as number;
    const product = aHigh * bHigh;
    const aScaled = SPLITTER * aHigh;
    const aUpper = aScaled - (aScaled - aHigh);
    const aLower = aHigh - aUpper;
    const bScaled = SPLITTER * bHigh;
    const bUpper = bScaled - (bScaled - bHigh);
    const bLower = bHigh - bUpper;
    const error = aUpper * bUpper - product + aUpper * bLower + aLower * bUpper + aLower * bLower;
    const rest = error + (aHigh * (v[b + 1] as number) + (v[a + 1] as number) * bHigh);
    const high = product + rest;
    if (high - high !== 0 || product === 0) {
      this.#multiplyFar(out, a, b);
      return;
    }
    v[out] = high;
    v[out + 1] = rest - (high - product);
  }

  #multiplyFar(out: number, a: number, b: number): void {
    const v = this.values;
    const product = (v[a] as number) * (v[b] as number);
    if (product - product !== 0 || product === 0) {
      v[out] = product;
      v[out + 1] = 0;
      return;
    }
    const isALarger = Math.abs(v[a] as number) > Math.abs(v[b] as number);
    this.scale(SCALED_A, isALarger ? a : b, 1 / SCALE);
    this.copy(SCALED_B, isALarger ? b : a);
    this.multiply(out, SCALED_A, SCALED_B);
    this.scale(out, out, SCALE);
  }

  /** Multiplies by a power of two: exact. */
  scale(out: number, a: number, power: number): void {
    const v = this.values;
    const high = (v[a] as number) * power;
    v[out] = high;
    v[out + 1] = high - high === 0 ? (v[a + 1] as number) * power : 0;
  }

  divide(out: number, a: number, b: number): void {
    const v = this.values;
    const aHigh = v[a] as number;
    const bHigh = v[b] as number;
    const quotient = aHigh / bHigh;
    const qScaled = SPLITTER * quotient;
    const qUpper = qScaled - (qScaled - quotient);
    const qLower = quotient - qUpper;
    const bScaled = SPLITTER * bHigh;
    const bUpper = bScaled - (bScaled - bHigh);
    const bLower = bHigh - bUpper;
    // What quotient × b falls short of a, in two doubles.
    const product = quotient * bHigh;
    const error = qUpper * bUpper - product + qUpper * bLower + qLower * bUpper + qLower * bLower;
    const rest = error + quotient * (v[b + 1] as number);
    const back = product + rest;
    const missing = aHigh - back + ((v[a + 1] as number) - (rest - (back - product)));
    const correction = missing / bHigh;
    const high = quotient + correction;
    if (high - high !== 0 || quotient === 0) {
      this.#divideFar(out, a, b);
      return;
    }
    v[out] = high;
    v[out + 1] = correction - (high - quotient);
  }

  #divideFar(out: number, a: number, b: number): void {
    const v = this.values;
    const bHigh = v[b] as number;
    const quotient = (v[a] as number) / bHigh;
    if (quotient - quotient !== 0 || quotient === 0) {
      v[out] = quotient;
      v[out + 1] = 0;
      return;
    }
    const isBLarge = Math.abs(bHigh) > SCALE;
    this.scale(SCALED_A, a, 1 / SCALE);
    this.scale(SCALED_B, b, isBLarge ? 1 / SCALE : 1);
    this.divide(out, SCALED_A, SCALED_B);
    if (!isBLarge) this.scale(out, out, SCALE);
  }

  /** a / b; 1 where b is 0. */
  protectedDivide(out: number, a: number, b: number): void {
    if (this.values[b] === 0) this.copy(out, ONE);
    else this.divide(out, a, b);
  }

  /** 1 / a. */
  invert(out: number, a: number): void {
    this.divide(out, ONE, a);
  }

  square(out: number, a: number): void {
    this.multiply(out, a, a);
  }

  cube(out: number, a: number): void {
    this.multiply(OUTER, a, a);
    this.multiply(out, OUTER, a);
  }

  squareRoot(out: number, a: number): void {
    const v = this.values;
    const aHigh = v[a] as number;
    if (!(aHigh > 0 && aHigh < Number.POSITIVE_INFINITY)) {
      v[out] = Math.sqrt(aHigh);
      v[out + 1] = 0;
      return;
    }
    if (aHigh < 1e-250) {
      this.scale(SCALED_A, a, SCALE);
      this.scale(SCALED_A, SCALED_A, SCALE);
      this.squareRoot(out, SCALED_A);
      this.scale(out, out, 1 / SCALE);
      return;
    }
    const root = Math.sqrt(aHigh);
    v[ROOT] = root;
    v[ROOT + 1] = 0;
    this.copy(TERM, a);
    this.multiply(ROOT_SQUARE, ROOT, ROOT);
    this.subtract(TERM, TERM, ROOT_SQUARE);
    this.set(out, root, (v[TERM] as number) / (2 * root));
  }

  cubeRoot(out: number, a: number): void {
    const v = this.values;
    const aHigh = v[a] as number;
    if (aHigh === 0 || aHigh - aHigh !== 0) {
      v[out] = aHigh;
      v[out + 1] = 0;
      return;
    }
    const size = Math.abs(aHigh);
    if (size < 1e-200 || size > 1e200) {
      // 2^±384, whose cube root is 2^±128.
      const power = size < 1 ? SCALE : 1 / SCALE;
      for (let k = 0; k < 3; k++) this.scale(SCALED_A, k === 0 ? a : SCALED_A, power);
      this.cubeRoot(out, SCALED_A);
      this.scale(out, out, 1 / power);
      return;
    }
    // A step of Halley's from the double's root.
    const root = kernels.cbrt(aHigh);
    v[ROOT] = root;
    v[ROOT + 1] = 0;
    this.copy(TERM, a);
    this.multiply(ROOT_SQUARE, ROOT, ROOT);
    this.multiply(ROOT_SQUARE, ROOT_SQUARE, ROOT);
    const between = 2 * (v[ROOT_SQUARE] as number) + aHigh;
    this.subtract(TERM, TERM, ROOT_SQUARE);
    this.set(out, root, (root * (v[TERM] as number)) / between);
  }

  absolute(out: number, a: number): void {
    const v = this.values;
    const isNegative = (v[a] as number) < 0;
    const low = v[a + 1] as number;
    v[out] = Math.abs(v[a] as number);
    v[out + 1] = isNegative ? -low : low;
  }

  /** Negative, 0 or positive as a is less than, equal to or greater than b; NaN if one is NaN. */
  compare(a: number, b: number): number {
    const v = this.values;
    const aHigh = v[a] as number;
    const bHigh = v[b] as number;
    if (aHigh < bHigh) return -1;
    if (aHigh > bHigh) return 1;
    return aHigh === bHigh ? Math.sign((v[a + 1] as number) - (v[b + 1] as number)) : Number.NaN;
  }

  minimum(out: number, a: number, b: number): void {
    this.#choose(
      out,
      a,
      b,
      Math.min(this.values[a] as number, this.values[b] as number),
      this.compare(a, b) < 0,
    );
  }

  maximum(out: number, a: number, b: number): void {
    this.#choose(
      out,
      a,
      b,
      Math.max(this.values[a] as number, this.values[b] as number),
      this.compare(a, b) > 0,
    );
  }

  /** Writes a or b; the high double is known, with the sign of zeros and NaN. */
  #choose(out: number, a: number, b: number, high: number, isA: boolean): void {
    const v = this.values;
    const low = v[(isA ? a : b) + 1] as number;
    v[out] = high;
    v[out + 1] = high - high === 0 ? low : 0;
  }

  floor(out: number, a: number): void {
    const v = this.values;
    const high = v[a] as number;
    const below = Math.floor(high);
    this.set(out, below, below === high ? Math.floor(v[a + 1] as number) : 0);
  }
}
