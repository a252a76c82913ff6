import { createMachine, type Grammar, outcomeAt, type Program, realTwin } from "../../dsl/index.ts";
import { pointsOf, targetOf } from "./approximation.ts";
import { type ComparedPoints, comparedPoints, ErrorMeasure } from "./measured-error.ts";
import { DivisorZeros } from "./program-poles.ts";
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
  /** Where 0 is in the interval: whether the program is as near there as elsewhere; the errors include it then. */
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
  const hasPole = poleMeasure(grammar, target, compared)(program);
  const [exact, atCompared] = hasPole
    ? ([Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY] as const)
    : largestErrors(grammar, program, compared);
  const asRun = Math.max(atCompared, asRunMeasure(grammar, run)(program));
  if (question.from > 0 || question.to < 0) return { ...counts, exact, asRun, zero: null };
  if (compared.points.includes(0)) return { ...counts, exact, asRun, zero: "included" };
  const atZero = errorsAtZero(grammar, program, target);
  return atZero !== null && atZero[0] <= ROOM * exact && atZero[1] <= ROOM * asRun
    ? { ...counts, exact: Math.max(exact, atZero[0]), asRun: Math.max(asRun, atZero[1]), zero: "included" }
    : { ...counts, exact, asRun, zero: "excluded" };
}

type Errors = readonly [exact: number, asRun: number];

const largestErrors = (grammar: Grammar, program: Program, compared: ComparedPoints): Errors => [
  new ErrorMeasure(inReals(grammar), compared).largest(program),
  asRunMeasure(grammar, compared)(program),
];

/** A grammar of singles as one of reals. */
const inReals = (grammar: Grammar): Grammar =>
  grammar.types.every(({ kind }) => kind === "real") ? grammar : realTwin(grammar);

/** Measures programs as people are told of them. */
export interface ReportedMeasure {
  /** How many points are compared. */
  readonly points: number;
  /**
   * The largest error of a program on the whole interval, or a bound for those whose error is not below it; infinite where the
   * program has no value as it runs.
   */
  readonly largest: (program: Program, bound?: number) => number;
}

/** Programs that are no better than others show it at every so many points. */
const COARSE_STEP = 40;

/**
 * The largest error of programs on the whole interval, as it is told: in double-double arithmetic, but of singles as they run, since their
 * rounding is most of it.
 */
export function errorMeasureOf(grammar: Grammar, question: TargetQuestion): ReportedMeasure {
  const target = targetOf(question);
  const compared = comparedPoints(target, pointsOf(question, REPORTED_POINTS));
  const isSingle = question.precision === "f32";
  const measureAt = (at: ComparedPoints): ((program: Program) => number) => {
    if (isSingle) return asRunMeasure(grammar, at);
    const measure = new ErrorMeasure(grammar, at);
    return (program) => measure.largest(program);
  };
  const coarse = measureAt(isSingle ? compared : coarsePoints(compared));
  const all = isSingle ? pointsAsRun(question) : compared;
  const whole = measureAt(all);
  const hasValues = valuesAt(grammar, whereValuesAreDue(question, target, compared));
  const hasPole = poleMeasure(grammar, target, compared);
  return {
    points: all.points.length,
    largest: (program, bound = Number.POSITIVE_INFINITY) => {
      if (coarse(program) >= bound) return bound;
      const error = whole(program);
      return error < bound && (!hasValues(program) || hasPole(program)) ? Number.POSITIVE_INFINITY : error;
    },
  };
}

/** How much larger errors are beside a pole than they are at points between which it lies; far less than they are in truth. */
const AT_POLE = 1000;
/** Singles lie so far apart, as a part of themselves. */
const SINGLE = 2 ** -23;

/** Whether programs have poles between points, which those do not show: where a divisor changes sign, and the error is another one. */
function poleMeasure(
  grammar: Grammar,
  target: Target,
  compared: ComparedPoints,
): (program: Program) => boolean {
  // At 0, errors mean other things, and there are points enough beside it.
  const nearZero = (target.to - target.from) * BESIDE_ZERO;
  const zeros = new DivisorZeros(inReals(grammar), compared.points);
  const isSingle = target.precision === "f32";
  return (program) => {
    const found = zeros.of(program);
    const beside = isSingle
      ? Float64Array.from(
          Array.from(found).flatMap((x) => [x, x * (1 - SINGLE), x * (1 + SINGLE)]),
          Math.fround,
        )
      : found;
    const points = beside.filter((x) => target.from <= x && x <= target.to && Math.abs(x) > nearZero);
    const units = target.evaluate(points).high.map((value) => errorUnit(target, value));
    if (!units.some((unit) => unit > 0)) return false;
    const atZeros = asRunMeasure(grammar, comparedPoints(target, points))(program);
    return !(atZeros <= AT_POLE * asRunMeasure(grammar, compared)(program));
  };
}

function coarsePoints({ points, values, units }: ComparedPoints): ComparedPoints {
  const kept = (_: number, i: number): boolean =>
    i % COARSE_STEP === 0 || i === points.length - 1 || Math.abs(points[i] as number) < BESIDE_ZERO;
  const { high, low } = values;
  return {
    points: points.filter(kept),
    values: { high: high.filter(kept), low: low.filter(kept) },
    units: units.filter(kept),
  };
}

/** Points so near to 0 are few. */
const BESIDE_ZERO = 1e-8;

/** Where a program is to have a value: at the points, and at 0 inside the interval also where errors mean nothing. */
function whereValuesAreDue(
  { from, to }: TargetQuestion,
  target: Target,
  { points }: ComparedPoints,
): Float64Array {
  const isDueAtZero =
    from < 0 && 0 < to && !points.includes(0) && Number.isFinite(target.evaluate(Float64Array.of(0)).high[0]);
  return isDueAtZero ? Float64Array.from([...points, 0]) : points;
}

/** Whether programs have values at points as they run. */
function valuesAt(grammar: Grammar, points: Float64Array): (program: Program) => boolean {
  const machine = createMachine(grammar, [Array.from(points)], points.length);
  return (program) => {
    const column = machine.run(program);
    return points.every((_, i) => Number.isFinite(outcomeAt(grammar, column, i) as number));
  };
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

/** The largest error of what programs give as they run; infinite where one has no value at one of the points. */
function asRunMeasure(
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
