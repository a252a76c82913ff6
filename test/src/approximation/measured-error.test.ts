import { describe, expect, it } from "vitest";
import { arithmetic, compileGrammar, fn, parseProgram, real } from "../../../dsl/index.ts";
import { chebyshevPoints } from "../../../src/approximation/chebyshev-points.ts";
import { largestError } from "../../../src/approximation/measured-error.ts";
import { type Target, unitInLastPlace } from "../../../src/approximation/target.ts";
import { powerOfTwo, sine, targetOf } from "./targets.ts";

const grammar = compileGrammar(arithmetic({ constants: true }), fn({ x: real }, real));
const errorOf = (text: string, target: Target, count = 2001): number =>
  largestError(grammar, parseProgram(grammar, text), target, chebyshevPoints(target.from, target.to, count));

describe("the largest error of a program", () => {
  it("is relative, absolute or in units in the last place", () => {
    // Near 1.5, where a double's last place is 2^-52; 2^x − 1.5 is largest at 0 and 1.
    expect(errorOf("1.5", targetOf(0, 1, "absolute", powerOfTwo))).toBe(0.5);
    expect(errorOf("1.5", targetOf(0, 1, "relative", powerOfTwo))).toBe(0.5);
    // At 1 the last place of doubles is 2^-52, at 2 it is 2^-51.
    expect(errorOf("1.5", targetOf(0, 1, "ulp", powerOfTwo))).toBe(2 ** 51);
    expect(errorOf("1.5", targetOf(0, 1, "ulp", powerOfTwo, "f32"))).toBe(2 ** 22);
  });

  it("sees errors that doubles cannot", () => {
    // sin x = x − x³/6 + x⁵/120 − …
    const target = targetOf(0, 1e-5, "relative", sine);
    expect(errorOf("x", target)).toBeCloseTo(1e-10 / 6, 20);
    expect(errorOf("(- x (/ (* x (* x x)) 6.0))", target)).toBeCloseTo(1e-20 / 120, 27);
  });

  it("leaves out points where the target is zero or not finite, and none else", () => {
    const reciprocal = targetOf(0, 1, "relative", (numbers, out, a) => numbers.invert(out, a));
    expect(errorOf("(/ 1.0 x)", reciprocal)).toBeLessThan(1e-30);
    expect(errorOf("x", targetOf(0, 0.5, "relative", sine))).toBeCloseTo(0.5 / 0.479425538604203 - 1, 12);
    expect(errorOf("(/ x x)", targetOf(-1, 1, "absolute", sine))).toBe(Number.POSITIVE_INFINITY);
    expect(errorOf("(/ 1.0 x)", targetOf(0, 1, "absolute", sine))).toBe(Number.POSITIVE_INFINITY);
  });

  it("says where there is nothing to compare with", () => {
    const nothing = targetOf(-2, -1, "relative", (numbers, out, a) => numbers.squareRoot(out, a));
    expect(() => errorOf("x", nothing)).toThrow(
      "target must have finite values on its interval to compare programs with; got none at 2001 points from -2 to -1.",
    );
  });
});

describe("the unit in the last place", () => {
  it("is the step from a number to the next", () => {
    for (const [value, double, single] of [
      [1, 2 ** -52, 2 ** -23],
      [-1.999999999999999, 2 ** -52, 2 ** -22],
      [2, 2 ** -51, 2 ** -22],
      [1e-310, 2 ** -1074, 2 ** -149],
      [0, 2 ** -1074, 2 ** -149],
      [1e300, 2 ** 944, 2 ** 104],
    ] as const) {
      expect(unitInLastPlace(value, "f64")).toBe(double);
      expect(unitInLastPlace(value, "f32")).toBe(single);
    }
  });
});

describe("Chebyshev points", () => {
  it("ascend from end to end, denser at the ends", () => {
    const points = chebyshevPoints(-1, 3, 9);
    expect([points[0], points[4], points[8]]).toEqual([-1, 1, 3]);
    for (let i = 1; i < points.length; i++) expect(points[i]).toBeGreaterThan(points[i - 1] as number);
    expect((points[1] as number) - (points[0] as number)).toBeCloseTo(2 - 2 * Math.cos(Math.PI / 8), 12);
  });
});
