// What is known of an operation: how many operands it has (1 to 3), and these.

export const OPERANDS: u8 = 3;
export const COMMUTATIVE: u8 = 4;
/** Its loop looks at its operands again after it has written: the result needs a place that is no operand. */
export const APART: u8 = 8;

/** Takes so long that it is not computed twice to save an instruction. */
export const SLOW: u8 = 16;

/** Operations 0 to 3 of an element go in pairs: one is computed with the one that needs it. */
export const PAIRABLE: i32 = 4;

let traits: usize = 0;

export function chooseTraits(table: StaticArray<u8>): void {
  traits = changetype<usize>(table);
}

// @ts-ignore: decorator
@inline
export function traitsOf(operation: i32): u8 {
  return load<u8>(traits + operation);
}

// @ts-ignore: decorator
@inline
export function operandsOf(operation: i32): i32 {
  return traitsOf(operation) & OPERANDS;
}
