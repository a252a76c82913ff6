// Loops over blocks of doubles, four vectors a turn.
import { operand, outOf, stepOf } from "./instruction";
import { ABSOLUTE, ADD, DIVIDE, FLOOR, MAXIMUM, MINIMUM, MULTIPLY, NEGATE, SQUARE_ROOT, SUBTRACT } from "./operations";

// @ts-ignore: decorator
@inline
function apply(operation: i32, a: v128, b: v128): v128 {
  if (operation == ADD) return f64x2.add(a, b);
  if (operation == SUBTRACT) return f64x2.sub(a, b);
  if (operation == MULTIPLY) return f64x2.mul(a, b);
  if (operation == DIVIDE) return f64x2.div(a, b);
  if (operation == MINIMUM) return f64x2.min(a, b);
  if (operation == MAXIMUM) return f64x2.max(a, b);
  if (operation == SQUARE_ROOT) return f64x2.sqrt(a);
  if (operation == ABSOLUTE) return f64x2.abs(a);
  if (operation == NEGATE) return f64x2.neg(a);
  return f64x2.floor(a);
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

/** c where a is below b, or where it is not; otherwise 0. NaN where a and b have no order. */
// @ts-ignore: decorator
@inline
function where(isBelow: bool, instruction: usize, block: usize, bytes: usize): void {
  let out = outOf(instruction, block);
  let a = operand(instruction, 0, block);
  let b = operand(instruction, 1, block);
  let c = operand(instruction, 2, block);
  const aStep = stepOf(instruction, 0);
  const bStep = stepOf(instruction, 1);
  const cStep = stepOf(instruction, 2);
  const end = out + bytes;
  do {
    for (let k: usize = 0; k < 64; k += 16) {
      const x = v128.load(a + k);
      const y = v128.load(b + k);
      const chosen = v128.and(isBelow ? f64x2.lt(x, y) : f64x2.ge(x, y), v128.load(c + k));
      const isOrdered = v128.and(f64x2.eq(x, x), f64x2.eq(y, y));
      v128.store(out + k, v128.bitselect(chosen, f64x2.splat(NaN), isOrdered));
    }
    a += aStep;
    b += bStep;
    c += cStep;
    out += 64;
  } while (out < end);
}

/** outer(inner(a, b), c), or outer(c, inner(a, b)) where swapped: the value between stays in a register of the processor. */
// @ts-ignore: decorator
@inline
function pair(outer: i32, inner: i32, swapped: bool, instruction: usize, block: usize, bytes: usize): void {
  let out = outOf(instruction, block);
  let a = operand(instruction, 0, block);
  let b = operand(instruction, 1, block);
  let c = operand(instruction, 2, block);
  const aStep = stepOf(instruction, 0);
  const bStep = stepOf(instruction, 1);
  const cStep = stepOf(instruction, 2);
  const end = out + bytes;
  do {
    const i0 = apply(inner, v128.load(a), v128.load(b));
    const i1 = apply(inner, v128.load(a, 16), v128.load(b, 16));
    const i2 = apply(inner, v128.load(a, 32), v128.load(b, 32));
    const i3 = apply(inner, v128.load(a, 48), v128.load(b, 48));
    const c0 = v128.load(c);
    const c1 = v128.load(c, 16);
    const c2 = v128.load(c, 32);
    const c3 = v128.load(c, 48);
    v128.store(out, swapped ? apply(outer, c0, i0) : apply(outer, i0, c0));
    v128.store(out, swapped ? apply(outer, c1, i1) : apply(outer, i1, c1), 16);
    v128.store(out, swapped ? apply(outer, c2, i2) : apply(outer, i2, c2), 32);
    v128.store(out, swapped ? apply(outer, c3, i3) : apply(outer, i3, c3), 48);
    a += aStep;
    b += bStep;
    c += cStep;
    out += 64;
  } while (out < end);
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
export function minimum(instruction: usize, block: usize, bytes: usize): void {
  binary(MINIMUM, instruction, block, bytes);
}
export function maximum(instruction: usize, block: usize, bytes: usize): void {
  binary(MAXIMUM, instruction, block, bytes);
}
export function squareRoot(instruction: usize, block: usize, bytes: usize): void {
  unary(SQUARE_ROOT, instruction, block, bytes);
}
export function absolute(instruction: usize, block: usize, bytes: usize): void {
  unary(ABSOLUTE, instruction, block, bytes);
}
export function negate(instruction: usize, block: usize, bytes: usize): void {
  unary(NEGATE, instruction, block, bytes);
}
export function floor(instruction: usize, block: usize, bytes: usize): void {
  unary(FLOOR, instruction, block, bytes);
}
export function whereBelow(instruction: usize, block: usize, bytes: usize): void {
  where(true, instruction, block, bytes);
}
export function whereNotBelow(instruction: usize, block: usize, bytes: usize): void {
  where(false, instruction, block, bytes);
}
export function addThenAdd(instruction: usize, block: usize, bytes: usize): void {
  pair(ADD, ADD, false, instruction, block, bytes);
}
export function subtractThenAdd(instruction: usize, block: usize, bytes: usize): void {
  pair(ADD, SUBTRACT, false, instruction, block, bytes);
}
export function multiplyThenAdd(instruction: usize, block: usize, bytes: usize): void {
  pair(ADD, MULTIPLY, false, instruction, block, bytes);
}
export function divideThenAdd(instruction: usize, block: usize, bytes: usize): void {
  pair(ADD, DIVIDE, false, instruction, block, bytes);
}
export function addThenSubtract(instruction: usize, block: usize, bytes: usize): void {
  pair(SUBTRACT, ADD, false, instruction, block, bytes);
}
export function subtractThenSubtract(instruction: usize, block: usize, bytes: usize): void {
  pair(SUBTRACT, SUBTRACT, false, instruction, block, bytes);
}
export function multiplyThenSubtract(instruction: usize, block: usize, bytes: usize): void {
  pair(SUBTRACT, MULTIPLY, false, instruction, block, bytes);
}
export function divideThenSubtract(instruction: usize, block: usize, bytes: usize): void {
  pair(SUBTRACT, DIVIDE, false, instruction, block, bytes);
}
export function addThenMultiply(instruction: usize, block: usize, bytes: usize): void {
  pair(MULTIPLY, ADD, false, instruction, block, bytes);
}
export function subtractThenMultiply(instruction: usize, block: usize, bytes: usize): void {
  pair(MULTIPLY, SUBTRACT, false, instruction, block, bytes);
}
export function multiplyThenMultiply(instruction: usize, block: usize, bytes: usize): void {
  pair(MULTIPLY, MULTIPLY, false, instruction, block, bytes);
}
export function divideThenMultiply(instruction: usize, block: usize, bytes: usize): void {
  pair(MULTIPLY, DIVIDE, false, instruction, block, bytes);
}
export function addThenDivide(instruction: usize, block: usize, bytes: usize): void {
  pair(DIVIDE, ADD, false, instruction, block, bytes);
}
export function subtractThenDivide(instruction: usize, block: usize, bytes: usize): void {
  pair(DIVIDE, SUBTRACT, false, instruction, block, bytes);
}
export function multiplyThenDivide(instruction: usize, block: usize, bytes: usize): void {
  pair(DIVIDE, MULTIPLY, false, instruction, block, bytes);
}
export function divideThenDivide(instruction: usize, block: usize, bytes: usize): void {
  pair(DIVIDE, DIVIDE, false, instruction, block, bytes);
}
export function addFrom(instruction: usize, block: usize, bytes: usize): void {
  pair(SUBTRACT, ADD, true, instruction, block, bytes);
}
export function subtractFrom(instruction: usize, block: usize, bytes: usize): void {
  pair(SUBTRACT, SUBTRACT, true, instruction, block, bytes);
}
export function multiplyFrom(instruction: usize, block: usize, bytes: usize): void {
  pair(SUBTRACT, MULTIPLY, true, instruction, block, bytes);
}
export function divideFrom(instruction: usize, block: usize, bytes: usize): void {
  pair(SUBTRACT, DIVIDE, true, instruction, block, bytes);
}
export function addUnder(instruction: usize, block: usize, bytes: usize): void {
  pair(DIVIDE, ADD, true, instruction, block, bytes);
}
export function subtractUnder(instruction: usize, block: usize, bytes: usize): void {
  pair(DIVIDE, SUBTRACT, true, instruction, block, bytes);
}
export function multiplyUnder(instruction: usize, block: usize, bytes: usize): void {
  pair(DIVIDE, MULTIPLY, true, instruction, block, bytes);
}
export function divideUnder(instruction: usize, block: usize, bytes: usize): void {
  pair(DIVIDE, DIVIDE, true, instruction, block, bytes);
}
