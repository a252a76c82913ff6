import {
  type Configuration,
  configurationKey,
  defaultConfiguration,
  median,
  type ParameterSpace,
  parameterNames,
  RandomStream,
  rootKey,
  sampleConfiguration,
  Tuner,
  unitsOf,
} from "../src/index.ts";
import type { BenchmarkRecord } from "./benchmark-record.ts";

const EVALUATIONS = 500;
const INSTANCES = 10;
/** Noise of one evaluation, of the range of typical values. */
const NOISE = 0.1;
/** Of random search with a second look: configurations that are run again, and how often each. */
const AGAIN = 20;
const AGAIN_RUNS = 10;

/** Parameters of all kinds, as an evolutionary search has them. */
export const targetSpace: ParameterSpace = {
  mutationRate: { range: { kind: "real", from: 0, to: 1, scale: "linear" }, default: 0.5 },
  crossoverRate: { range: { kind: "real", from: 0, to: 1, scale: "linear" }, default: 0.5 },
  temperature: { range: { kind: "real", from: 1e-4, to: 10, scale: "log" }, default: 0.1 },
  islands: { range: { kind: "integer", from: 1, to: 64, scale: "log" }, default: 4 },
  epochs: { range: { kind: "integer", from: 1, to: 20, scale: "linear" }, default: 10 },
  selector: {
    range: { kind: "categorical", values: ["uniform", "tournament", "lexicase", "rank"] },
    default: "uniform",
  },
  tournamentSize: {
    range: { kind: "integer", from: 2, to: 12, scale: "linear" },
    default: 4,
    condition: { parameter: "selector", values: ["tournament"] },
  },
  fitting: { range: { kind: "categorical", values: [false, true] }, default: false },
  fittingSteps: {
    range: { kind: "integer", from: 1, to: 1000, scale: "log" },
    default: 30,
    condition: { parameter: "fitting", values: [true] },
  },
  fittingRate: {
    range: { kind: "real", from: 1e-3, to: 1, scale: "log" },
    default: 0.03,
    condition: { parameter: "fitting", values: [true] },
  },
};

/** A function of configurations whose best value, 0, is known. */
export interface Target {
  /** Without noise; at most 0. */
  readonly value: (configuration: Configuration) => number;
  /** With noise, which is the same for the same arguments. */
  readonly score: (configuration: Configuration, instance: number, seed: number) => number;
}

/**
 * A target drawn from a seed: every number has a best place and a weight, some places depend on the category or on another number, and categories
 * have values of their own.
 */
export function targetOf(seed: number): Target {
  const random = new RandomStream().derive(rootKey(`tuner target ${seed}`), 0, 0, 0);
  const names = parameterNames(targetSpace);
  const places = names.map(() => 0.1 + 0.8 * random.uniform());
  const weights = names.map(() => 0.3 + 2.7 * random.uniform() ** 2);
  const partners = names.map(() => random.below(names.length));
  const couplings = names.map(() => (random.chance(0.5) ? 0 : 1.2 * (random.uniform() - 0.5)));
  const selectors = ["uniform", "tournament", "lexicase", "rank"].map(() => 0.5 * random.uniform());
  selectors[random.below(4)] = 0;
  const shifts = selectors.map((loss) => (loss === 0 ? 0 : 0.4 * (random.uniform() - 0.5)));
  const [withFitting, withoutFitting] = random.chance(0.7) ? [0, 0.4] : [0.2, 0];
  const shifted = random.below(names.length);
  const value = (configuration: Configuration): number => {
    const units = unitsOf(targetSpace, configuration);
    const selector = ["uniform", "tournament", "lexicase", "rank"].indexOf(String(configuration["selector"]));
    let loss = selectors[selector] as number;
    loss += configuration["fitting"] === true ? withFitting : withoutFitting;
    names.forEach((name, k) => {
      if (targetSpace[name]?.range.kind === "categorical" || !Object.hasOwn(configuration, name)) return;
      const partner = partners[k] as number;
      const isCoupled = partner !== k && targetSpace[names[partner] as string]?.range.kind !== "categorical";
      let best = places[k] as number;
      if (isCoupled)
        best += (couplings[k] as number) * ((units[partner] as number) - (places[partner] as number));
      if (k === shifted) best += shifts[selector] as number;
      best = Math.max(0, Math.min(1, best));
      const distance = ((units[k] as number) - best) ** 2;
      // Flat far away, as real parameters are.
      loss += ((weights[k] as number) * distance) / (distance + 0.15);
    });
    return -loss;
  };
  const noise = NOISE * typicalRange(value, random);
  return {
    value,
    score: (configuration, instance, run) => {
      const key = rootKey(`${seed} ${configurationKey(targetSpace, configuration)}`);
      return value(configuration) + noise * random.derive(key, instance, run, 0).bell();
    },
  };
}

/** Between the 5th and the 95th of a hundred equal parts of what random configurations are worth. */
function typicalRange(value: Target["value"], random: RandomStream): number {
  const values = Array.from({ length: 1000 }, () => value(sampleConfiguration(targetSpace, random)));
  values.sort((p, q) => p - q);
  return (values[949] as number) - (values[50] as number);
}

/** The configuration that the tuner returns. */
function tuned(target: Target, seed: number, evaluations = EVALUATIONS): Configuration {
  const tuner = new Tuner({
    space: targetSpace,
    instances: INSTANCES,
    budget: evaluations,
    key: rootKey(`tuner ${seed}`),
  });
  for (let batch = tuner.next(); batch !== null; batch = tuner.next())
    tuner.tell(
      batch.map(({ configuration, instance, seed: run }) =>
        target.score(tuner.configuration(configuration), instance, run),
      ),
    );
  return tuner.configuration(tuner.summary().best);
}

/** The best of random configurations that were run once each, of which the best were run again so often. */
function randomSearch(
  target: Target,
  seed: number,
  again: number,
  runs: number,
  evaluations = EVALUATIONS,
): Configuration {
  const random = new RandomStream().derive(rootKey(`random search ${seed}`), 0, 0, 0);
  const scored = Array.from({ length: evaluations - again * runs }, () => {
    const configuration = sampleConfiguration(targetSpace, random);
    return { configuration, score: target.score(configuration, 0, 0) };
  }).sort((p, q) => q.score - p.score);
  if (again === 0) return (scored[0] as (typeof scored)[number]).configuration;
  const looked = scored.slice(0, again).map(({ configuration, score }) => {
    let sum = score;
    for (let run = 1; run <= runs; run++)
      sum += target.score(configuration, run % INSTANCES, Math.floor(run / INSTANCES));
    return { configuration, score: sum };
  });
  return (looked.sort((p, q) => q.score - p.score)[0] as (typeof looked)[number]).configuration;
}

/**
 * Targets of ten parameters of all kinds with noise, at 500 evaluations each: what the configuration that the tuner returns is worth without noise,
 * against random search that looks once at each configuration, or again at the best.
 */
export async function* tunerBenchmark(seeds: number): AsyncGenerator<BenchmarkRecord> {
  const found = Array.from({ length: seeds }, (_, k) => {
    const target = targetOf(k + 1);
    return {
      default: target.value(defaultConfiguration(targetSpace)),
      tuner: target.value(tuned(target, k + 1)),
      once: target.value(randomSearch(target, k + 1, 0, 0)),
      again: target.value(randomSearch(target, k + 1, AGAIN, AGAIN_RUNS)),
    };
  });
  for (const [k, { tuner, once, again, default: value }] of found.entries())
    yield { type: "target", seed: k + 1, default: value, tuner, once, again };
  yield {
    type: "all",
    evaluations: EVALUATIONS,
    seeds,
    default: median(found.map((one) => one.default)),
    tuner: median(found.map(({ tuner }) => tuner)),
    once: median(found.map(({ once }) => once)),
    again: median(found.map(({ again }) => again)),
    winsOverOnce: found.filter(({ tuner, once }) => tuner > once).length,
    winsOverAgain: found.filter(({ tuner, again }) => tuner > again).length,
  };
}
