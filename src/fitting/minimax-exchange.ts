import type { DerivativeMachine } from "../../dsl/index.ts";
import { alternatingExtremes } from "../approximation/alternation.ts";
import { solveLinear } from "./linear-equations.ts";

const MAXIMUM_EXCHANGES = 12;
const MAXIMUM_HALVINGS = 6;
const SHORTER = 0.4;
/** A gain that is not worth another exchange. */
const LEAST_GAIN = 1e-6;

/** Errors of a program on all cases, in ascending order of its argument, with constants that are sums of two doubles. */
export type SignedErrors = (constants: Float64Array, remainders: Float64Array) => Float64Array;

/** The largest of errors by size; Infinity where one is no number. */
export function largestOf(errors: Float64Array): number {
  let largest = 0;
  for (let i = 0; i < errors.length; i++) {
    const error = Math.abs(errors[i] as number);
    if (!(error <= largest)) {
      if (error !== error) return Number.POSITIVE_INFINITY;
      largest = error;
    }
  }
  return largest;
}

/**
 * Lowers the largest error of a program: the exchange of Remez (1934), for programs that are not linear in their constants by a step
 * of Newton for each set of extremes, shortened where it goes too far. With p constants the best program has p + 1 extremes of one
 * size, as a rule.
 * @param machine has the program ready, with all cases in ascending order of the argument
 * @param constants where it begins, and what it found
 * @param remainders what the constants leave over; filled in where `isPrecise`
 * @returns the largest error there
 */
export function minimaxExchange(
  machine: DerivativeMachine,
  errorsOf: SignedErrors,
  constants: Float64Array,
  remainders: Float64Array,
  isPrecise: boolean,
): number {
  const count = constants.length;
  const width = count + 2;
  const rows = new Float64Array((count + 1) * width);
  const trial = new Float64Array(count);
  const trialLow = new Float64Array(count);
  let errors = errorsOf(constants, remainders).slice();
  let largest = largestOf(errors);
  if (!(largest < Number.POSITIVE_INFINITY)) return largest;
  for (let exchange = 0; exchange < MAXIMUM_EXCHANGES; exchange++) {
    const extremes = alternatingExtremes(errors, count + 1);
    if (extremes === null) return largest;
    const { derivatives } = machine.jacobian(constants);
    extremes.forEach((at, row) => {
      for (let k = 0; k < count; k++) rows[row * width + k] = (derivatives[k] as Float64Array)[at] as number;
      rows[row * width + count] = row % 2 === 0 ? -1 : 1;
      rows[row * width + count + 1] = -(errors[at] as number);
    });
    if (!solveLinear(count + 1, rows)) return largest;
    let scale = 1;
    let gain = 0;
    for (let halving = 0; halving < MAXIMUM_HALVINGS; halving++, scale *= SHORTER) {
      for (let k = 0; k < count; k++) {
        const high = constants[k] as number;
        const step = scale * (rows[k * width + count + 1] as number) + (remainders[k] as number);
        const sum = high + step;
        const part = sum - high;
        trial[k] = sum;
        trialLow[k] = isPrecise ? high - (sum - part) + (step - part) : 0;
      }
      const tried = errorsOf(trial, trialLow);
      const error = largestOf(tried);
      if (!(error < largest)) continue;
      gain = 1 - error / largest;
      largest = error;
      errors = tried.slice();
      constants.set(trial);
      remainders.set(trialLow);
      break;
    }
    if (!(gain > LEAST_GAIN)) return largest;
  }
  return largest;
}
