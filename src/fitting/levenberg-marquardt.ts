import type { DescentLimits } from "../../dsl/index.ts";
import { LeastSquaresStep } from "./least-squares-step.ts";

/** Residuals at some constants, and what they change by. */
export interface Linearisation {
  /** One for each case. */
  readonly residuals: Float64Array;
  /** For each constant the derivative of each residual. */
  readonly derivatives: readonly Float64Array[];
}

/** Residuals of some cases as functions of constants. What it gives belongs to it. */
export interface Residuals {
  readonly caseCount: number;
  /** One residual for each case, valid until the next call. */
  at(constants: Float64Array): Float64Array;
  /** Its derivatives are valid until it is asked for again, its residuals until the next call. */
  linearAt(constants: Float64Array): Linearisation;
}

const FIRST_DAMPING = 1e-3;
const LEAST_DAMPING = 1e-30;
const MOST_DAMPING = 1e12;
const SLOW = 1e-3;
/** How far along the step its bend is measured. */
const PROBE = 0.1;
/** The bend may be so long, as a share of the step; a longer one says that the step is too large to tell. */
const MOST_BEND = 0.75;

/**
 * Lowers a sum of squares by the method of Levenberg (1944) and Marquardt (1963), with the geodesic acceleration of Transtrum and
 * Sethna (2012): a step is bent as the valley is. Constants of good programs lie in narrow, curved valleys, where straight steps
 * must be short; bent ones need a tenth of the steps, and get to the end. For programs on doubles `DerivativeMachine.descend` is quicker.
 */
export class LevenbergMarquardt {
  readonly #step: LeastSquaresStep;
  readonly #caseCount: number;
  readonly #residuals: Float64Array;
  readonly #bends: Float64Array;
  readonly #scales: Float64Array;
  readonly #direction: Float64Array;
  readonly #bend: Float64Array;
  readonly #trials: readonly Float64Array[];
  /** Steps tried since it was made. */
  steps = 0;

  /** @param maximumConstants constants at most */
  constructor(caseCount: number, maximumConstants: number) {
    this.#caseCount = caseCount;
    this.#step = new LeastSquaresStep(caseCount, maximumConstants);
    this.#residuals = new Float64Array(caseCount);
    this.#bends = new Float64Array(caseCount);
    this.#scales = new Float64Array(maximumConstants);
    this.#direction = new Float64Array(maximumConstants);
    this.#bend = new Float64Array(maximumConstants);
    const trial = new Float64Array(maximumConstants);
    this.#trials = Array.from({ length: maximumConstants + 1 }, (_, n) => trial.subarray(0, n));
  }

  /**
   * Moves constants to where the sum is lower.
   * @param constants where it begins, and what it found
   * @returns the sum of squares there; Infinity if it is no number where it begins
   */
  minimise(model: Residuals, constants: Float64Array, limits: DescentLimits): number {
    const count = constants.length;
    const trial = this.#trials[count] as Float64Array;
    let sum = squares(model.at(constants));
    if (!(sum < Number.POSITIVE_INFINITY)) return Number.POSITIVE_INFINITY;
    const { maximumSteps, patienceSteps, leastSum = 0, probationSteps = -1, hope = 0 } = limits;
    let damping = Math.max(LEAST_DAMPING, limits.firstDamping ?? FIRST_DAMPING);
    let slow = 0;
    for (let step = 0; step < maximumSteps && slow < patienceSteps && sum > leastSum; step++) {
      if (step === probationSteps && sum > hope) break;
      const { residuals, derivatives } = model.linearAt(constants);
      this.#residuals.set(residuals);
      for (let k = 0; k < count; k++) this.#scales[k] = Math.sqrt(squares(derivatives[k] as Float64Array));
      let lower = Number.NaN;
      for (; damping <= MOST_DAMPING; damping *= 10) {
        this.steps++;
        if (!this.#try(model, derivatives, constants, damping, trial)) continue;
        lower = squares(model.at(trial));
        if (lower < sum) break;
      }
      if (!(lower < sum)) break;
      slow = 1 - lower / sum < SLOW ? slow + 1 : 0;
      sum = lower;
      constants.set(trial);
      damping = Math.max(LEAST_DAMPING, damping * 0.1);
    }
    return sum;
  }

  /** Writes the constants after a step, bent where that says something; false where there is no step. */
  #try(
    model: Residuals,
    derivatives: readonly Float64Array[],
    constants: Float64Array,
    damping: number,
    trial: Float64Array,
  ): boolean {
    const count = constants.length;
    const [direction, bend, scales] = [this.#direction, this.#bend, this.#scales];
    if (!this.#step.factorise(derivatives, scales, damping)) return false;
    if (!this.#step.solve(this.#residuals, direction)) return false;
    for (let k = 0; k < count; k++) trial[k] = (constants[k] as number) + PROBE * (direction[k] as number);
    const probed = model.at(trial);
    for (let i = 0; i < this.#caseCount; i++) {
      let straight = 0;
      for (let k = 0; k < count; k++)
        straight += ((derivatives[k] as Float64Array)[i] as number) * (direction[k] as number);
      this.#bends[i] =
        (2 / PROBE) * (((probed[i] as number) - (this.#residuals[i] as number)) / PROBE - straight);
    }
    let isBent = this.#step.solve(this.#bends, bend);
    if (isBent) {
      let bendSquares = 0;
      let stepSquares = 0;
      for (let k = 0; k < count; k++) {
        const scale = scales[k] as number;
        bendSquares += (bend[k] as number) * (bend[k] as number) * scale * scale;
        stepSquares += (direction[k] as number) * (direction[k] as number) * scale * scale;
      }
      isBent = bendSquares <= MOST_BEND * MOST_BEND * stepSquares;
    }
    for (let k = 0; k < count; k++)
      trial[k] =
        (constants[k] as number) + (direction[k] as number) + (isBent ? 0.5 * (bend[k] as number) : 0);
    return true;
  }
}

function squares(values: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += (values[i] as number) * (values[i] as number);
  return sum;
}
