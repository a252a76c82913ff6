import { rm } from "node:fs/promises";
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, describe, expect, it } from "vitest";
import * as dsl from "../../dsl/index.ts";
import * as illume from "../../src/index.ts";
import {
  bundleExperiment,
  compileTask,
  completeParameters,
  emptyIsland,
  type EpochInput,
  epochTools,
  type Executor,
  JobError,
  loadBundle,
  outcomeAt,
  type Parameters,
  quarantineEntries,
  rootKey,
  runEpoch,
  search,
  type SearchResult,
  type Task,
  writeBundle,
} from "../../src/index.ts";
import { serialExecutor, threadsExecutor } from "../../workers/index.ts";
import { plainBreeding } from "../src/small-tasks.ts";

const folder = mkdtempSync(join(tmpdir(), "illume-executors-"));
const open: Executor[] = [];
afterAll(async () => {
  for (const executor of open) await executor.close();
  await rm(folder, { recursive: true, force: true });
});

const host = { illume, "illume/dsl": dsl };
const key = rootKey("executors");

async function load(
  fixture: string,
  parameters: Partial<Parameters> = {},
): Promise<{ readonly task: Task; readonly code: string }> {
  const file = fileURLToPath(new URL(`../fixtures/${fixture}.ts`, import.meta.url));
  const code = await writeBundle(await bundleExperiment(file, host), folder);
  const small = {
    ...plainBreeding,
    islands: 2,
    epochCandidates: 60,
    initialCandidates: 30,
    broodSize: 1,
    cacheEntries: 64,
    maximumSize: 12,
  };
  const experiment = await loadBundle(code, host);
  return {
    task: compileTask(experiment, completeParameters({ ...small, ...experiment.parameters, ...parameters })),
    code,
  };
}

const threads = (task: Task, code: string, workers: number): Executor => {
  const executor = threadsExecutor(task, code, workers);
  open.push(executor);
  return executor;
};

const executors: readonly (readonly [string, (task: Task, code: string) => Executor])[] = [
  ["serial", serialExecutor],
  ["one thread", (task, code) => threads(task, code, 1)],
  ["two threads", (task, code) => threads(task, code, 2)],
];

const bitsOf = (value: unknown): unknown => {
  if (ArrayBuffer.isView(value))
    return Buffer.from(value.buffer, value.byteOffset, value.byteLength).toString("hex");
  if (value === null || typeof value !== "object") return value;
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, bitsOf(inner)]));
};

const inputOf = (task: Task, changes: Partial<EpochInput> = {}): EpochInput => ({
  key,
  island: 0,
  epoch: 0,
  candidates: 60,
  state: emptyIsland(task),
  immigrants: [],
  quarantine: [],
  ...changes,
});

const run = (task: Task, executor: Executor, budgetCandidates = 240): Promise<SearchResult> =>
  search({ task, key, budgetCandidates, executor });

describe.each(executors)("the %s executor", (_name, create) => {
  it.each(["plain", "throwing", "fitted"])(
    "gives what an epoch of %s gives, bit for bit",
    async (fixture) => {
      const { task, code } = await load(fixture);
      const executor = create(task, code);
      const tools = epochTools(task);
      const first = inputOf(task);
      const abroad = runEpoch(tools, inputOf(task, { island: 1 })).emigrants;
      const expected = runEpoch(tools, structuredClone(first));
      const output = await executor.run(first);
      expect(bitsOf(output)).toEqual(bitsOf(expected));
      // The state that came back is fit to be sent again, with its cache.
      const second = { ...inputOf(task, { epoch: 1, immigrants: [abroad] }), state: output.state };
      const expectedSecond = runEpoch(tools, structuredClone(second));
      expect(bitsOf(await executor.run(second))).toEqual(bitsOf(expectedSecond));
      expect(abroad.cells.length).toBeGreaterThan(0);
      await executor.close();
    },
  );

  it("runs jobs that are given to it at the same time, each for itself", async () => {
    const { task, code } = await load("plain");
    const executor = create(task, code);
    const tools = epochTools(task);
    const islands = [0, 1, 2, 3, 4];
    const outputs = await Promise.all(islands.map((island) => executor.run(inputOf(task, { island }))));
    for (const island of islands)
      expect(bitsOf(outputs[island])).toEqual(bitsOf(runEpoch(tools, inputOf(task, { island }))));
    await executor.close();
  });

  it("goes on when a fitness throws or gives NaN, and counts it", async () => {
    const { task, code } = await load("throwing");
    const executor = create(task, code);
    const result = await run(task, executor);
    expect(result.stop).toBe("budget");
    expect(result.counters.threw).toBeGreaterThan(0);
    expect(result.counters.notANumber).toBeGreaterThan(0);
    expect(result.counters.candidates).toBe(240);
    expect(result.digest).toBe((await run(task, serialExecutor(task))).digest);
    await executor.close();
  });

  it("skips quarantined candidates", async () => {
    const { task, code } = await load("plain");
    const executor = create(task, code);
    const quarantine = [{ candidate: 5, reason: "crashed" }] as const;
    const { counters } = await executor.run(inputOf(task, { quarantine }));
    expect(counters).toMatchObject({ candidates: 60, crashed: 1 });
    await executor.close();
  });
});

describe("worker threads", () => {
  it.each([
    ["looping", "timedOut", { evaluationTimeoutMs: 500 }],
    ["exiting", "crashed", {}],
    ["allocating", "crashed", { workerMemoryMb: 64 }],
  ] as const)(
    "replace a worker whose program is %s, count it, and give the same archive on one and two",
    async (fixture, counter, parameters) => {
      const { task, code } = await load(fixture, parameters);
      const results: SearchResult[] = [];
      for (const workers of [1, 2]) {
        const executor = threads(task, code, workers);
        results.push(await run(task, executor));
        await executor.close();
      }
      const [one, two] = results as [SearchResult, SearchResult];
      expect(one.counters[counter]).toBeGreaterThan(0);
      expect(one.counters.timedOut + one.counters.crashed).toBe(one.counters[counter]);
      expect(one.counters.candidates).toBe(240);
      expect(one.stop).toBe("budget");
      expect(one.archive.count).toBeGreaterThan(3);
      expect(two.digest).toBe(one.digest);
      expect(two.counters[counter]).toBe(one.counters[counter]);
    },
  );

  it("list what they were replaced for, and blame nobody whose worker fell to something else", async () => {
    for (const [fixture, reason, parameters] of [
      ["exiting", "crashed", {}],
      ["hoarding", "crashed", { workerMemoryMb: 64 }],
      ["later", null, {}],
    ] as const) {
      const { task, code } = await load(fixture, parameters);
      const machine = epochTools(task).machines.cases;
      const executor = threads(task, code, 2);
      const outputs = await Promise.all(
        [0, 1].map((island) => executor.run(inputOf(task, { candidates: 400, island }))),
      );
      const lists = outputs.map(({ state }) => quarantineEntries(state.quarantine));
      for (const { program, reason: listed } of lists.flat())
        expect([listed, outcomeAt(task.grammar, machine.run(program), 0)]).toEqual([reason, "-0"]);
      expect(lists.flat().length > 0).toBe(reason !== null);
      // Nothing is left of one job in the next.
      for (const [island, { state }] of outputs.entries()) {
        const expected = structuredClone(state.quarantine);
        const next = await executor.run(inputOf(task, { candidates: 400, island, epoch: 1, state }));
        expect(quarantineEntries(next.state.quarantine).slice(0, expected.tokenEnds.length)).toEqual(
          quarantineEntries(expected),
        );
      }
      // What is known by the first job's state is found again from its beginning.
      const again = await executor.run(inputOf(task, { candidates: 400, island: 1 }));
      expect(quarantineEntries(again.state.quarantine)).toEqual(lists[1]);
      await executor.close();
    }
  });

  it("may take longer for a job than an evaluation may last", async () => {
    const { task, code } = await load("throwing", { evaluationTimeoutMs: 10, epochCandidates: 3000 });
    const executor = threads(task, code, 1);
    const started = Date.now();
    const { counters } = await executor.run(inputOf(task, { candidates: 3000 }));
    expect(Date.now() - started).toBeGreaterThan(20);
    expect(counters.candidates).toBe(3000);
    await executor.close();
  });

  it("give a job up that fails twice without a candidate to blame, with its island and epoch", async () => {
    const { task, code } = await load("unloadable");
    const executor = threads(task, code, 1);
    const failure = await executor
      .run(inputOf(task, { island: 3, epoch: 7 }))
      .catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(JobError);
    expect(failure).toMatchObject({ island: 3, epoch: 7 });
    expect((failure as JobError).message).toContain("planted");
    await expect(run(task, executor)).rejects.toBeInstanceOf(JobError);
    await executor.close();
  });

  it("can be closed at any moment, also while they load, without taking the process along", async () => {
    const { task, code } = await load("plain");
    for (const delayMs of [0, 40, 90, 150, 220, 300]) {
      const executor = threads(task, code, 2);
      const job = executor.run(inputOf(task)).catch((error: unknown) => error);
      await new Promise((resolve) => {
        setTimeout(resolve, delayMs);
      });
      await executor.close();
      expect(await job).toBeDefined();
    }
  });

  it("reject what is unfinished when they are closed, and end", async () => {
    const { task, code } = await load("plain", { epochCandidates: 10_000_000 });
    const executor = threads(task, code, 2);
    const unfinished = executor
      .run(inputOf(task, { candidates: 10_000_000 }))
      .catch((error: unknown) => error);
    await new Promise((resolve) => {
      setTimeout(resolve, 300);
    });
    await executor.close();
    expect(await unfinished).toBeInstanceOf(JobError);
  });
});

describe("a bundle", () => {
  it("of an experiment does not depend on the folder it lies in, and holds no copy of Illume", async () => {
    const file = fileURLToPath(new URL("../fixtures/throwing.ts", import.meta.url));
    const bundle = await bundleExperiment(file, host);
    expect(bundle.code).not.toContain(folder);
    expect(bundle.code).not.toContain("class Archive");
    expect((await bundleExperiment(file, host)).digest).toBe(bundle.digest);
  });

  it("reports a missing file, a file that does not compile, and one that is no experiment", async () => {
    await expect(bundleExperiment(join(folder, "none.ts"), host)).rejects.toThrow("which does not exist");
    const { writeFile } = await import("node:fs/promises");
    const broken = join(folder, "broken.ts");
    await writeFile(broken, "export default {\n  name: ;\n");
    await expect(bundleExperiment(broken, host)).rejects.toThrow(
      /broken\.ts, line 2, column \d+ must compile/,
    );
    for (const [source, message] of [
      ["export const a = 1;", "default export"],
      ["export default 5;", "default export"],
      ["export default { name: 'x' };", "must have language, program, cases, fitness, archive"],
      ["throw new Error('planted');", "threw Error: planted"],
      [
        "export default { name: '../x', language: 1, program: 1, cases: [], fitness: 1, archive: 1 };",
        "experiment name must be",
      ],
    ] as const) {
      const file = join(folder, `bad-${message.length}-${source.length}.ts`);
      await writeFile(file, source);
      const code = await writeBundle(await bundleExperiment(file, host), folder);
      await expect(loadBundle(code, host)).rejects.toThrow(message);
    }
  });
});
