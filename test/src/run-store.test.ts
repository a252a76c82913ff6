import { mkdtempSync, writeFileSync } from "node:fs";
import { rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { open as openEnvironment } from "lmdb";
import { Packr } from "msgpackr";
import { afterAll, describe, expect, it } from "vitest";
import { emptyCounters } from "../../src/counters.ts";
import { type EpochMetrics, FORMAT_VERSION, type RunConfig, RunStore } from "../../src/run-store.ts";
import { rootKey } from "../../src/random-stream.ts";
import { type RunState, search, type SearchResult } from "../../src/search.ts";
import { serialExecutor } from "../../workers/index.ts";
import { cubic, taskOf } from "./small-tasks.ts";

const root = mkdtempSync(join(tmpdir(), "illume-store-"));
afterAll(() => rm(root, { recursive: true, force: true }));
let folders = 0;
const newFolder = (): string => join(root, "runs", `run-${folders++}`);

const config: RunConfig = {
  experiment: "cubic",
  question: "…",
  seed: "1",
  budgetCandidates: 2000,
  parameters: { islands: 3, topology: "all" },
  codeDigest: "00",
  grammarDigest: "11",
};
const metricsOf = (epoch: number): EpochMetrics => ({
  epoch,
  counters: { ...emptyCounters(), candidates: epoch * 2 ** 40 },
  coverage: 0.1,
  qdScore: epoch / 3,
  bestFitness: epoch === 0 ? Number.NEGATIVE_INFINITY : 1 / 3,
  bestProgram: "(+ x x)",
  bestSize: 3,
  digest: `d${epoch}`,
  seconds: 1.5,
  stop: epoch === 2 ? "budget" : null,
});
const task = taskOf(cubic, { cache: "lossy" });
const run = (store: RunStore | null, from?: RunState): Promise<SearchResult> =>
  search({
    task,
    key: rootKey(1),
    budgetCandidates: 2000,
    executor: serialExecutor(task),
    ...(from === undefined ? {} : { from }),
    onEpoch: async ({ epoch, state }) => {
      await store?.write(state, metricsOf(epoch), epoch % 2 === 1);
    },
  });

describe("a run store", () => {
  it("is empty at first, and knows its configuration", async () => {
    const folder = newFolder();
    expect(RunStore.exists(folder)).toBe(false);
    const store = await RunStore.create(folder, config);
    expect(RunStore.exists(folder)).toBe(true);
    expect(store.config).toEqual(config);
    expect([store.state, store.latest, store.metrics, store.snapshots, store.snapshot(1)]).toEqual([
      null,
      null,
      [],
      [],
      null,
    ]);
    await store.close();
  });

  it("gives back states to the last bit, figures and snapshots, also after it was closed and opened again", async () => {
    const folder = newFolder();
    const store = await RunStore.create(folder, config);
    const states: RunState[] = [];
    await search({
      task,
      key: rootKey(1),
      budgetCandidates: 2000,
      executor: serialExecutor(task),
      onEpoch: async ({ epoch, state }) => {
        states.push(structuredClone(state));
        await store.write(state, metricsOf(epoch), epoch % 2 === 1);
      },
    });
    expect(states).toHaveLength(5);
    const check = (opened: RunStore): void => {
      expect(opened.config).toEqual(config);
      expect(opened.state).toEqual(states.at(-1));
      expect(opened.state?.islands[0]?.elites.cells).toBeInstanceOf(Int32Array);
      expect(opened.state?.islands[0]?.cache?.values).toBeInstanceOf(Float64Array);
      expect(opened.latest).toEqual(metricsOf(4));
      expect(opened.metrics).toEqual([0, 1, 2, 3, 4].map(metricsOf));
      expect(opened.snapshots).toEqual([2, 4]);
      expect(opened.snapshot(2)).toEqual(states[1]);
      expect(opened.snapshot(3)).toBeNull();
    };
    check(store);
    await store.close();
    const again = RunStore.open(folder);
    check(again);
    await again.close();
    const reader = RunStore.open(folder, { readOnly: true });
    check(reader);
    await reader.close();
  });

  it("lets a search go on from what it holds, to the undisturbed result", async () => {
    const undisturbed = await run(null);
    const folder = newFolder();
    const store = await RunStore.create(folder, config);
    await run(store);
    await store.close();
    const opened = RunStore.open(folder);
    for (const epochs of opened.snapshots) {
      const resumed = await run(null, opened.snapshot(epochs) as RunState);
      expect(resumed.digest).toBe(undisturbed.digest);
      expect(resumed.counters).toEqual(undisturbed.counters);
    }
    await opened.close();
  });

  it("keeps −0, NaN and infinities, in buffers and in figures", async () => {
    const store = await RunStore.create(newFolder(), config);
    const odd = Float64Array.of(-0, Number.NaN, Number.NEGATIVE_INFINITY, Number.MIN_VALUE);
    const state = {
      epochs: 1,
      islands: [{ counters: odd }],
      migrants: [],
      stale: 0,
      bestFitness: Number.NEGATIVE_INFINITY,
      solvedEpochs: 0,
    };
    await store.write(state as unknown as RunState, metricsOf(0), false);
    const read = store.state as RunState;
    expect(read.islands[0]?.counters).toEqual(odd);
    expect(Object.is(read.islands[0]?.counters[0], -0)).toBe(true);
    expect(read.bestFitness).toBe(Number.NEGATIVE_INFINITY);
    expect(store.latest?.bestFitness).toBe(Number.NEGATIVE_INFINITY);
    await store.close();
  });

  it("lists metrics and snapshots in order of epochs, beyond ten and a million", async () => {
    const store = await RunStore.create(newFolder(), config);
    const state = { epochs: 0, islands: [], migrants: [], stale: 0, bestFitness: 0, solvedEpochs: 0 };
    for (const epoch of [1_000_000, 9, 10, 100])
      await store.write({ ...state, epochs: epoch }, metricsOf(epoch), true);
    expect(store.snapshots).toEqual([9, 10, 100, 1_000_000]);
    expect(store.metrics.map((m) => m.epoch)).toEqual([9, 10, 100, 1_000_000]);
    await store.close();
  });

  it("of another format is refused", async () => {
    const folder = newFolder();
    await (await RunStore.create(folder, config)).close();
    const environment = openEnvironment<Uint8Array, string>({
      path: join(folder, "store.mdb"),
      encoding: "binary",
      noSubdir: true,
    });
    await environment.put("format", new Packr().pack(FORMAT_VERSION + 1));
    await environment.close();
    expect(() => RunStore.open(folder)).toThrow(
      `must be of format ${FORMAT_VERSION}; got ${FORMAT_VERSION + 1}`,
    );
  });

  it("that is missing, or no store at all, is refused", () => {
    expect(() => RunStore.open(newFolder())).toThrow("run must be a folder with a run in it");
    for (const content of ["", "short", "not a store ".repeat(1000)]) {
      const folder = mkdtempSync(join(root, "no-store-"));
      writeFileSync(join(folder, "store.mdb"), content);
      for (const readOnly of [false, true])
        expect(() => RunStore.open(folder, { readOnly })).toThrow("must hold a readable store");
    }
  });

  it("cannot be made where a file is in the way", async () => {
    const file = join(root, "file");
    writeFileSync(file, "");
    await expect(RunStore.create(join(file, "run"), config)).rejects.toThrow("must be writable");
  });
});
