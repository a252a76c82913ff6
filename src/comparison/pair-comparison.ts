import { varghaDelaney, varghaDelaneyInterval } from "../statistics/effect-size.ts";
import { holm } from "../statistics/holm.ts";
import type { Interval } from "../statistics/interval.ts";
import { rankSumTest } from "../statistics/rank-sum-test.ts";
import { pairedEffect, pairedSampleSize, unpairedSampleSize, usualAim } from "../statistics/sample-size.ts";
import { signedRankTest } from "../statistics/signed-rank-test.ts";
import type { RunRecord } from "./run-record.ts";

/** Runs that differ in their seeds alone. */
export interface Variant {
  readonly name: string;
  /** Whether it is there to show what any search should beat; controls are not held against each other. */
  readonly isControl: boolean;
  readonly runs: readonly RunRecord[];
}

/** What can be said of two samples. */
export interface SampleComparison {
  /** Whether runs of the same seed were held against each other; otherwise all against all. */
  readonly isPaired: boolean;
  /** Pairs, or runs of the smaller sample. */
  readonly count: number;
  /** Chance that the first is better, ties as halves, with an interval of 95 %. */
  readonly a12: number;
  readonly a12Interval: Interval;
  /** Two-sided. */
  readonly p: number;
  /** Whether the test sees the first above the second. */
  readonly isFirstAbove: boolean;
  readonly isExact: boolean;
  /** Seeds with which a difference as large as the one that was seen would be found nine times in ten; infinite where none was seen. */
  readonly neededSeeds: number;
}

/** What can be said of two variants. */
export interface PairComparison extends SampleComparison {
  /** Places of the two. */
  readonly first: number;
  readonly second: number;
  /** After Holm's correction over all pairs. */
  readonly correctedP: number;
}

/** How often a difference may be told where there is none. */
export const SIGNIFICANCE = usualAim.significance;

/**
 * Holds all variants against each other, but for controls among themselves. Where two have the same seeds their runs are paired (signed
 * ranks), otherwise not (rank sums).
 * @param of what a run is worth; larger is better
 */
export function comparePairs(variants: readonly Variant[], of: (run: RunRecord) => number): PairComparison[] {
  const samplesOf = ({ runs }: Variant): Sample[] => runs.map((run) => ({ seed: run.seed, value: of(run) }));
  const pairs: { -readonly [K in keyof PairComparison]: PairComparison[K] }[] = [];
  const held = variants.flatMap((one, first) =>
    variants.flatMap((other, second) =>
      first < second && !(one.isControl && other.isControl) ? [{ one, other, first, second }] : [],
    ),
  );
  for (const { one, other, first, second } of held)
    pairs.push({
      first,
      second,
      correctedP: 1,
      ...compareSamples(samplesOf(one), samplesOf(other), held.length),
    });
  for (const [k, p] of holm(pairs.map((pair) => pair.p)).entries())
    (pairs[k] as { correctedP: number }).correctedP = p;
  return pairs;
}

/** What a run with a seed is worth; larger is better. */
export interface Sample {
  readonly seed: string;
  readonly value: number;
}

/**
 * Two samples against each other, paired where they have the same seeds, each once.
 * @param comparisons that are made together, and corrected for
 */
export function compareSamples(
  one: readonly Sample[],
  other: readonly Sample[],
  comparisons = 1,
): SampleComparison {
  const aim = { ...usualAim, significance: usualAim.significance / comparisons };
  const bySeed = new Map(other.map(({ seed, value }) => [seed, value]));
  const isPaired =
    one.length === other.length && bySeed.size === other.length && one.every(({ seed }) => bySeed.has(seed));
  const a = one.map(({ value }) => value);
  const b = isPaired ? one.map(({ seed }) => bySeed.get(seed) as number) : other.map(({ value }) => value);
  const a12 = varghaDelaney(a, b);
  const sizes = { a12, a12Interval: varghaDelaneyInterval(a, b), isPaired };
  if (isPaired) {
    const differences = a.map((value, k) => difference(value, b[k] as number));
    const { p, isExact, isAbove } = signedRankTest(differences);
    return {
      ...sizes,
      isFirstAbove: isAbove,
      count: a.length,
      p,
      isExact,
      neededSeeds: pairedSampleSize(pairedEffect(differences), aim),
    };
  }
  const { p, isExact, isAbove } = rankSumTest(a, b);
  return {
    ...sizes,
    isFirstAbove: isAbove,
    count: Math.min(a.length, b.length),
    p,
    isExact,
    neededSeeds: unpairedSampleSize(a12, aim),
  };
}

/** Infinities that are the same do not differ. */
const difference = (a: number, b: number): number => (a === b ? 0 : a - b);
