// Nodes → instructions: pairs of arithmetic are chosen, registers given out and taken back.
import { INSTRUCTION_BYTES, setLoop, setOperand, setOut } from "./instruction";
import { loops, pairs } from "./loops";
import { ARGUMENT, child, CONSTANT, constantOf, addUses, mark, nodeCount, operationOf, setMark, slotOf, uses } from "./nodes";
import { BINARY, DIVIDE, EXPONENTIAL, PAIRABLE, SUBTRACT } from "./operations";
import { hash, SLOT_BYTES } from "./measures";

export let instructions: usize = 0;
export let instructionEnd: usize = 0;
let constants: usize = 0;
let constantEnd: usize = 0;
let registers: usize = 0;
let columns: usize = 0;
let columnBytes: usize = 0;
export let slots: usize = 0;
/** The slots of the stage before. */
export let formerSlots: usize = 0;
let expected: usize = 0;
let scale: usize = 0;

let registerCount: i32 = 0;
let freeCount: i32 = 0;
let free: usize = 0;

export function placeSchedule(
  instructionsAt: usize,
  constantsAt: usize,
  registersAt: usize,
  freeAt: usize,
  columnsAt: usize,
  bytes: usize,
  slotsAt: usize,
  expectedAt: usize,
  scaleAt: usize,
): void {
  instructions = instructionsAt;
  constants = constantsAt;
  registers = registersAt;
  free = freeAt;
  columns = columnsAt;
  columnBytes = bytes;
  slots = slotsAt;
  formerSlots = slotsAt + SLOT_BYTES * 1024;
  expected = expectedAt;
  scale = scaleAt;
}

/** Begins another stage with empty slots. */
export function exchangeSlots(): void {
  const former = slots;
  slots = formerSlots;
  formerSlots = former;
}

/** Gives operand k the place of a node. At the node's last use its register is free. */
// @ts-ignore: decorator
@inline
function place(instruction: usize, k: usize, node: i32, blockBytes: usize): void {
  const operation = operationOf(node);
  if (operation === ARGUMENT) {
    setOperand(instruction, k, columns + columnBytes * child(node, 0), 64, ~0);
    return;
  }
  if (operation === CONSTANT) {
    const value = f64x2.splat(constantOf(node));
    v128.store(constantEnd, value);
    v128.store(constantEnd, value, 16);
    v128.store(constantEnd, value, 32);
    v128.store(constantEnd, value, 48);
    setOperand(instruction, k, constantEnd, 0, 0);
    constantEnd += 64;
    return;
  }
  const register = mark(node);
  setOperand(instruction, k, registers + blockBytes * register, 64, 0);
  if (addUses(node, -1) === 0) {
    store<i32>(free + 4 * freeCount, register);
    freeCount++;
  }
}

// @ts-ignore: decorator
@inline
function takeRegister(): i32 {
  if (freeCount === 0) return registerCount++;
  freeCount--;
  return load<i32>(free + 4 * freeCount);
}

/** What is measured of a root follows it at once. */
function measure(node: i32, blockBytes: usize, reduction: u32): void {
  const slot = slots + SLOT_BYTES * (slotOf(node) - 1);
  if (reduction !== 0) {
    const at = instructionEnd;
    setLoop(at, reduction);
    addUses(node, 1);
    place(at, 0, node, blockBytes);
    setOperand(at, 1, expected, 64, ~0);
    setOperand(at, 2, scale, 64, ~0);
    setOut(at, slot, 0);
    instructionEnd += INSTRUCTION_BYTES;
  }
  const at = instructionEnd;
  setLoop(at, hash.index);
  place(at, 0, node, blockBytes);
  setOut(at, slot, 0);
  instructionEnd += INSTRUCTION_BYTES;
}

// @ts-ignore: decorator
@inline
function isPairable(node: i32): bool {
  return <u32>operationOf(node) < <u32>PAIRABLE && uses(node) === 1;
}

/**
 * Turns the nodes into instructions.
 * @param root writes its column to `result`; −1: roots are measured in slots
 * @param reduction index of the loop that sums up the errors of roots; 0: none
 */
export function schedule(blockBytes: usize, root: i32, result: usize, reduction: u32): void {
  for (let node = nodeCount - 1; node > 0; node--) {
    const operation = operationOf(node);
    if (<u32>operation >= <u32>PAIRABLE || mark(node) < 0) continue;
    const a = child(node, 0);
    const b = child(node, 1);
    if (isPairable(a)) {
      setMark(node, 1);
      setMark(a, -1);
    } else if (isPairable(b)) {
      setMark(node, 2);
      setMark(b, -1);
    }
  }
  instructionEnd = instructions;
  constantEnd = constants;
  freeCount = 0;
  registerCount = 0;
  for (let node = 0; node < nodeCount; node++) {
    const operation = operationOf(node);
    if (operation < 0) {
      if (slotOf(node) > 0) measure(node, blockBytes, reduction);
      continue;
    }
    const pair = mark(node);
    if (pair < 0) continue;
    const at = instructionEnd;
    instructionEnd += INSTRUCTION_BYTES;
    // Arithmetic may write where it reads. The kernels look at their operand twice.
    let register: i32 = operation < EXPONENTIAL || node === root ? -1 : takeRegister();
    if (pair === 0) {
      setLoop(at, loops[operation].index);
      place(at, 0, child(node, 0), blockBytes);
      if (operation < BINARY) place(at, 1, child(node, 1), blockBytes);
    } else {
      const inner = child(node, pair - 1);
      let which = 4 * operation + operationOf(inner);
      if (pair === 2) {
        if (operation === SUBTRACT) which = 16 + operationOf(inner);
        else if (operation === DIVIDE) which = 20 + operationOf(inner);
      }
      setLoop(at, pairs[which].index);
      place(at, 0, child(inner, 0), blockBytes);
      place(at, 1, child(inner, 1), blockBytes);
      place(at, 2, child(node, 2 - pair), blockBytes);
    }
    if (node === root) {
      setOut(at, result, ~0);
      continue;
    }
    if (register < 0) register = takeRegister();
    setMark(node, register);
    setOut(at, registers + blockBytes * register, 0);
    if (slotOf(node) > 0) measure(node, blockBytes, reduction);
  }
}
