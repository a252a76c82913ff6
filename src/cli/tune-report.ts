import {
  cellPicture,
  type Configuration,
  count,
  counted,
  escapedText,
  type Importance,
  type Interval,
  type Landscape,
  type ParameterSpace,
  type TuningRow,
  type TuningSummary,
} from "../index.ts";
import { textColumns } from "./text-columns.ts";
import { printable } from "./printable.ts";
import { number } from "./summary.ts";

const SHOWN_ROWS = 10;

/** The best configuration against the default on one instance, with seeds that the tuning has not seen. */
export interface Evidence {
  readonly instance: string;
  /** Whether it was tuned on. */
  readonly isTuned: boolean;
  readonly seeds: number;
  readonly bestMedian: number;
  readonly defaultMedian: number;
  /** Chance that the best is better. */
  readonly a12: number;
  readonly a12Interval: Interval;
  readonly p: number;
  readonly correctedP: number;
}

/** What came of a tuning. */
export interface TuningResult {
  readonly name: string;
  readonly space: ParameterSpace;
  readonly summary: TuningSummary;
  readonly importance: readonly Importance[];
  readonly evidence: readonly Evidence[];
  readonly landscape: Landscape | null;
  /** How runs failed, and how often. */
  readonly failures: readonly { readonly failure: string; readonly count: number }[];
  /** Candidates of a full run; null of a command, which has runs alone. */
  readonly runCandidates: number | null;
}

/** The values that differ from the default's. */
export function changesOf(configuration: Configuration, usual: Configuration): Configuration {
  return Object.fromEntries(Object.entries(configuration).filter(([name, value]) => usual[name] !== value));
}

const settingText = (configuration: Configuration): string =>
  Object.entries(configuration)
    .map(([name, value]) => `${name}=${typeof value === "number" ? number(value) : String(value)}`)
    .join(",") || "as it is";

const rowsOf = ({ summary }: TuningResult): readonly TuningRow[] => {
  const { best, configurations } = summary;
  const rank = (row: TuningRow): number => (row.id === best ? Number.POSITIVE_INFINITY : row.strength);
  const run = configurations.filter(({ id, trials }) => id === 0 || trials.length > 0);
  const sorted = run.toSorted((p, q) => rank(q) - rank(p) || p.id - q.id);
  const first = sorted.slice(0, SHOWN_ROWS);
  return first.some(({ id }) => id === 0) ? first : [...first, configurations[0] as TuningRow];
};

const fate = ({ id, eliminated }: TuningRow, best: number): string => {
  if (id === best) return "best";
  if (id === 0) return "default";
  if (eliminated === null) return "survived";
  const { cause, iteration, blocks, p } = eliminated;
  return cause === "test"
    ? `worse, p ${p.toPrecision(2)}, iteration ${iteration + 1}`
    : `halved, iteration ${iteration + 1}, ${counted(blocks, "run")}`;
};

const amount = (runs: number, runCandidates: number | null): string =>
  runCandidates === null ? counted(runs, "run") : counted(runs * runCandidates, "candidate");

/** A tuning for people. */
export function tuningLines(result: TuningResult): string[] {
  const { summary, importance, evidence, failures, runCandidates } = result;
  const usual = summary.configurations[0]?.configuration ?? {};
  const best = summary.configurations[summary.best] as TuningRow;
  const table = rowsOf(result).map((row) => [
    String(row.id),
    row.trials.length === 0 ? "" : row.meanRank.toFixed(2),
    String(row.trials.length),
    fate(row, summary.best),
    printable(settingText(changesOf(row.configuration, usual))),
  ]);
  return [
    `best         ${printable(settingText(changesOf(best.configuration, usual)))}`,
    `tried        ${counted(summary.configurations.filter(({ trials }) => trials.length > 0).length, "configuration")}, ${amount(summary.spent, runCandidates)}; halving saved ${amount(summary.saved, runCandidates)}`,
    ...failures.map((one) => `failed       ${counted(one.count, "run")}: ${printable(one.failure)}`),
    "",
    ...textColumns([["", "mean rank", "trials", "", "settings"], ...table], new Set([0, 3, 4])),
    "",
    ...textColumns(
      [
        ["parameter", "share"],
        ...importance.map(({ name, share }) => [name, `${(100 * share).toFixed(0)} %`]),
      ],
      new Set([0]),
    ),
    ...(evidence.length === 0
      ? []
      : [
          "",
          ...textColumns(
            [
              ["fresh seeds", "seeds", "best", "default", "A12", "95 %", "p", "Holm"],
              ...evidence.map((one) => [
                `${printable(one.instance)}${one.isTuned ? "" : ", not tuned on"}`,
                String(one.seeds),
                number(one.bestMedian),
                number(one.defaultMedian),
                one.a12.toFixed(2),
                `${one.a12Interval.low.toFixed(2)} to ${one.a12Interval.high.toFixed(2)}`,
                one.p.toPrecision(2),
                one.correctedP.toPrecision(2),
              ]),
            ],
            new Set([0]),
          ),
        ]),
  ];
}

/** A tuning as one object of JSON; what is infinite or none is null. */
export function tuningObject(result: TuningResult): unknown {
  const { name, space, summary, importance, evidence, failures, runCandidates } = result;
  const { best, configurations, spent, saved } = summary;
  return {
    name,
    best: configurations[best]?.configuration,
    bestId: best,
    spentRuns: spent,
    savedRuns: saved,
    runCandidates,
    importance,
    evidence,
    failures,
    space,
    configurations: configurations.map((row) => ({
      id: row.id,
      configuration: row.configuration,
      iteration: row.iteration,
      trials: row.trials.length,
      cost: row.cost,
      meanRank: row.meanRank,
      strength: row.strength,
      eliminated: row.eliminated,
    })),
  };
}

/** The best configurations over the two parameters that matter most, as an SVG. */
export const landscapePicture = ({ name, summary }: TuningResult, landscape: Landscape): string => {
  const { across, upwards, cells } = landscape;
  const usual = summary.configurations[0]?.configuration ?? {};
  return cellPicture({
    title: `${name}: strength of the best settings`,
    xLabel: across.parameter,
    yLabel: upwards.parameter,
    xLabels: across.labels,
    yLabels: upwards.labels,
    marked: cells.findIndex((cell) => cell?.configuration === summary.best),
    cells: cells.map((cell) =>
      cell === null
        ? null
        : {
            value: cell.strength,
            title: `${settingText(changesOf(summary.configurations[cell.configuration]?.configuration ?? {}, usual))}: ${cell.strength.toFixed(2)}`,
          },
    ),
  });
};

/** A part of a page: what was found, with the map of it. */
export function tuningFragment(result: TuningResult, picture: string | null): string {
  const lines = tuningLines(result).map(escapedText).join("\n");
  return [
    `<section class="illume-tuning">`,
    `<h2>Tuning of ${escapedText(result.name)}</h2>`,
    `<pre>${lines}</pre>`,
    ...(picture === null ? [] : [`<figure>${picture.trimEnd()}</figure>`]),
    "</section>",
    "",
  ].join("\n");
}

/** What is said when a tuning begins. */
export const tuningPlan = (name: string, parameters: number, runs: number, instances: number): string =>
  `${name}: ${counted(parameters, "parameter")} on ${counted(instances, "instance")}, ${count(runs)} full runs at most`;
