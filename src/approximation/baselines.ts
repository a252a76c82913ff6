import {
  arithmetic,
  compileGrammar,
  fn,
  InputError,
  parseProgram,
  printProgram,
  programOperations,
  real,
} from "../../dsl/index.ts";
import { type BaselineMethod, baselineMethods, type Candidate } from "./candidate.ts";
import { chebyshevPoints } from "./chebyshev-points.ts";
import { fractionFormula, NEGLIGIBLE, programText, quotientFormula } from "./formula.ts";
import { comparedPoints, ErrorMeasure } from "./measured-error.ts";
import { minimaxCandidates } from "./minimax-candidates.ts";
import { seriesCandidates } from "./series-candidates.ts";
import { reductionsOf } from "./symmetry.ts";
import type { Target } from "./target.ts";

/** A classical approximation of a target, as a program, measured as that program. */
export interface Baseline {
  readonly method: BaselineMethod;
  /** Operations that depend on x; arithmetic on constants is free, and a shared value counts once. */
  readonly operations: number;
  /** The largest error, in the target's kind; constants are rounded to doubles, nothing else is. */
  readonly error: number;
  /** Of the arithmetic language with constants, in `x`. */
  readonly program: string;
}

const POINTS = 2001;
const MAXIMUM_OPERATIONS = 16;
/** More operations are worth telling where they make the error less than this part of what fewer reach. */
const IMPROVEMENT = 0.99;
/** Constants of continued fractions that symmetry makes 0 come out below this part of the radius. */
const SYMMETRIC = 1e-9;

/**
 * What classical methods reach with so many operations + − × ÷: for each method the best program of each number of operations,
 * where it is better than its smaller ones, than a constant and than x. Where a method fails, as where an approximation has poles, there is none.
 * @param maximumOperations from 1 to 16
 * @returns by method, then by operations
 * @throws InputError for another number, and where the target has no values on its interval
 */
export function baselines(target: Target, maximumOperations: number): readonly Baseline[] {
  if (
    !(
      Number.isInteger(maximumOperations) &&
      maximumOperations >= 1 &&
      maximumOperations <= MAXIMUM_OPERATIONS
    )
  )
    throw new InputError(
      `maximumOperations must be a whole number from 1 to ${MAXIMUM_OPERATIONS}; got ${maximumOperations}.`,
    );
  const grammar = compileGrammar(arithmetic({ constants: true }), fn({ x: real }, real));
  const compared = comparedPoints(target, chebyshevPoints(target.from, target.to, POINTS));
  const measure = new ErrorMeasure(grammar, compared);
  const reductions = reductionsOf(target, compared);
  let freeError = Number.POSITIVE_INFINITY;
  const best = new Map<string, Baseline>();

  const consider = (candidate: Candidate): void => {
    for (const text of textsOf(candidate)) {
      const program = parseProgram(grammar, text);
      const operations = programOperations(grammar, program);
      if (operations > maximumOperations) continue;
      const error = measure.largest(program);
      // A constant, or x itself.
      if (operations === 0) freeError = Math.min(freeError, error);
      const { method } = candidate;
      const key = `${method} ${operations}`;
      if (error < (best.get(key)?.error ?? Number.POSITIVE_INFINITY))
        best.set(key, { method, operations, error, program: printProgram(grammar, program) });
    }
  };
  for (const candidate of seriesCandidates(target, compared, reductions, maximumOperations))
    consider(candidate);
  for (const candidate of minimaxCandidates(compared, reductions, maximumOperations)) consider(candidate);
  return baselineMethods.flatMap((method) => {
    let least = freeError;
    return Array.from({ length: maximumOperations }, (_, k) => best.get(`${method} ${k + 1}`)).filter(
      (baseline): baseline is Baseline => {
        if (baseline === undefined || !(baseline.error < least * IMPROVEMENT)) return false;
        least = baseline.error;
        return true;
      },
    );
  });
}

/** Programs of a candidate: in its variable, and about its centre, where rounding constants loses least, for an operation more. */
function textsOf({ reduction, squarings, rational, asFraction }: Candidate): ReadonlySet<string> {
  const texts = new Set<string>();
  for (const shift of [0, rational.centre]) {
    const formulas = asFraction
      ? [NEGLIGIBLE, SYMMETRIC].map((negligible) => fractionFormula(rational, shift, negligible))
      : [quotientFormula(rational, shift)];
    for (const formula of formulas) {
      const text = formula === null ? null : programText(reduction, squarings, shift, formula);
      if (text !== null) texts.add(text);
    }
  }
  return texts;
}
