// The element types: what the columns hold, and the loops for it. The host knows them by the same numbers.
import { chooseFloat32, errorsThroughDoubles, loopsFloat32, pairsFloat32, throughDoubles, widen } from "./float32";
import * as f64s from "./float64";
import * as kernels from "./float64-kernels";
import { Loop } from "./instruction";
import { errorLoopFloat64 } from "./errors";
import { realTraits } from "./operations";
import { hashFloat32, hashFloat64 } from "./signatures";
import { chooseTraits } from "./traits";

// By operation, in the order of the element's operations.

const loopsFloat64: StaticArray<Loop> = [
  f64s.add,
  f64s.subtract,
  f64s.multiply,
  f64s.divide,
  f64s.minimum,
  f64s.maximum,
  kernels.power,
  f64s.squareRoot,
  f64s.absolute,
  f64s.negate,
  f64s.floor,
  kernels.exponential,
  kernels.logarithm,
  kernels.sine,
  kernels.cosine,
  kernels.tangent,
  kernels.hyperbolicTangent,
  kernels.exponentialLessOne,
  kernels.logarithmOfSum,
  kernels.cubeRoot,
  f64s.protectedDivide,
  f64s.protectedInverse,
];

// Pairs: 8 × outer + inner where the inner operation gives the first operand, 4 more where it gives the second.

const pairsFloat64: StaticArray<Loop> = [
  f64s.addThenAdd,
  f64s.subtractThenAdd,
  f64s.multiplyThenAdd,
  f64s.divideThenAdd,
  f64s.addThenAdd,
  f64s.subtractThenAdd,
  f64s.multiplyThenAdd,
  f64s.divideThenAdd,
  f64s.addThenSubtract,
  f64s.subtractThenSubtract,
  f64s.multiplyThenSubtract,
  f64s.divideThenSubtract,
  f64s.addFrom,
  f64s.subtractFrom,
  f64s.multiplyFrom,
  f64s.divideFrom,
  f64s.addThenMultiply,
  f64s.subtractThenMultiply,
  f64s.multiplyThenMultiply,
  f64s.divideThenMultiply,
  f64s.addThenMultiply,
  f64s.subtractThenMultiply,
  f64s.multiplyThenMultiply,
  f64s.divideThenMultiply,
  f64s.addThenDivide,
  f64s.subtractThenDivide,
  f64s.multiplyThenDivide,
  f64s.divideThenDivide,
  f64s.addUnder,
  f64s.subtractUnder,
  f64s.multiplyUnder,
  f64s.divideUnder,
];

/** Operation → its loop. */
let loops: StaticArray<Loop> = loopsFloat64;
/** Index of the loop of operations that are not listed. */
let otherLoop: u32 = 0;
/** Pair → its loop. */
export let pairs: StaticArray<Loop> = pairsFloat64;
/** Index of the loop that takes a column into its signature. */
export let hashLoop: u32 = 0;
/** Index of the loop that takes a column into its error; 0: no error is measured. */
export let errorLoop: u32 = 0;

/** Index of the loop that makes a column of doubles of a column; 0: it is one. */
export let widenLoop: u32 = 0;
/** How many times as long a column is as doubles. */
export let widening: usize = 1;

const FLOAT32: i32 = 1;

/** Chooses an element type and what is measured (errors.ts). */
export function chooseElement(element: i32, measure: i32, blockBytes: usize): void {
  chooseTraits(realTraits);
  errorLoop = errorLoopFloat64(measure);
  if (element === FLOAT32) {
    chooseFloat32(loopsFloat64, errorLoop, blockBytes);
    loops = loopsFloat32;
    otherLoop = throughDoubles.index;
    pairs = pairsFloat32;
    hashLoop = hashFloat32.index;
    widenLoop = widen.index;
    widening = 2;
    if (errorLoop !== 0) errorLoop = errorsThroughDoubles.index;
  } else hashLoop = hashFloat64.index;
}

/** Index of an operation's loop. */
// @ts-ignore: decorator
@inline
export function loopOf(operation: i32): u32 {
  return operation < loops.length ? loops[operation].index : otherLoop;
}

/** Eight bytes of a column that holds one number only. */
export function constantBytes(value: f64): i64 {
  if (widening === 1) return reinterpret<i64>(value);
  const bits = <i64>reinterpret<u32>(<f32>value);
  return (bits << 32) | bits;
}
