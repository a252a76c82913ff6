import { count, counted, type ProgramSearch } from "../index.ts";
import { liveStatus } from "./live-status.ts";
import { printable } from "./printable.ts";
import type { SolveQuestion } from "./solve-question.ts";
import { seconds } from "./solve-search.ts";

const LINE_SECONDS = 5;
const PROGRAM_WIDTH = 80;

/** Shows how a search goes on. */
export interface SolveProgress {
  readonly update: (question: SolveQuestion, search: ProgramSearch) => void;
  /** A search is over: something else may be written. */
  readonly pause: () => void;
}

/** Progress of a search: one line; nothing with --json. */
export async function showSolveProgress(isSilent: boolean): Promise<SolveProgress> {
  if (isSilent) return { update: () => undefined, pause: () => undefined };
  const status = await liveStatus(LINE_SECONDS);
  let begun = seconds();
  return {
    update: (question, search) =>
      status.show(() => {
        const rate = search.steps / Math.max(1e-3, seconds() - begun);
        const total = question.examples.length;
        const { answer, best } = search;
        const program = answer?.program ?? best?.program;
        const text = program === undefined ? "" : printable(question.textOf(program));
        return [
          `${counted(search.steps, "candidate")}  ${count(rate)}/s`,
          `best passes ${answer === null ? (best?.passed ?? 0) : total} of ${total}`,
          ...(answer === null ? [] : [`smallest ${answer.size} nodes`]),
          text.length > PROGRAM_WIDTH ? `${text.slice(0, PROGRAM_WIDTH)}…` : text,
        ].join("  ");
      }),
    pause: () => {
      status.clear();
      begun = seconds();
    },
  };
}
