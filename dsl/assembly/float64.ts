// Loops over blocks of doubles.
import { binary, pair, unary } from "./floats";
import { ABSOLUTE, ADD, DIVIDE, FLOOR, MAXIMUM, MINIMUM, MULTIPLY, NEGATE, PROTECTED_DIVIDE, PROTECTED_INVERSE, SQUARE_ROOT, SUBTRACT } from "./operations";

export function add(instruction: usize, block: usize, bytes: usize): void {
  binary<f64>(ADD, instruction, block, bytes);
}
export function subtract(instruction: usize, block: usize, bytes: usize): void {
  binary<f64>(SUBTRACT, instruction, block, bytes);
}
export function multiply(instruction: usize, block: usize, bytes: usize): void {
  binary<f64>(MULTIPLY, instruction, block, bytes);
}
export function divide(instruction: usize, block: usize, bytes: usize): void {
  binary<f64>(DIVIDE, instruction, block, bytes);
}
export function minimum(instruction: usize, block: usize, bytes: usize): void {
  binary<f64>(MINIMUM, instruction, block, bytes);
}
export function maximum(instruction: usize, block: usize, bytes: usize): void {
  binary<f64>(MAXIMUM, instruction, block, bytes);
}
export function squareRoot(instruction: usize, block: usize, bytes: usize): void {
  unary<f64>(SQUARE_ROOT, instruction, block, bytes);
}
export function absolute(instruction: usize, block: usize, bytes: usize): void {
  unary<f64>(ABSOLUTE, instruction, block, bytes);
}
export function negate(instruction: usize, block: usize, bytes: usize): void {
  unary<f64>(NEGATE, instruction, block, bytes);
}
export function floor(instruction: usize, block: usize, bytes: usize): void {
  unary<f64>(FLOOR, instruction, block, bytes);
}
export function protectedDivide(instruction: usize, block: usize, bytes: usize): void {
  binary<f64>(PROTECTED_DIVIDE, instruction, block, bytes);
}
export function protectedInverse(instruction: usize, block: usize, bytes: usize): void {
  unary<f64>(PROTECTED_INVERSE, instruction, block, bytes);
}
export function addThenAdd(instruction: usize, block: usize, bytes: usize): void {
  pair<f64>(ADD, ADD, false, instruction, block, bytes);
}
export function subtractThenAdd(instruction: usize, block: usize, bytes: usize): void {
  pair<f64>(ADD, SUBTRACT, false, instruction, block, bytes);
}
export function multiplyThenAdd(instruction: usize, block: usize, bytes: usize): void {
  pair<f64>(ADD, MULTIPLY, false, instruction, block, bytes);
}
export function divideThenAdd(instruction: usize, block: usize, bytes: usize): void {
  pair<f64>(ADD, DIVIDE, false, instruction, block, bytes);
}
export function addThenSubtract(instruction: usize, block: usize, bytes: usize): void {
  pair<f64>(SUBTRACT, ADD, false, instruction, block, bytes);
}
export function subtractThenSubtract(instruction: usize, block: usize, bytes: usize): void {
  pair<f64>(SUBTRACT, SUBTRACT, false, instruction, block, bytes);
}
export function multiplyThenSubtract(instruction: usize, block: usize, bytes: usize): void {
  pair<f64>(SUBTRACT, MULTIPLY, false, instruction, block, bytes);
}
export function divideThenSubtract(instruction: usize, block: usize, bytes: usize): void {
  pair<f64>(SUBTRACT, DIVIDE, false, instruction, block, bytes);
}
export function addThenMultiply(instruction: usize, block: usize, bytes: usize): void {
  pair<f64>(MULTIPLY, ADD, false, instruction, block, bytes);
}
export function subtractThenMultiply(instruction: usize, block: usize, bytes: usize): void {
  pair<f64>(MULTIPLY, SUBTRACT, false, instruction, block, bytes);
}
export function multiplyThenMultiply(instruction: usize, block: usize, bytes: usize): void {
  pair<f64>(MULTIPLY, MULTIPLY, false, instruction, block, bytes);
}
export function divideThenMultiply(instruction: usize, block: usize, bytes: usize): void {
  pair<f64>(MULTIPLY, DIVIDE, false, instruction, block, bytes);
}
export function addThenDivide(instruction: usize, block: usize, bytes: usize): void {
  pair<f64>(DIVIDE, ADD, false, instruction, block, bytes);
}
export function subtractThenDivide(instruction: usize, block: usize, bytes: usize): void {
  pair<f64>(DIVIDE, SUBTRACT, false, instruction, block, bytes);
}
export function multiplyThenDivide(instruction: usize, block: usize, bytes: usize): void {
  pair<f64>(DIVIDE, MULTIPLY, false, instruction, block, bytes);
}
export function divideThenDivide(instruction: usize, block: usize, bytes: usize): void {
  pair<f64>(DIVIDE, DIVIDE, false, instruction, block, bytes);
}
export function addFrom(instruction: usize, block: usize, bytes: usize): void {
  pair<f64>(SUBTRACT, ADD, true, instruction, block, bytes);
}
export function subtractFrom(instruction: usize, block: usize, bytes: usize): void {
  pair<f64>(SUBTRACT, SUBTRACT, true, instruction, block, bytes);
}
export function multiplyFrom(instruction: usize, block: usize, bytes: usize): void {
  pair<f64>(SUBTRACT, MULTIPLY, true, instruction, block, bytes);
}
export function divideFrom(instruction: usize, block: usize, bytes: usize): void {
  pair<f64>(SUBTRACT, DIVIDE, true, instruction, block, bytes);
}
export function addUnder(instruction: usize, block: usize, bytes: usize): void {
  pair<f64>(DIVIDE, ADD, true, instruction, block, bytes);
}
export function subtractUnder(instruction: usize, block: usize, bytes: usize): void {
  pair<f64>(DIVIDE, SUBTRACT, true, instruction, block, bytes);
}
export function multiplyUnder(instruction: usize, block: usize, bytes: usize): void {
  pair<f64>(DIVIDE, MULTIPLY, true, instruction, block, bytes);
}
export function divideUnder(instruction: usize, block: usize, bytes: usize): void {
  pair<f64>(DIVIDE, DIVIDE, true, instruction, block, bytes);
}
