// Singles: arithmetic has loops of its own; all else goes through doubles, which is widened, computed by the loop over
// doubles, and rounded.
import { binary, pair, unary } from "./floats";
import { INSTRUCTION_BYTES, Loop, operand, operationAt, outOf, setOperand, setOut, stepOf } from "./instruction";
import { take } from "./memory";
import { ABSOLUTE, ADD, DIVIDE, FLOOR, MAXIMUM, MINIMUM, MULTIPLY, NEGATE, SQUARE_ROOT, SUBTRACT } from "./operations";
import { measuredBytes } from "./slots";
import { operandsOf } from "./traits";

let loopsOfDoubles: StaticArray<Loop> = [];
let errorLoopOfDoubles: u32 = 0;
/** Room for three operands and the result of a block in doubles, and the instruction that computes it. */
let wide: usize = 0;
let wideBytes: usize = 0;
const instructionOfDoubles: usize = memory.data(64, 64);

/**
 * @param loops of doubles, which have the same operations
 * @param errorLoop index of the loop that takes a column of doubles into its error
 */
export function chooseFloat32(loops: StaticArray<Loop>, errorLoop: u32, blockBytes: usize): void {
  loopsOfDoubles = loops;
  errorLoopOfDoubles = errorLoop;
  wideBytes = 2 * blockBytes;
  wide = take(4 * wideBytes);
}

/** Singles as doubles. */
function widenBytes(from: usize, to: usize, bytes: usize): void {
  for (const end = from + bytes; from < end; from += 16) {
    const x = v128.load(from);
    v128.store(to, f64x2.promote_low_f32x4(x));
    v128.store(to, f64x2.promote_low_f32x4(v128.shuffle<i64>(x, x, 1, 0)), 16);
    to += 32;
  }
}

/** The block of operand 0 as doubles, at twice the offset. */
function widen(instruction: usize, block: usize, bytes: usize): void {
  const from = operand(instruction, 0, block);
  const to = outOf(instruction, 2 * block);
  if (stepOf(instruction, 0) === 0) for (let k: usize = 0; k < bytes; k += 64) widenBytes(from, to + 2 * k, 64);
  else widenBytes(from, to, bytes);
}

/** Takes a block into its error. What it is measured against are columns of doubles. */
export function errorsThroughDoubles(instruction: usize, block: usize, bytes: usize): void {
  memory.copy(instructionOfDoubles, instruction, INSTRUCTION_BYTES);
  setOut(instructionOfDoubles, wide, 0);
  widen(instructionOfDoubles, block, bytes);
  memory.copy(instructionOfDoubles, instruction, INSTRUCTION_BYTES);
  setOperand(instructionOfDoubles, 0, wide, 64, 0);
  // The last doubles of a column may have no case.
  const from = 2 * block;
  call_indirect<void>(errorLoopOfDoubles, instructionOfDoubles, from, min<usize>(2 * bytes, measuredBytes - from));
}

export function throughDoubles(instruction: usize, block: usize, bytes: usize): void {
  const operation = operationAt(instruction);
  for (let k = 0; k < operandsOf(operation); k++) {
    const step = stepOf(instruction, k);
    const to = wide + wideBytes * k;
    widenBytes(operand(instruction, k, block), to, step === 0 ? 64 : bytes);
    setOperand(instructionOfDoubles, k, to, step, 0);
  }
  let from = wide + 3 * wideBytes;
  setOut(instructionOfDoubles, from, 0);
  call_indirect<void>(loopsOfDoubles[operation].index, instructionOfDoubles, 0, 2 * bytes);
  let out = outOf(instruction, block);
  for (const end = out + bytes; out < end; out += 16) {
    const low = f32x4.demote_f64x2_zero(v128.load(from));
    const high = f32x4.demote_f64x2_zero(v128.load(from, 16));
    v128.store(out, v128.shuffle<i64>(low, high, 0, 2));
    from += 32;
  }
}

/** By operation; those that are not listed go through doubles. */
export const loopsFloat32: StaticArray<Loop> = [
  (i: usize, block: usize, bytes: usize) => binary<f32>(ADD, i, block, bytes),
  (i: usize, block: usize, bytes: usize) => binary<f32>(SUBTRACT, i, block, bytes),
  (i: usize, block: usize, bytes: usize) => binary<f32>(MULTIPLY, i, block, bytes),
  (i: usize, block: usize, bytes: usize) => binary<f32>(DIVIDE, i, block, bytes),
  (i: usize, block: usize, bytes: usize) => binary<f32>(MINIMUM, i, block, bytes),
  (i: usize, block: usize, bytes: usize) => binary<f32>(MAXIMUM, i, block, bytes),
  throughDoubles,
  (i: usize, block: usize, bytes: usize) => unary<f32>(SQUARE_ROOT, i, block, bytes),
  (i: usize, block: usize, bytes: usize) => unary<f32>(ABSOLUTE, i, block, bytes),
  (i: usize, block: usize, bytes: usize) => unary<f32>(NEGATE, i, block, bytes),
  (i: usize, block: usize, bytes: usize) => unary<f32>(FLOOR, i, block, bytes),
];

/** Pairs, as of doubles: each operation of a pair is rounded. */
export const pairsFloat32: StaticArray<Loop> = [
  (i: usize, block: usize, bytes: usize) => pair<f32>(ADD, ADD, false, i, block, bytes),
  (i: usize, block: usize, bytes: usize) => pair<f32>(ADD, SUBTRACT, false, i, block, bytes),
  (i: usize, block: usize, bytes: usize) => pair<f32>(ADD, MULTIPLY, false, i, block, bytes),
  (i: usize, block: usize, bytes: usize) => pair<f32>(ADD, DIVIDE, false, i, block, bytes),
  (i: usize, block: usize, bytes: usize) => pair<f32>(ADD, ADD, false, i, block, bytes),
  (i: usize, block: usize, bytes: usize) => pair<f32>(ADD, SUBTRACT, false, i, block, bytes),
  (i: usize, block: usize, bytes: usize) => pair<f32>(ADD, MULTIPLY, false, i, block, bytes),
  (i: usize, block: usize, bytes: usize) => pair<f32>(ADD, DIVIDE, false, i, block, bytes),
  (i: usize, block: usize, bytes: usize) => pair<f32>(SUBTRACT, ADD, false, i, block, bytes),
  (i: usize, block: usize, bytes: usize) => pair<f32>(SUBTRACT, SUBTRACT, false, i, block, bytes),
  (i: usize, block: usize, bytes: usize) => pair<f32>(SUBTRACT, MULTIPLY, false, i, block, bytes),
  (i: usize, block: usize, bytes: usize) => pair<f32>(SUBTRACT, DIVIDE, false, i, block, bytes),
  (i: usize, block: usize, bytes: usize) => pair<f32>(SUBTRACT, ADD, true, i, block, bytes),
  (i: usize, block: usize, bytes: usize) => pair<f32>(SUBTRACT, SUBTRACT, true, i, block, bytes),
  (i: usize, block: usize, bytes: usize) => pair<f32>(SUBTRACT, MULTIPLY, true, i, block, bytes),
  (i: usize, block: usize, bytes: usize) => pair<f32>(SUBTRACT, DIVIDE, true, i, block, bytes),
  (i: usize, block: usize, bytes: usize) => pair<f32>(MULTIPLY, ADD, false, i, block, bytes),
  (i: usize, block: usize, bytes: usize) => pair<f32>(MULTIPLY, SUBTRACT, false, i, block, bytes),
  (i: usize, block: usize, bytes: usize) => pair<f32>(MULTIPLY, MULTIPLY, false, i, block, bytes),
  (i: usize, block: usize, bytes: usize) => pair<f32>(MULTIPLY, DIVIDE, false, i, block, bytes),
  (i: usize, block: usize, bytes: usize) => pair<f32>(MULTIPLY, ADD, false, i, block, bytes),
  (i: usize, block: usize, bytes: usize) => pair<f32>(MULTIPLY, SUBTRACT, false, i, block, bytes),
  (i: usize, block: usize, bytes: usize) => pair<f32>(MULTIPLY, MULTIPLY, false, i, block, bytes),
  (i: usize, block: usize, bytes: usize) => pair<f32>(MULTIPLY, DIVIDE, false, i, block, bytes),
  (i: usize, block: usize, bytes: usize) => pair<f32>(DIVIDE, ADD, false, i, block, bytes),
  (i: usize, block: usize, bytes: usize) => pair<f32>(DIVIDE, SUBTRACT, false, i, block, bytes),
  (i: usize, block: usize, bytes: usize) => pair<f32>(DIVIDE, MULTIPLY, false, i, block, bytes),
  (i: usize, block: usize, bytes: usize) => pair<f32>(DIVIDE, DIVIDE, false, i, block, bytes),
  (i: usize, block: usize, bytes: usize) => pair<f32>(DIVIDE, ADD, true, i, block, bytes),
  (i: usize, block: usize, bytes: usize) => pair<f32>(DIVIDE, SUBTRACT, true, i, block, bytes),
  (i: usize, block: usize, bytes: usize) => pair<f32>(DIVIDE, MULTIPLY, true, i, block, bytes),
  (i: usize, block: usize, bytes: usize) => pair<f32>(DIVIDE, DIVIDE, true, i, block, bytes),
];
