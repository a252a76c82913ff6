import {
  DerivativeMachine,
  type DescentLimits,
  type Program,
  kernels,
  programSize,
  realTwin,
} from "../../dsl/index.ts";
import type { Archive } from "../archive/archive.ts";
import type { EquivalenceCache } from "../equivalence-cache.ts";
import { isOfSingles } from "../coordinates.ts";
import { errorThreshold } from "../error-thresholds.ts";
import { exactOutputs } from "../exact-outputs.ts";
import { largestOutput, preciseBelow } from "../precise-error.ts";
import type { RandomStream } from "../random-stream.ts";
import type { Task } from "../task.ts";
import { covarianceMatrixAdaptation } from "./cma-es.ts";
import { type Image, IMAGES_OF_ROOT, imagesOf, MAXIMUM_SQUARES } from "./images.ts";
import { LevenbergMarquardt } from "./levenberg-marquardt.ts";
import { largestOf, minimaxExchange } from "./minimax-exchange.ts";
import { Peeler } from "./peeling.ts";
import { descendPrecisely, PreciseResiduals } from "./precise-residuals.ts";
import { nelderMead } from "./nelder-mead.ts";
import { MAXIMUM_NODES, Skeleton } from "./skeleton.ts";
import { SkeletonColumns } from "./skeleton-columns.ts";
import { SkeletonSignature } from "./skeleton-signature.ts";
import { SingleRounding } from "./single-rounding.ts";
import { Standing } from "./standing.ts";
import { type Tail, tailOf, TailSolver } from "./tail.ts";

/** Cases that constants are fitted on: so many that the fit says what it is on all, so few that it is quick. */
const FITTED_CASES = 24;
/** Relative error that the rounding of doubles makes in a program, roughly. */
const ROUNDING = 3.5e-15;
/** Cases of programs over singles that are seen before constants are rounded: rounding needs many, smooth errors do not. */
const DENSE_CASES_OF_SINGLES = 400;
/** More constants are left as they are. */
const MAXIMUM_FITTED = 16;

// How hard constants are tried for, by how far the best is ahead. A program of seven operations for 2^x has a strong local optimum 45
// times off, and one start in 75 finds the right one.
const inherited: DescentLimits = { maximumSteps: 40, patienceSteps: 4, firstDamping: 1e-9 };
const inheritedRest: DescentLimits = { maximumSteps: 100, patienceSteps: 6, firstDamping: 1e-10 };
const hopeful: DescentLimits = { maximumSteps: 100, patienceSteps: 5 };
const first: DescentLimits = { maximumSteps: 20, patienceSteps: 4 };
const led: DescentLimits = { maximumSteps: 20, patienceSteps: 3, firstDamping: 1e-6 };
const polished: DescentLimits = { maximumSteps: 200, patienceSteps: 8 };
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
/** How far behind its cell's elite, or the best, the largest error of a fit may be to be refined. */
const REFINED_OF_CELL = 10;
const REFINED_OF_BEST = 30;

/**
 * Fits the constants of candidates. What it holds are machines and buffers, no search state: which skeletons were seen
 * before is the caller's, in a cache of one number for each.
 *
 * A candidate's skeleton is brought into order; one that does what a smaller one does, or that was fitted before, is left out (but for
 * its 2nd, 4th, 8th … visit, since a fit can fail). The rest are fitted by least squares on some cases, from the constants they inherited
 * and from random ones, of which the last come from closed forms; the promising ones again and again, and then for the largest error.
 */
export class ConstantFitter {
  readonly #task: Task;
  readonly #skeleton: Skeleton;
  readonly #signature: SkeletonSignature;
  readonly #machine: DerivativeMachine;
  /** All cases, or many, in ascending order of the argument; null where the largest error is not what counts. */
  readonly #dense: DerivativeMachine | null;
  readonly #precise: PreciseResiduals | null;
  /** On the fitted cases. */
  readonly #preciseFitted: PreciseResiduals | null;
  readonly #preciseDescent: LevenbergMarquardt;
  readonly #images: readonly Image[];
  readonly #inputs: readonly Float64Array[];
  readonly #columns: SkeletonColumns;
  readonly #tails: TailSolver;
  readonly #peeler: Peeler;
  /** Null where constants are doubles. */
  readonly #singles: SingleRounding | null;
  /** Sum of squares that is rounding alone: descents on doubles must not follow it. */
  readonly #rounding: number;
  readonly #standing: Standing;
  readonly #weights: Float64Array;
  readonly #expected: Float64Array;
  readonly #remainders: Float64Array;
  readonly #preciseBelow: number;
  /** An error as large as the output. */
  readonly #farOff: number;
  readonly #descriptor: Float64Array;
  readonly #visits = Float64Array.of(1);
  /** Programs of more operations have no place of their own on the map. */
  readonly #maximumOperations: number;
  readonly #views: readonly Float64Array[];
  readonly #bestViews: readonly Float64Array[];
  /** Programs whose constants were fitted. */
  fitted = 0;

  constructor(task: Task) {
    const { caseCount } = task;
    const isSingle = isOfSingles(task.grammar);
    // Over singles, programs are fitted as if they were over reals, and their constants rounded afterwards.
    const grammar = isSingle ? realTwin(task.grammar) : task.grammar;
    this.#task = task;
    const operations = task.axes.find(({ name }) => name === "operations");
    this.#maximumOperations = operations === undefined ? MAXIMUM_NODES : operations.to - 1;
    this.#skeleton = new Skeleton(grammar);
    this.#signature = new SkeletonSignature(this.#skeleton);
    const inputs = task.inputs.map((column) => Float64Array.from(column as readonly number[]));
    const order = Array.from({ length: caseCount }, (_, i) => i);
    if (inputs.length === 1) {
      const [x] = inputs as [Float64Array];
      order.sort((i, j) => (x[i] as number) - (x[j] as number) || i - j);
    }
    const sorted = (column: ArrayLike<number>): Float64Array =>
      Float64Array.from(order, (i) => column[i] as number);
    const all = inputs.map(sorted);
    this.#expected = sorted(exactOutputs(task.grammar, task.expected, task.remainders) as readonly number[]);
    this.#weights = sorted(task.errorWeights as Float64Array);
    this.#remainders = sorted(task.remainders ?? new Float64Array(caseCount));
    this.#preciseBelow = preciseBelow(this.#expected, this.#weights);
    this.#farOff = largestOutput(this.#expected, this.#weights);
    const fitted = Math.min(FITTED_CASES, caseCount);
    const some = (column: Float64Array): Float64Array =>
      Float64Array.from(
        { length: fitted },
        (_, i) => column[Math.floor(((i + 0.5) * caseCount) / fitted)] as number,
      );
    this.#inputs = all.map(some);
    this.#images = imagesOf({ expected: some(this.#expected), weights: some(this.#weights) });
    const [target, ...others] = this.#images as [Image, ...Image[]];
    const lists = ({ expected, weights }: Image) => ({
      expected: Array.from(expected),
      weights: Array.from(weights),
    });
    this.#machine = new DerivativeMachine(
      grammar,
      this.#inputs.map((column) => Array.from(column)),
      lists(target).expected,
      {
        weights: lists(target).weights,
        otherTargets: [...others, target].map(lists),
        maximumConstants: MAXIMUM_FITTED,
      },
    );
    const isLargest = task.measured?.reduction.reduction === "largest" && inputs.length === 1;
    const seen = isSingle ? Math.min(caseCount, DENSE_CASES_OF_SINGLES) : caseCount;
    const many = (column: Float64Array): number[] =>
      Array.from(
        { length: seen },
        (_, i) => column[Math.round((i * (caseCount - 1)) / Math.max(1, seen - 1))] as number,
      );
    this.#dense = isLargest
      ? new DerivativeMachine(grammar, all.map(many), many(this.#expected), {
          weights: many(this.#weights),
          maximumConstants: MAXIMUM_FITTED,
        })
      : null;
    const isPrecise = isLargest && task.remainders !== null && !isSingle && this.#skeleton.hasSums;
    this.#precise = isPrecise
      ? new PreciseResiduals(this.#skeleton, all, this.#expected, this.#remainders, this.#weights)
      : null;
    this.#preciseFitted = isPrecise
      ? new PreciseResiduals(
          this.#skeleton,
          this.#inputs,
          target.expected,
          some(this.#remainders),
          target.weights,
        )
      : null;
    this.#preciseDescent = new LevenbergMarquardt(fitted, MAXIMUM_FITTED);
    this.#columns = new SkeletonColumns(this.#skeleton, this.#inputs, fitted);
    this.#rounding = target.expected.reduce((sum, value, i) => {
      const error = ROUNDING * value * (target.weights[i] as number);
      return sum + error * error;
    }, 0);
    this.#tails = new TailSolver(fitted);
    this.#peeler = new Peeler(this.#skeleton, this.#columns);
    this.#singles = isSingle && isLargest && task.measured !== null ? new SingleRounding(task) : null;
    this.#standing = new Standing(task);
    this.#descriptor = new Float64Array(task.axes.length);
    const views = (): Float64Array[] => {
      const buffer = new Float64Array(MAXIMUM_FITTED);
      return Array.from({ length: MAXIMUM_FITTED + 1 }, (_, n) => buffer.subarray(0, n));
    };
    this.#views = views();
    this.#bestViews = views();
  }

  /** Takes note of the archive, which the next programs are to enter. */
  prepare(archive: Archive): void {
    this.#standing.read(archive);
  }

  /**
   * The program with fitted constants; null where it is left out.
   * @param parent the program that was varied: constants that are not from it are new
   * @param visits of skeletons so far
   */
  fit(
    program: Program,
    parent: Program | null,
    archive: Archive,
    visits: EquivalenceCache,
    stream: RandomStream,
  ): Program | null {
    const skeleton = this.#skeleton;
    if (!skeleton.read(program) || skeleton.constantCount > MAXIMUM_FITTED) return program;
    if (skeleton.count > this.#maximumOperations) return null;
    if (this.#task.parameters.skeletonCache === "on" && !this.#isWanted(visits)) return null;
    if (skeleton.constantCount === 0) return skeleton.write();
    this.fitted++;
    // Doubles are near enough to begin with.
    skeleton.remainders.fill(0, 0, skeleton.constantCount);
    const best = this.#standing.best(skeleton.count);
    const goal = Number.isFinite(best) ? this.#errorOf(best) : this.#farOff;
    const cell = this.#cellOf(skeleton.write());
    const elite = cell < 0 ? undefined : archive.elite(cell);
    const bar = elite === undefined ? Number.POSITIVE_INFINITY : this.#errorOf(elite.fitness);
    const { parameters } = this.#task;
    if (parameters.constantFitting === "derivatives") this.#descend(goal, parent, stream);
    else this.#descendWithoutDerivatives(parameters.constantFitting === "cma-es", stream);
    const isRefined = this.#dense !== null && this.#refine(goal, bar);
    if (!skeleton.isFinite()) return null;
    const fitted = skeleton.write();
    if (programSize(fitted) <= parameters.maximumSize) return this.#rounded(fitted, isRefined, bar);
    skeleton.remainders.fill(0, 0, skeleton.constantCount);
    const single = skeleton.write();
    return programSize(single) <= parameters.maximumSize ? this.#rounded(single, isRefined, bar) : null;
  }

  /** A fitted program with constants of its own precision. */
  #rounded(program: Program, isRefined: boolean, bar: number): Program {
    if (!isOfSingles(this.#task.grammar)) return program;
    if (isRefined && this.#singles !== null && this.#dense !== null)
      return this.#singles.round(program, this.#dense, bar);
    return { tokens: program.tokens, constants: program.constants.map(Math.fround) };
  }

  /** Whether a skeleton is to be fitted: what nobody has computed, or not often. */
  #isWanted(visits: EquivalenceCache): boolean {
    const key = this.#signature.key();
    if (key === null) return false;
    const entry = visits.find(key);
    if (entry < 0) {
      const isWhole = this.#signature.needsAllConstants();
      // Never again: no power of two comes after it.
      this.#visits[0] = isWhole ? 1 : Number.NEGATIVE_INFINITY;
      visits.insert(key, this.#visits);
      return isWhole;
    }
    const count = visits.value(entry, 0) + 1;
    visits.change(entry, 0, count);
    return count > 0 && (count & (count - 1)) === 0;
  }

  /** The error that a fitness stands for, of one case; 1 where that is not known. */
  #errorOf(fitness: number): number {
    const { measured, caseCount } = this.#task;
    if (measured === null) return 1;
    const error = errorThreshold(this.#task, fitness);
    switch (measured.reduction.reduction) {
      case "sum":
        return error / caseCount;
      case "squares":
        return Math.sqrt(error / caseCount);
      default:
        return error;
    }
  }

  /** The cell of a program, −1 where it does not follow from its form. */
  #cellOf(program: Program): number {
    const { coordinates, space } = this.#task;
    for (const [k, coordinate] of coordinates.entries()) {
      if (coordinate.kind !== "form") return -1;
      this.#descriptor[k] = coordinate.of(program);
    }
    return space.cellOf(this.#descriptor);
  }

  #descend(goal: number, parent: Program | null, stream: RandomStream): void {
    const skeleton = this.#skeleton;
    const machine = this.#machine;
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
    const machine = this.#machine;
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

  #descendWithoutDerivatives(isStrategy: boolean, stream: RandomStream): void {
    const skeleton = this.#skeleton;
    const { constantCount } = skeleton;
    const trial = this.#views[constantCount] as Float64Array;
    trial.set(skeleton.constants.subarray(0, constantCount));
    this.#machine.prepare(skeleton.write());
    const valueAt = (at: Float64Array): number => this.#machine.sumOfSquares(at);
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

  /** Lowers the largest error of what promises to be good; whether it does. */
  #refine(goal: number, bar: number): boolean {
    const skeleton = this.#skeleton;
    const dense = this.#dense as DerivativeMachine;
    const { constantCount } = skeleton;
    const constants = this.#bestViews[constantCount] as Float64Array;
    constants.set(skeleton.constants.subarray(0, constantCount));
    const program = skeleton.write();
    dense.prepare(program);
    let error = largestOf(dense.residuals(constants));
    if (!(error < REFINED_OF_CELL * bar || error < REFINED_OF_BEST * goal)) return false;
    const before = constants.slice();
    const isTiny = error < this.#preciseBelow && this.#precise !== null;
    if (this.#task.parameters.constantFitting === "derivatives" && !isTiny) {
      this.#machine.prepare(program);
      this.#machine.descend(constants, polished);
      const polishedError = largestOf(dense.residuals(constants));
      if (polishedError < error) error = polishedError;
      else constants.set(before);
    }
    const remainders = new Float64Array(constantCount);
    if (!isTiny) error = minimaxExchange(dense, (at) => dense.residuals(at), constants, remainders, false);
    const { constantPrecision } = this.#task.parameters;
    if (error < this.#preciseBelow && this.#precise !== null && this.#preciseFitted !== null) {
      const began = constants.slice();
      const beganAt = largestOf(this.#precise.at(began, remainders));
      this.#machine.prepare(program);
      descendPrecisely(this.#preciseDescent, this.#preciseFitted, this.#machine, constants, remainders);
      if (!(minimaxExchange(dense, this.#precise.at, constants, remainders, true) < beganAt)) {
        constants.set(began);
        remainders.fill(0);
      }
      if (constantPrecision === "double") remainders.fill(0);
    }
    skeleton.constants.set(constants);
    skeleton.remainders.set(remainders);
    return true;
  }
}
