// Programs that are measured together.
import { errorIn, isLargestError } from "./errors";
import { errorLoop } from "./elements";
import { read } from "./grammar";
import { take } from "./memory";
import { addUses, clearNodes, nodeCount, setSlot, slotOf } from "./nodes";
import { beginStage, blockBytes, columnBytes, execute, keepSlot, keptColumns, measureScaled, prune, schedule, slots } from "./schedule";
import { writeSignature } from "./signatures";
import { clearSlot, SLOT_BYTES } from "./slots";
import { measureTruthTables, vectors } from "./truth-tables";

/** Program × (address of the tokens, their number, address of the constants). Filled by the host. */
export let programs: usize = 0;
/** Program × 4 words. */
export let signatures: usize = 0;
/** Program → error, or GIVEN_UP. */
export let errors: usize = 0;
/** Program → error above which it need not be known. Filled by the host. */
export let thresholds: usize = 0;
/** Place of a program in its part of the batch → its slot. */
let slotOfProgram: usize = 0;
/** Programs of the part that are still measured. */
let active: usize = 0;
let isLargest: bool = false;
let maximumSharedNodes: i32 = 0;
let caseCount: f64 = 0;

/** @param sharedNodes of a part: beyond it no further program is taken in */
export function placeBatch(maximumPrograms: i32, sharedNodes: i32, measure: i32, cases: f64): void {
  caseCount = cases;
  programs = take(12 * maximumPrograms);
  signatures = take(16 * maximumPrograms);
  errors = take(8 * maximumPrograms);
  thresholds = take(8 * maximumPrograms);
  slotOfProgram = take(4 * maximumPrograms);
  active = take(4 * maximumPrograms);
  maximumSharedNodes = sharedNodes;
  isLargest = isLargestError(measure);
}

/** Error of a program that was given up. */
export const GIVEN_UP: f64 = -1;

/** Bytes of a column that are looked at before programs are given up for the first time. */
const FIRST_STAGE: usize = 512;

/** Where the stage that begins at an offset ends: after as many bytes again as before, at most a block of them. */
// @ts-ignore: decorator
@inline
function stageEnd(from: usize, blockBytes: usize): usize {
  const bytes = from === 0 ? FIRST_STAGE : min(from, blockBytes);
  return min(from + bytes, columnBytes);
}

/**
 * Measures the programs of a batch: the error of each column or, where none is measured, its signature. In stages: a
 * program whose error is above its threshold, or no number, is not looked at any further, since errors only grow.
 * @returns the nodes that were made
 */
export function measureBatch(count: i32, isShared: bool, isStaged: bool): i32 {
  if (vectors > 0) {
    measureTruthTables(programs, count, signatures, errorLoop === 0 ? 0 : errors);
    return 0;
  }
  let made = 0;
  for (let first = 0; first < count; ) {
    let next = first;
    let slotCount = 0;
    clearNodes(isShared);
    do {
      const root = readProgram(next);
      if (slotOf(root) === 0) {
        clearSlot(slots + SLOT_BYTES * slotCount);
        setSlot(root, ++slotCount);
        addUses(root, 1);
      }
      store<i32>(slotOfProgram + 4 * (next - first), slotOf(root) - 1);
      next++;
    } while (isShared && next < count && nodeCount < maximumSharedNodes && (keptColumns === 0 || slotCount < keptColumns));
    made += nodeCount;
    schedule(-1, 0);
    if (isStaged) measureInStages(first, next);
    else execute(0, columnBytes);
    if (keptColumns > 0) measureScaled(slotCount, caseCount);
    for (let program = first; program < next; program++) {
      const slot = slots + SLOT_BYTES * load<i32>(slotOfProgram + 4 * (program - first));
      if (errorLoop === 0) writeSignature(slot, signatures + 16 * program);
      else if (!isStaged) store<f64>(errors + 8 * program, errorIn(slot, isLargest));
    }
    first = next;
  }
  return made;
}

function measureInStages(first: i32, next: i32): void {
  let activeCount = next - first;
  for (let k = 0; k < activeCount; k++) store<i32>(active + 4 * k, first + k);
  for (let from: usize = 0; from < columnBytes && activeCount > 0; ) {
    const to = stageEnd(from, blockBytes);
    execute(from, to);
    beginStage();
    let left = 0;
    for (let k = 0; k < activeCount; k++) {
      const program = load<i32>(active + 4 * k);
      const slot = load<i32>(slotOfProgram + 4 * (program - first));
      const error = errorIn(slots + SLOT_BYTES * slot, isLargest);
      const isWorse = error > load<f64>(thresholds + 8 * program);
      store<f64>(errors + 8 * program, isWorse && to < columnBytes ? GIVEN_UP : error);
      if (isWorse || error !== error) continue;
      keepSlot(slot);
      store<i32>(active + 4 * left, program);
      left++;
    }
    if (left < activeCount && to < columnBytes) prune();
    activeCount = left;
    from = to;
  }
}

function readProgram(program: i32): i32 {
  const row = programs + 12 * program;
  return read(load<u32>(row), load<i32>(row, 4), load<u32>(row, 8));
}
