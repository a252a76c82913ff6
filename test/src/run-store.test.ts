import { mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { seal, unseal } from "../../src/checksum.ts";
import { emptyCounters } from "../../src/counters.ts";
import { carryOn, DivergenceError } from "../../src/carry-on.ts";
import { type Disk, folderDisk, makeFolder } from "../../src/disk.ts";
import { type EpochMetrics, journalLine } from "../../src/journal.ts";
import { rootKey } from "../../src/random-stream.ts";
import { configText, FORMAT_VERSION, type RunConfig } from "../../src/run-config.ts";
import { RunStore } from "../../src/run-store.ts";
import { type RunState, search } from "../../src/search.ts";
import { serialExecutor } from "../../workers/index.ts";
import { cubic, taskOf } from "./small-tasks.ts";

const root = mkdtempSync(join(tmpdir(), "illume-store-"));
afterAll(() => rm(root, { recursive: true, force: true }));
let folders = 0;
const newFolder = (): string => {
  const folder = join(root, "runs", `run-${folders++}`);
  makeFolder(folder);
  return folder;
};

const BUDGET = 2000;
const config: RunConfig = {
  experiment: "cubic",
  question: "…",
  seed: "1",
  budgetCandidates: BUDGET,
  parameters: { islands: 3, topology: "all", snapshotEpochs: 2 },
  codeDigest: "00",
  grammarDigest: "11",
};
const metricsOf = (epoch: number): EpochMetrics => ({
  epoch,
  counters: { ...emptyCounters(), candidates: epoch * 2 ** 40 },
  coverage: 0.1,
  qdScore: epoch / 3,
  hypervolume: epoch / 7,
  bestFitness: epoch === 0 ? Number.NEGATIVE_INFINITY : 1 / 3,
  bestProgram: '(+ x "é\n")',
  bestSize: 3,
  digest: `d${epoch}`,
  islandDigests: ["aa", "bb"],
  rollingDigest: `e${epoch}`,
  seconds: 1.5,
  stop: epoch === 4 ? "budget" : null,
});
const emptyState = (epochs: number): RunState => ({
  epochs,
  islands: [],
  migrants: [],
  stale: 0,
  bestFitness: 0,
  solvedEpochs: 0,
  rollingDigest: "",
});
const task = taskOf(cubic, { cache: "lossy" });

/** The states after each epoch of the whole run, and its end. */
async function undisturbed() {
  const states: RunState[] = [];
  const result = await search({
    task,
    key: rootKey(1),
    budgetCandidates: BUDGET,
    executor: serialExecutor(task),
    onEpoch: ({ state }) => {
      states.push(structuredClone(state));
    },
  });
  return { states, result };
}

async function newStore(folder: string): Promise<RunStore> {
  await RunStore.create(folderDisk(folder), config);
  return RunStore.open(folderDisk(folder));
}

/** A folder with the run carried on to its end. */
async function wholeRun(): Promise<string> {
  const folder = newFolder();
  const store = await newStore(folder);
  await carryOn({ task, store, executor: serialExecutor(task) });
  await store.close();
  return folder;
}

const flip = (path: string, at: number): void => {
  const bytes = readFileSync(path);
  bytes[at < 0 ? bytes.length + at : at] = (bytes.at(at) as number) ^ 4;
  writeFileSync(path, bytes);
};
const lastState = (folder: string): string =>
  join(
    folder,
    readdirSync(folder)
      .filter((name) => name.startsWith("state-"))
      .sort()
      .at(-1) as string,
  );

describe("a run store", () => {
  it("is empty at first, and knows its configuration", async () => {
    const folder = newFolder();
    expect(RunStore.exists(folder)).toBe(false);
    const store = await newStore(folder);
    expect(RunStore.exists(folder)).toBe(true);
    expect(store.config).toEqual(config);
    expect([store.state, store.latest, store.metrics, store.snapshots, store.snapshot(1)]).toEqual([
      null,
      null,
      [],
      [],
      null,
    ]);
    expect(store.damage).toEqual([]);
  });

  it("gives back states to the last bit, figures and snapshots, also after it was closed and opened again", async () => {
    const { states } = await undisturbed();
    expect(states).toHaveLength(5);
    const folder = newFolder();
    const store = await newStore(folder);
    for (const [epoch, state] of states.entries()) await store.write(state, metricsOf(epoch));
    await store.close();
    const check = (opened: RunStore): void => {
      expect(opened.config).toEqual(config);
      expect(opened.state).toEqual(states.at(-1));
      expect(opened.state?.islands[0]?.elites.cells).toBeInstanceOf(Int32Array);
      expect(opened.state?.islands[0]?.cache?.values).toBeInstanceOf(Float64Array);
      expect(opened.latest).toEqual(metricsOf(4));
      expect(opened.metrics).toEqual([0, 1, 2, 3, 4].map(metricsOf));
      expect(opened.snapshots).toEqual([2, 4, 5]);
      expect(opened.snapshot(2)).toEqual(states[1]);
      expect(opened.snapshot(3)).toBeNull();
      expect(opened.damage).toEqual([]);
    };
    check(store);
    check(RunStore.open(folderDisk(folder)));
    check(RunStore.open(folderDisk(folder), { readOnly: true }));
  });

  it("lets a search go on from what it holds, to the undisturbed result", async () => {
    const { result } = await undisturbed();
    const opened = RunStore.open(folderDisk(await wholeRun()), { readOnly: true });
    for (const epochs of opened.snapshots) {
      const resumed = await search({
        task,
        key: rootKey(1),
        budgetCandidates: BUDGET,
        executor: serialExecutor(task),
        from: opened.snapshot(epochs) as RunState,
      });
      expect(resumed.digest).toBe(result.digest);
      expect(resumed.rollingDigest).toBe(result.rollingDigest);
      expect(resumed.counters).toEqual(result.counters);
    }
  });

  it("keeps −0, NaN and infinities, in buffers and in figures", async () => {
    const folder = newFolder();
    const store = await newStore(folder);
    const odd = Float64Array.of(-0, Number.NaN, Number.NEGATIVE_INFINITY, Number.MIN_VALUE);
    const { states } = await undisturbed();
    const [first] = states as [RunState];
    const islands = first.islands.map((island) => ({ ...island, counters: odd }));
    await store.write({ ...first, islands, bestFitness: Number.NEGATIVE_INFINITY }, metricsOf(0));
    await store.close();
    const read = RunStore.open(folderDisk(folder));
    expect(read.state?.islands[0]?.counters).toEqual(odd);
    expect(Object.is(read.state?.islands[0]?.counters[0], -0)).toBe(true);
    expect(read.state?.bestFitness).toBe(Number.NEGATIVE_INFINITY);
    expect(read.latest?.bestFitness).toBe(Number.NEGATIVE_INFINITY);
  });

  it("says how many lines a journal has lost that was cut, until it goes on", async () => {
    const folder = await wholeRun();
    const path = join(folder, "journal.log");
    const lines = readFileSync(path, "utf8").split("\n");
    const epochs = lines.length - 1;
    writeFileSync(path, `${lines.slice(0, 2).join("\n")}\n${lines[2]?.slice(0, 40)}`);
    const lost = [`journal.log has lost the lines of ${epochs - 3} epochs`];
    expect(RunStore.open(folderDisk(folder), { readOnly: true }).damage).toEqual(lost);
    rmSync(path);
    expect(RunStore.open(folderDisk(folder), { readOnly: true }).damage).toEqual([
      `journal.log has lost the lines of ${epochs - 1} epochs`,
    ]);
    await RunStore.open(folderDisk(folder)).close();
    expect(RunStore.open(folderDisk(folder), { readOnly: true }).damage).toEqual([]);
  });

  it("is there as long as a state is, which holds a copy of the configuration", async () => {
    const folder = await wholeRun();
    expect(RunStore.exists(folder)).toBe(true);
    for (const name of ["run.json", "journal.log"]) rmSync(join(folder, name), { force: true });
    expect(RunStore.exists(folder)).toBe(true);
    const { state, config: copy } = RunStore.open(folderDisk(folder), { readOnly: true });
    expect(state?.epochs).toBe(Number(/(\d+)\.bin$/.exec(lastState(folder))?.[1]));
    expect(copy).toEqual(config);
  });

  it("keeps a bounded number of states and lines, however long the run", async () => {
    const files = new Map<string, Uint8Array[]>();
    // A disk in memory, as real ones take a while.
    const disk: Disk = {
      place: "memory",
      list: () => [...files.keys()].sort(),
      read: (name) => {
        const parts = files.get(name);
        return parts === undefined ? null : Buffer.concat(parts);
      },
      replace: (name, bytes) => void files.set(name, [bytes]),
      append: (name, bytes) => {
        const parts = files.get(name) ?? [];
        parts.push(bytes);
        files.set(name, parts);
      },
      remove: (name) => void files.delete(name),
      sync: () => Promise.resolve(),
      freeBytes: () => 1e12,
    };
    await RunStore.create(disk, { ...config, parameters: { snapshotEpochs: 10, snapshotLimit: 20 } });
    const store = RunStore.open(disk);
    let mostFiles = 0;
    for (let epoch = 0; epoch < 8000; epoch++) {
      await store.write(emptyState(epoch + 1), metricsOf(epoch));
      mostFiles = Math.max(mostFiles, files.size);
    }
    await store.close();
    expect(mostFiles).toBeLessThan(20 + 16);
    const opened = RunStore.open(disk);
    expect(opened.damage).toEqual([]);
    expect(opened.snapshots).toEqual([...Array.from({ length: 12 }, (_, i) => (i + 1) * 640), 7999, 8000]);
    expect(opened.metrics.length).toBeLessThanOrEqual(6000);
    expect(opened.metrics.slice(-1000).map((m) => m.epoch)).toEqual(
      Array.from({ length: 1000 }, (_, i) => 7000 + i),
    );
    // Beside every snapshot the epoch that led to it and the one that follows are known.
    const known = new Set(opened.metrics.map((m) => m.epoch));
    for (const epochs of opened.snapshots.slice(0, -2)) {
      expect(known).toContain(epochs - 1);
      expect(known).toContain(epochs);
    }
  });

  it("is not written by who has lost it to another process", async () => {
    const folder = newFolder();
    await newStore(folder);
    let isHeld = true;
    const store = RunStore.open(folderDisk(folder), { isHeld: () => isHeld });
    await store.write(emptyState(1), metricsOf(0));
    isHeld = false;
    await expect(store.write(emptyState(2), metricsOf(1))).rejects.toThrow(
      "must be carried on by one process; another one has taken it. Everything up to epoch 1 is stored.",
    );
    await store.close();
    expect(RunStore.open(folderDisk(folder)).state?.epochs).toBe(1);
  });

  it("of another format is refused", async () => {
    const folder = newFolder();
    await newStore(folder);
    const text = configText(config).replace(`"format": ${FORMAT_VERSION}`, `"format": ${FORMAT_VERSION + 1}`);
    writeFileSync(join(folder, "run.json"), text);
    expect(() => RunStore.open(folderDisk(folder))).toThrow(
      `must be of format ${FORMAT_VERSION}; got ${FORMAT_VERSION + 1}. Use the version of Illume that made it.`,
    );
    rmSync(join(folder, "run.json"));
    writeFileSync(join(folder, "store.mdb"), "");
    expect(RunStore.exists(folder)).toBe(true);
    expect(() => RunStore.open(folderDisk(folder))).toThrow(`must be of format ${FORMAT_VERSION}; got 1.`);
  });

  it("that is no store at all is refused", () => {
    for (const content of ["", "short", "{}", "null", "not a store ".repeat(1000)]) {
      const folder = newFolder();
      writeFileSync(join(folder, "run.json"), content);
      for (const readOnly of [false, true])
        expect(() => RunStore.open(folderDisk(folder), { readOnly })).toThrow("must hold a readable store");
    }
  });

  it("reads no file outside its folder", async () => {
    const folder = await wholeRun();
    const stranger = join(newFolder(), "run.json");
    writeFileSync(stranger, configText({ ...config, seed: "stolen" }));
    rmSync(join(folder, "run.json"));
    symlinkSync(stranger, join(folder, "run.json"));
    const opened = RunStore.open(folderDisk(folder), { readOnly: true });
    expect(opened.config).toEqual(config);
    expect(opened.damage).toEqual(["run.json is missing; the last state has a copy"]);
  });
});

describe("a damaged run store", () => {
  /** Opens it, sees what it says, carries it on and finds the undisturbed result, with nothing damaged left. */
  async function recovers(folder: string, ...damage: readonly unknown[]): Promise<void> {
    const { result } = await undisturbed();
    expect(RunStore.open(folderDisk(folder), { readOnly: true }).damage).toEqual(damage);
    const store = RunStore.open(folderDisk(folder));
    expect(store.damage).toEqual(damage);
    expect(store.latest?.epoch).toBe(4);
    const again = await carryOn({ task, store, executor: serialExecutor(task) });
    await store.close();
    expect(again).toMatchObject({ digest: result.digest, rollingDigest: result.rollingDigest });
    const healed = RunStore.open(folderDisk(folder));
    expect(healed.damage).toEqual([]);
    expect(healed.metrics.map((m) => m.epoch)).toEqual([0, 1, 2, 3, 4]);
    expect(healed.state?.epochs).toBe(5);
  }

  it.each([
    ["truncated to nothing", 0],
    ["cut in the middle", 500],
  ])("whose last state was %s goes on from the one before", async (_, length) => {
    const folder = await wholeRun();
    const path = lastState(folder);
    writeFileSync(path, readFileSync(path).subarray(0, length));
    await recovers(
      folder,
      "state-000000000005.bin is damaged",
      "the last state that can be read is that after 4 epochs; the epochs after it are computed again when the run goes on, and compared with the journal",
    );
  });

  it.each([0, 3, 20, 45, 300, -1])("whose last state has a flipped bit in byte %i goes on", async (at) => {
    const folder = await wholeRun();
    flip(lastState(folder), at);
    await recovers(folder, expect.stringContaining("is damaged"), expect.stringContaining("after 4 epochs"));
  });

  it("whose states are all lost begins again, and comes to what the journal knows", async () => {
    const folder = await wholeRun();
    for (const name of readdirSync(folder).filter((n) => n.startsWith("state-"))) rmSync(join(folder, name));
    await recovers(folder, expect.stringContaining("no state can be read"));
  });

  it.each([
    ["missing", (path: string) => rmSync(path), "run.json is missing; the last state has a copy"],
    ["flipped", (path: string) => flip(path, 90), "run.json is damaged; the last state has a copy"],
    [
      "cut",
      (path: string) => writeFileSync(path, readFileSync(path).subarray(0, 100)),
      "run.json is damaged; the last state has a copy",
    ],
  ])("whose configuration is %s takes the copy", async (_, harm, damage) => {
    const folder = await wholeRun();
    harm(join(folder, "run.json"));
    await recovers(folder, damage);
  });

  it("whose journal has damaged lines keeps the others", async () => {
    const folder = await wholeRun();
    const path = join(folder, "journal.log");
    flip(path, 100);
    const opened = RunStore.open(folderDisk(folder));
    expect(opened.damage).toEqual(["journal.log has 1 damaged lines, which are left out"]);
    expect(opened.metrics.map((m) => m.epoch)).toEqual([1, 2, 3, 4]);
    expect(RunStore.open(folderDisk(folder)).damage).toEqual([]);
  });

  it("whose journal is lost knows the last epoch from its state", async () => {
    const folder = await wholeRun();
    rmSync(join(folder, "journal.log"));
    const opened = RunStore.open(folderDisk(folder));
    expect(opened.metrics.map((m) => m.epoch)).toEqual([4]);
    expect(readFileSync(join(folder, "journal.log"), "utf8")).toBe(
      journalLine(opened.latest as EpochMetrics),
    );
  });

  it("whose last line was cut by a kill has it again from the state, without a word", async () => {
    const folder = await wholeRun();
    const path = join(folder, "journal.log");
    const whole = readFileSync(path);
    writeFileSync(path, whole.subarray(0, -40));
    const opened = RunStore.open(folderDisk(folder));
    expect(opened.damage).toEqual([]);
    expect(readFileSync(path)).toEqual(whole);
  });

  it("is refused where nothing of it can be read", async () => {
    const folder = await wholeRun();
    for (const name of readdirSync(folder)) writeFileSync(join(folder, name), "?");
    expect(() => RunStore.open(folderDisk(folder))).toThrow(
      "run.json is damaged or something else, and there is no state that can be read. Run the experiment again",
    );
  });

  it("is not believed where what it knows does not come out again", async () => {
    const folder = await wholeRun();
    rmSync(lastState(folder));
    const path = join(folder, "journal.log");
    const lines = readFileSync(path, "utf8").trimEnd().split("\n");
    const last = JSON.parse((lines.pop() as string).slice(17)) as EpochMetrics;
    writeFileSync(path, `${lines.join("\n")}\n${journalLine({ ...last, rollingDigest: "bad" })}`);
    const store = RunStore.open(folderDisk(folder));
    await expect(carryOn({ task, store, executor: serialExecutor(task) })).rejects.toThrow(DivergenceError);
  });
});

describe("sealed bytes", () => {
  it("are unsealed to what they were, and to nothing with any bit changed", () => {
    const content = Uint8Array.from({ length: 50 }, (_, i) => i * 7);
    const sealed = seal(content);
    expect(unseal(sealed)).toEqual(content);
    for (let bit = 0; bit < 8 * sealed.length; bit++) {
      const changed = sealed.slice();
      changed[bit >> 3] = (changed[bit >> 3] as number) ^ (1 << (bit & 7));
      expect(unseal(changed)).toBeNull();
    }
    for (let length = 0; length < sealed.length; length++)
      expect(unseal(sealed.subarray(0, length))).toBeNull();
    expect(unseal(seal(new Uint8Array(0)))).toEqual(new Uint8Array(0));
  });
});
