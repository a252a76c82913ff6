// What the interpreter can do with packed booleans, by number. ../vector-operations.ts has the same list in the same order.
import { COMMUTATIVE } from "./traits";

export const AND: i32 = 0;
export const OR: i32 = 1;
export const NAND: i32 = 2;
export const NOR: i32 = 3;
export const XOR: i32 = 4;
export const XNOR: i32 = 5;
export const IMPLIES: i32 = 6;
export const NOT: i32 = 7;
export const IF: i32 = 8;

/** Traits of each. */
export const bitTraits: StaticArray<u8> = [
  2 | COMMUTATIVE,
  2 | COMMUTATIVE,
  2 | COMMUTATIVE,
  2 | COMMUTATIVE,
  2 | COMMUTATIVE,
  2 | COMMUTATIVE,
  2,
  1,
  3,
];

/** Each as a sum modulo 2 of some of the terms 1, a, b, ab, c, ac (Zhegalkin 1927): a bit for each term, 1 the lowest. */
export const bitTerms: StaticArray<u8> = [
  0b001000,
  0b001110,
  0b001001,
  0b001111,
  0b000110,
  0b000111,
  0b001011,
  0b000011,
  0b111000,
];
