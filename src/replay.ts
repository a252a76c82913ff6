import { comparePrograms, InputError } from "../dsl/index.ts";
import type { Executor } from "./executor.ts";
import type { EpochOutput } from "./island.ts";
import type { Observed } from "./judgement.ts";
import { firstEpochs, pastState, type PastStore, storedState } from "./past-state.ts";
import { type QuarantineEntry, quarantineEntries } from "./quarantine.ts";
import { termsOf } from "./run-config.ts";
import { epochInputAfter, epochsOfBudget, isEnd, type RunState } from "./search.ts";
import type { Task } from "./task.ts";

/** One job run again. */
export interface Replay {
  readonly candidates: number;
  readonly output: EpochOutput;
  /** Digest of the island after the epoch as the journal has it; null where it has none of that epoch. */
  readonly storedDigest: string | null;
  readonly quarantine: readonly ReplayedQuarantine[];
}

/** A program of the job on which the experiment's code failed, when the job ran first or now. */
export interface ReplayedQuarantine extends Omit<QuarantineEntry, "epoch"> {
  /** Whether it is listed in the run; null where no stored state can tell. */
  readonly isStored: boolean | null;
  readonly isReproduced: boolean;
}

/** What the job listed when it ran, and what it lists now. */
function compareQuarantines(
  stored: readonly QuarantineEntry[] | null,
  replayed: readonly QuarantineEntry[],
): ReplayedQuarantine[] {
  const isIn = (list: readonly QuarantineEntry[], { candidate, reason, program }: QuarantineEntry): boolean =>
    list.some(
      (e) => e.candidate === candidate && e.reason === reason && comparePrograms(e.program, program) === 0,
    );
  const record = (entry: QuarantineEntry): ReplayedQuarantine => ({
    candidate: entry.candidate,
    reason: entry.reason,
    program: entry.program,
    isStored: stored === null ? null : isIn(stored, entry),
    isReproduced: isIn(replayed, entry),
  });
  const missed = (stored ?? []).filter((entry) => !isIn(replayed, entry));
  return [...replayed, ...missed].map(record).sort((a, b) => a.candidate - b.candidate);
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
  const last = store.metrics.at(-1);
  const end =
    last !== undefined && isEnd(last.stop)
      ? last.epoch + 1
      : epochsOfBudget(task, config.budgetCandidates, config.origin);
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
  const listOf = (after: RunState | null): QuarantineEntry[] | null => {
    const part = after?.islands[island];
    return part === undefined ? null : quarantineEntries(part.quarantine).filter((e) => e.epoch === epoch);
  };
  const later = store.snapshots.findLast((epochs) => epochs > epoch);
  return {
    candidates: input.candidates,
    output,
    quarantine: compareQuarantines(
      listOf(later === undefined ? null : storedState(task, store, later)),
      quarantineEntries(output.state.quarantine).filter((e) => e.epoch === epoch),
    ),
    storedDigest: store.metrics.find((m) => m.epoch === epoch)?.islandDigests[island] ?? null,
  };
}
