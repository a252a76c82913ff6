import { describe, expect, it } from "vitest";
import {
  arithmetic,
  checkProgram,
  fn,
  InputError,
  type Language,
  linearScaling,
  parseProgram,
  printProgram,
  programSize,
  real,
  scaledColumn,
  type VectorMachine,
} from "../../dsl/index.ts";
import { NumberColumns } from "../../dsl/number-columns.ts";
import { evaluationMachines } from "../../src/evaluation-machines.ts";
import { type Experiment, grid } from "../../src/experiment.ts";
import type { FitnessName } from "../../src/fitness.ts";
import { epochTools, runEpoch } from "../../src/island.ts";
import { unpackElite } from "../../src/packed-elites.ts";
import type { Parameters } from "../../src/parameters.ts";
import { compileTask, type Task } from "../../src/task.ts";
import { randomProgram, randomStream } from "../dsl/random-programs.ts";
import { epochInput, taskOf } from "./small-tasks.ts";

const formulas = arithmetic({ constants: true, operations: ["+", "-", "*", "/", "exp", "square"] });
/** The same language for the columnar machine: no row but those that scale has an operation of the vector machine. */
const formulasOnColumns: Language = {
  ...formulas,
  primitives: formulas.primitives.map((row) => {
    const { vector: _, ...rest } = row;
    return ["+", "*"].includes(row.name) ? row : rest;
  }),
};

const unscaled = (caseCount: number, changes: Partial<Experiment> = {}): Experiment => {
  const random = randomStream(caseCount);
  return {
    name: "scaled",
    language: formulas,
    program: fn({ x: real }, real),
    cases: Array.from({ length: caseCount }, () => {
      const x = random() * 4 - 2;
      return { input: { x }, output: 70 - 3 * x * x + 0.01 * random() };
    }),
    fitness: "R2",
    offset: 0,
    archive: grid({ size: [1, 15] }),
    ...changes,
  };
};
const experiment = (caseCount: number, changes: Partial<Experiment> = {}): Experiment =>
  unscaled(caseCount, { scaling: "linear", ...changes });

const distances: readonly FitnessName[] = [
  "R2",
  "-root mean square error",
  "-mean absolute error",
  "-log10 max relative error",
  "-mean log-cosh error",
  "-mean Huber error",
];

describe("linear scaling", () => {
  /** Least squares by Gauss's normal equations, in exact integers. */
  const exactFit = (y: readonly number[], t: readonly number[]): { offset: number; slope: number } => {
    const sum = (of: (i: number) => bigint): bigint => y.reduce((total, _, i) => total + of(i), 0n);
    const [at, bt] = [(i: number) => BigInt(y[i] as number), (i: number) => BigInt(t[i] as number)];
    const n = BigInt(y.length);
    const determinant = n * sum((i) => at(i) * at(i)) - sum(at) * sum(at);
    const slope = n * sum((i) => at(i) * bt(i)) - sum(at) * sum(bt);
    const offset = sum((i) => at(i) * at(i)) * sum(bt) - sum(at) * sum((i) => at(i) * bt(i));
    return { offset: Number(offset) / Number(determinant), slope: Number(slope) / Number(determinant) };
  };

  it("is the least squares fit, far from 0, too", () => {
    const random = randomStream(5);
    for (const [far, count] of [
      [0, 7],
      [1e6, 40],
      [1e12, 101],
    ] as const) {
      const y = Array.from({ length: count }, () => far + Math.floor(random() * 1000));
      const t = y.map((value) => Math.floor(3 * (value - far) + random() * 500) - 200);
      const fit = linearScaling(Float64Array.from(y), t);
      const exact = exactFit(y, t);
      expect(fit.slope / exact.slope).toBeCloseTo(1, 12);
      expect(fit.offset / exact.offset).toBeCloseTo(1, 11);
    }
  });

  it("finds any line again, and of a constant makes the mean", () => {
    const y = Float64Array.of(1, 2, 4, 8, 3);
    expect(
      linearScaling(
        y,
        [...y].map((v) => 5 - 2 * v),
      ),
    ).toEqual({ offset: 5, slope: -2 });
    const mean = scaledColumn(new Float64Array(3).fill(7), [1, 2, 6]);
    expect([...mean]).toEqual([3, 3, 3]);
  });

  it("has no fit where a value is none, or none that is finite", () => {
    const none = { offset: Number.NaN, slope: Number.NaN };
    expect(linearScaling(Float64Array.of(1, Number.NaN, 2), [1, 2, 3])).toEqual(none);
    expect(linearScaling(Float64Array.of(1, Number.POSITIVE_INFINITY, 2), [1, 2, 3])).toEqual(none);
    expect(linearScaling(Float64Array.of(0, 5e-324, 0), [0, 1e300, 0])).toEqual({
      offset: 1e300 / 3,
      slope: 0,
    });
    expect(linearScaling(Float64Array.of(0, 1e-160, 0), [0, 1e300, 0])).toEqual(none);
  });
});

describe("a task with linear scaling", () => {
  it.each(distances)(
    "by %s has the same fitness on the vector machine and on columns, to the bit",
    (fitness) => {
      for (const caseCount of [2, 7, 16, 101, 600]) {
        const task = taskOf(experiment(caseCount, { fitness }));
        const machine = evaluationMachines(task).cases as VectorMachine;
        const columnar = new NumberColumns(task.grammar, task.inputs, caseCount);
        const random = randomStream(3);
        const programs = Array.from({ length: 150 }, () =>
          randomProgram(task.grammar, random, 1 + Math.floor(random() * 12)),
        );
        programs.forEach((program, k) => machine.put(k, program));
        const expected = programs.map((program) => task.fitness(columnar.run(program)));
        for (const isShared of [true, false]) {
          machine.measure(programs.length, isShared);
          expect(programs.map((_, k) => task.measured?.fitness(machine.errors[k] as number))).toEqual(
            expected,
          );
        }
        expect(expected.filter(Number.isFinite).length).toBeGreaterThan(50);
      }
    },
  );

  it("keeps no more columns than it has room for, and splits larger batches", () => {
    const task = taskOf(experiment(20_000));
    const machine = evaluationMachines(task).cases as VectorMachine;
    const random = randomStream(9);
    const programs = Array.from({ length: 100 }, () => randomProgram(task.grammar, random, 5));
    programs.forEach((program, k) => machine.put(k, program));
    machine.measure(programs.length, true);
    const shared = [...machine.errors.subarray(0, 100)];
    machine.measure(programs.length, false);
    expect(shared).toEqual([...machine.errors.subarray(0, 100)]);
  });

  it.each(distances)("by %s answers with programs that have their fitness unscaled", (fitness) => {
    const task = taskOf(experiment(60, { fitness }));
    const plain = taskOf(unscaled(60, { fitness }));
    const { state } = runEpoch(epochTools(task), epochInput(task));
    const columnar = new NumberColumns(task.grammar, task.inputs, 60);
    expect(state.elites.cells.length).toBeGreaterThan(5);
    for (let n = 0; n < state.elites.cells.length; n++) {
      const { program, fitness: found } = unpackElite(state.elites, n);
      const answer = task.answer(program);
      expect(checkProgram(task.grammar, answer)).toEqual([]);
      expect(programSize(answer)).toBe(programSize(program) + 4);
      expect(plain.fitness(columnar.run(answer))).toBe(found);
      // Written down and read again, too.
      const again = parseProgram(task.grammar, printProgram(task.grammar, answer));
      expect(plain.fitness(columnar.run(again))).toBe(found);
    }
  });

  it("answers with the program itself where nothing is scaled", () => {
    const task = taskOf(unscaled(9));
    const program = parseProgram(task.grammar, "(+ x x)");
    expect(task.answer(program)).toBe(program);
  });

  it.each<[Parameters["selector"], Partial<Parameters>]>([
    ["uniform", {}],
    ["lexicase", {}],
  ])("lives through the same epoch on columns, with %s selection", (selector, parameters) => {
    const epoch = (language: Language) => {
      const task: Task = taskOf(experiment(40, { language }), {
        selector,
        batchCandidates: 1,
        ...parameters,
      });
      const { state } = runEpoch(epochTools(task), { ...epochInput(task), candidates: 300 });
      return { isMeasured: task.measured !== null, elites: state.elites };
    };
    const vector = epoch(formulas);
    const columns = epoch(formulasOnColumns);
    expect([vector.isMeasured, columns.isMeasured]).toEqual([true, false]);
    expect(vector.elites).toEqual(columns.elites);
  });

  it("finds a shape whatever its size and place", () => {
    const task = taskOf(experiment(50));
    const square = new NumberColumns(task.grammar, task.inputs, 50).run(
      parseProgram(task.grammar, "(square x)"),
    );
    expect(task.fitness(square)).toBeGreaterThan(0.99999);
  });

  it("counts cases passed, and shows outcomes, of the scaled program", () => {
    let seen: readonly unknown[] = [];
    const task = taskOf(
      experiment(3, {
        cases: [0, 1, 2].map((x) => ({ input: { x }, output: 5 - 2 * x })),
        archive: grid({
          passed: [0, 3],
          own: {
            from: 0,
            to: 1,
            bins: 2,
            measure: ({ outcomes }) => {
              seen = outcomes;
              return 0;
            },
          },
        }),
      }),
    );
    const column = new NumberColumns(task.grammar, task.inputs, 3).run(parseProgram(task.grammar, "x"));
    const [passed] = task.coordinates.map((c) => (c.kind === "behaviour" ? c.of(column) : Number.NaN));
    expect(passed).toBe(3);
    expect(seen).toEqual([5, 3, 1]);
    expect([...task.errors(column)]).toEqual([0, 0, 0]);
  });

  it.each<[string, Partial<Experiment>, RegExp]>([
    [
      "another word",
      { scaling: "quadratic" as "linear" },
      /scaling must be "linear", or be left out; got "quadratic"/,
    ],
    ["a fitness of one's own", { fitness: () => 1 }, /scaling must go with a named fitness.*got a function/],
    [
      "classes",
      { fitness: "accuracy", cases: [0, 1].map((x) => ({ input: { x }, output: x })) },
      /scaling must go with/,
    ],
    [
      "a language without constants",
      { language: arithmetic() },
      /scaling must have a language with \+, \* and constants/,
    ],
    [
      "a language without products",
      { language: arithmetic({ constants: true, operations: ["+", "-"] }) },
      /scaling must have a language with/,
    ],
    [
      "an infinite output",
      {
        fitness: "-mean absolute error",
        cases: [1, Number.POSITIVE_INFINITY].map((output) => ({ input: { x: 1 }, output })),
      },
      /scaling must have finite outputs/,
    ],
  ])("says what is wrong: %s", (_what, changes, message) => {
    const compile = (): Task => compileTask(experiment(5, changes), taskOf(experiment(5)).parameters);
    expect(compile).toThrow(InputError);
    expect(compile).toThrow(message);
  });
});
