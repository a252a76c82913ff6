import { runThreads } from "../../workers/index.ts";
import { InputError, isEnd, type RunRecord, RunStore, folderDisk, storedRunRecord } from "../index.ts";
import type { LoadedExperiment } from "./experiment-source.ts";
import { requestLoaded } from "./run-session.ts";

/** One of many runs. */
export interface BatchRun {
  readonly loaded: LoadedExperiment;
  readonly seed: string;
  /** What it may spend in all, before it is paused; its whole budget unless told. */
  readonly untilCandidates?: number | undefined;
  readonly untilEvaluations?: number | undefined;
  readonly untilSeconds?: number | undefined;
}

export interface BatchOptions {
  /** Folder of the runs. */
  readonly runs: string;
  /** Runs at the same time. */
  readonly workers: number;
}

/** Carries stored runs on, several at the same time. */
export interface RunBatch {
  /**
   * Carries runs on as far as told: a record of each, in their order. What is stored already is not computed again.
   * @param onDone told of every run as soon as it is done, by its place
   */
  carryOn(
    batch: readonly BatchRun[],
    onDone?: (place: number, record: RunRecord) => void,
  ): Promise<RunRecord[]>;
  close(): Promise<void>;
}

/**
 * Runs are stored as those of `illume run`, so a batch that is interrupted goes on where it was.
 * @throws InputError where a run ends for want of disk or memory
 */
export function runBatch({ runs, workers }: BatchOptions): RunBatch {
  const threads = runThreads(workers);
  const carryOn = async (run: BatchRun): Promise<RunRecord> => {
    const { loaded, seed, untilCandidates = Number.POSITIVE_INFINITY } = run;
    const { untilEvaluations = Number.POSITIVE_INFINITY, untilSeconds = Number.POSITIVE_INFINITY } = run;
    const { name, folder, code, store, close } = await requestLoaded(loaded, { seed, runs });
    const { latest } = store;
    await close();
    const isDone =
      latest !== null &&
      (isEnd(latest.stop) ||
        latest.counters.candidates >= untilCandidates ||
        latest.counters.evaluations >= untilEvaluations ||
        latest.seconds >= untilSeconds);
    const stop = isDone
      ? latest.stop
      : await threads.carryOn({ folder, code, untilCandidates, untilEvaluations, untilSeconds });
    if (stop === "disk" || stop === "memory")
      throw new InputError(
        `run ${folder} must have room to go on; ${stop} ran low. Nothing stored is lost: the same command goes on.`,
      );
    return recordOf(folder, { name, seed }, loaded, untilSeconds);
  };
  return {
    carryOn: async (batch, onDone) => {
      const records: RunRecord[] = [];
      let next = 0;
      const take = async (): Promise<void> => {
        while (next < batch.length) {
          const k = next++;
          const record = await carryOn(batch[k] as BatchRun);
          records[k] = record;
          onDone?.(k, record);
        }
      };
      await Promise.all(Array.from({ length: workers }, take));
      return records;
    },
    close: () => threads.close(),
  };
}

async function recordOf(
  folder: string,
  run: { readonly name: string; readonly seed: string },
  { task }: LoadedExperiment,
  untilSeconds: number,
): Promise<RunRecord> {
  const store = RunStore.open(folderDisk(folder), { readOnly: true });
  try {
    const { metrics, state } = store;
    const within = metrics.filter(({ seconds }, k) => k === 0 || seconds <= untilSeconds);
    if (state === null || within.length === 0)
      throw new InputError(`run ${folder} must have finished an epoch to be compared; it has not.`);
    return storedRunRecord(run, task, within, state);
  } finally {
    await store.close();
  }
}
