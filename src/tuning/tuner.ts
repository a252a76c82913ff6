import { InputError } from "../../dsl/index.ts";
import { RandomStream } from "../random-stream.ts";
import { type BlockComparison, compareOnBlocks } from "./block-comparison.ts";
import {
  checkSpace,
  type Configuration,
  configurationKey,
  defaultConfiguration,
  type ParameterSpace,
  readConfiguration,
} from "./parameter-space.ts";
import { propose, spreadConfigurations } from "./proposals.ts";
import { strengths } from "./strengths.ts";
import { type Trial, TrialResults } from "./trial-results.ts";
import { type Entrant, type TuningSummary, summaryOf } from "./tuning-summary.ts";

/** What is tuned, on what, and for how long. */
export interface TunerOptions {
  readonly space: ParameterSpace;
  /** How many instances there are, at least 1. */
  readonly instances: number;
  /** Seeds for each instance at most; unbounded unless told. */
  readonly seeds?: number;
  /** Fractions of a full run, rising to 1; [1] unless told. */
  readonly rungs?: readonly number[];
  /** Full runs that all trials together may take, at least 1. */
  readonly budget: number;
  /** Of all choices: the same key, options and scores make the same trials. */
  readonly key: Int32Array;
  /** Trials that a batch has at least where so many are of use; 1 unless told. */
  readonly parallel?: number;
  /** How often a test after one block may eliminate a configuration as worse that is not; 0.05 unless told. */
  readonly significance?: number;
  /** Configurations that take part from the start, beside the default. */
  readonly given?: readonly Configuration[];
}

/** The number of the default configuration. */
const DEFAULT = 0;
const MOST_SEEDS = 2 ** 31;
/** Of the budget, what the first field takes for its first look. */
const FIRST_SHARE = 0.12;
/** Newcomers of an iteration, of the root of the budget. */
const NEWCOMERS = 1;
/** Blocks that the first field is run on at most. */
const FIRST_BLOCKS = 3;
/** Blocks on which newcomers climb the rungs below the full run. */
const LOW_BLOCKS = 2;
/** Instances that newcomers are looked at on before the first of them leave, where parts of runs make that cheap: what is good on one alone is not wanted. */
const LOOK_INSTANCES = 4;
/** Newcomers of which one is kept after a look. */
const HALVING = 4;
/** Blocks from which on newcomers leave that are behind all survivors. */
const FAIR_BLOCKS = 2;
/** Configurations that are kept between iterations, beside the default. */
const ELITES = 6;
/** Part of the budget that is left to tell the last ones apart. */
const FINAL_SHARE = 0.1;

type Steps<T> = Generator<readonly Trial[], T, readonly number[]>;

/**
 * Finds a configuration that does best over instances and seeds. Iterations of racing as in irace (López-Ibáñez et al. 2016): new configurations, proposed
 * by a model of all results, meet the survivors on the same blocks (an instance with a seed), first at a fraction of a run; after each
 * block those that a paired test sees worse than the best leave, and of the newcomers all but the best part (successive halving: Jamieson and
 * Talwalkar 2016). The default is never eliminated.
 *
 * It runs nothing: `next` gives trials, `tell` takes their scores. Told the same, it asks the same, so scores that were kept bring it back to where it was.
 * Scores are compared within a block and rung only.
 */
export class Tuner {
  readonly space: ParameterSpace;
  readonly #options: Required<Omit<TunerOptions, "given" | "space">>;
  readonly #results: TrialResults;
  readonly #entrants: Entrant[] = [];
  readonly #taken = new Set<string>();
  readonly #random = new RandomStream();
  readonly #steps: Steps<void>;
  #batch: readonly Trial[] | null;
  #iteration = 0;
  /** Survivors of all iterations so far, beside the default, and blocks that all of them were run on in full. */
  #elites: number[] = [];
  #blocks = 0;
  /** Whether the budget does not suffice for what would be next. */
  #isSpent = false;

  /** @throws InputError with all that is wrong with the options */
  constructor(options: TunerOptions) {
    this.#options = checkOptions(options);
    this.space = options.space;
    this.#results = new TrialResults(this.#options.rungs);
    this.#enter(defaultConfiguration(this.space));
    for (const given of options.given ?? []) this.#enter(readConfiguration(this.space, given));
    this.#steps = this.#run();
    this.#batch = this.#steps.next().value ?? null;
  }

  /** The trials whose scores are awaited, in any order among themselves; null at the end. */
  next(): readonly Trial[] | null {
    return this.#batch;
  }

  /**
   * Takes the scores of the trials that `next` gave, in their order; larger is better, NaN is the worst.
   * @throws InputError unless there are as many scores as trials
   */
  tell(scores: readonly number[]): void {
    const expected = this.#batch?.length ?? 0;
    if (expected === 0)
      throw new InputError("scores must be told only while trials are awaited; got some after the end.");
    if (scores.length !== expected)
      throw new InputError(
        `scores must be as many as the trials of the batch, ${expected}; got ${scores.length}.`,
      );
    this.#batch = this.#steps.next(scores).value ?? null;
  }

  /** A configuration by its number, canonical; 0 is the default. */
  configuration(id: number): Configuration {
    const entrant = this.#entrants[id];
    if (entrant === undefined)
      throw new InputError(`configuration must be below ${this.#entrants.length}; got ${id}.`);
    return entrant.configuration;
  }

  /** Full runs that were told of so far. */
  get spent(): number {
    return this.#results.spent;
  }

  /** What is known so far; the best is the best so far. */
  summary(): TuningSummary {
    return summaryOf(this.#entrants, this.#results, this.#best());
  }

  /** The survivor with the best mean rank on the blocks that all survivors share; the default where nothing is better. */
  #best(): number {
    if (this.#blocks > 0) {
      const survivors = [DEFAULT, ...this.#elites];
      return survivors[this.#compare(survivors, upTo(this.#blocks), this.#top).best] as number;
    }
    // The budget ended before any survived: those with a full run at least.
    const run = this.#entrants.flatMap(({ eliminated }, id) =>
      eliminated === null && this.#results.score(id, 0, this.#top) !== undefined ? [id] : [],
    );
    return run[0] === DEFAULT ? (run[this.#compare(run, [0], this.#top).best] as number) : DEFAULT;
  }

  get #top(): number {
    return this.#results.rungs.length - 1;
  }

  get #mostBlocks(): number {
    return this.#options.instances * this.#options.seeds;
  }

  *#run(): Steps<void> {
    const { budget, key, parallel } = this.#options;
    const look = (this.#results.rungs[0] as number) * this.#look;
    const first = Math.max(2, Math.round((FIRST_SHARE * budget) / look));
    for (const one of spreadConfigurations(this.space, first, this.#random.derive(key, 0, 0, 0)))
      this.#enter(one);
    let newcomers = this.#entrants.map((_, id) => id).filter((id) => id !== DEFAULT);
    // A space of one configuration has nothing to tune.
    if (newcomers.length === 0) return yield* this.#evaluate([DEFAULT], [0], this.#top);
    const size = Math.max(2, parallel, Math.round(NEWCOMERS * Math.sqrt(budget / look)));
    for (;;) {
      yield* this.#race(newcomers);
      const isFull = this.#blocks >= this.#mostBlocks;
      if (this.#isSpent || (!isFull && this.#results.spent >= (1 - FINAL_SHARE) * budget)) break;
      this.#iteration++;
      newcomers = this.#enterProposals(size);
      if (newcomers.length === 0 && (isFull || this.#elites.length === 0)) break;
    }
    while (!this.#isSpent && this.#blocks < this.#mostBlocks && this.#elites.length > 0)
      yield* this.#nextBlock();
  }

  /** Newcomers meet the survivors, and who survives meets on one more block. */
  *#race(newcomers: readonly number[]): Steps<void> {
    const depth = Math.min(this.#mostBlocks, Math.max(FIRST_BLOCKS, this.#look, this.#blocks));
    const climbed = yield* this.#climb(newcomers, depth);
    if (this.#isSpent) return;
    this.#elites = this.#cull([...this.#elites, ...climbed], [], this.#top, upTo(depth), ELITES);
    // The default alone is run only where others are.
    if (this.#elites.length === 0) return;
    this.#blocks = depth;
    if (depth < this.#mostBlocks) yield* this.#nextBlock();
  }

  /** Runs the survivors and the default on a block more, after which those that are seen worse than the best leave. */
  *#nextBlock(): Steps<void> {
    yield* this.#evaluate([DEFAULT, ...this.#elites], [this.#blocks], this.#top);
    if (this.#isSpent) return;
    this.#blocks++;
    this.#elites = this.#cull(this.#elites, [], this.#top, upTo(this.#blocks), this.#elites.length);
  }

  /** Blocks that newcomers are run on before the first of them leave. */
  get #look(): number {
    const { rungs, instances } = this.#options;
    return rungs.length > 1 ? Math.min(instances, LOOK_INSTANCES) : 1;
  }

  /**
   * Newcomers are run rung by rung on block after block, fewer and fewer of them; those that are left were run in full on all. Where there are lower
   * rungs they begin on other blocks in each iteration: what had luck on some has to have it again elsewhere. Where there are none all begin on the
   * first, and few blocks tell the model how all compare.
   */
  *#climb(newcomers: readonly number[], depth: number): Steps<readonly number[]> {
    const look = this.#look;
    const begin = this.#top > 0 ? this.#iteration * look : 0;
    const order = Array.from({ length: depth }, (_, k) => (begin + k) % depth);
    let left = newcomers;
    for (let rung = 0; rung <= this.#top; rung++) {
      const end = rung === this.#top ? depth : Math.min(depth, Math.max(LOW_BLOCKS, look));
      for (let done = 0; done < end && left.length > 0; ) {
        const more = Math.max(done === 0 ? look : 1, Math.ceil(this.#options.parallel / left.length));
        const next = Math.min(end, done + more);
        yield* this.#evaluate([DEFAULT, ...left], order.slice(done, next), rung);
        if (this.#isSpent) return [];
        done = next;
        const isLast = rung === this.#top && done === end;
        const kept = isLast ? left.length : Math.ceil(left.length / HALVING);
        left = this.#cull(left, this.#elites, rung, order.slice(0, done), kept);
      }
    }
    return left;
  }

  /**
   * Eliminates members by their ranks among themselves, the default and others: those that are seen worse than the best, and the worst until so
   * many are left.
   * @returns those that are left, the best first
   */
  #cull(
    members: readonly number[],
    others: readonly number[],
    rung: number,
    blocks: readonly number[],
    kept: number,
  ): number[] {
    const field = [DEFAULT, ...others, ...members];
    const { meanRanks, chances } = this.#compare(field, blocks, rung);
    const place = new Map(field.map((id, k) => [id, k]));
    const rankOf = (id: number): number => meanRanks[place.get(id) as number] as number;
    const order = members.toSorted((p, q) => rankOf(p) - rankOf(q) || p - q);
    const worst =
      others.length > 0 && blocks.length >= FAIR_BLOCKS ? Math.max(...others.map(rankOf)) : Infinity;
    const left: number[] = [];
    for (const id of order) {
      const p = chances[place.get(id) as number] as number;
      const cause =
        p < this.#options.significance
          ? "test"
          : left.length >= kept || rankOf(id) > worst
            ? "halving"
            : null;
      if (cause === null) left.push(id);
      else {
        const entrant = this.#entrants[id] as Entrant;
        entrant.eliminated = { iteration: this.#iteration, rung, blocks: blocks.length, cause, p };
      }
    }
    return left;
  }

  #compare(members: readonly number[], blocks: readonly number[], rung: number): BlockComparison {
    return compareOnBlocks(this.#results.ranks(members, blocks, rung));
  }

  /**
   * Runs members on blocks up to a rung, one rung after the other, where they were not yet; the first of them first where the budget does not
   * suffice for all.
   */
  *#evaluate(members: readonly number[], blocks: readonly number[], upToRung: number): Steps<void> {
    for (let rung = 0; rung <= upToRung && !this.#isSpent; rung++)
      yield* this.#evaluateRung(members, blocks, rung);
  }

  *#evaluateRung(members: readonly number[], blocks: readonly number[], rung: number): Steps<void> {
    const batch: Trial[] = [];
    let cost = 0;
    for (const block of blocks)
      for (const configuration of members) {
        if (this.#results.score(configuration, block, rung) !== undefined) continue;
        const more = this.#results.cost(configuration, block, rung);
        if (!this.#results.isWithin(this.#options.budget, cost + more)) {
          this.#isSpent = true;
          continue;
        }
        cost += more;
        batch.push({ configuration, ...this.#place(block), rung, block });
      }
    if (batch.length === 0) return;
    const scores = yield batch;
    for (const [k, trial] of batch.entries()) this.#results.add(trial, scores[k] as number);
  }

  /** The instance and seed of a block: every instance once, in an order drawn anew for each seed. */
  #place(block: number): { instance: number; seed: number } {
    const { instances, key } = this.#options;
    const seed = Math.floor(block / instances);
    this.#random.derive(key, 2, seed, 0);
    const order = Array.from({ length: instances }, (_, k) => k);
    for (let k = instances - 1; k > 0; k--) {
      const other = this.#random.below(k + 1);
      [order[k], order[other]] = [order[other] as number, order[k] as number];
    }
    return { instance: order[block % instances] as number, seed };
  }

  #enter(configuration: Configuration): void {
    const key = configurationKey(this.space, configuration);
    if (this.#taken.has(key)) return;
    this.#taken.add(key);
    this.#entrants.push({ configuration, iteration: this.#iteration, eliminated: null });
  }

  /** Lets configurations in that the model of all results proposes. */
  #enterProposals(count: number): number[] {
    const comparisons = this.#results.comparisons();
    const known = strengths(this.#entrants.length, comparisons);
    const run = new Set(comparisons.flatMap(({ members }) => members));
    const rated = this.#entrants.flatMap(({ configuration }, id) =>
      run.has(id) ? [{ configuration, strength: known[id] as number }] : [],
    );
    const first = this.#entrants.length;
    for (const configuration of propose(this.space, rated, count, this.#taken, this.#options.key))
      this.#entrants.push({ configuration, iteration: this.#iteration, eliminated: null });
    return this.#entrants.map((_, id) => id).slice(first);
  }
}

/** The first so many blocks. */
const upTo = (blocks: number): number[] => Array.from({ length: blocks }, (_, k) => k);

function checkOptions(options: TunerOptions): Required<Omit<TunerOptions, "given" | "space">> {
  checkSpace(options.space);
  const {
    instances,
    seeds = MOST_SEEDS,
    rungs = [1],
    budget,
    key,
    parallel = 1,
    significance = 0.05,
  } = options;
  const problems: string[] = [];
  const wants = (isRight: boolean, name: string, rule: string, value: unknown): void => {
    if (!isRight) problems.push(`${name} must be ${rule}; got ${String(value)}.`);
  };
  const isCount = (value: number): boolean => Number.isInteger(value) && value >= 1;
  wants(isCount(instances), "instances", "an integer of at least 1", instances);
  wants(isCount(seeds), "seeds", "an integer of at least 1", seeds);
  wants(isCount(parallel), "parallel", "an integer of at least 1", parallel);
  wants(Number.isFinite(budget) && budget >= 1, "budget", "a number of at least 1", budget);
  wants(significance > 0 && significance < 1, "significance", "between 0 and 1", significance);
  const rising = rungs.every((rung, k) => rung > (rungs[k - 1] ?? 0));
  wants(rising && rungs.at(-1) === 1, "rungs", "fractions above 0 that rise to 1", rungs.join(", "));
  if (problems.length > 0) throw new InputError(problems);
  return { instances, seeds, rungs, budget, key, parallel, significance };
}
