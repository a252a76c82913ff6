import { describe, expect, it } from "vitest";
import { DerivativeMachine, parseProgram, type Program } from "../../../dsl/index.ts";
import { alternatingExtremes } from "../../../src/approximation/alternation.ts";
import { minimaxExchange } from "../../../src/fitting/minimax-exchange.ts";
import { largestOf } from "../../../src/precise-differences.ts";
import { LevenbergMarquardt } from "../../../src/fitting/levenberg-marquardt.ts";
import { descendPrecisely, PreciseResiduals } from "../../../src/fitting/precise-residuals.ts";
import { Skeleton } from "../../../src/fitting/skeleton.ts";
import { exponentialExperiment, fittingTask, known, tenOperations } from "../exponential-task.ts";
import { randomStream } from "../../dsl/random-programs.ts";

const task = fittingTask(exponentialExperiment(400));
const { grammar } = task;
const xs = task.inputs[0] as readonly number[];
const expected = task.expected as readonly number[];
const weights = Array.from(task.errorWeights as Float64Array);
const machine = new DerivativeMachine(grammar, [xs], expected, { weights });
const errorsOf = (constants: Float64Array): Float64Array => machine.residuals(constants);

/** From where least squares leave the constants, or from where they are. */
const ones = new Float64Array(xs.length).fill(1);

function exchange(
  program: Program,
  isNear = true,
): { readonly error: number; readonly constants: Float64Array } {
  machine.prepare(program);
  const constants = program.constants.slice();
  if (isNear) machine.descend(constants, { maximumSteps: 200, patienceSteps: 8 });
  const error = minimaxExchange(
    machine,
    errorsOf,
    ones,
    constants,
    new Float64Array(constants.length),
    false,
  );
  return { error, constants };
}

/** Whether so many extremes of one size come in turn. */
function expectEqualExtremes(errors: Float64Array, count: number, tolerance: number): void {
  const extremes = alternatingExtremes(errors, count) as number[];
  expect(extremes).not.toBeNull();
  expect(extremes.length).toBe(count);
  const sizes = extremes.map((i) => Math.abs(errors[i] as number));
  expect(Math.max(...sizes) / Math.min(...sizes)).toBeLessThan(1 + tolerance);
  expect(Math.max(...sizes)).toBe(largestOf(errors));
}

describe("the exchange of extremes", () => {
  it.each([
    [1, "(+ 1.0 (* x 1.0))", 2.98e-2],
    [2, "(+ 1.0 (* x (+ 0.6 (* x 0.3))))", 1.72e-3],
  ])(
    "finds the polynomial of degree %i for 2^x whose largest relative error is least",
    (degree, text, least) => {
      const program = parseProgram(grammar, text);
      const { error, constants } = exchange(program);
      expect(Math.abs(error / least - 1)).toBeLessThan(3e-3);
      expect(largestOf(errorsOf(constants))).toBe(error);
      expectEqualExtremes(errorsOf(constants), degree + 2, 1e-4);
    },
  );

  it("finds the best of a program that is not linear in its constants, from where least squares leave them", () => {
    const { tokens, constants } = parseProgram(grammar, "(+ -2.4 (/ -12.0 (+ x -3.5)))");
    machine.prepare({ tokens, constants });
    const before = largestOf(errorsOf(constants));
    const { error, constants: found } = exchange({ tokens, constants });
    expect(error).toBeLessThan(before);
    // Three operations reach 8.67e-4.
    expect(Math.abs(error / 8.67e-4 - 1)).toBeLessThan(5e-3);
    expectEqualExtremes(errorsOf(found), 4, 1e-3);
  });

  it("never goes up, wherever it begins", () => {
    const random = randomStream(3);
    const program = parseProgram(grammar, "(+ -2.4 (/ -12.0 (+ x -3.5)))");
    const { tokens } = program;
    // Constants that are nearly right: elsewhere errors do not alternate, and nothing is done.
    const near = exchange(program).constants;
    let lowered = 0;
    for (let n = 0; n < 60; n++) {
      const constants = near.map((c) => c * (0.9999 + 0.0002 * random()));
      machine.prepare({ tokens, constants });
      const before = largestOf(errorsOf(constants));
      const { error } = exchange({ tokens, constants }, false);
      expect(error).toBeLessThanOrEqual(before);
      if (error < before) lowered++;
    }
    expect(lowered).toBeGreaterThan(5);
  });

  it("leaves constants alone where a case has no value, where the errors do not alternate, and where there is no step", () => {
    for (const text of ["(/ 1.0 (* 0.0 x))", "(+ 9.0 (* 0.5 x))", "(+ 1.0 (* 1.0 (- x x)))"]) {
      const program = parseProgram(grammar, text);
      machine.prepare(program);
      const before = largestOf(errorsOf(program.constants));
      const { error, constants } = exchange(program, false);
      expect(error).toBe(before);
      expect(constants).toEqual(program.constants);
    }
  });

  it("goes on in pairs of doubles where doubles are rounding alone", () => {
    const skeleton = new Skeleton(grammar);
    expect(skeleton.read(parseProgram(grammar, tenOperations))).toBe(true);
    const column = (values: ArrayLike<number>): Float64Array => Float64Array.from(values);
    const precise = new PreciseResiduals(skeleton, {
      inputs: [column(xs)],
      expected: column(expected),
      remainders: task.remainders as Float64Array,
      weights: column(weights),
    });
    const count = skeleton.constantCount;
    const program = skeleton.write();
    const constants = skeleton.constants.slice(0, count);
    machine.prepare(program);
    const remainders = new Float64Array(count);
    const began = largestOf(precise.at(constants, remainders));
    const squares = (errors: Float64Array): number => errors.reduce((sum, error) => sum + error * error, 0);
    const sum = squares(precise.at(constants, remainders));
    descendPrecisely(new LevenbergMarquardt(xs.length, count), precise, machine, constants, remainders);
    expect(squares(precise.at(constants, remainders))).toBeLessThan(sum);
    const before = largestOf(precise.at(constants, remainders));
    const error = minimaxExchange(machine, precise.at, ones, constants, remainders, true);
    expect(error).toBeLessThan(Math.min(before, began));
    expectEqualExtremes(precise.at(constants, remainders), 6, 0.01);
    expect(Math.abs(error / known[10] - 1)).toBeLessThan(0.05);
    expect(remainders.some((low) => low !== 0)).toBe(true);
    remainders.forEach((low, k) => expect((constants[k] as number) + low).toBe(constants[k]));
    expect(largestOf(precise.at(constants, remainders))).toBe(error);
  });
});

it("the largest of errors is Infinity where one is no number", () => {
  expect(largestOf(Float64Array.of(1, -3, 2))).toBe(3);
  expect(largestOf(Float64Array.of(1, Number.NaN, 2))).toBe(Number.POSITIVE_INFINITY);
  expect(largestOf(Float64Array.of(1, Number.NEGATIVE_INFINITY))).toBe(Number.POSITIVE_INFINITY);
  expect(largestOf(new Float64Array(0))).toBe(0);
});
