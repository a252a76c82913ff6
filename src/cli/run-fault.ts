import { DivergenceError, JobError } from "../index.ts";
import type { RunSession } from "./run-session.ts";
import { runWord } from "./run-word.ts";

type Place = Pick<RunSession, "folder" | "name">;

/** A job of a run that failed, or did not come out as it is stored, with the commands that tell more. */
export class RunFault extends Error {
  /** What to do, line by line. */
  readonly advice: readonly string[];
  readonly exitCode: number;

  constructor(run: Place, cause: JobError | DivergenceError) {
    const isDivergence = cause instanceof DivergenceError;
    super(isDivergence ? cause.message : `internal fault: ${cause.message}`, { cause });
    this.name = "RunFault";
    this.exitCode = isDivergence ? 1 : 70;
    const replay = replayLine(run, cause);
    this.advice = isDivergence
      ? [
          "what is stored has been changed, or the fitness does not give the same every time; nothing was written over",
          `to see where they part: illume verify ${runWord(run)}`,
          `the job: ${replay} --executor serial`,
        ]
      : [`everything before it is stored; to see it happen in one thread: ${replay} --executor serial`];
  }
}

/** What a job's failure is called by, beside the run; other errors stay what they are. */
export const runFault = (session: RunSession, error: unknown): unknown =>
  error instanceof JobError || error instanceof DivergenceError ? new RunFault(session, error) : error;

/** The command that runs a job again. */
export const replayLine = (
  run: Place,
  { epoch, island }: { readonly epoch: number; readonly island: number },
): string => `illume replay ${runWord(run)} --epoch ${epoch} --island ${island}`;
