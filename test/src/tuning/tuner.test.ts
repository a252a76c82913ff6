import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  type Configuration,
  configurationKey,
  defaultConfiguration,
  type ParameterSpace,
  RandomStream,
  rootKey,
  type Trial,
  Tuner,
  type TunerOptions,
} from "../../../src/index.ts";
import { mixedSpace, spaces } from "./spaces.ts";

type Score = (configuration: Configuration, trial: Trial) => number;

const optionsOf = (more: Partial<TunerOptions> = {}): TunerOptions => ({
  space: mixedSpace,
  instances: 3,
  budget: 60,
  key: rootKey(1),
  ...more,
});

/** Runs a tuner to its end, and gives all scores and batches. */
function run(tuner: Tuner, score: Score): { batches: (readonly Trial[])[]; scores: number[][] } {
  const batches: (readonly Trial[])[] = [];
  const scores: number[][] = [];
  for (let batch = tuner.next(); batch !== null; batch = tuner.next()) {
    const told = batch.map((trial) => score(tuner.configuration(trial.configuration), trial));
    batches.push(batch);
    scores.push(told);
    tuner.tell(told);
  }
  return { batches, scores };
}

/** Noise in [−6, 6] that depends on the configuration and block. */
const noise = (
  space: ParameterSpace,
  configuration: Configuration,
  { instance, seed, rung }: Trial,
): number =>
  new RandomStream().derive(rootKey(configurationKey(space, configuration)), instance, seed, rung).bell();

const noisy =
  (space: ParameterSpace): Score =>
  (configuration, trial) =>
    noise(space, configuration, trial);

/** Sizes near 16 with a rate near 0.03 are best. */
const planted: Score = (configuration) =>
  -Math.abs(Math.sqrt(Number(configuration["size"])) - 4) +
  (configuration["useRate"] === true ? 1 - Math.abs(Number(configuration["rate"]) - 0.03) : 0) +
  (configuration["mode"] === "deep" ? 0.5 : 0);

const rungLists = fc.constantFrom([1], [1 / 9, 1 / 3, 1], [0.5, 1]);
const anyOptions = fc.record({
  space: spaces,
  instances: fc.integer({ min: 1, max: 5 }),
  seeds: fc.integer({ min: 1, max: 5 }),
  rungs: rungLists,
  budget: fc.integer({ min: 1, max: 40 }),
  parallel: fc.integer({ min: 1, max: 10 }),
  key: fc.nat().map((seed) => rootKey(seed)),
});
const few = { numRuns: 20 };

describe("the tuner", () => {
  it("gives the same trials for the same scores, and is where it was after a replay of any number of batches", () => {
    fc.assert(
      fc.property(anyOptions, fc.nat(), (options, stop) => {
        const first = new Tuner(options);
        const { batches, scores } = run(first, noisy(options.space));
        const again = new Tuner(options);
        const replayed = stop % (batches.length + 1);
        for (const told of scores.slice(0, replayed)) again.tell(told);
        expect(again.next()).toEqual(batches[replayed] ?? null);
        for (const told of scores.slice(replayed)) again.tell(told);
        expect(again.next()).toBeNull();
        expect(again.summary()).toEqual(first.summary());
      }),
      few,
    );
  });

  it("never overspends, asks no trial twice, no lower rung after a higher, and only blocks that there are", () => {
    fc.assert(
      fc.property(anyOptions, (options) => {
        const tuner = new Tuner(options);
        const reached = new Map<string, number>();
        let spent = 0;
        run(tuner, (configuration, trial) => {
          expect(trial.instance).toBeGreaterThanOrEqual(0);
          expect(trial.instance).toBeLessThan(options.instances);
          expect(trial.seed).toBeLessThan(options.seeds);
          const place = `${trial.configuration} ${trial.instance} ${trial.seed}`;
          const before = reached.get(place) ?? -1;
          expect(trial.rung).toBeGreaterThan(before);
          reached.set(place, trial.rung);
          spent += (options.rungs[trial.rung] as number) - (options.rungs[before] ?? 0);
          expect(spent).toBeLessThanOrEqual(options.budget + 1e-6);
          return noise(options.space, configuration, trial);
        });
        expect(tuner.spent).toBeCloseTo(spent, 9);
        const { configurations, saved } = tuner.summary();
        expect(configurations.reduce((sum, { cost }) => sum + cost, 0)).toBeCloseTo(spent, 9);
        const ranksOfPlaces = [...reached.values()];
        expect(saved).toBeCloseTo(
          ranksOfPlaces.reduce((sum, rung) => sum + 1 - (options.rungs[rung] as number), 0),
          9,
        );
      }),
      few,
    );
  });

  it("uses a budget up while there is anything to run", () => {
    for (const rungs of [[1], [1 / 9, 1 / 3, 1]]) {
      const tuner = new Tuner(optionsOf({ rungs, budget: 80 }));
      run(tuner, planted);
      expect(tuner.spent).toBeGreaterThan(79);
    }
  });

  it("runs the only configuration of a space on one block", () => {
    const space: ParameterSpace = { a: { range: { kind: "categorical", values: [1] }, default: 1 } };
    const tuner = new Tuner(optionsOf({ space, rungs: [0.5, 1] }));
    const trials = run(tuner, () => 1).batches.flat();
    expect(trials.map(({ block, rung }) => [block, rung])).toEqual([
      [0, 0],
      [0, 1],
    ]);
    expect(tuner.summary()).toMatchObject({ best: 0, spent: 1 });
  });

  it("goes on with new ones where the default beat all others", () => {
    const tuner = new Tuner(optionsOf({ budget: 60 }));
    run(tuner, (configuration) =>
      configurationKey(mixedSpace, configuration) ===
      configurationKey(mixedSpace, defaultConfiguration(mixedSpace))
        ? 1
        : 0,
    );
    expect(tuner.summary().best).toBe(0);
    expect(tuner.spent).toBeGreaterThan(50);
  });

  it("ends where a small space is run on all blocks", () => {
    const space: ParameterSpace = { a: { range: { kind: "categorical", values: [1, 2, 3] }, default: 2 } };
    const tuner = new Tuner(optionsOf({ space, instances: 2, seeds: 2, budget: 1000 }));
    run(tuner, ({ a }) => Number(a));
    expect(tuner.spent).toBeLessThanOrEqual(12);
    expect(tuner.configuration(tuner.summary().best)).toEqual({ a: 3 });
  });

  it("runs the default first, on every block that any survivor is run on in full, and never eliminates it", () => {
    fc.assert(
      fc.property(anyOptions, (options) => {
        const tuner = new Tuner(options);
        const { batches } = run(tuner, noisy(options.space));
        expect(batches[0]?.[0]?.configuration).toBe(0);
        const { best, configurations } = tuner.summary();
        const [reference] = configurations;
        expect(reference?.configuration).toEqual(defaultConfiguration(options.space));
        expect(reference?.eliminated).toBeNull();
        expect(configurations[best]?.eliminated).toBeNull();
        const places = new Set(reference?.trials.map(({ block, rung }) => `${block} ${rung}`));
        for (const { trials } of configurations)
          for (const { block, rung } of trials) expect(places).toContain(`${block} ${rung}`);
      }),
      few,
    );
  });

  it("finds a planted best configuration", () => {
    for (const rungs of [[1], [1 / 9, 1 / 3, 1]]) {
      const tuner = new Tuner(optionsOf({ rungs, budget: 150 }));
      run(tuner, planted);
      const found = tuner.configuration(tuner.summary().best);
      expect(found["mode"]).toBe("deep");
      expect(found["useRate"]).toBe(true);
      expect(Math.abs(Number(found["size"]) - 16)).toBeLessThanOrEqual(3);
      expect(Number(found["rate"])).toBeLessThan(0.15);
    }
  });

  it("finds it under noise, and whatever the scale of each instance", () => {
    const values = [1, 2, 3, 4].map((seed) => {
      const tuner = new Tuner(optionsOf({ key: rootKey(seed), budget: 150 }));
      run(
        tuner,
        (configuration, trial) =>
          (planted(configuration, trial) + 0.3 * noise(mixedSpace, configuration, trial)) *
            10 ** trial.instance +
          1000 * trial.instance,
      );
      const best = tuner.configuration(tuner.summary().best);
      return planted(best, { configuration: 0, instance: 0, seed: 0, rung: 0, block: 0 });
    });
    // The default is worth −2, the best 1.5.
    for (const value of values) expect(value).toBeGreaterThan(0.8);
  });

  it("looks at several instances before newcomers leave, at others in each iteration", () => {
    const tuner = new Tuner(optionsOf({ instances: 6, rungs: [1 / 9, 1 / 3, 1], budget: 120 }));
    run(tuner, noisy(mixedSpace));
    const firstBlocks = new Map<number, Set<number>>();
    for (const { iteration, eliminated, trials } of tuner.summary().configurations) {
      if (eliminated === null || eliminated.rung > 0) continue;
      expect(new Set(trials.map(({ block }) => block)).size).toBe(4);
      // Where all instances were had once, they come again in another order.
      expect(new Set(trials.map(({ instance }) => instance)).size).toBeGreaterThan(2);
      const blocks = firstBlocks.get(iteration) ?? new Set();
      for (const { block } of trials) blocks.add(block);
      firstBlocks.set(iteration, blocks);
    }
    const looks = new Set([...firstBlocks.values()].map((blocks) => [...blocks].join(" ")));
    expect(looks.size).toBeGreaterThan(2);
  });

  it("keeps the default where all scores are equal", () => {
    fc.assert(
      fc.property(anyOptions, fc.constantFrom(0, Number.NaN, -Infinity, Infinity), (options, score) => {
        const tuner = new Tuner(options);
        run(tuner, () => score);
        const { best, configurations } = tuner.summary();
        expect(best).toBe(0);
        expect(configurations.filter(({ eliminated }) => eliminated?.cause === "test")).toEqual([]);
      }),
      few,
    );
  });

  it("takes NaN for the worst score", () => {
    const tuner = new Tuner(optionsOf({ budget: 100 }));
    run(tuner, (configuration) => (configuration["mode"] === "deep" ? -1e300 : Number.NaN));
    expect(tuner.configuration(tuner.summary().best)["mode"]).toBe("deep");
  });

  it("tunes a single parameter", () => {
    const space: ParameterSpace = {
      x: { range: { kind: "real", from: -1, to: 1, scale: "linear" }, default: -1 },
    };
    for (const seed of [1, 2, 3, 4, 5]) {
      const tuner = new Tuner(optionsOf({ space, budget: 150, key: rootKey(seed) }));
      run(tuner, ({ x }) => -Math.abs(Number(x) - 0.3));
      expect(Math.abs(Number(tuner.configuration(tuner.summary().best)["x"]) - 0.3)).toBeLessThan(0.05);
    }
  });

  it("lets given configurations take part from the start", () => {
    const given = { size: 16, mode: "deep", useRate: true, rate: 0.03 };
    const tuner = new Tuner(optionsOf({ given: [given, given], budget: 10 }));
    expect(tuner.configuration(1)).toEqual(given);
    expect(tuner.next()?.filter(({ configuration }) => configuration === 1)).toHaveLength(1);
    run(tuner, planted);
    expect(tuner.summary().best).toBe(1);
  });

  it("answers with the default where the budget suffices for nothing else", () => {
    const tuner = new Tuner(optionsOf({ budget: 1 }));
    expect(run(tuner, planted).batches.flat()).toHaveLength(1);
    expect(tuner.summary()).toMatchObject({ best: 0, spent: 1, saved: 0 });
  });

  it("saves runs by rungs, and tells where each configuration left and why", () => {
    const tuner = new Tuner(optionsOf({ rungs: [1 / 9, 1 / 3, 1], budget: 40 }));
    run(tuner, planted);
    const { saved, spent, configurations } = tuner.summary();
    expect(saved).toBeGreaterThan(spent);
    const left = configurations.flatMap(({ eliminated }) => (eliminated === null ? [] : [eliminated]));
    expect(left.length).toBeGreaterThan(configurations.length / 2);
    for (const { cause, p } of left)
      if (cause === "test") expect(p).toBeLessThan(0.05);
      else expect(p).toBeGreaterThanOrEqual(0.05);
    expect(left.some(({ rung }) => rung === 0)).toBe(true);
  });

  it("ranks configurations by the part of the others that were better", () => {
    const tuner = new Tuner(optionsOf({ budget: 100 }));
    run(tuner, planted);
    const { best, configurations } = tuner.summary();
    for (const { meanRank } of configurations) {
      if (Number.isNaN(meanRank)) continue;
      expect(meanRank).toBeGreaterThanOrEqual(0);
      expect(meanRank).toBeLessThanOrEqual(1);
    }
    expect(configurations[best]?.meanRank).toBeLessThan(configurations[0]?.meanRank as number);
    expect(configurations[best]?.strength).toBeGreaterThan(configurations[0]?.strength as number);
  });

  it("gives batches of the size that keeps workers busy", () => {
    const tuner = new Tuner(optionsOf({ parallel: 8, budget: 200 }));
    const { batches } = run(tuner, planted);
    const trials = batches.flat().length;
    expect(trials / batches.length).toBeGreaterThan(6);
  });

  it.each([
    [{ instances: 0 }, /^instances must be an integer of at least 1; got 0\.$/],
    [{ budget: 0.5 }, /^budget must be a number of at least 1; got 0.5\.$/],
    [{ budget: Number.NaN }, /^budget must be/],
    [{ rungs: [] }, /^rungs must be fractions above 0 that rise to 1/],
    [{ rungs: [0.5, 0.5, 1] }, /^rungs must be/],
    [{ rungs: [0.5] }, /^rungs must be/],
    [{ significance: 1 }, /^significance must be between 0 and 1; got 1\.$/],
    [{ parallel: 1.5 }, /^parallel must be/],
    [{ seeds: 0 }, /^seeds must be/],
    [{ given: [{ size: 0 }] }, /^size must be/],
    [{ space: {} }, /at least one parameter/],
  ] as [Partial<TunerOptions>, RegExp][])("refuses the options %j with a clear line", (more, message) => {
    expect(() => new Tuner(optionsOf(more))).toThrow(message);
  });

  it("refuses scores that are not as many as the trials, or come after the end", () => {
    const tuner = new Tuner(optionsOf({ budget: 1 }));
    expect(() => tuner.tell([1, 2])).toThrow(/as many as the trials of the batch, 1; got 2/);
    tuner.tell([1]);
    expect(() => tuner.tell([1])).toThrow(/after the end/);
  });
});
