import { InputError } from "../dsl/index.ts";
import { unpackCounters } from "./counters.ts";
import { firstDifferent } from "./digest.ts";
import { metricsOf } from "./carry-on.ts";
import type { Executor } from "./executor.ts";
import type { EpochMetrics } from "./journal.ts";
import { firstEpochs, type PastStore, storedState } from "./past-state.ts";
import { termsOf } from "./run-config.ts";
import { endAfter, epochsOfBudget, isEnd, type EpochReport, type RunState, search } from "./search.ts";
import {
  earliestDifference,
  type EliteDifference,
  type Figures,
  figuresOf,
  stateDigest,
} from "./state-difference.ts";
import type { Task } from "./task.ts";
import { counted } from "./counted.ts";

export interface VerificationOptions {
  readonly task: Task;
  /** Only read. */
  readonly store: PastStore;
  readonly executor: Executor;
  /** Begins at the state after this many epochs; the run's first state unless given. */
  readonly from?: number | undefined;
  /** Computes one epoch after each of this many stored states, evenly spread, instead of all; at least 1. */
  readonly sample?: number | undefined;
  /** Told of every epoch that was computed. */
  readonly onEpoch?: (report: EpochReport) => void;
}

/** Where what is stored and what is computed part. */
export interface Difference {
  /**
   * Whether the digests in the journal differ, or a stored state although they do not, or what is told to people beside
   * them: a figure, or how long the run was.
   */
  readonly of: "journal" | "state" | "figure";
  /** The first epoch that is known to differ. */
  readonly epoch: number;
  /** The last epoch before it that is known to be the same; null if none was compared. */
  readonly lastEqualEpoch: number | null;
  /** The first island that differs after that epoch; null if none does. */
  readonly island: number | null;
  /** What differs: of the journal the digest of the archive or, where that is the same, of all epochs; of a state its own. */
  readonly stored: string;
  readonly computed: string;
  /** The earliest elite that differs in the nearest stored state; null if no state shows one. */
  readonly elite: EliteDifference | null;
  /** After how many epochs the state is that was looked at for it; null if there is none. */
  readonly comparedState: number | null;
  /** Whether computing the epoch twice more gave the same each time; null where that says nothing. */
  readonly isRepeatable: boolean | null;
}

export interface Verification {
  readonly difference: Difference | null;
  /** Epochs of the run that could be computed, and those that were. */
  readonly epochs: number;
  readonly checkedEpochs: number;
  readonly checkedCandidates: number;
  /** After how many epochs the states were from which it was computed, ascending. */
  readonly begins: readonly number[];
  /** The last epoch computed; null where a difference came before any. */
  readonly last: EpochReport | null;
}

/**
 * Computes a run again, as a whole or in samples, and compares it with everything stored: the digests of the archive,
 * of each island and of all epochs so far wherever the journal has the epoch, the figures beside them, and the stored
 * states that are passed.
 * Stops at the first difference. Reads no clock and writes nothing.
 * @throws InputError if the run has no finished epoch, or none of the state to begin with; JobError
 */
export async function verifyRun(options: VerificationOptions): Promise<Verification> {
  const { task, store, sample } = options;
  const last = store.metrics.at(-1);
  if (last === undefined) throw new InputError("run must have a finished epoch; it has none yet.");
  const first = beginning(options);
  const end = last.epoch + 1;
  const verifier = new Verifier(options, end);
  const starts = sample === undefined ? [first] : spread(startsOf(store, first), sample);
  const begins: number[] = [];
  let checkedEpochs = 0;
  for (const start of starts) {
    const state = storedState(task, store, start);
    // A state that cannot be read is the store's to tell of; the run itself may go on and replace one meanwhile.
    if (state === null) continue;
    begins.push(start);
    checkedEpochs += await verifier.check(state, sample === undefined ? end : start + 1);
    if (verifier.difference !== null) break;
  }
  if (begins.length === 0)
    throw new InputError(
      `state after ${counted(first, "epoch")} must be there to begin with; it cannot be read.`,
    );
  return {
    difference: verifier.difference,
    epochs: end - first,
    checkedEpochs,
    checkedCandidates: verifier.candidates,
    begins,
    last: verifier.last,
  };
}

/** After how many epochs verification begins. */
function beginning({ store, from, sample }: VerificationOptions): number {
  if (sample !== undefined && !(Number.isInteger(sample) && sample >= 1))
    throw new InputError(`--sample must be a whole number from 1; got ${sample}.`);
  const first = firstEpochs(store.config);
  if (from === undefined || from === first) return first;
  const end = (store.metrics.at(-1)?.epoch ?? -1) + 1;
  const choices = store.snapshots.filter((epochs) => epochs < end);
  if (!choices.includes(from))
    throw new InputError(
      `--from must be a stored epoch before the last: ${choices.join(", ") || "this run has none"}; got ${from}.`,
    );
  return from;
}

/** States after which there is an epoch that the journal knows, ascending. */
function startsOf(store: PastStore, first: number): number[] {
  const known = new Set(store.metrics.map((m) => m.epoch));
  return [...new Set([first, ...store.snapshots])]
    .filter((epochs) => epochs >= first && known.has(epochs))
    .sort((a, b) => a - b);
}

/** At most `count` of a list, evenly spread, the first and the last among them; of one alone the last. */
function spread(list: readonly number[], count: number): number[] {
  if (count >= list.length) return [...list];
  if (count === 1) return list.slice(-1);
  return Array.from(
    { length: count },
    (_, k) => list[Math.round((k * (list.length - 1)) / (count - 1))] as number,
  );
}

type JournalDifference = Pick<Difference, "island" | "stored" | "computed">;

/** The figures that do not depend on what a cache knew; JSON has no infinities but the one that each can be. */
function figuresToTell(line: EpochMetrics): Record<string, string | number | null> {
  const { counters, stop } = line;
  const finite = (value: number): number => (Number.isFinite(value) ? value : Number.NEGATIVE_INFINITY);
  return {
    bestFitness: finite(line.bestFitness),
    bestSize: line.bestSize,
    bestProgram: line.bestProgram,
    coverage: line.coverage,
    qdScore: finite(line.qdScore),
    // Journals from before there was one have none.
    ...(line.hypervolume === null ? {} : { hypervolume: finite(line.hypervolume) }),
    candidates: counters.candidates,
    // Where sessions ended is nobody's claim.
    stop: isEnd(stop) ? stop : null,
  };
}

const figureDifference = (epoch: number, stored: string, computed: string): Difference => ({
  of: "figure",
  epoch,
  lastEqualEpoch: epoch,
  island: null,
  stored,
  computed,
  elite: null,
  comparedState: null,
  isRepeatable: null,
});

class Verifier {
  readonly #options: VerificationOptions;
  readonly #end: number;
  readonly #known: ReadonlyMap<number, EpochMetrics>;
  difference: Difference | null = null;
  last: EpochReport | null = null;
  candidates = 0;

  constructor(options: VerificationOptions, end: number) {
    this.#options = options;
    this.#end = end;
    this.#known = new Map(options.store.metrics.map((m) => [m.epoch, m]));
  }

  /** Computes from a stored state to a number of epochs; how many were computed. */
  async check(start: RunState, untilEpoch: number): Promise<number> {
    const { task, store, onEpoch } = this.#options;
    const { origin } = store.config;
    const own =
      start.epochs === 0 ? null : this.#differenceFromJournal(start.epochs - 1, figuresOf(task, start));
    const isOrigin = origin?.epochs === start.epochs;
    if (own !== null || (isOrigin && origin.rollingDigest !== start.rollingDigest)) {
      const names = own ?? { island: null, stored: origin?.rollingDigest, computed: start.rollingDigest };
      await this.#explainStart(start, names as JournalDifference);
      if (this.difference !== null) return 0;
    }
    let computed = 0;
    let spent = start.islands.reduce((n, i) => n + unpackCounters(i.counters).candidates, 0);
    /** The last state that the journal or a stored one confirms. */
    let confirmed = start;
    const parted: {
      fromJournal?: { readonly report: EpochReport; readonly difference: JournalDifference };
      fromState?: { readonly stored: RunState; readonly computed: RunState };
    } = {};
    const isParted = (): boolean =>
      parted.fromJournal !== undefined || parted.fromState !== undefined || this.difference !== null;
    await search({
      ...termsOf(task, store.config),
      executor: this.#options.executor,
      from: start,
      untilEpoch,
      interruption: () => (isParted() ? "interrupted" : null),
      onEpoch: (report) => {
        // The search asks for an interruption before it tells of an epoch, so one more may come.
        if (isParted()) return;
        computed++;
        this.candidates += report.counters.candidates - spent;
        spent = report.counters.candidates;
        this.last = { ...report, counters: { ...report.counters } };
        const difference = this.#differenceFromJournal(report.epoch, {
          ...report,
          rollingDigest: report.state.rollingDigest,
        });
        if (difference !== null) {
          parted.fromJournal = { report, difference };
          return;
        }
        this.difference = this.#differenceOfFigures(report);
        if (this.difference !== null) return;
        const stored = this.#storedOtherwise(report.state);
        if (stored !== null) parted.fromState = { stored, computed: report.state };
        else if (this.#known.has(report.epoch)) confirmed = report.state;
        onEpoch?.(report);
      },
    });
    const reached = start.epochs + computed;
    if (parted.fromJournal !== undefined) await this.#explain(parted.fromJournal, confirmed);
    else if (parted.fromState !== undefined)
      this.#explainState(parted.fromState.stored, parted.fromState.computed);
    else if (this.difference === null && reached !== untilEpoch)
      this.difference = figureDifference(reached - 1, counted(this.#end, "epoch"), counted(reached, "epoch"));
    return computed;
  }

  /** What is told of an epoch beside its digests, where it is something else. */
  #differenceOfFigures(report: EpochReport): Difference | null {
    const { task, store } = this.#options;
    const { epoch } = report;
    const lines = [this.#known.get(epoch), store.stateMetrics].filter((line) => line?.epoch === epoch);
    if (lines.length === 0) return null;
    // The computation ends where it was asked to; this is where the run does.
    const end = epochsOfBudget(task, store.config.budgetCandidates, store.config.origin);
    const stop = endAfter(task, end, report.state);
    const computed = figuresToTell({ ...metricsOf(task, report, 0), stop });
    for (const line of lines) {
      const stored = figuresToTell(line as EpochMetrics);
      const name = Object.keys(stored).find((key) => stored[key] !== computed[key]);
      if (name !== undefined)
        return figureDifference(epoch, `${name} ${stored[name]}`, `${name} ${computed[name]}`);
    }
    return null;
  }

  #differenceFromJournal(epoch: number, computed: Figures): JournalDifference | null {
    const stored = this.#known.get(epoch);
    if (stored === undefined) return null;
    const island = firstDifferent(stored.islandDigests, computed.islandDigests);
    const name = stored.digest === computed.digest ? "rollingDigest" : "digest";
    if (island < 0 && stored[name] === computed[name]) return null;
    return { island: island < 0 ? null : island, stored: stored[name], computed: computed[name] };
  }

  /** The stored state after as many epochs, if it is another one. */
  #storedOtherwise(state: RunState): RunState | null {
    const { task, store } = this.#options;
    if (!store.snapshots.includes(state.epochs)) return null;
    const stored = storedState(task, store, state.epochs);
    return stored !== null && stateDigest(task, stored) !== stateDigest(task, state) ? stored : null;
  }

  /** Names the candidate, from the nearest stored state, and finds out whether the computation repeats itself. */
  async #explain(
    { report, difference }: { readonly report: EpochReport; readonly difference: JournalDifference },
    confirmed: RunState,
  ): Promise<void> {
    const { task, store } = this.#options;
    const lastEqualEpoch = confirmed.epochs - 1;
    let elite: EliteDifference | null = null;
    let comparedState: number | null = null;
    for (const epochs of store.snapshots) {
      if (epochs <= report.epoch) continue;
      const stored = storedState(task, store, epochs);
      if (stored === null) continue;
      comparedState = epochs;
      const state = await this.#compute(report.state, epochs);
      elite = earliestDifference(stored, state, lastEqualEpoch);
      break;
    }
    const wanted = report.state.rollingDigest;
    const again = [
      await this.#compute(confirmed, report.epoch + 1),
      await this.#compute(confirmed, report.epoch + 1),
    ];
    this.difference = {
      of: "journal",
      epoch: report.epoch,
      lastEqualEpoch: lastEqualEpoch < 0 ? null : lastEqualEpoch,
      ...difference,
      elite,
      comparedState,
      isRepeatable: again.every((state) => state.rollingDigest === wanted),
    };
  }

  /**
   * A state to begin with that is not what the journal says of the epoch before. It may be as it is computed from an
   * earlier one: then the line is wrong, which is not what was asked.
   */
  async #explainStart(start: RunState, { island, stored, computed }: JournalDifference): Promise<void> {
    const { task, store } = this.#options;
    const first = firstEpochs(store.config);
    const before = [first, ...store.snapshots]
      .filter((epochs) => epochs >= first && epochs < start.epochs)
      .sort((a, b) => b - a)
      .map((epochs) => () => storedState(task, store, epochs))
      .reduce<RunState | null>((found, read) => found ?? read(), null);
    const again = before === null ? null : await this.#compute(before, start.epochs);
    if (again?.epochs === start.epochs) {
      if (stateDigest(task, again) !== stateDigest(task, start)) this.#explainState(start, again);
      return;
    }
    this.difference = {
      of: "state",
      epoch: start.epochs - 1,
      lastEqualEpoch: null,
      island,
      // The journal, or the origin of a fork, has what computing gave.
      stored: computed,
      computed: stored,
      elite: null,
      comparedState: null,
      isRepeatable: null,
    };
  }

  #explainState(stored: RunState, state: RunState): void {
    const { task } = this.#options;
    const epoch = state.epochs - 1;
    const mine = figuresOf(task, state);
    const island = firstDifferent(figuresOf(task, stored).islandDigests, mine.islandDigests);
    this.difference = {
      of: "state",
      epoch,
      lastEqualEpoch: this.#known.has(epoch) ? epoch : null,
      island: island < 0 ? null : island,
      stored: stateDigest(task, stored),
      computed: stateDigest(task, state),
      elite: earliestDifference(stored, state, -1),
      comparedState: state.epochs,
      isRepeatable: null,
    };
  }

  /** Goes on from a state to another epoch, or to the end of the run if that comes before. */
  async #compute(from: RunState, epochs: number): Promise<RunState> {
    const { task, store, executor } = this.#options;
    let state = from;
    await search({
      ...termsOf(task, store.config),
      executor,
      from,
      untilEpoch: epochs,
      onEpoch: (report) => {
        ({ state } = report);
      },
    });
    return state;
  }
}
