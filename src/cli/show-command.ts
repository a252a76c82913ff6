import {
  type Archive,
  championOf,
  costOf,
  type Individual,
  InputError,
  paretoFront,
  type RunConfig,
  type Task,
  valueToJson,
} from "../index.ts";
import { approximationLines, approximationReport, timedReport } from "./approximation-report.ts";
import { behaviourLines, behaviourRecord } from "./behaviour.ts";
import { binsOf, cellNumber } from "./cell-name.ts";
import { eliteOfOperations } from "./elite-choice.ts";
import { printable } from "./printable.ts";
import type { CodeChoice } from "./run-code.ts";
import { printFindings, storedArchive } from "./run-command.ts";
import { openShownRun, type ShownRun } from "./run-session.ts";
import { shellWord } from "./shell-word.ts";
import type { ShownTask } from "./shown-task.ts";
import { describe, number, quarantineOf, summarise, summaryLines } from "./summary.ts";

/** illume show: the map, one cell, the champion or the best of so many operations, the front of size against fitness, or the quarantine. */
export async function showCommand(args: {
  readonly run: string;
  readonly runs: string;
  readonly champion: boolean;
  readonly pareto: boolean;
  readonly time: boolean;
  readonly quarantine: boolean;
  readonly cell: string | undefined;
  readonly operations: number | undefined;
  readonly code: CodeChoice;
  readonly json: boolean;
}): Promise<number> {
  const run = await openShownRun(args.run, args.runs, args.code);
  const { shown, store } = run;
  const archive = storedArchive({ task: shown, store });
  // What is shown is one state, with the figures of its own epoch.
  const latest = store.stateMetrics;
  const state = store.state;
  await run.close();
  if (latest === null)
    throw new InputError(
      store.latest === null
        ? `run ${run.name} must have a finished epoch; it has none yet. illume resume ${shellWord(run.name)}`
        : `run ${run.name} must have a state that can be read. What is lost is computed again: illume resume ${shellWord(run.name)}`,
    );
  const without = run.withoutCode === null ? [] : withoutCodeLines(shown, run.withoutCode);
  const say = (value: unknown, lines: readonly string[]): void => {
    process.stdout.write(
      args.json ? `${printable(valueToJson(value))}\n` : `${[...lines, ...without].join("\n")}\n`,
    );
  };
  if (args.cell !== undefined) {
    const cell = cellNumber(shown, args.cell);
    const elite = archive.elite(cell);
    say(
      elite === undefined ? null : eliteRecord(run, elite, cell),
      elite === undefined ? ["this cell is empty"] : eliteLines(run, elite),
    );
  } else if (args.champion || args.operations !== undefined) {
    const best =
      args.operations === undefined
        ? championOf(archive, shown.target)
        : eliteOfOperations(shown, archive, args.operations);
    say(
      best === undefined ? null : eliteRecord(run, best, cellOf(archive, best)),
      best === undefined ? ["nothing found yet"] : eliteLines(run, best),
    );
  } else if (args.pareto) {
    const approximates = run.task?.approximates ?? null;
    if (approximates !== null && archive.count > 0) {
      const measured = approximationReport(shown as Task, approximates, archive);
      const report = args.time ? await timedReport((shown as Task).grammar, measured) : measured;
      say({ pareto: report.found, baselines: report.baselines }, approximationLines(report));
      return 0;
    }
    const front = paretoFront(archive, costOf(shown.axes)).map((elite) => describe(shown, elite));
    say(front, [
      "size  operations  fitness     program",
      ...front.map(
        (e) =>
          `${String(e.size).padStart(4)}  ${String(e.operations).padStart(10)}  ${number(e.fitness).padEnd(10)}  ${printable(e.program)}`,
      ),
    ]);
  } else if (args.quarantine) {
    const entries = quarantineOf(shown, state);
    say(entries, [
      ...(entries.length === 0
        ? ["nothing is in quarantine"]
        : ["island  epoch  candidate  reason      program"]),
      ...entries.map(
        (e) =>
          `${String(e.island).padStart(6)}  ${String(e.epoch).padStart(5)}  ${String(e.candidate).padStart(9)}  ${e.reason.padEnd(10)}  ${printable(e.program)}`,
      ),
    ]);
  } else {
    const summary = summarise(
      shown,
      { name: run.name, workers: 0, ...latest },
      { archive, counters: latest.counters, epochs: latest.epoch + 1, stop: latest.stop },
      state,
    );
    if (!args.json) printFindings(shown, archive);
    say({ ...summary, origin: run.config.origin ?? null }, [
      ...summaryLines(summary).filter((line) => !line.startsWith("speed")),
      ...originLines(run.config),
    ]);
  }
  return 0;
}

/** Where a run was forked from. */
const originLines = ({ origin }: RunConfig): string[] =>
  origin === undefined ? [] : [printable(`forked from  ${origin.run} after ${origin.epochs} epochs`)];

/** What is not shown of a run whose code may not be executed. */
const withoutCodeLines = (shown: ShownTask, reason: string): string[] => [
  "",
  `without code: outcomes on the cases are left out${shown.isScaled ? ", and programs are shown as they were bred, before they are scaled" : ""}; to see them, the run must hold ${printable(reason)}.`,
];

/** The cell where an elite is. */
const cellOf = (archive: Archive, elite: Individual): number =>
  archive.filledCells.find((cell) => archive.elite(cell) === elite) as number;

function eliteRecord(run: ShownRun, elite: Individual, cell: number): Record<string, unknown> {
  const { shown, task } = run;
  return {
    ...describe(shown, elite),
    descriptor: Object.fromEntries(shown.axes.map((axis, k) => [axis.name, elite.descriptor[k]])),
    cell: binsOf(shown, cell),
    birth: elite.birth,
    ...(task === null ? { casesPassed: null, cases: null } : behaviourRecord(task, elite.program)),
  };
}

function eliteLines(run: ShownRun, elite: Individual): string[] {
  const { axes } = run.shown;
  const { program, fitness, size, operations } = describe(run.shown, elite);
  const { birth } = elite;
  return [
    `program      ${printable(program)}`,
    `fitness      ${number(fitness)}   size ${size}   operations ${operations}`,
    `descriptor   ${axes.map((axis, k) => `${printable(axis.name)} ${number(elite.descriptor[k] as number)}`).join("   ")}`,
    `born         epoch ${birth.epoch}, island ${birth.island}, candidate ${birth.candidate}`,
    ...(run.task === null ? [] : behaviourLines(run.task, elite.program)),
  ];
}
