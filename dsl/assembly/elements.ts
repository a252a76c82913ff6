// The element types: what the columns hold, and the loops for it. The host knows them by the same numbers.
import * as bits from "./bit";
import { bitTraits } from "./bit-operations";
import { chooseFloat32, errorsThroughDoubles, loopsFloat32, pairsFloat32, throughDoubles } from "./float32";
import * as f64s from "./float64";
import * as kernels from "./float64-kernels";
import { Loop } from "./instruction";
import { differentBits, differentWords, errorLoopFloat64 } from "./errors";
import { realTraits } from "./operations";
import { hashBits, hashFloat32, hashFloat64 } from "./signatures";
import { chooseTraits } from "./traits";
import * as words from "./word";
import { wordTraits } from "./word-operations";

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
  f64s.whereBelow,
  f64s.whereNotBelow,
];

const loopsWord: StaticArray<Loop> = [
  words.and,
  words.or,
  words.xor,
  words.add,
  words.subtract,
  words.multiply,
  words.divide,
  words.remainder,
  words.divideSigned,
  words.remainderSigned,
  words.shiftLeft,
  words.shiftRight,
  words.shiftRightSigned,
  words.not,
  words.complement,
  words.negate,
  words.shiftLeft1,
  words.shiftRight1,
  words.shiftRight4,
  words.shiftRight16,
  words.chooseByOne,
  words.less,
  words.atMost,
  words.lessSigned,
  words.atMostSigned,
  words.equal,
  words.chooseByBoolean,
];

const loopsBit: StaticArray<Loop> = [
  bits.and,
  bits.or,
  bits.nand,
  bits.nor,
  words.xor,
  bits.xnor,
  bits.implies,
  words.not,
  words.chooseByBoolean,
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

const pairsWord: StaticArray<Loop> = [
  words.andThenAnd,
  words.orThenAnd,
  words.xorThenAnd,
  words.addThenAnd,
  words.andThenAnd,
  words.orThenAnd,
  words.xorThenAnd,
  words.addThenAnd,
  words.andThenOr,
  words.orThenOr,
  words.xorThenOr,
  words.addThenOr,
  words.andThenOr,
  words.orThenOr,
  words.xorThenOr,
  words.addThenOr,
  words.andThenXor,
  words.orThenXor,
  words.xorThenXor,
  words.addThenXor,
  words.andThenXor,
  words.orThenXor,
  words.xorThenXor,
  words.addThenXor,
  words.andThenAdd,
  words.orThenAdd,
  words.xorThenAdd,
  words.addThenAdd,
  words.andThenAdd,
  words.orThenAdd,
  words.xorThenAdd,
  words.addThenAdd,
];

const pairsBit: StaticArray<Loop> = [
  bits.andThenAnd,
  bits.orThenAnd,
  bits.nandThenAnd,
  bits.norThenAnd,
  bits.andThenAnd,
  bits.orThenAnd,
  bits.nandThenAnd,
  bits.norThenAnd,
  bits.andThenOr,
  bits.orThenOr,
  bits.nandThenOr,
  bits.norThenOr,
  bits.andThenOr,
  bits.orThenOr,
  bits.nandThenOr,
  bits.norThenOr,
  bits.andThenNand,
  bits.orThenNand,
  bits.nandThenNand,
  bits.norThenNand,
  bits.andThenNand,
  bits.orThenNand,
  bits.nandThenNand,
  bits.norThenNand,
  bits.andThenNor,
  bits.orThenNor,
  bits.nandThenNor,
  bits.norThenNor,
  bits.andThenNor,
  bits.orThenNor,
  bits.nandThenNor,
  bits.norThenNor,
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

/** How many times as long a column is as doubles. */
export let widening: usize = 1;

const FLOAT64: i32 = 0;
const FLOAT32: i32 = 1;
const WORD: i32 = 2;
export const BIT: i32 = 3;

/** Chooses an element type and what is measured (errors.ts). */
export function chooseElement(element: i32, measure: i32, blockBytes: usize): void {
  switch (element) {
    case FLOAT64:
      chooseTraits(realTraits);
      hashLoop = hashFloat64.index;
      errorLoop = errorLoopFloat64(measure);
      break;
    case FLOAT32:
      chooseTraits(realTraits);
      errorLoop = errorLoopFloat64(measure);
      chooseFloat32(loopsFloat64, errorLoop, blockBytes);
      loops = loopsFloat32;
      otherLoop = throughDoubles.index;
      pairs = pairsFloat32;
      hashLoop = hashFloat32.index;
      widening = 2;
      if (errorLoop !== 0) errorLoop = errorsThroughDoubles.index;
      break;
    case WORD:
      chooseTraits(wordTraits);
      loops = loopsWord;
      pairs = pairsWord;
      hashLoop = hashBits.index;
      errorLoop = measure === 0 ? 0 : differentWords.index;
      break;
    case BIT:
      chooseTraits(bitTraits);
      loops = loopsBit;
      pairs = pairsBit;
      hashLoop = hashBits.index;
      errorLoop = measure === 0 ? 0 : differentBits.index;
      break;
  }
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
