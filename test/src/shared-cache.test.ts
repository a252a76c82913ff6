import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { arithmetic, fn, real } from "../../dsl/index.ts";
import { CacheStore } from "../../src/cache-store.ts";
import type { Evaluations } from "../../src/evaluation-list.ts";
import { type Experiment, grid } from "../../src/experiment.ts";
import { epochTools, runEpoch } from "../../src/island.ts";
import { rootKey } from "../../src/random-stream.ts";
import { type RunState, search, type SearchOptions, type SearchResult } from "../../src/search.ts";
import { isShareable, SharedCache } from "../../src/shared-cache.ts";
import type { Task } from "../../src/task.ts";
import { serialExecutor } from "../../workers/index.ts";
import { cubic, doubled, epochInput, initials, taskOf } from "./small-tasks.ts";

const root = mkdtempSync(join(tmpdir(), "illume-shared-"));
afterAll(() => rmSync(root, { recursive: true, force: true }));
let folders = 0;
const newStore = (): CacheStore => new CacheStore(join(root, `cache-${folders++}`));

/** A fitness of one's own that tells −0 from 0 and throws on some behaviours, and an axis of one's own. */
const signed: Experiment = {
  name: "signed",
  language: arithmetic({ constants: true, operations: ["+", "-", "*", "neg"] }),
  program: fn({ x: real }, real),
  cases: [-1, 0, 2].map((x) => ({ input: { x }, output: -x })),
  fitness: ({ outcomes }) => {
    const [first, middle] = outcomes as readonly number[];
    if ((first as number) > 50) throw new Error("too much");
    return Math.min(5, 1 / (middle as number)) - Math.abs((first as number) - 1);
  },
  offset: -10,
  archive: grid({
    size: [1, 10],
    last: { from: -4, to: 4, bins: 8, measure: ({ outcomes }) => outcomes[2] as number },
  }),
};

const fail = (problem: string): never => {
  throw new Error(problem);
};

/** A run with what a store holds; what it learns goes there. */
async function run(
  task: Task,
  seed: number,
  store: CacheStore | null,
  options: Partial<SearchOptions> = {},
): Promise<SearchResult> {
  const cache = store === null ? null : new SharedCache(task, "code", fail, store);
  const result = await search({
    task,
    key: rootKey(seed),
    budgetCandidates: 3 * 150 * 4,
    executor: serialExecutor(task),
    ...(cache === null ? {} : { known: cache.known }),
    ...options,
    onEpoch: async (report) => {
      cache?.add(report.learned);
      await options.onEpoch?.(report);
    },
  });
  cache?.flush();
  return result;
}

describe.each([
  ["strings", initials],
  ["numbers and their signs", signed],
  ["lists with a named fitness", doubled],
] as const)("a shared cache for %s", (_, experiment) => {
  const task = taskOf(experiment);

  it("changes no archive and saves evaluations, for the same seed and for others", async () => {
    const store = newStore();
    const evaluations: number[] = [];
    for (const seed of [1, 1, 2, 2]) {
      const without = await run(task, seed, null);
      const { digest, counters } = await run(task, seed, store);
      expect(digest).toBe(without.digest);
      expect(counters.evaluations + counters.sharedHits).toBe(without.counters.evaluations);
      expect({ ...counters, evaluations: 0, sharedHits: 0 }).toEqual({
        ...without.counters,
        evaluations: 0,
        sharedHits: 0,
      });
      evaluations.push(counters.evaluations);
      const uncached = taskOf(experiment, { cache: "off" });
      expect((await run(uncached, seed, null)).digest).toBe(digest);
    }
    const [first, again, other, otherAgain] = evaluations as [number, number, number, number];
    // What fails is evaluated again.
    expect(again).toBeLessThan(first / 2);
    expect(other).toBeLessThan(first);
    expect(otherAgain).toBeLessThan(other);
    expect(store.list()).toMatchObject([{ experiment: experiment.name, contradictions: 0, damaged: [] }]);
  });

  it("changes nothing in a run that is stopped and goes on, with it or without", async () => {
    const undisturbed = await run(task, 3, null);
    const store = newStore();
    let from: RunState | undefined;
    let last: SearchResult | undefined;
    for (const withCache of [true, false, true, true])
      last = await run(task, 3, withCache ? store : null, {
        ...(from === undefined ? {} : { from }),
        interruption: () => "interrupted",
        onEpoch: (report) => {
          from = structuredClone(report.state);
        },
      });
    expect(last).toMatchObject({ digest: undisturbed.digest, stop: undisturbed.stop });
  });
});

describe("what is shared", () => {
  it("is what was evaluated with success, each with the values that it was given", () => {
    const task = taskOf(signed);
    const known = new SharedCache(task, "code", fail, newStore()).known;
    const { learned, counters } = runEpoch(epochTools(task), epochInput(task, { known }));
    const { signatures, values } = learned as Evaluations;
    expect(signatures.length / 4).toBe(values.length / 2);
    expect(signatures.length / 4).toBeGreaterThan(20);
    expect(signatures.length / 4).toBeLessThanOrEqual(counters.evaluations - counters.threw);
    expect(counters.threw).toBeGreaterThan(0);
    for (let entry = 0; entry < values.length; entry += 2) expect(values[entry]).toSatisfy(Number.isFinite);
    expect(runEpoch(epochTools(task), epochInput(task)).learned).toBeNull();
  });

  it("is nothing where a cache is not exact, or programs are measured by the batch", async () => {
    expect(isShareable(taskOf(cubic))).toBe(false);
    expect(isShareable(taskOf(initials, { cache: "lossy" }))).toBe(false);
    expect(isShareable(taskOf(initials, { cache: "off" }))).toBe(false);
    const known = new SharedCache(taskOf(initials), "code", fail, newStore()).known;
    for (const task of [
      taskOf(initials, { cache: "lossy" }),
      taskOf(initials, { cache: "off" }),
      taskOf(cubic),
    ])
      expect(runEpoch(epochTools(task), epochInput(task, { known })).learned).toBeNull();
  });

  it("is known to the same code, cases and axes only", async () => {
    const store = newStore();
    const task = taskOf(initials);
    await run(task, 1, store);
    const knownTo = (other: Task, code = "code"): number =>
      new SharedCache(other, code, fail, store).knownCount;
    expect(knownTo(task)).toBeGreaterThan(50);
    expect(knownTo(taskOf(initials, { islands: 1, epochCandidates: 7 }))).toBe(knownTo(task));
    expect(knownTo(task, "other code")).toBe(0);
    expect(knownTo(taskOf({ ...initials, cases: initials.cases.slice(1) }))).toBe(0);
    expect(knownTo(taskOf({ ...initials, archive: grid({ size: [1, 10] }) }))).toBe(0);
    // What may take less may fail where it was known.
    expect(knownTo(taskOf(initials, { evaluationTimeoutMs: 10 }))).toBe(0);
    expect(knownTo(taskOf(initials, { workerMemoryMb: 64 }))).toBe(0);
  });

  it("holds the same evaluations as long as this version is called the same", () => {
    // If this fails, what behaviours are worth has changed: raise EVALUATION_VERSION, then take the new values.
    const task = taskOf(doubled);
    const known = new SharedCache(task, "code", fail, newStore()).known;
    const { learned } = runEpoch(epochTools(task), epochInput(task, { known, candidates: 40 }));
    const { signatures, values } = learned as Evaluations;
    expect([...signatures.slice(0, 4), ...values.slice(0, 2)]).toMatchInlineSnapshot(`
      [
        1618846390,
        1337337132,
        1956515427,
        -697220826,
        0.4479749999999999,
        0,
      ]
    `);
    expect([...signatures.slice(-4), ...values.slice(-2)]).toMatchInlineSnapshot(`
      [
        1793534894,
        -1526072493,
        -1738586974,
        1996101439,
        0.52945,
        1,
      ]
    `);
  });
});

describe("a fitness that is not the same every time", () => {
  it("is noticed, and what it said twice is not used", async () => {
    let asked = 0;
    const task = taskOf({ ...initials, fitness: () => asked++ });
    const store = newStore();
    const cache = new SharedCache(task, "code", fail, store);
    const tools = epochTools(task);
    for (const island of [0, 0])
      cache.add([runEpoch(tools, epochInput(task, { island, known: cache.known })).learned as Evaluations]);
    expect(cache.contradictions).toBeGreaterThan(20);
    cache.flush();
    expect(store.list()).toMatchObject([{ entries: 0, contradictions: cache.contradictions }]);
  });
});

describe("a cache that cannot be written", () => {
  it("says so once, and the run is as without", async () => {
    const file = join(root, "file");
    writeFileSync(file, "");
    const problems: string[] = [];
    const task = taskOf(initials);
    const cache = new SharedCache(
      task,
      "code",
      (p) => void problems.push(p),
      new CacheStore(join(file, "cache")),
    );
    const { learned } = runEpoch(epochTools(task), epochInput(task, { known: cache.known }));
    for (let n = 0; n < 3; n++) {
      cache.add([learned as Evaluations]);
      cache.flush();
    }
    expect(problems).toEqual([expect.stringContaining("cannot be written: ENOTDIR")]);
  });
});
