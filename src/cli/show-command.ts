import { join, resolve } from "node:path";
import {
  binOf,
  casesPassed,
  championOf,
  createMachine,
  folderDisk,
  type Individual,
  InputError,
  outcomeAt,
  outcomeText,
  RunStore,
  type Value,
  valueToJson,
} from "../index.ts";
import { printFindings, storedArchive } from "./run-command.ts";
import { openRun, type RunSession, runNames } from "./run-session.ts";
import { sizeFront } from "./pareto.ts";
import { count, describe, number, summarise, summaryLines } from "./summary.ts";

const SHOWN_CASES = 12;

/** illume show: the map, one cell, the champion or the front of size against fitness. */
export async function showCommand(args: {
  readonly run: string;
  readonly runs: string;
  readonly champion: boolean;
  readonly pareto: boolean;
  readonly cell: string | undefined;
  readonly json: boolean;
}): Promise<number> {
  const session = await openRun(args.run, args.runs, true);
  const { task, store } = session;
  const archive = storedArchive(session);
  // What is shown is one state, with the figures of its own epoch.
  const latest = store.stateMetrics;
  await session.close();
  if (latest === null)
    throw new InputError(
      store.latest === null
        ? `run ${session.name} must have a finished epoch; it has none yet. illume resume ${session.name}`
        : `run ${session.name} must have a state that can be read. What is lost is computed again: illume resume ${session.name}`,
    );
  const say = (value: unknown, lines: readonly string[]): void => {
    process.stdout.write(args.json ? `${valueToJson(value)}\n` : `${lines.join("\n")}\n`);
  };
  if (args.cell !== undefined) {
    const elite = archive.elite(cellNumber(session, args.cell));
    say(
      elite === undefined ? null : eliteRecord(session, elite),
      elite === undefined ? ["this cell is empty"] : eliteLines(session, elite),
    );
  } else if (args.champion) {
    const best = championOf(archive, task.target);
    say(
      best === undefined ? null : eliteRecord(session, best),
      best === undefined ? ["nothing found yet"] : eliteLines(session, best),
    );
  } else if (args.pareto) {
    const front = sizeFront(archive).map((elite) => describe(task, elite));
    say(front, [
      "size  operations  fitness     program",
      ...front.map(
        (e) =>
          `${String(e.size).padStart(4)}  ${String(e.operations).padStart(10)}  ${number(e.fitness).padEnd(10)}  ${e.program}`,
      ),
    ]);
  } else {
    const summary = summarise(
      task,
      { name: session.name, workers: 0, ...latest },
      { archive, counters: latest.counters, epochs: latest.epoch + 1, stop: latest.stop },
    );
    if (args.json) say(summary, []);
    else {
      printFindings(session, archive);
      say(
        summary,
        summaryLines(summary).filter((line) => !line.startsWith("speed")),
      );
    }
  }
  return 0;
}

/** The cell of `3,4` (bins along the axes, from 0) or of a single number (its index). */
function cellNumber(session: RunSession, text: string): number {
  const { axes, space } = session.task;
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

function eliteRecord(session: RunSession, elite: Individual): Record<string, unknown> {
  const { task } = session;
  const { grammar } = task;
  const column = createMachine(grammar, task.inputs, task.caseCount).run(task.answer(elite.program));
  return {
    ...describe(task, elite),
    descriptor: Object.fromEntries(task.axes.map((axis, k) => [axis.name, elite.descriptor[k]])),
    cell:
      task.space.kind === "grid"
        ? task.axes.map((axis, k) => binOf(axis, elite.descriptor[k] as number))
        : task.space.cellOf(elite.descriptor),
    birth: elite.birth,
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

function eliteLines(session: RunSession, elite: Individual): string[] {
  const { task } = session;
  const { grammar } = task;
  const { program, fitness, size, operations } = describe(task, elite);
  const column = createMachine(grammar, task.inputs, task.caseCount).run(task.answer(elite.program));
  const { birth } = elite;
  const shown = Math.min(SHOWN_CASES, task.caseCount);
  return [
    `program      ${program}`,
    `fitness      ${number(fitness)}   size ${size}   operations ${operations}`,
    `descriptor   ${task.axes.map((axis, k) => `${axis.name} ${number(elite.descriptor[k] as number)}`).join("   ")}`,
    `born         epoch ${birth.epoch}, island ${birth.island}, candidate ${birth.candidate}`,
    `passes       ${casesPassed(task, column)} of ${task.caseCount} cases`,
    ...Array.from({ length: shown }, (_, i) => {
      const input = grammar.signature.argumentNames
        .map((name, a) => `${name} = ${outcomeText(task.inputs[a]?.[i] as Value)}`)
        .join(", ");
      return `  ${input}  →  ${outcomeText(outcomeAt(grammar, column, i))}   expected ${outcomeText(task.expected[i] as Value)}`;
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
      process.stderr.write(`illume: ${error.message}\n`);
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
  if (args.json) process.stdout.write(`${JSON.stringify(rows)}\n`);
  else if (rows.length === 0)
    process.stdout.write(`no runs in ${args.runs} yet; illume run quickstart makes one\n`);
  else {
    const width = Math.max(...rows.map((r) => r.run.length));
    process.stdout.write(`${"run".padEnd(width)}  stop         candidates            best\n`);
    for (const r of rows)
      process.stdout.write(
        `${r.run.padEnd(width)}  ${(r.stop ?? "unfinished").padEnd(11)}  ${`${count(r.candidates)} of ${count(r.budget)}`.padEnd(20)}  ${r.bestFitness === null ? "" : number(r.bestFitness)}\n`,
      );
  }
  return 0;
}
