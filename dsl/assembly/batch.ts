// Programs that are measured together.
import { errorIn, isLargestError } from "./errors";
import { errorLoop } from "./elements";
import { read } from "./grammar";
import { take } from "./memory";
import { addUses, clearNodes, nodeCount, setSlot, slotOf } from "./nodes";
import { columnBytes, exchangeSlots, execute, formerSlots, schedule, slots } from "./schedule";
import { writeSignature } from "./signatures";
import { clearSlot, SLOT_BYTES } from "./slots";

/** Program × (address of the tokens, their number, address of the constants). Filled by the host. */
export let programs: usize = 0;
/** Program × 4 words. */
export let signatures: usize = 0;
/** Program → error; −1 where the program was given up. */
export let errors: usize = 0;
/** Program → error above which it need not be known. Filled by the host. */
export let thresholds: usize = 0;
/** Place of a program in its part of the batch → its slot. */
let slotOfProgram: usize = 0;
/** Programs of the part that are still measured. */
let active: usize = 0;
let isLargest: bool = false;
let maximumSharedNodes: i32 = 0;

/** @param nodes of a part: beyond it no further program is taken in */
export function placeBatch(maximumPrograms: i32, sharedNodes: i32, measure: i32): void {
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
const GIVEN_UP: f64 = -1;

/**
 * Measures the programs of a batch: a signature of each column, and its error. In stages: after an eighth and after half
 * of the cases a program whose error is already above its threshold is given up, since errors only grow.
 * @returns the nodes that were made at first
 */
export function measureBatch(count: i32, isShared: bool, isStaged: bool): i32 {
  let made = 0;
  for (let first = 0; first < count; ) {
    // The first stage says how many programs go together.
    let activeCount = 0;
    let slotCount = 0;
    let next = first;
    clearNodes(isShared);
    do {
      slotCount = add(next, next - first, slotCount);
      clearSlot(slots + SLOT_BYTES * load<i32>(slotOfProgram + 4 * (next - first)));
      store<i32>(active + 4 * activeCount, next);
      activeCount++;
      next++;
    } while (isShared && next < count && nodeCount < maximumSharedNodes);
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
          slotCount = add(program, program - first, slotCount);
          memory.copy(slots + SLOT_BYTES * load<i32>(slotOfProgram + 4 * (program - first)), before, SLOT_BYTES);
        }
      }
      schedule(-1, 0);
      execute(from, to);
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
      if (errorLoop !== 0) store<f64>(errors + 8 * program, errorIn(slot, isLargest));
    }
    first = next;
  }
  return made;
}

/** Reads a program of the batch and gives its root a slot, unless it has one: the number of slots. */
function add(program: i32, at: i32, slotCount: i32): i32 {
  const row = programs + 12 * program;
  const root = read(load<u32>(row), load<i32>(row, 4), load<u32>(row, 8));
  if (slotOf(root) === 0) {
    setSlot(root, ++slotCount);
    addUses(root, 1);
  }
  store<i32>(slotOfProgram + 4 * at, slotOf(root) - 1);
  return slotCount;
}
