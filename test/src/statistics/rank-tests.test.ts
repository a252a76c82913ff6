import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { rankSumTest, signedRankTest } from "../../../src/index.ts";

/** Equal to nine digits. */
const close = (value: number): unknown =>
  expect.closeTo(value, 9 - Math.min(0, Math.floor(Math.log10(value || 1))));

/** Values with many ties, and infinities. */
const value = fc.oneof(
  { weight: 6, arbitrary: fc.integer({ min: -4, max: 4 }) },
  { weight: 1, arbitrary: fc.constantFrom(Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY) },
);
const rankOf = (values: readonly number[], one: number): number =>
  values.filter((other) => other < one).length + (values.filter((other) => other === one).length + 1) / 2;

describe("the signed-rank test", () => {
  it("gives the published p of Darwin's maize (Fisher 1935) and of Hamilton's depression scores (Hollander and Wolfe 1973)", () => {
    const maize = [49, -67, 8, 16, 6, 23, 28, 41, 14, 29, 56, 24, 75, 60, -48];
    expect(signedRankTest(maize)).toMatchObject({ statistic: 96, p: close(0.041259765625), isExact: true });
    const before = [1.83, 0.5, 1.62, 2.48, 1.68, 1.88, 1.55, 3.06, 1.3];
    const after = [0.878, 0.647, 0.598, 2.05, 1.06, 1.29, 1.06, 3.14, 1.29];
    expect(signedRankTest(before.map((x, k) => x - (after[k] as number)))).toMatchObject({
      statistic: 40,
      p: close(0.0390625),
      isExact: true,
    });
  });

  it("agrees with scipy 1.17.1 where p is counted, and where it is that of the normal distribution", () => {
    const differences = Array.from({ length: 60 }, (_, k) => ((k * 37) % 101) - 33.25);
    expect(signedRankTest(differences)).toMatchObject({ p: close(0.00022486259988641066), isExact: true });
    // wilcoxon(…, correction=True, method="approx")
    const many = Array.from({ length: 120 }, (_, k) => ((k * 37) % 101) - 40 + (k % 3));
    expect(signedRankTest(many)).toMatchObject({ p: close(0.00041593834739504576), isExact: false });
  });

  it("counts all ways in which signs could fall, with ties and infinities", () => {
    fc.assert(
      fc.property(fc.array(value, { maxLength: 9 }), (differences) => {
        const told = differences.filter((one) => one !== 0);
        const sizes = told.map((one) => Math.abs(one));
        const ranks = sizes.map((one) => rankOf(sizes, one));
        const sum = (signs: number): number =>
          ranks.reduce((total, rank, k) => total + (((signs >> k) & 1) === 1 ? rank : 0), 0);
        const seen = ranks.reduce((total, rank, k) => total + ((told[k] as number) > 0 ? rank : 0), 0);
        const less = Math.min(seen, sum(-1) - seen);
        const ways = Array.from({ length: 2 ** told.length }, (_, signs) => sum(signs));
        const p = Math.min(1, (2 * ways.filter((one) => one <= less).length) / ways.length);
        expect(signedRankTest(differences)).toMatchObject({ statistic: seen, p: close(p), isExact: true });
      }),
    );
  });

  it("is the same for both directions, says nothing of no differences, and comes to the same from both sides of its change", () => {
    fc.assert(
      fc.property(fc.array(value, { minLength: 101, maxLength: 140 }), (differences) => {
        const { p } = signedRankTest(differences);
        expect(signedRankTest(differences.map((one) => -one)).p).toBeCloseTo(p, 12);
        expect(p).toBeGreaterThanOrEqual(0);
        expect(p).toBeLessThanOrEqual(1);
      }),
    );
    expect(signedRankTest([])).toMatchObject({ statistic: 0, p: 1, isExact: true });
    expect(signedRankTest([0, 0, 0])).toMatchObject({ statistic: 0, p: 1, isExact: true });
    const at = (count: number): number =>
      signedRankTest(Array.from({ length: count }, (_, k) => ((k * 37) % 103) - 40)).p;
    expect(Math.abs(at(100) - at(102))).toBeLessThan(0.02);
  });
});

describe("the rank-sum test", () => {
  it("gives the published p of Hollander and Wolfe's membranes (1973)", () => {
    const term = [0.8, 0.83, 1.89, 1.04, 1.45, 1.38, 1.91, 1.64, 0.73, 1.46];
    const earlier = [1.15, 0.88, 0.9, 0.74, 1.21];
    expect(rankSumTest(term, earlier)).toMatchObject({
      statistic: 35,
      p: close(0.2544122544122544),
      isExact: true,
    });
  });

  it("agrees with scipy 1.17.1 where p is counted, and where it is that of the normal distribution", () => {
    const first = Array.from({ length: 25 }, (_, k) => (k * 31) % 47);
    const second = Array.from({ length: 30 }, (_, k) => ((k * 29) % 53) + 0.5);
    expect(rankSumTest(first, second)).toMatchObject({
      statistic: 383,
      p: close(0.8999529386219234),
      isExact: true,
    });
    // mannwhitneyu(…, use_continuity=True, method="asymptotic")
    const many = Array.from({ length: 200 }, (_, k) => Math.trunc(((k * 53) % 97) / 4));
    const others = Array.from({ length: 160 }, (_, k) => Math.trunc(((k * 29) % 89) / 4 + 1.25));
    expect(rankSumTest(many, others)).toMatchObject({
      statistic: 15235.5,
      p: close(0.4357664964158221),
      isExact: false,
    });
  });

  it("counts all ways in which ranks could fall, with ties and infinities", () => {
    const sample = fc.array(value, { minLength: 1, maxLength: 5 });
    fc.assert(
      fc.property(sample, sample, (first, second) => {
        const all = [...first, ...second];
        const ranks = all.map((one) => rankOf(all, one));
        const mean = (first.length * (all.length + 1)) / 2;
        const distances: number[] = [];
        const draw = (from: number, left: number, sum: number): void => {
          if (left === 0) distances.push(Math.abs(sum - mean));
          else
            for (let k = from; k <= ranks.length - left; k++)
              draw(k + 1, left - 1, sum + (ranks[k] as number));
        };
        draw(0, first.length, 0);
        const seen = Math.abs(ranks.slice(0, first.length).reduce((sum, rank) => sum + rank, 0) - mean);
        const p = distances.filter((one) => one >= seen).length / distances.length;
        const tested = rankSumTest(first, second);
        expect(tested).toMatchObject({ p: close(p), isExact: true });
        expect(rankSumTest(second, first).p).toBeCloseTo(tested.p, 12);
      }),
    );
  });

  it("says nothing where a sample is empty or all values are the same, of any number", () => {
    for (const count of [0, 1, 20, 300]) {
      expect(rankSumTest(Array<number>(count).fill(3), Array<number>(count).fill(3)).p).toBe(1);
      expect(rankSumTest([], Array<number>(count).fill(3)).p).toBe(1);
    }
  });
});
