import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { normalTail, signedRankTest } from "../../../src/index.ts";
import { compareOnBlocks } from "../../../src/tuning/block-comparison.ts";

const repeated = (ranks: readonly number[], blocks: number): number[][] =>
  Array.from({ length: blocks }, () => [...ranks]);

describe("a comparison on blocks", () => {
  it("has Friedman's variance of ranks without ties: k (k + 1) / 6 n of a difference of means", () => {
    const { chances, best } = compareOnBlocks(repeated([2, 1, 3, 4], 5));
    expect(best).toBe(1);
    const deviation = Math.sqrt((4 * 5) / (6 * 5));
    // Holm: the smallest chance counts three times, the next twice.
    expect(chances[3]).toBeCloseTo(3 * 2 * normalTail(3 / deviation), 12);
    expect(chances[2]).toBeCloseTo(2 * 2 * normalTail(2 / deviation), 12);
    expect(chances[0]).toBeCloseTo(2 * normalTail(1 / deviation), 12);
    expect(chances[1]).toBe(1);
  });

  it("is the signed-rank test for two", () => {
    for (const blocks of [1, 5, 6, 12])
      expect(compareOnBlocks(repeated([1, 2], blocks)).chances[1]).toBe(
        signedRankTest(Array.from({ length: blocks }, () => 1)).p,
      );
  });

  it("sees no difference where all are equal, and takes the first for the best", () => {
    expect(compareOnBlocks(repeated([2, 2, 2], 9))).toEqual({
      meanRanks: [2, 2, 2],
      best: 0,
      chances: [1, 1, 1],
    });
  });

  it("seldom sees a difference where there is none", () => {
    let seen = 0;
    const runs = 400;
    fc.assert(
      fc.property(
        fc.array(fc.array(fc.integer(), { minLength: 6, maxLength: 6 }), { minLength: 8, maxLength: 8 }),
        (draws) => {
          const ranks = draws.map((block) => {
            // Places in an order by draws, of equals the first: without ties.
            const order = block
              .map((_, k) => k)
              .sort((p, q) => (block[p] as number) - (block[q] as number) || p - q);
            return block.map((_, k) => order.indexOf(k) + 1);
          });
          if (compareOnBlocks(ranks).chances.some((chance) => chance < 0.05)) seen++;
        },
      ),
      { numRuns: runs, seed: 1 },
    );
    // Against the best of those seen, not one named before: more often than one in twenty.
    expect(seen / runs).toBeLessThan(0.25);
  });
});
