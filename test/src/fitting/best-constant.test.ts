import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { bestConstant } from "../../../src/fitting/best-constant.ts";

const columns = (expected: readonly number[], weights: readonly number[]) => ({
  inputs: [],
  expected: Float64Array.from(expected),
  remainders: new Float64Array(expected.length),
  weights: Float64Array.from(weights),
});

describe("the best constant", () => {
  it("is halfway between the ends for absolute errors, and 4/3 for 2^x with relative ones", () => {
    expect(bestConstant(columns([3, -1, 2], [1, 1, 1]), true)).toBe(1);
    expect(bestConstant(columns([1, 1.5, 2], [1, 1 / 1.5, 0.5]), true)).toBeCloseTo(4 / 3, 15);
    expect(bestConstant(columns([1, 2, 6], [1, 1, 1]), false)).toBe(3);
    expect(bestConstant(columns([1, 2], [0, 0]), true)).toBe(0);
  });

  const one = fc.tuple(
    fc.double({ min: -100, max: 100, noNaN: true }),
    fc.double({ min: 0.01, max: 10, noNaN: true }),
  );
  it("has no better one a little beside it or anywhere else", () => {
    fc.assert(
      fc.property(
        fc.array(one, { minLength: 1, maxLength: 30 }),
        fc.double({ min: -100, max: 100, noNaN: true }),
        (pairs, other) => {
          const [expected, weights] = [pairs.map(([value]) => value), pairs.map(([, weight]) => weight)];
          for (const isLargest of [true, false]) {
            const error = (constant: number): number => {
              const errors = pairs.map(([value, weight]) => weight * Math.abs(value - constant));
              return isLargest ? Math.max(...errors) : errors.reduce((sum, value) => sum + value * value, 0);
            };
            const best = bestConstant(columns(expected, weights), isLargest);
            for (const beside of [best - 0.01, best + 0.01, other])
              expect(error(best)).toBeLessThanOrEqual(error(beside) * (1 + 1e-9) + 1e-9);
          }
        },
      ),
    );
  });
});
