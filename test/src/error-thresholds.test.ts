import { describe, expect, it } from "vitest";
import { arithmetic, fn, parseProgram, type Program, real } from "../../dsl/index.ts";
import { Archive } from "../../src/archive/archive.ts";
import { ErrorThresholds } from "../../src/error-thresholds.ts";
import { evaluationMachines } from "../../src/evaluation-machines.ts";
import { grid } from "../../src/experiment.ts";
import { type FitnessName, namedFitness } from "../../src/fitness.ts";
import type { Individual } from "../../src/individual.ts";
import { emptyIsland, epochTools, runEpoch } from "../../src/island.ts";
import type { Parameters } from "../../src/parameters.ts";
import type { Task } from "../../src/task.ts";
import { epochInput, taskOf } from "./small-tasks.ts";

const ofLabels = new Set<string>(["accuracy", "balanced accuracy", "-mean log loss", "-mean hinge loss"]);
const names = (Object.keys(namedFitness) as FitnessName[]).filter(
  (name) => !["cases passed", "similarity"].includes(name),
);

/** As many cases as it takes for a machine to look at a part of them first. */
const taskWith = (fitness: FitnessName, parameters: Partial<Parameters> = {}): Task =>
  taskOf(
    {
      name: "staged",
      language: arithmetic({ constants: true, operations: ["+", "-", "*", "/"] }),
      program: fn({ x: real }, real),
      cases: Array.from({ length: 600 }, (_, i) => {
        const x = ((i * 37) % 101) / 50 - 1;
        return { input: { x }, output: ofLabels.has(fitness) ? Number(x > 0.3) : x * x - x / 3 };
      }),
      fitness,
      ...(namedFitness[fitness].needsUnits
        ? { outputUnits: Array.from({ length: 600 }, (_, i) => 0.1 + (i % 7)) }
        : {}),
      offset: 0,
      archive: grid({ size: [1, 12] }),
    },
    parameters,
  );

const individual = (program: Program, fitness: number): Individual => ({
  program,
  fitness,
  size: program.tokens.length,
  descriptor: Float64Array.of(program.tokens.length),
  errors: new Float64Array(0),
  birth: { epoch: 0, island: 0, candidate: 0, operator: 0 },
});

describe("thresholds of errors", () => {
  const task = taskWith("-mean absolute error");
  const x = parseProgram(task.grammar, "x");

  it("are infinite for empty cells, and follow the elites of whatever archive they are asked about", () => {
    const thresholds = new ErrorThresholds(task);
    const of = (archive: Archive): number[] => [...thresholds.of(2, Float64Array.of(1, 3), archive)];
    const first = new Archive(task.space);
    expect(of(first)).toEqual([Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY]);
    first.add(task.space.cellOf(Float64Array.of(1)), individual(x, -2));
    const [threshold, empty] = of(first);
    expect(empty).toBe(Number.POSITIVE_INFINITY);
    expect(threshold).toBeGreaterThan(1200);
    expect(threshold).toBeLessThan(1200.01);
    first.add(task.space.cellOf(Float64Array.of(1)), individual(x, -1));
    expect(of(first)[0]).toBeLessThan(600.01);
    expect(of(new Archive(task.space))[0]).toBe(Number.POSITIVE_INFINITY);
    expect(of(first)[0]).toBeGreaterThan(600);
  });

  it("are no larger than the least error for elites without any", () => {
    const thresholds = new ErrorThresholds(task);
    const archive = new Archive(task.space);
    archive.add(task.space.cellOf(Float64Array.of(1)), individual(x, -0));
    expect(thresholds.of(1, Float64Array.of(1), archive)[0]).toBeLessThan(1e-200);
  });

  it.each(names)("of %s belong to errors that are surely less fit, and close to the least such", (name) => {
    const { measured, grammar, space, ...rest } = taskWith(name);
    const fitnessOf = measured?.fitness as (error: number) => number;
    const thresholds = new ErrorThresholds({ measured, grammar, space, ...rest });
    const program = parseProgram(grammar, "x");
    for (const error of [1e-6, 0.5, 1, 17, 300, 5e5, 1e12]) {
      const archive = new Archive(space);
      const elite = fitnessOf(error);
      if (Number.isNaN(elite)) continue;
      archive.add(space.cellOf(Float64Array.of(1)), individual(program, elite));
      const threshold = thresholds.of(1, Float64Array.of(1), archive)[0] as number;
      // The error of the elite itself is never above.
      expect(threshold).toBeGreaterThanOrEqual(error);
      if (threshold === Number.POSITIVE_INFINITY) continue;
      expect(fitnessOf(threshold)).toBeLessThan(elite);
      // Digits are rounded, so that fitness is a stair.
      expect(fitnessOf(error * (1 + 1e-4))).toBeLessThan(elite);
      expect(threshold).toBeLessThan(error * (1 + 1e-4));
    }
  });

  it.each(names)("leave an epoch with %s as it was, but for what is given up", (name) => {
    const run = (earlyAbort: boolean) => {
      const own = taskWith(name, { earlyAbort, batchCandidates: 32 });
      const input = { ...epochInput(own), candidates: 600, state: emptyIsland(own) };
      return runEpoch(epochTools(own), input);
    };
    const aborted = run(true);
    const whole = run(false);
    expect(aborted.state.elites).toEqual(whole.state.elites);
    expect(aborted.counters.givenUp).toBeGreaterThan(0);
    expect(whole.counters.givenUp).toBe(0);
  });

  it.each([52, 6])(
    "leave epochs with a lossy cache of few probes as they were, keeping %i bits",
    (mantissaBits) => {
      const run = (earlyAbort: boolean) => {
        const lossy = {
          cache: "lossy",
          probeCases: 3,
          mantissaBits,
          batchCandidates: 32,
          earlyAbort,
        } as const;
        const own = taskWith("1/(1+root mean square error)", lossy);
        const input = { ...epochInput(own), candidates: 3000, state: emptyIsland(own) };
        return runEpoch(epochTools(own), input);
      };
      const [aborted, whole] = [run(true), run(false)];
      expect(aborted.state.elites).toEqual(whole.state.elites);
      expect(aborted.counters.cacheHits).toBe(whole.counters.cacheHits);
      if (mantissaBits < 52) expect(whole.counters.falseMerges).toBeGreaterThan(0);
    },
  );

  it("are there once for a task that has use for them", () => {
    expect(evaluationMachines(task).thresholds).not.toBeNull();
    expect(evaluationMachines(taskWith("R2", { earlyAbort: false })).thresholds).toBeNull();
  });
});
