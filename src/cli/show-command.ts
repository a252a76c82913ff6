import {
  type Archive,
  type CompleteQuestion,
  costOf,
  type Grammar,
  type Individual,
  InputError,
  paretoFront,
  questionText,
  type RunConfig,
  valueToJson,
  counted,
} from "../index.ts";
import { approximationLines, approximationReport, timedReport } from "./approximation-report.ts";
import { behaviourLines, behaviourRecord } from "./behaviour.ts";
import { binsOf, cellNumber } from "./cell-name.ts";
import { errorText, type Findings, findingsOf } from "./findings.ts";
import { printable } from "./printable.ts";
import type { CodeChoice } from "./run-code.ts";
import { printFindings, storedArchive } from "./run-command.ts";
import { openShownRun, type ShownRun } from "./run-session.ts";
import { runWord } from "./run-word.ts";
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
        ? `run ${run.name} must have a finished epoch; it has none yet. illume resume ${runWord(run)}`
        : `run ${run.name} must have a state that can be read. What is lost is computed again: illume resume ${runWord(run)}`,
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
    const findings = findingsOf(shown, archive);
    say(
      elite === undefined ? null : eliteRecord(run, elite, cell, findings),
      elite === undefined ? ["this cell is empty"] : eliteLines(run, elite, findings),
    );
  } else if (args.champion || args.operations !== undefined) {
    const findings = findingsOf(shown, archive);
    const best = args.operations === undefined ? findings.champion : findings.ofOperations(args.operations);
    say(
      best === undefined ? null : eliteRecord(run, best, cellOf(archive, best), findings),
      best === undefined ? ["nothing found yet"] : eliteLines(run, best, findings),
    );
  } else if (args.pareto) {
    const { question, front: measuredFront } = findingsOf(shown, archive);
    if (question !== null && measuredFront !== null && archive.count > 0) {
      const measured = approximationReport(shown, question, measuredFront);
      // Of a task that approximates a function, the grammar is a whole one.
      const report = args.time ? await timedReport(shown.grammar as Grammar, measured) : measured;
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
    const findings = findingsOf(shown, archive);
    const summary = summarise(
      shown,
      { name: run.name, workers: 0, ...latest },
      { archive, counters: latest.counters, epochs: latest.epoch + 1, stop: latest.stop },
      state,
      findings,
    );
    if (!args.json) printFindings(shown, archive, findings);
    say({ ...summary, ...questionRecord(findings), origin: run.config.origin ?? null }, [
      ...questionLines(findings),
      ...summaryLines(summary, runWord(run)).filter((line) => !line.startsWith("speed")),
      ...originLines(run.config),
    ]);
  }
  return 0;
}

/** Where a run was forked from. */
const originLines = ({ origin }: RunConfig): string[] =>
  origin === undefined
    ? []
    : [printable(`forked from  ${origin.run} after ${counted(origin.epochs, "epoch")}`)];

/** What is not shown of a run whose code may not be executed. */
const withoutCodeLines = (shown: ShownTask, reason: string): string[] => [
  "",
  `without code: outcomes on the cases are left out${shown.isScaled ? ", and programs are shown as they were bred, before they are scaled" : ""}; to see them, the run must hold ${printable(reason)}.`,
];

/** The cell where an elite is. */
const cellOf = (archive: Archive, elite: Individual): number =>
  archive.filledCells.find((cell) => archive.elite(cell) === elite) as number;

function eliteRecord(
  run: ShownRun,
  elite: Individual,
  cell: number,
  { question, errorOf }: Findings,
): Record<string, unknown> {
  const { shown, task } = run;
  return {
    ...describe(shown, elite),
    descriptor: Object.fromEntries(shown.axes.map((axis, k) => [axis.name, elite.descriptor[k]])),
    cell: binsOf(shown, cell),
    birth: elite.birth,
    ...(question === null ? {} : { question, error: errorOf(elite) }),
    ...(task === null ? { casesPassed: null, cases: null } : behaviourRecord(task, elite.program)),
  };
}

const questionRecord = ({ question }: Findings): { readonly question?: CompleteQuestion } =>
  question === null ? {} : { question };

/** What is asked, where the run approximates a function. */
const questionLines = ({ question }: Findings): string[] =>
  question === null ? [] : [`question     ${printable(questionText(question))}`];

function eliteLines(run: ShownRun, elite: Individual, findings: Findings): string[] {
  const { axes } = run.shown;
  const { program, fitness, size, operations } = describe(run.shown, elite);
  const { birth } = elite;
  const { question, errorOf } = findings;
  return [
    ...questionLines(findings),
    `program      ${printable(program)}`,
    ...(question === null
      ? []
      : [`error        ${errorText(errorOf(elite))} largest ${question.error} error`]),
    `fitness      ${number(fitness)}   size ${size}   operations ${operations}`,
    `descriptor   ${axes.map((axis, k) => `${printable(axis.name)} ${number(elite.descriptor[k] as number)}`).join("   ")}`,
    `born         epoch ${birth.epoch}, island ${birth.island}, candidate ${birth.candidate}`,
    ...(run.task === null || question !== null ? [] : behaviourLines(run.task, elite.program)),
  ];
}
