import { bootstrapIntervals } from "../statistics/bootstrap.ts";
import { median } from "../statistics/median.ts";
import { digestOf } from "../digest.ts";
import { rootKey } from "../random-stream.ts";
import type { CurvePoint, RunRecord } from "./run-record.ts";

/** A figure of several runs after some candidates: its median, and between what it is with 95 % confidence. */
export interface BandPoint {
  readonly candidates: number;
  readonly median: number;
  readonly low: number;
  readonly high: number;
}

const MOST_POINTS = 60;

/** The numbers of candidates at which curves of runs are compared: evenly spread up to the last of their ends. */
export function candidateGrid(runs: readonly RunRecord[]): number[] {
  const first = Math.max(...runs.map(({ curve }) => curve[0]?.candidates ?? 0));
  const last = Math.max(...runs.map(({ curve }) => curve.at(-1)?.candidates ?? 0));
  const longest = Math.max(...runs.map(({ curve }) => curve.length));
  const steps = Math.max(1, Math.min(MOST_POINTS, longest) - 1);
  if (last <= first) return [Math.max(first, last)];
  return Array.from({ length: steps + 1 }, (_, k) => Math.round(first + ((last - first) * k) / steps));
}

/**
 * The median of a figure over runs, with a bootstrap interval over the runs, at some numbers of candidates. A run that has ended keeps what it had.
 * @param runs at least one
 */
export function anytimeCurve(
  runs: readonly RunRecord[],
  figure: keyof Pick<CurvePoint, "bestFitness" | "qdScore" | "coverage">,
  grid: readonly number[],
): BandPoint[] {
  const values = runs.map(({ curve }) => grid.map((candidates) => valueAt(curve, figure, candidates)));
  const medians = (members: Iterable<number>): number[] => {
    const drawn = [...members].map((k) => values[k] as number[]);
    return grid.map((_, point) => median(drawn.map((one) => one[point] as number)));
  };
  const key = rootKey(digestOf(JSON.stringify(values)));
  const bands = bootstrapIntervals(runs.length, medians, key);
  return medians(runs.keys()).map((middle, k) => ({
    candidates: grid[k] as number,
    median: middle,
    low: bands[k]?.low as number,
    high: bands[k]?.high as number,
  }));
}

/** What a run had after some candidates: what it is known to have had before. */
function valueAt(
  curve: readonly CurvePoint[],
  figure: "bestFitness" | "qdScore" | "coverage",
  candidates: number,
): number {
  let value = Number.NEGATIVE_INFINITY;
  for (const point of curve) {
    if (point.candidates > candidates) break;
    value = point[figure];
  }
  return value;
}
