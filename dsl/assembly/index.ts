// The interpreter's entry points. The host lays out the memory (../vector-machine.ts).
import { expTable, logTable, sineTable } from "./float64-kernels";
import { placeGrammar, read } from "./grammar";
import { INSTRUCTION_BYTES } from "./instruction";
import { clearSlot, errorIn, largestAbsolute, largestRelative, setTail, SLOT_BYTES, squaresAbsolute, squaresRelative, sumAbsolute, sumRelative, tailMask, writeSignature } from "./measures";
import { addUses, ARGUMENT, child, clearNodes, CONSTANT, constantOf, nodeCount, operationOf, placeNodes, setSlot, slotOf } from "./nodes";
import { instructionEnd, instructions, placeSchedule, schedule, slots } from "./schedule";

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

function execute(blockBytes: usize): void {
  const end = instructionEnd;
  for (let block: usize = 0; block < columnBytes; block += blockBytes) {
    const bytes = min(blockBytes, columnBytes - block);
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
    execute(blockBytes);
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

/**
 * Measures the programs of a batch: a signature of each column, and its error.
 * @param programs program × (address of the tokens, their number, address of the constants)
 * @param signatures program × 4 words
 * @param errors program → error
 * @returns the nodes that were made
 */
export function measureBatch(
  programs: usize,
  count: i32,
  isShared: bool,
  reduction: i32,
  blockBytes: usize,
  signatures: usize,
  errors: usize,
): i32 {
  let made = 0;
  const loop = reductionLoop(reduction);
  const isLargest = reduction === 3 || reduction === 6;
  for (let next = 0; next < count; ) {
    const first = next;
    let slotCount = 0;
    clearNodes(isShared);
    do {
      const program = programs + 12 * next;
      const root = read(load<u32>(program), load<i32>(program, 4), load<u32>(program, 8));
      if (slotOf(root) === 0) {
        setSlot(root, ++slotCount);
        addUses(root, 1);
        clearSlot(slots + SLOT_BYTES * (slotCount - 1));
      }
      store<i32>(slotOfProgram + 4 * (next - first), slotOf(root) - 1);
      next++;
    } while (isShared && next < count && nodeCount < MAXIMUM_SHARED_NODES);
    made += nodeCount;
    schedule(blockBytes, -1, 0, loop);
    execute(blockBytes);
    for (let k = first; k < next; k++) {
      const slot = slots + SLOT_BYTES * load<i32>(slotOfProgram + 4 * (k - first));
      writeSignature(slot, signatures + 16 * k);
      if (loop !== 0) store<f64>(errors + 8 * k, errorIn(slot, isLargest));
    }
  }
  return made;
}
