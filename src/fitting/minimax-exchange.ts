import type { DerivativeMachine } from "../../dsl/index.ts";
import { alternatingExtremes } from "../approximation/alternation.ts";
import { largestOf } from "../precise-differences.ts";
import { solveLinear } from "./linear-equations.ts";
import { moveConstants } from "./moved-constants.ts";

const MAXIMUM_EXCHANGES = 12;
const MAXIMUM_SHORTENINGS = 6;
/** The part of a step along which its bend is measured. */
const PROBE = 0.1;
const SHORTER = 0.4;
/** A gain that is not worth another exchange. */
const LEAST_GAIN = 1e-6;

/** Errors of a program on all cases, in ascending order of its argument, with constants that are sums of two doubles. */
export type SignedErrors = (constants: Float64Array, remainders: Float64Array) => Float64Array;

/**
 * Lowers the largest error of a program: the exchange of Remez (1934), for programs that are not linear in their constants by a step
 * of Newton for each set of extremes, shortened where it goes too far. With p constants the best program has p + 1 extremes of one
 * size, as a rule. Steps are bent as errors are (after Transtrum and Sethna 2012, who do so for least squares).
 * @param machine has the program ready, with all cases in ascending order of the argument
 * @param signs factors of 1, −1 or 0 that errors have where extremes are sought
 * @param constants where it begins, and what it found
 * @param remainders what the constants leave over; filled in where `isPrecise`
 * @returns the largest error there
 */
export function minimaxExchange(
  machine: DerivativeMachine,
  errorsOf: SignedErrors,
  signs: Float64Array,
  constants: Float64Array,
  remainders: Float64Array,
  isPrecise: boolean,
): number {
  const count = constants.length;
  const step = new Float64Array(count);
  const bend = new Float64Array(count);
  const trial = new Float64Array(count);
  const trialLow = new Float64Array(count);
  const move = (scale: number, curve: number): void => {
    const by = (k: number): number => scale * (step[k] as number) + curve * (bend[k] as number);
    moveConstants(constants, remainders, by, trial, trialLow);
    if (!isPrecise) trialLow.fill(0);
  };
  let errors = errorsOf(constants, remainders).slice();
  let largest = largestOf(errors);
  if (!(largest < Number.POSITIVE_INFINITY)) return largest;
  for (let exchange = 0; exchange < MAXIMUM_EXCHANGES; exchange++) {
    const extremes = alternatingExtremes(
      errors.map((error, i) => error * (signs[i] as number)),
      count + 1,
    );
    if (extremes === null) return largest;
    const { derivatives } = machine.jacobian(constants);
    const straight = (at: number): number => {
      let sum = 0;
      for (let k = 0; k < count; k++)
        sum += ((derivatives[k] as Float64Array)[at] as number) * (step[k] as number);
      return sum;
    };
    if (!levelled(extremes, signs, derivatives, step, (at) => errors[at] as number)) return largest;
    // How errors bend along the step, from a part of it: valleys are curved.
    move(PROBE, 0);
    const probed = errorsOf(trial, trialLow);
    const isBent = levelled(
      extremes,
      signs,
      derivatives,
      bend,
      (at) => (2 / PROBE) * (((probed[at] as number) - (errors[at] as number)) / PROBE - straight(at)),
    );
    if (!isBent) bend.fill(0);
    let gain = 0;
    for (let scale = 1, shortening = 0; shortening < MAXIMUM_SHORTENINGS; shortening++, scale *= SHORTER) {
      move(scale, 0.5 * scale * scale);
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

/**
 * The step after which values at some points have one size and alternating signs, as far as derivatives tell.
 * @returns false where there is none
 */
function levelled(
  points: readonly number[],
  signs: Float64Array,
  derivatives: readonly Float64Array[],
  step: Float64Array,
  valueAt: (point: number) => number,
): boolean {
  const count = step.length;
  const width = count + 2;
  const rows = new Float64Array((count + 1) * width);
  points.forEach((at, row) => {
    const sign = signs[at] as number;
    for (let k = 0; k < count; k++)
      rows[row * width + k] = sign * ((derivatives[k] as Float64Array)[at] as number);
    rows[row * width + count] = row % 2 === 0 ? -1 : 1;
    rows[row * width + count + 1] = -sign * valueAt(at);
  });
  if (!solveLinear(count + 1, rows)) return false;
  for (let k = 0; k < count; k++) step[k] = rows[k * width + count + 1] as number;
  return step.every(Number.isFinite);
}
