// How far a column is from what is expected: the sum, the sum of squares or the largest of the errors of its cases, or the
// number of cases that differ. In eight lanes, as signatures are.
import { operand, outOf, stepOf } from "./instruction";
import { ABSOLUTE, CLASS, errorOf, HINGE, HUBER, LOG_COSH, LOGISTIC, RELATIVE } from "./losses";
import { ERROR, tailAt, tailMask } from "./slots";

// Operand 1: the expected column; operand 2: the cases' scale.
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
function reduce(kind: i32, error: i32, instruction: usize, block: usize, bytes: usize): void {
  const slot = outOf(instruction, block) + ERROR;
  let a = operand(instruction, 0, block);
  let expected = operand(instruction, 1, block);
  let scale = operand(instruction, 2, block);
  const step = stepOf(instruction, 0);
  let s0 = v128.load(slot);
  let s1 = v128.load(slot, 16);
  let s2 = v128.load(slot, 32);
  let s3 = v128.load(slot, 48);
  const whole = tailAt - block < bytes ? tailAt - block : bytes;
  for (let k: usize = 0; k < whole; k += 64) {
    s0 = gather(kind, s0, errorOf(error, v128.load(a), v128.load(expected), scale));
    s1 = gather(kind, s1, errorOf(error, v128.load(a, 16), v128.load(expected, 16), scale + 16));
    s2 = gather(kind, s2, errorOf(error, v128.load(a, 32), v128.load(expected, 32), scale + 32));
    s3 = gather(kind, s3, errorOf(error, v128.load(a, 48), v128.load(expected, 48), scale + 48));
    a += step;
    expected += 64;
    scale += 64;
  }
  if (whole < bytes) {
    s0 = gather(kind, s0, v128.and(errorOf(error, v128.load(a), v128.load(expected), scale), v128.load(tailMask)));
    s1 = gather(kind, s1, v128.and(errorOf(error, v128.load(a, 16), v128.load(expected, 16), scale + 16), v128.load(tailMask, 16)));
    s2 = gather(kind, s2, v128.and(errorOf(error, v128.load(a, 32), v128.load(expected, 32), scale + 32), v128.load(tailMask, 32)));
    s3 = gather(kind, s3, v128.and(errorOf(error, v128.load(a, 48), v128.load(expected, 48), scale + 48), v128.load(tailMask, 48)));
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
  return sumOfLanes(s0, s1, s2, s3);
}

export function sumOfLanes(s0: v128, s1: v128, s2: v128, s3: v128): f64 {
  const a = f64x2.extract_lane(s0, 0) + f64x2.extract_lane(s0, 1);
  const b = f64x2.extract_lane(s1, 0) + f64x2.extract_lane(s1, 1);
  const c = f64x2.extract_lane(s2, 0) + f64x2.extract_lane(s2, 1);
  const d = f64x2.extract_lane(s3, 0) + f64x2.extract_lane(s3, 1);
  return a + b + (c + d);
}

function sumAbsolute(instruction: usize, block: usize, bytes: usize): void {
  reduce(SUM, ABSOLUTE, instruction, block, bytes);
}
function squaresAbsolute(instruction: usize, block: usize, bytes: usize): void {
  reduce(SQUARES, ABSOLUTE, instruction, block, bytes);
}
function largestAbsolute(instruction: usize, block: usize, bytes: usize): void {
  reduce(LARGEST, ABSOLUTE, instruction, block, bytes);
}
function sumRelative(instruction: usize, block: usize, bytes: usize): void {
  reduce(SUM, RELATIVE, instruction, block, bytes);
}
function squaresRelative(instruction: usize, block: usize, bytes: usize): void {
  reduce(SQUARES, RELATIVE, instruction, block, bytes);
}
function largestRelative(instruction: usize, block: usize, bytes: usize): void {
  reduce(LARGEST, RELATIVE, instruction, block, bytes);
}
function sumLogCosh(instruction: usize, block: usize, bytes: usize): void {
  reduce(SUM, LOG_COSH, instruction, block, bytes);
}
function sumHuber(instruction: usize, block: usize, bytes: usize): void {
  reduce(SUM, HUBER, instruction, block, bytes);
}
function sumClass(instruction: usize, block: usize, bytes: usize): void {
  reduce(SUM, CLASS, instruction, block, bytes);
}
function sumLogistic(instruction: usize, block: usize, bytes: usize): void {
  reduce(SUM, LOGISTIC, instruction, block, bytes);
}
function sumHinge(instruction: usize, block: usize, bytes: usize): void {
  reduce(SUM, HINGE, instruction, block, bytes);
}

/** Adds the number of words that are not as expected. */
export function differentWords(instruction: usize, block: usize, bytes: usize): void {
  countDifferent(true, instruction, block, bytes);
}
/** Adds the number of packed booleans that are not as expected. */
export function differentBits(instruction: usize, block: usize, bytes: usize): void {
  countDifferent(false, instruction, block, bytes);
}

/** The number of cases that differ, in either half of a vector, as doubles. */
// @ts-ignore: decorator
@inline
function different(isWord: bool, difference: v128): v128 {
  return isWord ? v128.andnot(f64x2.splat(1), i64x2.eq(difference, i64x2.splat(0))) : bitCount(difference);
}

/** The set bits of either half, as doubles. */
// @ts-ignore: decorator
@inline
function bitCount(x: v128): v128 {
  const fours = i32x4.extadd_pairwise_i16x8_u(i16x8.extadd_pairwise_i8x16_u(i8x16.popcnt(x)));
  const halves = i32x4.add(fours, v128.shuffle<i32>(fours, fours, 1, 0, 3, 2));
  return f64x2.convert_low_i32x4_u(v128.shuffle<i32>(halves, halves, 0, 2, 1, 3));
}

// @ts-ignore: decorator
@inline
function countDifferent(isWord: bool, instruction: usize, block: usize, bytes: usize): void {
  const slot = outOf(instruction, block) + ERROR;
  let a = operand(instruction, 0, block);
  let expected = operand(instruction, 1, block);
  const step = stepOf(instruction, 0);
  let s0 = v128.load(slot);
  let s1 = v128.load(slot, 16);
  const whole = tailAt - block < bytes ? tailAt - block : bytes;
  for (let k: usize = 0; k < whole; k += 64) {
    s0 = f64x2.add(s0, different(isWord, v128.xor(v128.load(a), v128.load(expected))));
    s1 = f64x2.add(s1, different(isWord, v128.xor(v128.load(a, 16), v128.load(expected, 16))));
    s0 = f64x2.add(s0, different(isWord, v128.xor(v128.load(a, 32), v128.load(expected, 32))));
    s1 = f64x2.add(s1, different(isWord, v128.xor(v128.load(a, 48), v128.load(expected, 48))));
    a += step;
    expected += 64;
  }
  if (whole < bytes)
    for (let k: usize = 0; k < 64; k += 16) {
      const difference = v128.and(v128.xor(v128.load(a + k), v128.load(expected + k)), v128.load(tailMask + k));
      s0 = f64x2.add(s0, different(isWord, difference));
    }
  v128.store(slot, s0);
  v128.store(slot, s1, 16);
}

/** The loop of a measure of doubles: 0 none, then in the order of `measurements` in ../vector-machine.ts. */
export function errorLoopFloat64(measure: i32): u32 {
  switch (measure) {
    case 1: return sumAbsolute.index;
    case 2: return squaresAbsolute.index;
    case 3: return largestAbsolute.index;
    case 4: return sumRelative.index;
    case 5: return squaresRelative.index;
    case 6: return largestRelative.index;
    case 7: return sumLogCosh.index;
    case 8: return sumHuber.index;
    case 9: return sumClass.index;
    case 10: return sumClass.index;
    case 11: return sumLogistic.index;
    case 12: return sumHinge.index;
    default: return 0;
  }
}

/** Whether a measure is the largest error. */
export function isLargestError(measure: i32): bool {
  return measure === 3 || measure === 6;
}
