import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { strengths } from "../../../src/tuning/strengths.ts";

const all = [0, 1, 2, 3];

describe("strengths", () => {
  it("are in the order of the scores of one block, even in distance from the middle, and equal where scores are", () => {
    const [a, b, c, d] = strengths(4, [{ members: all, scores: [1, 2, 2, 3], weight: 1 }]) as unknown as [
      number,
      number,
      number,
      number,
    ];
    expect(a).toBeLessThan(b);
    expect(b).toBe(c);
    expect(c).toBeLessThan(d);
    // Steps are taken until the rest is small, not until there is none.
    expect(a + d).toBeCloseTo(0, 2);
  });

  it("do not depend on the scale of a block, infinite scores included", () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: -3, max: 3 }), { minLength: 4, maxLength: 4 }), (scores) => {
        const scaled = scores.map((score) => (score === -3 ? -Infinity : score * 1000 + 7));
        expect(strengths(4, [{ members: all, scores: scaled, weight: 1 }])).toEqual(
          strengths(4, [{ members: all, scores, weight: 1 }]),
        );
      }),
    );
  });

  it("grow with the number of blocks that say the same", () => {
    const block = { members: [0, 1], scores: [0, 1], weight: 1 };
    const once = strengths(2, [block])[1] as number;
    expect(
      strengths(
        2,
        Array.from({ length: 5 }, () => block),
      )[1],
    ).toBeGreaterThan(once + 0.1);
  });

  it("count whom a member was compared with: second among the strong is above first among the weak", () => {
    const weak = { members: [0, 1], scores: [1, 0], weight: 1 };
    const strong = { members: [2, 3], scores: [1, 0], weight: 1 };
    const across = { members: [0, 1, 2, 3], scores: [1, 0, 3, 2], weight: 1 };
    const of = strengths(4, [across, across, weak, strong]);
    expect(of[3]).toBeGreaterThan(of[0] as number);
  });

  it("are in the middle without a comparison", () => {
    expect([...strengths(2, [{ members: [0], scores: [5], weight: 1 }])]).toEqual([0, 0]);
  });
});
