import pc from "picocolors";
import { printable } from "./printable.ts";
import {
  type Archive,
  type Baseline,
  baselines,
  type CompleteQuestion,
  arithmetic,
  compileGrammar,
  costOf,
  errorMeasureOf,
  float32,
  fn,
  frontPicture,
  paretoFront,
  parseProgram,
  printProgram,
  programOperations,
  REPORTED_POINTS,
  type Task,
  targetOf,
} from "../index.ts";

/** Baselines are worked out up to here. */
const MOST_BASELINE_OPERATIONS = 16;
const PROGRAM_WIDTH = 96;

/** A program of the front, measured again. */
export interface FoundApproximation {
  readonly operations: number;
  readonly error: number;
  readonly program: string;
}

/** What a search for approximations has found, beside what is known from books. */
export interface ApproximationReport {
  readonly question: CompleteQuestion;
  readonly found: readonly FoundApproximation[];
  readonly baselines: readonly Baseline[];
}

/** Measures the front again, on more points, in double-double arithmetic. */
export function approximationReport(
  task: Pick<Task, "grammar" | "axes">,
  question: CompleteQuestion,
  archive: Archive,
): ApproximationReport {
  const target = targetOf(question);
  const errorOf = errorMeasureOf(task.grammar, question);
  const found: FoundApproximation[] = [];
  for (const { program } of paretoFront(archive, costOf(task.axes))) {
    const error = errorOf(program);
    if (!(error < (found.at(-1)?.error ?? Number.POSITIVE_INFINITY))) continue;
    found.push({
      operations: programOperations(task.grammar, program),
      error,
      program: printProgram(task.grammar, program),
    });
  }
  return {
    question,
    found,
    baselines: measuredBaselines(
      baselines(target, Math.min(question.maximumOperations, MOST_BASELINE_OPERATIONS)),
      question,
    ),
  };
}

/** Over singles, baselines are measured as they run there, too. */
function measuredBaselines(known: readonly Baseline[], question: CompleteQuestion): readonly Baseline[] {
  if (question.precision === "f64") return known;
  const grammar = compileGrammar(
    arithmetic({ precision: "f32", constants: true }),
    fn({ x: float32 }, float32),
  );
  const errorOf = errorMeasureOf(grammar, question);
  return known.map((baseline) => {
    const program = parseProgram(grammar, singleConstants(baseline.program));
    return { ...baseline, error: errorOf(program) };
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

const shown = (error: number): string => error.toExponential(2);

/** How many times smaller an error is than another; nothing where that is no number. */
const ratioText = (other: number, error: number): string =>
  other === error ? "1.00×" : error === 0 ? "" : `${(other / error).toPrecision(3)}×`;

/** The table that people read. */
export function approximationLines({ question, found, baselines: known }: ApproximationReport): string[] {
  const { from, to, error } = question;
  const target = printable(question.target);
  const rows = found.map(({ operations, error: size, program }) => {
    const best = bestBaseline(known, operations);
    const ratio = best === undefined ? "" : ratioText(best.error, size);
    const text = program.length > PROGRAM_WIDTH ? `${program.slice(0, PROGRAM_WIDTH - 1)}…` : program;
    return [
      String(operations).padStart(10),
      shown(size).padEnd(10),
      (best === undefined ? "" : `${shown(best.error).padEnd(8)}  ${best.method}, ${best.operations}`).padEnd(
        34,
      ),
      ratio.padEnd(8),
      printable(text),
    ].join("  ");
  });
  return [
    pc.bold(
      `${target} from ${from} to ${to}, largest ${error} error at ${REPORTED_POINTS.toLocaleString("en-US")} points`,
    ),
    pc.bold(
      `operations  ${"error".padEnd(10)}  ${"best baseline, its operations".padEnd(34)}  ${"better".padEnd(8)}  program`,
    ),
    ...rows,
  ];
}

/** The same as a picture. */
export function approximationPicture({ question, found, baselines: known }: ApproximationReport): string {
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
