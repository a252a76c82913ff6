import {
  type ComparisonMeasure,
  type Configuration,
  InputError,
  measures,
  type RunRecord,
} from "../index.ts";
import { type LoadedExperiment, withParameters } from "./experiment-source.ts";
import { runBatch } from "./run-batch.ts";
import type { TuningTarget } from "./tuning-target.ts";

/**
 * Searches with settings. Runs are stored, so one that is carried on at a later rung goes on bit for bit from where it was.
 * @param experiments those that it is tuned on, and then those that the result is only shown on
 */
export function searchTarget(
  experiments: readonly LoadedExperiment[],
  options: {
    /** How many of them are tuned on. */
    readonly tunedOn: number;
    readonly measure: ComparisonMeasure | undefined;
    readonly runs: string;
    readonly workers: number;
  },
): TuningTarget {
  const batch = runBatch(options);
  const names = experiments.map(({ experiment }) => experiment.name);
  const loaded = new Map<string, LoadedExperiment | InputError>();
  /** The experiment with settings; the error where it cannot have them. */
  const withSettings = (instance: number, configuration: Configuration): LoadedExperiment | InputError => {
    const key = `${instance} ${JSON.stringify(configuration)}`;
    const known = loaded.get(key);
    if (known !== undefined) return known;
    const own = experiments[instance] as LoadedExperiment;
    let made: LoadedExperiment | InputError;
    try {
      made = withParameters(own, configuration);
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
      made = error;
    }
    loaded.set(key, made);
    return made;
  };
  return {
    instances: names.slice(0, options.tunedOn),
    validation: names.slice(options.tunedOn),
    run: async (runs, onDone, isEnded) => {
      const possible = runs.flatMap(({ configuration, instance, seed, fraction }, place) => {
        const search = withSettings(instance, configuration);
        if (search instanceof InputError) {
          onDone(place, { score: Number.NaN, failure: search.problems.join(" ") });
          return [];
        }
        const untilCandidates =
          fraction < 1 ? Math.ceil(fraction * search.budgetCandidates) : Number.POSITIVE_INFINITY;
        return [{ place, loaded: search, seed, untilCandidates }];
      });
      await batch.carryOn(
        possible,
        (k, record) => {
          const { place, loaded: search } = possible[k] as (typeof possible)[number];
          onDone(place, { score: scoreOf(record, search, options.measure), failure: "" });
        },
        isEnded,
      );
    },
    shown: options.measure === undefined ? (score) => score : measures[options.measure].shown,
    close: () => batch.close(),
  };
}

/** What a run is worth beside others of the same experiment: unless told otherwise one that reached the target more the sooner it did, else its best fitness. */
export function scoreOf(
  record: RunRecord,
  { task, budgetCandidates }: LoadedExperiment,
  measure: ComparisonMeasure | undefined,
): number {
  if (measure !== undefined) return measures[measure].of(record);
  const { solvedCandidates } = record;
  return solvedCandidates === null || task.target === null
    ? measures.best.of(record)
    : task.target + 1 - Math.min(1, solvedCandidates / (2 * budgetCandidates));
}
