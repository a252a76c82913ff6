import { printProgram } from "../dsl/index.ts";
import { championOf } from "./champion.ts";
import type { Counters } from "./counters.ts";
import { firstDifferent } from "./digest.ts";
import type { Evaluations } from "./evaluation-list.ts";
import type { Executor } from "./executor.ts";
import { hypervolume } from "./front.ts";
import type { EpochMetrics } from "./journal.ts";
import { termsOf } from "./run-config.ts";
import type { RunStore } from "./run-store.ts";
import { type EpochReport, type Interruption, search, type SearchResult } from "./search.ts";
import type { Task } from "./task.ts";

/** What was computed again is not what was stored: the code or the machine does not give the same twice. */
export class DivergenceError extends Error {
  readonly epoch: number;
  /** The first island that differs; 0 if none does. */
  readonly island: number;
  constructor(epoch: number, stored: EpochMetrics, computed: Pick<EpochReport, "digest" | "islandDigests">) {
    super(`epoch ${epoch} was stored with digest ${stored.digest} and gives ${computed.digest} now`);
    this.name = "DivergenceError";
    this.epoch = epoch;
    this.island = Math.max(0, firstDifferent(stored.islandDigests, computed.islandDigests));
  }
}

export interface CarryOnOptions {
  readonly task: Task;
  readonly store: RunStore;
  readonly executor: Executor;
  /** Evaluations known from other runs, for `search`. */
  readonly known?: Evaluations;
  /** Asked after every epoch: a reason to stop from outside. */
  readonly interruption?: (counters: Counters) => Interruption | null;
  /** Seconds that the run has worked, over all its sessions; for people only. */
  readonly seconds?: () => number;
  /** Told of every epoch once it is stored, in order. */
  readonly onEpoch?: (metrics: EpochMetrics, report: EpochReport) => void;
}

/**
 * Carries a run on from its last stored state to its end, storing every epoch. Epochs that the store knows already,
 * since a state was damaged, are computed again and must come out as they are known.
 * @throws DivergenceError if they do not; InputError if the store cannot be written; JobError
 */
export async function carryOn(options: CarryOnOptions): Promise<SearchResult> {
  const { task, store, executor } = options;
  const { config, state } = store;
  const known = new Map(
    store.metrics.filter((m) => m.epoch >= (state?.epochs ?? 0)).map((m) => [m.epoch, m]),
  );
  return search({
    ...termsOf(task, config),
    executor,
    ...(state === null ? {} : { from: state }),
    ...(options.known === undefined ? {} : { known: options.known }),
    interruption: (counters) => options.interruption?.(counters) ?? (store.isDiskLow ? "disk" : null),
    onEpoch: async (report) => {
      const stored = known.get(report.epoch);
      if (stored !== undefined && stored.rollingDigest !== report.state.rollingDigest)
        throw new DivergenceError(report.epoch, stored, report);
      const metrics = metricsOf(task, report, options.seconds?.() ?? 0);
      await store.write(report.state, metrics);
      options.onEpoch?.(metrics, report);
    },
  });
}

/** The figures of an epoch. */
export function metricsOf(task: Task, report: EpochReport, seconds: number): EpochMetrics {
  const { archive } = report;
  const best = championOf(archive, task.target);
  return {
    epoch: report.epoch,
    counters: { ...report.counters },
    coverage: archive.coverage,
    qdScore: archive.qdScore(task.offset),
    hypervolume: hypervolume(archive, task.axes, task.offset),
    bestFitness: best?.fitness ?? Number.NEGATIVE_INFINITY,
    bestProgram: best === undefined ? "" : printProgram(task.grammar, task.answer(best.program)),
    bestSize: best?.size ?? 0,
    digest: report.digest,
    islandDigests: report.islandDigests,
    rollingDigest: report.state.rollingDigest,
    seconds,
    stop: report.stop,
  };
}
