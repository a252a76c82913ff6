// The kernels of dsl/kernels.ts, two doubles at a time: the same operations in the same order, so the same bits.
// Results that are subnormal and sines of huge angles are left to the scalar kernels of the host.

import { operand, outOf, stepOf } from "./instruction";
import { COSINE, EXPONENTIAL, LOGARITHM, SINE } from "./operations";

// @ts-ignore: decorator
@external("kernels", "tan")
declare function scalarTan(x: f64): f64;
// @ts-ignore: decorator
@external("kernels", "tanh")
declare function scalarTanh(x: f64): f64;
// @ts-ignore: decorator
@external("kernels", "pow")
declare function scalarPow(x: f64, y: f64): f64;
// @ts-ignore: decorator
@external("kernels", "exp")
declare function scalarExp(x: f64): f64;
// @ts-ignore: decorator
@external("kernels", "log")
declare function scalarLog(x: f64): f64;
// @ts-ignore: decorator
@external("kernels", "sin")
declare function scalarSin(x: f64): f64;
// @ts-ignore: decorator
@external("kernels", "cos")
declare function scalarCos(x: f64): f64;

/** 2^(i / 128) as high and low, 128 × 2 doubles. Filled by the host. */
export const expTable: usize = memory.data(2048, 64);
/** c, 1 / c, log c high, log c low: 256 × 4 doubles. Filled by the host. */
export const logTable: usize = memory.data(8192, 64);

// Constants lie in memory: building them in the code takes several instructions each.
const table: usize = memory.data<f64>([
  6755399441055744,
  184.6649652337873,
  0.0054152123482253955,
  -1.0082281460997769e-13,
  0.16666666666666666,
  0.041666666666666664,
  0.008333333333333333,
  0.5,
  708,
  746,
  1.7976931348623157e308,
  2.2250738585072014e-308,
  Infinity,
  402653184,
  1,
  0.6931471805598903,
  5.497923018708371e-14,
  0.3333333333333333,
  0.25,
  0.2,
  0.14285714285714285,
  10.185916357881302,
  0.09817477042088285,
  3.798187816439979e-12,
  1.2639164054974691e-22,
  -0.16666666666666546,
  0.008333333324333688,
  -0.00019840273845896154,
  -0.4999999999999892,
  0.041666666585670434,
  -0.001388799249796147,
  100000,
  0,
  NaN,
]);
const SHIFT: usize = 0;
const EXP_STEPS: usize = 8;
const EXP_STEP_1: usize = 16;
const EXP_STEP_2: usize = 24;
const SIXTH: usize = 32;
const EXP_4: usize = 40;
const EXP_5: usize = 48;
const HALF: usize = 56;
const EXP_LIMIT: usize = 64;
const EXP_ALL: usize = 72;
const LARGEST: usize = 80;
const LEAST_NORMAL: usize = 88;
const INFINITE: usize = 96;
const SHORT: usize = 104;
const ONE: usize = 112;
const LOG2_HIGH: usize = 120;
const LOG2_LOW: usize = 128;
const THIRD: usize = 136;
const QUARTER: usize = 144;
const FIFTH: usize = 152;
const SEVENTH: usize = 160;
const STEPS: usize = 168;
const STEP_1: usize = 176;
const STEP_2: usize = 184;
const STEP_3: usize = 192;
const SINE_3: usize = 200;
const SINE_5: usize = 208;
const SINE_7: usize = 216;
const COSINE_2: usize = 224;
const COSINE_4: usize = 232;
const COSINE_6: usize = 240;
const REDUCIBLE: usize = 248;
const NOTHING: usize = 256;
const NO_NUMBER: usize = 264;

// @ts-ignore: decorator
@inline
function c(constant: usize): v128 {
  return v128.load64_splat(table + constant);
}

/** sin, cos and the low part of sin of i / 64 of a turn: 64 × 4 doubles. Filled by the host. */
export const sineTable: usize = memory.data(2048, 64);

// @ts-ignore: decorator
@inline
function splat(x: f64): v128 {
  return f64x2.splat(x);
}

// @ts-ignore: decorator
@inline
function select(mask: v128, yes: v128, no: v128): v128 {
  return v128.bitselect(yes, no, mask);
}

/** exp of two doubles between −708 and 709.7. */
// @ts-ignore: decorator
@inline
function exp2Lanes(x: v128): v128 {
  const shifted = f64x2.add(f64x2.mul(x, c(EXP_STEPS)), c(SHIFT));
  const count = f64x2.sub(shifted, c(SHIFT));
  const r = f64x2.sub(
    f64x2.sub(x, f64x2.mul(count, c(EXP_STEP_1))),
    f64x2.mul(count, c(EXP_STEP_2)),
  );
  const at0 = (<i32>i64x2.extract_lane(shifted, 0) & 127) << 4;
  const at1 = (<i32>i64x2.extract_lane(shifted, 1) & 127) << 4;
  const row0 = v128.load(expTable + at0);
  const row1 = v128.load(expTable + at1);
  const high = v128.shuffle<f64>(row0, row1, 0, 2);
  const low = v128.shuffle<f64>(row0, row1, 1, 3);
  const square = f64x2.mul(r, r);
  const p = f64x2.add(
    f64x2.add(c(HALF), f64x2.mul(r, c(SIXTH))),
    f64x2.mul(square, f64x2.add(c(EXP_4), f64x2.mul(r, c(EXP_5)))),
  );
  const rest = f64x2.add(r, f64x2.mul(square, p));
  const power = i64x2.add(
    v128.and(i64x2.shl(shifted, 45), i64x2.splat(<i64>0xfff0000000000000)),
    i64x2.splat(0x3ff0000000000000),
  );
  return f64x2.mul(f64x2.add(high, f64x2.add(low, f64x2.mul(high, rest))), power);
}

/** log of two normal positive doubles. */
// @ts-ignore: decorator
@inline
function logNormal(x: v128): v128 {
  const offset = i64x2.sub(x, i64x2.splat(0x3fe6000000000000));
  const exponentBits = v128.and(offset, i64x2.splat(<i64>0xfff0000000000000));
  const z = i64x2.sub(x, exponentBits);
  const highs = v128.shuffle<i32>(offset, offset, 1, 3, 1, 3);
  const k = f64x2.convert_low_i32x4_s(i32x4.shr_s(highs, 20));
  const at0 = (i32x4.extract_lane(highs, 0) >> 7) & 0x1fe0;
  const at1 = (i32x4.extract_lane(highs, 1) >> 7) & 0x1fe0;
  const first0 = v128.load(logTable + at0);
  const first1 = v128.load(logTable + at1);
  const second0 = v128.load(logTable + at0, 16);
  const second1 = v128.load(logTable + at1, 16);
  const center = v128.shuffle<f64>(first0, first1, 0, 2);
  const inverse = v128.shuffle<f64>(first0, first1, 1, 3);
  const tableHigh = v128.shuffle<f64>(second0, second1, 0, 2);
  const tableLow = v128.shuffle<f64>(second0, second1, 1, 3);
  const r = f64x2.mul(f64x2.sub(z, center), inverse);
  const base = f64x2.add(f64x2.mul(k, c(LOG2_HIGH)), tableHigh);
  const sum = f64x2.add(base, r);
  const square = f64x2.mul(r, r);
  const p = f64x2.add(
    f64x2.add(
      f64x2.sub(c(THIRD), f64x2.mul(r, c(QUARTER))),
      f64x2.mul(square, f64x2.sub(c(FIFTH), f64x2.mul(r, c(SIXTH)))),
    ),
    f64x2.mul(f64x2.mul(square, square), c(SEVENTH)),
  );
  const tail = f64x2.add(
    f64x2.add(f64x2.add(f64x2.sub(base, sum), r), f64x2.add(f64x2.mul(k, c(LOG2_LOW)), tableLow)),
    f64x2.mul(square, f64x2.sub(f64x2.mul(r, p), c(HALF))),
  );
  return f64x2.add(sum, tail);
}

/** Sine, or cosine, of two doubles: a table of a 64th of a turn and short polynomials in what remains. */
// @ts-ignore: decorator
@inline
function sinCos(x: v128, isCosine: bool): v128 {
  const magnitude = f64x2.abs(x);
  const shifted = f64x2.add(f64x2.mul(magnitude, c(STEPS)), c(SHIFT));
  const n = f64x2.sub(shifted, c(SHIFT));
  const first = f64x2.sub(magnitude, f64x2.mul(n, c(STEP_1)));
  const piece = f64x2.mul(n, c(STEP_2));
  const r = f64x2.sub(first, piece);
  const tail = f64x2.sub(f64x2.sub(f64x2.sub(first, r), piece), f64x2.mul(n, c(STEP_3)));
  const turn = isCosine ? 16 : 0;
  const at0 = sineTable + (((<i32>i64x2.extract_lane(shifted, 0) + turn) & 63) << 5);
  const at1 = sineTable + (((<i32>i64x2.extract_lane(shifted, 1) + turn) & 63) << 5);
  const row0 = v128.load(at0);
  const row1 = v128.load(at1);
  const sine = v128.shuffle<f64>(row0, row1, 0, 2);
  const cosine = v128.shuffle<f64>(row0, row1, 1, 3);
  const sineTail = v128.shuffle<f64>(v128.load64_zero(at0, 16), v128.load64_zero(at1, 16), 0, 2);
  const z = f64x2.mul(r, r);
  const z2 = f64x2.mul(z, z);
  const sineRest = f64x2.add(
    f64x2.mul(r, f64x2.mul(z, f64x2.add(f64x2.add(c(SINE_3), f64x2.mul(z, c(SINE_5))), f64x2.mul(z2, c(SINE_7))))),
    tail,
  );
  const cosineRest = f64x2.mul(
    z,
    f64x2.add(f64x2.add(c(COSINE_2), f64x2.mul(z, c(COSINE_4))), f64x2.mul(z2, c(COSINE_6))),
  );
  let y = f64x2.add(
    sine,
    f64x2.add(
      f64x2.mul(cosine, r),
      f64x2.add(f64x2.mul(cosine, sineRest), f64x2.add(f64x2.mul(sine, cosineRest), sineTail)),
    ),
  );
  if (!isCosine) y = v128.xor(y, v128.and(x, f64x2.splat(-0.0)));
  return y;
}

// @ts-ignore: decorator
@inline
function apply(operation: i32, x: v128): v128 {
  if (operation == EXPONENTIAL) return exp2Lanes(x);
  if (operation == LOGARITHM) return logNormal(x);
  return sinCos(x, operation == COSINE);
}

/** Lanes for which `apply` is right. */
// @ts-ignore: decorator
@inline
function isRegular(operation: i32, x: v128): v128 {
  if (operation == EXPONENTIAL) return f64x2.le(f64x2.abs(x), c(EXP_LIMIT));
  if (operation == LOGARITHM) return v128.and(f64x2.ge(x, c(LEAST_NORMAL)), f64x2.lt(x, c(INFINITE)));
  return f64x2.lt(f64x2.abs(x), c(REDUCIBLE));
}

/** What lanes give that are neither regular nor far. */
// @ts-ignore: decorator
@inline
function special(operation: i32, x: v128): v128 {
  // Infinity above, 0 below, and NaN, which pmax leaves.
  if (operation == EXPONENTIAL) return f64x2.mul(f64x2.pmax(x, c(NOTHING)), c(LARGEST));
  // All ones, a NaN, below 0; infinities of 0 and of infinity.
  if (operation == LOGARITHM)
    return f64x2.sub(v128.or(x, f64x2.lt(x, c(NOTHING))), v128.and(c(INFINITE), f64x2.eq(x, c(NOTHING))));
  return c(NO_NUMBER);
}

/** Arguments that are left to the scalar kernels: results that are subnormal, huge angles. */
// @ts-ignore: decorator
@inline
function isFar(operation: i32, x: v128): v128 {
  const magnitude = f64x2.abs(x);
  if (operation == EXPONENTIAL) return v128.and(f64x2.gt(magnitude, c(EXP_LIMIT)), f64x2.lt(magnitude, c(EXP_ALL)));
  if (operation == LOGARITHM) return v128.and(f64x2.gt(x, c(NOTHING)), f64x2.lt(x, c(LEAST_NORMAL)));
  return v128.and(f64x2.ge(magnitude, c(REDUCIBLE)), f64x2.lt(magnitude, c(INFINITE)));
}

// @ts-ignore: decorator
@inline
function scalar(operation: i32, x: f64): f64 {
  if (operation == EXPONENTIAL) return scalarExp(x);
  if (operation == LOGARITHM) return scalarLog(x);
  return operation == COSINE ? scalarCos(x) : scalarSin(x);
}

/** Needs a place for the result that is no operand: what is not regular is looked at again. */
// @ts-ignore: decorator
@inline
function loop(operation: i32, instruction: usize, block: usize, bytes: usize): void {
  let out = outOf(instruction, block);
  let a = operand(instruction, 0, block);
  const step = stepOf(instruction, 0);
  const end = out + bytes;
  do {
    const r0 = isRegular(operation, v128.load(a));
    const r1 = isRegular(operation, v128.load(a, 16));
    const r2 = isRegular(operation, v128.load(a, 32));
    const r3 = isRegular(operation, v128.load(a, 48));
    // Columns that are no numbers at all are common: nothing is computed for them.
    if (v128.any_true(v128.or(v128.or(r0, r1), v128.or(r2, r3))))
      // One at a time: two bodies side by side need more registers than there are.
      for (let k: usize = 0; k < 64; k += 16) v128.store(out + k, apply(operation, v128.load(a + k)));
    if (!i64x2.all_true(v128.and(v128.and(r0, r1), v128.and(r2, r3)))) {
      const x0 = v128.load(a);
      const x1 = v128.load(a, 16);
      const x2 = v128.load(a, 32);
      const x3 = v128.load(a, 48);
      v128.store(out, select(r0, v128.load(out), special(operation, x0)));
      v128.store(out, select(r1, v128.load(out, 16), special(operation, x1)), 16);
      v128.store(out, select(r2, v128.load(out, 32), special(operation, x2)), 32);
      v128.store(out, select(r3, v128.load(out, 48), special(operation, x3)), 48);
      const far = v128.or(
        v128.or(isFar(operation, x0), isFar(operation, x1)),
        v128.or(isFar(operation, x2), isFar(operation, x3)),
      );
      if (v128.any_true(far))
        for (let k: usize = 0; k < 64; k += 8) {
          const x = load<f64>(a + k);
          if (i64x2.extract_lane(isFar(operation, splat(x)), 0) != 0) store<f64>(out + k, scalar(operation, x));
        }
    }
    a += step;
    out += 64;
  } while (out < end);
}

export function exponential(instruction: usize, block: usize, bytes: usize): void {
  loop(EXPONENTIAL, instruction, block, bytes);
}
export function logarithm(instruction: usize, block: usize, bytes: usize): void {
  loop(LOGARITHM, instruction, block, bytes);
}
export function sine(instruction: usize, block: usize, bytes: usize): void {
  loop(SINE, instruction, block, bytes);
}
export function cosine(instruction: usize, block: usize, bytes: usize): void {
  loop(COSINE, instruction, block, bytes);
}

// Those that are seldom used are left to the host.

export function tangent(instruction: usize, block: usize, bytes: usize): void {
  const out = outOf(instruction, block);
  const a = operand(instruction, 0, block);
  const mask = stepOf(instruction, 0) === 0 ? 0 : ~0;
  for (let k: usize = 0; k < bytes; k += 8) store<f64>(out + k, scalarTan(load<f64>(a + (k & mask))));
}
export function hyperbolicTangent(instruction: usize, block: usize, bytes: usize): void {
  const out = outOf(instruction, block);
  const a = operand(instruction, 0, block);
  const mask = stepOf(instruction, 0) === 0 ? 0 : ~0;
  for (let k: usize = 0; k < bytes; k += 8) store<f64>(out + k, scalarTanh(load<f64>(a + (k & mask))));
}
export function power(instruction: usize, block: usize, bytes: usize): void {
  const out = outOf(instruction, block);
  const a = operand(instruction, 0, block);
  const b = operand(instruction, 1, block);
  const aMask = stepOf(instruction, 0) === 0 ? 0 : ~0;
  const bMask = stepOf(instruction, 1) === 0 ? 0 : ~0;
  for (let k: usize = 0; k < bytes; k += 8)
    store<f64>(out + k, scalarPow(load<f64>(a + (k & aMask)), load<f64>(b + (k & bMask))));
}
