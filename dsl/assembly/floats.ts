// Loops over blocks of floating-point numbers, doubles (f64) or singles (f32), four vectors a turn.
import { operand, outOf, stepOf } from "./instruction";
import { ABSOLUTE, ADD, DIVIDE, FLOOR, MAXIMUM, MINIMUM, MULTIPLY, NEGATE, PROTECTED_DIVIDE, PROTECTED_INVERSE, SQUARE_ROOT, SUBTRACT } from "./operations";

// @ts-ignore: decorator
@inline
function apply<T>(operation: i32, a: v128, b: v128): v128 {
  if (operation == ADD) return v128.add<T>(a, b);
  if (operation == SUBTRACT) return v128.sub<T>(a, b);
  if (operation == MULTIPLY) return v128.mul<T>(a, b);
  if (operation == DIVIDE) return v128.div<T>(a, b);
  if (operation == MINIMUM) return v128.min<T>(a, b);
  if (operation == MAXIMUM) return v128.max<T>(a, b);
  if (operation == SQUARE_ROOT) return v128.sqrt<T>(a);
  if (operation == ABSOLUTE) return v128.abs<T>(a);
  if (operation == NEGATE) return v128.neg<T>(a);
  if (operation == PROTECTED_DIVIDE)
    return v128.bitselect(v128.splat<T>(<T>1), v128.div<T>(a, b), v128.eq<T>(b, v128.splat<T>(<T>0)));
  if (operation == PROTECTED_INVERSE)
    return v128.bitselect(v128.splat<T>(<T>1), v128.div<T>(v128.splat<T>(<T>1), a), v128.eq<T>(a, v128.splat<T>(<T>0)));
  return v128.floor<T>(a);
}

// @ts-ignore: decorator
@inline
export function unary<T>(operation: i32, instruction: usize, block: usize, bytes: usize): void {
  let out = outOf(instruction, block);
  let a = operand(instruction, 0, block);
  const step = stepOf(instruction, 0);
  const end = out + bytes;
  do {
    const a0 = v128.load(a);
    const a1 = v128.load(a, 16);
    const a2 = v128.load(a, 32);
    const a3 = v128.load(a, 48);
    v128.store(out, apply<T>(operation, a0, a0));
    v128.store(out, apply<T>(operation, a1, a1), 16);
    v128.store(out, apply<T>(operation, a2, a2), 32);
    v128.store(out, apply<T>(operation, a3, a3), 48);
    a += step;
    out += 64;
  } while (out < end);
}

// @ts-ignore: decorator
@inline
export function binary<T>(operation: i32, instruction: usize, block: usize, bytes: usize): void {
  let out = outOf(instruction, block);
  let a = operand(instruction, 0, block);
  let b = operand(instruction, 1, block);
  const aStep = stepOf(instruction, 0);
  const bStep = stepOf(instruction, 1);
  const end = out + bytes;
  do {
    const r0 = apply<T>(operation, v128.load(a), v128.load(b));
    const r1 = apply<T>(operation, v128.load(a, 16), v128.load(b, 16));
    const r2 = apply<T>(operation, v128.load(a, 32), v128.load(b, 32));
    const r3 = apply<T>(operation, v128.load(a, 48), v128.load(b, 48));
    v128.store(out, r0);
    v128.store(out, r1, 16);
    v128.store(out, r2, 32);
    v128.store(out, r3, 48);
    a += aStep;
    b += bStep;
    out += 64;
  } while (out < end);
}

/** outer(inner(a, b), c), or outer(c, inner(a, b)) where swapped: the value between stays in a register of the processor. */
// @ts-ignore: decorator
@inline
export function pair<T>(outer: i32, inner: i32, swapped: bool, instruction: usize, block: usize, bytes: usize): void {
  let out = outOf(instruction, block);
  let a = operand(instruction, 0, block);
  let b = operand(instruction, 1, block);
  let c = operand(instruction, 2, block);
  const aStep = stepOf(instruction, 0);
  const bStep = stepOf(instruction, 1);
  const cStep = stepOf(instruction, 2);
  const end = out + bytes;
  do {
    const i0 = apply<T>(inner, v128.load(a), v128.load(b));
    const i1 = apply<T>(inner, v128.load(a, 16), v128.load(b, 16));
    const i2 = apply<T>(inner, v128.load(a, 32), v128.load(b, 32));
    const i3 = apply<T>(inner, v128.load(a, 48), v128.load(b, 48));
    const c0 = v128.load(c);
    const c1 = v128.load(c, 16);
    const c2 = v128.load(c, 32);
    const c3 = v128.load(c, 48);
    v128.store(out, swapped ? apply<T>(outer, c0, i0) : apply<T>(outer, i0, c0));
    v128.store(out, swapped ? apply<T>(outer, c1, i1) : apply<T>(outer, i1, c1), 16);
    v128.store(out, swapped ? apply<T>(outer, c2, i2) : apply<T>(outer, i2, c2), 32);
    v128.store(out, swapped ? apply<T>(outer, c3, i3) : apply<T>(outer, i3, c3), 48);
    a += aStep;
    b += bStep;
    c += cStep;
    out += 64;
  } while (out < end);
}
