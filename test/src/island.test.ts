import { Packr } from "msgpackr";
import { describe, expect, it } from "vitest";
import { bool, createMachine, fn, logic } from "../../dsl/index.ts";
import { Archive } from "../../src/archive/archive.ts";
import { type Counters, counterNames, unpackCounters } from "../../src/counters.ts";
import { archiveDigest } from "../../src/digest.ts";
import { type Experiment, grid } from "../../src/experiment.ts";
import {
  buffersOf,
  copyIsland,
  emptyIsland,
  type EpochInput,
  type EpochOutput,
  epochTools,
  type IslandState,
  runEpoch,
} from "../../src/island.ts";
import { addPacked, packElites, unpackElite } from "../../src/packed-elites.ts";
import { quarantineEntries, type QuarantineState } from "../../src/quarantine.ts";
import { casesPassed, type Task } from "../../src/task.ts";
import { cubic, doubled, epochInput, fraction, initials, singleExponential, taskOf } from "./small-tasks.ts";

/** Every buffer of an output, to the last bit. */
function bitsOf(value: unknown): unknown {
  if (ArrayBuffer.isView(value))
    return `${value.constructor.name} ${Buffer.from(value.buffer, value.byteOffset, value.byteLength).toString("hex")}`;
  if (value === null || typeof value !== "object") return value;
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, bitsOf(inner)]));
}

const digestOfState = (task: Task, state: IslandState): string => {
  const archive = new Archive(task.space);
  addPacked(archive, state.elites);
  return archiveDigest(archive);
};

const countersOf = (state: IslandState): Counters => unpackCounters(state.counters);

/** Lives through epochs one after another, with what another island found as immigrants. */
function live(
  task: Task,
  epochs: number,
  between: (state: IslandState) => IslandState = (s) => s,
): EpochOutput[] {
  const tools = epochTools(task);
  let state = emptyIsland(task);
  const outputs: EpochOutput[] = [];
  for (let epoch = 0; epoch < epochs; epoch++) {
    const abroad = runEpoch(tools, epochInput(task, { island: 1, epoch }));
    const output = runEpoch(tools, epochInput(task, { epoch, state, immigrants: [abroad.emigrants] }));
    outputs.push(structuredClone(output));
    state = between(output.state);
  }
  return outputs;
}

const experiments: readonly (readonly [string, Experiment])[] = [
  ["numbers on a grid", cubic],
  ["floats on a grid", singleExponential],
  ["lists on a CVT", doubled],
  ["strings with a custom fitness", initials],
  ["numbers whose constants are fitted", fraction],
];

describe("an epoch of gates judged in batches", () => {
  it("finds elites with the fitness and the number of cases passed that their columns have", () => {
    const names = ["a", "b", "c"];
    const rows = Array.from({ length: 8 }, (_, i) => names.map((__, k) => ((i >> k) & 1) === 1));
    const task = taskOf({
      name: "majority",
      language: logic(),
      program: fn({ a: bool, b: bool, c: bool }, bool),
      cases: rows.map((row) => ({
        input: { a: row[0] === true, b: row[1] === true, c: row[2] === true },
        output: row.filter(Boolean).length > 1,
      })),
      fitness: "cases passed",
      archive: grid({ size: [1, 12], passed: [0, 8] }),
    });
    expect(task.measured).not.toBeNull();
    const archive = new Archive(task.space);
    addPacked(archive, (live(task, 2).at(-1) as EpochOutput).state.elites);
    const machine = createMachine(task.grammar, task.inputs, task.caseCount);
    const counts = new Set<number>();
    for (let cell = 0; cell < task.space.cellCount; cell++) {
      const elite = archive.elite(cell);
      if (elite === undefined) continue;
      const passed = casesPassed(task, machine.run(elite.program));
      expect([elite.fitness, elite.descriptor[1]]).toEqual([passed / 8, passed]);
      counts.add(passed);
    }
    expect(counts.size).toBeGreaterThan(3);
  });
});

describe.each(experiments)("an epoch of %s", (_name, experiment) => {
  it("is a pure function: the same input gives the same buffers, whatever ran before", () => {
    const task = taskOf(experiment);
    const tools = epochTools(task);
    const first = runEpoch(tools, epochInput(task));
    const input = epochInput(task, {
      epoch: 1,
      candidates: 300,
      state: first.state,
      immigrants: [runEpoch(tools, epochInput(task, { island: 2 })).emigrants],
    });
    const copies: EpochInput[] = [structuredClone(input), structuredClone(input)];
    const output = bitsOf(runEpoch(tools, input));
    runEpoch(tools, epochInput(task, { island: 5, epoch: 3 }));
    expect(bitsOf(runEpoch(tools, copies[0] as EpochInput))).toEqual(output);
    expect(bitsOf(runEpoch(epochTools(taskOf(experiment)), copies[1] as EpochInput))).toEqual(output);
  });

  it("depends on key, island and epoch", () => {
    const task = taskOf(experiment);
    const tools = epochTools(task);
    const digests = [
      {},
      { island: 1 },
      { epoch: 1 },
      { key: Int32Array.of(1, 2, 3, 4) },
      { candidates: 60 },
    ].map((changes) => digestOfState(task, runEpoch(tools, epochInput(task, changes)).state));
    expect(new Set(digests).size).toBe(digests.length);
  });

  it("spends its budget to the candidate", () => {
    const task = taskOf(experiment);
    const tools = epochTools(task);
    for (const candidates of [0, 1, 7, 160]) {
      const { counters, state } = runEpoch(tools, epochInput(task, { candidates }));
      expect(counters.candidates).toBe(candidates);
      expect(counters.evaluations + counters.cacheHits).toBe(candidates);
      expect(counters.added).toBe(state.elites.cells.length);
      expect(counters.added + counters.improved).toBeLessThanOrEqual(candidates);
    }
  });

  it("goes on the same after its state has been cloned or packed and unpacked", () => {
    const task = taskOf(experiment);
    const packr = new Packr({ moreTypes: true, structuredClone: true });
    const plain = bitsOf(live(task, 4));
    expect(bitsOf(live(task, 4, structuredClone))).toEqual(plain);
    expect(bitsOf(live(task, 4, (state) => packr.unpack(packr.pack(state)) as IslandState))).toEqual(plain);
  });

  it("gives the same archive with the exact cache, a small one, one forgotten at every epoch, and none", () => {
    const digest = (
      parameters: Parameters<typeof taskOf>[1],
      between?: (s: IslandState) => IslandState,
    ): string => {
      const task = taskOf(experiment, parameters);
      return digestOfState(task, (live(task, 5, between).at(-1) as EpochOutput).state);
    };
    const exact = digest({ cache: "exact" });
    expect(digest({ cache: "off" })).toBe(exact);
    expect(digest({ cacheEntries: 4 })).toBe(exact);
    expect(digest({ cacheEntries: 1 << 15 })).toBe(exact);
    expect(digest({ cache: "exact" }, (state) => copyIsland(state, false))).toBe(exact);
  });

  it("keeps every elite within the size limit, with the fitness and descriptor that its program has", () => {
    const task = taskOf(experiment, { selector: "lexicase" });
    const outputs = live(task, 3);
    const { elites } = (outputs.at(-1) as EpochOutput).state;
    expect(elites.cells.length).toBeGreaterThan(2);
    for (let n = 0; n < elites.cells.length; n++) {
      const elite = unpackElite(elites, n);
      expect(elite.size).toBeLessThanOrEqual(task.parameters.maximumSize);
      expect(task.space.cellOf(elite.descriptor)).toBe(elites.cells[n]);
      expect(elite.errors.length).toBe(task.caseCount);
    }
  });

  it("never lets a cell's fitness fall from epoch to epoch", () => {
    const task = taskOf(experiment);
    const best = new Map<number, number>();
    for (const { state } of live(task, 5)) {
      const { cells, fitness } = state.elites;
      const seen = new Map(Array.from(cells, (cell, n) => [cell, fitness[n] as number]));
      for (const [cell, before] of best) expect(seen.get(cell)).toBeGreaterThanOrEqual(before);
      for (const [cell, now] of seen) best.set(cell, now);
    }
  });
});

describe("emigrants", () => {
  it("are the elites that the epoch itself brought forth, where everybody hears from everybody", () => {
    const task = taskOf(cubic, { topology: "all" });
    const tools = epochTools(task);
    const abroad = runEpoch(tools, epochInput(task, { island: 1 }));
    const { emigrants, counters } = runEpoch(
      tools,
      epochInput(task, { epoch: 1, immigrants: [abroad.emigrants] }),
    );
    expect(counters.added + counters.improved).toBeGreaterThanOrEqual(emigrants.cells.length);
    expect([...emigrants.cells]).toEqual([...emigrants.cells].toSorted((a, b) => a - b));
    for (let n = 0; n < emigrants.cells.length; n++)
      expect(unpackElite(emigrants, n).birth).toMatchObject({ epoch: 1, island: 0 });
  });

  it("are passed on along a ring", () => {
    const task = taskOf(cubic, { topology: "ring" });
    const tools = epochTools(task);
    const abroad = runEpoch(tools, epochInput(task, { island: 1 }));
    const { emigrants } = runEpoch(
      tools,
      epochInput(task, { epoch: 1, candidates: 1, immigrants: [abroad.emigrants] }),
    );
    expect(emigrants.cells.length).toBeGreaterThanOrEqual(abroad.emigrants.cells.length);
  });

  it("arrive with the same result in any order", () => {
    const task = taskOf(cubic, { topology: "all" });
    const tools = epochTools(task);
    const abroad = [1, 2, 3].map((island) => runEpoch(tools, epochInput(task, { island })).emigrants);
    const [one, other] = [abroad, abroad.toReversed()].map((immigrants) =>
      bitsOf(runEpoch(tools, epochInput(task, { epoch: 2, immigrants }))),
    );
    expect(other).toEqual(one);
  });
});

describe("a lossy cache", () => {
  const lossy = (parameters: Parameters<typeof taskOf>[1]): Counters => {
    const task = taskOf(cubic, { cache: "lossy", ...parameters });
    return countersOf((live(task, 4).at(-1) as EpochOutput).state);
  };

  it("is audited: programs that differ beyond the probe set count as false merges", () => {
    const counters = lossy({ probeCases: 1, auditShare: 1 });
    expect(counters.audits).toBe(counters.cacheHits);
    expect(counters.falseMerges).toBeGreaterThan(0);
    expect(counters.falseMerges).toBeLessThanOrEqual(counters.audits);
  });

  it("merges next to nothing falsely when the probe set is all cases", () => {
    const counters = lossy({ probeCases: 12, auditShare: 1 });
    expect(counters.audits).toBeGreaterThan(0);
    expect(counters.falseMerges).toBe(0);
  });

  it("gives the archive of an exact one when the probe set is all cases: no candidate draws from another's stream", () => {
    const [exact, lossy] = (["exact", "lossy"] as const).map((cache) => {
      const task = taskOf(cubic, { cache, probeCases: 12, auditShare: 0.5 });
      return digestOfState(task, (live(task, 3).at(-1) as EpochOutput).state);
    });
    expect(lossy).toBe(exact);
  });

  it("is not audited with a share of 0, and audits change no result", () => {
    const digests = [0, 1].map((auditShare) => {
      const task = taskOf(cubic, { cache: "lossy", probeCases: 1, auditShare });
      const { state } = live(task, 4).at(-1) as EpochOutput;
      expect(countersOf(state).audits > 0).toBe(auditShare === 1);
      return digestOfState(task, state);
    });
    expect(digests[1]).toBe(digests[0]);
  });

  it("travels with the island's state, on which results depend", () => {
    const task = taskOf(cubic, { cache: "lossy", probeCases: 2 });
    const kept = bitsOf(live(task, 4));
    expect(bitsOf(live(task, 4, (state) => copyIsland(state, true)))).toEqual(kept);
    expect(copyIsland(live(task, 1)[0]?.state as IslandState, false).cache).toBeNull();
  });

  it("begins anew when a fork changes its size", () => {
    const small = taskOf(cubic, { cache: "lossy", cacheEntries: 64 });
    const state = structuredClone((live(small, 1)[0] as EpochOutput).state);
    const large = taskOf(cubic, { cache: "lossy", cacheEntries: 256 });
    const output = runEpoch(epochTools(large), epochInput(large, { epoch: 1, state }));
    expect(output.state.cache?.keys.length).toBe(4 * 256);
    expect(output.counters.candidates).toBe(150);
  });
});

describe("a fitness that fails", () => {
  const failing = (fitness: (length: number) => number): Experiment => ({
    ...initials,
    fitness: ({ outcomes }) => fitness(String(outcomes[0]).length),
  });
  const countersWith = (experiment: Experiment): Counters => {
    const task = taskOf(experiment);
    const output = live(task, 2).at(-1) as EpochOutput;
    for (const fitness of output.state.elites.fitness) expect(Number.isFinite(fitness)).toBe(true);
    expect(output.state.elites.cells.length).toBeGreaterThan(0);
    return countersOf(output.state);
  };

  it("by throwing is counted, and the epoch goes on", () => {
    const counters = countersWith(
      failing((length) => {
        if (length % 3 === 0) throw new Error("by three");
        return length;
      }),
    );
    expect(counters.threw).toBeGreaterThan(0);
    expect(counters.candidates).toBe(300);
  });

  it("by NaN is counted, once for each candidate", () => {
    const counters = countersWith(failing((length) => (length % 3 === 0 ? Number.NaN : length)));
    expect(counters.notANumber).toBeGreaterThan(0);
    expect(counters.threw).toBe(0);
  });

  it("by minus infinity is counted", () => {
    const counters = countersWith(
      failing((length) => (length % 3 === 0 ? Number.NEGATIVE_INFINITY : length)),
    );
    expect(counters.notANumber).toBeGreaterThan(0);
  });

  it("by throwing counts each candidate once: as thrown, or as without a number when the cache knows", () => {
    const task = taskOf({
      ...initials,
      fitness: () => {
        throw new Error("always");
      },
    });
    const { counters, state } = runEpoch(epochTools(task), epochInput(task));
    expect(state.elites.cells.length).toBe(0);
    expect(counters.threw + counters.notANumber).toBe(150);
  });

  it("by returning what is no number is counted as thrown or NaN", () => {
    for (const answer of [undefined, null, {}, { fitness: undefined }, "7", true]) {
      const task = taskOf({ ...initials, fitness: () => answer as never });
      const { counters, state } = runEpoch(epochTools(task), epochInput(task));
      expect(counters.threw + counters.notANumber).toBe(150);
      expect(state.elites.cells.length).toBe(0);
    }
  });

  it("in a measure of one's own is counted as well", () => {
    const measure = ({ outcomes }: { outcomes: readonly unknown[] }): number => {
      const { length } = String(outcomes[0]);
      if (length === 0) throw new Error("empty");
      return length % 2 === 0 ? Number.NaN : length;
    };
    const archive = { kind: "grid" as const, axes: { length: { from: 0, to: 30, bins: 10, measure } } };
    const task = taskOf({ ...initials, archive });
    const { counters, state } = runEpoch(epochTools(task), epochInput(task));
    expect(counters.threw).toBeGreaterThan(0);
    expect(counters.notANumber).toBeGreaterThan(0);
    expect(state.elites.cells.length).toBeGreaterThan(0);
  });

  it("may be plus infinity in an axis, which is the outermost cell", () => {
    const archive = {
      kind: "grid" as const,
      axes: { far: { from: 0, to: 30, bins: 10, measure: () => Number.POSITIVE_INFINITY } },
    };
    const task = taskOf({ ...initials, archive });
    const { state } = runEpoch(epochTools(task), epochInput(task));
    expect([...state.elites.cells]).toEqual([9]);
  });
});

describe("a brood", () => {
  it.each([
    ["one by one", doubled],
    ["together", cubic],
  ])("has one parent, where candidates are judged %s", (_how, experiment) => {
    const sharesOfSame = [1, 5].map((broodSize) => {
      const task = taskOf(experiment, { broodSize, randomShare: 0 });
      const tools = epochTools(task);
      const { state } = runEpoch(tools, epochInput(task));
      const { judgements } = runEpoch(tools, epochInput(task, { epoch: 1, state, observed: "all" }));
      const parents = judgements.map(({ parent }) => JSON.stringify(parent));
      const same = parents.filter((parent, n) => n % 5 > 0 && parent === parents[n - 1]).length;
      return same / (parents.length * 0.8);
    });
    expect(sharesOfSame[0]).toBeLessThan(0.4);
    expect(sharesOfSame[1]).toBeGreaterThan(0.7);
  });
});

describe("quarantined candidates", () => {
  const quarantine = [
    { candidate: 3, reason: "timedOut" },
    { candidate: 50, reason: "crashed" },
    { candidate: 140, reason: "crashed" },
  ] as const;

  it("are skipped, counted and remembered", () => {
    const task = taskOf(initials);
    const tools = epochTools(task);
    const { counters, state } = runEpoch(tools, epochInput(task, { quarantine }));
    expect(counters).toMatchObject({ candidates: 150, timedOut: 1, crashed: 2 });
    const listed = (quarantined: QuarantineState): unknown[] =>
      quarantineEntries(quarantined).flatMap(({ epoch, candidate, reason }) =>
        reason === "timedOut" || reason === "crashed" ? [[epoch, candidate, reason]] : [],
      );
    const first = [
      [0, 3, "timedOut"],
      // 50 gives what 3 gives.
      [0, 140, "crashed"],
    ];
    expect(listed(state.quarantine)).toEqual(first);
    const births = Array.from(state.elites.cells, (_, n) => unpackElite(state.elites, n).birth.candidate);
    for (const { candidate } of quarantine) expect(births).not.toContain(candidate);
    const next = runEpoch(tools, epochInput(task, { epoch: 1, state, quarantine: quarantine.slice(0, 1) }));
    expect(listed(next.state.quarantine)).toEqual([...first, [1, 3, "timedOut"]]);
  });

  it.each(["exact", "off"] as const)(
    "are never evaluated: the author's code is not entered for them (cache %s)",
    (cache) => {
      const task = taskOf(initials, { cache });
      const entered: number[] = [];
      let depth = 0;
      runEpoch(epochTools(task), epochInput(task, { quarantine }), {
        enter: (candidate) => {
          entered.push(candidate);
          depth++;
        },
        leave: () => {
          depth--;
        },
      });
      expect(depth).toBe(0);
      expect(entered.length).toBeGreaterThan(0);
      for (const { candidate } of quarantine) expect(entered).not.toContain(candidate);
      expect(entered).toEqual(entered.toSorted((a, b) => a - b));
    },
  );

  it("change nothing for candidates before them", () => {
    const task = taskOf(initials);
    const tools = epochTools(task);
    const upTo = (candidates: number): unknown =>
      bitsOf(
        runEpoch(tools, epochInput(task, { candidates, quarantine: [{ candidate: 100, reason: "crashed" }] }))
          .state.elites,
      );
    expect(upTo(100)).toEqual(bitsOf(runEpoch(tools, epochInput(task, { candidates: 100 })).state.elites));
  });
});

describe("a watch", () => {
  it("is not told of built-in fitness, which always ends", () => {
    const task = taskOf(cubic);
    runEpoch(epochTools(task), epochInput(task), {
      enter: () => expect.fail("entered"),
      leave: () => expect.fail("left"),
    });
  });
});

describe("seeds", () => {
  it("are the first candidates of the first epoch", () => {
    const task = taskOf({ ...cubic, seeds: ["(* x x)", "(- (* x (* x x)) (* 0.5 x))"] });
    const { state } = runEpoch(epochTools(task), epochInput(task, { candidates: 2 }));
    const births = Array.from(state.elites.cells, (_, n) => unpackElite(state.elites, n));
    expect(births.map((e) => e.birth)).toContainEqual({ epoch: 0, island: 0, candidate: 1, operator: -1 });
    expect(births.map((e) => e.fitness)).toContain(1);
  });
});

describe("buffers of a state", () => {
  it("are each listed once, so that they can be transferred", () => {
    const task = taskOf(cubic);
    const { state, emigrants } = runEpoch(epochTools(task), epochInput(task));
    const buffers = buffersOf(state, emigrants);
    expect(new Set(buffers).size).toBe(buffers.length);
    const moved = structuredClone({ state, emigrants }, { transfer: buffers });
    expect(state.elites.cells.length).toBe(0);
    expect(moved.state.elites.cells.length).toBeGreaterThan(0);
  });

  it("of an empty archive are empty", () => {
    const task = taskOf(cubic);
    expect(packElites(new Archive(task.space), []).cells.length).toBe(0);
    expect(countersOf(emptyIsland(task))).toEqual(Object.fromEntries(counterNames.map((n) => [n, 0])));
  });
});
