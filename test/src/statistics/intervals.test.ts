import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  holm,
  median,
  medianInterval,
  normalQuantile,
  normalTail,
  pairedEffect,
  pairedSampleSize,
  unpairedSampleSize,
  varghaDelaney,
  varghaDelaneyInterval,
  wilsonInterval,
} from "../../../src/index.ts";

describe("the normal distribution", () => {
  it.each([
    [0, 0.5],
    [0.1, 0.460172162722971],
    [1, 0.15865525393145707],
    [1.96, 0.024997895148220435],
    [2.999, 0.0013543365337271057],
    [3, 0.0013498980316300933],
    [3.5, 0.00023262907903552502],
    [5, 2.866515718791933e-7],
    [12, 1.776482112077653e-33],
    [37, 5.7255712225239266e-300],
  ])("has the tail of scipy 1.17.1 above %d", (z, tail) => {
    expect(normalTail(z) / tail).toBeCloseTo(1, 12);
    expect(normalTail(-z)).toBeCloseTo(1 - tail, 14);
  });

  it.each([
    [0.5, 0],
    [0.025, 1.9599639845400545],
    [0.975, -1.959963984540054],
    [0.2, 0.8416212335729142],
    [1e-12, 7.034483825301131],
  ])("is above %d for what scipy says", (chance, z) => {
    expect(normalQuantile(chance)).toBeCloseTo(z, 11);
  });
});

describe("an interval for a rate", () => {
  it.each([
    // R. G. Newcombe (1998), table I, to four digits; scipy's binomtest to all.
    [81, 263, 0.2552885198782742, 0.36620957698280004],
    [15, 148, 0.06238639953073629, 0.16048724172330803],
    [0, 20, 0, 0.16112515805281935],
    [1, 29, 0.006113214292762667, 0.17175521879320282],
    [29, 29, 0.8830302015002592, 1],
  ])("is Wilson's for %d of %d", (successes, trials, low, high) => {
    const interval = wilsonInterval(successes, trials);
    expect(interval.low).toBeCloseTo(low, 11);
    expect(interval.high).toBeCloseTo(high, 11);
  });

  it("is everything where nothing was tried", () => {
    expect(wilsonInterval(0, 0)).toEqual({ low: 0, high: 1 });
  });
});

describe("an interval for the median", () => {
  it.each([
    // How many values are left out on each side, and one: from the chances of a coin, as scipy's binom has them.
    [5, 0],
    [6, 1],
    [9, 2],
    [12, 3],
    [17, 5],
    [20, 6],
    [25, 8],
    [50, 18],
    [100, 40],
    [500, 228],
  ])("of %d values goes from the %d-th to the %d-th from the end", (count, place) => {
    const values = Array.from({ length: count }, (_, k) => ((k * 7919) % count) + 1);
    expect(medianInterval(values)).toEqual(place === 0 ? null : { low: place, high: count - place + 1 });
  });

  it("holds the median, which is between the values in the middle", () => {
    expect(median([3, 1, 2])).toBe(2);
    expect(median([4, 1, 2, 3])).toBe(2.5);
    expect(median([Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY])).toBe(Number.POSITIVE_INFINITY);
    expect(median([])).toBeNaN();
    fc.assert(
      fc.property(fc.array(fc.integer(), { minLength: 6, maxLength: 60 }), (values) => {
        const interval = medianInterval(values);
        expect(interval?.low).toBeLessThanOrEqual(median(values));
        expect(interval?.high).toBeGreaterThanOrEqual(median(values));
      }),
    );
  });
});

describe("A12", () => {
  it("is the share of pairs in which the first is above, ties as halves", () => {
    const sample = fc.array(fc.integer({ min: 0, max: 5 }), { minLength: 1, maxLength: 12 });
    fc.assert(
      fc.property(sample, sample, (first, second) => {
        const pairs = first.flatMap((a) => second.map((b) => (a > b ? 1 : a === b ? 0.5 : 0)));
        const share = pairs.reduce<number>((sum, one) => sum + one, 0) / pairs.length;
        expect(varghaDelaney(first, second)).toBeCloseTo(share, 12);
        const { low, high } = varghaDelaneyInterval(first, second);
        expect(low).toBeLessThanOrEqual(share + 1e-12);
        expect(high).toBeGreaterThanOrEqual(share - 1e-12);
        expect(low).toBeGreaterThanOrEqual(0);
        expect(high).toBeLessThanOrEqual(1);
      }),
    );
  });

  it("has the interval of Newcombe's method 5, solved by scipy's brentq", () => {
    // 15 of 20 above all of the others, 5 below: A12 is 0.75.
    const others = Array.from({ length: 20 }, () => 0);
    const first = Array.from({ length: 20 }, (_, k) => (k < 15 ? 1 : -1));
    const { low, high } = varghaDelaneyInterval(first, others);
    expect(low).toBeCloseTo(0.5710714958408711, 10);
    expect(high).toBeCloseTo(0.8659617687222626, 10);
    const apart = varghaDelaneyInterval(Array<number>(10).fill(1), Array<number>(12).fill(0));
    expect(apart.low).toBeCloseTo(0.8159170106835654, 10);
    expect(apart.high).toBe(1);
    expect(varghaDelaneyInterval(Array<number>(5).fill(0), Array<number>(5).fill(1)).high).toBeCloseTo(
      0.35729717606895695,
      10,
    );
  });
});

describe("Holm's correction", () => {
  it("multiplies the smallest by how many there are, the next by one less, and never falls", () => {
    // As p.adjust of R has them.
    expect(holm([0.01, 0.02, 0.03, 0.04])).toEqual(
      [0.04, 0.06, 0.06, 0.06].map((p) => expect.closeTo(p, 12)),
    );
    expect(holm([0.04, 0.01, 0.9])).toEqual([0.08, 0.03, 0.9].map((p) => expect.closeTo(p, 12)));
    expect(holm([])).toEqual([]);
    fc.assert(
      fc.property(fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 1 }), (chances) => {
        const corrected = holm(chances);
        for (const [k, p] of corrected.entries()) {
          expect(p).toBeGreaterThanOrEqual(chances[k] as number);
          expect(p).toBeLessThanOrEqual(1);
          for (const [other, q] of corrected.entries())
            if ((chances[other] as number) < (chances[k] as number)) expect(q).toBeLessThanOrEqual(p);
        }
      }),
    );
  });
});

describe("sample sizes", () => {
  it("are Noether's (1987)", () => {
    // (1.96 + 1.28155)² / (6 · 0.25²) and / (3 · 0.25²).
    const aim = { significance: 0.05, power: 0.9 };
    expect(unpairedSampleSize(0.75, aim)).toBe(29);
    expect(pairedSampleSize(0.75, aim)).toBe(57);
    expect(unpairedSampleSize(0.25, aim)).toBe(29);
    expect(unpairedSampleSize(0.5, aim)).toBe(Number.POSITIVE_INFINITY);
  });

  it("take the effect from the sums of two differences", () => {
    expect(pairedEffect([1, 2, -1])).toBeCloseTo((1 + 0.5 + 1) / 3, 12);
    expect(pairedEffect([1])).toBe(0.5);
  });
});
