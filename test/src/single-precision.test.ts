import { expect, it } from "vitest";
import { createMachine, exportProgram, VectorMachine } from "../../dsl/index.ts";
import { championOf } from "../../src/champion.ts";
import { rootKey } from "../../src/random-stream.ts";
import { search, type SearchResult } from "../../src/search.ts";
import type { Task } from "../../src/task.ts";
import { serialExecutor } from "../../workers/index.ts";
import { singleExponential, taskOf } from "./small-tasks.ts";

const run = (task: Task): Promise<SearchResult> =>
  search({ task, key: rootKey("single"), budgetCandidates: 6000, executor: serialExecutor(task) });

it("rounds the inputs and expected outputs of a task that are floats", () => {
  const task = taskOf(singleExponential);
  const tenth = 2;
  expect(task.inputs[0]?.[tenth]).toBe(Math.fround(0.1));
  expect(task.expected[tenth]).toBe(Math.fround(2 ** 0.1));
  expect(() => taskOf({ ...singleExponential, cases: [{ input: { x: "1" }, output: 1 }] })).toThrow(
    'input x must be of type float32; got "1"',
  );
});

it("finds the same archive however the errors of floats are measured: in batches, or one column at a time", async () => {
  // Where columns are looked at, candidates are bred one at a time.
  const task = taskOf(singleExponential, { batchCandidates: 1 });
  expect(task.measured).not.toBeNull();
  const { digest } = await run(task);
  expect((await run(task)).digest).toBe(digest);
  expect((await run({ ...task, measured: null })).digest).toBe(digest);
});

it("finds a formula whose exported function gives on every case what was measured", async () => {
  const task = taskOf(singleExponential);
  const { archive } = await run(task);
  const champion = championOf(archive, null);
  if (champion === undefined) throw new Error("an archive of 6000 candidates is not empty");
  expect(champion.fitness).toBeGreaterThan(1);
  const machine = createMachine(task.grammar, task.inputs, task.caseCount);
  expect(machine).toBeInstanceOf(VectorMachine);
  const column = machine.run(champion.program);
  const code = exportProgram(task.grammar, champion.program, { to: "javascript", name: "found", header: [] });
  const { found } = (await import(/* @vite-ignore */ `data:text/javascript,${encodeURIComponent(code)}`)) as {
    found: (x: number) => number;
  };
  // The function rounds its arguments itself.
  singleExponential.cases.forEach(({ input }, i) => {
    expect(found(input.x)).toBe(column[i]);
  });
});
