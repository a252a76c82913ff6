import { Archive } from "./archive/archive.ts";
import { addCounters, type Counters, emptyCounters, unpackCounters } from "./counters.ts";
import { archiveDigest, digestOf } from "./digest.ts";
import type { Evaluations } from "./evaluation-list.ts";
import type { Executor } from "./executor.ts";
import { copyIsland, emptyIsland, type EpochInput, type EpochOutput, type IslandState } from "./island.ts";
import { addPacked, type PackedElites } from "./packed-elites.ts";
import type { Task } from "./task.ts";
import { MIGRATION_LAG_EPOCHS, neighbours } from "./topology.ts";

/** Why a run ended. The first three are ends; the others come from outside, between epochs, and it can be resumed. */
export const stopReasons = [
  "solved",
  "budget",
  "converged",
  "time",
  "interrupted",
  "disk",
  "memory",
  "paused",
] as const;
export type StopReason = (typeof stopReasons)[number];

const ends: ReadonlySet<StopReason> = new Set(["solved", "budget", "converged"]);

/** Whether a run that stopped for a reason is at its end, so that going on changes nothing. */
export const isEnd = (stop: StopReason | null): boolean => stop !== null && ends.has(stop);

/** A reason to stop that does not come from the search itself. */
export type Interruption = Exclude<StopReason, "solved" | "budget" | "converged">;

/** A run between two epochs: all that is needed to go on as if nothing had happened. */
export interface RunState {
  /** Epochs finished by every island. */
  readonly epochs: number;
  readonly islands: readonly IslandState[];
  /** What each island sent in the last epochs that are still on their way, oldest first: epoch × island. */
  readonly migrants: readonly (readonly PackedElites[])[];
  /** Epochs since the best improved, and its fitness. */
  readonly stale: number;
  readonly bestFitness: number;
  /** Epochs finished with the target reached. */
  readonly solvedEpochs: number;
  /** Digest of every epoch so far: of the archive and of each island after it. */
  readonly rollingDigest: string;
}

/** What is known after an epoch of all islands. */
export interface EpochReport {
  /** Number of the epoch, from 0. */
  readonly epoch: number;
  /** All islands' elites as one archive. */
  readonly archive: Archive;
  /** Digest of the archive. */
  readonly digest: string;
  /** Digest of each island's elites. */
  readonly islandDigests: readonly string[];
  /** Since the beginning of the run. */
  readonly counters: Counters;
  readonly state: RunState;
  /** What the epoch's islands evaluated, where `known` was given. */
  readonly learned: readonly Evaluations[];
  /** Set when the run ends here. */
  readonly stop: StopReason | null;
}

/** Where epochs of one size begin: a fork may go on with epochs of another size than those before it. */
export interface BudgetOrigin {
  readonly epochs: number;
  /** Candidates spent until then. */
  readonly candidates: number;
}

const AT_THE_SEED: BudgetOrigin = { epochs: 0, candidates: 0 };

/** What every epoch of a run depends on alike. */
export interface RunTerms {
  readonly task: Task;
  /** Root key of the seed. */
  readonly key: Int32Array;
  /** Candidates in all, those before the origin included. */
  readonly budgetCandidates: number;
  /** Where the run was forked from; the seed unless given. */
  readonly origin?: BudgetOrigin | undefined;
}

export interface SearchOptions extends RunTerms {
  readonly executor: Executor;
  /** Where to go on; the beginning unless given. */
  readonly from?: RunState;
  /** Ends after this many epochs whatever else (verification up to a stored epoch). */
  readonly untilEpoch?: number;
  /** Evaluations that are known already: slots of an EvaluationTable in shared memory. */
  readonly known?: Evaluations;
  /** Asked after every epoch: a reason to stop from outside. */
  readonly interruption?: (counters: Counters) => Interruption | null;
  /** Told of every finished epoch, in order; the search goes on once it returns. */
  readonly onEpoch?: (report: EpochReport) => void | Promise<void>;
}

export interface SearchResult {
  readonly archive: Archive;
  readonly digest: string;
  readonly rollingDigest: string;
  readonly counters: Counters;
  readonly epochs: number;
  readonly stop: StopReason;
}

/** Candidates that an island spends in an epoch: the same for all, until the last epoch shares out the rest. */
export function epochBudget(
  task: Task,
  budgetCandidates: number,
  epoch: number,
  island: number,
  origin: BudgetOrigin = AT_THE_SEED,
): number {
  const { islands, epochCandidates } = task.parameters;
  const rest = budgetCandidates - origin.candidates - (epoch - origin.epochs) * islands * epochCandidates;
  if (rest >= islands * epochCandidates) return epochCandidates;
  return Math.max(0, Math.floor(rest / islands) + (island < rest % islands ? 1 : 0));
}

/** Epochs that an island may be ahead of the last one: what is kept for the store meanwhile is bounded. */
const MAXIMUM_LEAD_EPOCHS = 8;

/** Epochs that a budget pays for. */
export const epochsOfBudget = (
  task: Task,
  budgetCandidates: number,
  origin: BudgetOrigin = AT_THE_SEED,
): number =>
  origin.epochs +
  Math.max(
    0,
    Math.ceil(
      (budgetCandidates - origin.candidates) / (task.parameters.islands * task.parameters.epochCandidates),
    ),
  );

/**
 * Everything that an epoch of an island depends on.
 * @param state the island before it
 * @param sentBy what a neighbour sent in the epoch that arrives now
 */
export function epochInput(
  terms: RunTerms,
  epoch: number,
  island: number,
  state: IslandState,
  sentBy: (neighbour: number) => PackedElites,
): EpochInput {
  const { task, key, budgetCandidates, origin } = terms;
  const { topology, islands } = task.parameters;
  return {
    key,
    island,
    epoch,
    candidates: epochBudget(task, budgetCandidates, epoch, island, origin),
    state,
    immigrants: epoch < MIGRATION_LAG_EPOCHS ? [] : neighbours(topology, island, islands).map(sentBy),
    quarantine: [],
  };
}

/** The same from the state of a run before the epoch, which keeps its buffers. */
export function epochInputAfter(terms: RunTerms, state: RunState, island: number): EpochInput {
  const { epochs, migrants } = state;
  return epochInput(
    terms,
    epochs,
    island,
    copyIsland(state.islands[island] as IslandState, terms.task.parameters.cache === "lossy"),
    (neighbour) => migrants[migrants.length - MIGRATION_LAG_EPOCHS]?.[neighbour] as PackedElites,
  );
}

/** A run before its first epoch. */
export const stateAtSeed = (task: Task): RunState => ({
  epochs: 0,
  islands: Array.from({ length: task.parameters.islands }, () => emptyIsland(task)),
  migrants: [],
  stale: 0,
  bestFitness: Number.NEGATIVE_INFINITY,
  solvedEpochs: 0,
  rollingDigest: "",
});

/** Why a run of a number of epochs has ended after a state; null where it goes on. */
export function endAfter(
  task: Task,
  end: number,
  state: Pick<RunState, "epochs" | "stale" | "solvedEpochs">,
): StopReason | null {
  const { patienceEpochs, polishEpochs } = task.parameters;
  const { epochs, stale, solvedEpochs } = state;
  if (solvedEpochs > 0 && (solvedEpochs > polishEpochs || epochs >= end)) return "solved";
  if (patienceEpochs > 0 && stale >= patienceEpochs) return "converged";
  return epochs >= end ? "budget" : null;
}

/**
 * The search: MAP-Elites on islands. Every island lives through its epochs one after another; before epoch e it
 * takes in what its neighbours found in epoch e − 2, and that is all it waits for. What an epoch gives depends on its
 * inputs alone, so the executor and the order of completion cannot show in the result.
 */
export async function search(options: SearchOptions): Promise<SearchResult> {
  const { task, executor, budgetCandidates } = options;
  const { islands: islandCount, topology, cache } = task.parameters;
  const start = options.from?.epochs ?? 0;
  const end = Math.min(
    epochsOfBudget(task, budgetCandidates, options.origin),
    options.untilEpoch ?? Number.POSITIVE_INFINITY,
  );
  const all = Array.from({ length: islandCount }, (_, i) => i);

  const archive = new Archive(task.space);
  const counters = emptyCounters();
  for (const island of options.from?.islands ?? []) {
    addPacked(archive, island.elites);
    addCounters(counters, unpackCounters(island.counters));
  }
  /** Epoch → island → what it sent. */
  const sent = new Map<number, PackedElites[]>();
  options.from?.migrants.forEach((migrants, k) =>
    sent.set(start - (options.from?.migrants.length as number) + k, [...migrants]),
  );
  /** Epoch → island → its state after the epoch, for the store. */
  const finished = new Map<number, (EpochOutput | undefined)[]>();
  const current: IslandState[] = all.map((i) => {
    const island = options.from?.islands[i];
    return island === undefined ? emptyIsland(task) : copyIsland(island, cache === "lossy");
  });
  const next = all.map(() => start);
  const busy = all.map(() => false);
  let running = 0;
  let failure: unknown = null;
  let wake = (): void => {};

  const hasArrived = (epoch: number, island: number): boolean =>
    epoch < start || sent.get(epoch)?.[island] !== undefined || finished.get(epoch)?.[island] !== undefined;
  /** Lives through an island's next epoch, if what it needs is there. */
  const live = async (island: number): Promise<void> => {
    const epoch = next[island] as number;
    const from = neighbours(topology, island, islandCount);
    const source = epoch - MIGRATION_LAG_EPOCHS;
    if (epoch >= end || busy[island] === true || !from.every((n) => hasArrived(source, n))) return;
    busy[island] = true;
    running++;
    try {
      const output = await executor.run({
        ...epochInput(
          options,
          epoch,
          island,
          current[island] as IslandState,
          (n) => sent.get(source)?.[n] as PackedElites,
        ),
        ...(options.known === undefined ? {} : { known: options.known }),
      });
      // The state itself goes on to the next epoch; the store gets a copy, with the cache where results depend on it.
      current[island] = output.state;
      const kept = finished.get(epoch) ?? [];
      kept[island] = { ...output, state: copyIsland(output.state, cache === "lossy") };
      finished.set(epoch, kept);
      const migrants = sent.get(epoch) ?? [];
      migrants[island] = output.emigrants;
      sent.set(epoch, migrants);
      next[island] = epoch + 1;
    } catch (error) {
      failure ??= error;
    }
    busy[island] = false;
    running--;
    wake();
  };

  let epoch = start;
  let stale = options.from?.stale ?? 0;
  let bestFitness = options.from?.bestFitness ?? Number.NEGATIVE_INFINITY;
  let solvedEpochs = options.from?.solvedEpochs ?? 0;
  let rollingDigest = options.from?.rollingDigest ?? "";
  let stop = start > 0 || end === 0 ? endAfter(task, end, { epochs: start, stale, solvedEpochs }) : null;
  while (stop === null) {
    const byNeed = all.toSorted((a, b) => (next[a] as number) - (next[b] as number) || a - b);
    // After a failure nothing new begins: the failed job has used its island's buffers up.
    for (const island of byNeed)
      if (
        failure === null &&
        running < executor.workers &&
        (next[island] as number) < epoch + MAXIMUM_LEAD_EPOCHS
      )
        void live(island);
    const outputs = finished.get(epoch);
    if (outputs === undefined || !all.every((i) => outputs[i] !== undefined)) {
      if (failure !== null) throw failure;
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
      continue;
    }
    for (const output of outputs as EpochOutput[]) {
      addPacked(archive, output.emigrants);
      addCounters(counters, output.counters);
    }
    const best = archive.best?.fitness ?? Number.NEGATIVE_INFINITY;
    stale = best > bestFitness ? 0 : stale + 1;
    bestFitness = best;
    const migrants = [];
    for (let e = epoch - MIGRATION_LAG_EPOCHS + 1; e <= epoch; e++)
      if (e >= 0) migrants.push(sent.get(e) as PackedElites[]);
    if (task.target !== null && best >= task.target) solvedEpochs++;
    const islands = (outputs as EpochOutput[]).map((o) => o.state);
    const digest = archiveDigest(archive);
    const islandDigests = (outputs as EpochOutput[]).map((o) => o.digest);
    rollingDigest = digestOf(`illume epoch ${epoch}`, rollingDigest, digest, ...islandDigests);
    const state: RunState = {
      epochs: epoch + 1,
      islands,
      migrants,
      stale,
      bestFitness,
      solvedEpochs,
      rollingDigest,
    };
    stop = endAfter(task, end, state) ?? options.interruption?.(counters) ?? null;
    const learned = (outputs as EpochOutput[]).flatMap((o) => o.learned ?? []);
    await options.onEpoch?.({ epoch, archive, digest, islandDigests, counters, state, learned, stop });
    finished.delete(epoch);
    sent.delete(epoch - MIGRATION_LAG_EPOCHS);
    epoch++;
  }
  return { archive, digest: archiveDigest(archive), rollingDigest, counters, epochs: epoch, stop };
}
