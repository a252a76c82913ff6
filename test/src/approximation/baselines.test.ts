import { describe, expect, it } from "vitest";
import {
  arithmetic,
  type ArithmeticOperation,
  compileGrammar,
  DoubleDoubleMachine,
  fn,
  parseProgram,
  printProgram,
  programOperations,
  readFormula,
  real,
} from "../../../dsl/index.ts";
import { type Baseline, baselines } from "../../../src/approximation/baselines.ts";
import type { BaselineMethod } from "../../../src/approximation/candidate.ts";
import { chebyshevPoints } from "../../../src/approximation/chebyshev-points.ts";
import { largestError } from "../../../src/approximation/measured-error.ts";
import { errorUnit, type Target } from "../../../src/approximation/target.ts";
import { binaryLogarithm, errorFunction, powerOfTwo, type Rule, sine, targetOf } from "./targets.ts";

const grammar = compileGrammar(arithmetic({ constants: true }), fn({ x: real }, real));

/** Operations → error, of a method. */
const errorsOf = (found: readonly Baseline[], method: Baseline["method"]): Record<number, number> =>
  Object.fromEntries(found.filter((b) => b.method === method).map((b) => [b.operations, b.error]));

function expectErrors(actual: Record<number, number>, expected: Record<number, number>): void {
  for (const [operations, error] of Object.entries(expected)) {
    const ratio = (actual[Number(operations)] as number) / error;
    expect.soft(ratio, `${operations} operations`).toBeGreaterThan(0.99);
    expect.soft(ratio, `${operations} operations`).toBeLessThan(1.01);
  }
}

/** How often the errors of a program alternate between nearly the largest and nearly its negative. */
function alternations(program: string, target: Target): number {
  const points = chebyshevPoints(target.from, target.to, 2001);
  const wanted = target.evaluate(points);
  const { high, low } = new DoubleDoubleMachine(grammar, [points], points.length).run(
    parseProgram(grammar, program),
  );
  const errors = Array.from(points, (_, i) => {
    const unit = errorUnit(target, wanted.high[i] as number);
    return (
      ((high[i] as number) - (wanted.high[i] as number) + ((low[i] as number) - (wanted.low[i] as number))) /
      unit
    );
  }).filter((error) => !Number.isNaN(error));
  const largest = Math.max(...errors.map(Math.abs));
  let count = 0;
  let sign = 0;
  for (const error of errors)
    if (Math.abs(error) > 0.998 * largest && Math.sign(error) !== sign) {
      sign = Math.sign(error);
      count++;
    }
  return count;
}

const onePlusErrorFunction: Rule = (numbers, out, a, free) => {
  errorFunction(numbers, out, a, free);
  numbers.set(free, 1);
  numbers.add(out, out, free);
};

const power = targetOf(0, 1, "relative", powerOfTwo);
const powerBaselines = baselines(power, 12);

describe("baselines of 2^x on [0, 1]", () => {
  it("reach what is known of their methods", () => {
    expectErrors(errorsOf(powerBaselines, "minimax polynomial"), {
      2: 2.98e-2,
      4: 1.7247e-3,
      6: 7.48e-5,
      8: 2.59e-6,
      10: 7.49e-8,
    });
    // About ½; written out in powers of x, the subtraction is not needed.
    expectErrors(errorsOf(powerBaselines, "Taylor"), { 10: 3.24e-6 });
    expectErrors(errorsOf(powerBaselines, "rational minimax"), { 2: 2.98e-2, 4: 8.67e-4, 8: 4.34e-7 });
    // Degrees (3, 3) and (4, 4); symmetry about ½ spares an operation of nine, and two of twelve.
    expectErrors(errorsOf(powerBaselines, "continued fraction"), { 3: 8.67e-4, 8: 9.31e-11, 10: 1.12e-14 });
    expectErrors(errorsOf(powerBaselines, "scaling and squaring"), { 4: 2.17e-4 });
    expect(errorsOf(powerBaselines, "scaling and squaring")[10]).toBeLessThan(1e-8);
  });

  it("have the operations and errors that they tell, also between the points where they were measured", () => {
    const points = Float64Array.from({ length: 5001 }, (_, i) => i / 5000);
    for (const { program, operations, error } of powerBaselines) {
      const read = parseProgram(grammar, program);
      expect(printProgram(grammar, read)).toBe(program);
      expect(programOperations(grammar, read)).toBe(operations);
      const again = largestError(grammar, read, power, points);
      expect(again).toBeGreaterThan(0.99 * error);
      expect(again).toBeLessThan(1.001 * error);
    }
  });

  it("fall with the operations, in each method", () => {
    for (const [i, { method, operations, error }] of powerBaselines.entries()) {
      const before = powerBaselines[i - 1];
      if (before?.method !== method) continue;
      expect(operations).toBeGreaterThan(before.operations);
      expect(error).toBeLessThan(before.error);
    }
  });

  it("are the same every time", () => {
    expect(baselines(power, 12)).toEqual(powerBaselines);
  });

  it("are measured in units in the last place where the target asks for it", () => {
    const found = baselines(targetOf(0, 1, "ulp", powerOfTwo, "f32"), 8);
    // Between 1 and 2 a single's last place is 2^-23.
    const error = errorsOf(found, "minimax polynomial")[8] as number;
    expect(error).toBeGreaterThan(2.59e-6 * 2 ** 23);
    expect(error).toBeLessThan(2 * 2.59e-6 * 2 ** 23);
    expect(errorsOf(found, "continued fraction")[8]).toBeLessThan(0.1);
  });
});

describe("best approximations", () => {
  // P. L. Chebyshev, 1854; for quotients N. I. Akhiezer, 1930: the best of degrees (m, n) is the one whose largest error
  // is taken m + n + 2 times with alternating signs.
  it.each([
    ["2^x", power],
    ["log2, absolute", targetOf(1, 2, "absolute", binaryLogarithm)],
    ["1 + erf", targetOf(0, 2, "relative", onePlusErrorFunction)],
    ["2^x on a wide interval", targetOf(-3, 2, "relative", powerOfTwo)],
  ])("of %s have errors that alternate", (_, target) => {
    const found = baselines(target, 12);
    let seen = 0;
    for (const { method, operations, error, program } of found) {
      // Below, rounded constants show.
      if (error < 1e-12) continue;
      if (method === "minimax polynomial" && operations % 2 === 0) {
        expect
          .soft(alternations(program, target), `${operations}`)
          .toBeGreaterThanOrEqual(operations / 2 + 2);
        seen++;
      }
      if (method === "rational minimax" && operations % 2 === 0) {
        expect
          .soft(alternations(program, target), `${operations}`)
          .toBeGreaterThanOrEqual(operations / 2 + 2);
        seen++;
      }
    }
    expect(seen).toBeGreaterThan(8);
  });

  it("of odd functions are odd: sin x is x times a polynomial in x²", () => {
    for (const target of [targetOf(0, Math.PI / 2, "relative", sine), targetOf(-1, 1.5, "relative", sine)]) {
      const found = baselines(target, 12).filter(({ method }) => method === "minimax polynomial");
      const even = found.filter(({ operations }) => operations % 2 === 0);
      // x P(x²) with P of degree n takes 2n + 2 operations.
      expect(even.map(({ operations }) => operations)).toEqual([4, 6, 8, 10, 12]);
      for (const { operations, program } of even)
        expect(alternations(program, target)).toBeGreaterThanOrEqual((operations - 2) / 2 + 2);
    }
    expectErrors(errorsOf(baselines(targetOf(0, Math.PI / 2, "relative", sine), 12), "minimax polynomial"), {
      6: 1.08e-4,
      8: 9.39e-7,
      10: 5.31e-9,
    });
  });

  it("of even functions are even", () => {
    const cosine = targetOf(-1, 1, "absolute", (numbers, out, a) => {
      numbers.set(out, Math.PI / 2, 6.123233995736766e-17);
      numbers.subtract(out, out, a);
      sine(numbers, out, out, a);
    });
    // cos x = P(x²) with P of degree n takes 2n + 1.
    expectErrors(errorsOf(baselines(cosine, 9), "minimax polynomial"), {
      5: 4.19e-5,
      7: 1.88e-7,
      9: 5.26e-10,
    });
  });

  it("of functions with a root keep it: log2 x is x − 1 times something", () => {
    const target = targetOf(1, 2, "relative", binaryLogarithm);
    const found = baselines(target, 8);
    for (const method of ["minimax polynomial", "rational minimax", "continued fraction"] as const)
      expect(errorsOf(found, method)[6] as number).toBeLessThan(3e-3);
    expect(errorsOf(found, "minimax polynomial")[6]).toBeLessThan(3e-3);
  });

  it("of erf(x) beat Padé approximants", () => {
    const found = baselines(targetOf(0, 2, "relative", errorFunction), 12);
    const [rational, pade] = [errorsOf(found, "rational minimax"), errorsOf(found, "Padé")];
    for (const operations of [4, 10, 12])
      expect(rational[operations] as number).toBeLessThan(pade[operations] as number);
  });
});

describe("where a method fails", () => {
  it("nothing is told of it", () => {
    // |x| has no Taylor series about 0, and its roots no better approximations.
    const absolute = baselines(
      targetOf(-1, 1, "absolute", (numbers, out, a) => numbers.absolute(out, a)),
      8,
    );
    expect(new Set(absolute.map(({ method }) => method))).not.toContain("Taylor");
    expect(errorsOf(absolute, "minimax polynomial")[2]).toBeCloseTo(1 / 8, 4);
    // sin has negative values here.
    const sines = baselines(targetOf(-1, 1, "absolute", sine), 6);
    expect(new Set(sines.map(({ method }) => method))).not.toContain("scaling and squaring");
  });

  it("nothing is told of what is no better than a constant, or x", () => {
    expect(
      baselines(
        targetOf(0, 1, "relative", (numbers, out) => numbers.set(out, 5)),
        6,
      ),
    ).toEqual([]);
    expect(
      baselines(
        targetOf(0, 1, "relative", (numbers, out, a) => numbers.copy(out, a)),
        6,
      ),
    ).toEqual([]);
    expect(baselines(targetOf(0, 60, "absolute", sine), 6)).toEqual([]);
  });

  it("functions that operations give exactly are found", () => {
    const square = baselines(
      targetOf(-1, 2, "relative", (numbers, out, a) => numbers.square(out, a)),
      4,
    );
    expect(square).toContainEqual({
      method: "minimax polynomial",
      operations: 1,
      error: 0,
      program: "(* x x)",
    });
  });

  it("wrong arguments are told", () => {
    expect(() => baselines(power, 17)).toThrow(
      "maximumOperations must be a whole number from 1 to 16; got 17.",
    );
    const nothing = targetOf(-2, -1, "relative", (numbers, out, a) => numbers.squareRoot(out, a));
    expect(() => baselines(nothing, 4)).toThrow("target must have finite values");
  });

  it("far, tiny and infinite places do no harm", () => {
    const far = baselines(targetOf(1000, 1001, "relative", binaryLogarithm), 6);
    expect(errorsOf(far, "rational minimax")[6]).toBeLessThan(1e-13);
    const tiny = baselines(
      targetOf(1e-200, 2e-200, "relative", (numbers, out, a) => numbers.invert(out, a)),
      6,
    );
    expect(errorsOf(tiny, "continued fraction")[1]).toBeLessThan(1e-15);
    const pole = baselines(targetOf(0, 1, "absolute", binaryLogarithm), 6);
    expect(errorsOf(pole, "minimax polynomial")[2]).toBeGreaterThan(0.5);
  });
});

describe("baselines with the operations of a question", () => {
  const inverse = targetOf(1, 2, "relative", (numbers, out, a) => numbers.invert(out, a));
  const used = (found: readonly Baseline[]): Set<string> =>
    new Set(found.flatMap(({ program }) => program.match(/(?<=\()(?!let|\(|s\d)[^\s()]+/g) ?? []));

  it("divide only where that is allowed", () => {
    const found = baselines(inverse, 6, ["+", "-", "*"]);
    expect([...used(found)].toSorted()).toEqual(["*", "+", "-"]);
    expect(errorsOf(found, "minimax polynomial")[4]).toBeLessThan(0.011);
    expect(new Set(found.map(({ method }) => method))).not.toContain("Padé");
  });

  it.each<[ArithmeticOperation[], BaselineMethod, number, number]>([
    [["+", "*"], "minimax polynomial", 4, 0.0102],
    [["-", "*"], "minimax polynomial", 4, 0.0102],
    [["-", "/"], "minimax polynomial", 2, 0.0589],
    [["+", "*", "inverse"], "rational minimax", 1, 1e-30],
    [["+", "/", "square"], "scaling and squaring", 4, 6.5e-4],
  ])("are written with %j", (operations, method, count, error) => {
    const found = baselines(inverse, 6, operations);
    for (const name of used(found)) expect(operations).toContain(name);
    expect(errorsOf(found, method)[count]).toBeLessThan(error);
  });

  it("are none where the methods need others", () => {
    expect(baselines(inverse, 6, ["sqrt", "+"])).toEqual([]);
  });
});

describe("Newton's steps", () => {
  const root = targetOf(1, 4, "relative", (numbers, out, a) => numbers.squareRoot(out, a));

  it("make square roots of minimax starts, Heron's with balanced errors", () => {
    const found = baselines(root, 11).filter(({ method }) => method === "Newton");
    expectErrors(errorsOf(found, "Newton"), { 5: 2.17e-4, 6: 1.6e-6, 7: 4.7e-8, 8: 2.56e-12 });
    expect(errorsOf(found, "Newton")[11]).toBeLessThan(1e-18);
    for (const { program, operations, error } of found) {
      const read = parseProgram(grammar, program);
      expect(programOperations(grammar, read)).toBe(operations);
      const points = Float64Array.from({ length: 3001 }, (_, i) => 1 + i / 1000);
      expect(largestError(grammar, read, root, points)).toBeLessThan(1.01 * error + 1e-17);
    }
  });

  it("make cube roots, inverse square roots and other roots of powers of x", () => {
    const of = (from: number, to: number, formula: string) => ({
      from,
      to,
      error: "relative" as const,
      evaluate: (x: Float64Array) => readFormula(formula).evaluate(x),
    });
    const newton = (formula: string, from: number, to: number, operations: number): number =>
      errorsOf(baselines(of(from, to, formula), operations), "Newton")[operations] as number;
    expect(newton("cbrt(x)", 0.125, 1, 7)).toBeLessThan(2.2e-5);
    expect(newton("1/sqrt(x)", 1, 4, 7)).toBeLessThan(1.7e-6);
    expect(newton("sqrt(2*x)", 1, 2, 6)).toBeLessThan(2.7e-8);
    expect(newton("3*x^0.75", 1, 2, 10)).toBeLessThan(6e-8);
    expect(newton("x^(-2/3)", 1, 8, 9)).toBeLessThan(3.4e-5);
  });

  it("make inverse roots without dividing where that is not allowed", () => {
    const target = targetOf(1, 4, "relative", (numbers, out, a) => {
      numbers.squareRoot(out, a);
      numbers.invert(out, out);
    });
    const found = baselines(target, 8, ["+", "-", "*"]).filter(({ method }) => method === "Newton");
    expect(found.length).toBeGreaterThan(0);
    expect(found.map(({ program }) => program).join()).not.toContain("/");
    expect(found.at(-1)?.error).toBeLessThan(0.011);
  });

  it("are not tried on what is no root", () => {
    expect(powerBaselines.map(({ method }) => method)).not.toContain("Newton");
    expect(
      baselines(
        targetOf(1, 2, "relative", (n, out, a) => n.square(out, a)),
        6,
      ).map(({ method }) => method),
    ).not.toContain("Newton");
  });
});

describe("baselines of symmetric functions", () => {
  it.each([
    [0, Math.PI / 2],
    [-Math.PI / 2, 0],
  ])("from %d to %d are those of the whole interval, if not better", (from, to) => {
    const whole = baselines(targetOf(-Math.PI / 2, Math.PI / 2, "relative", sine), 8);
    const half = baselines(targetOf(from, to, "relative", sine), 8);
    for (const { operations, error } of whole)
      expect
        .soft(Math.min(...half.filter((one) => one.operations <= operations).map((one) => one.error)))
        .toBeLessThanOrEqual(1.001 * error);
    expect(errorsOf(half, "continued fraction")[3]).toBeLessThan(0.0183);
  });

  it("have no constants that are rounding's, of 1e30", () => {
    for (const [from, to] of [
      [0, Math.PI / 2],
      [-Math.PI / 2, Math.PI / 2],
    ] as const)
      for (const { program } of baselines(targetOf(from, to, "relative", sine), 8))
        for (const [number] of program.matchAll(/-?\d[\d.e+-]*/g)) {
          const size = Math.abs(Number(number));
          expect(size > 1e-8 && size < 1e8).toBe(true);
        }
  });
});
