import { normalTail } from "./normal-distribution.ts";
import { ranksOf } from "./ranks.ts";
import type { TestResult } from "./signed-rank-test.ts";

/** Steps that counting p exactly may take: two samples of 50 are within. */
const MOST_EXACT_STEPS = 60_000_000;

/**
 * The rank-sum test for two independent samples (Wilcoxon 1945; Mann and Whitney 1947): whether one is as often above the other as below.
 * With samples of up to some fifty p is exact, also with ties; beyond it is that of the normal distribution with a correction of one half
 * and the variance that ties leave.
 */
export function rankSumTest(first: readonly number[], second: readonly number[]): TestResult {
  const [m, n] = [first.length, second.length];
  const { doubled, tieTerm } = ranksOf([...first, ...second]);
  let sum = 0;
  for (let k = 0; k < m; k++) sum += doubled[k] as number;
  const statistic = (sum - m * (m + 1)) / 2;
  if (m === 0 || n === 0) return { statistic, isAbove: false, p: 1, isExact: true };
  const isAbove = 2 * statistic > m * n;
  const size = m + n;
  const few = Math.min(m, n);
  const steps = size * few * (size + 1) * few;
  if (steps <= MOST_EXACT_STEPS) {
    const total = size * (size + 1);
    return { statistic, isAbove, p: exactChance(doubled, few, m <= n ? sum : total - sum), isExact: true };
  }
  const variance = ((m * n) / 12) * (size + 1 - tieTerm / (size * (size - 1)));
  const distance = Math.max(0, Math.abs(statistic - (m * n) / 2) - 0.5);
  return {
    statistic,
    isAbove,
    p: variance === 0 ? 1 : Math.min(1, 2 * normalTail(distance / Math.sqrt(variance))),
    isExact: false,
  };
}

/** Chance that so many ranks, drawn without putting back, sum up to what is as far from the mean as seen, or farther. */
function exactChance(doubled: Int32Array, drawn: number, sum: number): number {
  const size = doubled.length;
  // The largest ranks bound every sum.
  const most = Array.from(doubled)
    .sort((p, q) => q - p)
    .slice(0, drawn)
    .reduce((total, rank) => total + rank, 0);
  // Ranks drawn × sum: the chance of it among all draws from the ranks seen so far.
  const chances = Array.from({ length: drawn + 1 }, () => new Float64Array(most + 1));
  (chances[0] as Float64Array)[0] = 1;
  for (const [seen, rank] of doubled.entries())
    for (let count = Math.min(drawn, seen + 1); count >= 0; count--) {
      const here = chances[count] as Float64Array;
      const less = chances[count - 1];
      // Of the ranks seen the new one is among those drawn with a chance of count / seen.
      const isDrawn = count / (seen + 1);
      for (let s = most; s >= 0; s--)
        here[s] =
          (1 - isDrawn) * (here[s] as number) +
          (less !== undefined && s >= rank ? isDrawn * (less[s - rank] as number) : 0);
    }
  const mean = drawn * (size + 1);
  const distance = Math.abs(sum - mean);
  let chance = 0;
  (chances[drawn] as Float64Array).forEach((one, s) => {
    if (Math.abs(s - mean) >= distance) chance += one;
  });
  return Math.min(1, chance);
}
