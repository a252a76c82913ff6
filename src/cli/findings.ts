import {
  type Archive,
  championOf,
  type CompleteQuestion,
  errorMeasureOf,
  type Grammar,
  type Individual,
  InputError,
  type ReportedFront,
  reportedFront,
} from "../index.ts";
import { fittestOfOperations } from "./elite-choice.ts";
import type { ShownTask } from "./shown-task.ts";

/** What people are handed of what a run has found. */
export interface Findings {
  /** The function that programs approximate, and the nearest ones as people are told; null for other runs. */
  readonly question: CompleteQuestion | null;
  readonly front: ReportedFront | null;
  /** The answer: of approximations the nearest one. */
  readonly champion: Individual | undefined;
  /** @throws InputError where no program of so many operations is handed out */
  readonly ofOperations: (operations: number) => Individual;
  /** The largest error of an elite that approximates a function, as people are told. */
  readonly errorOf: (elite: Individual) => number;
}

/** Chooses what is handed out: of approximations by the errors that people are told, of others by fitness. */
export function findingsOf(task: ShownTask, archive: Archive): Findings {
  const { approximates: question, answer } = task;
  if (question === null)
    return {
      question,
      front: null,
      champion: championOf(archive, task.target),
      ofOperations: (operations) => fittestOfOperations(task, archive, operations),
      errorOf: () => Number.NaN,
    };
  // A task that tells its question has the whole grammar.
  const grammar = task.grammar as Grammar;
  const front = reportedFront({ grammar, answer }, question, archive);
  return {
    question,
    front,
    // Where none has an error that is finite, the one that the search takes for the best is told with that.
    champion: front.rows.at(-1)?.elite ?? championOf(archive, task.target),
    ofOperations: (operations) => rowOf(front, operations),
    errorOf: (elite) =>
      front.rows.find((row) => row.elite === elite)?.error ??
      errorMeasureOf(grammar, question).largest(answer(elite.program)),
  };
}

function rowOf({ rows }: ReportedFront, operations: number): Individual {
  const row = rows.find((one) => one.operations === operations);
  if (row !== undefined) return row.elite;
  if (rows.length === 0)
    throw new InputError(
      "--operations must be those of a program that was found; nothing with a finite error is found yet.",
    );
  const fewer = rows.findLast((one) => one.operations < operations);
  throw new InputError(
    `--operations must be those of a program in the table: ${rows.map((one) => one.operations).join(", ")}; got ${operations}. ${
      fewer === undefined
        ? `The fewest are --operations ${rows[0]?.operations}.`
        : `Fewer do better: no program of ${operations} that was found is nearer than that of --operations ${fewer.operations}.`
    }`,
  );
}

/** An error as people read it. */
export const errorText = (error: number): string =>
  Number.isFinite(error) ? error.toExponential(2) : "infinite";
