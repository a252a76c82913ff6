import { describe, expect, it } from "vitest";
import { contradictions, printSygusProgram, readSygusTask } from "../../dsl/index.ts";
import { Synthesis } from "../../src/index.ts";
import { smtFunction } from "../dsl/sygus/smt-evaluator.ts";
import { hasSygusFiles, sygusFiles } from "../dsl/sygus/sygus-files.ts";

/** Candidates that a task may take: some 10 seconds. */
const BUDGET = 40_000_000;

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
});
