// Loops over blocks of 64-bit words, four vectors a turn. A word holds bits of the task's width with zeros above, or a
// boolean: all ones or all zeros.
import { operand, outOf, stepOf } from "./instruction";
import { ADD, AND, AT_MOST, AT_MOST_SIGNED, COMPLEMENT, EQUAL, LESS, LESS_SIGNED, MULTIPLY, NEGATE, NOT, OR, SHIFT_LEFT_1, SHIFT_RIGHT_1, SHIFT_RIGHT_16, SHIFT_RIGHT_4, SUBTRACT, DIVIDE, REMAINDER, DIVIDE_SIGNED, REMAINDER_SIGNED, SHIFT_LEFT, SHIFT_RIGHT, SHIFT_RIGHT_SIGNED, XOR } from "./word-operations";

/** Ones for the bits of the width. */
let mask: i64 = -1;
/** The bit of the sign. */
let sign: i64 = i64.MIN_VALUE;
let width: i64 = 64;

export function setWidth(bits: i32): void {
  width = bits;
  mask = bits === 64 ? -1 : ((<i64>1) << bits) - 1;
  sign = (<i64>1) << (bits - 1);
}

// @ts-ignore: decorator
@inline
function apply(operation: i32, a: v128, b: v128): v128 {
  if (operation == AND) return v128.and(a, b);
  if (operation == OR) return v128.or(a, b);
  if (operation == XOR) return v128.xor(a, b);
  if (operation == ADD) return v128.and(i64x2.add(a, b), i64x2.splat(mask));
  if (operation == SUBTRACT) return v128.and(i64x2.sub(a, b), i64x2.splat(mask));
  if (operation == MULTIPLY) return v128.and(i64x2.mul(a, b), i64x2.splat(mask));
  if (operation == NOT) return v128.not(a);
  if (operation == COMPLEMENT) return v128.xor(a, i64x2.splat(mask));
  if (operation == NEGATE) return v128.and(i64x2.neg(a), i64x2.splat(mask));
  if (operation == SHIFT_LEFT_1) return v128.and(i64x2.shl(a, 1), i64x2.splat(mask));
  if (operation == SHIFT_RIGHT_1) return i64x2.shr_u(a, 1);
  if (operation == SHIFT_RIGHT_4) return i64x2.shr_u(a, 4);
  if (operation == SHIFT_RIGHT_16) return i64x2.shr_u(a, 16);
  if (operation == EQUAL) return i64x2.eq(a, b);
  // Only signed comparisons have an instruction: with the topmost bit turned over the order is the unsigned one. The
  // sign of a narrower word is turned over for the signed order: then zero to the largest is its least to its largest.
  const top = i64x2.splat(i64.MIN_VALUE);
  if (operation == LESS) return i64x2.lt_s(v128.xor(a, top), v128.xor(b, top));
  if (operation == AT_MOST) return i64x2.le_s(v128.xor(a, top), v128.xor(b, top));
  const turned = i64x2.splat(sign ^ i64.MIN_VALUE);
  if (operation == LESS_SIGNED) return i64x2.lt_s(v128.xor(a, turned), v128.xor(b, turned));
  if (operation == AT_MOST_SIGNED) return i64x2.le_s(v128.xor(a, turned), v128.xor(b, turned));
  return i64x2.replace_lane(
    i64x2.splat(applyScalar(operation, i64x2.extract_lane(a, 0), i64x2.extract_lane(b, 0))),
    1,
    applyScalar(operation, i64x2.extract_lane(a, 1), i64x2.extract_lane(b, 1)),
  );
}

// @ts-ignore: decorator
@inline
function extended(a: i64): i64 {
  return (a ^ sign) - sign;
}

/** What no vector instruction does. */
// @ts-ignore: decorator
@inline
function applyScalar(operation: i32, a: i64, b: i64): i64 {
  if (operation == DIVIDE) return b === 0 ? mask : <i64>(<u64>a / <u64>b);
  if (operation == REMAINDER) return b === 0 ? a : <i64>(<u64>a % <u64>b);
  if (operation == DIVIDE_SIGNED) {
    const s = extended(a);
    if (b === 0) return s < 0 ? 1 : mask;
    // The least number divided by −1 does not fit, and traps at 64 bits.
    return b === mask ? -s & mask : (s / extended(b)) & mask;
  }
  if (operation == REMAINDER_SIGNED) {
    if (b === 0) return a;
    return b === mask ? 0 : (extended(a) % extended(b)) & mask;
  }
  if (operation == SHIFT_LEFT) return <u64>b < <u64>width ? (a << b) & mask : 0;
  if (operation == SHIFT_RIGHT) return <u64>b < <u64>width ? <i64>(<u64>a >> <u64>b) : 0;
  return (extended(a) >> (<u64>b < <u64>width ? b : width - 1)) & mask;
}

// @ts-ignore: decorator
@inline
function unary(operation: i32, instruction: usize, block: usize, bytes: usize): void {
  let out = outOf(instruction, block);
  let a = operand(instruction, 0, block);
  const step = stepOf(instruction, 0);
  const end = out + bytes;
  do {
    const a0 = v128.load(a);
    const a1 = v128.load(a, 16);
    const a2 = v128.load(a, 32);
    const a3 = v128.load(a, 48);
    v128.store(out, apply(operation, a0, a0));
    v128.store(out, apply(operation, a1, a1), 16);
    v128.store(out, apply(operation, a2, a2), 32);
    v128.store(out, apply(operation, a3, a3), 48);
    a += step;
    out += 64;
  } while (out < end);
}

// @ts-ignore: decorator
@inline
function binary(operation: i32, instruction: usize, block: usize, bytes: usize): void {
  let out = outOf(instruction, block);
  let a = operand(instruction, 0, block);
  let b = operand(instruction, 1, block);
  const aStep = stepOf(instruction, 0);
  const bStep = stepOf(instruction, 1);
  const end = out + bytes;
  do {
    const r0 = apply(operation, v128.load(a), v128.load(b));
    const r1 = apply(operation, v128.load(a, 16), v128.load(b, 16));
    const r2 = apply(operation, v128.load(a, 32), v128.load(b, 32));
    const r3 = apply(operation, v128.load(a, 48), v128.load(b, 48));
    v128.store(out, r0);
    v128.store(out, r1, 16);
    v128.store(out, r2, 32);
    v128.store(out, r3, 48);
    a += aStep;
    b += bStep;
    out += 64;
  } while (out < end);
}

/** outer(inner(a, b), c): the word between stays in a register of the processor. */
// @ts-ignore: decorator
@inline
function pair(outer: i32, inner: i32, instruction: usize, block: usize, bytes: usize): void {
  let out = outOf(instruction, block);
  let a = operand(instruction, 0, block);
  let b = operand(instruction, 1, block);
  let c = operand(instruction, 2, block);
  const aStep = stepOf(instruction, 0);
  const bStep = stepOf(instruction, 1);
  const cStep = stepOf(instruction, 2);
  const end = out + bytes;
  do {
    const r0 = apply(outer, apply(inner, v128.load(a), v128.load(b)), v128.load(c));
    const r1 = apply(outer, apply(inner, v128.load(a, 16), v128.load(b, 16)), v128.load(c, 16));
    const r2 = apply(outer, apply(inner, v128.load(a, 32), v128.load(b, 32)), v128.load(c, 32));
    const r3 = apply(outer, apply(inner, v128.load(a, 48), v128.load(b, 48)), v128.load(c, 48));
    v128.store(out, r0);
    v128.store(out, r1, 16);
    v128.store(out, r2, 32);
    v128.store(out, r3, 48);
    a += aStep;
    b += bStep;
    c += cStep;
    out += 64;
  } while (out < end);
}

/** b where the boolean a is true, or, of words, where a is 1; elsewhere c. */
// @ts-ignore: decorator
@inline
function choose(isOne: bool, instruction: usize, block: usize, bytes: usize): void {
  let out = outOf(instruction, block);
  let a = operand(instruction, 0, block);
  let b = operand(instruction, 1, block);
  let c = operand(instruction, 2, block);
  const aStep = stepOf(instruction, 0);
  const bStep = stepOf(instruction, 1);
  const cStep = stepOf(instruction, 2);
  const one = i64x2.splat(1);
  const end = out + bytes;
  do {
    const a0 = v128.load(a);
    const a1 = v128.load(a, 16);
    const a2 = v128.load(a, 32);
    const a3 = v128.load(a, 48);
    const r0 = v128.bitselect(v128.load(b), v128.load(c), isOne ? i64x2.eq(a0, one) : a0);
    const r1 = v128.bitselect(v128.load(b, 16), v128.load(c, 16), isOne ? i64x2.eq(a1, one) : a1);
    const r2 = v128.bitselect(v128.load(b, 32), v128.load(c, 32), isOne ? i64x2.eq(a2, one) : a2);
    const r3 = v128.bitselect(v128.load(b, 48), v128.load(c, 48), isOne ? i64x2.eq(a3, one) : a3);
    v128.store(out, r0);
    v128.store(out, r1, 16);
    v128.store(out, r2, 32);
    v128.store(out, r3, 48);
    a += aStep;
    b += bStep;
    c += cStep;
    out += 64;
  } while (out < end);
}

export function and(instruction: usize, block: usize, bytes: usize): void {
  binary(AND, instruction, block, bytes);
}
export function or(instruction: usize, block: usize, bytes: usize): void {
  binary(OR, instruction, block, bytes);
}
export function xor(instruction: usize, block: usize, bytes: usize): void {
  binary(XOR, instruction, block, bytes);
}
export function add(instruction: usize, block: usize, bytes: usize): void {
  binary(ADD, instruction, block, bytes);
}
export function subtract(instruction: usize, block: usize, bytes: usize): void {
  binary(SUBTRACT, instruction, block, bytes);
}
export function multiply(instruction: usize, block: usize, bytes: usize): void {
  binary(MULTIPLY, instruction, block, bytes);
}
export function divide(instruction: usize, block: usize, bytes: usize): void {
  binary(DIVIDE, instruction, block, bytes);
}
export function remainder(instruction: usize, block: usize, bytes: usize): void {
  binary(REMAINDER, instruction, block, bytes);
}
export function divideSigned(instruction: usize, block: usize, bytes: usize): void {
  binary(DIVIDE_SIGNED, instruction, block, bytes);
}
export function remainderSigned(instruction: usize, block: usize, bytes: usize): void {
  binary(REMAINDER_SIGNED, instruction, block, bytes);
}
export function shiftLeft(instruction: usize, block: usize, bytes: usize): void {
  binary(SHIFT_LEFT, instruction, block, bytes);
}
export function shiftRight(instruction: usize, block: usize, bytes: usize): void {
  binary(SHIFT_RIGHT, instruction, block, bytes);
}
export function shiftRightSigned(instruction: usize, block: usize, bytes: usize): void {
  binary(SHIFT_RIGHT_SIGNED, instruction, block, bytes);
}
export function not(instruction: usize, block: usize, bytes: usize): void {
  unary(NOT, instruction, block, bytes);
}
export function complement(instruction: usize, block: usize, bytes: usize): void {
  unary(COMPLEMENT, instruction, block, bytes);
}
export function negate(instruction: usize, block: usize, bytes: usize): void {
  unary(NEGATE, instruction, block, bytes);
}
export function shiftLeft1(instruction: usize, block: usize, bytes: usize): void {
  unary(SHIFT_LEFT_1, instruction, block, bytes);
}
export function shiftRight1(instruction: usize, block: usize, bytes: usize): void {
  unary(SHIFT_RIGHT_1, instruction, block, bytes);
}
export function shiftRight4(instruction: usize, block: usize, bytes: usize): void {
  unary(SHIFT_RIGHT_4, instruction, block, bytes);
}
export function shiftRight16(instruction: usize, block: usize, bytes: usize): void {
  unary(SHIFT_RIGHT_16, instruction, block, bytes);
}
export function chooseByOne(instruction: usize, block: usize, bytes: usize): void {
  choose(true, instruction, block, bytes);
}
export function less(instruction: usize, block: usize, bytes: usize): void {
  binary(LESS, instruction, block, bytes);
}
export function atMost(instruction: usize, block: usize, bytes: usize): void {
  binary(AT_MOST, instruction, block, bytes);
}
export function lessSigned(instruction: usize, block: usize, bytes: usize): void {
  binary(LESS_SIGNED, instruction, block, bytes);
}
export function atMostSigned(instruction: usize, block: usize, bytes: usize): void {
  binary(AT_MOST_SIGNED, instruction, block, bytes);
}
export function equal(instruction: usize, block: usize, bytes: usize): void {
  binary(EQUAL, instruction, block, bytes);
}
export function chooseByBoolean(instruction: usize, block: usize, bytes: usize): void {
  choose(false, instruction, block, bytes);
}
export function andThenAnd(instruction: usize, block: usize, bytes: usize): void {
  pair(AND, AND, instruction, block, bytes);
}
export function orThenAnd(instruction: usize, block: usize, bytes: usize): void {
  pair(AND, OR, instruction, block, bytes);
}
export function xorThenAnd(instruction: usize, block: usize, bytes: usize): void {
  pair(AND, XOR, instruction, block, bytes);
}
export function addThenAnd(instruction: usize, block: usize, bytes: usize): void {
  pair(AND, ADD, instruction, block, bytes);
}
export function andThenOr(instruction: usize, block: usize, bytes: usize): void {
  pair(OR, AND, instruction, block, bytes);
}
export function orThenOr(instruction: usize, block: usize, bytes: usize): void {
  pair(OR, OR, instruction, block, bytes);
}
export function xorThenOr(instruction: usize, block: usize, bytes: usize): void {
  pair(OR, XOR, instruction, block, bytes);
}
export function addThenOr(instruction: usize, block: usize, bytes: usize): void {
  pair(OR, ADD, instruction, block, bytes);
}
export function andThenXor(instruction: usize, block: usize, bytes: usize): void {
  pair(XOR, AND, instruction, block, bytes);
}
export function orThenXor(instruction: usize, block: usize, bytes: usize): void {
  pair(XOR, OR, instruction, block, bytes);
}
export function xorThenXor(instruction: usize, block: usize, bytes: usize): void {
  pair(XOR, XOR, instruction, block, bytes);
}
export function addThenXor(instruction: usize, block: usize, bytes: usize): void {
  pair(XOR, ADD, instruction, block, bytes);
}
export function andThenAdd(instruction: usize, block: usize, bytes: usize): void {
  pair(ADD, AND, instruction, block, bytes);
}
export function orThenAdd(instruction: usize, block: usize, bytes: usize): void {
  pair(ADD, OR, instruction, block, bytes);
}
export function xorThenAdd(instruction: usize, block: usize, bytes: usize): void {
  pair(ADD, XOR, instruction, block, bytes);
}
export function addThenAdd(instruction: usize, block: usize, bytes: usize): void {
  pair(ADD, ADD, instruction, block, bytes);
}
