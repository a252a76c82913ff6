import { mkdtempSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { carryOn } from "../../src/carry-on.ts";
import { seal, unseal } from "../../src/checksum.ts";
import { unpackCounters } from "../../src/counters.ts";
import { folderDisk, makeFolder } from "../../src/disk.ts";
import type { Experiment } from "../../src/experiment.ts";
import { forkOf } from "../../src/fork.ts";
import { type EpochMetrics, journalLine, readJournalLine } from "../../src/journal.ts";
import type { Parameters } from "../../src/parameters.ts";
import { pastState } from "../../src/past-state.ts";
import { packMessage, readMessage } from "../../src/plain-message.ts";
import { emptyQuarantine, Quarantine, quarantineEntries } from "../../src/quarantine.ts";
import { replayEpoch } from "../../src/replay.ts";
import type { RunConfig } from "../../src/run-config.ts";
import { packRunState, readRunState } from "../../src/run-state-bytes.ts";
import { RunStore } from "../../src/run-store.ts";
import { epochsOfBudget, type RunState } from "../../src/search.ts";
import type { Task } from "../../src/task.ts";
import { verifyRun } from "../../src/verification.ts";
import { serialExecutor } from "../../workers/index.ts";
import { cubic, initials, smallParameters, taskOf } from "./small-tasks.ts";

const root = mkdtempSync(join(tmpdir(), "illume-verification-"));
afterAll(() => rm(root, { recursive: true, force: true }));
let folders = 0;

interface Run {
  readonly folder: string;
  readonly task: Task;
  readonly config: RunConfig;
}

const EPOCHS = 12;
const small = { islands: 3, epochCandidates: 60, snapshotEpochs: 2 } as const;
const BUDGET = EPOCHS * small.islands * small.epochCandidates;

async function storedRun(
  experiment: Experiment,
  parameters: Partial<Parameters> = {},
  more: { readonly config?: RunConfig; readonly state?: RunState } = {},
): Promise<Run> {
  const task = taskOf(experiment, { ...small, ...parameters });
  const folder = join(root, `run-${folders++}`);
  makeFolder(folder);
  const config: RunConfig = more.config ?? {
    experiment: experiment.name,
    question: "",
    seed: "1",
    budgetCandidates: BUDGET,
    parameters: { ...smallParameters, ...small, ...parameters },
    codeDigest: "00",
    grammarDigest: "11",
  };
  await RunStore.create(folderDisk(folder), config, more.state);
  await goOn({ folder, task, config });
  return { folder, task, config };
}

async function goOn({ folder, task }: Run): Promise<void> {
  const store = RunStore.open(folderDisk(folder));
  await carryOn({ task, store, executor: serialExecutor(task) });
  await store.close();
}

const storeOf = ({ folder }: Run): RunStore => RunStore.open(folderDisk(folder), { readOnly: true });
const toolsOf = (run: Run) => ({ task: run.task, store: storeOf(run), executor: serialExecutor(run.task) });
const verify = (run: Run, options: { from?: number; sample?: number } = {}) =>
  verifyRun({ ...toolsOf(run), ...options });

/** Changes the journal's line of an epoch, with a checksum that is right. */
function changeLine(
  { folder }: Run,
  epoch: number,
  change: (line: EpochMetrics) => Partial<EpochMetrics>,
): void {
  const path = join(folder, "journal.log");
  const lines = readFileSync(path, "utf8").split("\n");
  const at = lines.findIndex((line) => readJournalLine(line)?.epoch === epoch);
  const line = readJournalLine(lines[at] as string) as EpochMetrics;
  lines[at] = journalLine({ ...line, ...change(line) }).trimEnd();
  writeFileSync(path, lines.join("\n"));
}

/** Changes a stored state, with a checksum that is right. */
function changeState({ folder }: Run, epochs: number, change: (state: RunState) => void): void {
  const path = join(folder, `state-${String(epochs).padStart(12, "0")}.bin`);
  const parts = readMessage(unseal(readFileSync(path)) as Uint8Array) as { readonly state: Uint8Array };
  const state = readRunState(parts.state) as RunState;
  change(state);
  writeFileSync(path, seal(packMessage({ ...parts, state: packRunState(state) })));
}

describe("verification", () => {
  it.each([
    ["without a cache", cubic, {}],
    ["with a lossy cache", cubic, { cache: "lossy", probeCases: 3 }],
    ["on a ring, with a fitness of one's own", initials, { topology: "ring" }],
  ] as const)("of what is as it was computed finds nothing, %s", async (_, experiment, parameters) => {
    const run = await storedRun(experiment, parameters);
    const files = readdirSync(run.folder).map((name) => readFileSync(join(run.folder, name)));
    const whole = await verify(run);
    expect(whole).toMatchObject({ difference: null, epochs: EPOCHS, checkedEpochs: EPOCHS, begins: [0] });
    expect(whole.checkedCandidates).toBe(BUDGET);
    expect(whole.last?.digest).toBe(storeOf(run).latest?.digest);
    expect(await verify(run, { from: 8 })).toMatchObject({ difference: null, epochs: 4, checkedEpochs: 4 });
    expect(await verify(run, { sample: 3 })).toMatchObject({
      difference: null,
      epochs: EPOCHS,
      checkedEpochs: 3,
      begins: [0, 6, 11],
    });
    expect(await verify(run, { sample: 1 })).toMatchObject({ checkedEpochs: 1, begins: [11] });
    expect(readdirSync(run.folder).map((name) => readFileSync(join(run.folder, name)))).toEqual(files);
  });

  it("of a run with thinned states and a bounded number of them finds nothing", async () => {
    const run = await storedRun(cubic, { snapshotEpochs: 1, snapshotLimit: 3 });
    expect(storeOf(run).snapshots).toEqual([4, 8, 11, 12]);
    expect(await verify(run, { sample: 3 })).toMatchObject({ difference: null, begins: [0, 8, 11] });
    expect(await verify(run)).toMatchObject({ difference: null, checkedEpochs: EPOCHS });
  });

  it("names the epoch of a digest that was changed in the journal, and no island", async () => {
    const run = await storedRun(cubic);
    changeLine(run, 5, () => ({ digest: "bad" }));
    const { difference, checkedEpochs } = await verify(run);
    expect(difference).toMatchObject({
      of: "journal",
      epoch: 5,
      lastEqualEpoch: 4,
      island: null,
      stored: "bad",
      elite: null,
      comparedState: 6,
      isRepeatable: true,
    });
    expect(checkedEpochs).toBe(6);
    // What comes after it is as it was computed.
    expect((await verify(run, { from: 6 })).difference).toBeNull();
  });

  it("names the island of a digest of an island", async () => {
    const run = await storedRun(cubic);
    changeLine(run, 3, ({ islandDigests }) => ({ islandDigests: islandDigests.with(2, "bad") }));
    expect((await verify(run)).difference).toMatchObject({ epoch: 3, island: 2, isRepeatable: true });
    changeLine(run, 1, () => ({ rollingDigest: "bad" }));
    expect((await verify(run)).difference).toMatchObject({ epoch: 1, island: null, stored: "bad" });
  });

  it("names the elite that was changed in a stored state", async () => {
    const run = await storedRun(cubic);
    let changed = -1;
    changeState(run, 6, ({ islands }) => {
      const { births, fitness } = (islands[1] as RunState["islands"][number]).elites;
      changed = fitness.length - 1;
      fitness[changed] = 0.75;
      expect(births[4 * changed] as number).toBeLessThan(6);
    });
    const stored = storeOf(run).snapshot(6) as RunState;
    const birth = [...(stored.islands[1]?.elites.births.slice(4 * changed, 4 * changed + 4) ?? [])];
    for (const options of [{}, { sample: 100 }, { from: 4 }, { from: 6 }]) {
      const { difference } = await verify(run, options);
      expect(difference).toMatchObject({
        of: "state",
        epoch: 5,
        island: 1,
        comparedState: 6,
        elite: { epochs: 6, stored: { fitness: 0.75 } },
      });
      const elite = difference?.elite;
      expect(Object.values(elite?.birth ?? {})).toEqual(birth);
      expect(elite?.computed?.program).toEqual(elite?.stored?.program);
      expect(elite?.computed?.fitness).not.toBe(0.75);
    }
    // What comes after is not touched by it.
    expect((await verify(run, { from: 8 })).difference).toBeNull();
  });

  it("sees that what is on its way between islands was changed, where no elite was", async () => {
    const run = await storedRun(cubic);
    changeState(run, 4, ({ migrants }) => {
      const [sent] = migrants.at(-1) ?? [];
      if (sent !== undefined) sent.fitness[0] = 0.5;
      expect(sent?.fitness.length).toBeGreaterThan(0);
    });
    expect((await verify(run)).difference).toMatchObject({
      of: "state",
      epoch: 3,
      island: null,
      elite: null,
    });
  });

  it("names the candidate that a run went another way by, and that its fitness does not repeat itself", async () => {
    let shift = 0;
    let calls = 0;
    const moody: Experiment = {
      ...initials,
      name: "moody",
      fitness: (behaviour) => {
        calls++;
        const score = (initials.fitness as (b: typeof behaviour) => number)(behaviour);
        return shift > 0 && calls === shift ? score + 100 + calls : score;
      },
    };
    const count = async (epochs: number): Promise<number> => {
      calls = 0;
      const task = taskOf(moody, { ...small, cache: "off" });
      await pastState({ ...toolsOf(run), task, executor: serialExecutor(task), epochs });
      return calls;
    };
    const run = await storedRun(moody, { cache: "off", snapshotEpochs: 100 });
    // The 17th candidate that is judged in epoch 3 is overrated, once.
    const before = await count(3);
    calls = 0;
    shift = before + 17;
    const { difference } = await verify(run);
    expect(difference).toMatchObject({
      of: "journal",
      epoch: 3,
      lastEqualEpoch: 2,
      island: 0,
      comparedState: 11,
      isRepeatable: false,
      elite: { birth: { epoch: 3, island: 0, candidate: 16 }, stored: null, epochs: 11 },
    });
    expect(difference?.elite?.computed?.fitness).toBeGreaterThan(100);
  });

  it("is refused where there is nothing to verify or to begin with", async () => {
    const run = await storedRun(cubic, {});
    await expect(verify(run, { from: 3 })).rejects.toThrow(
      "--from must be a stored epoch before the last: 2, 4, 6, 8, 10, 11; got 3.",
    );
    for (const sample of [0, 1.5, -1])
      await expect(verify(run, { sample })).rejects.toThrow(
        `--sample must be a whole number from 1; got ${sample}.`,
      );
  });
});

describe("a replay", () => {
  it("gives each epoch of each island as it was, told of or not", async () => {
    const run = await storedRun(initials, { topology: "ring" });
    for (const [epoch, island] of [
      [0, 0],
      [1, 2],
      [5, 1],
      [11, 0],
    ] as const) {
      const [accepted, all] = await Promise.all(
        (["accepted", "all"] as const).map((observed) =>
          replayEpoch({ ...toolsOf(run), epoch, island, observed }),
        ),
      );
      expect(accepted?.storedDigest).toMatch(/^[0-9a-f]{32}$/);
      expect(accepted?.output.digest).toBe(accepted?.storedDigest);
      expect(all?.output.digest).toBe(accepted?.storedDigest);
      expect(all?.output.judgements.map((j) => j.candidate)).toEqual(
        Array.from({ length: small.epochCandidates }, (_, i) => i),
      );
      const taken = all?.output.judgements.filter((j) => j.fate === "new" || j.fate === "improved");
      expect(taken).toEqual(accepted?.output.judgements);
      const { counters } = all?.output ?? {};
      const countOf = (fate: string): number | undefined =>
        all?.output.judgements.filter((j) => j.fate === fate).length;
      expect(countOf("new")).toBe(counters?.added);
      expect(countOf("improved")).toBe(counters?.improved);
      expect(countOf("notANumber")).toBe(counters?.notANumber);
      // Who improves a cell met its elite; who finds it empty met nobody.
      for (const { fate, measured } of taken ?? []) expect(measured?.met === null).toBe(fate === "new");
    }
  });

  it("tells of one candidate, and what its fitness threw", async () => {
    const throwing: Experiment = {
      ...initials,
      name: "throwing",
      fitness: ({ outcomes }) => {
        if (String(outcomes[0]).length > 3) throw new RangeError("too long");
        return 1;
      },
    };
    const run = await storedRun(throwing);
    const { output } = await replayEpoch({ ...toolsOf(run), epoch: 2, island: 1, observed: "all" });
    const thrown = output.judgements.filter((j) => j.fate === "threw");
    expect(thrown.length).toBeGreaterThan(0);
    expect(thrown.length).toBe(output.counters.threw);
    const { candidate } = thrown[0] ?? { candidate: -1 };
    const one = await replayEpoch({ ...toolsOf(run), epoch: 2, island: 1, observed: candidate });
    expect(one.output.judgements).toHaveLength(1);
    expect(one.output.judgements[0]).toMatchObject({
      candidate,
      fate: "threw",
      measured: null,
      error: { message: "RangeError: too long", stack: expect.stringContaining("verification.test.ts") },
    });
  });

  it("reaches epochs that the run has not come to yet, and no more than it will", async () => {
    const run = await storedRun(cubic);
    const job = { epoch: 7, island: 2, observed: "accepted" } as const;
    const early = {
      config: run.config,
      metrics: storeOf(run).metrics.slice(0, 4),
      snapshots: [],
      snapshot: () => null,
      stateMetrics: null,
    };
    const ahead = await replayEpoch({ ...toolsOf(run), store: early, ...job });
    const stored = await replayEpoch({ ...toolsOf(run), ...job });
    expect(ahead.storedDigest).toBeNull();
    expect(ahead.output.digest).toBe(stored.storedDigest);
    for (const [wrong, message] of [
      [{ epoch: EPOCHS }, `--epoch must be a whole number from 0 to ${EPOCHS - 1}; got ${EPOCHS}.`],
      [{ island: 3 }, "--island must be a whole number from 0 to 2; got 3."],
      [{ observed: 60 }, "--candidate must be a whole number from 0 to 59; got 60."],
    ] as const)
      await expect(replayEpoch({ ...toolsOf(run), ...job, ...wrong })).rejects.toThrow(message);
  });
});

describe("what is told of a run", () => {
  it.each<[string, Partial<EpochMetrics>]>([
    ["bestFitness 99", { bestFitness: 99 }],
    ["bestProgram 42", { bestProgram: "42" }],
    ["coverage 1", { coverage: 1 }],
    ["stop converged", { stop: "converged" }],
  ])("is not believed where it is another figure: %s", async (stored, change) => {
    const run = await storedRun(cubic);
    changeLine(run, 11, () => change);
    for (const options of [{}, { from: 8 }])
      expect((await verify(run, options)).difference).toMatchObject({ of: "figure", epoch: 11, stored });
  });

  it("is not believed where it is longer than the run can be", async () => {
    const run = await storedRun(cubic);
    const line = storeOf(run).latest as EpochMetrics;
    writeFileSync(join(run.folder, "journal.log"), journalLine({ ...line, epoch: 12 }), { flag: "a" });
    expect((await verify(run)).difference).toMatchObject({
      of: "figure",
      stored: "13 epochs",
      computed: "12 epochs",
    });
  });

  it("is refused where an earlier state cannot come from the experiment", async () => {
    for (const [change, message] of [
      [(state: RunState) => void state.islands[1]?.elites.tokens.fill(99_999), "island 1: elite 0: "],
      [
        (state: RunState) => void Object.assign(state, { migrants: [] }),
        "state must have migrants of 2 epochs",
      ],
    ] as const) {
      const run = await storedRun(cubic);
      changeState(run, 6, change);
      const told = new RegExp(`state after 6 epochs must be what the run's experiment gives; ${message}`);
      await expect(verify(run)).rejects.toThrow(told);
      await expect(
        replayEpoch({ ...toolsOf(run), epoch: 6, island: 0, observed: "accepted" }),
      ).rejects.toThrow(told);
      await expect(pastState({ ...toolsOf(run), epochs: 7 })).rejects.toThrow(told);
    }
  });

  it("is not verified from the last state, after which there is nothing", async () => {
    const run = await storedRun(cubic);
    await expect(verify(run, { from: EPOCHS })).rejects.toThrow(
      `--from must be a stored epoch before the last: 2, 4, 6, 8, 10, 11; got ${EPOCHS}.`,
    );
  });

  it("is no damage where a state was thinned out while it was looked for", async () => {
    const run = await storedRun(cubic);
    const store = storeOf(run);
    await rm(join(run.folder, "state-000000000006.bin"));
    expect(store.snapshot(6)).toBeNull();
    expect(store.damage).toEqual([]);
  });
});

describe("a fork", () => {
  const at = async (run: Run, epochs: number): Promise<RunState> => pastState({ ...toolsOf(run), epochs });
  const fork = async (
    experiment: Experiment,
    run: Run,
    epochs: number,
    changes: { parameters?: Partial<Parameters>; seed?: string; budgetCandidates?: number } = {},
  ): Promise<Run> => {
    const state = await at(run, epochs);
    const made = forkOf({ experiment, run: "origin", config: run.config, state, parameters: {}, ...changes });
    const folder = join(root, `run-${folders++}`);
    makeFolder(folder);
    await RunStore.create(folderDisk(folder), made.config, made.state);
    const forked = { folder, task: made.task, config: made.config };
    await goOn(forked);
    return forked;
  };

  it("without changes goes the way of the run, from any epoch", async () => {
    const run = await storedRun(cubic, { cache: "lossy" });
    for (const epochs of [4, 7]) {
      const forked = await fork(cubic, run, epochs);
      expect(storeOf(forked).latest).toMatchObject({
        rollingDigest: storeOf(run).latest?.rollingDigest,
        digest: storeOf(run).latest?.digest,
      });
      expect(await verify(forked)).toMatchObject({
        difference: null,
        epochs: EPOCHS - epochs,
        begins: [epochs],
      });
    }
  });

  it("with epochs of another size spends its budget to the last candidate, and so does a fork of it", async () => {
    const run = await storedRun(cubic, { cache: "lossy" });
    const forked = await fork(cubic, run, 5, {
      parameters: { epochCandidates: 25, topology: "ring", cacheEntries: 64, selector: "tournament" },
      budgetCandidates: BUDGET + 500,
    });
    const { latest } = storeOf(forked);
    expect(latest?.counters.candidates).toBe(BUDGET + 500);
    expect(latest?.epoch).toBe(epochsOfBudget(forked.task, BUDGET + 500, forked.config.origin) - 1);
    expect(forked.config.origin).toMatchObject({ run: "origin", epochs: 5, candidates: 5 * 180 });
    expect((await verify(forked)).difference).toBeNull();
    expect((await verify(forked, { sample: 4 })).difference).toBeNull();

    const again = await fork(cubic, forked, 9, { seed: "another", parameters: { cache: "exact" } });
    expect(again.config.origin?.candidates).toBe(900 + 4 * 75);
    expect(storeOf(again).latest?.counters.candidates).toBe(BUDGET + 500);
    expect(storeOf(again).latest?.digest).not.toBe(latest?.digest);
    expect((await verify(again)).difference).toBeNull();
    const { output, storedDigest } = await replayEpoch({
      ...toolsOf(again),
      epoch: 10,
      island: 1,
      observed: "accepted",
    });
    expect(output.digest).toBe(storedDigest);
    await expect(at(again, 8)).rejects.toThrow(
      "epochs must be at least 9, where the run was forked from origin",
    );
  });

  it("from the last state with a larger budget is the run with that budget", async () => {
    const run = await storedRun(cubic);
    const larger = await storedRun(cubic, {}, { config: { ...run.config, budgetCandidates: BUDGET + 360 } });
    const forked = await fork(cubic, run, EPOCHS, { budgetCandidates: BUDGET + 360 });
    expect(storeOf(forked).latest?.rollingDigest).toBe(storeOf(larger).latest?.rollingDigest);
  });

  it("keeps elites that are larger than what it breeds from there on", async () => {
    const run = await storedRun(cubic);
    const forked = await fork(cubic, run, 6, { parameters: { maximumSize: 5 } });
    expect((await verify(forked)).difference).toBeNull();
    const sizes = (storeOf(forked).state as RunState).islands.flatMap(({ elites }) =>
      [...elites.sizes].map((size, n) => ({ size, epoch: elites.births[4 * n] as number })),
    );
    expect(Math.max(...sizes.map((e) => e.size))).toBeGreaterThan(5);
    expect(sizes.filter((e) => e.epoch >= 6).every((e) => e.size <= 5)).toBe(true);
  });

  it("tries again what took too long, where it may take longer", async () => {
    const run = await storedRun(cubic);
    const state = await at(run, 6);
    const signature = Int32Array.of(1, 2, 3, 4);
    const listed = new Quarantine(emptyQuarantine(), 0);
    listed.add(0, "timedOut", signature, { tokens: Int32Array.of(0), constants: new Float64Array(0) });
    const quarantine = listed.release();
    const islands = state.islands.map((island) => ({ ...island, quarantine }));
    const left = (parameters: Partial<Parameters>): number[] =>
      forkOf({
        experiment: cubic,
        run: "origin",
        config: run.config,
        state: { ...state, islands },
        parameters,
      }).state.islands.map((island) => quarantineEntries(island.quarantine).length);
    expect(left({ maximumSize: 12 })).toEqual([1, 1, 1]);
    expect(left({ evaluationTimeoutMs: 60_000 })).toEqual([0, 0, 0]);
    expect(left({ workerMemoryMb: 2000 })).toEqual([0, 0, 0]);
  });

  it("is refused what would make no sense, all at once", async () => {
    const run = await storedRun(cubic);
    const state = { ...(await at(run, 6)), stale: 2 };
    const spent = state.islands.reduce((n, i) => n + unpackCounters(i.counters).candidates, 0);
    const forking = (parameters: Partial<Parameters>, budgetCandidates?: number) => () =>
      forkOf({ experiment: cubic, run: "origin", config: run.config, state, budgetCandidates, parameters });
    expect(forking({ islands: 4, selector: "lexicase" }, spent)).toThrow(
      /islands must be 3 as in.*got 4[^]*selector must be uniform, tournament or stratified; got lexicase[^]*--budget must be a whole number above 1080/,
    );
    expect(forking({ patienceEpochs: 2 })).toThrow(
      "must not be an end already; it is (converged). Set patienceEpochs=0",
    );
    expect(forking({ maximumSize: 0 })).toThrow("parameter maximumSize must be at least 1 ");
    expect(forking({ patienceEpochs: 3 })).not.toThrow();
    const changed = structuredClone(state);
    changed.islands[0]?.elites.cells.set([100_000], (changed.islands[0]?.elites.cells.length ?? 1) - 1);
    expect(() =>
      forkOf({ experiment: cubic, run: "origin", config: run.config, state: changed, parameters: {} }),
    ).toThrow("island 0: cell 100000 must be below");
  });

  it("is not believed where the state that it began with is another one", async () => {
    const forked = await fork(cubic, await storedRun(cubic), 6);
    changeState(forked, 6, (state) => {
      Object.assign(state, { rollingDigest: "bad" });
    });
    expect((await verify(forked)).difference).toMatchObject({
      of: "state",
      epoch: 5,
      stored: "bad",
      computed: forked.config.origin?.rollingDigest,
    });
  });
});
