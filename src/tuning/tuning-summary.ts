import type { Configuration } from "./parameter-space.ts";
import { ranksOf } from "../statistics/ranks.ts";
import { strengths } from "./strengths.ts";
import type { Trial, TrialResults } from "./trial-results.ts";

/** Where a configuration left the race. */
export interface Elimination {
  /** From 0. */
  readonly iteration: number;
  readonly rung: number;
  /** Blocks that it had been run on at that rung. */
  readonly blocks: number;
  /** By a test that saw it worse than the best, or only for being in the worse part or behind all survivors. */
  readonly cause: "test" | "halving";
  /** How likely a difference to the best as large as seen would be by chance. */
  readonly p: number;
}

/** A configuration in the race. */
export interface Entrant {
  readonly configuration: Configuration;
  /** The iteration that it came in, from 0. */
  readonly iteration: number;
  eliminated: Elimination | null;
}

/** What is known of a configuration. */
export interface TuningRow extends Readonly<Entrant> {
  readonly id: number;
  /** What it was run on. */
  readonly trials: readonly Trial[];
  /** Full runs that these took. */
  readonly cost: number;
  /** The mean over its trials of the part of the others that were better on the same block and rung, ties as halves: 0 is the best, 1 the worst; NaN without. */
  readonly meanRank: number;
  /** Logarithm of the odds against a middling configuration, over all blocks and rungs together. */
  readonly strength: number;
}

/** What a tuner knows. */
export interface TuningSummary {
  /** Number of the best configuration. */
  readonly best: number;
  /** All configurations in the order of their numbers; the default is the first. */
  readonly configurations: readonly TuningRow[];
  /** Full runs that all trials took. */
  readonly spent: number;
  /** Full runs that all configurations would have taken more, run in full on the blocks that they were seen on. */
  readonly saved: number;
}

/** Sums up a race. */
export function summaryOf(entrants: readonly Entrant[], results: TrialResults, best: number): TuningSummary {
  const comparisons = results.comparisons();
  const known = strengths(entrants.length, comparisons);
  const shares = entrants.map((): number[] => []);
  for (const { members, scores } of comparisons) {
    if (members.length < 2) continue;
    const { doubled } = ranksOf(scores.map((score) => -score));
    members.forEach((member, k) =>
      shares[member]?.push(((doubled[k] as number) / 2 - 1) / (members.length - 1)),
    );
  }
  const trialsOf = entrants.map((): Trial[] => []);
  for (const trial of results.trials) trialsOf[trial.configuration]?.push(trial);
  let saved = 0;
  const configurations = entrants.map((entrant, id) => {
    const trials = trialsOf[id] as Trial[];
    const reached = new Map<number, number>();
    for (const { block, rung } of trials) reached.set(block, results.rungs[rung] as number);
    const cost = [...reached.values()].reduce((sum, fraction) => sum + fraction, 0);
    saved += reached.size - cost;
    const ranks = shares[id] as number[];
    const meanRank = ranks.reduce((sum, rank) => sum + rank, 0) / ranks.length;
    return { id, ...entrant, trials, cost, meanRank, strength: known[id] as number };
  });
  return { best, configurations, spent: results.spent, saved };
}
