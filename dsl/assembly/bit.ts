// Loops over blocks of packed booleans, 512 cases a turn. What does not depend on the width of a lane is done by the loops
// for words.
import { AND, IMPLIES, NAND, NOR, OR, XNOR } from "./bit-operations";
import { operand, outOf, stepOf } from "./instruction";

// @ts-ignore: decorator
@inline
function apply(operation: i32, a: v128, b: v128): v128 {
  if (operation == AND) return v128.and(a, b);
  if (operation == OR) return v128.or(a, b);
  if (operation == NAND) return v128.not(v128.and(a, b));
  if (operation == NOR) return v128.not(v128.or(a, b));
  if (operation == XNOR) return v128.not(v128.xor(a, b));
  return v128.or(v128.not(a), b);
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

/** outer(inner(a, b), c): the vector between stays in a register of the processor. */
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

export function and(instruction: usize, block: usize, bytes: usize): void {
  binary(AND, instruction, block, bytes);
}
export function or(instruction: usize, block: usize, bytes: usize): void {
  binary(OR, instruction, block, bytes);
}
export function nand(instruction: usize, block: usize, bytes: usize): void {
  binary(NAND, instruction, block, bytes);
}
export function nor(instruction: usize, block: usize, bytes: usize): void {
  binary(NOR, instruction, block, bytes);
}
export function xnor(instruction: usize, block: usize, bytes: usize): void {
  binary(XNOR, instruction, block, bytes);
}
export function implies(instruction: usize, block: usize, bytes: usize): void {
  binary(IMPLIES, instruction, block, bytes);
}
export function andThenAnd(instruction: usize, block: usize, bytes: usize): void {
  pair(AND, AND, instruction, block, bytes);
}
export function orThenAnd(instruction: usize, block: usize, bytes: usize): void {
  pair(AND, OR, instruction, block, bytes);
}
export function nandThenAnd(instruction: usize, block: usize, bytes: usize): void {
  pair(AND, NAND, instruction, block, bytes);
}
export function norThenAnd(instruction: usize, block: usize, bytes: usize): void {
  pair(AND, NOR, instruction, block, bytes);
}
export function andThenOr(instruction: usize, block: usize, bytes: usize): void {
  pair(OR, AND, instruction, block, bytes);
}
export function orThenOr(instruction: usize, block: usize, bytes: usize): void {
  pair(OR, OR, instruction, block, bytes);
}
export function nandThenOr(instruction: usize, block: usize, bytes: usize): void {
  pair(OR, NAND, instruction, block, bytes);
}
export function norThenOr(instruction: usize, block: usize, bytes: usize): void {
  pair(OR, NOR, instruction, block, bytes);
}
export function andThenNand(instruction: usize, block: usize, bytes: usize): void {
  pair(NAND, AND, instruction, block, bytes);
}
export function orThenNand(instruction: usize, block: usize, bytes: usize): void {
  pair(NAND, OR, instruction, block, bytes);
}
export function nandThenNand(instruction: usize, block: usize, bytes: usize): void {
  pair(NAND, NAND, instruction, block, bytes);
}
export function norThenNand(instruction: usize, block: usize, bytes: usize): void {
  pair(NAND, NOR, instruction, block, bytes);
}
export function andThenNor(instruction: usize, block: usize, bytes: usize): void {
  pair(NOR, AND, instruction, block, bytes);
}
export function orThenNor(instruction: usize, block: usize, bytes: usize): void {
  pair(NOR, OR, instruction, block, bytes);
}
export function nandThenNor(instruction: usize, block: usize, bytes: usize): void {
  pair(NOR, NAND, instruction, block, bytes);
}
export function norThenNor(instruction: usize, block: usize, bytes: usize): void {
  pair(NOR, NOR, instruction, block, bytes);
}
