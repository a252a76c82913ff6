import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  chebyshevPolynomials,
  interpolatingSeries,
  SeriesColumns,
} from "../../../src/approximation/chebyshev-series.ts";
import { continuedFraction, stretchedLevels } from "../../../src/approximation/continued-fraction.ts";
import { solveLinear } from "../../../src/approximation/linear-system.ts";
import {
  columnOf,
  difference,
  one,
  type Pair,
  pair,
  product,
  quotient,
  sum,
  zero,
} from "../../../src/approximation/pair.ts";
import {
  type Coefficients,
  divided,
  keepsSign,
  powersOfSeries,
  stretched,
} from "../../../src/approximation/polynomial.ts";

const numbers = fc.double({ min: -8, max: 8, noNaN: true }).map((x) => pair(Math.round(x * 1024) / 1024 + 0));
const polynomials = fc.array(numbers, { minLength: 1, maxLength: 8 });
const points = fc.double({ min: -1, max: 1, noNaN: true }).map(pair);

const valueAt = (p: Coefficients, x: Pair): Pair =>
  p.reduceRight((inner, c) => sum(c, product(x, inner)), zero);
const sizeOf = (p: Coefficients): number => p.reduce((size, { high }) => size + Math.abs(high), 1);

/** To more digits than doubles have. */
function expectClose(actual: Pair, expected: Pair, scale: number): void {
  expect(Math.abs(difference(actual, expected).high)).toBeLessThan(1e-24 * scale);
}

describe("polynomials in double-double arithmetic", () => {
  it("keep their values as powers of another variable", () => {
    fc.assert(
      fc.property(
        polynomials,
        points,
        numbers,
        fc.double({ min: 0.5, max: 2, noNaN: true }),
        (p, t, centre, radius) => {
          const v = sum(centre, product(pair(radius), t));
          expectClose(
            valueAt(stretched(p, centre, pair(radius)), v),
            valueAt(p, t),
            sizeOf(p) * 32 ** p.length,
          );
        },
      ),
    );
  });

  it("keep their values when they are written as powers instead of a Chebyshev series", () => {
    fc.assert(
      fc.property(polynomials, points, (series, t) => {
        const expected = chebyshevPolynomials(t, series.length).reduce(
          (total, basis, k) => sum(total, product(basis, series[k] as Pair)),
          zero,
        );
        expectClose(valueAt(powersOfSeries(series), t), expected, 1e4 * sizeOf(series));
        const column = columnOf([t, t]);
        new SeriesColumns(columnOf([zero, t])).evaluate(series, column);
        expectClose(
          { high: column.high[1] as number, low: column.low[1] as number },
          expected,
          sizeOf(series),
        );
      }),
    );
  });

  it("are quotient times divisor plus remainder", () => {
    fc.assert(
      fc.property(polynomials, polynomials, points, (p, d, t) => {
        const divisor = [...d, one];
        fc.pre(p.length >= divisor.length);
        const { quotient: whole, remainder } = divided(p, divisor);
        expect(remainder).toHaveLength(divisor.length - 1);
        const back = sum(product(valueAt(whole, t), valueAt(divisor, t)), valueAt(remainder, t));
        expectClose(back, valueAt(p, t), sizeOf(p) * sizeOf(divisor) ** p.length);
      }),
    );
  });

  it("are known to change sign", () => {
    const grid = Float64Array.from({ length: 21 }, (_, i) => i / 10 - 1);
    expect(keepsSign([pair(-0.25), one], grid)).toBe(false);
    expect(keepsSign([pair(-1.25), one], grid)).toBe(true);
    expect(keepsSign([pair(0), one], grid)).toBe(false);
  });

  it("interpolate: T₀ to T₁₉ through 20 points", () => {
    const nodes = Array.from({ length: 20 }, (_, i) => pair(i / 10 - 0.95));
    const wanted = nodes.map((_, k) => pair(1 / (k + 1)));
    const values = nodes.map((t) =>
      chebyshevPolynomials(t, 20).reduce(
        (total, basis, k) => sum(total, product(basis, wanted[k] as Pair)),
        zero,
      ),
    );
    const series = interpolatingSeries(nodes, values) as Pair[];
    for (const [k, c] of series.entries()) expectClose(c, wanted[k] as Pair, 1e6);
    expect(interpolatingSeries([one, one], [one, zero])).toBeNull();
  });
});

describe("linear equations", () => {
  it("are solved to more digits than doubles have: Hilbert's matrix of order 10, of condition 1e13", () => {
    const rows = Array.from({ length: 10 }, (_, i) => {
      const row = Array.from({ length: 10 }, (__, k) => quotient(one, pair(i + k + 1)));
      return [...row, row.reduce((total, c, k) => sum(total, product(c, pair(k - 4))), zero)];
    });
    const solution = solveLinear(rows) as Pair[];
    for (const [k, x] of solution.entries()) expect(x.high).toBeCloseTo(k - 4, 14);
  });

  it("have no solution told where there is not a single one", () => {
    expect(
      solveLinear([
        [one, one, zero],
        [one, one, one],
      ]),
    ).toBeNull();
    expect(solveLinear([[pair(Number.NaN), one]])).toBeNull();
  });
});

describe("continued fractions", () => {
  const size = fc.double({ min: 0.25, max: 4, noNaN: true }).map(pair);
  const levelLists = fc.array(fc.record({ a: size, b: numbers }), { minLength: 1, maxLength: 5 });

  const fractionAt = (whole: Pair, levels: readonly { a: Pair; b: Pair }[], t: Pair): Pair => {
    let rest = zero;
    for (const { a, b } of levels.toReversed()) rest = quotient(a, sum(sum(t, b), rest));
    return sum(whole, rest);
  };

  it("are found from the quotients that they are", () => {
    fc.assert(
      fc.property(levelLists, numbers, (levels, whole) => {
        // a / (t + b + n/d) = a d / ((t + b) d + n)
        let numerator: Coefficients = [];
        let denominator: Coefficients = [one];
        for (const { a, b } of levels.toReversed()) {
          const at = (p: Coefficients, k: number): Pair => p[k] ?? zero;
          const [n, d] = [numerator, denominator];
          denominator = Array.from({ length: d.length + 1 }, (_, k) =>
            sum(sum(at(d, k - 1), product(b, at(d, k))), at(n, k)),
          );
          numerator = d.map((c) => product(a, c));
        }
        const lifted = denominator.map((c, k) => sum(product(whole, c), numerator[k] ?? zero));
        const found = continuedFraction(lifted, denominator);
        expect(found?.whole.map(({ high }) => high)).toEqual([whole.high]);
        expect(found?.levels).toHaveLength(levels.length);
        for (const [k, { a, b }] of levels.entries()) {
          expect(found?.levels[k]?.a.high).toBeCloseTo(a.high, 9);
          expect(found?.levels[k]?.b.high).toBeCloseTo(b.high, 9);
        }
      }),
    );
  });

  it("keep their values in another variable", () => {
    fc.assert(
      fc.property(levelLists, points, numbers, size, (levels, t, centre, radius) => {
        const value = fractionAt(zero, levels, t);
        fc.pre(Math.abs(value.high) < 1e6);
        const v = sum(centre, product(radius, t));
        const moved = fractionAt(zero, stretchedLevels(levels, centre, radius), v);
        expectClose(moved, value, 1e12 * (1 + value.high * value.high));
      }),
    );
  });

  it("are those of Lambert: tanh 1 = 1/(1 + 1/(3 + 1/5 …)), here of t with the quotient's own levels", () => {
    // (t³ + 15 t) / (6 t² + 15) = t/6 + (25/12) / (t + (5/2) / t)
    const fraction = continuedFraction([zero, pair(15), zero, one], [pair(15), zero, pair(6)]);
    expect(fraction?.whole.map(({ high }) => high)).toEqual([0, 1 / 6]);
    expect(fraction?.levels.map(({ a, b }) => [a.high, b.high])).toEqual([
      [12.5 / 6, 0],
      [2.5, 0],
    ]);
  });

  it("do not exist where a degree is left out", () => {
    // 1 / (t² + 1) has no level of the first degree.
    expect(continuedFraction([one, zero, zero], [one, zero, one])).toBeNull();
  });
});
