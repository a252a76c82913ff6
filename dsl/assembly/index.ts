// The interpreter's entry points (../vector-machine.ts).
import { placeBatch } from "./batch";
import { BIT, chooseElement, widening } from "./elements";
import { expTable, logTable, sineTable } from "./float64-constants";
import { placeGrammar, read } from "./grammar";
import { beginMemory, growMemory, take } from "./memory";
import { addUses, ARGUMENT, child, clearNodes, CONSTANT, constantOf, operationOf, placeNodes } from "./nodes";
import { columnBytes, columns, execute, placeSchedule, schedule } from "./schedule";
import { setTail } from "./slots";
import { placeTruthTables, runTruthTable, vectors } from "./truth-tables";
import { setWidth } from "./word";

export { errors, GIVEN_UP, measureBatch, programs, signatures, thresholds } from "./batch";
export { differentiate, jacobian, placeDerivatives, products, runDerivatives } from "./derivatives";
export { kinds } from "./grammar";
export { descend, triedSteps } from "./least-squares";
export { columns, expected, scale } from "./schedule";
export { fillTruthTables } from "./truth-tables";

/** Where the host writes a table of the kernels: 0 exp, 1 log, 2 sine. */
export function kernelTable(which: i32): usize {
  return which === 0 ? expTable : which === 1 ? logTable : sineTable;
}

/** Column of the program run last, as doubles where numbers are narrower. */
export let result: usize = 0;
/** Program → tokens, each at the beginning of `tokenBytes`; constants alike. Filled by the host. */
export let tokens: usize = 0;
export let constants: usize = 0;

/**
 * Makes the memory ready for a task.
 * @param element its number in elements.ts
 * @param width of words in bits
 * @param measure what is measured of columns (errors.ts)
 * @param columnBytes a multiple of 64
 * @param lastBits of the last 64 bytes of a column belong to cases
 * @param blockBytes of a column that go through all instructions before the next ones do; a multiple of 64
 * @param keptColumns that can be kept to be scaled; 0: columns are measured as they are
 */
export function configure(
  element: i32,
  width: i32,
  measure: i32,
  productions: i32,
  argumentCount: i32,
  columnBytes: usize,
  lastBits: i32,
  blockBytes: usize,
  maximumPrograms: i32,
  maximumTokens: i32,
  tokenBytes: usize,
  constantBytes: usize,
  sharedNodes: i32,
  maximumNodes: i32,
  caseCount: f64,
  keptColumns: i32,
): bool {
  beginMemory();
  setWidth(width);
  chooseElement(element, measure, blockBytes);
  // As doubles, the last 64 bytes of a column may have no case.
  const bits = widening * (8 * columnBytes - 512 + lastBits);
  const measuredBytes = ((bits + 511) >> 9) << 6;
  setTail(measuredBytes, <i32>(bits - 8 * measuredBytes + 512));
  placeGrammar(productions, maximumTokens);
  placeBatch(maximumPrograms, sharedNodes, measure, caseCount);
  tokens = take(tokenBytes * maximumPrograms);
  constants = take(constantBytes * maximumPrograms);
  placeNodes(maximumNodes);
  result = take(columnBytes);
  placeSchedule(maximumNodes, maximumPrograms, argumentCount, columnBytes, blockBytes, keptColumns);
  placeTruthTables(element === BIT ? 8 * (<i32>columnBytes - 64) + lastBits : 0, productions, maximumTokens);
  return growMemory();
}

/** Runs one program on all cases; its column is the result. */
export function run(programTokens: usize, length: i32, programConstants: usize): void {
  if (vectors > 0) {
    runTruthTable(programTokens, length, result);
    return;
  }
  clearNodes(false);
  const root = read(programTokens, length, programConstants);
  const operation = operationOf(root);
  if (operation === ARGUMENT) memory.copy(result, columns + columnBytes * child(root, 0), columnBytes);
  else if (operation === CONSTANT) {
    const value = constantOf(root);
    for (let k: usize = 0; k < columnBytes; k += 8) store<i64>(result + k, value);
  } else {
    addUses(root, 1);
    schedule(root, result);
    execute(0, columnBytes);
  }
}
