/**
 * Scalar transcendental functions whose results are the same bit for bit on every machine.
 *
 * `Math.exp` and its relatives may differ between engines and versions, so none is used here. Everything
 * below is built from operations that IEEE 754 and ECMAScript define exactly: + - * / on doubles, Math.sqrt,
 * Math.abs, Math.floor, comparisons, integer operations and typed-array reinterpretation. No engine may fuse
 * or reorder them.
 *
 * Every function is accurate to less than 1.7 ulp over its whole domain, subnormal arguments and results
 * included (the per-function bounds are in the comments beside each one), follows C99 Annex F for special
 * values (`pow` follows ECMAScript), and keeps signed zeros.
 */

export interface Kernels {
  readonly exp: (x: number) => number;
  readonly exp2: (x: number) => number;
  /** exp(x) − 1, accurate near 0. */
  readonly expm1: (x: number) => number;
  readonly log: (x: number) => number;
  /** log(1 + x), accurate near 0. */
  readonly log1p: (x: number) => number;
  readonly log2: (x: number) => number;
  readonly log10: (x: number) => number;
  readonly pow: (x: number, y: number) => number;
  readonly cbrt: (x: number) => number;
  readonly sin: (x: number) => number;
  readonly cos: (x: number) => number;
  readonly tan: (x: number) => number;
  readonly tanh: (x: number) => number;
}

/** What the kernels look up, for machines that compute the same with other means. */
export interface KernelTables {
  readonly exp: Float64Array;
  readonly log: Float64Array;
  readonly sine: Float64Array;
  readonly twoOverPi: Float64Array;
}

/**
 * Builds the functions and their tables (about 27 kB, a few milliseconds). One self-contained function: its
 * source text (`toString`) is put into exported programs, so it may refer to nothing outside itself.
 *
 * In the comments, "double-double" means an unevaluated sum high + low of two doubles, about 106 bits (T. J.
 * Dekker, "A floating-point technique for extending the available precision", 1971). Adding and subtracting
 * 1.5 * 2^(52 - n) rounds a small number to a multiple of 2^-n, ties to even: 6755399441055744 for integers,
 * 402653184 for n = 24, 100663296 for n = 26, 393216 for n = 34, 1536 for n = 42. These are literals, and
 * some functions are kept short, so that V8 inlines them (its limit is 460 bytes of bytecode).
 */
export function createKernels(): Kernels & { readonly tables: KernelTables } {
  const f64 = new Float64Array(1);
  const i32 = new Int32Array(f64.buffer);
  f64[0] = 1;
  const highWord = i32[1] === 0 ? 0 : 1; // where the sign and exponent are, by the machine's byte order

  // Second results of the helpers. Typed arrays, because V8 allocates for doubles kept in captured variables.
  const logTail = new Float64Array(1);
  const reduced = new Float64Array(2);

  /** The exact a * b - product where product = a * b rounded (Dekker 1971, splitting by Veltkamp 1968). */
  const productError = (a: number, b: number, product: number): number => {
    const aScaled = 134217729 * a; // 2^27 + 1
    const aHigh = aScaled - (aScaled - a);
    const aLow = a - aHigh;
    const bScaled = 134217729 * b;
    const bHigh = bScaled - (bScaled - b);
    const bLow = b - bHigh;
    return aHigh * bHigh - product + aHigh * bLow + aLow * bHigh + aLow * bLow;
  };

  // ---- Tables, computed here in fixed point with 128 bits after the point ---------------------------------

  /** powersOfTwo[e + 1074] = 2^e for -1074 <= e <= 1023. */
  const powersOfTwo = new Float64Array(2098);
  powersOfTwo[1074] = 1;
  for (let e = 1; e <= 1023; e++) powersOfTwo[1074 + e] = (powersOfTwo[1073 + e] as number) * 2;
  for (let e = -1; e >= -1074; e--) powersOfTwo[1074 + e] = (powersOfTwo[1075 + e] as number) * 0.5;

  const one = 1n << 128n;
  const toNumber = (value: bigint): number => Number(value) * 2.938735877055719e-39; // 2^-128
  const tailOf = (value: bigint, high: number): number =>
    toNumber(value - BigInt(high * 3.402823669209385e38)); // 2^128

  const times = (a: bigint, b: bigint): bigint => {
    const product = a * b;
    return product >> 128n;
  };

  /** artanh(1 / n), or arctan(1 / n) with sign -1. */
  const areaOfInverse = (n: bigint, sign: bigint): bigint => {
    let sum = 0n;
    let power = one / n;
    for (let k = 1n; power !== 0n; k += 2n) {
      sum += power / k;
      power = (sign * power) / (n * n);
    }
    return sum;
  };

  /** The sums of every other term of the series of exp(x), the even ones with their signs, or all alike. */
  const exponentialSums = (x: bigint, sign: bigint): bigint[] => {
    let even = 0n;
    let odd = 0n;
    let term = one;
    for (let k = 1n; term !== 0n; k += 2n) {
      even += term;
      term = times(term, x) / k;
      odd += term;
      term = (sign * times(term, x)) / (k + 1n);
    }
    return [even, odd];
  };

  /** expTable[2 i] + expTable[2 i + 1] = 2^(i / 128), to about 2^-106. */
  const expTable = new Float64Array(256);
  const fillExpTable = (): void => {
    const [even, odd] = exponentialSums((2n * areaOfInverse(3n, 1n)) >> 7n, 1n) as [bigint, bigint];
    let power = one;
    for (let i = 0; i < 256; i += 2) {
      expTable[i] = toNumber(power);
      expTable[i + 1] = tailOf(power, expTable[i] as number);
      power = times(power, even + odd);
    }
  };
  fillExpTable();

  /**
   * logTable[4 i] = c, a multiple of 2^-10 close to the reciprocal of the i-th of the 256 intervals into
   * which [0.6875, 1.375) is cut; the next two entries sum to -log(c), the first of them a multiple of 2^-42
   * so that it adds exactly to a multiple of log(2). The two intervals that meet at 1 have c = 1, which keeps
   * log relatively accurate there.
   */
  const logTable = new Float64Array(1024);
  const fillLogTable = (): void => {
    // -log(m / 1024), by adding log((m + 1) / m) = 2 artanh(1 / (2 m + 1)) stepwise.
    const logs = [0n];
    for (let m = 1024; m > 720; m--)
      logs[m - 1025] = (logs[m - 1024] as bigint) + 2n * areaOfInverse(BigInt(2 * m - 1), 1n);
    for (let m = 1024; m < 1490; m++)
      logs[m - 1023] = (logs[m - 1024] as bigint) - 2n * areaOfInverse(BigInt(2 * m + 1), 1n);
    for (let i = 0; i < 256; i++) {
      const center = i < 160 ? 0.6875 + (i + 0.5) / 512 : 1 + (i - 159.5) / 256;
      const m = i === 159 || i === 160 ? 1024 : Math.floor(1024 / center + 0.5);
      const value = logs[m - 1024] as bigint;
      const rounded = toNumber(value) + 1536 - 1536;
      logTable[4 * i] = m / 1024;
      logTable[4 * i + 1] = rounded;
      logTable[4 * i + 2] = tailOf(value, rounded);
    }
  };
  fillLogTable();

  /** sineTable[4 i] + sineTable[4 i + 2] = sin(i pi / 32), to about 2^-106; sineTable[4 i + 1] = cos(i pi / 32). */
  const sineTable = new Float64Array(256);
  const fillSineTable = (): void => {
    const step = (4n * areaOfInverse(5n, -1n) - areaOfInverse(239n, -1n)) >> 3n; // pi / 32
    const [turnCosine, turnSine] = exponentialSums(step, -1n) as [bigint, bigint];
    let sine = 0n;
    let cosine = one;
    for (let i = 0; i <= 16; i++) {
      const high = i === 16 ? 1 : toNumber(sine);
      const low = i === 16 ? 0 : tailOf(sine, high);
      for (const at of [i, 32 - i, 32 + i, (64 - i) & 63]) {
        const sign = at < 32 ? 1 : -1;
        sineTable[4 * at] = high === 0 ? 0 : sign * high;
        sineTable[4 * at + 2] = low === 0 ? 0 : sign * low;
        sineTable[4 * ((at + 48) & 63) + 1] = sineTable[4 * at] as number;
      }
      const next = times(sine, turnCosine) + times(cosine, turnSine);
      cosine = times(cosine, turnCosine) - times(sine, turnSine);
      sine = next;
    }
  };
  fillSineTable();

  /** The bits of 2 / pi in pieces of 24, after three zeros that stand for what is before them. */
  const twoOverPi = new Float64Array([
    0, 0, 0, 0xa2f983, 0x6e4e44, 0x1529fc, 0x2757d1, 0xf534dd, 0xc0db62, 0x95993c, 0x439041, 0xfe5163,
    0xabdebb, 0xc561b7, 0x246e3a, 0x424dd2, 0xe00649, 0x2eea09, 0xd1921c, 0xfe1deb, 0x1cb129, 0xa73ee8,
    0x8235f5, 0x2ebb44, 0x84e99c, 0x7026b4, 0x5f7e41, 0x3991d6, 0x398353, 0x39f49c, 0x845f8b, 0xbdf928,
    0x3b1ff8, 0x97ffde, 0x05980f, 0xef2f11, 0x8b5a0a, 0x6d1f6d, 0x367ecf, 0x27cb09, 0xb74f46, 0x3f669e,
    0x5fea2d, 0x7527ba, 0xc7ebe5, 0xf17b3d, 0x0739f7, 0x8a5292, 0xea6bfb, 0x5fb11f, 0x8d5d08, 0x560330,
    0x46fc7b, 0x6babf0, 0xcfbc20,
  ]);

  // ---- Exponentials ---------------------------------------------------------------------------------------
  // P. T. P. Tang, "Table-driven implementation of the exponential function in IEEE floating-point
  // arithmetic", 1989; 128 entries, degree and tail entries as in S. Nagy's exp of Arm Optimized Routines,
  // 2018.

  /** (high + low) * 2^exponent for high in [1, 2), rounded once also where the result is subnormal. */
  const scale = (high: number, low: number, exponent: number): number =>
    exponent > -1022 && exponent < 1024
      ? (high + low) * (powersOfTwo[exponent + 1074] as number)
      : scaleFar(high, low, exponent);

  const scaleFar = (high: number, low: number, exponent: number): number => {
    const value = high + low;
    if (exponent > 0) return value * 8.98846567431158e307 * 2; // 2^1023, for 2^1024 times a value below 1
    if (exponent === -1022 && value >= 1) return value * 2.2250738585072014e-308;
    // Adding this power of two makes the addition round where the subnormal result has to end.
    const aligner = powersOfTwo[52 - exponent] as number;
    const sum = aligner + value;
    const rounded = sum + (aligner - sum + value + (high - value + low)) - aligner;
    return rounded * (powersOfTwo[exponent + 1174] as number) * 7.888609052210118e-31; // 2^-100
  };

  /** exp(r) - 1 for |r| < 2^-8; the next term of the series is below 2^-60. */
  const expRest = (r: number): number => {
    const square = r * r;
    const p = 0.5 + r * 0.16666666666666666 + square * (0.041666666666666664 + r * 0.008333333333333333);
    return r + square * p;
  };

  /** 2^(count / 128) * exp(r). */
  const expOfParts = (count: number, r: number): number => {
    const integer = count | 0;
    const index = (integer & 127) << 1;
    const high = expTable[index] as number;
    return scale(high, (expTable[index + 1] as number) + high * expRest(r), integer >> 7);
  };

  /** exp(x + tail), -747 < x < 711, |tail| far below 1. */
  const expWithTail = (x: number, tail: number): number => {
    const count = x * 184.6649652337873 + 6755399441055744 - 6755399441055744; // 128 / log(2)
    // log(2) / 128 in two pieces, the first of 35 bits so that the product is exact.
    return expOfParts(count, x - count * 0.0054152123482253955 - count * -1.0082281460997769e-13 + tail);
  };

  /** 0.51 ulp. */
  const exp = (x: number): number => {
    if (x < 710 && x > -746) return expWithTail(x, 0);
    return x > 0 ? Infinity : x < 0 ? 0 : NaN;
  };

  /** 0.51 ulp, exact for integers. */
  const exp2 = (x: number): number => {
    if (!(x < 1024 && x > -1076)) return x > 0 ? Infinity : x < 0 ? 0 : NaN;
    const count = x * 128 + 6755399441055744 - 6755399441055744;
    return expOfParts(count, (x - count * 0.0078125) * 0.6931471805599453);
  };

  /**
   * 1.02 ulp. E - 1 for the table's E, then exp(r) - 1 times E: what is near 1 cancels before anything is
   * rounded.
   */
  const expm1 = (x: number): number => {
    if (!(x < 708 && x > -708)) return x > 0 ? exp(x) : x < 0 ? -1 : NaN;
    if (x === 0) return x;
    const count = x * 184.6649652337873 + 6755399441055744 - 6755399441055744;
    const first = x - count * 0.0054152123482253955;
    const piece = count * -1.0082281460997769e-13;
    const r = first - piece;
    const square = r * r;
    const p =
      0.5 +
      r * 0.16666666666666666 +
      square * (0.041666666666666664 + r * 0.008333333333333333 + square * 0.001388888888888889);
    const rest = first - r - piece + square * p;
    const integer = count | 0;
    const index = (integer & 127) << 1;
    const power = powersOfTwo[(integer >> 7) + 1074] as number;
    const step = (expTable[index] as number) * power - 1;
    const sum = step + r;
    return sum + (step - sum + r + (rest + (step * (r + rest) + (expTable[index + 1] as number) * power)));
  };

  /** (a + aTail) / (b + bTail), to the rounding of the last addition. */
  const divide = (a: number, aTail: number, b: number, bTail: number): number => {
    const quotient = a / b;
    const product = quotient * b;
    const remainder = a - product - productError(quotient, b, product);
    return quotient + (remainder + aTail - quotient * bTail) / b;
  };

  /**
   * 0.52 ulp. A minimax polynomial below 1/8 (error 2^-63); above, (E - 1) / (E + 1) with E = exp(2 |x|) in
   * double-double, which makes up for the cancellation in E - 1.
   */
  const tanh = (x: number): number => {
    const magnitude = Math.abs(x);
    if (magnitude < 0.125) {
      if (magnitude < 7.450580596923828e-9) return x; // 2^-27; also keeps the sign of zero
      const z = x * x;
      const z2 = z * z;
      const p =
        -0.33333333333333315 +
        z * 0.13333333333310582 +
        z2 * (-0.05396825387513178 + z * 0.02186947101396963) +
        z2 * z2 * (-0.0088615671831179 + z * 0.003513730634036207);
      return x + x * (z * p);
    }
    if (!(magnitude < 20)) return x > 0 ? 1 : x < 0 ? -1 : NaN; // 1 - tanh(20) < 2^-56
    const count = magnitude * 369.3299304675746 + 6755399441055744 - 6755399441055744; // 256 / log(2)
    const r = 2 * magnitude - count * 0.0054152123482253955 - count * -1.0082281460997769e-13;
    const integer = count | 0;
    const index = (integer & 127) << 1;
    const high = expTable[index] as number;
    const low = (expTable[index + 1] as number) + high * expRest(r);
    const power = powersOfTwo[(integer >> 7) + 1074] as number;
    const e = (high + low) * power;
    const eTail = (high - (high + low) + low) * power;
    const value = divide(e - 1, e - (e - 1) - 1 + eTail, e + 1, e - (e + 1) + 1 + eTail);
    return x < 0 ? -value : value;
  };

  // ---- Logarithms and powers ------------------------------------------------------------------------------
  // P. T. P. Tang, "Table-driven implementation of the logarithm function in IEEE floating-point arithmetic",
  // 1990; short reciprocals (so that z * c - 1 is exact in two pieces) after W. F. Wong and E. Goto, 1994.

  /** log(1 + r) - r + r^2 / 2 for |r| < 2^-8; the next term of the series is below 2^-75 r. */
  const logRest = (r: number): number => {
    const square = r * r;
    const p =
      0.3333333333333333 -
      r * 0.25 +
      square * (0.2 - r * 0.16666666666666666) +
      square * square * (0.14285714285714285 - r * 0.125 + square * 0.1111111111111111);
    return r * square * p;
  };

  // What splitting x leaves: x = z 2^k with z in [0.6875, 1.375), and the row of z in logTable.
  const splitExponent = new Int32Array(1);
  const splitRow = new Int32Array(1);

  /** z for positive finite x. */
  const split = (x: number): number => {
    let bias = 0;
    let normal = x;
    if (x < 2.2250738585072014e-308) {
      normal = x * 18014398509481984; // 2^54
      bias = 54;
    }
    f64[0] = normal;
    const offset = (i32[highWord] as number) - 0x3fe60000; // 0.6875
    const exponent = offset >> 20;
    splitExponent[0] = exponent - bias;
    splitRow[0] = (offset >> 10) & 0x3fc;
    return normal * (powersOfTwo[1074 - exponent] as number);
  };

  /** log(x) in double-double, the tail in logTail[0], for positive finite x: relative error about 2^-68. */
  const logExtended = (x: number): number => {
    const z = split(x);
    const k = splitExponent[0] as number;
    const index = splitRow[0] as number;
    const c = logTable[index] as number;
    const zHigh = z + 402653184 - 402653184;
    const rHigh = zHigh * c - 1;
    const rLow = (z - zHigh) * c;
    const r = rHigh + rLow;
    const rTail = rHigh - r + rLow;
    const base = k * 0.6931471805598903 + (logTable[index + 1] as number);
    const first = base + r;
    // r^2 / 2 in two pieces, the first exact because short has at most 26 bits.
    const short = r + 393216 - 393216;
    const half = 0.5 * short * short;
    const second = first - half;
    const firstTail = base - first + r + (first - second - half);
    const tail =
      firstTail +
      (k * 5.497923018708371e-14 + (logTable[index + 2] as number) + rTail * (1 - r)) +
      (logRest(r) - 0.5 * (r - short) * (r + short));
    const high = second + tail;
    logTail[0] = second - high + tail;
    return high;
  };

  /** log(x + tail) for positive finite x and a tail below its last place. */
  const logOfSum = (x: number, tail: number): number => {
    const z = split(x);
    const k = splitExponent[0] as number;
    const index = splitRow[0] as number;
    const c = logTable[index] as number;
    const zHigh = z + 402653184 - 402653184;
    // Of the last addition alone the rounding counts; where c is 1 it has none.
    const r = zHigh * c - 1 + (z - zHigh + tail) * c;
    const base = k * 0.6931471805598903 + (logTable[index + 1] as number);
    const sum = base + r;
    const square = r * r;
    const p =
      0.3333333333333333 -
      r * 0.25 +
      square * (0.2 - r * 0.16666666666666666) +
      square * square * 0.14285714285714285;
    return (
      sum +
      (base -
        sum +
        r +
        (k * 5.497923018708371e-14 + (logTable[index + 2] as number)) +
        square * (r * p - 0.5))
    );
  };

  /** 0.72 ulp. */
  const log = (x: number): number =>
    x > 0 && x < Infinity ? logOfSum(x, 0) : x === 0 ? -Infinity : x > 0 ? x : NaN;

  /** 0.91 ulp: the logarithm of 1 + x rounded, with what the rounding lost. */
  const log1p = (x: number): number => {
    if (!(x > -1 && x < Infinity)) return x === -1 ? -Infinity : x > 0 ? x : NaN;
    if (x < 1.1102230246251565e-16 && x > -1.1102230246251565e-16) return x; // 2^-53
    if (x > 9007199254740992) return logOfSum(x, 0);
    const sum = 1 + x;
    const part = sum - 1;
    const tail = 1 - (sum - part) + (x - part);
    f64[0] = sum;
    const exponent = ((i32[highWord] as number) - 0x3fe60000) >> 20;
    return logOfSum(sum, tail * (powersOfTwo[1074 - exponent] as number));
  };

  /** log(x) times the double-double factor, for the logarithms to other bases. */
  const scaledLog = (x: number, factor: number, factorTail: number): number => {
    if (!(x > 0 && x < Infinity)) return x === 0 ? -Infinity : x > 0 ? x : NaN;
    const high = logExtended(x);
    const product = high * factor;
    const cross = high * factorTail + (logTail[0] as number) * factor;
    return product + (productError(high, factor, product) + cross);
  };

  /** 0.501 ulp, exact for powers of two. */
  const log2 = (x: number): number => scaledLog(x, 1.4426950408889634, 2.0355273740931033e-17);

  /** 0.501 ulp, exact for powers of ten that are doubles. */
  const log10 = (x: number): number => scaledLog(x, 0.4342944819032518, 1.098319650216765e-17);

  /** x^y for positive finite x and finite y. */
  const powOfPositive = (x: number, y: number): number => {
    // Above 2^65 only the base 1 does not overflow or underflow; below 2^-65 every power rounds to 1.
    const magnitude = Math.abs(y);
    if (magnitude > 3.6893488147419103e19) return x === 1 ? 1 : x > 1 === y > 0 ? Infinity : 0;
    if (magnitude < 2.710505431213761e-20) return 1;
    const logarithm = logExtended(x);
    const high = y * logarithm;
    if (high > 710) return Infinity;
    if (high < -746) return 0;
    return expWithTail(high, productError(y, logarithm, high) + y * (logTail[0] as number));
  };

  const powOfOther = (x: number, y: number): number => {
    if (x !== x || y !== y) return NaN;
    const magnitude = Math.abs(x);
    if (Math.abs(y) === Infinity) return magnitude === 1 ? NaN : magnitude > 1 === y > 0 ? Infinity : 0;
    const integral = Math.floor(y) === y;
    const odd = integral && Math.floor(y * 0.5) * 2 !== y;
    let power = y > 0 ? magnitude : 1 / magnitude;
    if (x !== 0 && magnitude < Infinity) {
      if (!integral) return NaN;
      power = powOfPositive(magnitude, y);
    }
    return odd && (x < 0 || 1 / x < 0) ? -power : power;
  };

  /** 0.51 ulp, exact where the power is a double. Special values as ECMAScript's: pow(1, Infinity) is NaN. */
  const pow = (x: number, y: number): number => {
    if (y === 0) return 1;
    return x > 0 && x < Infinity && y - y === 0 ? powOfPositive(x, y) : powOfOther(x, y);
  };

  /**
   * 0.667 ulp. A third of the exponent, a polynomial in t^3 / x (minimax for its power -1/3, to 23 bits) and a Newton step
   * from 23 bits, whose square is exact (as in fdlibm and FreeBSD, K. C. Ng and B. Evans).
   */
  const cbrt = (x: number): number => {
    const magnitude = Math.abs(x);
    if (!(magnitude > 0 && magnitude < Infinity)) return x;
    if (magnitude < 2.2250738585072014e-308) return cbrt(x * 18014398509481984) * 3.814697265625e-6; // 2^54, 2^-18
    f64[0] = magnitude;
    i32[highWord] = (((i32[highWord] as number) / 3) | 0) + 715094163;
    i32[1 - highWord] = 0;
    const guess = f64[0] as number;
    const d = guess * guess * (guess / magnitude) - 1;
    const square = d * d;
    const p =
      0.9999999861030578 -
      d * 0.33333028874285453 +
      square * (0.22223812785425393 - d * 0.17421559360452557 + square * 0.1424782223718057);
    const close = guess * p;
    const scaled = close * 1073741825; // 2^30 + 1
    const t = scaled - (scaled - close);
    const ratio = magnitude / (t * t);
    const root = t + t * ((ratio - t) / (t + t + ratio));
    return x < 0 ? -root : root;
  };

  // ---- Trigonometric functions ----------------------------------------------------------------------------

  /**
   * x - n pi / 2 in reduced[0] + reduced[1], between about -pi/4 and pi/4, for finite x; returns n (modulo 4 in
   * its low bits). Below about 1.6e6 by subtracting n times pi/2 in pieces of 33 bits (W. J. Cody and W.
   * Waite, 1980), with a further piece where much cancels; above by reduceHuge.
   */
  const reduce = (x: number): number => {
    if (!(x < 1647099 && x > -1647099)) return reduceHuge(x);
    const n = x * 0.6366197723675814 + 6755399441055744 - 6755399441055744;
    const first = x - n * 1.5707963267341256; // exact, as is the next product
    const piece = n * 6.077100506303966e-11;
    let high = first - piece;
    let low = 0;
    if (high > 1e-6 || high < -1e-6) {
      const part = high - first;
      low = first - (high - part) - (piece + part) - n * 2.0222662487959506e-21;
    } else {
      // Here high is exact, and so is the next product.
      const second = high;
      const nextPiece = n * 2.0222662487111665e-21;
      high = second - nextPiece;
      const part = high - second;
      low = second - (high - part) - (nextPiece + part) - n * 8.4784276603689e-32;
    }
    const result = high + low;
    reduced[0] = result;
    reduced[1] = high - result + low;
    return n | 0;
  };

  /**
   * The same for any finite |x| > 2^20, from just those bits of 2 / pi that matter (M. Payne and R. Hanek,
   * "Radian reduction for trigonometric functions", 1983; K. C. Ng, "Argument reduction for huge arguments",
   * 1992).
   */
  const reduceHuge = (x: number): number => {
    const magnitude = Math.abs(x);
    f64[0] = magnitude;
    const exponent = ((i32[highWord] as number) >> 20) - 1046;
    // magnitude = (a0 + a1 2^-24 + a2 2^-48) 2^exponent with integers a0, a1, a2 below 2^24.
    const scaled = magnitude * (powersOfTwo[1074 - exponent] as number);
    const a0 = Math.floor(scaled);
    const remainder = (scaled - a0) * 16777216;
    const a1 = Math.floor(remainder);
    const a2 = (remainder - a1) * 16777216;
    // The product's digits of weight 2^(exponent - 24 n); those whose weight is a multiple of 8 do not
    // matter.
    const n = Math.floor((exponent - 3) / 24) + 1;
    const weight = powersOfTwo[1074 + exponent - 24 * n] as number;
    let carry = 0;
    let sum0 = 0;
    let sum1 = 0;
    let sum2 = 0;
    let sum3 = 0;
    // Eight digits, made from the last; each sum of products stays below 2^50 and so is exact.
    for (let i = 7; i >= 0; i--) {
      const at = n + i + 2;
      const total =
        a0 * (twoOverPi[at] as number) +
        a1 * (twoOverPi[at - 1] as number) +
        a2 * (twoOverPi[at - 2] as number) +
        carry;
      carry = Math.floor(total * 5.960464477539063e-8); // 2^-24
      const digit = total - carry * 16777216;
      if (i >= 6) sum3 = sum3 * 5.960464477539063e-8 + digit;
      else if (i >= 4) sum2 = sum2 * 5.960464477539063e-8 + digit;
      else if (i >= 2) sum1 = sum1 * 5.960464477539063e-8 + digit;
      else if (i === 1) sum0 = digit * 5.960464477539063e-8;
      else sum0 = total * weight - 8 * Math.floor(total * weight * 0.125) + sum0 * weight;
    }
    const quadrant = Math.floor(sum0 + 0.5);
    const fraction = sum0 - quadrant;
    const middle = sum1 * weight * 3.552713678800501e-15; // 2^-48
    const rest = (sum2 + sum3 * 3.552713678800501e-15) * weight * 1.262177448353619e-29; // 2^-96
    const joined = fraction + middle;
    const joinedTail = fraction - joined + middle + rest;
    const turns = joined + joinedTail;
    const turnsTail = joined - turns + joinedTail;
    // Times pi / 2.
    const product = turns * 1.5707963267948966;
    const cross = turns * 6.123233995736766e-17 + turnsTail * 1.5707963267948966;
    const tail = productError(turns, 1.5707963267948966, product) + cross;
    const result = product + tail;
    const resultTail = product - result + tail;
    reduced[0] = x < 0 ? -result : result;
    reduced[1] = x < 0 ? -resultTail : resultTail;
    return x < 0 ? -quadrant : quadrant;
  };

  /** sin(r + tail) - r for |r| up to about pi/4; minimax coefficients, error 2^-63 relative to r. */
  const sineRest = (r: number, tail: number): number => {
    const z = r * r;
    const z2 = z * z;
    const p =
      -0.16666666666666666 +
      z * 0.008333333333333038 +
      z2 * (-0.00019841269840955916 + z * 2.7557319069675353e-6) +
      z2 * z2 * (-2.505206964378044e-8 + z * 1.6054135773582554e-10 + z2 * -7.380371497732013e-13);
    return r * (z * p) + tail * (1 - 0.5 * z);
  };

  /**
   * cos(r + tail) - (1 - short^2 / 2) for |r| up to about pi/4, where short is r rounded to a multiple of
   * 2^-26: 1 - short^2 / 2 is then exact. Minimax coefficients, error 2^-63.
   */
  const cosineRest = (r: number, short: number, tail: number): number => {
    const z = r * r;
    const z2 = z * z;
    const p =
      0.0416666666666666 +
      z * -0.0013888888888874565 +
      z2 * (2.4801587289762064e-5 + z * -2.75573144308317e-7) +
      z2 * z2 * (2.0875733326410556e-9 + z * -1.1360129513993481e-11);
    return z2 * p - 0.5 * (r - short) * (r + short) - r * tail;
  };

  const cosineOf = (r: number, tail: number): number => {
    const short = r + 100663296 - 100663296;
    return 1 - 0.5 * short * short + cosineRest(r, short, tail);
  };

  /**
   * sin(x + quarters pi / 2) for 0 <= x < 1e5: a table in steps of pi / 32 (as in S. Gal, "Computing elementary
   * functions: a new approach for achieving high accuracy and good performance", 1986), x less its multiple of the step
   * in pieces of 33 bits, and minimax polynomials in what remains, of error 2^-58.
   */
  const sineOfTurn = (x: number, quarters: number): number => {
    const n = x * 10.185916357881302 + 6755399441055744 - 6755399441055744;
    const first = x - n * 0.09817477042088285;
    const piece = n * 3.798187816439979e-12;
    const r = first - piece;
    const tail = first - r - piece - n * 1.2639164054974691e-22;
    const at = ((n + 16 * quarters) & 63) << 2;
    const sine = sineTable[at] as number;
    const z = r * r;
    const z2 = z * z;
    const sineOfRest =
      r * (z * (-0.16666666666666546 + z * 0.008333333324333688 + z2 * -0.00019840273845896154)) + tail;
    const cosineOfRest = z * (-0.4999999999999892 + z * 0.041666666585670434 + z2 * -0.001388799249796147);
    const cosine = sineTable[at + 1] as number;
    return (
      sine + (cosine * r + (cosine * sineOfRest + (sine * cosineOfRest + (sineTable[at + 2] as number))))
    );
  };

  /** 1.6 ulp. */
  const sin = (x: number): number => {
    const magnitude = Math.abs(x);
    if (magnitude < 100000) {
      const value = sineOfTurn(magnitude, 0);
      return x < 0 || (value === 0 && 1 / x < 0) ? -value : value;
    }
    if (!(magnitude < Infinity)) return NaN;
    const quadrant = reduce(x);
    const r = reduced[0] as number;
    const tail = reduced[1] as number;
    const value = (quadrant & 1) === 0 ? r + sineRest(r, tail) : cosineOf(r, tail);
    return (quadrant & 2) === 0 ? value : -value;
  };

  /** 1.6 ulp. */
  const cos = (x: number): number => {
    const magnitude = Math.abs(x);
    if (magnitude < 100000) return sineOfTurn(magnitude, 1);
    if (!(magnitude < Infinity)) return NaN;
    const quadrant = reduce(x);
    const r = reduced[0] as number;
    const tail = reduced[1] as number;
    const value = (quadrant & 1) === 0 ? cosineOf(r, tail) : r + sineRest(r, tail);
    return ((quadrant + 1) & 2) === 0 ? value : -value;
  };

  /** 0.95 ulp: the quotient of sine and cosine, both in double-double. */
  const tan = (x: number): number => {
    if (!(Math.abs(x) < Infinity)) return NaN;
    if (x < 7.450580596923828e-9 && x > -7.450580596923828e-9) return x; // 2^-27
    const quadrant = reduce(x);
    const r = reduced[0] as number;
    const tail = reduced[1] as number;
    const sineTail = sineRest(r, tail);
    const sine = r + sineTail;
    const sineError = r - sine + sineTail;
    const short = r + 100663296 - 100663296;
    const cosineHead = 1 - 0.5 * short * short;
    const cosineTail = cosineRest(r, short, tail);
    const cosine = cosineHead + cosineTail;
    const cosineError = cosineHead - cosine + cosineTail;
    return (quadrant & 1) === 0
      ? divide(sine, sineError, cosine, cosineError)
      : -divide(cosine, cosineError, sine, sineError);
  };

  const tables = { exp: expTable, log: logTable, sine: sineTable, twoOverPi };
  return { exp, exp2, expm1, log, log1p, log2, log10, pow, cbrt, sin, cos, tan, tanh, tables };
}

const { tables, ...functions } = createKernels();

export const kernels: Kernels = functions;
export const kernelTables: KernelTables = tables;
