import {
  carryOn,
  type EpochMetrics,
  type EpochReport,
  type Evaluations,
  type Executor,
  type SearchResult,
} from "../index.ts";
import { isMemoryLow, memoryRooms } from "./memory-watch.ts";
import { runFault } from "./run-fault.ts";
import { createExecutor, type ExecutorChoice, type RunSession } from "./run-session.ts";

export interface ExecuteOptions {
  readonly executor: ExecutorChoice;
  readonly workers: number;
  /** Ends between epochs after this time; none: never. */
  readonly minutes: number | undefined;
  /** Evaluations known from other runs. */
  readonly known: Evaluations | undefined;
  /** Called once interrupt signals are listened to. */
  readonly onBegin?: () => void;
  readonly onEpoch: (metrics: EpochMetrics, report: EpochReport) => void;
}

export interface ExecuteResult extends SearchResult {
  /** Seconds that the run has worked, over all its sessions. */
  readonly seconds: number;
}

/**
 * Carries a run on to its end, storing every epoch. The first interrupt signal ends it after the epoch at hand, the
 * second at once.
 */
export async function executeRun(session: RunSession, options: ExecuteOptions): Promise<ExecuteResult> {
  const { task, store } = session;
  const before = store.latest?.seconds ?? 0;
  const started = performance.now();
  const seconds = (): number => before + (performance.now() - started) / 1000;
  let interrupted = false;
  let isLeaving = false;
  let executor: Executor | null = null;
  const onSignal = (): void => {
    if (interrupted) {
      // Workers first: to leave while they run code can crash the process.
      isLeaving = true;
      void Promise.resolve(executor?.close()).finally(() => process.exit(130));
      return;
    }
    interrupted = true;
    process.stderr.write("\nending the epoch and storing; once more to stop at once\n");
  };
  process.on("SIGINT", onSignal);
  process.on("SIGTERM", onSignal);
  options.onBegin?.();
  executor = createExecutor(session, options.executor, options.workers);
  try {
    const result = await carryOn({
      task,
      store,
      executor,
      seconds,
      ...(options.known === undefined ? {} : { known: options.known }),
      interruption: () => {
        if (interrupted) return "interrupted";
        if (isMemoryLow(memoryRooms())) return "memory";
        return options.minutes !== undefined && performance.now() - started > options.minutes * 60_000
          ? "time"
          : null;
      },
      onEpoch: options.onEpoch,
    });
    return { ...result, seconds: seconds() };
  } catch (error) {
    throw runFault(session, error);
  } finally {
    // What fails because the workers are gone is no fault.
    if (isLeaving) await new Promise<never>(() => {});
    process.off("SIGINT", onSignal);
    process.off("SIGTERM", onSignal);
    await executor.close();
  }
}
