import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { printProgram } from "../../dsl/index.ts";
import type { Behaviour, Experiment } from "../../src/experiment.ts";
import { grid } from "../../src/experiment.ts";
import { copyIsland, type EpochInput, epochTools, type IslandState, runEpoch } from "../../src/island.ts";
import type { Parameters } from "../../src/parameters.ts";
import { emptyQuarantine, type QuarantineEntry, quarantineEntries } from "../../src/quarantine.ts";
import { rootKey } from "../../src/random-stream.ts";
import { checkRunState, packRunState, readRunState } from "../../src/run-state-bytes.ts";
import { ScoreRecord } from "../../src/score-record.ts";
import type { RunState } from "../../src/search.ts";
import { cubic, epochInput, initials, taskOf } from "./small-tasks.ts";

/** Fails in several ways, by what a program gives on the first case. */
const failing: Experiment = {
  ...initials,
  fitness: ({ outcomes }: Behaviour<unknown, unknown>) => {
    const length = String(outcomes[0]).length;
    if (length % 5 === 1) throw new Error("planted");
    if (length % 5 === 2) return Number.NaN;
    if (length % 5 === 3) return "three" as unknown as number;
    return length;
  },
};

/** Four epochs of one island; between them the state goes through a hand. */
function live(
  parameters: Partial<Parameters>,
  seed: number,
  between: (state: IslandState) => IslandState = (state) => state,
): IslandState {
  const task = taskOf(failing, parameters);
  const tools = epochTools(task);
  let state: IslandState | undefined;
  for (let epoch = 0; epoch < 4; epoch++) {
    const input: Partial<EpochInput> = { key: rootKey(seed), epoch, candidates: 100 };
    state = between(
      runEpoch(tools, epochInput(task, { ...input, ...(state === undefined ? {} : { state }) })).state,
    );
  }
  return state as IslandState;
}

const listOf = (state: IslandState): QuarantineEntry[] => quarantineEntries(state.quarantine);

describe("a quarantine", () => {
  it("lists the same with and without a cache, with a small one, and however often an exact one was rebuilt", () => {
    fc.assert(
      fc.property(fc.nat(), fc.integer({ min: 0, max: 15 }), (seed, resumed) => {
        const expected = listOf(live({ cache: "exact" }, seed));
        expect(expected.length).toBeGreaterThan(3);
        let epoch = 0;
        const resume = (state: IslandState): IslandState =>
          copyIsland(state, ((resumed >> epoch++) & 1) === 0);
        expect(listOf(live({ cache: "exact" }, seed, resume))).toEqual(expected);
        expect(listOf(live({ cache: "exact", cacheEntries: 4 }, seed))).toEqual(expected);
        expect(listOf(live({ cache: "off" }, seed))).toEqual(expected);
      }),
      { numRuns: 12 },
    );
  });

  it("lists a behaviour once, by the first candidate that had it, with its program", () => {
    const task = taskOf(failing);
    const list = listOf(live({}, 1));
    const reasons = new Set(list.map((e) => e.reason));
    expect(reasons).toEqual(new Set(["threw", "notANumber"]));
    const births = list.map((e) => e.epoch * 100 + e.candidate);
    expect(births).toEqual(births.toSorted((a, b) => a - b));
    const machine = epochTools(task).machines.cases;
    const columns = list.map(({ program, reason }) => {
      expect(printProgram(task.grammar, program)).not.toBe("");
      const column = machine.run(program);
      if (reason === "threw") expect(() => task.fitness(column)).toThrow("planted");
      else expect(task.fitness(column)).toBeNaN();
      return JSON.stringify([...(column as unknown[])]);
    });
    expect(new Set(columns).size).toBe(columns.length);
  });

  it("lists the first 32 of each reason", () => {
    const fitness = ({ outcomes }: Behaviour<unknown, unknown>): number => {
      const first = Number(outcomes[0]);
      if (first > 1) throw new Error("planted");
      return first < -1 ? Number.NaN : first;
    };
    const task = taskOf({ ...cubic, fitness }, { cache: "off" });
    const quarantine = Array.from({ length: 200 }, (_, i) => ({
      candidate: 1000 + i,
      reason: i % 2 === 0 ? ("timedOut" as const) : ("crashed" as const),
    }));
    const { state, counters } = runEpoch(
      epochTools(task),
      epochInput(task, { candidates: 2000, quarantine }),
    );
    expect(counters).toMatchObject({ timedOut: 100, crashed: 100 });
    const counts: Record<string, number> = {};
    for (const { reason } of listOf(state)) counts[reason] = (counts[reason] ?? 0) + 1;
    expect(counts).toEqual({ timedOut: 32, crashed: 32, threw: 32, notANumber: 32 });
  });

  it.each(["exact", "off"] as const)(
    "keeps what killed a worker from being tried again (cache %s)",
    (cache) => {
      const task = taskOf(initials, { cache });
      const tools = epochTools(task);
      const [entry] = quarantineEntries(
        runEpoch(tools, epochInput(task, { quarantine: [{ candidate: 0, reason: "crashed" }] })).state
          .quarantine,
      );
      if (entry === undefined) expect.fail("nothing listed");
      const killing = JSON.stringify(tools.machines.cases.run(entry.program));
      const seen: string[] = [];
      const spied = taskOf(
        {
          ...initials,
          fitness: ({ outcomes }: Behaviour<unknown, unknown>) => {
            seen.push(JSON.stringify(outcomes));
            return 1;
          },
        },
        { cache },
      );
      const twice = (quarantine: EpochInput["quarantine"]): boolean => {
        seen.length = 0;
        const { state } = runEpoch(epochTools(spied), epochInput(spied, { quarantine }));
        runEpoch(epochTools(spied), epochInput(spied, { epoch: 1, state: copyIsland(state, false) }));
        return seen.includes(killing);
      };
      expect(twice([])).toBe(true);
      expect(twice([{ candidate: 0, reason: "crashed" }])).toBe(false);
    },
  );

  it("is of code of the author's own alone", () => {
    const named = taskOf({ ...cubic, fitness: "-log10 mean absolute error" });
    const counted = runEpoch(epochTools(named), epochInput(named, { candidates: 2000 }));
    expect(counted.state.quarantine).toEqual(emptyQuarantine());
    const measured = taskOf({
      ...cubic,
      fitness: "-log10 mean absolute error",
      archive: grid({
        mine: {
          from: 0,
          to: 9,
          bins: 10,
          measure: ({ outcomes }) => (outcomes[0] === -1.25 ? Number.NaN : 1),
        },
      }),
    });
    const { state } = runEpoch(epochTools(measured), epochInput(measured, { candidates: 500 }));
    expect(listOf(state).length).toBeGreaterThan(0);
    for (const { program } of listOf(state))
      expect((epochTools(measured).machines.cases.run(program) as Float64Array)[0]).toBe(-1.25);
  });
});

describe("a quarantine in a stored state", () => {
  const task = taskOf(failing);
  const island = live({}, 3);
  const state = (quarantine: IslandState["quarantine"]): RunState => ({
    epochs: 4,
    islands: [{ ...island, quarantine }, island, island],
    migrants: [1, 2].map(() => [island.elites, island.elites, island.elites]),
    stale: 0,
    bestFitness: 1,
    solvedEpochs: 0,
    rollingDigest: "",
  });

  it("comes back as it was", () => {
    const back = readRunState(packRunState(state(island.quarantine)));
    if (typeof back === "string") expect.fail(back);
    expect(back.islands[0]?.quarantine).toEqual(island.quarantine);
    expect(checkRunState(task, back)).toEqual([]);
  });

  it.each([
    ["a reason that there is not", { entries: Int32Array.of(0, 0, 9) }, "of epochs, candidates and reasons"],
    ["too few signatures", { signatures: new Int32Array(4) }, "4 for each entry"],
    ["too many entries", { entries: new Int32Array(3 * 129) }, "at most 128"],
    ["ends that fall", { tokenEnds: island.quarantine.tokenEnds.toReversed() }, "must rise"],
  ])("is refused with %s", (_what, wrong, message) => {
    expect(readRunState(packRunState(state({ ...island.quarantine, ...wrong })))).toContain(message);
  });

  it("is refused with a program of another language", () => {
    const tokens = island.quarantine.tokens.map(() => 9999);
    expect(checkRunState(task, state({ ...island.quarantine, tokens }))).toEqual([
      expect.stringContaining("island 0, quarantine"),
    ]);
  });
});

describe("a score record", () => {
  it("spares a job that is run again every evaluation it has had, and changes nothing", () => {
    const calls: number[] = [];
    const fitness = failing.fitness as (behaviour: Behaviour<any, any>) => number;
    const task = taskOf({
      ...failing,
      fitness: (behaviour: Behaviour<any, any>) => {
        calls.push(1);
        return fitness(behaviour);
      },
    });
    const tools = epochTools(task);
    const scores = new ScoreRecord(task, 150, ScoreRecord.buffer(task, 150));
    const watch = { enter: () => {}, leave: () => {}, scores };
    const plain = runEpoch(tools, epochInput(task));
    const first = calls.length;
    // It gets as far as candidate 90, and begins again.
    runEpoch(tools, epochInput(task, { candidates: 90 }), watch);
    expect(calls.length).toBeLessThan(2 * first);
    calls.length = 0;
    expect(runEpoch(tools, epochInput(task), watch)).toEqual(plain);
    expect(calls.length).toBeLessThan(first);
    calls.length = 0;
    expect(runEpoch(tools, epochInput(task), watch)).toEqual(plain);
    expect(calls.length).toBe(0);
  });
});
