import {
  arithmetic,
  compileGrammar,
  excerpt,
  float32,
  fn,
  type Formula,
  type Grammar,
  InputError,
  readFormula,
  real,
} from "../../dsl/index.ts";
import { type Experiment, grid } from "../experiment.ts";
import { scatteredOrder } from "../scattered-order.ts";
import { chebyshevPoints } from "./chebyshev-points.ts";
import { type ComparedPoints, comparedPoints } from "./measured-error.ts";
import { poleOf } from "./pole.ts";
import {
  type ApproximationQuestion,
  type CompleteQuestion,
  completeQuestion,
  type TargetQuestion,
} from "./question.ts";
import type { Target } from "./target.ts";
import { zerosOf } from "./zeros.ts";

/** Points where programs are held against the target: extremes of as many lie so near that they miss a thousandth of an error. */
const POINTS = 600;
/** Rounding makes errors of singles rough: they are looked for at more. */
const POINTS_OF_SINGLES = 3500;
/** Programs side by side for each number of operations. */
const STRUCTURES = 48;
const DEFAULT_BUDGET = 200_000;
/** An end at 0 moves by this share of the interval; where 0 lies inside, there is a point so near on both sides. */
const NEAR_ZERO = 1 / (1 << 30);
/** A zero of the target this near to an end, as a share of the interval, is at the end: pi is no double. */
const AT_END = 1e-12;

/**
 * An experiment that looks for fast approximations: for each number of operations the program with the smallest largest error, its
 * constants fitted (Real et al., "AutoNumerics-Zero", 2023).
 * @throws InputError listing what is wrong with the question
 */
export function approximation(question: ApproximationQuestion): Experiment {
  const complete = completeQuestion(question);
  const { target, operations, maximumOperations, error, precision, constants } = complete;
  const { formula, points, values, units } = sampled(complete);
  return {
    name: question.name ?? nameOf(target),
    question: `Which ${operations.join(" ")} programs are nearest to ${target} from ${complete.from} to ${complete.to}, by ${error} error${precision === "f32" ? ", in singles" : ""}?`,
    ...searchedPrograms(complete, formula),
    cases: Array.from(points, (x, i) => ({
      input: { [formula.argument]: x },
      output: values.high[i] as number,
    })),
    outputRemainders: Array.from(values.low),
    ...(error === "ulp" ? { outputUnits: Array.from(units) } : {}),
    fitness: error === "ulp" ? "-log10 max error in units" : `-log10 max ${error} error`,
    archive: grid({
      operations: [1, maximumOperations],
      structure: { from: 0, to: 1, bins: STRUCTURES },
    }),
    approximates: complete,
    budget: DEFAULT_BUDGET,
    parameters: {
      constantFitting: "derivatives",
      constantPrecision: constants,
      selector: "stratified",
      variation: "graphs",
      extraVariationChance: 0.5,
      maximumSize: 8 * maximumOperations,
      initialCandidates: 20,
      randomShare: 0,
      randomSize: 7,
      islands: 4,
      epochCandidates: 500,
      batchCandidates: 8,
      broodSize: 1,
    },
  };
}

/** Of which language and signature the programs are that a question asks for. */
function searchedPrograms(
  { operations, precision }: CompleteQuestion,
  { argument }: Formula,
): Pick<Experiment, "language" | "program"> {
  const type = precision === "f64" ? real : float32;
  return {
    language: arithmetic({ precision, operations, constants: true }),
    program: fn({ [argument]: type }, type),
  };
}

/** The grammar of the programs that a question asks for. */
export function approximationGrammar(question: CompleteQuestion): Grammar {
  const { language, program } = searchedPrograms(question, readFormula(question.target));
  return compileGrammar(language, program);
}

/** What is wrong with the question that an experiment says it asks: whoever wrote it, its programs are held against it. */
export function problemsOfApproximates({ approximates, program }: Experiment): string[] {
  if (approximates === undefined) return [];
  const [name = "", ...others] = program.argumentNames;
  const isOfOneReal =
    others.length === 0 &&
    [program.argumentTypes[0], program.result].every(
      (type) => type?.kind === "real" || type?.kind === "float32",
    );
  try {
    completeQuestion(approximates);
    const { argument } = readFormula(approximates.target);
    return isOfOneReal && name === argument
      ? []
      : [
          `approximates must be of what programs are given, one real; its argument is ${argument}, theirs ${program.argumentNames.join(", ") || "none"}. Use approximation({ … }) as it is.`,
        ];
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    return error.problems.map((problem) => `approximates: ${problem}`);
  }
}

/** What a question is about, at points; also for others than the search's. */
export function targetOf({
  target,
  from,
  to,
  error,
  precision,
}: TargetQuestion): Target & { readonly formula: Formula } {
  const formula = readFormula(target);
  return { formula, from, to, error, precision, evaluate: (x) => formula.evaluate(x) };
}

/**
 * Points of a question's interval, ends included but for 0, where programs like to divide. Where 0 lies inside, it is a point, too,
 * with one beside it on each side.
 * @param count how many are spread over the interval; at least 2
 */
export function pointsOf(
  { from, to, precision }: Pick<TargetQuestion, "from" | "to" | "precision">,
  count: number,
): Float64Array {
  const near = (to - from) * NEAR_ZERO;
  const spread = chebyshevPoints(from === 0 ? near : from, to === 0 ? -near : to, count);
  const points = isInside(0, from, to)
    ? Float64Array.from([
        ...spread.filter((x) => x < -near),
        ...[-near, 0, near].filter((x) => from <= x && x <= to),
        ...spread.filter((x) => x > near),
      ])
    : spread;
  return precision === "f64" ? points : Float64Array.from(new Set(points.map(Math.fround)));
}

const isInside = (x: number, from: number, to: number): boolean => from < x && x < to;

/** In an order in which each part of the interval comes soon: what is far off is given up early. */
function scattered<T extends ComparedPoints>(compared: T): T {
  const { points, values, units } = compared;
  const order = scatteredOrder(points.length);
  const column = (of: Float64Array): Float64Array => Float64Array.from(order, (i) => of[i] as number);
  return {
    ...compared,
    points: column(points),
    values: { high: column(values.high), low: column(values.low) },
    units: column(units),
  };
}

function sampled(question: CompleteQuestion) {
  const target = targetOf(question);
  // Not 0 itself: continued fractions pass through infinity there, where derivatives are lost. What is told looks at it.
  const points = pointsOf(question, question.precision === "f64" ? POINTS : POINTS_OF_SINGLES).filter(
    (x) => x !== 0,
  );
  const { high } = target.evaluate(points);
  const at = high.findIndex((value) => !Number.isFinite(value));
  const interval = `the interval from ${question.from} to ${question.to}`;
  if (at >= 0)
    throw new InputError(
      `approximation, target must be finite on ${interval}; ${excerpt(question.target)} is ${high[at]} at ${target.formula.argument} = ${points[at]}. Choose another interval.`,
    );
  // At 0 the target may be undefined, as sin(x)/x is, but have no pole.
  const [zero] = question.from <= 0 && question.to >= 0 ? target.evaluate(Float64Array.of(0)).high : [0];
  if (Math.abs(zero as number) === Number.POSITIVE_INFINITY)
    throw new InputError(
      `approximation, target must be finite on ${interval}; ${excerpt(question.target)} is ${zero} at ${target.formula.argument} = 0. Choose another interval.`,
    );
  const pole = poleOf(target, points, high);
  if (pole !== null)
    throw new InputError(
      `approximation, target must be finite on ${interval}; ${excerpt(question.target)} grows without bound near ${target.formula.argument} = ${Number(pole.toPrecision(6))}. Choose another interval.`,
    );
  if (high.every((value) => value === high[0]))
    throw new InputError(
      `approximation, target must depend on ${target.formula.argument}; ${excerpt(question.target)} is ${high[0]} on ${interval}. A constant needs no program.`,
    );
  checkSizes(question, points, high, target.formula.argument, interval);
  checkZeros(question, target, points, high);
  const compared = { formula: target.formula, ...comparedPoints(target, points) };
  return question.precision === "f64" ? compared : scattered(compared);
}

/**
 * Beside a zero, errors relative to the target's size grow without bound, unless programs vanish where it does: at 0 they can, with x as
 * a factor.
 * @throws InputError where there is such a zero
 */
function checkZeros(
  { target, from, to, error }: CompleteQuestion,
  { formula, ...rest }: Target & { readonly formula: Formula },
  points: Float64Array,
  values: Float64Array,
): void {
  if (error === "absolute") return;
  const margin = (to - from) * AT_END;
  for (const zero of zerosOf(rest, points, values)) {
    if (Math.abs(zero) <= margin || !isInside(zero, from + margin, to - margin)) continue;
    const { argument } = formula;
    const at = Number(zero.toPrecision(6));
    throw new InputError(
      `approximation, target must have no zero inside the interval from ${from} to ${to} for ${error} errors, which grow without bound beside it; ${excerpt(target)} is 0 at ${argument} = ${at}. Choose error absolute (--error absolute), or an interval that ends at ${at}.`,
    );
  }
}

/** Below this size, numbers have fewer digits. */
const LEAST_SIZE = 1e-290;

/** @throws InputError where values are too large for singles, or relative errors mean nothing on a stretch */
function checkSizes(
  { target, error, precision }: CompleteQuestion,
  points: Float64Array,
  values: Float64Array,
  argument: string,
  interval: string,
): void {
  const text = excerpt(target);
  const large = precision === "f32" ? values.findIndex((value) => !Number.isFinite(Math.fround(value))) : -1;
  if (large >= 0)
    throw new InputError(
      `approximation, target must be finite as a single on ${interval}; ${text} is ${values[large]} at ${argument} = ${points[large]}. Choose another interval, or precision f64.`,
    );
  if (error === "absolute") return;
  const small = values.findIndex(
    (value, i) =>
      Math.abs(value) < LEAST_SIZE && (value !== 0 || (i + 1 < values.length && values[i + 1] === 0)),
  );
  if (small >= 0)
    throw new InputError(
      `approximation, target must have a size to measure ${error} errors by on ${interval}; ${text} is ${values[small]} at ${argument} = ${points[small]} and beside it. Choose error absolute.`,
    );
}

/** A name that goes into that of a folder: "2^x" gives approximate-2-x. */
function nameOf(target: string): string {
  const words = target
    .replaceAll(/[^A-Za-z0-9.]+/g, "-")
    .replaceAll(/^[-.]+|[-.]+$/g, "")
    .slice(0, 40);
  return words === "" ? "approximate" : `approximate-${words}`;
}
