import { DerivativeMachine, type DescentLimits } from "../../dsl/index.ts";
import { largestOf } from "../precise-differences.ts";
import { preciseBelow } from "../precise-error.ts";
import type { Task } from "../task.ts";
import { MAXIMUM_FITTED } from "./least-squares-fit.ts";
import { LevenbergMarquardt } from "./levenberg-marquardt.ts";
import { minimaxExchange } from "./minimax-exchange.ts";
import { descendPrecisely, PreciseResiduals } from "./precise-residuals.ts";
import { referenceSigns } from "./reference-signs.ts";
import { type CaseColumns, fittedCases, someCases } from "./sampled-cases.ts";
import type { Skeleton } from "./skeleton.ts";

const polished: DescentLimits = { maximumSteps: 200, patienceSteps: 8 };
/** Cases of programs over singles that are seen before constants are rounded: rounding needs many, smooth errors do not. */
const DENSE_CASES_OF_SINGLES = 400;
/** How far behind its cell's elite, or the best, the largest error of a fit may be to be refined. */
const REFINED_OF_CELL = 10;
const REFINED_OF_BEST = 30;

/** From a fit by least squares to the smallest largest error, in double-double arithmetic where doubles say too little. */
export class MinimaxRefinement {
  readonly #skeleton: Skeleton;
  /** The cases that least squares were fitted on. */
  readonly #fitted: DerivativeMachine;
  /** All cases, or many, in ascending order of the argument. */
  readonly dense: DerivativeMachine;
  readonly #precise: PreciseResiduals | null;
  readonly #preciseFitted: PreciseResiduals | null;
  readonly #preciseDescent: LevenbergMarquardt;
  readonly #preciseBelow: number;
  /** Factors of errors where extremes are sought: of all cases, and of the dense ones. */
  readonly #preciseSigns: readonly Float64Array[];
  readonly #signs: readonly Float64Array[];
  readonly #hasDerivatives: boolean;
  readonly #isDouble: boolean;

  /** @param fitted has the cases of `fittedCases` */
  constructor(
    task: Task,
    skeleton: Skeleton,
    cases: CaseColumns,
    fitted: DerivativeMachine,
    isSingle: boolean,
  ) {
    this.#skeleton = skeleton;
    this.#fitted = fitted;
    const { constantFitting, constantPrecision } = task.parameters;
    this.#hasDerivatives = constantFitting === "derivatives";
    this.#isDouble = constantPrecision === "double";
    const many = someCases(cases, isSingle ? DENSE_CASES_OF_SINGLES : task.caseCount);
    this.dense = new DerivativeMachine(
      skeleton.grammar,
      many.inputs.map((column) => Array.from(column)),
      Array.from(many.expected),
      { weights: Array.from(many.weights), maximumConstants: MAXIMUM_FITTED },
    );
    this.#signs = referenceSigns(many);
    this.#preciseSigns = referenceSigns(cases);
    this.#preciseBelow = preciseBelow(cases.expected, cases.weights);
    const isPrecise = task.remainders !== null && !isSingle && skeleton.hasSums;
    const some = fittedCases(cases);
    this.#precise = isPrecise ? new PreciseResiduals(skeleton, cases) : null;
    this.#preciseFitted = isPrecise ? new PreciseResiduals(skeleton, some) : null;
    this.#preciseDescent = new LevenbergMarquardt(some.expected.length, MAXIMUM_FITTED);
  }

  /**
   * Lowers the largest error of the skeleton's constants where that promises to be of use.
   * @param goal the error of the best program known of that cost
   * @param bar the error of its cell's elite
   * @returns whether it does
   */
  refine(goal: number, bar: number): boolean {
    const skeleton = this.#skeleton;
    const { dense } = this;
    const { constantCount } = skeleton;
    const constants = skeleton.constants.slice(0, constantCount);
    const program = skeleton.write();
    dense.prepare(program);
    let error = largestOf(dense.residuals(constants));
    if (!(error < REFINED_OF_CELL * bar || error < REFINED_OF_BEST * goal)) return false;
    const before = constants.slice();
    const isTiny = error < this.#preciseBelow && this.#precise !== null;
    if (this.#hasDerivatives && !isTiny) {
      this.#fitted.prepare(program);
      this.#fitted.descend(constants, polished);
      const polishedError = largestOf(dense.residuals(constants));
      if (polishedError < error) error = polishedError;
      else constants.set(before);
    }
    const remainders = new Float64Array(constantCount);
    if (!isTiny)
      for (const signs of this.#signs)
        error = minimaxExchange(dense, (at) => dense.residuals(at), signs, constants, remainders, false);
    if (error < this.#preciseBelow && this.#precise !== null && this.#preciseFitted !== null) {
      const began = constants.slice();
      const beganAt = largestOf(this.#precise.at(began, remainders));
      this.#fitted.prepare(program);
      descendPrecisely(this.#preciseDescent, this.#preciseFitted, this.#fitted, constants, remainders);
      let reached = beganAt;
      for (const signs of this.#preciseSigns)
        reached = minimaxExchange(dense, this.#precise.at, signs, constants, remainders, true);
      if (!(reached < beganAt)) {
        constants.set(began);
        remainders.fill(0);
      }
      if (this.#isDouble) remainders.fill(0);
    }
    skeleton.constants.set(constants);
    skeleton.remainders.set(remainders);
    return true;
  }
}
