import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { contradictions, printSygusProgram, readSygusTask, type Value } from "../../dsl/index.ts";
import { ConstraintSynthesis, Synthesis } from "../../src/index.ts";
import { smtConstraints, smtFunction } from "../dsl/sygus/smt-evaluator.ts";
import { hasSygusFiles, sygusFiles } from "../dsl/sygus/sygus-files.ts";

/** Candidates that a task may take: some 10 seconds. */
const BUDGET = 40_000_000;
const CONSTRAINT_BUDGET = 400_000;
const coordinate = fc.oneof(
  fc.integer({ min: -3, max: 3 }),
  fc.integer({ min: -40, max: 40 }),
  fc.integer({ min: -1_000_000_000, max: 1_000_000_000 }),
);

// The competition's tasks; they lie beside the repository, or are left out.
describe.skipIf(!hasSygusFiles)("tasks of the SyGuS competition", () => {
  const tasks = sygusFiles().flatMap(({ kind, name, text }) => {
    const task = readSygusTask(text, name);
    const { examples } = task;
    return examples === null || contradictions(examples).length > 0
      ? []
      : [{ title: `${kind}/${name}`, text, task, examples }];
  });
  it.each(tasks)("$title is solved, as another reading of SMT-LIB sees it", ({ text, task, examples }) => {
    const synthesis = new Synthesis(task.grammar, examples);
    while (synthesis.answer === null && !synthesis.isOver && synthesis.steps < BUDGET) synthesis.next();
    const { answer } = synthesis;
    if (answer === null) throw new Error("no answer");
    const f = smtFunction(printSygusProgram(task, answer.program), text);
    for (const { inputs, output } of examples) expect(f(...inputs)).toEqual(output);
  });

  const constrained = sygusFiles().flatMap(({ kind, name, text }) => {
    const task = readSygusTask(text, name);
    return task.examples === null ? [{ title: `${kind}/${name}`, text, task }] : [];
  });
  it.each(constrained)(
    "$title holds at thousands of points, as another reading sees it",
    ({ text, task }) => {
      const synthesis = new ConstraintSynthesis(task);
      while (!synthesis.isOver && synthesis.steps < CONSTRAINT_BUDGET) synthesis.next();
      const { answer } = synthesis;
      if (answer === null) throw new Error("no answer");
      const { variables, holds } = smtConstraints(text, printSygusProgram(task, answer.program));
      expect(variables.map(({ sort }) => sort)).toEqual(variables.map(() => "Int"));
      fc.assert(
        fc.property(
          fc.array(coordinate, { minLength: variables.length, maxLength: variables.length }),
          fc.array(fc.tuple(fc.nat(), fc.nat(), fc.integer({ min: -1, max: 1 })), { maxLength: 6 }),
          fc.boolean(),
          (drawn, ties, isSorted) => {
            const values: Value[] = isSorted ? [...drawn].sort((a, b) => a - b) : [...drawn];
            // Ties, and what lies right beside them.
            for (const [from, to, near] of ties)
              values[to % values.length] = (values[from % values.length] as number) + near;
            expect(holds(values)).toBe(true);
          },
        ),
        { numRuns: 4000 },
      );
    },
  );
});
