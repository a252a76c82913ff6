import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { distanceOf } from "../../../src/synthesis/distance.ts";

describe("how far values are apart", () => {
  const value = fc.oneof(
    fc.string({ maxLength: 12 }),
    fc.integer(),
    fc.boolean(),
    fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }),
    fc.array(fc.integer(), { maxLength: 5 }),
  );

  it("is 0 for the same value alone, and a whole number above for others", () => {
    fc.assert(
      fc.property(value, value, (a, b) => {
        const isSame = JSON.stringify([String(a), typeof a]) === JSON.stringify([String(b), typeof b]);
        if (isSame) expect(distanceOf(a, b)).toBe(0);
        else expect(distanceOf(a, b)).toBeGreaterThan(0);
        expect(Number.isSafeInteger(distanceOf(a, b))).toBe(true);
        expect(distanceOf(a, b)).toBe(distanceOf(b, a));
      }),
    );
  });

  it("falls with each replacement on the way to the wanted text", () => {
    const way = ["938 242-504-1", "938.242-504-1", "938.242.504-1", "938.242.504.1"];
    const distances = way.map((text) => distanceOf(way.at(-1) as string, text));
    expect(distances).toEqual([...distances].sort((a, b) => b - a));
    expect(new Set(distances).size).toBe(way.length);
  });

  it("counts bits of words, and failures as farthest", () => {
    expect(distanceOf(0b1011n, 0b0010n)).toBe(2);
    expect(distanceOf("a", undefined)).toBeGreaterThan(distanceOf(0, 1000));
  });
});
