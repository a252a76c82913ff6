// What is measured of a column: a signature, and a sum or maximum of errors. Kept in a slot of four lines of 64 bytes
// while the blocks go by: eight lanes of the hash, eight of the error. Case i belongs to lane i mod 8 whatever the size of
// a block, so results do not depend on it.
import { operand, outOf, stepOf } from "./instruction";

export const SLOT_BYTES: usize = 128;
const ERROR: usize = 64;

/** Ones for the lanes of the last eight cases that are cases, zeros behind them. */
export const tailMask: usize = memory.data(64, 64);
/** Offset of the last eight cases where they are not all cases; otherwise beyond the end. */
let tailAt: usize = ~0;

export function setTail(at: usize): void {
  tailAt = at;
}

/** 2 × 32 random odd bits for each vector of a turn. */
const multipliers: usize = memory.data<u32>([
  0x9e3779b1, 0x85ebca77, 0xc2b2ae3d, 0x27d4eb2f, 0x165667b1, 0xd6e8feb9, 0xa0761d65, 0xe7037ed1,
  0x8ebc6af1, 0x589965cd, 0x1d8e4e27, 0xeb44acc1, 0x2127599b, 0xbf58476d, 0x94d049bb, 0xff51afd7,
]);

export function clearSlot(slot: usize): void {
  memory.copy(slot, multipliers, 64);
  memory.fill(slot + ERROR, 0, 64);
}

// @ts-ignore: decorator
@inline
function mix(state: v128, value: v128, multiplier: v128): v128 {
  const x = v128.xor(state, value);
  const product = i32x4.mul(v128.or(i64x2.shl(x, 27), i64x2.shr_u(x, 37)), multiplier);
  // Twice: after one round a difference in a high bit is still a bit or two, which the next values may cancel.
  return i32x4.mul(v128.xor(product, i32x4.shr_u(product, 15)), multiplier);
}

/** −0 as 0, and one bit pattern for all that is no number. */
// @ts-ignore: decorator
@inline
function canonical(x: v128): v128 {
  const sum = f64x2.add(x, f64x2.splat(0));
  return v128.bitselect(sum, i64x2.splat(0x7ff8000000000000), f64x2.eq(x, x));
}

/** Takes a block of a column into the signature. */
export function hash(instruction: usize, block: usize, bytes: usize): void {
  const slot = outOf(instruction, block);
  let a = operand(instruction, 0, block);
  const step = stepOf(instruction, 0);
  const m0 = v128.load(multipliers);
  const m1 = v128.load(multipliers, 16);
  const m2 = v128.load(multipliers, 32);
  const m3 = v128.load(multipliers, 48);
  let s0 = v128.load(slot);
  let s1 = v128.load(slot, 16);
  let s2 = v128.load(slot, 32);
  let s3 = v128.load(slot, 48);
  for (let k: usize = 0; k < bytes; k += 64) {
    s0 = mix(s0, canonical(v128.load(a)), m0);
    s1 = mix(s1, canonical(v128.load(a, 16)), m1);
    s2 = mix(s2, canonical(v128.load(a, 32)), m2);
    s3 = mix(s3, canonical(v128.load(a, 48)), m3);
    a += step;
  }
  v128.store(slot, s0);
  v128.store(slot, s1, 16);
  v128.store(slot, s2, 32);
  v128.store(slot, s3, 48);
}

/** Writes the 128 bits of the signature. */
export function writeSignature(slot: usize, to: usize): void {
  let h = v128.load(slot);
  for (let k: usize = 16; k < 64; k += 16) h = mix(h, v128.load(slot + k), v128.load(multipliers + k));
  for (let k: usize = 0; k < 64; k += 16) {
    const turned = v128.shuffle<i32>(h, h, 3, 0, 1, 2);
    h = i32x4.add(mix(h, i32x4.shr_u(turned, 15), v128.load(multipliers + k)), turned);
  }
  v128.store(to, h);
}

// Operand 1: the expected column; operand 2, for relative errors: what they are divided by.
const SUM: i32 = 0;
const SQUARES: i32 = 1;
const LARGEST: i32 = 2;

// @ts-ignore: decorator
@inline
function gather(kind: i32, state: v128, error: v128): v128 {
  if (kind === SUM) return f64x2.add(state, error);
  if (kind === SQUARES) return f64x2.add(state, f64x2.mul(error, error));
  return f64x2.max(state, error);
}

// @ts-ignore: decorator
@inline
function errorOf(isRelative: bool, a: usize, expected: usize, scale: usize, k: usize): v128 {
  const difference = f64x2.abs(f64x2.sub(v128.load(a + k), v128.load(expected + k)));
  return isRelative ? f64x2.div(difference, v128.load(scale + k)) : difference;
}

// @ts-ignore: decorator
@inline
function reduce(kind: i32, isRelative: bool, instruction: usize, block: usize, bytes: usize): void {
  const slot = outOf(instruction, block) + ERROR;
  let a = operand(instruction, 0, block);
  let expected = operand(instruction, 1, block);
  let scale = isRelative ? operand(instruction, 2, block) : 0;
  const step = stepOf(instruction, 0);
  let s0 = v128.load(slot);
  let s1 = v128.load(slot, 16);
  let s2 = v128.load(slot, 32);
  let s3 = v128.load(slot, 48);
  const whole = tailAt - block < bytes ? tailAt - block : bytes;
  for (let k: usize = 0; k < whole; k += 64) {
    s0 = gather(kind, s0, errorOf(isRelative, a, expected, scale, 0));
    s1 = gather(kind, s1, errorOf(isRelative, a, expected, scale, 16));
    s2 = gather(kind, s2, errorOf(isRelative, a, expected, scale, 32));
    s3 = gather(kind, s3, errorOf(isRelative, a, expected, scale, 48));
    a += step;
    expected += 64;
    scale += 64;
  }
  if (whole < bytes) {
    s0 = gather(kind, s0, v128.and(errorOf(isRelative, a, expected, scale, 0), v128.load(tailMask)));
    s1 = gather(kind, s1, v128.and(errorOf(isRelative, a, expected, scale, 16), v128.load(tailMask, 16)));
    s2 = gather(kind, s2, v128.and(errorOf(isRelative, a, expected, scale, 32), v128.load(tailMask, 32)));
    s3 = gather(kind, s3, v128.and(errorOf(isRelative, a, expected, scale, 48), v128.load(tailMask, 48)));
  }
  v128.store(slot, s0);
  v128.store(slot, s1, 16);
  v128.store(slot, s2, 32);
  v128.store(slot, s3, 48);
}

/** The error of a slot: the lanes put together in a fixed order. */
export function errorIn(slot: usize, isLargest: bool): f64 {
  const s0 = v128.load(slot, ERROR);
  const s1 = v128.load(slot, ERROR + 16);
  const s2 = v128.load(slot, ERROR + 32);
  const s3 = v128.load(slot, ERROR + 48);
  if (isLargest) {
    const most = f64x2.max(f64x2.max(s0, s1), f64x2.max(s2, s3));
    return f64x2.extract_lane(f64x2.max(most, v128.shuffle<f64>(most, most, 1, 0)), 0);
  }
  const a = f64x2.extract_lane(s0, 0) + f64x2.extract_lane(s0, 1);
  const b = f64x2.extract_lane(s1, 0) + f64x2.extract_lane(s1, 1);
  const c = f64x2.extract_lane(s2, 0) + f64x2.extract_lane(s2, 1);
  const d = f64x2.extract_lane(s3, 0) + f64x2.extract_lane(s3, 1);
  return a + b + (c + d);
}

export function sumAbsolute(instruction: usize, block: usize, bytes: usize): void {
  reduce(SUM, false, instruction, block, bytes);
}
export function squaresAbsolute(instruction: usize, block: usize, bytes: usize): void {
  reduce(SQUARES, false, instruction, block, bytes);
}
export function largestAbsolute(instruction: usize, block: usize, bytes: usize): void {
  reduce(LARGEST, false, instruction, block, bytes);
}
export function sumRelative(instruction: usize, block: usize, bytes: usize): void {
  reduce(SUM, true, instruction, block, bytes);
}
export function squaresRelative(instruction: usize, block: usize, bytes: usize): void {
  reduce(SQUARES, true, instruction, block, bytes);
}
export function largestRelative(instruction: usize, block: usize, bytes: usize): void {
  reduce(LARGEST, true, instruction, block, bytes);
}
