import {
  BATCH_PROGRAMS,
  type Column,
  type Machine,
  type Program,
  programSize,
  type VectorMachine,
} from "../dsl/index.ts";
import type { Archive } from "./archive/archive.ts";
import type { Coordinate } from "./coordinates.ts";
import type { Counters } from "./counters.ts";
import { EquivalenceCache, type EquivalenceCacheState } from "./equivalence-cache.ts";
import { EvaluationList, type Evaluations } from "./evaluation-list.ts";
import type { EvaluationMachines } from "./evaluation-machines.ts";
import { EvaluationTable } from "./evaluation-table.ts";
import type { Birth, Individual } from "./individual.ts";
import { ProbeSignature } from "./probe-signature.ts";
import type { Quarantine, QuarantineReason } from "./quarantine.ts";
import type { RandomStream } from "./random-stream.ts";
import type { ScoreRecord } from "./score-record.ts";
import type { Task } from "./task.ts";

// Large batches share more; small ones stay in the cache.
const SMALL_BATCH = 64;
const LARGE_BATCH = 512;
const LONG_CASES = 500;

/** Evaluations that an epoch reports at most. */
const LEARNED_ENTRIES = 1 << 16;

const NO_ERRORS = new Float64Array(0);

/** Told before and after code of the experiment's author runs, so that a hang or crash in it can be put down to a candidate. */
export interface Watch {
  enter(candidate: number): void;
  leave(): void;
  /** What was computed before a candidate killed the worker of the same job. */
  readonly scores?: ScoreRecord;
}

/**
 * Evaluates programs of one task, through the functional equivalence cache. First programs are put into places, then
 * `prepare` does for all of them at once what can be done at once, then each is judged.
 */
export class Evaluator {
  readonly #task: Task;
  readonly #machine: Machine;
  /** Runs the probe set where that is not the cases. */
  readonly #probeMachine: Machine | null;
  /** The cases' machine where it measures a batch by itself. */
  readonly #measuring: VectorMachine | null;
  readonly #signature: ProbeSignature;
  readonly #key = new Int32Array(4);
  readonly #cache: EquivalenceCache | null;
  /** What is known from elsewhere, and what others may learn; null where a cache is not exact. */
  readonly #known: EvaluationTable | null;
  readonly #learned: EvaluationList | null;
  readonly #counters: Counters;
  readonly #quarantine: Quarantine | null;
  readonly #watch: Watch | null;
  readonly #behaviours: readonly ((column: Column) => number)[];
  /** Fitness, then the behavioural coordinates: what the cache stores. */
  readonly #values: Float64Array;
  readonly #needsErrors: boolean;
  /** Undefined: as the machine thinks best. */
  readonly #isShared: boolean | undefined;
  readonly #machines: EvaluationMachines;
  /** Where candidates are judged one by one. */
  #program: Program | null = null;
  readonly #sizes = new Int32Array(BATCH_PROGRAMS);
  /** Place × coordinate of the descriptor: those of form. */
  readonly #forms: Float64Array;
  /** Place → place of the batch where the cases' machine measured it, or −1. */
  readonly #measuredAt = new Int32Array(BATCH_PROGRAMS);

  /** Whether the judgement of a candidate draws random numbers. */
  readonly draws: boolean;
  /** How many candidates are bred before they are judged. */
  readonly places: number;
  /** The fitness and descriptor of the program evaluated last. */
  fitness = Number.NaN;
  readonly descriptor: Float64Array;
  /** Why the program judged last has no fitness or descriptor; what the author's code threw last, where that is known. */
  failure: "givenUp" | "notANumber" | "threw" = "notANumber";
  thrown: unknown;

  constructor(
    task: Task,
    machines: EvaluationMachines,
    counters: Counters,
    cache: EquivalenceCacheState | null,
    quarantine: Quarantine | null,
    watch: Watch | null,
    known: Evaluations | null,
  ) {
    const { parameters } = task;
    this.#task = task;
    this.#machine = machines.cases;
    this.#probeMachine = machines.probe;
    this.draws = machines.probe !== null;
    this.#measuring = task.measured === null ? null : (machines.cases as VectorMachine);
    const { batchCandidates } = parameters;
    this.places =
      this.#measuring === null
        ? 1
        : batchCandidates !== "auto"
          ? batchCandidates
          : task.caseCount < LONG_CASES
            ? SMALL_BATCH
            : LARGE_BATCH;
    // Without a cache they say which behaviours are in quarantine.
    const bits = parameters.cache === "off" ? 52 : parameters.mantissaBits;
    this.#signature = new ProbeSignature(bits, parameters.cache !== "lossy");
    this.#behaviours = task.coordinates.flatMap((c) => (c.kind === "behaviour" ? [c.of] : []));
    this.#values = new Float64Array(1 + this.#behaviours.length);
    // Where all cases are measured for the signature anyway, the rest costs less than to look it up.
    this.#cache =
      parameters.cache === "off" || (parameters.cache === "exact" && this.#measuring !== null)
        ? null
        : new EquivalenceCache(parameters.cacheEntries, this.#values.length, cache ?? undefined);
    const isShared = known !== null && this.#cache !== null && parameters.cache === "exact";
    this.#known = isShared ? new EvaluationTable(this.#values.length, 0, known) : null;
    this.#learned = isShared ? new EvaluationList(this.#values.length, LEARNED_ENTRIES) : null;
    this.#counters = counters;
    this.#quarantine = quarantine;
    this.#watch = task.isCustom ? watch : null;
    this.#isShared = parameters.sharing === "auto" ? undefined : parameters.sharing === "on";
    this.#machines = machines;
    this.#needsErrors = task.selector.includes("lexicase");
    this.descriptor = new Float64Array(task.axes.length);
    this.#forms = new Float64Array(this.places * task.axes.length);
  }

  /** Puts a proposed program into a place, 0 ≤ place < `places`, and measures its form while it is at hand. */
  put(place: number, proposed: Program): void {
    if (this.#measuring === null) this.#program = proposed;
    else {
      this.#measuring.put(place, proposed);
      (this.#probeMachine as VectorMachine | null)?.put(place, proposed);
    }
    const { coordinates } = this.#task;
    const first = place * coordinates.length;
    for (let k = 0; k < coordinates.length; k++) {
      const coordinate = coordinates[k] as Coordinate;
      if (coordinate.kind === "form") this.#forms[first + k] = coordinate.of(proposed);
    }
    this.#sizes[place] = programSize(proposed);
  }

  /** A copy of the program in a place. */
  program(place: number): Program {
    if (this.#measuring !== null) return this.#measuring.program(place);
    const { tokens, constants } = this.#program as Program;
    return { tokens: tokens.slice(), constants: constants.slice() };
  }

  #programAt(place: number): Program {
    return this.#measuring?.program(place) ?? (this.#program as Program);
  }

  /** Nodes of the program in a place. */
  sizeAt(place: number): number {
    return this.#sizes[place] as number;
  }

  /** Makes the first `count` places ready to be judged. What cannot enter the archive need not be measured to the end. */
  prepare(count: number, archive: Archive): void {
    const machine = this.#measuring;
    if (machine === null) return;
    const thresholds = this.#machines.thresholds?.of(count, this.#forms, archive);
    const probe = this.#probeMachine as VectorMachine | null;
    if (probe === null) {
      for (let place = 0; place < count; place++) this.#measuredAt[place] = place;
      if (thresholds !== undefined) machine.thresholds.set(thresholds);
      machine.measure(count, this.#isShared);
      return;
    }
    probe.measure(count, this.#isShared);
    let measured = 0;
    for (let place = 0; place < count; place++) {
      const isKnown = this.#cache?.has(this.#keyOf(probe, place)) === true;
      this.#measuredAt[place] = isKnown ? -1 : measured;
      if (isKnown) continue;
      machine.refer(measured++, place);
    }
    machine.measure(measured, this.#isShared);
    for (let place = 0; place < measured; place++) machine.refer(place, place);
  }

  #keyOf(probe: VectorMachine, place: number): Int32Array {
    // The machine's own signatures keep all bits.
    if (this.#task.parameters.mantissaBits < 52) return this.#signature.of(probe.runPlaced(place));
    for (let k = 0; k < 4; k++) this.#key[k] = probe.signatures[4 * place + k] as number;
    return this.#key;
  }

  /** The signature of the program in a place. Where no machine measured it, its column comes with it. */
  #signatureOf(place: number): { readonly key: Int32Array; readonly column: Column | null } {
    if (this.#measuring !== null)
      return { key: this.#keyOf(this.#probeMachine as VectorMachine, place), column: null };
    const column = (this.#probeMachine ?? this.#machine).run(this.#programAt(place));
    return { key: this.#signature.of(column), column: this.#probeMachine === null ? column : null };
  }

  /** What the program in a place gives on the cases. */
  #columnAt(place: number): Column {
    return this.#measuring?.runPlaced(place) ?? this.#machine.run(this.#programAt(place));
  }

  /** Whether the machine found a program in a place to be worse than its cell's elite before it was measured to the end. */
  #isGivenUp(place: number): boolean {
    const at = this.#measuredAt[place] as number;
    return this.#measuring !== null && at >= 0 && this.#measuring.isGivenUp(at);
  }

  /**
   * Computes fitness and descriptor of the program in a place; false when it has none (it is counted why).
   * @param stream decides whether a hit of a lossy cache is audited
   */
  judge(place: number, candidate: number, stream: RandomStream): boolean {
    const counters = this.#counters;
    const threwBefore = counters.threw;
    const cache = this.#cache;
    if (this.#isGivenUp(place)) {
      counters.evaluations++;
      counters.givenUp++;
      this.failure = "givenUp";
      return false;
    }
    let isEvaluated = true;
    if (cache === null && this.#quarantine?.bars !== true) this.#score(place, null, candidate);
    else {
      const { key, column } = this.#signatureOf(place);
      const entry = cache?.find(key) ?? -1;
      if (cache !== null && entry >= 0) {
        isEvaluated = false;
        counters.cacheHits++;
        for (let k = 0; k < this.#values.length; k++) this.#values[k] = cache.value(entry, k);
        if (this.#probeMachine !== null && stream.chance(this.#task.parameters.auditShare))
          this.#audit(place, candidate);
      } else {
        if (this.#known?.read(key, this.#values) === true) {
          isEvaluated = false;
          counters.sharedHits++;
        } else if (this.#quarantine?.isBarred(key) === true) {
          isEvaluated = false;
          this.#values.fill(Number.NaN);
        } else {
          this.#score(place, column, candidate);
          if (this.#isJudged()) this.#learned?.append(key, this.#values);
        }
        cache?.insert(key, this.#values);
      }
    }
    this.failure = counters.threw === threwBefore ? "notANumber" : "threw";
    const fitness = this.#values[0] as number;
    if (fitness !== fitness || fitness === Number.NEGATIVE_INFINITY) {
      if (this.failure === "notANumber") counters.notANumber++;
      if (isEvaluated && (this.failure === "threw" || this.#task.hasOwnFitness))
        this.#list(place, candidate, this.failure);
      return false;
    }
    this.fitness = fitness;
    const isDescribed = this.#describe(place);
    if (!isDescribed && isEvaluated) this.#list(place, candidate, "notANumber");
    return isDescribed;
  }

  /** Whether the values are a fitness and coordinates: failures are listed by whoever meets them, so they are not for others. */
  #isJudged(): boolean {
    return Number.isFinite(this.#values[0]) && this.#values.every((value) => value === value);
  }

  #list(place: number, candidate: number, reason: QuarantineReason): void {
    const quarantine = this.#quarantine;
    if (quarantine === null || quarantine.isFull(reason)) return;
    quarantine.add(candidate, reason, this.#signatureOf(place).key, this.#programAt(place));
  }

  /** Lists a candidate on which the task's own code hangs or kills its worker; its behaviour is not tried again. */
  condemn(place: number, candidate: number, reason: QuarantineReason): void {
    this.#list(place, candidate, reason);
    if (this.#cache === null) return;
    const { key } = this.#signatureOf(place);
    this.#values.fill(Number.NaN);
    if (this.#cache.find(key) < 0) this.#cache.insert(key, this.#values);
  }

  /** Fills in the values that the cache stores. */
  #score(place: number, known: Column | null, candidate: number): void {
    this.#counters.evaluations++;
    const { measured } = this.#task;
    const at = this.#measuredAt[place] as number;
    if (this.#measuring !== null && measured !== null && at >= 0) {
      let error = this.#measuring.errors[at] as number;
      const { precise } = this.#machines;
      if (precise !== null && error < precise.below) error = precise.largest(this.#programAt(place));
      this.#values[0] = measured.fitness(error);
      // Where there is a coordinate of behaviour, it is the number of cases passed, and the error that of the others.
      this.#values.fill(this.#task.caseCount - error, 1);
      return;
    }
    const recalled = this.#watch?.scores?.recall(candidate, this.#values) ?? "unknown";
    if (recalled !== "unknown") {
      if (recalled === "threw") {
        this.thrown = undefined;
        this.#counters.threw++;
      }
      return;
    }
    const column = known ?? this.#columnAt(place);
    let threw = false;
    this.#watch?.enter(candidate);
    try {
      this.#values[0] = this.#task.fitness(column);
      for (let k = 0; k < this.#behaviours.length; k++)
        this.#values[k + 1] = (this.#behaviours[k] as (c: Column) => number)(column);
    } catch (error) {
      threw = true;
      this.thrown = error;
      this.#counters.threw++;
      this.#values.fill(Number.NaN);
    }
    this.#watch?.leave();
    this.#watch?.scores?.remember(candidate, this.#values, threw);
  }

  /** Evaluates a hit anyway and counts it if the cache was wrong. The cached values stay in force. */
  #audit(place: number, candidate: number): void {
    const cached = this.#values.slice();
    this.#score(place, null, candidate);
    this.#counters.evaluations--;
    this.#counters.audits++;
    if (cached.some((value, k) => !Object.is(value, this.#values[k]))) this.#counters.falseMerges++;
    this.#values.set(cached);
  }

  #describe(place: number): boolean {
    const { coordinates } = this.#task;
    const first = place * coordinates.length;
    let behaviour = 1;
    for (let k = 0; k < coordinates.length; k++) {
      const coordinate = coordinates[k] as Coordinate;
      const value =
        coordinate.kind === "fitness"
          ? this.fitness
          : coordinate.kind === "form"
            ? (this.#forms[first + k] as number)
            : (this.#values[behaviour++] as number);
      if (value !== value) {
        this.#counters.notANumber++;
        return false;
      }
      this.descriptor[k] = value;
    }
    return true;
  }

  /** The program of a place, judged last, as an individual with buffers of its own. */
  individual(place: number, birth: Birth): Individual {
    const own = this.program(place);
    return {
      program: own,
      fitness: this.fitness,
      size: this.sizeAt(place),
      descriptor: this.descriptor.slice(),
      errors: this.#needsErrors ? this.#errorsOf(place, birth.candidate) : NO_ERRORS,
      birth,
    };
  }

  #errorsOf(place: number, candidate: number): Float64Array {
    const column = this.#columnAt(place);
    if (!this.#task.hasOwnFitness) return this.#task.errors(column);
    // The author's code runs once more.
    this.#watch?.enter(candidate);
    let errors: Float64Array;
    try {
      errors = this.#task.errors(column);
    } catch {
      errors = new Float64Array(this.#task.caseCount).fill(Number.POSITIVE_INFINITY);
    }
    this.#watch?.leave();
    return errors;
  }

  /** What was evaluated, with a fitness: failures are not for others. */
  learned(): Evaluations | null {
    return this.#learned?.take() ?? null;
  }

  /** The cache's buffers, given up. */
  release(): EquivalenceCacheState | null {
    if (this.#cache !== null) this.#counters.cacheEvictions += this.#cache.evictions;
    return this.#cache?.release() ?? null;
  }
}
