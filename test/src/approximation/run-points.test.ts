import { describe, expect, test } from "vitest";
import { arithmetic, compileGrammar, createMachine, float32, fn, parseProgram } from "../../../dsl/index.ts";
import { targetOf } from "../../../src/approximation/approximation.ts";
import { reportedError } from "../../../src/approximation/reported-error.ts";
import { pointsAsRun, singlesOf } from "../../../src/approximation/run-points.ts";

const question = (target: string, from: number, to: number) =>
  ({ target, from, to, error: "ulp", precision: "f32" }) as const;

describe("the points where programs are measured as they run", () => {
  test("are all singles of a short interval, and some two million of a long one, none outside", () => {
    const all = singlesOf(question("exp(x)", 1, 1.01), 2_000_000);
    expect(all[0]).toBe(1);
    expect(all.at(-1)).toBeLessThanOrEqual(1.01);
    expect(all.every((x, i) => i === 0 || Math.round((x - (all[i - 1] as number)) * 2 ** 23) === 1)).toBe(
      true,
    );
    const many = singlesOf(question("sin(x)", -1, 0.1), 2_000_000);
    expect(many.length).toBeGreaterThan(1_900_000);
    expect(many.every((x, i) => x === Math.fround(x) && (i === 0 || x > (many[i - 1] as number)))).toBe(true);
    expect(many.includes(0)).toBe(true);
    expect([many[0], many.at(-1)]).toEqual([
      -1,
      Math.fround(0.1) <= 0.1 ? Math.fround(0.1) : 0.09999999403953552,
    ]);
  });

  test.each(["exp(x)", "abs(x - 0.3)", "sin(8*x)"])(
    "have the values of %s to far below a unit",
    (formula) => {
      const asked = question(formula, 0, 1);
      const { points, values, units } = pointsAsRun(asked);
      const probed = Array.from({ length: 5000 }, (_, k) => Math.floor((k * points.length) / 5000));
      const exact = targetOf(asked).evaluate(Float64Array.from(probed, (i) => points[i] as number)).high;
      const off = probed.map(
        (i, k) => Math.abs((values.high[i] as number) - (exact[k] as number)) / (units[i] as number),
      );
      expect(Math.max(...off)).toBeLessThan(1e-4);
    },
  );

  test("tell nearly what all singles do", () => {
    const grammar = compileGrammar(
      arithmetic({ precision: "f32", constants: true }),
      fn({ x: float32 }, float32),
    );
    const program = parseProgram(grammar, "(+ 1 (* x (+ 0.9999 (* x (+ 0.5 (* x 0.17))))))");
    const told = reportedError(grammar, program, question("exp(x)", 0.5, 1));
    // Every single of the upper half, against the doubles' exponential.
    const xs = Array.from({ length: 2 ** 23 }, (_, i) => 0.5 + i / 2 ** 24);
    const column = createMachine(grammar, [xs], xs.length).run(program);
    let largest = 0;
    for (const [i, x] of xs.entries()) {
      const value = Math.exp(x);
      largest = Math.max(largest, Math.abs((column[i] as number) - value) / 2 ** (value >= 2 ? -22 : -23));
    }
    expect(told.asRun).toBeGreaterThan(0.98 * largest);
    expect(told.asRun).toBeLessThanOrEqual(1.0001 * largest);
    expect(told.pointsAsRun).toBeGreaterThan(1_500_000);
  });
});
