import {
  arithmetic,
  type ArithmeticOperation,
  compileGrammar,
  fn,
  InputError,
  parseProgram,
  type Program,
  printProgram,
  programOperations,
  real,
} from "../../dsl/index.ts";
import { allowedText } from "./allowed-text.ts";
import { type BaselineMethod, baselineMethods, type Candidate } from "./candidate.ts";
import { chebyshevPoints } from "./chebyshev-points.ts";
import { fractionFormula, NEGLIGIBLE, programText, quotientFormula } from "./formula.ts";
import { type ComparedPoints, comparedPoints, ErrorMeasure } from "./measured-error.ts";
import { minimaxCandidates } from "./minimax-candidates.ts";
import { newtonSteps, type StepSamples } from "./newton-steps.ts";
import { pair } from "./pair.ts";
import { multiplied } from "./polynomial.ts";
import { powerLawOf } from "./power-law.ts";
import type { Reduction } from "./reduction.ts";
import { seriesCandidates } from "./series-candidates.ts";
import { onBothSides, reductionsOf } from "./symmetry.ts";
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

/** Methods whose programs Newton's steps begin with. */
const startMethods: ReadonlySet<BaselineMethod> = new Set([
  "minimax polynomial",
  "rational minimax",
  "continued fraction",
]);
/** Newton's steps converge from there. */
const MAXIMUM_START_ERROR = 0.5;
/** They take as many operations, at least. */
const LEAST_STEP = 3;
/** Their scales are found at every so manyth point. */
const STEP = 8;

/**
 * What classical methods reach with so many operations: for each method the best program of each number of operations,
 * where it is better than its smaller ones, than a constant and than x. Where a method fails, as where an approximation has poles or needs an
 * operation that is not allowed, there is none.
 * @param maximumOperations from 1 to 16
 * @param operations that programs may use
 * @returns by method, then by operations
 * @throws InputError for another number, and where the target has no values on its interval
 */
export function baselines(
  target: Target,
  maximumOperations: number,
  operations: readonly ArithmeticOperation[] = FOUR,
): readonly Baseline[] {
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
  const allowed: ReadonlySet<string> = new Set(operations);
  const grammar = compileGrammar(
    arithmetic({ operations: [...FOUR, "neg", "square", "inverse"], constants: true }),
    fn({ x: real }, real),
  );
  const compared = comparedPoints(target, chebyshevPoints(target.from, target.to, POINTS));
  const measure = new ErrorMeasure(grammar, compared);
  const reductions = reductionsOf(target, compared);
  let freeError = Number.POSITIVE_INFINITY;
  const best = new Map<string, Baseline>();
  /** By operations of the program, as many as they are before it is written with those that are allowed. */
  const starts = new Map<number, Start>();

  const considerText = (method: BaselineMethod, text: string): void => {
    const written = allowedText(text, allowed);
    if (written === null) return;
    const program = parseProgram(grammar, written);
    const count = programOperations(grammar, program);
    if (count > maximumOperations) return;
    const error = measure.largest(program);
    // A constant, or x itself.
    if (count === 0) freeError = Math.min(freeError, error);
    const key = `${method} ${count}`;
    if (error < (best.get(key)?.error ?? Number.POSITIVE_INFINITY))
      best.set(key, { method, operations: count, error, program: printProgram(grammar, program) });
  };
  const law = powerLawOf(compared);
  const consider = (candidate: Candidate): void => {
    for (const [variant, text] of textsOf(candidate).entries()) {
      if (text === null) continue;
      considerText(candidate.method, text);
      if (law === null || !startMethods.has(candidate.method) || allowedText(text, allowed) === null)
        continue;
      const program = parseProgram(grammar, text);
      const error = measure.largest(program);
      const count = programOperations(grammar, program);
      if (count === 0 || count + LEAST_STEP > maximumOperations) continue;
      if (error < (starts.get(count)?.error ?? Number.POSITIVE_INFINITY))
        starts.set(count, { candidate, variant, error, program });
    }
  };
  const considerOn = (of: Target, at: ComparedPoints, reduced: readonly Reduction[]): void => {
    for (const candidate of seriesCandidates(of, at, reduced, maximumOperations)) consider(candidate);
    for (const candidate of minimaxCandidates(at, reduced, maximumOperations)) consider(candidate);
  };
  considerOn(target, compared, reductions);
  const mirror = onBothSides(target, reductions);
  if (mirror !== null) {
    const both = comparedPoints(mirror, chebyshevPoints(mirror.from, mirror.to, POINTS));
    considerOn(mirror, both, reductionsOf(mirror, both));
  }
  if (law !== null)
    for (const { candidate, variant, program } of starts.values()) {
      const samples = stepSamples(measure.ratios(program, STEP), compared);
      if (samples === null) continue;
      for (const { start, definitions, term } of newtonSteps(law, samples)) {
        const numerator = multiplied(candidate.rational.numerator, pair(start));
        const scaled = { ...candidate, rational: { ...candidate.rational, numerator } };
        const first = textsOf(scaled)[variant] ?? null;
        if (first !== null) considerText("Newton", `(let ((u0 ${first}) ${definitions.join(" ")}) ${term})`);
      }
    }
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

const FOUR: readonly ArithmeticOperation[] = ["+", "-", "*", "/"];

/** A program that Newton's steps may begin with. */
interface Start {
  readonly candidate: Candidate;
  /** Which of its programs. */
  readonly variant: number;
  readonly error: number;
  readonly program: Program;
}

/** Null where steps would not converge. */
function stepSamples(ratios: Float64Array, { values, units }: ComparedPoints): StepSamples | null {
  if (!ratios.every((ratio) => Math.abs(ratio - 1) < MAXIMUM_START_ERROR)) return null;
  const weights = ratios.map(
    (_, k) => Math.abs(values.high[k * STEP] as number) / (units[k * STEP] as number),
  );
  return { ratios, weights };
}

/** Programs of a candidate: in its variable, and about its centre, where rounding constants loses least, for an operation more. */
function textsOf({ reduction, squarings, rational, asFraction }: Candidate): readonly (string | null)[] {
  return [0, rational.centre].flatMap((shift) => {
    const formulas = asFraction
      ? [NEGLIGIBLE, SYMMETRIC].map((negligible) => fractionFormula(rational, shift, negligible))
      : [quotientFormula(rational, shift)];
    return formulas.map((formula) =>
      formula === null ? null : programText(reduction, squarings, shift, formula),
    );
  });
}
