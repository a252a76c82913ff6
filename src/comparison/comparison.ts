import { InputError } from "../../dsl/index.ts";
import type { Interval } from "../statistics/interval.ts";
import { median, medianInterval } from "../statistics/median.ts";
import { wilsonInterval } from "../statistics/proportion-interval.ts";
import { anytimeCurve, type BandPoint, candidateGrid } from "./anytime-curve.ts";
import { bestMap, type MapMeasures, mapMeasures } from "./map-measures.ts";
import { type MeasureName, measures, usualMeasure } from "./measure.ts";
import { comparePairs, type PairComparison, type Variant } from "./pair-comparison.ts";
import { endOf, type RunRecord } from "./run-record.ts";

/** What can be said of one variant. */
export interface VariantSummary {
  readonly name: string;
  readonly isControl: boolean;
  readonly runs: number;
  /** As the measure is told. */
  readonly values: readonly number[];
  readonly median: number;
  /** 95 %; null below six runs. */
  readonly medianInterval: Interval | null;
  /** Runs that reached the target; null where there is none. */
  readonly solved: { readonly count: number; readonly interval: Interval } | null;
  /** Medians over the runs; null where maps are not of the same cells. */
  readonly map: MapMeasures | null;
  readonly medianCandidates: number;
  readonly medianEvaluations: number;
  readonly medianSeconds: number;
  readonly curve: readonly BandPoint[];
}

export interface Comparison {
  readonly measure: MeasureName;
  readonly variants: readonly VariantSummary[];
  readonly pairs: readonly PairComparison[];
}

export interface CompareOptions {
  /** Unless told, that which tells most. */
  readonly measure?: MeasureName | undefined;
  /** Whether the experiment has a target. */
  readonly hasTarget: boolean;
  /** Fitness that counts as nothing; null where maps are not of the same cells. */
  readonly offset: number | null;
}

/**
 * Holds variants of a search against each other. Where two have the same seeds their runs are paired (signed ranks), otherwise not (rank sums).
 * @param variants at least two, each with runs; controls last
 * @throws InputError where a variant has no runs
 */
export function compareVariants(variants: readonly Variant[], options: CompareOptions): Comparison {
  for (const { name, runs } of variants)
    if (runs.length === 0) throw new InputError(`${name} must have runs to be compared; it has none.`);
  const all = variants.flatMap(({ runs }) => runs);
  const measure = options.measure ?? usualMeasure(all);
  const { of, shown } = measures[measure];
  const grid = candidateGrid(all);
  const maps = all.flatMap(({ cells }) => cells ?? []);
  const best = options.offset === null || maps.length < all.length ? null : bestMap(maps);
  const summaries = variants.map(({ name, isControl, runs }): VariantSummary => {
    const values = runs.map((run) => shown(of(run)));
    const solved = runs.filter(({ solvedCandidates }) => solvedCandidates !== null).length;
    return {
      name,
      isControl,
      runs: runs.length,
      values,
      median: median(values),
      medianInterval: medianInterval(values),
      solved: options.hasTarget ? { count: solved, interval: wilsonInterval(solved, runs.length) } : null,
      map: best === null ? null : medianMeasures(runs, best, options.offset as number),
      medianCandidates: median(runs.map((run) => endOf(run).candidates)),
      medianEvaluations: median(runs.map(({ evaluations }) => evaluations)),
      medianSeconds: median(runs.map((run) => endOf(run).seconds)),
      curve: anytimeCurve(runs, "bestFitness", grid),
    };
  });
  return {
    measure,
    variants: summaries,
    pairs: comparePairs(variants, of),
  };
}

function medianMeasures(
  runs: readonly RunRecord[],
  best: ReadonlyMap<number, number>,
  offset: number,
): MapMeasures {
  const each = runs.flatMap(({ cells }) => (cells === null ? [] : [mapMeasures(cells, best, offset)]));
  const middle = (name: keyof MapMeasures): number => median(each.map((one) => one[name]));
  return {
    globalPerformance: middle("globalPerformance"),
    globalReliability: middle("globalReliability"),
    precision: middle("precision"),
    coverage: middle("coverage"),
  };
}
