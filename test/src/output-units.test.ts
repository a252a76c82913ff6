import { describe, expect, it } from "vitest";
import { arithmetic, fn, float32, int, lists, parseProgram, real } from "../../dsl/index.ts";
import { evaluationMachines } from "../../src/evaluation-machines.ts";
import { type Experiment, grid } from "../../src/experiment.ts";
import type { Task } from "../../src/task.ts";
import { taskOf } from "./small-tasks.ts";

const inUnits: Experiment = {
  name: "in-units",
  language: arithmetic({ constants: true }),
  program: fn({ x: real }, real),
  cases: [1, 2, 3].map((x) => ({ input: { x }, output: 10 * x })),
  fitness: "-log10 max error in units",
  outputUnits: [1, 0.5, 1e-4],
  archive: grid({ size: [1, 9] }),
};

function fitnessOf(task: Task, text: string): number | undefined {
  const machine = evaluationMachines(task).cases;
  return task.fitness(machine.run(parseProgram(task.grammar, text)));
}

describe("a fitness of errors in units", () => {
  it("divides the error of each case by the case's unit, and takes the largest", () => {
    const task = taskOf(inUnits);
    // Off by 1 on every case: 10,000 units of the last.
    expect(fitnessOf(task, "(+ (* x 10) 1)")).toBe(-4);
    expect(task.errorWeights).toEqual(Float64Array.of(1, 2, 1e4));
    expect(fitnessOf(task, "(* x 10)")).toBe(17);
    expect(task.offset).toBe(-20);
  });

  it.each<[Partial<Experiment>, string]>([
    [{ outputUnits: [1, 2] }, "outputUnits must be a list of 3 numbers, one for each case; got 2."],
    [{ outputUnits: [1, 0, 2] }, "outputUnits must be positive finite numbers; got 0 in case 2."],
    [{ outputUnits: [1, 2, Number.NaN] }, "outputUnits must be positive finite numbers; got NaN in case 3."],
    [
      { fitness: "-log10 max relative error" },
      'outputUnits must go with the fitness "-log10 max error in units"; got "-log10 max relative error".',
    ],
  ])("says of %o what is wrong", (change, message) => {
    expect(() => taskOf({ ...inUnits, ...change })).toThrow(message);
  });

  it("asks for units where there are none", () => {
    const { outputUnits: _, ...without } = inUnits;
    expect(() => taskOf(without)).toThrow(
      'outputUnits must be given with the fitness "-log10 max error in units".',
    );
  });

  it("is for numbers alone", () => {
    const ofLists: Experiment = { ...inUnits, language: lists(), program: fn({ x: int }, int) };
    expect(() => taskOf({ ...ofLists, outputRemainders: [0, 0, 0] })).toThrow(
      "programs over reals or singles",
    );
  });
});

describe("outputs that are known beyond their doubles", () => {
  // Of doubles near 1, one third and its remainder.
  const third = 1 / 3;
  const left = 1 / 3 / 2 ** 54;

  it("are measured in units where doubles see no difference", () => {
    const task = taskOf({
      ...inUnits,
      cases: [1, 3].map((x) => ({ input: { x }, output: x / 3 })),
      outputRemainders: [left, 0],
      outputUnits: [2 ** -53, 2 ** -53],
    });
    const { precise } = evaluationMachines(task);
    expect(precise?.below).toBeGreaterThan(1e4);
    // The quotient is exact in double-double, the expected double has lost a third of half a unit.
    expect(precise?.largest(parseProgram(task.grammar, "(/ x 3)"))).toBeLessThan(1e-12);
    expect(precise?.largest(parseProgram(task.grammar, `(* x ${third})`))).toBeGreaterThan(0.1);
  });

  it("are what programs over singles are held against", () => {
    const single: Experiment = {
      ...inUnits,
      language: arithmetic({ precision: "f32", constants: true }),
      program: fn({ x: float32 }, float32),
      cases: [{ input: { x: 1 }, output: third }],
      outputUnits: [2 ** -25],
    };
    const nearest = Math.fround(third);
    expect(fitnessOf(taskOf(single), "(/ x 3)")).toBe(17);
    const known = taskOf({ ...single, outputRemainders: [left] });
    expect(known.expected).toEqual([nearest]);
    const error = Math.abs(nearest - third) / 2 ** -25;
    expect(error).toBeGreaterThan(0.3);
    expect(fitnessOf(known, "(/ x 3)")).toBeCloseTo(-Math.log10(error), 6);
    // Given as singles with all that is left, they are the same.
    const apart = { ...single, cases: [{ input: { x: 1 }, output: nearest }] };
    const same = taskOf({ ...apart, outputRemainders: [third - nearest] });
    expect(fitnessOf(same, "(/ x 3)")).toBe(fitnessOf(known, "(/ x 3)"));
    const rounded = { ...single, cases: [{ input: { x: 0.1 }, output: 1 }] };
    expect(() => taskOf({ ...rounded, outputRemainders: [0] })).toThrow("inputs that are singles");
  });
});
