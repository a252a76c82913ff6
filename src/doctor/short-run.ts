import { setTimeout } from "node:timers/promises";
import type { Archive } from "../archive/archive.ts";
import { type Counters, emptyCounters } from "../counters.ts";
import { archiveDigest } from "../digest.ts";
import type { Executor } from "../executor.ts";
import { type RunState, search } from "../search.ts";
import type { Task } from "../task.ts";

/** From so few nothing can be told of the pace: they get twice the time. */
const FEW_EPOCHS = 3;

/** One finished epoch of a short run. */
export interface ShortRunEpoch {
  /** Since the run began, in seconds. */
  readonly seconds: number;
  readonly counters: Counters;
  readonly digest: string;
}

/** What a run of a few seconds showed. */
export interface ShortRun {
  readonly workers: number;
  readonly epochs: readonly ShortRunEpoch[];
  /** Null where not even one epoch ended in time. */
  readonly archive: Archive | null;
  readonly state: RunState | null;
  readonly counters: Counters;
  /** A job that failed for good, if one did. */
  readonly fault: string | null;
}

export interface ShortRunOptions {
  readonly task: Task;
  readonly key: Int32Array;
  readonly executor: Executor;
  /** Ends after the epoch in which this time is over. */
  readonly seconds: number;
  /** Is broken off after this time, whatever it is doing. */
  readonly hardSeconds: number;
  readonly now: () => number;
  readonly onEpoch?: () => void;
}

/** Searches for some seconds, whether the target is reached or not, and stores nothing. Closes the executor. */
export async function shortRun(options: ShortRunOptions): Promise<ShortRun> {
  const { key, executor, now } = options;
  const epochs: ShortRunEpoch[] = [];
  let archive: Archive | null = null;
  let state: RunState | null = null;
  let isBroken = false;
  let fault: string | null = null;
  const started = now();
  const seconds = (): number => (now() - started) / 1000;
  const alarm = new AbortController();
  const end = setTimeout(options.hardSeconds * 1000, undefined, { signal: alarm.signal }).then(
    () => {
      isBroken = true;
      return executor.close();
    },
    () => executor.close(),
  );
  await search({
    task: { ...options.task, target: null },
    key,
    budgetCandidates: Number.MAX_SAFE_INTEGER,
    executor,
    interruption: () =>
      isBroken || seconds() > options.seconds * (epochs.length < FEW_EPOCHS ? 2 : 1) ? "time" : null,
    onEpoch: (report) => {
      archive = report.archive;
      state = report.state;
      epochs.push({
        seconds: seconds(),
        counters: { ...report.counters },
        digest: archiveDigest(report.archive),
      });
      options.onEpoch?.();
    },
  }).catch((error: unknown) => {
    if (!isBroken) fault = error instanceof Error ? error.message : String(error);
  });
  alarm.abort();
  await end;
  return {
    workers: executor.workers,
    epochs,
    archive,
    state,
    counters: epochs.at(-1)?.counters ?? emptyCounters(),
    fault,
  };
}

/** Candidates and evaluations a second over the second half of a short run. Null without an epoch. */
export function paceOf(run: ShortRun): {
  readonly candidatesPerSecond: number;
  readonly evaluationsPerSecond: number;
  /** Whether there were enough epochs to leave out those in which workers still load. */
  readonly isSteady: boolean;
} | null {
  const last = run.epochs.at(-1);
  if (last === undefined) return null;
  // Workers load and machines warm up in the first half.
  const half = Math.max(
    0,
    run.epochs.findIndex((e) => e.seconds >= last.seconds / 2),
  );
  const first = half < run.epochs.length - 1 ? run.epochs[half] : undefined;
  const seconds = Math.max(1e-9, last.seconds - (first?.seconds ?? 0));
  return {
    candidatesPerSecond: (last.counters.candidates - (first?.counters.candidates ?? 0)) / seconds,
    evaluationsPerSecond: (last.counters.evaluations - (first?.counters.evaluations ?? 0)) / seconds,
    isSteady: run.epochs.length >= FEW_EPOCHS,
  };
}
