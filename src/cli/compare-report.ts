import {
  type Comparison,
  conclusions,
  count,
  counted,
  type Interval,
  isDifferent,
  measures,
  moreSeeds,
} from "../index.ts";
import { printable } from "./printable.ts";
import { duration } from "./progress.ts";
import { number } from "./summary.ts";
import { textColumns } from "./text-columns.ts";

const FIRST: ReadonlySet<number> = new Set([0]);
/** A number as it is told; what is infinite is a target that was not reached. */
const told = (value: number): string => (value === Number.POSITIVE_INFINITY ? "not reached" : number(value));
const between = (interval: Interval | null): string =>
  interval === null ? "" : `${told(interval.low)} to ${told(interval.high)}`;
const percent = (share: number): string => `${(100 * share).toFixed(0)} %`;

/** A comparison for people. */
export function comparisonLines(comparison: Comparison): string[] {
  const { variants, pairs, measure } = comparison;
  const { title } = measures[measure];
  const hasTarget = variants.some(({ solved }) => solved !== null);
  const hasMap = variants.some(({ map }) => map !== null);
  const rows = variants.map((one) => [
    printable(one.name),
    String(one.runs),
    told(one.median),
    between(one.medianInterval),
    ...(hasTarget ? [`${one.solved?.count ?? 0}/${one.runs}`, rateText(one.solved)] : []),
    ...(one.map === null
      ? hasMap
        ? ["", "", "", ""]
        : []
      : [one.map.globalPerformance, one.map.globalReliability, one.map.precision, one.map.coverage].map(
          (value) => value.toFixed(2),
        )),
    count(one.medianCandidates),
    duration(one.medianSeconds),
  ]);
  const heads = [
    "",
    "runs",
    `median ${title}`,
    "95 %",
    ...(hasTarget ? ["solved", "95 %"] : []),
    ...(hasMap ? ["performance", "reliability", "precision", "coverage"] : []),
    "candidates",
    "time",
  ];
  const tests = pairs.map((pair) => [
    printable(`${variants[pair.first]?.name} / ${variants[pair.second]?.name}`),
    `${pair.a12.toFixed(2)}`,
    `${pair.a12Interval.low.toFixed(2)} to ${pair.a12Interval.high.toFixed(2)}`,
    pair.isPaired ? "signed ranks" : "rank sums",
    pair.p.toPrecision(3),
    `${pair.correctedP.toPrecision(3)}${isDifferent(pair) ? " *" : "  "}`,
  ]);
  return [
    ...textColumns([heads, ...rows], FIRST),
    "",
    ...textColumns([["", "A12", "95 %", "test", "p", "Holm  "], ...tests], FIRST),
    "",
    ...conclusions(comparison).map(printable),
  ];
}

const rateText = (solved: Comparison["variants"][number]["solved"]): string =>
  solved === null ? "" : `${percent(solved.interval.low)} to ${percent(solved.interval.high)}`;

/** A comparison as one object of JSON; what is infinite is null. */
export function comparisonObject(comparison: Comparison): object {
  const { variants, pairs, measure } = comparison;
  return {
    measure,
    variants,
    pairs: pairs.map((pair) => ({
      first: variants[pair.first]?.name,
      second: variants[pair.second]?.name,
      seeds: pair.count,
      isPaired: pair.isPaired,
      a12: pair.a12,
      a12Interval: pair.a12Interval,
      p: pair.p,
      isExact: pair.isExact,
      correctedP: pair.correctedP,
      isDifferent: isDifferent(pair),
      moreSeeds: Number.isFinite(pair.neededSeeds) ? moreSeeds(pair.count, pair.neededSeeds) : null,
    })),
    conclusions: conclusions(comparison),
  };
}

/** What is said before runs begin. */
export const planText = (variants: number, seeds: number, runs: number): string =>
  `${counted(variants, "variant")}, ${counted(seeds, "seed")}: ${counted(runs, "run")}`;
