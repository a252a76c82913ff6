import { join, relative } from "node:path";
import { DivergenceError, JobError } from "../index.ts";
import type { RunSession } from "./run-session.ts";

/** An internal fault in a job of a run, with the command that runs the job again. */
export class RunFault extends Error {
  readonly replayCommand: string;
  constructor(session: Pick<RunSession, "folder" | "name">, cause: JobError | DivergenceError) {
    super(cause.message, { cause });
    this.name = "RunFault";
    this.replayCommand = replayLine(session, cause);
  }
}

/** What a job's failure is called by, beside the run; other errors stay what they are. */
export const runFault = (session: RunSession, error: unknown): unknown =>
  error instanceof JobError || error instanceof DivergenceError ? new RunFault(session, error) : error;

/** The command that runs a job again, as it can be typed here. */
export function replayLine(
  { folder, name }: Pick<RunSession, "folder" | "name">,
  { epoch, island }: { readonly epoch: number; readonly island: number },
): string {
  const path = relative(process.cwd(), folder);
  const run = path === join("runs", name) ? name : path;
  return `illume replay ${/^[\w./-]+$/.test(run) ? run : JSON.stringify(run)} --epoch ${epoch} --island ${island}`;
}
