import type { Axis } from "../archive/cell-space.ts";
import { binOf } from "../archive/grid.ts";
import type { Task } from "../task.ts";
import { figure, type Finding, percent, quantile } from "./finding.ts";

/** Descriptors of candidates, and of the elites of a map: row × axis. */
export interface SampledDescriptors {
  readonly candidates: Float64Array;
  readonly elites: Float64Array;
}

const LOOK_CANDIDATES_OUTSIDE = 0.5;
const LOOK_ELITES_OUTSIDE = 0.25;
const BAD_CANDIDATES_OUTSIDE = 0.9;
const BAD_ELITES_OUTSIDE = 0.6;
const LOOK_EMPTY_BINS = 0.5;
const LOOK_CORRELATION = 0.98;
const LOOK_ONE_CELL = 0.9;
const BAD_ONE_CELL = 0.99;
/** Fewer descriptors say nothing about ranges. */
const MINIMUM_SAMPLE = 20;
/** Integers of a narrower range get a bin each. */
const MAXIMUM_UNIT_BINS = 64;

/** How one axis is used. Shares in [0, 1]. */
export interface AxisUse {
  readonly below: number;
  readonly above: number;
  readonly elitesBelow: number;
  readonly elitesAbove: number;
  /** Bins that no candidate and no elite reached. */
  readonly emptyBins: readonly number[];
  readonly distinct: number;
  /** Share of the candidates in the fullest bin. */
  readonly fullestBin: number;
  /** All values, ascending. */
  readonly sorted: Float64Array;
}

/** A bin for each whole number, as `[from, to]` gives: there the upper end itself lies outside. */
const isUnit = (axis: Axis): boolean => axis.bins === axis.to - axis.from;

const columnOf = (rows: Float64Array, width: number, k: number): Float64Array =>
  Float64Array.from({ length: rows.length / width }, (_, i) => rows[i * width + k] as number);

/** How candidates and elites use an axis. */
export function axisUse(axis: Axis, candidates: Float64Array, elites: Float64Array): AxisUse {
  const shareOf = (values: Float64Array, is: (value: number) => boolean): number =>
    values.length === 0 ? 0 : values.reduce((n, v) => n + Number(is(v)), 0) / values.length;
  const isBelow = (v: number): boolean => v < axis.from;
  const isAbove = (v: number): boolean => v > axis.to || (v === axis.to && isUnit(axis));
  const used = new Int32Array(axis.bins);
  for (const v of candidates) used[binOf(axis, v)] = (used[binOf(axis, v)] as number) + 1;
  const fullestBin = candidates.length === 0 ? 0 : Math.max(...used) / candidates.length;
  for (const v of elites) used[binOf(axis, v)] = (used[binOf(axis, v)] as number) + 1;
  const sorted = new Float64Array([...candidates, ...elites]).sort();
  return {
    below: shareOf(candidates, isBelow),
    above: shareOf(candidates, isAbove),
    elitesBelow: shareOf(elites, isBelow),
    elitesAbove: shareOf(elites, isAbove),
    emptyBins: [...used.keys()].filter((bin) => used[bin] === 0),
    distinct: new Set(sorted).size,
    fullestBin,
    sorted,
  };
}

/** A range that the middle 98 % of the values fill, as it is written in an experiment. */
export function suggestedRange(sorted: Float64Array, bins: number): string {
  const from = quantile(sorted, 0.01);
  const to = quantile(sorted, 0.99);
  if (sorted.every((v) => Number.isInteger(v))) {
    if (to - from < MAXIMUM_UNIT_BINS) return `[${from}, ${to}]`;
    const step = Math.ceil((to - from + 1) / Math.max(bins, 10));
    const count = Math.ceil((to - from + 1) / step);
    return `{ from: ${from}, to: ${from + step * count}, bins: ${count} }`;
  }
  const inside = (v: number): string => String(Number(v.toPrecision(2)));
  return `{ from: ${inside(from)}, to: ${inside(to === from ? (sorted.at(-1) ?? to) : to)}, bins: ${Math.max(bins, 10)} }`;
}

/** Correlation of two coordinates (Pearson 1895), in [−1, 1]; 0 where one is constant or not finite. */
export function correlation(a: Float64Array, b: Float64Array): number {
  const mean = (values: Float64Array): number => values.reduce((s, v) => s + v, 0) / values.length;
  const [ma, mb] = [mean(a), mean(b)];
  let ab = 0;
  let aa = 0;
  let bb = 0;
  for (let i = 0; i < a.length; i++) {
    const [x, y] = [(a[i] as number) - ma, (b[i] as number) - mb];
    ab += x * y;
    aa += x * x;
    bb += y * y;
  }
  const r = ab / (Math.sqrt(aa) * Math.sqrt(bb));
  return Number.isFinite(r) ? r : 0;
}

/**
 * Whether the map's axes tell programs apart: ranges that are left, bins that stay empty, axes that are constant or twice
 * the same, everything in one cell.
 */
export function checkDescriptors(task: Task, sampled: SampledDescriptors): Finding[] {
  const { axes, space } = task;
  const width = axes.length;
  const sample = sampled.candidates.length / width;
  if (sample < MINIMUM_SAMPLE)
    return [
      {
        check: "descriptor",
        verdict: "look",
        message: `only ${sample} candidates could be described: too few to say how the map will fill`,
        advice: "",
        figures: { candidates: sample },
      },
    ];
  const findings: Finding[] = [];
  const columns = axes.map((_, k) => columnOf(sampled.candidates, width, k));
  const eliteColumns = axes.map((_, k) => columnOf(sampled.elites, width, k));
  const uses = axes.map((axis, k) =>
    axisUse(axis, columns[k] as Float64Array, eliteColumns[k] as Float64Array),
  );
  axes.forEach((axis, k) => findings.push(...findingsOfAxis(task, axis, k, uses[k] as AxisUse)));

  for (let a = 0; a < width; a++)
    for (let b = a + 1; b < width; b++) {
      const r = correlation(columns[a] as Float64Array, columns[b] as Float64Array);
      if (Math.abs(r) < LOOK_CORRELATION) continue;
      findings.push({
        check: "descriptor",
        verdict: "look",
        message: `axes ${axes[a]?.name} and ${axes[b]?.name} say nearly the same (correlation ${figure(r)}), so most cells stay empty`,
        advice: "Replace one by something that useful programs differ in otherwise, or give it few bins.",
        figures: { axes: `${axes[a]?.name}, ${axes[b]?.name}`, correlation: r },
      });
    }

  const counts = new Map<number, number>();
  for (let i = 0; i < sample; i++) {
    const cell = space.cellOf(sampled.candidates.subarray(i * width, (i + 1) * width));
    counts.set(cell, (counts.get(cell) ?? 0) + 1);
  }
  const fullest = Math.max(...counts.values()) / sample;
  const elites = sampled.elites.length / width;
  const figures = {
    candidates: sample,
    cells: space.cellCount,
    cellsReached: elites,
    shareInFullestCell: fullest,
  };
  if (space.cellCount > 1 && fullest >= LOOK_ONE_CELL)
    findings.push({
      check: "descriptor",
      verdict: fullest >= BAD_ONE_CELL ? "bad" : "look",
      message: `${percent(fullest)} of the candidates fall into one cell of ${figure(space.cellCount)}`,
      advice: "Choose axes and ranges in which programs differ; the findings on each axis suggest some.",
      figures,
    });
  if (findings.length === 0)
    findings.push({
      check: "descriptor",
      verdict: "ok",
      message: `${figure(sample)} candidates spread over ${counts.size} cells, elites in ${figure(elites)} of ${figure(space.cellCount)}; no axis saturated, constant or twice the same`,
      advice: "",
      figures,
    });
  return findings;
}

function findingsOfAxis(task: Task, axis: Axis, k: number, use: AxisUse): Finding[] {
  const findings: Finding[] = [];
  const { sorted } = use;
  const lowest = sorted[0] as number;
  const highest = sorted.at(-1) as number;
  // With a CVT the bins of an axis mean nothing.
  const bins = task.space.kind === "cvt" ? 10 : axis.bins;
  const figures = {
    axis: axis.name,
    below: use.below,
    above: use.above,
    elitesBelow: use.elitesBelow,
    elitesAbove: use.elitesAbove,
    emptyBins: use.emptyBins.length,
    bins: axis.bins,
    lowest,
    highest,
  };
  const tell = (verdict: "look" | "bad", message: string, advice: string): void => {
    findings.push({
      check: "descriptor",
      verdict,
      message: `axis ${axis.name}: ${message}`,
      advice,
      figures,
    });
  };
  if (use.distinct === 1) {
    tell(
      "bad",
      `every program gives ${figure(lowest)}, so it tells none apart`,
      "Replace the axis by something in which programs differ.",
    );
    return findings;
  }
  const use98 = `${axis.name}: ${suggestedRange(sorted, bins)}`;
  const outside = use.below + use.above;
  const elitesOutside = use.elitesBelow + use.elitesAbove;
  if (outside >= LOOK_CANDIDATES_OUTSIDE || elitesOutside >= LOOK_ELITES_OUTSIDE) {
    const side =
      use.below + use.elitesBelow === 0
        ? `above ${figure(axis.to)}, in the last bin`
        : use.above + use.elitesAbove === 0
          ? `below ${figure(axis.from)}, in the first bin`
          : `outside ${figure(axis.from)} to ${figure(axis.to)}, in the first and last bin`;
    tell(
      outside >= BAD_CANDIDATES_OUTSIDE || elitesOutside >= BAD_ELITES_OUTSIDE ? "bad" : "look",
      `saturated: ${percent(outside)} of candidates and ${percent(elitesOutside)} of elites lie ${side}`,
      `Write ${use98}, which holds 98 % of what was seen.`,
    );
    return findings;
  }
  if (task.space.kind === "cvt" || axis.bins === 1) return findings;
  if (use.fullestBin >= BAD_ONE_CELL) {
    tell(
      "bad",
      `${percent(use.fullestBin)} of the candidates fall into one of its ${axis.bins} bins (values ${figure(lowest)} to ${figure(highest)})`,
      `Write ${use98}, which holds 98 % of what was seen.`,
    );
    return findings;
  }
  // Bins above the best are what the search is for.
  const coordinate = task.coordinates[k];
  const isGoal =
    coordinate?.kind === "fitness" || (coordinate?.kind === "behaviour" && coordinate.isPassed === true);
  const top = binOf(axis, highest);
  const empty = isGoal ? use.emptyBins.filter((bin) => bin < top) : use.emptyBins;
  if (empty.length > LOOK_EMPTY_BINS * axis.bins)
    tell(
      "look",
      `${empty.length} of its ${axis.bins} bins stayed empty (values ${figure(lowest)} to ${figure(highest)})`,
      `If nothing useful lies there, write ${use98}.`,
    );
  return findings;
}
