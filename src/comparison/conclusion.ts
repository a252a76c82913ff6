import { counted } from "../counted.ts";
import type { Comparison } from "./comparison.ts";
import { type PairComparison, SIGNIFICANCE } from "./pair-comparison.ts";
import { measures } from "./measure.ts";

/** Differences of A12 below which it is not worth while to run more seeds. */
const SMALL_EFFECT = 0.06;
/** Seeds below which even the most extreme outcome has a chance above 5 %: 2⁻⁵ · 2, and 2 in 20. */
const LEAST_PAIRS = 6;
const LEAST_RUNS = 4;
/** More seeds than anybody would run. */
const MOST_SEEDS = 10_000;

const share = (value: number): string => value.toFixed(2);
const chance = (p: number): string => (p < 0.0001 ? "p < 0.0001" : `p = ${p.toFixed(4)}`);

/** Whether a pair of variants differs beyond what chance gives, after Holm's correction. */
export const isDifferent = ({ correctedP }: PairComparison): boolean => correctedP < SIGNIFICANCE;

/** What may be concluded of each pair of variants, and what may not: a sentence each, and one of what holds for all. */
export function conclusions({ measure, variants, pairs }: Comparison): string[] {
  const { title } = measures[measure];
  const sentences = pairs.map((pair): string => {
    const { a12, a12Interval, count, neededSeeds } = pair;
    const [one, other] = [variants[pair.first]?.name, variants[pair.second]?.name] as [string, string];
    const isFirst = isDifferent(pair) ? pair.isFirstAbove : a12 >= 0.5;
    const [better, worse] = isFirst ? [one, other] : [other, one];
    const effect = isFirst ? a12 : 1 - a12;
    const [low, high] = isFirst
      ? [a12Interval.low, a12Interval.high]
      : [1 - a12Interval.high, 1 - a12Interval.low];
    const seen = `A12 ${share(effect)}, ${share(low)} to ${share(high)}; ${chance(pair.correctedP)}; ${seedsText(pair)}`;
    if (isDifferent(pair)) {
      // Most pairs of the same seed may say one thing, and all runs against all another.
      const contrary =
        effect < 0.5 ? ", but only where runs of the same seed are held against each other" : "";
      return `${better} is better than ${worse} by ${title}${contrary} (${seen}).`;
    }
    const nothing = `Nothing may be concluded about ${better} and ${worse} by ${title} (${seen})`;
    if (count < (pair.isPaired ? LEAST_PAIRS : LEAST_RUNS))
      return `${nothing}: with so few seeds no difference can be told; there must be ${pair.isPaired ? LEAST_PAIRS : LEAST_RUNS} at least.`;
    if (effect - 0.5 < SMALL_EFFECT || neededSeeds > MOST_SEEDS)
      return `${nothing}: if they differ as little as it seems, it is not worth more seeds.`;
    return `${nothing}: if they differ as much as it seems, ${counted(moreSeeds(count, neededSeeds), "more seed")} would show it nine times in ten.`;
  });
  const scope =
    pairs.length > 1
      ? `With any of these ${pairs.length} comparisons a difference is told in at most ${100 * SIGNIFICANCE} % of cases where there is none, and all are about these tasks and this budget.`
      : "This is about these tasks and this budget.";
  return [...sentences, scope];
}

/** Seeds to add; where as many as are needed have run and chance went the other way, as many again. */
export const moreSeeds = (count: number, needed: number): number => (needed > count ? needed - count : count);

const seedsText = ({ isPaired, count }: PairComparison): string =>
  isPaired ? `${counted(count, "seed")}, paired` : `${counted(count, "run")} each, not paired`;
