import { DerivativeMachine, type DescentLimits, kernels, type Program } from "../../dsl/index.ts";
import type { RandomStream } from "../random-stream.ts";
import { covarianceMatrixAdaptation } from "./cma-es.ts";
import { type Image, IMAGES_OF_ROOT, imagesOf, MAXIMUM_SQUARES } from "./images.ts";
import { nelderMead } from "./nelder-mead.ts";
import { Peeler } from "./peeling.ts";
import { RationalStart } from "./rational-start.ts";
import type { CaseColumns } from "./sampled-cases.ts";
import type { Skeleton } from "./skeleton.ts";
import { SkeletonColumns } from "./skeleton-columns.ts";
import { type Tail, tailOf, TailSolver } from "./tail.ts";

/** Programs with more constants are left as they are. */
export const MAXIMUM_FITTED = 16;
/** Relative error that the rounding of doubles makes in a program, roughly. */
const ROUNDING = 3.5e-15;

// How hard constants are tried for, by how far the best is ahead. A program of seven operations for 2^x has a strong local optimum 45
// times off, and one start in 75 finds the right one.
const inherited: DescentLimits = { maximumSteps: 40, patienceSteps: 4, firstDamping: 1e-9 };
const inheritedRest: DescentLimits = { maximumSteps: 100, patienceSteps: 6, firstDamping: 1e-10 };
const hopeful: DescentLimits = { maximumSteps: 100, patienceSteps: 5 };
const first: DescentLimits = { maximumSteps: 20, patienceSteps: 4 };
const led: DescentLimits = { maximumSteps: 20, patienceSteps: 3, firstDamping: 1e-6 };
const FIRST_STARTS = 3;
const NEAR = 300;
const NEAR_STARTS = 6;
const VERY_NEAR = 20;
const VERY_NEAR_STARTS = 24;
/** Of these starts some are led to the target, in steps: dearer, and they get where others do not. */
const LED_EVERY = 6;
const LED_STEPS = 8;
/** Standard deviations of the logarithm of a constant, at random. */
const SPREADS = [1.2, 2.5, 5] as const;
const NEGATIVE_SHARE = 0.35;
/** Where a candidate has constants of its parent and new ones, so many starts keep the former. */
const GRAFTED_SHARE = 0.5;
/** Descents that are so far behind the best after some steps end. */
const HOPELESS = 1e4;
const PROBATION_STEPS = 12;

/**
 * Fits the constants of a skeleton by least squares on a few cases: from those it inherited, and from random ones, of which the last
 * come from closed forms. What can be undone on the target is undone first.
 */
export class LeastSquaresFit {
  readonly #skeleton: Skeleton;
  /** The fitted cases: the target, its roots, and a target that is written anew for each program. */
  readonly machine: DerivativeMachine;
  readonly #images: readonly Image[];
  readonly #columns: SkeletonColumns;
  readonly #tails: TailSolver;
  readonly #peeler: Peeler;
  readonly #rational: RationalStart;
  /** Sum of squares that is rounding alone: descents on doubles must not follow it. */
  readonly #rounding: number;
  readonly #views: readonly Float64Array[];
  readonly #bestViews: readonly Float64Array[];

  constructor(skeleton: Skeleton, { inputs, expected, weights, remainders }: CaseColumns) {
    this.#skeleton = skeleton;
    this.#images = imagesOf({ expected, weights });
    const [target, ...others] = this.#images.map((image) => ({
      expected: Array.from(image.expected),
      weights: Array.from(image.weights),
    })) as [{ expected: number[]; weights: number[] }];
    this.machine = new DerivativeMachine(
      skeleton.grammar,
      inputs.map((column) => Array.from(column)),
      target.expected,
      { weights: target.weights, otherTargets: [...others, target], maximumConstants: MAXIMUM_FITTED },
    );
    const count = expected.length;
    this.#columns = new SkeletonColumns(skeleton, inputs, count);
    this.#tails = new TailSolver(count);
    this.#peeler = new Peeler(skeleton, this.#columns);
    this.#rounding = expected.reduce((sum, value, i) => {
      const error = ROUNDING * value * (weights[i] as number);
      return sum + error * error;
    }, 0);
    this.#rational = new RationalStart(
      skeleton,
      this.#columns,
      { inputs, expected, weights, remainders },
      this.#rounding,
    );
    const views = (): Float64Array[] => {
      const buffer = new Float64Array(MAXIMUM_FITTED);
      return Array.from({ length: MAXIMUM_FITTED + 1 }, (_, n) => buffer.subarray(0, n));
    };
    this.#views = views();
    this.#bestViews = views();
  }

  /**
   * Descends from the constants of the skeleton, which it replaces by better ones, and from others.
   * @param goal the error of the best program known of that cost: nearer ones are worth more starts
   * @param parent the program that was varied: constants that are not from it are new
   */
  descend(goal: number, parent: Program | null, stream: RandomStream): void {
    const skeleton = this.#skeleton;
    const { machine } = this;
    const { constantCount } = skeleton;
    const inheritedConstants = skeleton.constants.slice(0, constantCount);
    const trial = this.#views[constantCount] as Float64Array;
    const best = this.#bestViews[constantCount] as Float64Array;
    const program = skeleton.write();
    const core = this.#peeler.peel(this.#images[0] as Image, MAXIMUM_SQUARES);
    const isSquared = core.layers > 0 && core.squares === core.layers && this.#images.length > 1;
    const image = isSquared ? core.squares * IMAGES_OF_ROOT : core.layers > 0 ? this.#images.length : 0;
    if (image === this.#images.length) machine.retarget(image, core.image.expected, core.image.weights);
    const rest = core.layers > 0 ? skeleton.write(core.root) : program;
    const tail = tailOf(skeleton, core.root);
    const cases = machine.caseCount;
    const hope = cases * (goal * HOPELESS) * (goal * HOPELESS);
    const onProbation = { probationSteps: PROBATION_STEPS, hope };
    let least = Number.POSITIVE_INFINITY;
    const attempt = (limits: DescentLimits): void => {
      machine.prepare(program);
      const sum = machine.descend(trial, { ...limits, leastSum: this.#rounding });
      if (sum < least) {
        least = sum;
        best.set(trial);
      }
    };
    const attemptRest = (limits: DescentLimits, target = image): void => {
      machine.prepare(rest, target);
      machine.descend(trial, { ...limits, leastSum: this.#rounding });
    };
    trial.set(inheritedConstants);
    attempt(inherited);
    if (core.layers > 0 && !isSquared) {
      trial.set(inheritedConstants);
      attemptRest(inheritedRest);
      attempt(inherited);
    }
    if (isSquared) {
      // Most squares have just come to a program that fitted the target without: its constants are led from there step by step.
      trial.set(inheritedConstants);
      const before = trial.slice();
      for (let k = (core.squares - 1) * IMAGES_OF_ROOT + 1; k <= image; k++) {
        const from = trial.slice();
        // As they went before, each by a factor.
        if (k > (core.squares - 1) * IMAGES_OF_ROOT + 1)
          for (let c = 0; c < constantCount; c++) {
            const factor = (trial[c] as number) / (before[c] as number);
            if (factor > 0 && factor < 10) trial[c] = (trial[c] as number) * factor;
          }
        before.set(from);
        attemptRest(inheritedRest, k);
      }
      attempt(inherited);
    }
    const kept = inheritedConstants.filter((value) => parent?.constants.includes(value) === true).length;
    const isGrafted = kept > 0 && kept < constantCount;
    const start = (spread: number, limits: DescentLimits, isLed = false): void => {
      const keeps = isGrafted && stream.chance(GRAFTED_SHARE);
      for (let k = 0; k < constantCount; k++)
        trial[k] =
          keeps && parent?.constants.includes(inheritedConstants[k] as number) === true
            ? (inheritedConstants[k] as number)
            : (stream.chance(NEGATIVE_SHARE) ? -1 : 1) * kernels.exp(spread * stream.bell());
      if (!this.#closeTail(tail, core.image, trial)) return;
      if (isLed) this.#lead(rest, image, core.image, trial);
      if (core.layers > 0) {
        attemptRest({ ...limits, ...onProbation });
        attempt({ maximumSteps: 20, patienceSteps: 4 });
      } else attempt({ ...limits, ...onProbation });
    };
    for (let k = 0; k < FIRST_STARTS; k++) start(SPREADS[k === 0 ? 0 : 1], first);
    if (this.#rational.find(core, rest, tail, Math.sqrt(least / cases), trial, stream)) {
      if (core.layers > 0) attemptRest(hopeful);
      attempt(hopeful);
    }
    const isWithin = (factor: number): boolean => Math.sqrt(least / cases) < factor * goal;
    if (isWithin(NEAR)) for (let k = 0; k < NEAR_STARTS; k++) start(SPREADS[1], hopeful);
    if (isWithin(VERY_NEAR))
      for (let k = 0; k < VERY_NEAR_STARTS; k++)
        start(SPREADS[k % 2 === 0 ? 2 : 1], hopeful, k % LED_EVERY === 0);
    if (least < Number.POSITIVE_INFINITY) {
      skeleton.constants.set(best);
      skeleton.remainders.fill(0, 0, constantCount);
    }
  }

  /**
   * Leads a program from what it gives to what it should give, through targets between the two: what is small stays small on the
   * way, where a descent over the whole distance may end in a valley of its own.
   */
  #lead(program: Program, target: number, image: Image, constants: Float64Array): void {
    const { machine } = this;
    const between = this.#images.length;
    machine.prepare(program, target);
    const begin = machine.residuals(constants).slice();
    const expected = new Float64Array(begin.length);
    for (let step = 1; step < LED_STEPS; step++) {
      const left = 1 - step / LED_STEPS;
      for (let i = 0; i < expected.length; i++)
        expected[i] =
          (image.expected[i] as number) + (left * (begin[i] as number)) / (image.weights[i] as number);
      machine.retarget(between, expected, image.weights);
      machine.prepare(program, between);
      machine.descend(constants, { ...led, leastSum: this.#rounding });
    }
    machine.retarget(between, image.expected, image.weights);
  }

  /** Computes the constants of a tail from the others; false where that gives no numbers. */
  #closeTail(tail: Tail, image: Image, constants: Float64Array): boolean {
    if (tail.steps.length === 0) return true;
    const inner = this.#columns.of(tail.operand, constants);
    if (!this.#tails.solve(tail, inner, image.expected, image.weights, constants)) return false;
    for (let k = 0; k < constants.length; k++) if (!Number.isFinite(constants[k])) return false;
    return true;
  }

  /** Lowers the sum of squares by its values alone: by an evolution strategy, or else by a simplex. */
  descendWithoutDerivatives(isStrategy: boolean, stream: RandomStream): void {
    const skeleton = this.#skeleton;
    const { constantCount } = skeleton;
    const trial = this.#views[constantCount] as Float64Array;
    trial.set(skeleton.constants.subarray(0, constantCount));
    this.machine.prepare(skeleton.write());
    const valueAt = (at: Float64Array): number => this.machine.sumOfSquares(at);
    const maximumEvaluations = 400 * (constantCount + 1);
    if (isStrategy) covarianceMatrixAdaptation(valueAt, trial, stream, { size: 0.5, maximumEvaluations });
    else
      nelderMead(valueAt, trial, {
        sizes: trial.map((value) => 0.1 * Math.abs(value) + 0.01),
        maximumEvaluations,
      });
    skeleton.constants.set(trial);
    skeleton.remainders.fill(0, 0, constantCount);
  }
}
