import { type Grammar, type Program, programOperations } from "../../dsl/index.ts";
import type { Archive } from "../archive/archive.ts";
import type { Individual } from "../individual.ts";
import type { TargetQuestion } from "./question.ts";
import { errorMeasureOf } from "./reported-error.ts";

/** The nearest program of so many operations. */
export interface ReportedRow {
  readonly elite: Individual;
  /** What people are given of it. */
  readonly program: Program;
  readonly operations: number;
  /** The largest error, as people are told. */
  readonly error: number;
}

/** What a search for approximations hands out. */
export interface ReportedFront {
  /** Where errors were compared: points where a relative error means nothing are left out. */
  readonly points: number;
  /** By operations; errors are finite, and each is smaller than those before it by more than a trifle. */
  readonly rows: readonly ReportedRow[];
}

/** More operations are worth telling where they make the error less than this part of what fewer reach. */
const IMPROVEMENT = 0.999;

/**
 * For each number of operations the elite with the smallest error that people are told, where no fewer operations reach it. The archive
 * judges at fewer points, where a program with a pole between them may be the fittest: so all elites are asked.
 */
export function reportedFront(
  { grammar, answer }: { readonly grammar: Grammar; readonly answer: (program: Program) => Program },
  question: TargetQuestion,
  archive: Archive,
): ReportedFront {
  const { points, largest } = errorMeasureOf(grammar, question);
  const candidates = archive.filledCells.map((cell) => {
    const elite = archive.elite(cell) as Individual;
    const program = answer(elite.program);
    return { elite, program, operations: programOperations(grammar, program) };
  });
  candidates.sort(
    (a, b) => a.operations - b.operations || b.elite.fitness - a.elite.fitness || a.elite.size - b.elite.size,
  );
  const rows: ReportedRow[] = [];
  for (const candidate of candidates) {
    const { error: least, operations } = rows.at(-1) ?? { error: Number.POSITIVE_INFINITY, operations: -1 };
    const isSameRow = operations === candidate.operations;
    const bound = isSameRow ? least : least * IMPROVEMENT;
    const error = largest(candidate.program, bound);
    if (!(error < bound)) continue;
    if (isSameRow) rows.pop();
    rows.push({ ...candidate, error });
  }
  return { points, rows };
}
