// What the kernels of doubles share: tables, constants, products whose rounding is known.

/** 2^(i / 128) as high and low, 128 × 2 doubles. Filled by the host. */
export const expTable: usize = memory.data(2048, 64);
/** c, near the reciprocal of an interval, and -log c as high and low: 256 × 4 doubles. Filled by the host. */
export const logTable: usize = memory.data(8192, 64);
/** sin, cos and the low part of sin of i / 64 of a turn: 64 × 4 doubles. Filled by the host. */
export const sineTable: usize = memory.data(2048, 64);

// Constants lie in memory: building them in the code takes several instructions each.
const table: usize = memory.data<f64>([
  6755399441055744,
  184.6649652337873,
  0.0054152123482253955,
  -1.0082281460997769e-13,
  0.16666666666666666,
  0.041666666666666664,
  0.008333333333333333,
  0.001388888888888889,
  0.5,
  708,
  746,
  -746,
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
  0.125,
  0.1111111111111111,
  393216,
  134217729,
  3.6893488147419103e19,
  1.1102230246251565e-16,
  9007199254740992,
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
  0.6366197723675814,
  1.5707963267341256,
  6.077100506303966e-11,
  2.0222662487959506e-21,
  1647099,
  1e-6,
  100663296,
  7.450580596923828e-9,
  -0.16666666666666666,
  0.008333333333333038,
  -0.00019841269840955916,
  2.7557319069675353e-6,
  -2.505206964378044e-8,
  1.6054135773582554e-10,
  -7.380371497732013e-13,
  0.0416666666666666,
  -0.0013888888888874565,
  2.4801587289762064e-5,
  -2.75573144308317e-7,
  2.0875733326410556e-9,
  -1.1360129513993481e-11,
  20,
  369.3299304675746,
  -0.33333333333333315,
  0.13333333333310582,
  -0.05396825387513178,
  0.02186947101396963,
  -0.0088615671831179,
  0.003513730634036207,
  0.9999999861030578,
  0.33333028874285453,
  0.22223812785425393,
  0.17421559360452557,
  0.1424782223718057,
  1073741825,
  1.7976931348623157e308,
  0,
  -1,
  NaN,
]);
export const SHIFT: usize = 0;
export const EXP_STEPS: usize = 8;
export const EXP_STEP_1: usize = 16;
export const EXP_STEP_2: usize = 24;
export const SIXTH: usize = 32;
export const EXP_4: usize = 40;
export const EXP_5: usize = 48;
export const EXP_6: usize = 56;
export const HALF: usize = 64;
export const EXP_LIMIT: usize = 72;
export const EXP_ALL: usize = 80;
export const EXP_NOTHING: usize = 88;
export const LEAST_NORMAL: usize = 96;
export const INFINITE: usize = 104;
export const SHORT: usize = 112;
export const ONE: usize = 120;
export const LOG2_HIGH: usize = 128;
export const LOG2_LOW: usize = 136;
export const THIRD: usize = 144;
export const QUARTER: usize = 152;
export const FIFTH: usize = 160;
export const SEVENTH: usize = 168;
export const EIGHTH: usize = 176;
export const NINTH: usize = 184;
export const SHORTER: usize = 192;
export const SPLIT: usize = 200;
export const LARGEST_POWER: usize = 208;
export const SMALLEST_SUM: usize = 216;
export const LARGEST_SUM: usize = 224;
export const STEPS: usize = 232;
export const STEP_1: usize = 240;
export const STEP_2: usize = 248;
export const STEP_3: usize = 256;
export const SINE_3: usize = 264;
export const SINE_5: usize = 272;
export const SINE_7: usize = 280;
export const COSINE_2: usize = 288;
export const COSINE_4: usize = 296;
export const COSINE_6: usize = 304;
export const REDUCIBLE: usize = 312;
export const QUARTERS: usize = 320;
export const QUARTER_1: usize = 328;
export const QUARTER_2: usize = 336;
export const QUARTER_3: usize = 344;
export const QUARTERS_LIMIT: usize = 352;
export const NEAR_QUARTER: usize = 360;
export const SINE_SHORT: usize = 368;
export const TANGENT_SMALL: usize = 376;
export const TAN_SINE_3: usize = 384;
export const TAN_SINE_5: usize = 392;
export const TAN_SINE_7: usize = 400;
export const TAN_SINE_9: usize = 408;
export const TAN_SINE_11: usize = 416;
export const TAN_SINE_13: usize = 424;
export const TAN_SINE_15: usize = 432;
export const TAN_COSINE_4: usize = 440;
export const TAN_COSINE_6: usize = 448;
export const TAN_COSINE_8: usize = 456;
export const TAN_COSINE_10: usize = 464;
export const TAN_COSINE_12: usize = 472;
export const TAN_COSINE_14: usize = 480;
export const TANH_LIMIT: usize = 488;
export const TANH_STEPS: usize = 496;
export const TANH_3: usize = 504;
export const TANH_5: usize = 512;
export const TANH_7: usize = 520;
export const TANH_9: usize = 528;
export const TANH_11: usize = 536;
export const TANH_13: usize = 544;
export const CBRT_0: usize = 552;
export const CBRT_1: usize = 560;
export const CBRT_2: usize = 568;
export const CBRT_3: usize = 576;
export const CBRT_4: usize = 584;
export const CBRT_SPLIT: usize = 592;
export const LARGEST: usize = 600;
export const ZERO: usize = 608;
export const MINUS_ONE: usize = 616;
export const NO_NUMBER: usize = 624;

// @ts-ignore: decorator
@inline
export function c(constant: usize): v128 {
  return v128.load64_splat(table + constant);
}

// @ts-ignore: decorator
@inline
export function select(mask: v128, yes: v128, no: v128): v128 {
  return v128.bitselect(yes, no, mask);
}

// @ts-ignore: decorator
@inline
export function signOf(x: v128): v128 {
  return v128.and(x, f64x2.splat(-0.0));
}

/** The exact a b − product where product = a b rounded. */
// @ts-ignore: decorator
@inline
export function productError(a: v128, b: v128, product: v128): v128 {
  const aScaled = f64x2.mul(c(SPLIT), a);
  const aHigh = f64x2.sub(aScaled, f64x2.sub(aScaled, a));
  const aLow = f64x2.sub(a, aHigh);
  const bScaled = f64x2.mul(c(SPLIT), b);
  const bHigh = f64x2.sub(bScaled, f64x2.sub(bScaled, b));
  const bLow = f64x2.sub(b, bHigh);
  const first = f64x2.add(f64x2.sub(f64x2.mul(aHigh, bHigh), product), f64x2.mul(aHigh, bLow));
  return f64x2.add(f64x2.add(first, f64x2.mul(aLow, bHigh)), f64x2.mul(aLow, bLow));
}

/** (a + aTail) / (b + bTail). */
// @ts-ignore: decorator
@inline
export function divide(a: v128, aTail: v128, b: v128, bTail: v128): v128 {
  const quotient = f64x2.div(a, b);
  const product = f64x2.mul(quotient, b);
  const remainder = f64x2.sub(f64x2.sub(a, product), productError(quotient, b, product));
  const rest = f64x2.sub(f64x2.add(remainder, aTail), f64x2.mul(quotient, bTail));
  return f64x2.add(quotient, f64x2.div(rest, b));
}
