import { describe, expect, it } from "vitest";
import { arithmetic, fn, type Language, real, type VectorMachine } from "../../dsl/index.ts";
import { NumberColumns } from "../../dsl/number-columns.ts";
import { type Case, grid } from "../../src/experiment.ts";
import { evaluationMachines } from "../../src/evaluation-machines.ts";
import { type FitnessName, namedFitness } from "../../src/fitness.ts";
import { epochTools, runEpoch } from "../../src/island.ts";
import { unpackElite } from "../../src/packed-elites.ts";
import type { Parameters } from "../../src/parameters.ts";
import type { Task } from "../../src/task.ts";
import { randomProgram, randomStream } from "../dsl/random-programs.ts";
import { epochInput, taskOf } from "./small-tasks.ts";

const names = Object.keys(namedFitness) as FitnessName[];
const ofLabels: ReadonlySet<FitnessName> = new Set<FitnessName>([
  "accuracy",
  "balanced accuracy",
  "-mean log loss",
  "-mean hinge loss",
]);

const formulas = arithmetic({
  constants: true,
  operations: ["+", "-", "*", "/", "exp", "log", "square"],
});
/** The same language for the columnar machine: no row has an operation of the vector machine. */
const formulasOnColumns: Language = {
  ...formulas,
  primitives: formulas.primitives.map(({ vector: _, ...row }) => row),
};

/** Some inputs make most programs fail, so that failures and infinities are met. */
function taskWith(
  fitness: FitnessName,
  caseCount: number,
  language: Language = formulas,
  parameters: Partial<Parameters> = {},
): Task {
  const random = randomStream(caseCount);
  const cases = Array.from({ length: caseCount }, (_, i): Case<{ x: number; y: number }, number> => {
    const x = i === 3 && caseCount % 2 === 0 ? 1e150 : (random() - 0.5) * 6;
    const y = random() * 2;
    return { input: { x, y }, output: ofLabels.has(fitness) ? (x > y || i === 0 ? 1 : 0) : x * y - y };
  });
  return taskOf(
    {
      name: "measured",
      language,
      program: fn({ x: real, y: real }, real),
      cases,
      fitness,
      ...(namedFitness[fitness].needsUnits ? { outputUnits: cases.map((_, i) => 0.1 + (i % 7)) } : {}),
      offset: 0,
      archive: grid({ size: [1, 20] }),
    },
    parameters,
  );
}

describe.each(names.filter((name) => taskWith(name, 9).measured !== null))("the fitness %s", (name) => {
  it("is the same to the bit on the vector machine and on columns", () => {
    let failed = 0;
    let finite = 0;
    for (const caseCount of [2, 7, 16, 101]) {
      const task = taskWith(name, caseCount);
      const machine = evaluationMachines(task).cases as VectorMachine;
      const columnar = new NumberColumns(task.grammar, task.inputs, caseCount);
      const random = randomStream(caseCount + 1);
      const programs = Array.from({ length: 120 }, () =>
        randomProgram(task.grammar, random, 1 + Math.floor(random() * 16)),
      );
      programs.forEach((program, k) => machine.put(k, program));
      machine.measure(programs.length);
      const fitness = programs.map((program) => task.fitness(columnar.run(program)));
      expect(programs.map((_, k) => task.measured?.fitness(machine.errors[k] as number))).toEqual(fitness);
      finite += fitness.filter(Number.isFinite).length;
      failed += fitness.filter((value) => !Number.isFinite(value)).length;
    }
    expect(finite).toBeGreaterThan(100);
    if (!name.includes("accuracy")) expect(failed).toBeGreaterThan(20);
  });
});

describe("an epoch", () => {
  it.each<[FitnessName, Parameters["selector"], number]>([
    ["-mean Huber error", "uniform", 33],
    ["R2", "tournament", 33],
    ["-mean absolute error", "lexicase", 33],
    ["-mean log loss", "epsilon-lexicase", 33],
    ["-mean log-cosh error", "lexicase", 520],
    ["-log10 max error in units", "lexicase", 33],
    ["accuracy", "epsilon-lexicase", 520],
  ])("by %s with %s selection on %i cases is that of columns", (fitness, selector, caseCount) => {
    const epoch = (language: Language) => {
      const task = taskWith(fitness, caseCount, language, { selector, batchCandidates: 1 });
      const { state } = runEpoch(epochTools(task), { ...epochInput(task), candidates: 300 });
      return { isMeasured: task.measured !== null, elites: state.elites };
    };
    const vector = epoch(formulas);
    const columns = epoch(formulasOnColumns);
    expect([vector.isMeasured, columns.isMeasured]).toEqual([true, false]);
    expect(vector.elites).toEqual(columns.elites);
    expect(vector.elites.errors.length).toBe(
      selector.includes("lexicase") ? caseCount * vector.elites.cells.length : 0,
    );
  });

  it("with lexicase selection gives elites the errors of their own programs, in batches, too", () => {
    const task = taskWith("-mean absolute error", 33, formulas, {
      selector: "lexicase",
      batchCandidates: 50,
    });
    const { state } = runEpoch(epochTools(task), epochInput(task));
    const columnar = new NumberColumns(task.grammar, task.inputs, 33);
    for (let n = 0; n < state.elites.cells.length; n++) {
      const { program, errors } = unpackElite(state.elites, n);
      expect(errors).toEqual(task.errors(columnar.run(program)));
    }
  });
});
