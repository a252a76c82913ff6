import { type Program, programSize, realTwin } from "../../dsl/index.ts";
import type { Archive } from "../archive/archive.ts";
import { isOfSingles } from "../coordinates.ts";
import type { EquivalenceCache } from "../equivalence-cache.ts";
import { errorThreshold } from "../error-thresholds.ts";
import { largestOutput } from "../precise-error.ts";
import type { RandomStream } from "../random-stream.ts";
import type { Task } from "../task.ts";
import { bestConstant } from "./best-constant.ts";
import { LeastSquaresFit, MAXIMUM_FITTED } from "./least-squares-fit.ts";
import { MinimaxRefinement } from "./minimax-refinement.ts";
import { fittedCases, orderedCases } from "./sampled-cases.ts";
import { SingleRounding } from "./single-rounding.ts";
import { MAXIMUM_NODES, Skeleton } from "./skeleton.ts";
import { SkeletonSignature } from "./skeleton-signature.ts";
import { Standing } from "./standing.ts";

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
  readonly #squares: LeastSquaresFit;
  /** Null where the largest error is not what counts. */
  readonly #refinement: MinimaxRefinement | null;
  /** Null where constants are doubles. */
  readonly #singles: SingleRounding | null;
  readonly #standing: Standing;
  /** An error as large as the output. */
  readonly #farOff: number;
  readonly #descriptor: Float64Array;
  readonly #visits = Float64Array.of(1);
  /** Programs of more operations have no place of their own on the map. */
  readonly #maximumOperations: number;
  /** The constant that comes nearest. */
  readonly #constant: number;

  constructor(task: Task) {
    const isSingle = isOfSingles(task.grammar);
    // Over singles, programs are fitted as if they were over reals, and their constants rounded afterwards.
    const grammar = isSingle ? realTwin(task.grammar) : task.grammar;
    this.#task = task;
    const operations = task.axes.find(({ name }) => name === "operations");
    this.#maximumOperations = operations === undefined ? MAXIMUM_NODES : operations.to - 1;
    const skeleton = new Skeleton(grammar, task.parameters.valueSharing === "on");
    this.#skeleton = skeleton;
    this.#signature = new SkeletonSignature(skeleton);
    const cases = orderedCases(task);
    this.#farOff = largestOutput(cases.expected, cases.weights);
    this.#squares = new LeastSquaresFit(skeleton, fittedCases(cases));
    this.#constant = bestConstant(cases, task.measured?.reduction.reduction === "largest");
    const isLargest = task.measured?.reduction.reduction === "largest" && task.inputs.length === 1;
    this.#refinement = isLargest
      ? new MinimaxRefinement(task, skeleton, cases, this.#squares.machine, isSingle)
      : null;
    this.#singles = isSingle && isLargest ? new SingleRounding(task) : null;
    this.#standing = new Standing(task);
    this.#descriptor = new Float64Array(task.axes.length);
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
    if (!skeleton.read(program)) return this.#withoutOperations(program);
    if (skeleton.constantCount > MAXIMUM_FITTED) return program;
    if (skeleton.count > this.#maximumOperations) return null;
    if (this.#task.parameters.skeletonCache === "on" && !this.#isWanted(visits)) return null;
    if (skeleton.constantCount === 0) return skeleton.write();
    // Doubles are near enough to begin with.
    skeleton.remainders.fill(0, 0, skeleton.constantCount);
    const best = this.#standing.best(skeleton.count);
    const goal = Number.isFinite(best) ? this.#errorOf(best) : this.#farOff;
    const cell = this.#cellOf(skeleton.write());
    const elite = cell < 0 ? undefined : archive.elite(cell);
    const bar = elite === undefined ? Number.POSITIVE_INFINITY : this.#errorOf(elite.fitness);
    const { parameters } = this.#task;
    if (parameters.constantFitting === "derivatives") this.#squares.descend(goal, parent, stream);
    else this.#squares.descendWithoutDerivatives(parameters.constantFitting === "cma-es", stream);
    const isRefined = this.#refinement?.refine(goal, bar) === true;
    if (!skeleton.isFinite()) return null;
    if (isOfSingles(this.#task.grammar)) {
      const real = skeleton.write();
      const single =
        isRefined && this.#singles !== null && this.#refinement !== null
          ? this.#singles.round(real, this.#refinement.dense, bar)
          : { tokens: real.tokens, constants: real.constants.map(Math.fround) };
      // What is a double may be too large for a single.
      return single.constants.every(Number.isFinite) ? single : null;
    }
    const fitted = skeleton.write();
    if (programSize(fitted) <= parameters.maximumSize) return fitted;
    skeleton.remainders.fill(0, 0, skeleton.constantCount);
    const single = skeleton.write();
    return programSize(single) <= parameters.maximumSize ? single : null;
  }

  /** A program that computes nothing from its arguments: itself, or the best constant where it is one. */
  #withoutOperations(program: Program): Program {
    const { grammar } = this.#task;
    const { tokens } = program;
    if (tokens.length !== 1 || grammar.isConstant[tokens[0] as number] !== 1) return program;
    const constant = isOfSingles(grammar) ? Math.fround(this.#constant) : this.#constant;
    return { tokens, constants: Float64Array.of(constant) };
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
}
