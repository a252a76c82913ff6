import { describe, expect, it } from "vitest";
import { kernels } from "../../../dsl/index.ts";
import { alternatingExtremes } from "../../../src/approximation/alternation.ts";
import { chebyshevPoints } from "../../../src/approximation/chebyshev-points.ts";
import { Minimax, type RationalSeries } from "../../../src/approximation/minimax.ts";
import { padeApproximant } from "../../../src/approximation/pade.ts";
import {
  columnOf,
  one,
  type Pair,
  pair,
  product,
  quotient,
  squareRoot,
  sum,
  zero,
} from "../../../src/approximation/pair.ts";
import { powersOfSeries } from "../../../src/approximation/polynomial.ts";
import type { ReducedSamples } from "../../../src/approximation/reduction.ts";
import { taylorSeries } from "../../../src/approximation/taylor-series.ts";
import { sine, targetOf } from "./targets.ts";

const grid = chebyshevPoints(-1, 1, 2001);

const samplesOf = (f: (t: Pair) => Pair): ReducedSamples => ({
  points: columnOf(Array.from(grid, pair)),
  values: columnOf(Array.from(grid, (t) => f(pair(t)))),
  units: new Float64Array(grid.length).fill(1),
  centre: 0,
  radius: 1,
});

const valueAt = ({ numerator, denominator }: RationalSeries, t: number): number => {
  const at = (series: readonly Pair[]): Pair =>
    powersOfSeries(series).reduceRight((inner, c) => sum(c, product(pair(t), inner)), zero);
  return quotient(at(numerator), at(denominator)).high;
};

const largestError = (found: RationalSeries | null, f: (t: number) => number): number =>
  Math.max(...Array.from(grid, (t) => Math.abs(valueAt(found as RationalSeries, t) - f(t))));

describe("minimax approximation", () => {
  it("of tⁿ by lower degrees misses by 2^(1−n): P. L. Chebyshev, 1854", () => {
    for (const n of [2, 3, 6, 9]) {
      const power = (t: Pair): Pair => Array.from({ length: n }).reduce<Pair>((p) => product(p, t), one);
      const found = new Minimax(samplesOf(power)).approximate(n - 1, 0);
      expect(largestError(found, (t) => power(pair(t)).high) / 2 ** (1 - n)).toBeCloseTo(1, 4);
    }
  });

  it("of 1/(t − a) by polynomials misses by (a − √(a² − 1))ⁿ / (a² − 1): P. L. Chebyshev, 1859", () => {
    const minimax = new Minimax(samplesOf((t) => quotient(one, sum(t, pair(-1.25)))));
    for (const n of [1, 2, 5, 8]) {
      const expected = 0.5 ** n / (1.25 * 1.25 - 1);
      expect(largestError(minimax.approximate(n, 0), (t) => 1 / (t - 1.25)) / expected).toBeCloseTo(1, 4);
    }
    // It is such a quotient itself.
    expect(largestError(minimax.approximate(0, 1), (t) => 1 / (t - 1.25))).toBeLessThan(1e-15);
  });

  it("of √t on [0, 1] misses as known of |t| on [−1, 1]: 1/8 by a line, and 0.04369 by a quotient of two (R. S. Varga, A. Ruttan, A. J. Carpenter, 1991)", () => {
    const minimax = new Minimax(samplesOf((t) => squareRoot(quotient(sum(t, one), pair(2)))));
    const root = (t: number): number => Math.sqrt((t + 1) / 2);
    expect(largestError(minimax.approximate(1, 0), root)).toBeCloseTo(1 / 8, 6);
    expect(largestError(minimax.approximate(1, 1), root)).toBeCloseTo(0.04369, 5);
  });

  it("of symmetric functions is found where errors alternate more often than they have to", () => {
    const minimax = new Minimax(samplesOf((t) => (t.high < 0 ? product(pair(-1), t) : t)));
    expect(largestError(minimax.approximate(2, 2), Math.abs)).toBeCloseTo(0.04369, 4);
    expect(largestError(minimax.approximate(2, 0), Math.abs)).toBeCloseTo(1 / 8, 6);
  });

  it("weighs errors by their units", () => {
    const plain = samplesOf((t) => product(t, t));
    const units = Float64Array.from(grid, (t) => (t < 0 ? 1 : 4));
    const found = new Minimax({ ...plain, units }).approximate(1, 0) as RationalSeries;
    const worst = (isIncluded: (t: number) => boolean): number =>
      Math.max(...Array.from(grid, (t) => (isIncluded(t) ? Math.abs(valueAt(found, t) - t * t) : 0)));
    expect(worst((t) => t >= 0) / worst((t) => t < 0)).toBeCloseTo(4, 3);
  });

  it("gives nothing where there is no function without poles, or there are too few points", () => {
    // The best of degrees (1, 1) for an even function is a constant: Newton's method has nothing to go by.
    expect(new Minimax(samplesOf((t) => product(t, t))).approximate(1, 1)).toBeNull();
    const few = columnOf([pair(-1), zero, one]);
    const tiny = { points: few, values: few, units: Float64Array.of(1, 1, 1), centre: 0, radius: 1 };
    expect(new Minimax(tiny).approximate(2, 0)).toBeNull();
    expect(new Minimax(tiny).approximate(1, 0)).not.toBeNull();
  });
});

describe("the next reference of an exchange", () => {
  it("has the largest errors of each sign, in turn", () => {
    expect(alternatingExtremes(Float64Array.of(1, 3, -2, -5, 0, 4), 3)).toEqual([1, 3, 5]);
    expect(alternatingExtremes(Float64Array.of(1, 3, -2, -5, 0, 4), 4)).toBeNull();
  });

  it("leaves out the smallest, in pairs inside and singly at the ends", () => {
    expect(alternatingExtremes(Float64Array.of(9, -1, 2, -8), 2)).toEqual([0, 3]);
    expect(alternatingExtremes(Float64Array.of(1, -9, 8), 2)).toEqual([1, 2]);
    expect(alternatingExtremes(Float64Array.of(1, -9, 8, -2), 2)).toEqual([1, 2]);
  });
});

describe("Taylor series and Padé approximants", () => {
  const exponential = [one];
  for (let k = 1; k < 12; k++) exponential.push(quotient(exponential.at(-1) as Pair, pair(k)));

  it("of exp are those of the books", () => {
    const { numerator, denominator } = padeApproximant(exponential, 2, 2) as NonNullable<
      ReturnType<typeof padeApproximant>
    >;
    expect(numerator.map(({ high }) => high)).toEqual([1, 1 / 2, 1 / 12]);
    expect(denominator.map(({ high }) => high)).toEqual([1, -1 / 2, 1 / 12]);
  });

  it("do not exist in every place of the table", () => {
    expect(padeApproximant([one, zero, one], 1, 1)).toBeNull();
  });

  it("are found from a function's values", () => {
    const series = taylorSeries(targetOf(-1, 3, "absolute", sine), 1, 2, 17) as Pair[];
    let factorial = 1;
    for (const [k, { high }] of series.entries()) {
      if (k > 0) factorial *= k;
      const derivative = [kernels.sin(1), kernels.cos(1), -kernels.sin(1), -kernels.cos(1)][k % 4] as number;
      expect(high / ((derivative * 2 ** k) / factorial)).toBeCloseTo(1, 8);
    }
  });

  it("are not where a function has no derivatives, and near a pole from a smaller circle", () => {
    const absolute = targetOf(-1, 1, "absolute", (numbers, out, a) => numbers.absolute(out, a));
    expect(taylorSeries(absolute, 0, 1, 5)).toBeNull();
    const inverse = targetOf(0, 4, "absolute", (numbers, out, a) => numbers.invert(out, a));
    const series = taylorSeries(inverse, 0.25, 1, 9) as Pair[];
    // 1/(¼ + s) = Σ 4 (−4 s)^k
    for (const [k, { high }] of series.entries()) expect(high / (4 * (-4) ** k)).toBeCloseTo(1, 10);
  });
});
