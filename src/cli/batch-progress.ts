import { counted } from "../index.ts";
import { duration } from "./progress.ts";

const LINE_SECONDS = 5;
const BLOCK_SECONDS = 0.1;

/** Shows how far many runs are. */
export interface BatchProgress {
  readonly update: (done: number, total: number) => void;
  readonly end: () => void;
}

/** Progress on standard error: one live line on a terminal, a line every few seconds elsewhere, nothing with --json. */
export async function showBatchProgress(isSilent: boolean): Promise<BatchProgress> {
  if (isSilent) return { update: () => undefined, end: () => undefined };
  const isTerminal = process.stderr.isTTY === true;
  const logUpdate = isTerminal ? (await import("log-update")).createLogUpdate(process.stderr) : null;
  const started = performance.now();
  let shown = isTerminal ? Number.NEGATIVE_INFINITY : started;
  return {
    update: (done, total) => {
      const now = performance.now();
      if (now - shown < 1000 * (isTerminal ? BLOCK_SECONDS : LINE_SECONDS) && done < total) return;
      shown = now;
      const left = (((now - started) / 1000) * (total - done)) / Math.max(1e-9, done);
      const line = `${Math.floor(done)} of ${counted(total, "run")}  ${duration(left)} left at most`;
      if (logUpdate === null) process.stderr.write(`${line}\n`);
      else logUpdate(line);
    },
    end: () => {
      logUpdate?.clear();
      logUpdate?.done();
    },
  };
}
