import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  arithmetic,
  compileGrammar,
  DerivativeMachine,
  type DerivativeMachineOptions,
  type DescentLimits,
  fn,
  InputError,
  parseProgram,
  type Program,
  real,
} from "../../dsl/index.ts";
import { LevenbergMarquardt } from "../../src/fitting/levenberg-marquardt.ts";
import { randomProgram, randomStream } from "./random-programs.ts";

const grammar = compileGrammar(
  arithmetic({ constants: true, operations: ["+", "-", "*", "/"] }),
  fn({ x: real }, real),
);
const program = (text: string): Program => parseProgram(grammar, text);
const pointsOf = (count: number): number[] => Array.from({ length: count }, (_, i) => (i + 0.5) / count);
const long: DescentLimits = { maximumSteps: 400, patienceSteps: 20 };
/** Seven operations for 2^x (Real et al. 2023), with the constants that fit 2^x on (0, 1]. */
const seven = program(
  "(let ((s1 (+ x (/ 90.4939 x)))) (+ (/ 62.7256 (+ -31.3628 (+ (/ 237.379 s1) s1))) 1.0))",
);

/** The sum of squares and the constants where a descent ends. */
function descend(
  { tokens, constants }: Program,
  points: readonly number[],
  expected: readonly number[],
  { limits = long, ...options }: DerivativeMachineOptions & { readonly limits?: DescentLimits } = {},
): { readonly sum: number; readonly constants: Float64Array; readonly steps: number } {
  const machine = new DerivativeMachine(grammar, [points], expected, options);
  machine.prepare({ tokens, constants });
  const found = constants.slice();
  const sum = machine.descend(found, limits);
  return { sum, constants: found, steps: machine.triedSteps };
}

/** The same by the method in TypeScript. */
function descendSlowly(
  { tokens, constants }: Program,
  points: readonly number[],
  expected: readonly number[],
  limits: DescentLimits = long,
): number {
  const machine = new DerivativeMachine(grammar, [points], expected);
  machine.prepare({ tokens, constants });
  const fit = new LevenbergMarquardt(points.length, constants.length);
  return fit.minimise(
    {
      caseCount: points.length,
      at: (c) => machine.residuals(c),
      linearAt: (c) => machine.jacobian(c),
    },
    constants.slice(),
    limits,
  );
}

describe("a descent in the vector machine", () => {
  it.each([
    "(+ 1.0 (* x 0.5))",
    "(+ 1.0 (* x (+ 0.5 (* x 0.3))))",
    "(/ 3.0 (+ x -4.0))",
    "(+ -0.5 (/ -5.0 (+ x -3.4)))",
    "(/ (+ 2.0 (* x 1.2)) (+ 2.0 (* x -0.1)))",
    "(let ((s (+ 1.0 (* x 0.1)))) (* s (+ s (* 0.4 x))))",
  ])("reaches what the method in TypeScript reaches: %s", (text) => {
    const points = pointsOf(29);
    const expected = points.map((x) => 2 ** x);
    const quick = descend(program(text), points, expected);
    const slow = descendSlowly(program(text), points, expected);
    expect(Math.abs(quick.sum / slow - 1)).toBeLessThan(1e-6);
    expect(quick.sum).toBeLessThan(0.03);
  });

  it.each([
    [1, 5e-10],
    [2, 2e-10],
    [4, 2e-12],
  ])("follows the curved valley of seven operations for 2^x to 2^(x/%i)", (part, error) => {
    const points = pointsOf(24).map((x) => x * x);
    const expected = points.map((x) => 2 ** (x / part));
    const { sum } = descend(seven, points, expected, { weights: expected.map((y) => 1 / y) });
    expect(Math.sqrt(sum / points.length)).toBeLessThan(error);
  });

  it("never goes up, is the sum where it ends, and is Infinity where it begins with no number", () => {
    const points = pointsOf(13);
    const expected = points.map((x) => 1 / (1.1 - x));
    fc.assert(
      fc.property(fc.integer(), fc.integer({ min: 0, max: 12 }), (seed, maximumSteps) => {
        const any = randomProgram(grammar, randomStream(seed), 15);
        const machine = new DerivativeMachine(grammar, [points], expected);
        machine.prepare(any);
        const before = machine.sumOfSquares(any.constants);
        const found = any.constants.slice();
        const sum = machine.descend(found, { maximumSteps, patienceSteps: 3 });
        if (!(before < Number.POSITIVE_INFINITY)) {
          expect(sum).toBe(Number.POSITIVE_INFINITY);
          expect(found).toEqual(any.constants);
          return;
        }
        expect(sum).toBeLessThanOrEqual(before);
        expect(machine.sumOfSquares(found)).toBe(sum);
        if (maximumSteps === 0) expect(found).toEqual(any.constants);
      }),
      { numRuns: 60, seed: 3 },
    );
    const nowhere = program("(/ 1.0 (* 0.0 x))");
    expect(descend(nowhere, points, expected).sum).toBe(Number.POSITIVE_INFINITY);
    const noNumber = { tokens: seven.tokens, constants: seven.constants.map(() => Number.NaN) };
    expect(descend(noNumber, points, expected).sum).toBe(Number.POSITIVE_INFINITY);
  });

  it("stays where a constant changes nothing, and moves the others", () => {
    const points = pointsOf(9);
    // 5 (x − x) + 2 x: the 5 has the derivative 0.
    const redundant = program("(+ (* 5.0 (- x x)) (* 2.0 x))");
    const expected = points.map((x) => 3 * x);
    const { constants, sum } = descend(redundant, points, expected);
    expect(constants[0]).toBe(5);
    expect(sum).toBeLessThanOrEqual(9);
    // Both constants do the same: the matrix is singular but for the damping.
    const twice = descend(
      program("(+ 1.0 (+ x 2.0))"),
      points,
      expected.map((y) => y + 7),
    );
    expect(twice.sum).toBeLessThan(12);
    expect(
      descend(
        program("(* x x)"),
        points,
        points.map((x) => x * x),
      ).sum,
    ).toBe(0);
    expect(descend(program("(* x x)"), points, points).sum).toBeGreaterThan(0);
  });

  it("takes no account of blocks, nor of what lies behind the last case", () => {
    const constants = Float64Array.of(0.7, 0.6, 0.2);
    const { tokens } = program("(+ 1.0 (* x (+ 0.5 (* x 0.3))))");
    for (const count of [3, 7, 8, 9, 15, 16, 17, 31, 63, 64, 65, 200]) {
      const points = pointsOf(count);
      const expected = points.map((x) => 2 ** x);
      const results = [64, 128, 512, 2048].map((blockBytes) =>
        descend({ tokens, constants }, points, expected, { blockBytes }),
      );
      for (const result of results) expect(result).toEqual(results[0]);
      // Cases that count nothing change next to nothing, whichever lanes they fill.
      const padded = descend({ tokens, constants }, [...points, 5, 6, 7], [...expected, 1e3, -1e3, 1], {
        weights: [...points.map(() => 1), 0, 0, 0],
      });
      const { sum } = results[0] as { sum: number };
      if (count > 3) expect(Math.abs(padded.sum / sum - 1)).toBeLessThan(1e-7);
      else expect(padded.sum).toBeLessThan(1e-20);
    }
  });

  it("does not see cases behind the last one that have no value", () => {
    // 1 / (x − c) on 9 cases: the register behind holds zeros, where the program has a pole if c is 0.
    const points = pointsOf(9).map((x) => x + 1);
    const expected = points.map((x) => 2 / x);
    const { sum, constants } = descend(program("(/ 1.0 (+ x 0.0))"), points, expected);
    expect(sum).toBeLessThan(1e-20);
    expect(constants[0]).toBeCloseTo(2, 9);
  });

  it("ends below the least sum, after probation without hope, and with no step where it has no patience", () => {
    const points = pointsOf(24);
    const expected = points.map((x) => 2 ** x);
    const text = "(+ -0.5 (/ 3.0 (+ x -2.5)))";
    const from = (limits: Partial<DescentLimits>) =>
      descend(program(text), points, expected, { limits: { ...long, ...limits } });
    const start = from({ maximumSteps: 0 }).sum;
    const end = from({});
    expect(end.sum).toBeLessThan(start / 10);
    const halfway = from({ leastSum: start / 2 });
    expect(halfway.sum).toBeLessThanOrEqual(start / 2);
    expect(halfway.steps).toBeLessThan(end.steps);
    expect(from({ leastSum: start }).sum).toBe(start);
    expect(from({ probationSteps: 0, hope: start / 2 }).sum).toBe(start);
    expect(from({ probationSteps: 0, hope: start }).sum).toBe(end.sum);
    expect(from({ probationSteps: 2, hope: 0 })).toEqual(from({ maximumSteps: 2 }));
    expect(from({ probationSteps: 2, hope: start })).toEqual(end);
    expect(from({ patienceSteps: 0 }).sum).toBe(start);
    // The method in TypeScript has the same limits.
    const slowly = (limits: Partial<DescentLimits>) =>
      descendSlowly(program(text), points, expected, { ...long, ...limits });
    expect(slowly({ leastSum: start })).toBeCloseTo(start, 12);
    expect(slowly({ probationSteps: 2, hope: 0 })).toBe(slowly({ maximumSteps: 2 }));
    expect(slowly({ probationSteps: 2, hope: start })).toBe(slowly({}));
  });

  it("goes at once where a first damping is small, and ends with one of 0 where there is no way down", () => {
    const points = pointsOf(24);
    const line = program("(+ 0.0 (* x 0.0))");
    const expected = points.map((x) => 3 - 2 * x);
    const step = (firstDamping: number): number =>
      descend(line, points, expected, { limits: { maximumSteps: 1, patienceSteps: 1, firstDamping } }).sum;
    expect(step(1e-14)).toBeLessThan(1e-20);
    expect(step(1)).toBeGreaterThan(1);
    expect(step(0)).toBeLessThan(1e-20);
    const flat = program("(+ 1.0 (- x x))");
    const ones = points.map(() => 1);
    expect(descend(flat, points, ones, { limits: { ...long, firstDamping: 0 } }).sum).toBe(0);
    const stuck = program("(* 0.0 (- x x))");
    expect(descend(stuck, points, ones, { limits: { ...long, firstDamping: 0 } }).sum).toBe(24);
    expect(descendSlowly(stuck, points, ones, { ...long, firstDamping: 0 })).toBe(24);
  });

  it("holds a program against other targets, with their weights", () => {
    const points = pointsOf(11);
    const targetOf = (k: number) => ({
      expected: points.map((x) => k + (k - 4) * x),
      weights: points.map((x) => 1 + k * x),
    });
    const main = targetOf(1);
    const machine = new DerivativeMachine(grammar, [points], main.expected, {
      weights: main.weights,
      otherTargets: [targetOf(2), targetOf(3)],
    });
    const line = program("(+ 0.0 (* x 0.0))");
    for (let target = 0; target < 3; target++) {
      const { expected, weights } = targetOf(target + 1);
      const alone = new DerivativeMachine(grammar, [points], expected, { weights });
      alone.prepare(line);
      machine.prepare(line, target);
      expect(machine.sumOfSquares(line.constants)).toBe(alone.sumOfSquares(line.constants));
      expect(machine.residuals(line.constants)).toEqual(alone.residuals(line.constants));
      const found = line.constants.slice();
      machine.descend(found, long);
      // (+ c (* d x)) in the order of its constants
      expect(Array.from(found, (c) => Math.round(c * 1e6) / 1e6)).toEqual([target + 1, target - 3]);
    }
    const unweighted = new DerivativeMachine(grammar, [points], main.expected, {
      otherTargets: [targetOf(2)],
    });
    unweighted.prepare(line);
    const plain = new DerivativeMachine(grammar, [points], main.expected);
    plain.prepare(line);
    expect(unweighted.sumOfSquares(line.constants)).toBe(plain.sumOfSquares(line.constants));
    for (const target of [3, -1, 0.5, Number.NaN])
      expect(() => machine.prepare(line, target)).toThrow(/target must be a whole number from 0 to 2.*got/);
    expect(() => plain.prepare(line, 1)).toThrow(InputError);
  });
});
