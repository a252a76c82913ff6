import pc from "picocolors";
import { javascriptLoop, leastNanoseconds } from "./timed-loop.ts";
import { printable } from "./printable.ts";
import {
  type Baseline,
  baselines,
  type CompleteQuestion,
  arithmetic,
  compileGrammar,
  errorMeasureOf,
  float32,
  exportProgram,
  fn,
  type Grammar,
  frontPicture,
  parseProgram,
  pointsOf,
  real,
  type ReportedFront,
  printProgram,
  targetOf,
} from "../index.ts";
import type { ShownTask } from "./shown-task.ts";

/** Baselines are worked out up to here. */
const MOST_BASELINE_OPERATIONS = 16;
const PROGRAM_WIDTH = 96;

/** A program that is handed out. */
export interface FoundApproximation {
  readonly operations: number;
  readonly error: number;
  readonly program: string;
  /** Of a call as JavaScript, where that was measured; of the best baseline, too, where there is one. */
  readonly nanoseconds?: number;
  readonly baselineNanoseconds?: number | null;
}

/** What a search for approximations has found, beside what is known from books. */
export interface ApproximationReport {
  readonly question: CompleteQuestion;
  /** Where errors were compared: points where a relative error means nothing are left out. */
  readonly points: number;
  readonly found: readonly FoundApproximation[];
  readonly baselines: readonly Baseline[];
}

/** What is handed out, beside what is known. */
export function approximationReport(
  { grammar }: Pick<ShownTask, "grammar">,
  question: CompleteQuestion,
  { points, rows }: ReportedFront,
): ApproximationReport {
  return {
    question,
    points,
    found: rows.map(({ operations, error, program }) => ({
      operations,
      error,
      program: printProgram(grammar, program),
    })),
    baselines: measuredBaselines(
      baselines(
        targetOf(question),
        Math.min(question.maximumOperations, MOST_BASELINE_OPERATIONS),
        question.operations,
      ),
      question,
    ),
  };
}

const TIMED_POINTS = 1024;
const TIMED_REPEATS = 400;
const TIMED_ROUNDS = 7;

/**
 * The report with what a call costs on this machine: nanoseconds of each program and of the best baseline of as many operations, exported
 * as JavaScript, in a loop over 1,024 arguments. The least of seven rounds in turn.
 */
export async function timedReport(
  grammar: Grammar,
  report: ApproximationReport,
): Promise<ApproximationReport> {
  const { question, found, baselines: known } = report;
  const points = pointsOf(question, TIMED_POINTS);
  const full = baselineGrammar(question);
  const loopOf = (of: Grammar, text: string) =>
    javascriptLoop(
      exportProgram(of, parseProgram(of, text), { to: "javascript", name: "f", header: [] }),
      points,
      question.precision,
      TIMED_REPEATS,
    );
  const best = found.map(({ operations }) => bestBaseline(known, operations));
  const loops = await Promise.all([
    ...found.map(({ program }) => loopOf(grammar, program)),
    ...best.map((baseline) =>
      loopOf(full, baseline === undefined ? "0.0" : constantsOf(question, baseline.program)),
    ),
  ]);
  const nanoseconds = leastNanoseconds(loops, TIMED_ROUNDS);
  const timed = found.map(({ operations, error, program }, k) => ({
    operations,
    error,
    program,
    nanoseconds: nanoseconds[k] as number,
    baselineNanoseconds: best[k] === undefined ? null : (nanoseconds[found.length + k] as number),
  }));
  return { ...report, found: timed };
}

/** Baselines have the operations that a question allows, and call their argument x. */
const baselineGrammar = ({ precision, operations }: CompleteQuestion): Grammar => {
  const type = precision === "f32" ? float32 : real;
  return compileGrammar(arithmetic({ precision, operations, constants: true }), fn({ x: type }, type));
};

const constantsOf = ({ precision }: CompleteQuestion, program: string): string =>
  precision === "f32" ? singleConstants(program) : program;

/** Over singles, baselines are measured as they run there, too. */
function measuredBaselines(known: readonly Baseline[], question: CompleteQuestion): readonly Baseline[] {
  if (question.precision !== "f32") return known;
  const grammar = baselineGrammar(question);
  const { largest } = errorMeasureOf(grammar, question);
  return known.map((baseline) => {
    const program = parseProgram(grammar, singleConstants(baseline.program));
    return { ...baseline, error: largest(program) };
  });
}

/** A program's text with its numbers rounded to singles. */
const singleConstants = (text: string): string =>
  text.replaceAll(/(?<=[\s(])-?\d[\w.+-]*/g, (number) => String(Math.fround(Number(number))));

/** The best baseline of at most so many operations. */
function bestBaseline(all: readonly Baseline[], operations: number): Baseline | undefined {
  let best: Baseline | undefined;
  for (const one of all)
    if (one.operations <= operations && one.error < (best?.error ?? Number.POSITIVE_INFINITY)) best = one;
  return best;
}

/** Below this part of a value, errors are those of the arithmetic that measures them: what is as near is exact. */
const EXACT = 1e-28;

/** An error as it is told: 0 where it is no more than rounding in double-double. */
function told(error: number, { error: kind, precision }: CompleteQuestion): number {
  if (precision === "f32") return error;
  return error < (kind === "ulp" ? EXACT * 2 ** 53 : EXACT) ? 0 : error;
}

const shown = (error: number): string => (error === 0 ? "exact" : error.toExponential(2));

/** How many times smaller an error is than another; nothing where one is exact. */
const ratioText = (other: number, error: number): string =>
  other === 0 || error === 0 ? "" : other === error ? "1.00×" : `${(other / error).toPrecision(3)}×`;

const withExact = (report: ApproximationReport): ApproximationReport => {
  const exact = <T extends { readonly error: number }>(one: T): T => ({
    ...one,
    error: told(one.error, report.question),
  });
  return { ...report, found: report.found.map(exact), baselines: report.baselines.map(exact) };
};

/** The table that people read. */
export function approximationLines(report: ApproximationReport): string[] {
  const { question, points, found, baselines: known } = withExact(report);
  const { from, to, error, operations: allowed, precision } = question;
  const target = printable(question.target);
  const isTimed = found.some(({ nanoseconds }) => nanoseconds !== undefined);
  const time = (nanoseconds: number | null | undefined): string =>
    (nanoseconds === undefined || nanoseconds === null ? "" : nanoseconds.toFixed(1)).padEnd(8);
  const noBaseline = known.length === 0 ? "none with these operations" : "";
  const rows = found.map(({ operations, error: size, program, nanoseconds, baselineNanoseconds }) => {
    const best = bestBaseline(known, operations);
    const ratio = best === undefined ? "" : ratioText(best.error, size);
    const text = program.length > PROGRAM_WIDTH ? `${program.slice(0, PROGRAM_WIDTH - 1)}…` : program;
    return [
      String(operations).padStart(10),
      shown(size).padEnd(10),
      (best === undefined
        ? noBaseline
        : `${shown(best.error).padEnd(8)}  ${best.method}, ${best.operations}`
      ).padEnd(34),
      ratio.padEnd(8),
      ...(isTimed ? [time(nanoseconds), time(baselineNanoseconds)] : []),
      printable(text),
    ].join("  ");
  });
  return [
    pc.bold(
      `${target} from ${from} to ${to} with ${allowed.join(" ")}${precision === "f32" ? " in singles" : ""}, largest ${error} error at ${points.toLocaleString("en-US")} points`,
    ),
    pc.bold(
      `operations  ${"error".padEnd(10)}  ${"best baseline, its operations".padEnd(34)}  ${"better".padEnd(8)}  ${isTimed ? "ns        its ns    " : ""}program`,
    ),
    ...rows,
  ];
}

/** The same as a picture. */
export function approximationPicture(report: ApproximationReport): string {
  const { question, found, baselines: known } = withExact(report);
  const { target, from, to, error } = question;
  const methods = [...new Set(known.map(({ method }) => method))];
  return frontPicture({
    title: `${target} from ${from} to ${to}`,
    xLabel: "operations",
    yLabel: `largest ${error} error`,
    series: [
      { name: "found by Illume", points: found, emphasised: true },
      ...methods.map((name) => ({
        name,
        points: known.filter(({ method }) => method === name),
        emphasised: false,
      })),
    ],
  });
}
