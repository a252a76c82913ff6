import { createMachine, type Grammar, outcomeAt, type Program, realTwin } from "../../dsl/index.ts";
import { pointsOf, targetOf } from "./approximation.ts";
import { type ComparedPoints, comparedPoints, ErrorMeasure } from "./measured-error.ts";
import type { TargetQuestion } from "./question.ts";
import { pointsAsRun } from "./run-points.ts";
import { errorUnit, type Target } from "./target.ts";

/** Points where what is told is measured: more than the search looks at. */
export const REPORTED_POINTS = 10_001;

/** At 0, which is approached by the points, an error may be this much larger than theirs. */
const ROOM = 1.001;

/** How far a program is from the function that it approximates, as people are told. */
export interface ReportedError {
  /** How many points were compared, 0 not counted where it is an end; between them errors may be a little larger. */
  readonly points: number;
  /** The same for the error as run: between them, rounding may make more. */
  readonly pointsAsRun: number;
  /** The largest error of the program as it stands, in double-double arithmetic. */
  readonly exact: number;
  /** The largest error of the program as a machine carries it out, every operation rounded. */
  readonly asRun: number;
  /** Where 0 is an end of the interval: whether the program is as near there as elsewhere; the errors include it then. */
  readonly zero: "included" | "excluded" | null;
}

/**
 * Measures a program of one real on the whole interval of a question.
 * @throws InputError where the grammar is not one of reals, or the target has no values there
 */
export function reportedError(grammar: Grammar, program: Program, question: TargetQuestion): ReportedError {
  const target = targetOf(question);
  const compared = comparedPoints(target, pointsOf(question, REPORTED_POINTS));
  const run = pointsAsRun(question);
  const counts = { points: compared.points.length, pointsAsRun: run.points.length };
  const [exact, atCompared] = largestErrors(grammar, program, compared);
  const asRun = Math.max(atCompared, largestErrorAsRun(grammar, program, run));
  if (question.from !== 0 && question.to !== 0) return { ...counts, exact, asRun, zero: null };
  const atZero = errorsAtZero(grammar, program, target);
  return atZero !== null && atZero[0] <= ROOM * exact && atZero[1] <= ROOM * asRun
    ? { ...counts, exact: Math.max(exact, atZero[0]), asRun: Math.max(asRun, atZero[1]), zero: "included" }
    : { ...counts, exact, asRun, zero: "excluded" };
}

type Errors = readonly [exact: number, asRun: number];

const largestErrors = (grammar: Grammar, program: Program, compared: ComparedPoints): Errors => [
  new ErrorMeasure(inReals(grammar), compared).largest(program),
  largestErrorAsRun(grammar, program, compared),
];

/** A grammar of singles as one of reals. */
const inReals = (grammar: Grammar): Grammar =>
  grammar.types.every(({ kind }) => kind === "real") ? grammar : realTwin(grammar);

/**
 * The largest error of programs on the whole interval, as it is told: in double-double arithmetic, but of singles as they run, since their
 * rounding is most of it.
 * @param singles of `pointsAsRun`, where they are known
 */
export function errorMeasureOf(
  grammar: Grammar,
  question: TargetQuestion,
  singles: ComparedPoints | null = null,
): {
  /** How many points are compared. */
  readonly points: number;
  readonly largest: (program: Program) => number;
} {
  if (question.precision === "f32") {
    const compared = singles ?? pointsAsRun(question);
    return { points: compared.points.length, largest: errorsAsRun(grammar, compared) };
  }
  const compared = comparedPoints(targetOf(question), pointsOf(question, REPORTED_POINTS));
  const points = compared.points.length;
  const measure = new ErrorMeasure(grammar, compared);
  return { points, largest: (program) => measure.largest(program) };
}

/** Null where there is nothing to compare with; where errors mean nothing, 0 for a program that gives what the target does. */
function errorsAtZero(grammar: Grammar, program: Program, target: Target): Errors | null {
  const points = Float64Array.of(0);
  const values = target.evaluate(points);
  const value = values.high[0] as number;
  if (!Number.isFinite(value)) return null;
  const unit = errorUnit(target, value);
  if (unit > 0) return largestErrors(grammar, program, { points, values, units: Float64Array.of(unit) });
  const differences = largestErrors(grammar, program, { points, values, units: Float64Array.of(1) });
  return differences.every((difference) => difference === 0) ? differences : null;
}

const largestErrorAsRun = (grammar: Grammar, program: Program, compared: ComparedPoints): number =>
  errorsAsRun(grammar, compared)(program);

/** The largest errors of what programs give as they run; infinite where one has no value at one of the points. */
function errorsAsRun(
  grammar: Grammar,
  { points, values, units }: ComparedPoints,
): (program: Program) => number {
  const machine = createMachine(grammar, [Array.from(points)], points.length);
  return (program) => {
    const column = machine.run(program);
    let largest = 0;
    for (let i = 0; i < points.length; i++) {
      const value = outcomeAt(grammar, column, i) as number;
      const error =
        Math.abs(value - (values.high[i] as number) - (values.low[i] as number)) / (units[i] as number);
      if (!(error <= largest)) {
        if (Number.isNaN(error)) return Number.POSITIVE_INFINITY;
        largest = error;
      }
    }
    return largest;
  };
}
