import { count, counted, type ProgramSearch } from "../index.ts";
import { printable } from "./printable.ts";
import type { SolveQuestion } from "./solve-question.ts";
import { seconds } from "./solve-search.ts";

const LINE_SECONDS = 5;
const BLOCK_SECONDS = 0.1;
const PROGRAM_WIDTH = 80;

/** Shows how a search goes on. */
export interface SolveProgress {
  readonly update: (question: SolveQuestion, search: ProgramSearch) => void;
  /** A search is over: something else may be written. */
  readonly pause: () => void;
}

/** Progress on standard error: one live line on a terminal, a line every few seconds elsewhere, nothing with --json. */
export async function showSolveProgress(isSilent: boolean): Promise<SolveProgress> {
  if (isSilent) return { update: () => undefined, pause: () => undefined };
  const isTerminal = process.stderr.isTTY === true;
  const logUpdate = isTerminal ? (await import("log-update")).createLogUpdate(process.stderr) : null;
  const every = isTerminal ? BLOCK_SECONDS : LINE_SECONDS;
  let shown = isTerminal ? Number.NEGATIVE_INFINITY : seconds();
  let begun = seconds();
  return {
    update: (question, search) => {
      if (seconds() - shown < every) return;
      shown = seconds();
      const rate = search.steps / Math.max(1e-3, shown - begun);
      const total = question.examples.length;
      const { answer, best } = search;
      const program = answer?.program ?? best?.program;
      const text = program === undefined ? "" : printable(question.textOf(program));
      const line = [
        `${counted(search.steps, "candidate")}  ${count(rate)}/s`,
        `best passes ${answer === null ? (best?.passed ?? 0) : total} of ${total}`,
        ...(answer === null ? [] : [`smallest ${answer.size} nodes`]),
        text.length > PROGRAM_WIDTH ? `${text.slice(0, PROGRAM_WIDTH)}…` : text,
      ].join("  ");
      if (logUpdate === null) process.stderr.write(`${line}\n`);
      else logUpdate(line);
    },
    pause: () => {
      logUpdate?.clear();
      logUpdate?.done();
      begun = seconds();
    },
  };
}
