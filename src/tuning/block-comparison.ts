import { holm } from "../statistics/holm.ts";
import { normalTail } from "../statistics/normal-distribution.ts";
import { signedRankTest } from "../statistics/signed-rank-test.ts";

/** How members did on the same blocks. */
export interface BlockComparison {
  /** The mean rank of each, 1 for the best. */
  readonly meanRanks: readonly number[];
  /** The member with the best mean rank, of equals the first. */
  readonly best: number;
  /** Of each how likely a difference to the best as large as seen is by chance, corrected for the number of members; 1 for the best. */
  readonly chances: readonly number[];
}

/**
 * Compares members with the best of them by their ranks on blocks: two by the signed-rank test (Wilcoxon 1945), more by the normal distribution of
 * Friedman's ranks with the variance that ties leave and Holm's correction (Demšar 2006).
 * @param ranks a list for each block, at least one, with the rank of each member, 1 for the best
 */
export function compareOnBlocks(ranks: readonly (readonly number[])[]): BlockComparison {
  const blocks = ranks.length;
  const count = ranks[0]?.length ?? 0;
  const meanRanks = Array.from(
    { length: count },
    (_, member) => ranks.reduce((sum, block) => sum + (block[member] as number), 0) / blocks,
  );
  let best = 0;
  for (let member = 1; member < count; member++)
    if ((meanRanks[member] as number) < (meanRanks[best] as number)) best = member;
  const others = meanRanks.map((_, member) => member).filter((member) => member !== best);
  const variance = ranks.reduce((sum, block) => sum + varianceOf(block), 0) / blocks;
  const chanceOf = (member: number): number => {
    if (count === 2)
      return signedRankTest(ranks.map((block) => (block[member] as number) - (block[best] as number))).p;
    const distance = (meanRanks[member] as number) - (meanRanks[best] as number);
    if (variance === 0) return 1;
    // Ranks of a block sum up to the same, so those of two members are correlated by −1 / (count − 1).
    return Math.min(1, 2 * normalTail(distance / Math.sqrt((2 * variance * count) / ((count - 1) * blocks))));
  };
  const corrected = holm(others.map(chanceOf));
  const chances = meanRanks.map(() => 1);
  others.forEach((member, k) => (chances[member] = corrected[k] as number));
  return { meanRanks, best, chances };
}

function varianceOf(ranks: readonly number[]): number {
  const middle = (ranks.length + 1) / 2;
  return ranks.reduce((sum, rank) => sum + (rank - middle) * (rank - middle), 0) / ranks.length;
}
