// Short truth tables: a program's tokens are carried out as they stand, on a stack of vectors. Every production is the same
// straight line of code, a ⊕ sum of its terms, so there is nothing to branch on, to schedule or to call.
import { bitTerms } from "./bit-operations";
import { kinds } from "./grammar";
import { take } from "./memory";
import { columnBytes, columns, expected } from "./schedule";
import { signatureOf } from "./signatures";
import { tailMask } from "./slots";
import { operandsOf } from "./traits";

/** Longest columns, in vectors, that are short. */
const MAXIMUM_VECTORS: i32 = 8;
/** A row: the terms 1, a, b, ab, c, ac as vectors, then 16 × the number of operands. */
const ROW_BYTES: usize = 128;
const OPERANDS: usize = 96;
const OPERATION: i32 = 5;
const LITERAL: i32 = 2;

/** Vectors of a column; 0 where columns are not short truth tables. */
export let vectors: i32 = 0;
let productions: i32 = 0;
/** Vector of a column × production → row. */
let rows: usize = 0;
let stack: usize = 0;
/** Position → vector. */
let values: usize = 0;
const column: usize = memory.data(128, 64);

/** @param cases 0 where they are no booleans */
export function placeTruthTables(cases: i32, productionCount: i32, maximumTokens: i32): void {
  vectors = cases > 128 * MAXIMUM_VECTORS ? 0 : (cases + 127) >> 7;
  if (vectors === 0) return;
  productions = productionCount;
  rows = take(ROW_BYTES * productionCount * vectors);
  // An operation looks at three operands, however many it has.
  stack = take(16 * (maximumTokens + 3));
  values = take(16 * maximumTokens);
}

/** Whether an operation has three operands. */
let hasThree: bool = false;

/** Writes the rows once the grammar and the columns are there. */
export function fillTruthTables(): void {
  for (let vector = 0; vector < vectors; vector++)
    for (let production = 0; production < productions; production++) {
      const row = rows + ROW_BYTES * (vector * productions + production);
      const kind = load<i32>(kinds + 16 * production);
      const value = load<i32>(kinds + 16 * production, 4);
      memory.fill(row, 0, ROW_BYTES);
      if (kind > OPERATION) {
        const terms = bitTerms[value];
        if (operandsOf(value) === 3) hasThree = true;
        for (let k = 0; k < 6; k++)
          if ((terms >> <u8>k) & 1) v128.store(row + 16 * k, i64x2.splat(-1));
        store<i32>(row, 16 * operandsOf(value), OPERANDS);
      } else if (kind === LITERAL) v128.store(row, v128.load64_splat(kinds + 16 * production + 8));
      else v128.store(row, v128.load(columns + columnBytes * value + 16 * vector));
    }
}

/** One vector of a program's column. */
// @ts-ignore: decorator
@inline
function evaluate(ofThree: bool, tokens: usize, length: i32, table: usize): v128 {
  let top = stack;
  let value = values;
  for (const end = tokens + 4 * length; tokens < end; tokens += 4) {
    const token = load<i32>(tokens);
    if (token < 0) {
      v128.store(top, v128.load(values + 16 * (-1 - token)));
      top += 16;
    } else {
      const row = table + ROW_BYTES * token;
      top -= load<u32>(row, OPERANDS);
      const a = v128.load(top);
      const b = v128.load(top, 16);
      let without = v128.xor(v128.load(row), v128.and(b, v128.load(row, 32)));
      let withA = v128.xor(v128.load(row, 16), v128.and(b, v128.load(row, 48)));
      if (ofThree) {
        const c = v128.load(top, 32);
        without = v128.xor(without, v128.and(c, v128.load(row, 64)));
        withA = v128.xor(withA, v128.and(c, v128.load(row, 80)));
      }
      const result = v128.xor(without, v128.and(a, withA));
      v128.store(top, result);
      v128.store(value, result);
      top += 16;
    }
    value += 16;
  }
  return v128.load(stack);
}

/** Writes a program's column. */
export function runTruthTable(tokens: usize, length: i32, to: usize): void {
  const tableBytes = ROW_BYTES * productions;
  let table = rows;
  for (const end = to + 16 * vectors; to < end; to += 16) {
    v128.store(to, hasThree ? evaluate(true, tokens, length, table) : evaluate(false, tokens, length, table));
    table += tableBytes;
  }
}

/** Measures programs: how many cases are not as expected; a signature of each where `errors` is 0. */
export function measureTruthTables(programs: usize, count: i32, signatures: usize, errors: usize): void {
  const lastMask = tailMask + 16 * vectors - columnBytes + 64 - 16;
  for (let program = 0; program < count; program++) {
    const at = programs + 12 * program;
    const tokens = <usize>load<u32>(at);
    const length = load<i32>(at, 4);
    runTruthTable(tokens, length, column);
    if (errors === 0) {
      signatureOf(column, vectors, signatures + 16 * program);
      continue;
    }
    let different: i64 = 0;
    for (let k = 0; k < vectors; k++) {
      let difference = v128.xor(v128.load(column + 16 * k), v128.load(expected + 16 * k));
      if (k === vectors - 1) difference = v128.and(difference, v128.load(lastMask));
      different += popcnt<i64>(i64x2.extract_lane(difference, 0)) + popcnt<i64>(i64x2.extract_lane(difference, 1));
    }
    store<f64>(errors + 8 * program, <f64>different);
  }
}
