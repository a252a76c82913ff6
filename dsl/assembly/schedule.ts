// Nodes → instructions: pairs of arithmetic are chosen, registers given out and taken back.
import { errorLoop, hashLoop, loops, pairs } from "./elements";
import { INSTRUCTION_BYTES, setLoop, setOperand, setOut } from "./instruction";
import { take } from "./memory";
import { ARGUMENT, child, CONSTANT, constantOf, addUses, mark, nodeCount, operationOf, setMark, slotOf, uses } from "./nodes";
import { SLOT_BYTES } from "./slots";
import { APART, OPERANDS, PAIRABLE, traitsOf } from "./traits";

let instructions: usize = 0;
let instructionEnd: usize = 0;
let constants: usize = 0;
let constantEnd: usize = 0;
let registers: usize = 0;
let blockBytes: usize = 0;
/** Argument × column. Filled by the host, as are the columns that errors are measured against. */
export let columns: usize = 0;
export let expected: usize = 0;
export let scale: usize = 0;
export let columnBytes: usize = 0;
export let slots: usize = 0;
/** The slots of the stage before. */
export let formerSlots: usize = 0;

let registerCount: i32 = 0;
let freeCount: i32 = 0;
let free: usize = 0;

export function placeSchedule(
  maximumNodes: i32,
  maximumPrograms: i32,
  argumentCount: i32,
  bytes: usize,
  blocks: usize,
): void {
  columnBytes = bytes;
  blockBytes = blocks;
  // A root brings two instructions that measure it.
  instructions = take(INSTRUCTION_BYTES * (maximumNodes + 2 * maximumPrograms));
  // A constant is written down once for each operand.
  constants = take(64 * 3 * maximumNodes);
  free = take(4 * maximumNodes);
  slots = take(SLOT_BYTES * maximumPrograms);
  formerSlots = take(SLOT_BYTES * maximumPrograms);
  expected = take(bytes);
  scale = take(bytes);
  columns = take(bytes * argumentCount);
  registers = take(blocks * maximumNodes);
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
function place(instruction: usize, k: usize, node: i32): void {
  const operation = operationOf(node);
  if (operation === ARGUMENT) {
    setOperand(instruction, k, columns + columnBytes * child(node, 0), 64, ~0);
    return;
  }
  if (operation === CONSTANT) {
    const value = i64x2.splat(constantOf(node));
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
function measure(node: i32): void {
  const slot = slots + SLOT_BYTES * (slotOf(node) - 1);
  if (errorLoop !== 0) {
    const at = instructionEnd;
    setLoop(at, errorLoop);
    addUses(node, 1);
    place(at, 0, node);
    setOperand(at, 1, expected, 64, ~0);
    setOperand(at, 2, scale, 64, ~0);
    setOut(at, slot, 0);
    instructionEnd += INSTRUCTION_BYTES;
  }
  const at = instructionEnd;
  setLoop(at, hashLoop);
  place(at, 0, node);
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
 */
export function schedule(root: i32, result: usize): void {
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
      if (slotOf(node) > 0) measure(node);
      continue;
    }
    const pair = mark(node);
    if (pair < 0) continue;
    const at = instructionEnd;
    instructionEnd += INSTRUCTION_BYTES;
    const traits = traitsOf(operation);
    // Most loops may write where they read.
    let register: i32 = (traits & APART) === 0 || node === root ? -1 : takeRegister();
    if (pair === 0) {
      setLoop(at, loops[operation].index);
      const operands = traits & OPERANDS;
      place(at, 0, child(node, 0));
      if (operands > 1) place(at, 1, child(node, 1));
      if (operands > 2) place(at, 2, child(node, 2));
    } else {
      const inner = child(node, pair - 1);
      setLoop(at, pairs[8 * operation + 4 * (pair - 1) + operationOf(inner)].index);
      place(at, 0, child(inner, 0));
      place(at, 1, child(inner, 1));
      place(at, 2, child(node, 2 - pair));
    }
    if (node === root) {
      setOut(at, result, ~0);
      continue;
    }
    if (register < 0) register = takeRegister();
    setMark(node, register);
    setOut(at, registers + blockBytes * register, 0);
    if (slotOf(node) > 0) measure(node);
  }
}

/** Runs the instructions on the cases between two offsets. */
export function execute(from: usize, to: usize): void {
  const end = instructionEnd;
  for (let block = from; block < to; block += blockBytes) {
    const bytes = min(blockBytes, to - block);
    for (let at = instructions; at < end; at += INSTRUCTION_BYTES)
      call_indirect<void>(load<u32>(at), at, block, bytes);
  }
}
