import { mkdtempSync } from "node:fs";
import { rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { checkProgram, printProgram } from "../../dsl/index.ts";
import { carryOn } from "../../src/carry-on.ts";
import { unpackCounters } from "../../src/counters.ts";
import { folderDisk, makeFolder } from "../../src/disk.ts";
import { emptyJudgements, judgedValueCount, judgePrograms, judgingMachine } from "../../src/doctor/judge.ts";
import { fullStateBytes, memoryNeed, stateSize } from "../../src/doctor/memory-need.ts";
import { sampleCandidates } from "../../src/doctor/sample-candidates.ts";
import { Skeleton } from "../../src/fitting/skeleton.ts";
import { SkeletonSignature } from "../../src/fitting/skeleton-signature.ts";
import { forkOf } from "../../src/fork.ts";
import {
  buffersOf,
  copyIsland,
  emptyIsland,
  epochTools,
  type IslandState,
  runEpoch,
} from "../../src/island.ts";
import { unpackElite } from "../../src/packed-elites.ts";
import type { Parameters } from "../../src/parameters.ts";
import { pastState } from "../../src/past-state.ts";
import { packMessage, type PlainValue, readMessage } from "../../src/plain-message.ts";
import { rootKey } from "../../src/random-stream.ts";
import { replayEpoch } from "../../src/replay.ts";
import { packRunState, readRunState } from "../../src/run-state-bytes.ts";
import { RunStore } from "../../src/run-store.ts";
import { type RunState, search, type SearchResult } from "../../src/search.ts";
import { stateDigest } from "../../src/state-difference.ts";
import { verifyRun } from "../../src/verification.ts";
import { serialExecutor } from "../../workers/index.ts";
import { exponentialExperiment, fittingTask, tenOperations } from "./exponential-task.ts";
import { epochInput, fraction, smallParameters, taskOf } from "./small-tasks.ts";

const small = { islands: 2, epochCandidates: 40, snapshotEpochs: 2 } as const;
const EPOCHS = 7;
const BUDGET = EPOCHS * small.islands * small.epochCandidates;

/** Lives through epochs of one island. */
function live(
  parameters: Partial<Parameters>,
  between: (state: IslandState) => IslandState = (s) => s,
): string[] {
  const task = taskOf(fraction, parameters);
  const tools = epochTools(task);
  let state = emptyIsland(task);
  return Array.from({ length: 5 }, (_, epoch) => {
    const output = runEpoch(tools, epochInput(task, { epoch, state, candidates: 100 }));
    state = between(output.state);
    return output.digest;
  });
}

describe("an epoch whose constants are fitted", () => {
  it("depends on the skeletons that the island remembers, which travel with its state and with every copy of it", () => {
    const plain = live({});
    expect(live({}, (state) => structuredClone(state))).toEqual(plain);
    expect(live({}, (state) => copyIsland(state, false))).toEqual(plain);
    expect(live({}, (state) => copyIsland(state, true))).toEqual(plain);
    const forget = (state: IslandState): IslandState => ({ ...state, skeletons: null });
    expect(live({ skeletonEntries: 1024 }, forget)).not.toEqual(live({ skeletonEntries: 1024 }));
    expect(live({ skeletonCache: "off" })).not.toEqual(plain);
    expect(live({ constantFitting: "nelder-mead" })).not.toEqual(plain);
  });

  it("counts what was left out, and judges every seed all the same", () => {
    const task = taskOf({ ...fraction, seeds: ["(- x x)", "(* 2.0 (+ 3.0 (* 4.0 x)))", "x"] });
    const { counters, state, judgements } = runEpoch(
      epochTools(task),
      epochInput(task, { candidates: 90, observed: "all" }),
    );
    expect(counters.candidates).toBe(90);
    expect(counters.cacheHits).toBeGreaterThan(10);
    expect(counters.evaluations + counters.cacheHits).toBe(90);
    expect(judgements.map(({ candidate }) => candidate).toSorted((a, b) => a - b)).toEqual(
      Array.from({ length: 90 }, (_, n) => n),
    );
    expect(judgements.filter(({ isCacheHit }) => isCacheHit).length).toBe(counters.cacheHits);
    for (const { candidate, isCacheHit, measured, fate, program } of judgements) {
      expect(checkProgram(task.grammar, program)).toEqual([]);
      if (candidate < 3) expect(isCacheHit).toBe(false);
      if (isCacheHit) expect([measured, fate]).toEqual([null, "rejected"]);
    }
    const tables = buffersOf(state).filter((b) => b === state.skeletons?.values.buffer);
    expect(tables.length).toBe(1);
  });

  it("tells of any one candidate what it tells of all, and of none changes nothing", () => {
    const task = taskOf(fraction);
    const tools = epochTools(task);
    const of = (observed: "all" | number | undefined) =>
      runEpoch(tools, epochInput(task, { candidates: 60, ...(observed === undefined ? {} : { observed }) }));
    const all = of("all");
    for (const candidate of [0, 17, 59])
      expect(of(candidate).judgements).toEqual(all.judgements.filter((j) => j.candidate === candidate));
    expect(of(undefined).digest).toBe(all.digest);
  });

  it("keeps elites of at most so many operations and nodes, one a function at most for each visit, in finite constants", () => {
    const task = taskOf(fraction, { maximumSize: 11 });
    const tools = epochTools(task);
    let state = emptyIsland(task);
    for (let epoch = 0; epoch < 4; epoch++)
      ({ state } = runEpoch(tools, epochInput(task, { epoch, state, candidates: 80 })));
    const skeleton = new Skeleton(task.grammar);
    const signature = new SkeletonSignature(skeleton);
    expect(state.elites.cells.length).toBeGreaterThan(6);
    for (let n = 0; n < state.elites.cells.length; n++) {
      const { program, size } = unpackElite(state.elites, n);
      expect(checkProgram(task.grammar, program)).toEqual([]);
      expect(size).toBeLessThanOrEqual(11);
      if (!skeleton.read(program)) continue;
      expect(skeleton.count).toBeLessThanOrEqual(6);
      expect(signature.key()).not.toBeNull();
      expect(printProgram(task.grammar, skeleton.write())).toBe(printProgram(task.grammar, program));
    }
  });

  it("finds constants that are sums of two, of which every candidate is judged to more digits than doubles have", () => {
    const seeds = [tenOperations];
    const task = fittingTask({ ...exponentialExperiment(60), seeds }, { constantPrecision: "double-double" });
    const tools = epochTools(task);
    const first = runEpoch(tools, epochInput(task, { candidates: 40 }));
    const { state, digest } = runEpoch(
      tools,
      epochInput(task, { epoch: 1, state: structuredClone(first.state) }),
    );
    const again = runEpoch(epochTools(task), epochInput(task, { epoch: 1, state: first.state }));
    expect(again.digest).toBe(digest);
    const best = state.elites.fitness.indexOf(Math.max(...state.elites.fitness));
    expect(state.elites.fitness[best]).toBeGreaterThan(14.64);
    expect(checkProgram(task.grammar, unpackElite(state.elites, best).program)).toEqual([]);
    // The doctor, who judges one by one, sees what the search saw.
    const programs = Array.from(state.elites.cells, (_, n) => unpackElite(state.elites, n).program);
    const judgements = emptyJudgements(task, programs.length);
    const quiet = { now: () => 0, enter: () => true, recall: () => null, leave: () => {}, threw: () => {} };
    judgePrograms(
      task,
      judgingMachine(task),
      programs,
      Int32Array.from(programs.keys()),
      0,
      judgements,
      quiet,
    );
    const width = judgedValueCount(task);
    programs.forEach((_, n) => expect(judgements.values[n * width]).toBe(state.elites.fitness[n]));
  });
});

describe("a run whose constants are fitted", () => {
  const root = mkdtempSync(join(tmpdir(), "illume-fitted-"));
  afterAll(() => rm(root, { recursive: true, force: true }));
  let folders = 0;

  const undisturbed = (
    parameters: Partial<Parameters>,
    options: { readonly from?: RunState; readonly untilEpoch?: number } = {},
    onState: (state: RunState) => void = () => {},
  ): Promise<SearchResult> => {
    const task = taskOf(fraction, { ...small, ...parameters });
    return search({
      task,
      key: rootKey(1),
      budgetCandidates: EPOCHS * task.parameters.islands * small.epochCandidates,
      executor: serialExecutor(task),
      onEpoch: ({ state }) => onState(structuredClone(state)),
      ...options,
    });
  };

  it.each([
    [1, "all"],
    [2, "ring"],
    [3, "all"],
  ] as const)("ends the same after a break at any epoch, on %i islands (%s)", async (islands, topology) => {
    const states: RunState[] = [];
    const whole = await undisturbed({ islands, topology }, {}, (state) => states.push(state));
    for (const state of [states[0], states[2], states[4]] as RunState[]) {
      // As it comes from the store.
      const read = readRunState(packRunState(state)) as RunState;
      expect(stateDigest(taskOf(fraction), read)).toBe(stateDigest(taskOf(fraction), state));
      const rest = await undisturbed({ islands, topology }, { from: read });
      expect([rest.digest, rest.rollingDigest]).toEqual([whole.digest, whole.rollingDigest]);
    }
  });

  it("has states that are read where they have no skeletons, as those from before there were any", async () => {
    const states: RunState[] = [];
    await undisturbed({}, { untilEpoch: 2 }, (state) => states.push(state));
    const fields = readMessage(packRunState(states[0] as RunState)) as {
      readonly islands: readonly PlainValue[];
    };
    const islands = fields.islands.map((island) => {
      const { skeletons, ...rest } = island as { readonly skeletons: PlainValue };
      expect(skeletons).not.toBeNull();
      return rest;
    });
    const old = readRunState(packMessage({ ...fields, islands } as never)) as RunState;
    expect(old.islands.map((island) => island.skeletons)).toEqual([null, null]);
    expect(old.islands.map((island) => [...island.elites.cells])).toEqual(
      states[0]?.islands.map((island) => [...island.elites.cells]),
    );
    const broken = fields.islands.map((island) => {
      const { skeletons, ...rest } = island as { readonly skeletons: { readonly ages: Uint8Array } };
      return { ...rest, skeletons: { ...skeletons, ages: skeletons.ages.slice(4) } };
    });
    expect(readRunState(packMessage({ ...fields, islands: broken } as never))).toBe(
      "island 0, skeletons must have keys, values and ages for the same entries",
    );
  });

  async function storedRun(parameters: Partial<Parameters> = {}) {
    const task = taskOf(fraction, { ...small, ...parameters });
    const folder = join(root, `run-${folders++}`);
    makeFolder(folder);
    const config = {
      experiment: fraction.name,
      question: "",
      seed: "1",
      budgetCandidates: BUDGET,
      parameters: { ...smallParameters, ...fraction.parameters, ...small, ...parameters },
      codeDigest: "00",
      grammarDigest: "11",
    };
    await RunStore.create(folderDisk(folder), config);
    const store = RunStore.open(folderDisk(folder));
    await carryOn({ task, store, executor: serialExecutor(task) });
    await store.close();
    return {
      config,
      task,
      store: RunStore.open(folderDisk(folder), { readOnly: true }),
      executor: serialExecutor(task),
    };
  }

  it("is verified whole and in part, replayed and forked", async () => {
    const run = await storedRun();
    expect(await verifyRun(run)).toMatchObject({ difference: null, checkedEpochs: EPOCHS });
    expect(await verifyRun({ ...run, from: 4 })).toMatchObject({ difference: null });
    expect(await verifyRun({ ...run, sample: 2 })).toMatchObject({ difference: null });
    for (const epoch of [0, 3, 6]) {
      const { output, storedDigest } = await replayEpoch({ ...run, epoch, island: 1, observed: "accepted" });
      expect(output.digest).toBe(storedDigest);
    }
    const state = await pastState({ ...run, epochs: 4 });
    expect(state.islands.every((island) => island.skeletons !== null)).toBe(true);
    const fork = (parameters: Partial<Parameters>): RunState =>
      forkOf({ experiment: fraction, run: "origin", config: run.config, state, parameters }).state;
    const unchanged = await undisturbed({}, { from: fork({}) });
    expect(unchanged.rollingDigest).toBe(run.store.latest?.rollingDigest);
    const skeletonsOf = (parameters: Partial<Parameters>): boolean =>
      fork(parameters).islands.every((island) => island.skeletons !== null);
    // What was fitted in another way may be fitted again.
    for (const parameters of [
      { constantFitting: "cma-es" },
      { constantPrecision: "double-double" },
      { skeletonCache: "off" },
      { skeletonEntries: 64 },
    ] as const)
      expect(skeletonsOf(parameters)).toBe(false);
    expect(skeletonsOf({ cacheEntries: 64 })).toBe(true);
    expect(skeletonsOf({ maximumSize: 12 })).toBe(true);
  });

  it("is told from one whose skeletons are others", async () => {
    const states: RunState[] = [];
    await undisturbed({}, { untilEpoch: 3 }, (state) => states.push(state));
    const task = taskOf(fraction, small);
    const [state] = states as [RunState];
    const changed = structuredClone(state);
    changed.islands[1]?.skeletons?.values.set([4], 3);
    expect(stateDigest(task, changed)).not.toBe(stateDigest(task, state));
    // What an exact cache knew is no part of it.
    const counted = structuredClone(state);
    counted.islands[0]?.counters.set([99], 2);
    expect(stateDigest(task, counted)).toBe(stateDigest(task, state));
  });

  it("has candidates that the doctor can sample, bred from its elites", async () => {
    const { archive } = await undisturbed({}, { untilEpoch: 2 });
    const task = taskOf(fraction, small);
    const programs = sampleCandidates(task, rootKey(1), 40, archive);
    for (const program of programs) expect(checkProgram(task.grammar, program)).toEqual([]);
    expect(sampleCandidates(task, rootKey(1), 40, archive)).toEqual(programs);
  });

  it("takes memory and disk for the tables of all its islands, also after a trial of fewer", async () => {
    const states: RunState[] = [];
    await undisturbed({ islands: 1 }, { untilEpoch: 2 }, (state) => states.push(state));
    const size = stateSize(states[0] as RunState);
    const now = { size, cachedEntries: 0, residentBytes: 0, availableBytes: 1e9, workers: 1 };
    const need = (parameters: Partial<Parameters>): readonly [number, number] => {
      const task = taskOf(fraction, parameters);
      return [fullStateBytes(task, size), memoryNeed(task, now).fullBytes];
    };
    const entries = 1 << 16;
    const off = need({ islands: 5, constantFitting: "off" });
    const on = need({ islands: 5, skeletonEntries: entries });
    const table = 28 * entries;
    expect((on[0] - off[0]) / (4 * table)).toBeCloseTo(1, 3);
    expect((on[1] - off[1]) / (4 * table)).toBeGreaterThanOrEqual(1);
    expect(need({ islands: 1, skeletonEntries: entries })).toEqual(
      need({ islands: 1, constantFitting: "off" }),
    );
    expect(unpackCounters((states[0] as RunState).islands[0]?.counters as Float64Array).candidates).toBe(40);
  });
});
