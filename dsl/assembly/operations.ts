// What the interpreter can do with reals, by number. ../vector-operations.ts has the same list in the same order.
import { APART, COMMUTATIVE, SLOW } from "./traits";

export const ADD: i32 = 0;
export const SUBTRACT: i32 = 1;
export const MULTIPLY: i32 = 2;
export const DIVIDE: i32 = 3;
export const MINIMUM: i32 = 4;
export const MAXIMUM: i32 = 5;
export const POWER: i32 = 6;
export const SQUARE_ROOT: i32 = 7;
export const ABSOLUTE: i32 = 8;
export const NEGATE: i32 = 9;
export const FLOOR: i32 = 10;
export const EXPONENTIAL: i32 = 11;
export const LOGARITHM: i32 = 12;
export const SINE: i32 = 13;
export const COSINE: i32 = 14;
export const TANGENT: i32 = 15;
export const HYPERBOLIC_TANGENT: i32 = 16;
export const EXPONENTIAL_LESS_ONE: i32 = 17;
export const LOGARITHM_OF_SUM: i32 = 18;
export const CUBE_ROOT: i32 = 19;
export const PROTECTED_DIVIDE: i32 = 20;
export const PROTECTED_INVERSE: i32 = 21;

// Only for derivatives: the third operand where the first is below the second, or where it is not; otherwise 0. NaN where
// they have no order.
export const WHERE_BELOW: i32 = 22;
export const WHERE_NOT_BELOW: i32 = 23;

/** Traits of each. */
export const realTraits: StaticArray<u8> = [
  2 | COMMUTATIVE,
  2,
  2 | COMMUTATIVE,
  2 | SLOW,
  2 | COMMUTATIVE,
  2 | COMMUTATIVE,
  2 | APART,
  1,
  1,
  1,
  1,
  1 | APART,
  1 | APART,
  1 | APART,
  1 | APART,
  1 | APART,
  1 | APART,
  1 | APART,
  1 | APART,
  1 | APART,
  2,
  1,
  3,
  3,
];
