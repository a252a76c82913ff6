import { ranksOf } from "../statistics/ranks.ts";
import type { Comparison } from "./strengths.ts";

/** One run, or the part of it that is still to be done, of a configuration. */
export interface Trial {
  /** Number of the configuration, from 0. */
  readonly configuration: number;
  /** Number of the instance, from 0. */
  readonly instance: number;
  /** Number of the seed, from 0. */
  readonly seed: number;
  /** Number of the rung, from 0: up to which fraction of a full run it goes. */
  readonly rung: number;
  /** Number of the block, an instance with a seed, in the order in which blocks are run. */
  readonly block: number;
}

/** What is left over by sums of fractions. */
const ROUNDING = 1e-9;

/** The scores of all trials by rung, block (an instance with a seed) and configuration, and what they cost in full runs. */
export class TrialResults {
  readonly rungs: readonly number[];
  /** By rung, then block, then configuration. */
  readonly #scores: readonly Map<number, number>[][];
  readonly #trials: Trial[] = [];
  #spent = 0;

  /** @param rungs fractions of a full run, rising to 1 */
  constructor(rungs: readonly number[]) {
    this.rungs = rungs;
    this.#scores = rungs.map(() => []);
  }

  /** Full runs that all trials took together. */
  get spent(): number {
    return this.#spent;
  }

  score(configuration: number, block: number, rung: number): number | undefined {
    return this.#scores[rung]?.[block]?.get(configuration);
  }

  /** The highest rung that a configuration was run to on a block, −1 for none. */
  highestRung(configuration: number, block: number): number {
    return this.#scores.findLastIndex((blocks) => blocks[block]?.has(configuration));
  }

  /** Full runs that a trial takes: what was run of it before is continued. */
  cost(configuration: number, block: number, rung: number): number {
    const before = this.rungs[this.highestRung(configuration, block)] ?? 0;
    return Math.max(0, (this.rungs[rung] as number) - before);
  }

  /** Whether trials that cost so much are within a budget after all that was spent. */
  isWithin(budget: number, cost: number): boolean {
    return this.#spent + cost <= budget + ROUNDING;
  }

  /** @param score NaN is the worst */
  add(trial: Trial, score: number): void {
    const { configuration, block, rung } = trial;
    this.#spent += this.cost(configuration, block, rung);
    const blocks = this.#scores[rung] as Map<number, number>[];
    while (blocks.length <= block) blocks.push(new Map());
    (blocks[block] as Map<number, number>).set(configuration, Number.isNaN(score) ? -Infinity : score);
    this.#trials.push(trial);
  }

  /** All trials in the order in which they were told. */
  get trials(): readonly Trial[] {
    return this.#trials;
  }

  /** Blocks and rungs with the configurations that were run there: higher rungs count more. */
  comparisons(): Comparison[] {
    return this.#scores.flatMap((blocks, rung) =>
      blocks.map((scores) => ({
        members: [...scores.keys()],
        scores: [...scores.values()],
        weight: this.rungs[rung] as number,
      })),
    );
  }

  /**
   * Ranks of members on blocks at a rung, 1 for the best: a list for each block.
   * @param members all have scores there
   */
  ranks(members: readonly number[], blocks: readonly number[], rung: number): number[][] {
    return blocks.map((block) => {
      const scores = members.map((member) => -(this.score(member, block, rung) as number));
      return Array.from(ranksOf(scores).doubled, (doubled) => doubled / 2);
    });
  }
}
