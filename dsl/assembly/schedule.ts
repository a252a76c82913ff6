// Nodes → instructions: pairs of arithmetic are chosen, registers given out and taken back.
import { errorLoop, hashLoop, loopOf, pairs, widening } from "./elements";
import { INSTRUCTION_BYTES, operand, outOf, setLoop, setOperand, setOperation, setOut, stepOf } from "./instruction";
import { scaleColumn } from "./linear-scaling";
import { take } from "./memory";
import { ARGUMENT, child, CONSTANT, constantOf, addUses, mark, needOf, nodeCount, operationOf, PARAMETER, setMark, setNeed, slotOf, uses } from "./nodes";
import { SLOT_BYTES } from "./slots";
import { APART, OPERANDS, operandsOf, PAIRABLE, SLOW, traitsOf } from "./traits";

let instructions: usize = 0;
let instructionBegin: usize = 0;
export let instructionEnd: usize = 0;
/** Instruction → its node, with PAIR_BITS that say which child is computed with it, or −1 − a node that is measured. */
let nodeOfInstruction: usize = 0;
let constants: usize = 0;
let constantEnd: usize = 0;
let registers: usize = 0;
export let blockBytes: usize = 0;
/** Argument × column. Filled by the host, as are the columns that errors are measured against. */
export let columns: usize = 0;
export let expected: usize = 0;
export let scale: usize = 0;
export let columnBytes: usize = 0;
export let slots: usize = 0;
/** Slot → the last stage that kept it. */
let aliveSlots: usize = 0;
/** Stage of a batch. More than the wishes for a node, which lie where its need does. */
let stage: i32 = 1 << 20;
/** Slot → column of its root, where columns are scaled before their errors are measured; 0 of them: where they are not. */
let kept: usize = 0;
export let keptColumns: i32 = 0;

/** Where the pair of a node begins in `nodeOfInstruction`. */
const PAIR_BITS: i32 = 28;

let registerCount: i32 = 0;
let freeCount: i32 = 0;
let free: usize = 0;

export function placeSchedule(
  maximumNodes: i32,
  maximumPrograms: i32,
  argumentCount: i32,
  bytes: usize,
  blocks: usize,
  keptCount: i32,
): void {
  columnBytes = bytes;
  blockBytes = blocks;
  // A root brings an instruction that measures it. One more for columns that were kept.
  instructions = take(INSTRUCTION_BYTES * (maximumNodes + maximumPrograms + 1));
  // A constant is written down once for each operand.
  constants = take(64 * 3 * maximumNodes);
  free = take(4 * maximumNodes);
  nodeOfInstruction = take(4 * (maximumNodes + maximumPrograms));
  slots = take(SLOT_BYTES * maximumPrograms);
  aliveSlots = take(4 * maximumPrograms);
  expected = take(widening * bytes);
  scale = take(widening * bytes);
  columns = take(<u64>bytes * argumentCount);
  registers = take(<u64>blocks * maximumNodes);
  keptColumns = keptCount;
  kept = take(<u64>bytes * keptCount);
}

function beginInstructions(): void {
  instructionBegin = instructions;
  instructionEnd = instructions;
  constantEnd = constants;
  freeCount = 0;
  registerCount = 0;
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
  if (operation === PARAMETER) {
    setOperand(instruction, k, child(node, 0), 0, 0);
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

/** Keeps a block of a column. */
export function keep(instruction: usize, block: usize, bytes: usize): void {
  const out = outOf(instruction, block);
  const a = operand(instruction, 0, block);
  if (stepOf(instruction, 0) !== 0) memory.copy(out, a, bytes);
  else for (let k: usize = 0; k < bytes; k += 16) v128.store(out + k, v128.load(a));
}

// @ts-ignore: decorator
@inline
function setError(at: usize, slot: i32): void {
  setLoop(at, errorLoop);
  setOperand(at, 1, expected, 64, ~0);
  setOperand(at, 2, scale, 64, ~0);
  setOut(at, slots + SLOT_BYTES * slot, 0);
}

/** Appends an instruction: its address. */
// @ts-ignore: decorator
@inline
function append(node: i32): usize {
  const at = instructionEnd;
  store<i32>(nodeOfInstruction + 4 * ((at - instructions) / INSTRUCTION_BYTES), node);
  instructionEnd += INSTRUCTION_BYTES;
  return at;
}

/** What is measured of a root follows it at once: its error, or else its signature. */
function measure(node: i32): void {
  const slot = slotOf(node) - 1;
  const at = append(-1 - node);
  place(at, 0, node);
  if (errorLoop === 0) {
    setLoop(at, hashLoop);
    setOut(at, slots + SLOT_BYTES * slot, 0);
  } else if (keptColumns > 0) {
    setLoop(at, keep.index);
    setOut(at, kept + columnBytes * slot, ~0);
  } else setError(at, slot);
}

// @ts-ignore: decorator
@inline
function isArithmetic(node: i32): bool {
  return <u32>operationOf(node) < <u32>PAIRABLE;
}

/** Whether each of several nodes that use a node might compute it by itself. */
// @ts-ignore: decorator
@inline
function isRepeatable(node: i32): bool {
  return isArithmetic(node) && uses(node) > 1 && (traitsOf(operationOf(node)) & SLOW) === 0;
}

/** What is added to the mark of a node that would compute a child by itself, if all who use the child did. */
const WISH: i32 = 2;

/** Notes that a node would compute its child k, 1 or 2, by itself. */
// @ts-ignore: decorator
@inline
function wish(node: i32, k: i32): void {
  const wanted = child(node, k - 1);
  setMark(node, k + WISH);
  setNeed(wanted, needOf(wanted) + 1);
}

/** Leaves a node to those who use it: they read its children. */
function dissolve(node: i32): void {
  const more = uses(node) - 1;
  addUses(child(node, 0), more);
  addUses(child(node, 1), more);
  setMark(node, -1);
}

/**
 * Turns the nodes into instructions.
 * @param root writes its column to `result`; −1: roots are measured in slots
 */
export function schedule(root: i32, result: usize): void {
  beginSchedule();
  scheduleNodes(0, root, result);
}

/** Chooses the pairs, before the first nodes become instructions. Nodes are looked at after all that use them. */
export function beginSchedule(): void {
  for (let node = nodeCount - 1; node > 0; node--) {
    if (!isArithmetic(node) || mark(node) < 0) continue;
    if (isRepeatable(node) && needOf(node) === uses(node)) {
      dissolve(node);
      continue;
    }
    const a = child(node, 0);
    const b = child(node, 1);
    if (isArithmetic(a) && uses(a) === 1) {
      setMark(node, 1);
      setMark(a, -1);
    } else if (isArithmetic(b) && uses(b) === 1) {
      setMark(node, 2);
      setMark(b, -1);
    } else if (a !== b) {
      if (isRepeatable(a)) wish(node, 1);
      else if (isRepeatable(b)) wish(node, 2);
    }
  }
  beginInstructions();
}

/** Appends an instruction that uses two nodes, which know of these uses. Not for `prune`. */
export function scheduleUse(loop: u32, a: i32, b: i32, out: usize, mask: usize): void {
  const at = append(a);
  setLoop(at, loop);
  place(at, 0, a);
  place(at, 1, b);
  setOut(at, out, mask);
}

/** Turns the nodes from one on, up to the last or to `end`, into instructions. */
export function scheduleNodes(from: i32, root: i32, result: usize, end: i32 = nodeCount): void {
  for (let node = from; node < end; node++) {
    const operation = operationOf(node);
    if (operation < 0) {
      if (slotOf(node) > 0) measure(node);
      continue;
    }
    let pair = mark(node);
    if (pair < 0) continue;
    if (pair > WISH) pair = mark(child(node, pair - WISH - 1)) < 0 ? pair - WISH : 0;
    const at = append(node | (pair << PAIR_BITS));
    const traits = traitsOf(operation);
    setOperation(at, operation);
    // Most loops may write where they read.
    let register: i32 = (traits & APART) === 0 || node === root ? -1 : takeRegister();
    if (pair === 0) {
      setLoop(at, loopOf(operation));
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

/** Begins a stage, in which slots are to be kept. */
export function beginStage(): void {
  stage++;
}

/** Says that what is measured in a slot still matters after this stage. */
// @ts-ignore: decorator
@inline
export function keepSlot(slot: i32): void {
  store<i32>(aliveSlots + 4 * slot, stage);
}

/** Drops the instructions that no slot kept in this stage needs. */
export function prune(): void {
  let kept = instructionEnd;
  for (let at = instructionEnd; at > instructionBegin; ) {
    at -= INSTRUCTION_BYTES;
    const entry = nodeOfInstruction + 4 * ((at - instructions) / INSTRUCTION_BYTES);
    const code = load<i32>(entry);
    if (code < 0) {
      const root = -1 - code;
      if (load<i32>(aliveSlots + 4 * (slotOf(root) - 1)) !== stage) continue;
      setNeed(root, stage);
    } else {
      let node = code & ((1 << PAIR_BITS) - 1);
      if (needOf(node) !== stage) continue;
      const pair = code >> PAIR_BITS;
      if (pair > 0) {
        setNeed(child(node, 2 - pair), stage);
        node = child(node, pair - 1);
      }
      const operands = operandsOf(operationOf(node));
      setNeed(child(node, 0), stage);
      if (operands > 1) setNeed(child(node, 1), stage);
      if (operands > 2) setNeed(child(node, 2), stage);
    }
    kept -= INSTRUCTION_BYTES;
    if (kept === at) continue;
    memory.copy(kept, at, INSTRUCTION_BYTES);
    store<i32>(nodeOfInstruction + 4 * ((kept - instructions) / INSTRUCTION_BYTES), code);
  }
  instructionBegin = kept;
}

/** Runs the instructions, all or those before `end`, on the cases between two offsets. */
export function execute(from: usize, to: usize, end: usize = instructionEnd): void {
  for (let block = from; block < to; block += blockBytes) {
    const bytes = min(blockBytes, to - block);
    for (let at = instructionBegin; at < end; at += INSTRUCTION_BYTES)
      call_indirect<void>(load<u32>(at), at, block, bytes);
  }
}

/** Scales the columns that were kept for the first slots, and measures their errors. */
export function measureScaled(slotCount: i32, caseCount: f64): void {
  const at = instructionEnd;
  for (let slot = 0; slot < slotCount; slot++) {
    const column = kept + columnBytes * slot;
    scaleColumn(column, expected, columnBytes, caseCount);
    setError(at, slot);
    setOperand(at, 0, column, 64, ~0);
    call_indirect<void>(errorLoop, at, 0, columnBytes);
  }
}
