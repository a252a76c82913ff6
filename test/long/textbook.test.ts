import { describe, expect, it } from "vitest";
import { interpret, sameOutcome } from "../../dsl/index.ts";
import { exampleFile } from "../../bench/textbook.ts";
import { textbookTasks } from "../../bench/textbook-tasks.ts";
import { exampleGrammar, examplesOfJson, Synthesis } from "../../src/index.ts";

/** Candidates that a task may take: some 20 seconds. */
const BUDGET = 12_000_000;
/** Of the tasks of each kind, so many must be right on the examples that the search does not see. */
const LEAST_RIGHT = { list: 50, integer: 18 } as const;

describe.each(["list", "integer"] as const)("textbook functions of kind %s", (kind) => {
  it("are found, most of them, and all answers give their examples", () => {
    const right: string[] = [];
    for (const task of textbookTasks.filter((one) => one.kind === kind)) {
      const set = examplesOfJson(exampleFile(task), task.name);
      const grammar = exampleGrammar(set);
      const synthesis = new Synthesis(grammar, set.examples);
      while (synthesis.answer === null && !synthesis.isOver && synthesis.steps < BUDGET) synthesis.next();
      const { answer } = synthesis;
      if (answer === null) continue;
      const gives = ({ inputs, output }: (typeof task.hidden)[number]): boolean =>
        sameOutcome(interpret(grammar, answer.program, inputs), output);
      expect(task.examples.filter((one) => !gives(one)).map(() => task.name)).toEqual([]);
      if (task.hidden.every(gives)) right.push(task.name);
    }
    expect(right.length).toBeGreaterThanOrEqual(LEAST_RIGHT[kind]);
  });
});
