// An instruction is a record of 13 words: the loop that carries it out (an index into the function table), where the result
// goes, three operands, and the operation. A place is an address, how far it moves in a turn of 64 bytes (64, or 0 for a constant, which
// is stored eight times), and a mask for the block's offset (all ones for columns of cases, 0 for registers).

export const INSTRUCTION_BYTES: usize = 52;

// @ts-ignore: decorator
@inline
export function outOf(instruction: usize, block: usize): usize {
  return <usize>load<u32>(instruction, 4) + (block & <usize>load<u32>(instruction, 8));
}

/** Address of operand k at a block. */
// @ts-ignore: decorator
@inline
export function operand(instruction: usize, k: usize, block: usize): usize {
  const at = instruction + 12 * k;
  return <usize>load<u32>(at, 12) + (block & <usize>load<u32>(at, 20));
}

// @ts-ignore: decorator
@inline
export function stepOf(instruction: usize, k: usize): usize {
  return <usize>load<u32>(instruction + 12 * k, 16);
}

/** A loop that carries out an instruction for `bytes` of every column, from an offset on. */
export type Loop = (instruction: usize, block: usize, bytes: usize) => void;

// @ts-ignore: decorator
@inline
export function setLoop(instruction: usize, loop: u32): void {
  store<u32>(instruction, loop);
}

// @ts-ignore: decorator
@inline
export function operationAt(instruction: usize): i32 {
  return load<i32>(instruction, 48);
}

// @ts-ignore: decorator
@inline
export function setOperation(instruction: usize, operation: i32): void {
  store<i32>(instruction, operation, 48);
}

// @ts-ignore: decorator
@inline
export function setOut(instruction: usize, address: usize, mask: usize): void {
  store<u32>(instruction, <u32>address, 4);
  store<u32>(instruction, <u32>mask, 8);
}

// @ts-ignore: decorator
@inline
export function setOperand(instruction: usize, k: usize, address: usize, step: usize, mask: usize): void {
  const at = instruction + 12 * k;
  store<u32>(at, <u32>address, 12);
  store<u32>(at, <u32>step, 16);
  store<u32>(at, <u32>mask, 20);
}
