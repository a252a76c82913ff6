import type { Selector } from "./selector.ts";

/** Elites drawn as the pool of one selection; bounds the time of a selection on large maps. */
const POOL = 100;

/**
 * ε-lexicase selection (La Cava, Spector and Danai 2016): the cases in random order, each keeping only the elites
 * within ε of the best error on it, until one is left. ε is the median absolute deviation of the pool's errors on the
 * case; with `epsilon: false` it is 0 (Spector 2012). Pools of more than 100 elites are sampled.
 */
export const lexicaseSelector = (epsilon: boolean): Selector => ({
  name: "lexicase",
  needsErrors: true,
  select: (archive, stream) => {
    let pool =
      archive.count <= POOL
        ? Array.from({ length: archive.count }, (_, i) => archive.nth(i))
        : Array.from({ length: POOL }, () => archive.nth(stream.below(archive.count)));
    const caseCount = pool[0]?.errors.length ?? 0;
    const order = Int32Array.from({ length: caseCount }, (_, i) => i);
    for (let i = 0; i < caseCount && pool.length > 1; i++) {
      const j = i + stream.below(caseCount - i);
      const current = order[j] as number;
      order[j] = order[i] as number;
      const errors = pool.map((p) => p.errors[current] as number);
      const tolerance = epsilon ? medianDeviation(errors) : 0;
      const limit = errors.reduce((least, e) => Math.min(least, e), Number.POSITIVE_INFINITY) + tolerance;
      pool = pool.filter((_, k) => (errors[k] as number) <= limit);
    }
    return pool[stream.below(pool.length)] as (typeof pool)[number];
  },
});

function medianDeviation(values: readonly number[]): number {
  const median = (sorted: number[]): number => sorted.sort((a, b) => a - b)[sorted.length >> 1] as number;
  const middle = median([...values]);
  if (!Number.isFinite(middle)) return 0;
  return median(values.map((v) => Math.abs(v - middle)));
}
