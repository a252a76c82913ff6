import { beforeAll, describe, expect, it } from "vitest";
import {
  arithmetic,
  chebyshevPoints,
  compileGrammar,
  createMachine,
  fn,
  float32,
  parseProgram,
  type Program,
  readFormula,
  real,
  realTwin,
} from "../../../src/index.ts";
import { unitInLastPlace } from "../../../src/approximation/target.ts";
import { Archive } from "../../../src/archive/archive.ts";
import { EquivalenceCache } from "../../../src/equivalence-cache.ts";
import { type Experiment, grid } from "../../../src/experiment.ts";
import { ConstantFitter } from "../../../src/fitting/constant-fitter.ts";
import { singleSteps } from "../../../src/fitting/single-steps.ts";
import { epochTools, runEpoch } from "../../../src/island.ts";
import { unpackElite } from "../../../src/packed-elites.ts";
import { RandomStream, rootKey } from "../../../src/random-stream.ts";
import type { Task } from "../../../src/task.ts";
import { epochInput, taskOf } from "../small-tasks.ts";

const xs = [...new Set(Array.from(chebyshevPoints(0, 1, 1500), Math.fround))];
const powers = readFormula("2^x").evaluate(Float64Array.from(xs));

/** 2^x on [0, 1] by programs over singles, in units in the last place. */
const exponential: Experiment = {
  name: "exponential",
  language: arithmetic({ precision: "f32", constants: true }),
  program: fn({ x: float32 }, float32),
  cases: xs.map((x, i) => ({ input: { x }, output: powers.high[i] as number })),
  outputRemainders: Array.from(powers.low),
  outputUnits: Array.from(powers.high, (value) => unitInLastPlace(value, "f32")),
  fitness: "-log10 max error in units",
  archive: grid({ operations: [1, 12], structure: { from: 0, to: 1, bins: 8 } }),
  parameters: { selector: "stratified", variation: "graphs", constantFitting: "derivatives" },
};

/** The minimax polynomial of degree 5 in Horner's scheme, whose coefficients are doubles. */
const POLYNOMIAL =
  "(+ 0.9999998931114155 (* x (+ 0.693154752442406 (* x (+ 0.24013971137683507 (* x (+ 0.055866245429300354 (* x (+ 0.008942830076070975 (* x 0.0018964606705601553))))))))))";

function largestInUnits(task: Task, program: Program): number {
  const column = createMachine(task.grammar, task.inputs, task.caseCount).run(program);
  return xs.reduce((largest, _, i) => {
    const exact = (powers.high[i] as number) + (powers.low[i] as number);
    const error = Math.abs((column[i] as number) - exact) / unitInLastPlace(exact, "f32");
    return Math.max(largest, error);
  }, 0);
}

describe("a grammar over singles as one over reals", () => {
  it("has the same tokens, for every row of the arithmetic language", () => {
    const operations = ["+", "cube", "inverse", "/", "exp", "-", "*"] as const;
    const singles = compileGrammar(
      arithmetic({ precision: "f32", constants: true, operations, division: "protected" }),
      fn({ x: float32, y: float32 }, float32),
    );
    const reals = compileGrammar(
      arithmetic({ constants: true, operations, division: "protected" }),
      fn({ x: real, y: real }, real),
    );
    const twin = realTwin(singles);
    expect(twin.fingerprint).toBe(reals.fingerprint);
    const text = "(/ (exp (* x 0.5)) (+ (inverse y) (cube (- x 3.25))))";
    expect(parseProgram(twin, text).tokens).toEqual(parseProgram(singles, text).tokens);
  });
});

describe("steps between singles", () => {
  it.each<[number, number, number]>([
    [1, 1, 1 + 2 ** -23],
    [1, -1, 1 - 2 ** -24],
    [-1, 1, -1 + 2 ** -24],
    [0, 1, 2 ** -149],
    [0, -2, -(2 ** -148)],
    [2 ** -149, -2, -(2 ** -149)],
    [1.5, 0, 1.5],
  ])("from %d by %i lead to %d", (from, steps, to) => {
    expect(singleSteps(from, steps)).toBe(to);
  });
});

describe("constants of programs over singles", () => {
  let task: Task;
  const fitted = (text: string): Program => {
    const fitter = new ConstantFitter(task);
    const archive = new Archive(task.space);
    fitter.prepare(archive);
    const program = fitter.fit(
      parseProgram(task.grammar, text),
      null,
      archive,
      new EquivalenceCache(16, 1),
      new RandomStream().derive(rootKey(1), 0, 0, 0),
    );
    if (program === null) throw new Error("a program that is new is fitted");
    return program;
  };
  beforeAll(() => {
    task = taskOf(exponential, { maximumSize: 40 });
  });

  it("are singles, and better than the nearest to the best reals", () => {
    const rounded = parseProgram(task.grammar, POLYNOMIAL);
    const nearest = { ...rounded, constants: rounded.constants.map(Math.fround) };
    const program = fitted(POLYNOMIAL);
    expect(Array.from(program.constants)).toEqual(Array.from(program.constants, Math.fround));
    const before = largestInUnits(task, nearest);
    expect(before).toBeGreaterThan(1.5);
    expect(largestInUnits(task, program)).toBeLessThan(0.9 * before);
  });

  it("are the same whenever and wherever they are fitted", () => {
    expect(fitted(POLYNOMIAL)).toEqual(fitted(POLYNOMIAL));
    const after = new ConstantFitter(task);
    const archive = new Archive(task.space);
    after.prepare(archive);
    const cache = new EquivalenceCache(16, 1);
    const stream = (): RandomStream => new RandomStream().derive(rootKey(1), 0, 0, 0);
    after.fit(parseProgram(task.grammar, "(/ 1.5 (- 2.5 x))"), null, archive, cache, stream());
    expect(after.fit(parseProgram(task.grammar, POLYNOMIAL), null, archive, cache, stream())).toEqual(
      fitted(POLYNOMIAL),
    );
  });

  it("in an epoch, give elites the fitness that their programs have as they run", () => {
    const { state } = runEpoch(epochTools(task), { ...epochInput(task), candidates: 60 });
    const count = state.elites.cells.length;
    expect(count).toBeGreaterThan(3);
    for (let n = 0; n < count; n++) {
      const { program, fitness } = unpackElite(state.elites, n);
      expect(fitness).toBeCloseTo(Math.max(-20, -Math.log10(largestInUnits(task, program))), 5);
    }
  });
});
