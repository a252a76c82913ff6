import { counted } from "../index.ts";
import { liveStatus } from "./live-status.ts";
import { duration } from "./progress.ts";

const LINE_SECONDS = 5;

/** Shows how far many runs are. */
export interface BatchProgress {
  readonly update: (done: number, total: number) => void;
  readonly end: () => void;
}

/** Progress of many runs; nothing with --json. */
export async function showBatchProgress(isSilent: boolean): Promise<BatchProgress> {
  if (isSilent) return { update: () => undefined, end: () => undefined };
  const status = await liveStatus(LINE_SECONDS);
  const started = performance.now();
  return {
    update: (done, total) =>
      status.show(() => {
        const left = (((performance.now() - started) / 1000) * (total - done)) / Math.max(1e-9, done);
        return `${Math.floor(done)} of ${counted(total, "run")}  ${duration(left)} left at most`;
      }, done >= total),
    end: status.clear,
  };
}
