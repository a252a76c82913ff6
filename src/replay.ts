import { InputError } from "../dsl/index.ts";
import type { Executor } from "./executor.ts";
import type { EpochOutput } from "./island.ts";
import type { Observed } from "./judgement.ts";
import { firstEpochs, pastState, type PastStore } from "./past-state.ts";
import { termsOf } from "./run-config.ts";
import { epochInputAfter, epochsOfBudget } from "./search.ts";
import type { Task } from "./task.ts";

/** One job run again. */
export interface Replay {
  readonly candidates: number;
  readonly output: EpochOutput;
  /** Digest of the island after the epoch as the journal has it; null where it has none of that epoch. */
  readonly storedDigest: string | null;
}

/**
 * Runs one epoch of one island again, from the state before it: the same job that the run did, or would do.
 * @param options.epoch from 0; it may be one that the run has not come to yet
 * @throws InputError if there is no such epoch or island; DivergenceError if what comes before it is not what the
 * journal says; JobError
 */
export async function replayEpoch(options: {
  readonly task: Task;
  readonly store: PastStore;
  readonly executor: Executor;
  readonly epoch: number;
  readonly island: number;
  readonly observed: Observed;
}): Promise<Replay> {
  const { task, store, executor, epoch, island, observed } = options;
  const { config } = store;
  const first = firstEpochs(config);
  const end = epochsOfBudget(task, config.budgetCandidates, config.origin);
  const { islands } = task.parameters;
  if (!Number.isInteger(epoch) || epoch < first || epoch >= end)
    throw new InputError(
      `--epoch must be a whole number from ${first} to ${end - 1}${first > 0 ? `; those before are in ${config.origin?.run}` : ""}; got ${epoch}.`,
    );
  if (!Number.isInteger(island) || island < 0 || island >= islands)
    throw new InputError(`--island must be a whole number from 0 to ${islands - 1}; got ${island}.`);
  const state = await pastState({ task, store, executor, epochs: epoch });
  const input = epochInputAfter(termsOf(task, config), state, island);
  if (
    typeof observed === "number" &&
    !(Number.isInteger(observed) && observed >= 0 && observed < input.candidates)
  )
    throw new InputError(
      `--candidate must be a whole number from 0 to ${input.candidates - 1}; got ${observed}.`,
    );
  const output = await executor.run({ ...input, observed });
  return {
    candidates: input.candidates,
    output,
    storedDigest: store.metrics.find((m) => m.epoch === epoch)?.islandDigests[island] ?? null,
  };
}
