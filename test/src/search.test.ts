import { describe, expect, it } from "vitest";
import {
  type EpochInput,
  type EpochOutput,
  type EpochTools,
  epochTools,
  runEpoch,
} from "../../src/island.ts";
import type { Executor } from "../../src/executor.ts";
import { RandomStream, rootKey } from "../../src/random-stream.ts";
import {
  epochBudget,
  type EpochReport,
  epochsOfBudget,
  type RunState,
  search,
  type SearchOptions,
  type SearchResult,
} from "../../src/search.ts";
import type { Task } from "../../src/task.ts";
import type { TopologyName } from "../../src/topology.ts";
import { serialExecutor } from "../../workers/index.ts";
import { cubic, doubled, fraction, initials, singleExponential, taskOf } from "./small-tasks.ts";

const topologies: readonly TopologyName[] = ["all", "ring", "isolated"];

/**
 * A simulated pool: jobs begin at once and end in an order and after delays that one seed decides. Their buffers
 * travel, as on threads, so that nobody can go on using what was sent.
 */
class ShuffledExecutor implements Executor {
  readonly workers: number;
  most = 0;
  jobs: { island: number; epoch: number; candidates: number }[] = [];
  readonly #tools: EpochTools;
  readonly #stream: RandomStream;
  readonly #waiting: (() => void)[] = [];
  #turning = false;

  constructor(task: Task, workers: number, seed: number) {
    this.#tools = epochTools(task);
    this.workers = workers;
    this.#stream = new RandomStream().derive(rootKey("pool"), workers, seed, 0);
  }

  async run(input: EpochInput): Promise<EpochOutput> {
    this.jobs.push({ island: input.island, epoch: input.epoch, candidates: input.candidates });
    const own = structuredClone(input, {
      transfer: Object.values(input.state.elites).map((v: Int32Array) => v.buffer as ArrayBuffer),
    });
    const output = structuredClone(runEpoch(this.#tools, own));
    await new Promise<void>((resolve) => {
      this.#waiting.push(resolve);
      this.most = Math.max(this.most, this.#waiting.length);
      this.#turn();
    });
    return output;
  }

  close(): Promise<void> {
    return Promise.resolve();
  }

  /** Ends waiting jobs one at a time, a random one after a random number of turns of the event loop. */
  #turn(): void {
    if (this.#turning) return;
    this.#turning = true;
    const after = (turns: number): void => {
      if (turns > 0) setImmediate(() => after(turns - 1));
      else {
        this.#turning = false;
        const [job] = this.#waiting.splice(this.#stream.below(this.#waiting.length), 1);
        job?.();
        if (this.#waiting.length > 0) this.#turn();
      }
    };
    setImmediate(() => after(this.#stream.below(4)));
  }
}

const key = rootKey("search");
const run = (
  task: Task,
  budgetCandidates: number,
  options: Partial<SearchOptions> = {},
): Promise<SearchResult> =>
  search({ task, key, budgetCandidates, executor: serialExecutor(task), ...options });

/** Every state that a run would store. */
async function statesOf(
  task: Task,
  budget: number,
): Promise<{ result: SearchResult; reports: EpochReport[] }> {
  const reports: EpochReport[] = [];
  const result = await run(task, budget, {
    onEpoch: (report) =>
      void reports.push({
        ...report,
        ...structuredClone({ state: report.state, counters: report.counters }),
      }),
  });
  return { result, reports };
}

describe.each(topologies)("a search with topology %s", (topology) => {
  it("gives the serial result for any number of workers and any order of completion", async () => {
    // To fit constants takes longer.
    for (const [experiment, cache, pools, epochCandidates] of [
      [cubic, "exact", [1, 2, 3, 7], 150],
      [initials, "exact", [3], 150],
      [singleExponential, "exact", [3], 150],
      [fraction, "exact", [3], 45],
      [cubic, "lossy", [2, 7], 150],
    ] as const) {
      const task = taskOf(experiment, { topology, cache, epochCandidates });
      const budget = 3 * epochCandidates * 5 + 77;
      const serial = await run(task, budget);
      for (const workers of pools) {
        const executor = new ShuffledExecutor(task, workers, 10 + workers);
        const shuffled = await run(task, budget, { executor });
        expect(shuffled.digest).toBe(serial.digest);
        expect(shuffled.counters).toEqual(serial.counters);
        expect(executor.most).toBe(Math.min(3, workers));
      }
    }
  });

  it("goes on from every stored state to the undisturbed result", async () => {
    for (const cache of ["exact", "lossy"] as const) {
      const task = taskOf(cubic, { topology, cache, cacheEntries: 64 });
      const budget = 3 * 150 * 6 - 100;
      const { result, reports } = await statesOf(task, budget);
      expect(reports).toHaveLength(6);
      for (const { state, epoch } of reports) {
        const resumed = await run(task, budget, {
          from: state,
          executor: new ShuffledExecutor(task, 1 + (epoch % 3), epoch),
        });
        expect(resumed.digest).toBe(result.digest);
        expect(resumed.epochs).toBe(result.epochs);
        expect(resumed.stop).toBe(result.stop);
        expect(resumed.counters.candidates).toBe(budget);
      }
    }
  });

  it("survives a chain of interruptions, one after each epoch", async () => {
    const task = taskOf(
      { ...doubled, target: 2 },
      { topology, epochCandidates: 60, selector: "epsilon-lexicase" },
    );
    const budget = 3 * 60 * 4;
    const undisturbed = await run(task, budget);
    let from: RunState | undefined;
    let digest = "";
    for (let session = 0; session < 4; session++) {
      const result = await run(task, budget, {
        ...(from === undefined ? {} : { from }),
        interruption: () => "interrupted",
        onEpoch: (report) => {
          from = structuredClone(report.state);
        },
      });
      expect(result.stop).toBe(session < 3 ? "interrupted" : "budget");
      ({ digest } = result);
    }
    expect(digest).toBe(undisturbed.digest);
  });

  it("reports epochs in order, and archives that only get better", async () => {
    const task = taskOf(cubic, { topology });
    let coverage = 0;
    let score = Number.NEGATIVE_INFINITY;
    const epochs: number[] = [];
    await run(task, 3 * 150 * 5, {
      executor: new ShuffledExecutor(task, 3, 5),
      onEpoch: ({ epoch, archive, counters }) => {
        epochs.push(epoch);
        expect(archive.coverage).toBeGreaterThanOrEqual(coverage);
        expect(archive.qdScore(0)).toBeGreaterThanOrEqual(score);
        coverage = archive.coverage;
        score = archive.qdScore(0);
        expect(counters.candidates).toBe((epoch + 1) * 3 * 150);
      },
    });
    expect(epochs).toEqual([0, 1, 2, 3, 4]);
  });

  it("spends its budget to the candidate, and asks for every epoch of every island once", async () => {
    for (const budget of [1, 2, 449, 450, 451, 1000]) {
      const task = taskOf(cubic, { topology });
      const executor = new ShuffledExecutor(task, 2, budget);
      const { counters, epochs, stop } = await run(task, budget, { executor });
      expect(counters.candidates).toBe(budget);
      expect(stop).toBe("budget");
      expect(epochs).toBe(epochsOfBudget(task, budget));
      expect(new Set(executor.jobs.map((j) => `${j.island} ${j.epoch}`)).size).toBe(3 * epochs);
      expect(executor.jobs).toHaveLength(3 * epochs);
      expect(executor.jobs.reduce((sum, j) => sum + j.candidates, 0)).toBe(budget);
    }
  });

  it("keeps islands within a bounded lead of the slowest", async () => {
    const task = taskOf(cubic, { topology, epochCandidates: 1, initialCandidates: 1 });
    let release = (): void => {};
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    const tools = epochTools(task);
    let furthest = 0;
    const executor: Executor = {
      workers: 3,
      run: async (input) => {
        furthest = Math.max(furthest, input.epoch);
        if (input.island === 2) await held;
        return runEpoch(tools, input);
      },
      close: () => Promise.resolve(),
    };
    const ended = run(task, 3 * 60, { executor });
    for (let turn = 0; turn < 200; turn++)
      await new Promise((resolve) => {
        setImmediate(resolve);
      });
    expect(furthest).toBeLessThan(10);
    release();
    expect((await ended).epochs).toBe(60);
  });
});

describe("migrants", () => {
  it("travel for two epochs: all islands hear in epoch e of what was found in e − 2, and of nothing later", async () => {
    const task = taskOf(cubic, { topology: "all" });
    const inner = serialExecutor(task);
    const heard: Set<string>[] = [];
    const executor: Executor = {
      ...inner,
      run: (input) => {
        const births = new Set<string>();
        for (const { births: b } of input.immigrants)
          for (let n = 0; n < b.length; n += 4) births.add(`${b[n]} ${b[n + 1]}`);
        if (input.island === 0) heard[input.epoch] = births;
        return inner.run(input);
      },
    };
    await run(task, 3 * 150 * 4, { executor });
    expect(heard).toEqual([new Set(), new Set(), new Set(["0 1", "0 2"]), new Set(["1 1", "1 2"])]);
  });
});

describe("the digest of a search", () => {
  it("depends on the seed, and on the topology", async () => {
    const digests = new Set<string>();
    for (const topology of topologies)
      for (const seed of [1, 2, "1 "]) {
        const task = taskOf(cubic, { topology });
        digests.add((await run(task, 2000, { key: rootKey(seed) })).digest);
      }
    expect(digests.size).toBe(9);
  });

  it("up to an epoch is that of the run which stopped there", async () => {
    const task = taskOf(cubic);
    const { reports } = await statesOf(task, 3 * 150 * 4);
    const part = await run(task, 3 * 150 * 4, { untilEpoch: 2 });
    const whole = await run(task, 3 * 150 * 2);
    expect(part.digest).toBe(whole.digest);
    expect(part.epochs).toBe(2);
    expect(reports[1]?.counters).toEqual(part.counters);
  });
});

describe("a search stops", () => {
  it("solved, in the epoch that reaches the target, on any number of workers", async () => {
    const task = taskOf(doubled, { epochCandidates: 40 });
    const serial = await run(task, 200_000);
    expect(serial.stop).toBe("solved");
    expect(serial.archive.best?.fitness).toBe(1);
    expect(serial.epochs).toBeLessThan(200_000 / 120);
    const shuffled = await run(task, 200_000, { executor: new ShuffledExecutor(task, 3, 3) });
    expect([shuffled.digest, shuffled.epochs, shuffled.stop]).toEqual([
      serial.digest,
      serial.epochs,
      "solved",
    ]);
  });

  it("solved again, without another epoch, when it is resumed", async () => {
    const task = taskOf(doubled, { epochCandidates: 40 });
    const { result, reports } = await statesOf(task, 200_000);
    const again = await run(task, 200_000, { from: reports.at(-1)?.state as RunState });
    expect([again.digest, again.stop, again.epochs]).toEqual([result.digest, "solved", result.epochs]);
  });

  it("converged, after as many epochs without a better best as patience has", async () => {
    const task = taskOf({ ...cubic, fitness: () => 1 }, { patienceEpochs: 3 });
    const { result, reports } = await statesOf(task, 1e9);
    expect([result.stop, result.epochs]).toEqual(["converged", 4]);
    const again = await run(task, 1e9, { from: reports.at(-1)?.state as RunState });
    expect([again.digest, again.stop, again.epochs]).toEqual([result.digest, "converged", 4]);
  });

  it("at its budget, when it is resumed there, and at once with none", async () => {
    const task = taskOf(cubic);
    const { result, reports } = await statesOf(task, 450);
    const again = await run(task, 450, { from: reports.at(-1)?.state as RunState });
    expect([again.digest, again.stop, again.epochs]).toEqual([result.digest, "budget", 1]);
    const nothing = await run(task, 0);
    expect([nothing.stop, nothing.epochs, nothing.archive.count]).toEqual(["budget", 0, 0]);
  });

  it("when it is told to, between epochs", async () => {
    const task = taskOf(cubic);
    const stops: (string | null)[] = [];
    let asked = 0;
    const result = await run(task, 1e6, {
      interruption: () => (++asked === 3 ? "time" : null),
      onEpoch: ({ stop }) => void stops.push(stop),
    });
    expect([result.stop, result.epochs]).toEqual(["time", 3]);
    expect(stops).toEqual([null, null, "time"]);
  });
});

describe("a failed job", () => {
  it("ends the search with its error, and no job begins after it", async () => {
    const task = taskOf(cubic);
    const inner = serialExecutor(task);
    let begun = 0;
    let failedAt = 0;
    const executor: Executor = {
      ...inner,
      run: (input) => {
        begun++;
        if (input.epoch !== 2 || input.island !== 1) return inner.run(input);
        failedAt = begun;
        return Promise.reject(new Error("planted"));
      },
    };
    await expect(run(task, 1e5, { executor })).rejects.toThrow("planted");
    expect(begun).toBe(failedAt);
  });

  it("of a later epoch does not take finished epochs away", async () => {
    const task = taskOf(cubic);
    const inner = serialExecutor(task);
    const executor: Executor = {
      ...inner,
      run: (input) => (input.epoch === 3 ? Promise.reject(new Error("planted")) : inner.run(input)),
    };
    const epochs: number[] = [];
    await expect(
      run(task, 1e5, { executor, onEpoch: ({ epoch }) => void epochs.push(epoch) }),
    ).rejects.toThrow("planted");
    expect(epochs).toEqual([0, 1, 2]);
  });

  it("in a listener ends the search as well", async () => {
    const task = taskOf(cubic);
    await expect(run(task, 1e5, { onEpoch: () => Promise.reject(new Error("disk full")) })).rejects.toThrow(
      "disk full",
    );
  });
});

describe("the budget of epochs", () => {
  it("adds up to the whole for any islands and sizes, with equal shares but in the last epoch", () => {
    for (const islands of [1, 2, 3, 8])
      for (const epochCandidates of [1, 7, 100])
        for (const budget of [0, 1, 5, 99, 100, 101, 799, 800, 2401]) {
          const task = { parameters: { islands, epochCandidates } } as Task;
          const epochs = epochsOfBudget(task, budget);
          let sum = 0;
          for (let epoch = 0; epoch < epochs; epoch++)
            for (let island = 0; island < islands; island++) {
              const share = epochBudget(task, budget, epoch, island);
              if (epoch < epochs - 1) expect(share).toBe(epochCandidates);
              expect(share).toBeLessThanOrEqual(epochCandidates);
              sum += share;
            }
          expect(sum).toBe(budget);
          expect(epochBudget(task, budget, epochs, 0)).toBe(0);
        }
  });
});
