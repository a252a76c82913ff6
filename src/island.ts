import type { Program } from "../dsl/index.ts";
import { Archive } from "./archive/archive.ts";
import type { Axis } from "./archive/cell-space.ts";
import { type Counters, emptyCounters, packCounters, unpackCounters } from "./counters.ts";
import { elitesDigest } from "./digest.ts";
import type { Emitter, Proposal } from "./emitters/emitter.ts";
import { randomEmitter } from "./emitters/random-emitter.ts";
import { variationEmitter } from "./emitters/variation-emitter.ts";
import { EquivalenceCache, type EquivalenceCacheState } from "./equivalence-cache.ts";
import type { Evaluations } from "./evaluation-list.ts";
import { type EvaluationMachines, evaluationMachines } from "./evaluation-machines.ts";
import { Evaluator, type Watch } from "./evaluator.ts";
import { ConstantFitter } from "./fitting/constant-fitter.ts";
import type { Individual } from "./individual.ts";
import { type Fate, isObserved, type Judgement, type Observed, thrownText } from "./judgement.ts";
import { addPacked, type PackedElites, packElites } from "./packed-elites.ts";
import { emptyQuarantine, Quarantine, type QuarantineState } from "./quarantine.ts";
import { RandomStream } from "./random-stream.ts";
import { lexicaseSelector } from "./selectors/lexicase.ts";
import type { Selector } from "./selectors/selector.ts";
import { tournamentSelector } from "./selectors/tournament.ts";
import { stratifiedSelector } from "./selectors/stratified.ts";
import { uniformSelector } from "./selectors/uniform.ts";
import type { Task } from "./task.ts";

/** An island between epochs: flat buffers and nothing hidden. */
export interface IslandState {
  readonly elites: PackedElites;
  /** Counters since the beginning of the run. */
  readonly counters: Float64Array;
  /** Programs on which the experiment's code failed. */
  readonly quarantine: QuarantineState;
  readonly cache: EquivalenceCacheState | null;
  /** Skeletons whose constants were fitted, and how often they came. */
  readonly skeletons: EquivalenceCacheState | null;
}

/** A candidate whose evaluation killed a worker, and how. */
export interface Quarantined {
  readonly candidate: number;
  readonly reason: "timedOut" | "crashed";
}

/** Everything an epoch depends on, beside task and parameters. */
export interface EpochInput {
  readonly key: Int32Array;
  readonly island: number;
  readonly epoch: number;
  readonly candidates: number;
  readonly state: IslandState;
  /** What the neighbours sent, in island order. */
  readonly immigrants: readonly PackedElites[];
  readonly quarantine: readonly Quarantined[];
  /** Candidates to be told of; changes nothing else. */
  readonly observed?: Observed;
  /**
   * What is known from elsewhere: slots of an EvaluationTable in shared memory. It saves evaluations of an exact
   * cache and changes nothing else; without it nothing is learned either.
   */
  readonly known?: Evaluations;
}

export interface EpochOutput {
  readonly state: IslandState;
  /** Elites that this epoch brought forth, for the neighbours. */
  readonly emigrants: PackedElites;
  /** Counters of this epoch alone. */
  readonly counters: Counters;
  /** Behaviours that were evaluated, where that is of use to others. */
  readonly learned: Evaluations | null;
  /** Digest of the island's elites. */
  readonly digest: string;
  /** The candidates that were to be told of, in order. */
  readonly judgements: readonly Judgement[];
}

/** An island before its first epoch. */
export function emptyIsland(task: Task): IslandState {
  return {
    elites: packElites(new Archive(task.space), []),
    counters: packCounters(emptyCounters()),
    quarantine: emptyQuarantine(),
    cache: null,
    skeletons: null,
  };
}

function chooseSelector({ selector, parameters, axes }: Task): Selector {
  switch (selector) {
    case "uniform":
      return uniformSelector;
    case "tournament":
      return tournamentSelector(parameters.tournamentSize);
    case "lexicase":
      return lexicaseSelector(false);
    case "epsilon-lexicase":
      return lexicaseSelector(true);
    case "stratified":
      return stratifiedSelector(axes[0] as Axis);
  }
}

/** What the epochs of one task need again and again; holds no search state. */
export interface EpochTools {
  readonly task: Task;
  readonly selector: Selector;
  readonly random: Emitter;
  readonly variation: Emitter;
  readonly machines: EvaluationMachines;
  /** Null where constants are not fitted. */
  readonly fitter: ConstantFitter | null;
}

export function epochTools(task: Task): EpochTools {
  const { grammar, parameters } = task;
  const random = randomEmitter(grammar, parameters);
  const selector = chooseSelector(task);
  return {
    task,
    selector,
    random,
    variation: variationEmitter(grammar, parameters, selector, random),
    machines: evaluationMachines(task),
    fitter: parameters.constantFitting === "off" ? null : new ConstantFitter(task),
  };
}

/**
 * One epoch of one island: MAP-Elites (Mouret and Clune 2015) over a number of candidates. A pure function of its
 * arguments: no clock, no shared memory, no randomness but streams derived from (key, island, epoch, candidate).
 * The buffers of the input state are used up.
 */
export function runEpoch(tools: EpochTools, input: EpochInput, watch: Watch | null = null): EpochOutput {
  const { task } = tools;
  const { parameters, space, seeds } = task;
  const { key, island, epoch, observed } = input;
  const archive = new Archive(space);
  addPacked(archive, input.state.elites);
  const changed = new Set<number>();
  // Under `all` everybody hears of an elite from its own island; elsewhere islands pass on what they accept.
  const forwards = parameters.topology !== "all";
  for (const packed of input.immigrants)
    addPacked(archive, packed, forwards ? (cell) => changed.add(cell) : undefined);

  const counters = emptyCounters();
  const quarantine = task.isCustom ? new Quarantine(input.state.quarantine, epoch) : null;
  const evaluator = new Evaluator(
    task,
    tools.machines,
    counters,
    input.state.cache,
    quarantine,
    watch,
    input.known ?? null,
  );
  const quarantined = new Map(input.quarantine.map((q) => [q.candidate, q.reason]));
  const stream = new RandomStream();
  const operators = new Int32Array(evaluator.places);
  const candidates = new Int32Array(evaluator.places);
  const parents: (Program | null)[] = [];
  const judgements: Judgement[] = [];
  let cell = -1;
  let met: Individual | undefined;
  const settle = (place: number, candidate: number): Fate => {
    cell = -1;
    const reason = quarantined.get(candidate);
    if (reason !== undefined) {
      counters[reason]++;
      evaluator.condemn(place, candidate, reason);
      return reason;
    }
    // A stream of its own for what is drawn after breeding.
    if (evaluator.draws) stream.derive(key, island, epoch, -1 - candidate);
    if (!evaluator.judge(place, candidate, stream)) return evaluator.failure;
    cell = space.cellOf(evaluator.descriptor);
    met = archive.elite(cell);
    if (!archive.mayAdd(cell, evaluator.fitness, evaluator.sizeAt(place))) return "rejected";
    const birth = { epoch, island, candidate, operator: operators[place] as number };
    const status = archive.add(cell, evaluator.individual(place, birth));
    if (status === "rejected") return status;
    counters[status === "new" ? "added" : "improved"]++;
    changed.add(cell);
    return status;
  };
  const { fitter } = tools;
  const skeletons =
    fitter === null
      ? null
      : new EquivalenceCache(parameters.skeletonEntries, 1, input.state.skeletons ?? undefined);
  let parent: Program | undefined;
  const isSeed = (candidate: number): boolean => epoch === 0 && candidate < seeds.length;
  const tell = (judgement: Judgement): void => {
    if (isObserved(observed, judgement.candidate, judgement.fate)) judgements.push(judgement);
  };
  for (let first = 0; first < input.candidates; first += evaluator.places) {
    const bred = Math.min(evaluator.places, input.candidates - first);
    let count = 0;
    fitter?.prepare(archive);
    tools.selector.prepare?.(archive);
    for (let candidate = first; candidate < first + bred; candidate++) {
      if (candidate % parameters.broodSize === 0) {
        // The brood's parent comes from a stream of its own, too.
        stream.derive(key, island, -1 - epoch, candidate);
        parent = archive.count === 0 ? undefined : tools.selector.select(archive, stream).program;
      }
      stream.derive(key, island, epoch, candidate);
      const isRandom =
        (epoch === 0 && candidate < parameters.initialCandidates) ||
        archive.count === 0 ||
        stream.chance(parameters.randomShare);
      const proposal = isSeed(candidate)
        ? { program: seeds[candidate] as Program, operator: -1, parent: null }
        : (isRandom ? tools.random : tools.variation).propose(archive, stream, parent);
      // What a person begins with is judged in any case.
      const program =
        fitter === null || skeletons === null
          ? proposal.program
          : (fitter.fit(proposal.program, proposal.parent, archive, skeletons, stream) ??
            (isSeed(candidate) ? proposal.program : null));
      if (program === null) {
        counters.cacheHits++;
        tell(unjudged(candidate, proposal));
        continue;
      }
      evaluator.put(count, program);
      operators[count] = proposal.operator;
      parents[count] = proposal.parent;
      candidates[count++] = candidate;
    }
    counters.candidates += bred;
    evaluator.prepare(count, archive);
    for (let place = 0; place < count; place++) {
      const candidate = candidates[place] as number;
      const hits = counters.cacheHits;
      const fate = settle(place, candidate);
      if (!isObserved(observed, candidate, fate)) continue;
      tell({
        candidate,
        operator: operators[place] as number,
        parent: parents[place] ?? null,
        program: evaluator.program(place),
        fate,
        isCacheHit: counters.cacheHits > hits,
        measured:
          cell < 0
            ? null
            : {
                fitness: evaluator.fitness,
                descriptor: evaluator.descriptor.slice(),
                cell,
                met: met ?? null,
              },
        error: fate === "threw" && evaluator.thrown !== undefined ? thrownText(evaluator.thrown) : null,
      });
    }
  }
  const cache = evaluator.release();
  const learned = evaluator.learned();
  const total = unpackCounters(input.state.counters);
  for (const name of Object.keys(counters) as (keyof Counters)[]) total[name] += counters[name];
  const elites = packElites(archive, archive.filledCells);
  return {
    state: {
      elites,
      counters: packCounters(total),
      quarantine: quarantine?.release() ?? input.state.quarantine,
      cache,
      skeletons: skeletons?.release() ?? null,
    },
    emigrants: packElites(
      archive,
      [...changed].sort((a, b) => a - b),
    ),
    counters,
    learned,
    digest: elitesDigest(elites, space.cellCount),
    judgements,
  };
}

/** What is told of a candidate that computes what others did before. */
const unjudged = (candidate: number, { program, operator, parent }: Proposal): Judgement => ({
  candidate,
  operator,
  parent,
  program: { tokens: program.tokens.slice(), constants: program.constants.slice() },
  fate: "rejected",
  isCacheHit: true,
  measured: null,
  error: null,
});

/** All buffers of island states, packed elites and evaluations, for a transfer to another thread. */
export function buffersOf(
  ...parts: readonly (IslandState | PackedElites | Evaluations | null)[]
): ArrayBuffer[] {
  const buffers: ArrayBuffer[] = [];
  const visit = (value: unknown): void => {
    if (ArrayBuffer.isView(value)) buffers.push(value.buffer as ArrayBuffer);
    else if (value !== null && typeof value === "object")
      for (const inner of Object.values(value)) visit(inner);
  };
  for (const part of parts) visit(part);
  return buffers;
}

/** A copy of an island's state without the cache, or with it where results depend on it (as they do on skeletons always). */
export function copyIsland(state: IslandState, withCache: boolean): IslandState {
  return structuredClone(withCache ? state : { ...state, cache: null });
}
