import { DivergenceError } from "./carry-on.ts";
import type { Executor } from "./executor.ts";
import { InputError } from "../dsl/index.ts";
import { type RunConfig, termsOf } from "./run-config.ts";
import { checkRunState } from "./run-state-bytes.ts";
import type { RunStore } from "./run-store.ts";
import { type RunState, search, stateAtSeed } from "./search.ts";
import type { Task } from "./task.ts";
import { counted } from "./counted.ts";

/** What of a run's store is needed to go back. */
export type PastStore = Pick<RunStore, "config" | "metrics" | "stateMetrics" | "snapshots" | "snapshot">;

/** The first state of a run: after no epochs, or after those of the run that it was forked from. */
export const firstEpochs = (config: RunConfig): number => config.origin?.epochs ?? 0;

/**
 * A stored state of a run, or the one at its seed.
 * @returns null where it is not kept, or damaged
 * @throws InputError if it cannot come from the task
 */
export function storedState(task: Task, store: PastStore, epochs: number): RunState | null {
  if (epochs === 0) return stateAtSeed(task);
  const state = store.snapshot(epochs);
  const misfits = state === null ? [] : checkRunState(task, state);
  if (misfits.length > 0)
    throw new InputError(
      misfits.map(
        (misfit) =>
          `state after ${counted(epochs, "epoch")} must be what the run's experiment gives; ${misfit}`,
      ),
    );
  return state;
}

/**
 * The state of a run after a number of epochs: a stored one, or computed from the nearest one before. It may lie past
 * the last stored epoch.
 * @throws InputError if the run does not live so long, or began later; DivergenceError if what is computed is not what
 * the journal says; JobError
 */
export async function pastState(options: {
  readonly task: Task;
  readonly store: PastStore;
  readonly executor: Executor;
  /** Epochs that the run has lived through. */
  readonly epochs: number;
}): Promise<RunState> {
  const { task, store, executor, epochs } = options;
  const first = firstEpochs(store.config);
  if (epochs < first)
    throw new InputError(
      `epochs must be at least ${first}, where the run was forked from ${store.config.origin?.run}; got ${epochs}.`,
    );
  let state: RunState | null = null;
  const kept = [...new Set([first, ...store.snapshots])].filter((e) => e <= epochs).sort((a, b) => b - a);
  for (const at of kept) {
    state = storedState(task, store, at);
    if (state !== null) break;
  }
  if (state === null) throw new InputError(`run must hold the state that it began with; it cannot be read.`);
  if (state.epochs === epochs) return state;
  const known = new Map(store.metrics.map((m) => [m.epoch, m]));
  let reached = state;
  await search({
    ...termsOf(task, store.config),
    executor,
    from: state,
    untilEpoch: epochs,
    onEpoch: (report) => {
      const stored = known.get(report.epoch);
      if (stored !== undefined && stored.rollingDigest !== report.state.rollingDigest)
        throw new DivergenceError(report.epoch, stored, report);
      reached = report.state;
    },
  });
  if (reached.epochs !== epochs)
    throw new InputError(
      `epochs must be at most ${reached.epochs}, after which the run ends; got ${epochs}.`,
    );
  return reached;
}
