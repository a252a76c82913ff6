import { describe, expect, it } from "vitest";
import { arithmetic, fn, real, type VectorMachine } from "../../dsl/index.ts";
import { NumberColumns } from "../../dsl/number-columns.ts";
import { type Case, grid } from "../../src/experiment.ts";
import { evaluationMachines } from "../../src/evaluator.ts";
import { type FitnessName, namedFitness } from "../../src/fitness.ts";
import type { Task } from "../../src/task.ts";
import { randomProgram, randomStream } from "../dsl/random-programs.ts";
import { taskOf } from "./small-tasks.ts";

const names = Object.keys(namedFitness) as FitnessName[];
const ofLabels: ReadonlySet<FitnessName> = new Set<FitnessName>([
  "accuracy",
  "balanced accuracy",
  "-mean log loss",
  "-mean hinge loss",
]);

/** Some inputs make most programs fail, so that failures and infinities are met. */
function taskWith(fitness: FitnessName, caseCount: number): Task {
  const random = randomStream(caseCount);
  const cases = Array.from({ length: caseCount }, (_, i): Case<{ x: number; y: number }, number> => {
    const x = i === 3 && caseCount % 2 === 0 ? 1e150 : (random() - 0.5) * 6;
    const y = random() * 2;
    return { input: { x, y }, output: ofLabels.has(fitness) ? (x > y || i === 0 ? 1 : 0) : x * y - y };
  });
  return taskOf({
    name: "measured",
    language: arithmetic({ constants: true, operations: ["+", "-", "*", "/", "exp", "log", "square"] }),
    program: fn({ x: real, y: real }, real),
    cases,
    fitness,
    offset: 0,
    archive: grid({ size: [1, 40] }),
  });
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
