import { type Column, createMachine, type Machine, type Program, programSize } from "../dsl/index.ts";
import type { Counters } from "./counters.ts";
import { EquivalenceCache, type EquivalenceCacheState } from "./equivalence-cache.ts";
import type { Birth, Individual } from "./individual.ts";
import { ProbeSignature } from "./probe-signature.ts";
import type { RandomStream } from "./random-stream.ts";
import type { Coordinate, Task } from "./task.ts";

/** Told before and after code of the experiment's author runs, so that a hang or crash in it can be put down to a candidate. */
export interface Watch {
  enter(candidate: number): void;
  leave(): void;
}

/** The machines of a task: code, tables and terms seen before, none of which can change a result. Made once, for all epochs. */
export interface EvaluationMachines {
  readonly cases: Machine;
  /** Runs the probe set where that is not the cases. */
  readonly probe: Machine | null;
}

export function evaluationMachines(task: Task): EvaluationMachines {
  return {
    cases: createMachine(task.grammar, task.inputs, task.caseCount),
    probe: task.probe === null ? null : createMachine(task.grammar, task.probe.inputs, task.probe.count),
  };
}

/** Evaluates programs of one task, through the functional equivalence cache. */
export class Evaluator {
  readonly #task: Task;
  readonly #machine: Machine;
  /** Runs the probe set where that is not the cases. */
  readonly #probeMachine: Machine | null;
  readonly #signature: ProbeSignature;
  readonly #cache: EquivalenceCache | null;
  readonly #counters: Counters;
  readonly #watch: Watch | null;
  readonly #behaviours: readonly ((column: Column) => number)[];
  /** Fitness, then the behavioural coordinates: what the cache stores. */
  readonly #values: Float64Array;
  readonly #needsErrors: boolean;

  /** The fitness and descriptor of the program evaluated last. */
  fitness = Number.NaN;
  readonly descriptor: Float64Array;

  constructor(
    task: Task,
    machines: EvaluationMachines,
    counters: Counters,
    cache: EquivalenceCacheState | null,
    watch: Watch | null,
  ) {
    const { parameters } = task;
    this.#task = task;
    this.#machine = machines.cases;
    this.#probeMachine = machines.probe;
    this.#signature = new ProbeSignature(parameters.mantissaBits);
    this.#behaviours = task.coordinates.flatMap((c) => (c.kind === "behaviour" ? [c.of] : []));
    this.#values = new Float64Array(1 + this.#behaviours.length);
    this.#cache =
      parameters.cache === "off"
        ? null
        : new EquivalenceCache(parameters.cacheEntries, this.#values.length, cache ?? undefined);
    this.#counters = counters;
    this.#watch = task.isCustom ? watch : null;
    this.#needsErrors = parameters.selector.includes("lexicase");
    this.descriptor = new Float64Array(task.axes.length);
  }

  /** Computes fitness and descriptor; false when the program has none (it is counted why). */
  evaluate(program: Program, candidate: number, stream: RandomStream): boolean {
    const counters = this.#counters;
    const threwBefore = counters.threw;
    const cache = this.#cache;
    let column: Column | null = null;
    if (cache === null) this.#score(this.#machine.run(program), candidate);
    else {
      column = (this.#probeMachine ?? this.#machine).run(program);
      const key = this.#signature.of(column);
      const entry = cache.find(key);
      if (entry >= 0) {
        counters.cacheHits++;
        for (let k = 0; k < this.#values.length; k++) this.#values[k] = cache.value(entry, k);
        if (this.#probeMachine !== null && stream.chance(this.#task.parameters.auditShare))
          this.#audit(program, candidate);
      } else {
        this.#score(this.#probeMachine === null ? column : this.#machine.run(program), candidate);
        cache.insert(key, this.#values);
      }
    }
    const fitness = this.#values[0] as number;
    if (fitness !== fitness || fitness === Number.NEGATIVE_INFINITY) {
      if (counters.threw === threwBefore) counters.notANumber++;
      return false;
    }
    this.fitness = fitness;
    return this.#describe(program);
  }

  /** Notes that the task's own code does not come back from a program's behaviour, so that it is not tried again while the cache remembers. */
  condemn(program: Program): void {
    if (this.#cache === null) return;
    const key = this.#signature.of((this.#probeMachine ?? this.#machine).run(program));
    this.#values.fill(Number.NaN);
    if (this.#cache.find(key) < 0) this.#cache.insert(key, this.#values);
  }

  /** Fills in the values that the cache stores. */
  #score(column: Column, candidate: number): void {
    this.#counters.evaluations++;
    this.#watch?.enter(candidate);
    try {
      this.#values[0] = this.#task.fitness(column);
      for (let k = 0; k < this.#behaviours.length; k++)
        this.#values[k + 1] = (this.#behaviours[k] as (c: Column) => number)(column);
    } catch {
      this.#counters.threw++;
      this.#values.fill(Number.NaN);
    }
    this.#watch?.leave();
  }

  /** Evaluates a hit anyway and counts it if the cache was wrong. The cached values stay in force. */
  #audit(program: Program, candidate: number): void {
    const cached = this.#values.slice();
    this.#score(this.#machine.run(program), candidate);
    this.#counters.evaluations--;
    this.#counters.audits++;
    if (cached.some((value, k) => !Object.is(value, this.#values[k]))) this.#counters.falseMerges++;
    this.#values.set(cached);
  }

  #describe(program: Program): boolean {
    const { coordinates } = this.#task;
    let behaviour = 1;
    for (let k = 0; k < coordinates.length; k++) {
      const coordinate = coordinates[k] as Coordinate;
      const value =
        coordinate.kind === "fitness"
          ? this.fitness
          : coordinate.kind === "form"
            ? coordinate.of(program)
            : (this.#values[behaviour++] as number);
      if (value !== value) {
        this.#counters.notANumber++;
        return false;
      }
      this.descriptor[k] = value;
    }
    return true;
  }

  /** The program evaluated last as an individual with buffers of its own. */
  individual(program: Program, birth: Birth): Individual {
    const own: Program = { tokens: program.tokens.slice(), constants: program.constants.slice() };
    return {
      program: own,
      fitness: this.fitness,
      size: programSize(own),
      descriptor: this.descriptor.slice(),
      errors: this.#needsErrors ? this.#task.errors(this.#machine.run(own)) : new Float64Array(0),
      birth,
    };
  }

  /** The cache's buffers, given up. */
  release(): EquivalenceCacheState | null {
    if (this.#cache !== null) this.#counters.cacheEvictions += this.#cache.evictions;
    return this.#cache?.release() ?? null;
  }
}
