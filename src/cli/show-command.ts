import { join, resolve } from "node:path";
import {
  type Archive,
  casesPassed,
  championOf,
  createMachine,
  folderDisk,
  type Individual,
  InputError,
  outcomeAt,
  outcomeText,
  RunStore,
  type Task,
  type Value,
  valueToJson,
} from "../index.ts";
import { printable } from "./printable.ts";
import { printFindings, storedArchive } from "./run-command.ts";
import { type CodeChoice, openShownRun, runNames, type ShownRun } from "./run-session.ts";
import { sizeFront } from "./pareto.ts";
import type { ShownTask } from "./shown-task.ts";
import { count, describe, number, quarantineOf, summarise, summaryLines } from "./summary.ts";

const SHOWN_CASES = 12;

/** illume show: the map, one cell, the champion, the front of size against fitness, or the quarantine. */
export async function showCommand(args: {
  readonly run: string;
  readonly runs: string;
  readonly champion: boolean;
  readonly pareto: boolean;
  readonly quarantine: boolean;
  readonly cell: string | undefined;
  readonly code: CodeChoice;
  readonly json: boolean;
}): Promise<number> {
  const run = await openShownRun(args.run, args.runs, args.code);
  const { shown, store } = run;
  const archive = storedArchive({ task: shown, store });
  const latest = store.latest;
  const state = store.state;
  await run.close();
  if (latest === null)
    throw new InputError(
      `run ${run.name} must have a finished epoch; it has none yet. illume resume ${run.name}`,
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
  } else if (args.champion) {
    const best = championOf(archive, shown.target);
    say(
      best === undefined ? null : eliteRecord(run, best, cellOf(archive, best)),
      best === undefined ? ["nothing found yet"] : eliteLines(run, best),
    );
  } else if (args.pareto) {
    const front = sizeFront(archive).map((elite) => describe(shown, elite));
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
    say(
      summary,
      summaryLines(summary).filter((line) => !line.startsWith("speed")),
    );
  }
  return 0;
}

/** What is not shown of a run whose code may not be executed. */
const withoutCodeLines = (shown: ShownTask, reason: string): string[] => [
  "",
  `without code: outcomes on the cases are left out${shown.isScaled ? ", and programs are shown as they were bred, before they are scaled" : ""}; to see them, the run must hold ${printable(reason)}.`,
];

/** The cell of `3,4` (bins along the axes, from 0) or of a single number (its index). */
function cellNumber({ axes, space }: ShownTask, text: string): number {
  const parts = text.split(",").map(Number);
  const bad = (): InputError =>
    new InputError(
      space.kind === "grid"
        ? `--cell must be ${axes.map((a) => `a bin of ${a.name} from 0 to ${a.bins - 1}`).join(", then ")}; got ${text}.`
        : `--cell must be a cell from 0 to ${space.cellCount - 1}; got ${text}.`,
    );
  if (space.kind === "cvt" || (parts.length === 1 && axes.length > 1)) {
    if (
      parts.length !== 1 ||
      !Number.isInteger(parts[0]) ||
      (parts[0] as number) < 0 ||
      (parts[0] as number) >= space.cellCount
    )
      throw bad();
    return parts[0] as number;
  }
  if (
    parts.length !== axes.length ||
    parts.some((p, k) => !Number.isInteger(p) || p < 0 || p >= (axes[k]?.bins ?? 0))
  )
    throw bad();
  return parts.reduce((cell, part, k) => cell * (axes[k]?.bins ?? 1) + part, 0);
}

/** The cell where an elite is. */
const cellOf = (archive: Archive, elite: Individual): number =>
  archive.filledCells.find((cell) => archive.elite(cell) === elite) as number;

/** The bins of a cell of a grid along its axes, or the cell of another space: what `cellNumber` reads. */
function binsOf({ axes, space }: ShownTask, cell: number): number | number[] {
  if (space.kind === "cvt") return cell;
  const bins: number[] = [];
  let rest = cell;
  for (let k = axes.length - 1; k >= 0; k--) {
    const size = axes[k]?.bins as number;
    bins[k] = rest % size;
    rest = Math.floor(rest / size);
  }
  return bins;
}

function eliteRecord(run: ShownRun, elite: Individual, cell: number): Record<string, unknown> {
  const { shown, task } = run;
  return {
    ...describe(shown, elite),
    descriptor: Object.fromEntries(shown.axes.map((axis, k) => [axis.name, elite.descriptor[k]])),
    cell: binsOf(shown, cell),
    birth: elite.birth,
    ...(task === null ? { casesPassed: null, cases: null } : caseRecords(task, elite)),
  };
}

function caseRecords(task: Task, elite: Individual): Record<string, unknown> {
  const { grammar } = task;
  const column = createMachine(grammar, task.inputs, task.caseCount).run(task.answer(elite.program));
  return {
    casesPassed: casesPassed(task, column),
    cases: Array.from({ length: task.caseCount }, (_, i) => ({
      input: Object.fromEntries(
        grammar.signature.argumentNames.map((name, a) => [name, task.inputs[a]?.[i]]),
      ),
      expected: task.expected[i],
      outcome: outcomeText(outcomeAt(grammar, column, i)),
    })),
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
    ...(run.task === null ? [] : caseLines(run.task, elite)),
  ];
}

function caseLines(task: Task, elite: Individual): string[] {
  const { grammar } = task;
  const column = createMachine(grammar, task.inputs, task.caseCount).run(task.answer(elite.program));
  const shown = Math.min(SHOWN_CASES, task.caseCount);
  return [
    `passes       ${casesPassed(task, column)} of ${task.caseCount} cases`,
    ...Array.from({ length: shown }, (_, i) => {
      const input = grammar.signature.argumentNames
        .map((name, a) => `${name} = ${outcomeText(task.inputs[a]?.[i] as Value)}`)
        .join(", ");
      return printable(
        `  ${input}  →  ${outcomeText(outcomeAt(grammar, column, i))}   expected ${outcomeText(task.expected[i] as Value)}`,
      );
    }),
    ...(shown < task.caseCount ? [`  … ${count(task.caseCount - shown)} more cases`] : []),
  ];
}

/** illume ls: the stored runs. */
export async function listCommand(args: { readonly runs: string; readonly json: boolean }): Promise<number> {
  const rows = [];
  for (const name of runNames(args.runs)) {
    let store: RunStore;
    try {
      store = RunStore.open(folderDisk(join(resolve(args.runs), name)), { readOnly: true });
    } catch (error) {
      // One run that cannot be read must not hide the others.
      if (!(error instanceof InputError)) throw error;
      process.stderr.write(`illume: ${printable(error.message)}\n`);
      continue;
    }
    const { config, latest } = store;
    rows.push({
      run: name,
      experiment: config.experiment,
      seed: config.seed,
      stop: latest?.stop ?? null,
      epochs: latest === null ? 0 : latest.epoch + 1,
      candidates: latest?.counters.candidates ?? 0,
      budget: config.budgetCandidates,
      bestFitness: latest?.bestFitness ?? null,
      digest: latest?.digest ?? null,
    });
  }
  if (args.json) process.stdout.write(`${printable(JSON.stringify(rows))}\n`);
  else if (rows.length === 0)
    process.stdout.write(`no runs in ${args.runs} yet; illume run quickstart makes one\n`);
  else {
    const width = rows.reduce((most, r) => Math.max(most, printable(r.run).length), 3);
    process.stdout.write(`${"run".padEnd(width)}  stop         candidates            best\n`);
    for (const r of rows)
      process.stdout.write(
        `${printable(r.run).padEnd(width)}  ${(r.stop ?? "unfinished").padEnd(11)}  ${`${count(r.candidates)} of ${count(r.budget)}`.padEnd(20)}  ${r.bestFitness === null ? "" : number(r.bestFitness)}\n`,
      );
  }
  return 0;
}
