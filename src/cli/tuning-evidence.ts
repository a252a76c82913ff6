import { compareSamples, holm, median, type Tuner } from "../index.ts";
import type { Evidence } from "./tune-report.ts";
import type { TuningSearch } from "./tuning-search.ts";
import type { TuningTarget } from "./tuning-target.ts";

/** The first seed of the evidence: the tuning has not seen it. */
const FIRST_FRESH_SEED = 1_000_001;

/** The best against the default in full runs with fresh seeds; null where it was ended before. */
export async function evidenceOf(
  search: TuningSearch,
  { instances, validation, shown }: TuningTarget,
  tuner: Tuner,
  count: number,
): Promise<Evidence[] | null> {
  const { best } = tuner.summary();
  if (count === 0 || best === 0) return [];
  const seeds = Array.from({ length: count }, (_, k) => String(FIRST_FRESH_SEED + k));
  const all = [...instances, ...validation];
  const scores = await search.scoresOf(
    all.flatMap((_, instance) =>
      [best, 0].flatMap((id) =>
        seeds.map((seed) => ({ configuration: tuner.configuration(id), instance, seed, fraction: 1 })),
      ),
    ),
  );
  if (scores === null) return null;
  // What failed is worse than anything.
  const values = scores.map((score) => (Number.isNaN(score) ? Number.NEGATIVE_INFINITY : score));
  const compared = all.map((_, k) => {
    const [tuned, usual] = [0, 1].map((part) => {
      const from = (2 * k + part) * count;
      return seeds.map((seed, at) => ({ seed, value: values[from + at] as number }));
    }) as [{ seed: string; value: number }[], { seed: string; value: number }[]];
    return { tuned, usual, comparison: compareSamples(tuned, usual) };
  });
  const corrected = holm(compared.map(({ comparison }) => comparison.p));
  return compared.map(({ tuned, usual, comparison }, k) => ({
    instance: all[k] as string,
    isTuned: k < instances.length,
    seeds: count,
    bestMedian: shown(median(tuned.map(({ value }) => value))),
    defaultMedian: shown(median(usual.map(({ value }) => value))),
    a12: comparison.a12,
    a12Interval: comparison.a12Interval,
    p: comparison.p,
    correctedP: corrected[k] as number,
  }));
}
