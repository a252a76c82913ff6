import { runThreads } from "../../workers/index.ts";
import { InputError, isEnd, type RunRecord, RunStore, folderDisk, storedRunRecord } from "../index.ts";
import type { LoadedExperiment } from "./experiment-source.ts";
import { requestLoaded } from "./run-session.ts";

/** What a run may spend in all, before it is paused; its whole budget unless told. */
interface RunEnd {
  readonly untilCandidates: number;
  readonly untilEvaluations: number;
  readonly untilSeconds: number;
}

type Wished<T> = { readonly [K in keyof T]?: T[K] | undefined };

/** One of many runs. */
export interface BatchRun extends Wished<RunEnd> {
  readonly loaded: LoadedExperiment;
  readonly seed: string;
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
   * @param isEnded asked before every run: whether no other one is to begin; their records are missing then
   */
  carryOn(
    batch: readonly BatchRun[],
    onDone?: (place: number, record: RunRecord) => void,
    isEnded?: () => boolean,
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
    return recordOf(folder, { name, seed }, loaded, { untilCandidates, untilEvaluations, untilSeconds });
  };
  return {
    carryOn: async (batch, onDone, isEnded = () => false) => {
      const records: RunRecord[] = [];
      let next = 0;
      /** Run → when it is free: the same one may be wanted twice, and is one process's at a time. */
      const busy = new Map<string, Promise<unknown>>();
      const inTurn = (run: BatchRun): Promise<RunRecord> => {
        const { bundle, task, budgetCandidates } = run.loaded;
        const key = JSON.stringify([bundle.digest, task.parameters, budgetCandidates, run.seed]);
        const mine = (busy.get(key) ?? Promise.resolve()).then(() => carryOn(run));
        busy.set(
          key,
          mine.catch(() => undefined),
        );
        return mine;
      };
      const take = async (): Promise<void> => {
        while (next < batch.length && !isEnded()) {
          const k = next++;
          const record = await inTurn(batch[k] as BatchRun);
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
  { untilCandidates, untilEvaluations, untilSeconds }: RunEnd,
): Promise<RunRecord> {
  const store = RunStore.open(folderDisk(folder), { readOnly: true });
  try {
    const { metrics, state } = store;
    if (state === null || metrics.length === 0)
      throw new InputError(`run ${folder} must have finished an epoch to be compared; it has not.`);
    // Another command may have carried it further: what counts is what it was where it would have been paused.
    const last = metrics.findIndex(
      ({ counters, seconds }) =>
        counters.candidates >= untilCandidates ||
        counters.evaluations >= untilEvaluations ||
        seconds >= untilSeconds,
    );
    const within = last < 0 ? metrics : metrics.slice(0, last + 1);
    return storedRunRecord(run, task, within, within.length < metrics.length ? null : state);
  } finally {
    await store.close();
  }
}
