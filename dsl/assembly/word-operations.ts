// What the interpreter can do with words, by number. ../vector-operations.ts has the same list in the same order.
import { COMMUTATIVE } from "./traits";

export const AND: i32 = 0;
export const OR: i32 = 1;
export const XOR: i32 = 2;
export const ADD: i32 = 3;
export const SUBTRACT: i32 = 4;
export const MULTIPLY: i32 = 5;
export const DIVIDE: i32 = 6;
export const REMAINDER: i32 = 7;
export const DIVIDE_SIGNED: i32 = 8;
export const REMAINDER_SIGNED: i32 = 9;
export const SHIFT_LEFT: i32 = 10;
export const SHIFT_RIGHT: i32 = 11;
export const SHIFT_RIGHT_SIGNED: i32 = 12;
export const NOT: i32 = 13;
export const COMPLEMENT: i32 = 14;
export const NEGATE: i32 = 15;
export const SHIFT_LEFT_1: i32 = 16;
export const SHIFT_RIGHT_1: i32 = 17;
export const SHIFT_RIGHT_4: i32 = 18;
export const SHIFT_RIGHT_16: i32 = 19;
export const IF_ONE: i32 = 20;
export const LESS: i32 = 21;
export const AT_MOST: i32 = 22;
export const LESS_SIGNED: i32 = 23;
export const AT_MOST_SIGNED: i32 = 24;
export const EQUAL: i32 = 25;
export const IF: i32 = 26;

/** Traits of each. */
export const wordTraits: StaticArray<u8> = [
  2 | COMMUTATIVE,
  2 | COMMUTATIVE,
  2 | COMMUTATIVE,
  2 | COMMUTATIVE,
  2,
  2 | COMMUTATIVE,
  2,
  2,
  2,
  2,
  2,
  2,
  2,
  1,
  1,
  1,
  1,
  1,
  1,
  1,
  3,
  2,
  2,
  2,
  2,
  2 | COMMUTATIVE,
  3,
];
