import { normalTail } from "./normal-distribution.ts";
import { ranksOf } from "./ranks.ts";

/** What a test of two samples says. */
export interface TestResult {
  /** Of signed ranks the sum of those above 0, of two samples the number of pairs in which the first is above, ties as halves. */
  readonly statistic: number;
  /** Whether the statistic is above what it is without a difference: differences above 0, or a first sample above the second. */
  readonly isAbove: boolean;
  /** Two-sided. */
  readonly p: number;
  /** Whether p is counted over all ways in which the observed ranks could have fallen, and not taken from the normal distribution. */
  readonly isExact: boolean;
}

/** Pairs up to which p is counted exactly. */
const MOST_EXACT_PAIRS = 100;

/**
 * The signed-rank test for paired samples (Wilcoxon 1945): whether differences are as often above 0 as below, large ones too. Differences of 0
 * are left out. With up to 100 pairs p is exact, also with ties; beyond it is that of the normal distribution with half a rank of
 * correction and the variance that ties leave.
 * @param differences of each pair; infinities are larger than all others
 */
export function signedRankTest(differences: readonly number[]): TestResult {
  const told = differences.filter((difference) => difference !== 0);
  const { doubled, tieTerm } = ranksOf(told.map((difference) => Math.abs(difference)));
  let above = 0;
  let total = 0;
  for (const [k, difference] of told.entries()) {
    total += doubled[k] as number;
    if (difference > 0) above += doubled[k] as number;
  }
  const count = told.length;
  const statistic = above / 2;
  if (count === 0) return { statistic: 0, isAbove: false, p: 1, isExact: true };
  const less = Math.min(above, total - above);
  const isAbove = 2 * above > total;
  if (count <= MOST_EXACT_PAIRS)
    return { statistic, isAbove, p: exactChance(doubled, total, less), isExact: true };
  const variance = (count * (count + 1) * (2 * count + 1)) / 24 - tieTerm / 48;
  const distance = Math.max(0, (total - 2 * less) / 4 - 0.5);
  return {
    statistic,
    isAbove,
    p: Math.min(1, 2 * normalTail(distance / Math.sqrt(variance))),
    isExact: false,
  };
}

/** Chance that the sum of ranks with one sign is as far out as seen, where each rank has either sign with the same chance. */
function exactChance(doubled: Int32Array, total: number, less: number): number {
  // Chance of each sum; no sum is past the half where the rest mirrors it.
  const chances = new Float64Array(total + 1);
  chances[0] = 1;
  let reached = 0;
  for (const rank of doubled) {
    reached += rank;
    for (let sum = reached; sum >= 0; sum--)
      chances[sum] = 0.5 * ((chances[sum] as number) + (sum >= rank ? (chances[sum - rank] as number) : 0));
  }
  let tail = 0;
  for (let sum = 0; sum <= less; sum++) tail += chances[sum] as number;
  return Math.min(1, 2 * tail);
}
