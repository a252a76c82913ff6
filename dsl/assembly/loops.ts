// Which loop carries out which operation.
import * as f64s from "./float64";
import * as kernels from "./float64-kernels";
import { Loop } from "./instruction";

/** Loops by operation, in the order of operations.ts. */
export const loops: StaticArray<Loop> = [
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
];
/** Loops of pairs: 4 × outer + inner; from 16 on for c − (a ∘ b), from 20 on for c ÷ (a ∘ b). */
export const pairs: StaticArray<Loop> = [
  f64s.addThenAdd,
  f64s.subtractThenAdd,
  f64s.multiplyThenAdd,
  f64s.divideThenAdd,
  f64s.addThenSubtract,
  f64s.subtractThenSubtract,
  f64s.multiplyThenSubtract,
  f64s.divideThenSubtract,
  f64s.addThenMultiply,
  f64s.subtractThenMultiply,
  f64s.multiplyThenMultiply,
  f64s.divideThenMultiply,
  f64s.addThenDivide,
  f64s.subtractThenDivide,
  f64s.multiplyThenDivide,
  f64s.divideThenDivide,
  f64s.addFrom,
  f64s.subtractFrom,
  f64s.multiplyFrom,
  f64s.divideFrom,
  f64s.addUnder,
  f64s.subtractUnder,
  f64s.multiplyUnder,
  f64s.divideUnder,
];
