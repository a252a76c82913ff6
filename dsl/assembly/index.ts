// The interpreter's entry points. The host lays out the memory (../vector-machine.ts).
import { expTable, logTable, sineTable } from "./float64-kernels";
import { placeGrammar, read } from "./grammar";
import { INSTRUCTION_BYTES } from "./instruction";
import { clearSlot, errorIn, largestAbsolute, largestRelative, setTail, SLOT_BYTES, squaresAbsolute, squaresRelative, sumAbsolute, sumRelative, tailMask, writeSignature } from "./measures";
import { addUses, ARGUMENT, child, clearNodes, CONSTANT, constantOf, nodeCount, operationOf, placeNodes, setSlot, slotOf } from "./nodes";
import { exchangeSlots, formerSlots, instructionEnd, instructions, placeSchedule, schedule, slots } from "./schedule";

/** Where the host writes a table of the kernels: 0 exp, 1 log, 2 sine. */
export function kernelTable(which: i32): usize {
  return which === 0 ? expTable : which === 1 ? logTable : sineTable;
}

/** First address that is the host's to give out. */
export function heapBase(): usize {
  return (__heap_base + 63) & ~63;
}

/** Nodes of a batch that are scheduled together: beyond this no further program is taken in. */
const MAXIMUM_SHARED_NODES: i32 = 24576;

let columns: usize = 0;
let columnBytes: usize = 0;
let result: usize = 0;

/** Tells where everything lies. */
export function configure(
  kindsAt: usize,
  nodesAt: usize,
  tableAt: usize,
  instructionsAt: usize,
  constantsAt: usize,
  registersAt: usize,
  freeAt: usize,
  columnsAt: usize,
  bytes: usize,
  slotsAt: usize,
  expectedAt: usize,
  scaleAt: usize,
  resultAt: usize,
): void {
  placeGrammar(kindsAt);
  placeNodes(nodesAt, tableAt);
  placeSchedule(instructionsAt, constantsAt, registersAt, freeAt, columnsAt, bytes, slotsAt, expectedAt, scaleAt);
  columns = columnsAt;
  columnBytes = bytes;
  result = resultAt;
}

/** Says how many of the last eight cases are cases; 8: all of them. */
export function setCases(last: i32): void {
  setTail(last === 8 ? ~0 : columnBytes - 64);
  for (let k = 0; k < 8; k++) store<i64>(tailMask + 8 * k, k < last ? -1 : 0);
}

/** Runs the instructions on the cases between two offsets. */
function execute(blockBytes: usize, from: usize, to: usize): void {
  const end = instructionEnd;
  for (let block = from; block < to; block += blockBytes) {
    const bytes = min(blockBytes, to - block);
    for (let at = instructions; at < end; at += INSTRUCTION_BYTES)
      call_indirect<void>(load<u32>(at), at, block, bytes);
  }
}

/** Runs one program on all cases; its column is the result. */
export function run(tokens: usize, length: i32, constants: usize, blockBytes: usize): void {
  clearNodes(false);
  const root = read(tokens, length, constants);
  const operation = operationOf(root);
  if (operation === ARGUMENT) memory.copy(result, columns + columnBytes * child(root, 0), columnBytes);
  else if (operation === CONSTANT) {
    const value = constantOf(root);
    for (let k: usize = 0; k < columnBytes; k += 8) store<f64>(result + k, value);
  } else {
    addUses(root, 1);
    schedule(blockBytes, root, result, 0);
    execute(blockBytes, 0, columnBytes);
  }
}

/** 0 none, 1–3 sum, squares, largest of absolute errors, 4–6 of relative ones. */
function reductionLoop(kind: i32): u32 {
  switch (kind) {
    case 1: return sumAbsolute.index;
    case 2: return squaresAbsolute.index;
    case 3: return largestAbsolute.index;
    case 4: return sumRelative.index;
    case 5: return squaresRelative.index;
    case 6: return largestRelative.index;
    default: return 0;
  }
}

const slotOfProgram: usize = memory.data(4096, 64);
/** Programs of a part of the batch that are still measured. */
const active: usize = memory.data(4096, 64);

/** Error of a program that was given up. */
const GIVEN_UP: f64 = -1;

/**
 * Measures the programs of a batch: a signature of each column, and its error. In stages: after an eighth and after half
 * of the cases a program whose error is already above its threshold is given up, since errors only grow.
 * @param programs program × (address of the tokens, their number, address of the constants)
 * @param signatures program × 4 words
 * @param errors program → error; −1 where the program was given up
 * @param thresholds program → error above which it need not be known; 0: none
 * @returns the nodes that were made at first
 */
export function measureBatch(
  programs: usize,
  count: i32,
  isShared: bool,
  reduction: i32,
  blockBytes: usize,
  signatures: usize,
  errors: usize,
  thresholds: usize,
): i32 {
  let made = 0;
  const loop = reductionLoop(reduction);
  const isLargest = reduction === 3 || reduction === 6;
  const isStaged = thresholds !== 0;
  for (let first = 0; first < count; ) {
    // The first stage says how many programs go together.
    let activeCount = 0;
    let slotCount = 0;
    let next = first;
    clearNodes(isShared);
    do {
      slotCount = take(programs, next, next - first, slotCount);
      clearSlot(slots + SLOT_BYTES * load<i32>(slotOfProgram + 4 * (next - first)));
      store<i32>(active + 4 * activeCount, next);
      activeCount++;
      next++;
    } while (isShared && next < count && nodeCount < MAXIMUM_SHARED_NODES);
    made += nodeCount;
    let from: usize = 0;
    for (let stage = isStaged ? 0 : 2; stage < 3 && activeCount > 0; stage++) {
      const to = stage === 2 ? columnBytes : ((columnBytes >> (stage === 0 ? 3 : 1)) + 63) & ~63;
      if (from > 0) {
        clearNodes(isShared);
        exchangeSlots();
        slotCount = 0;
        for (let k = 0; k < activeCount; k++) {
          const program = load<i32>(active + 4 * k);
          const before = formerSlots + SLOT_BYTES * load<i32>(slotOfProgram + 4 * (program - first));
          slotCount = take(programs, program, program - first, slotCount);
          memory.copy(slots + SLOT_BYTES * load<i32>(slotOfProgram + 4 * (program - first)), before, SLOT_BYTES);
        }
      }
      schedule(blockBytes, -1, 0, loop);
      execute(blockBytes, from, to);
      from = to;
      if (stage === 2) break;
      let left = 0;
      for (let k = 0; k < activeCount; k++) {
        const program = load<i32>(active + 4 * k);
        const slot = slots + SLOT_BYTES * load<i32>(slotOfProgram + 4 * (program - first));
        if (errorIn(slot, isLargest) > load<f64>(thresholds + 8 * program)) {
          store<f64>(errors + 8 * program, GIVEN_UP);
          continue;
        }
        store<i32>(active + 4 * left, program);
        left++;
      }
      activeCount = left;
    }
    for (let k = 0; k < activeCount; k++) {
      const program = load<i32>(active + 4 * k);
      const slot = slots + SLOT_BYTES * load<i32>(slotOfProgram + 4 * (program - first));
      writeSignature(slot, signatures + 16 * program);
      if (loop !== 0) store<f64>(errors + 8 * program, errorIn(slot, isLargest));
    }
    first = next;
  }
  return made;
}

/** Reads a program of the batch and gives its root a slot, unless it has one: the number of slots. */
function take(programs: usize, program: i32, at: i32, slotCount: i32): i32 {
  const row = programs + 12 * program;
  const root = read(load<u32>(row), load<i32>(row, 4), load<u32>(row, 8));
  if (slotOf(root) === 0) {
    setSlot(root, ++slotCount);
    addUses(root, 1);
  }
  store<i32>(slotOfProgram + 4 * at, slotOf(root) - 1);
  return slotCount;
}
