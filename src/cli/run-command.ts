import pc from "picocolors";
import { join, relative } from "node:path";
import {
  Archive,
  addPacked,
  costOf,
  folderDisk,
  InputError,
  isEnd,
  isShareable,
  paretoFront,
  printProgram,
  type RunStore,
  SharedCache,
  count,
} from "../index.ts";
import {
  approximationLines,
  approximationPicture,
  type ApproximationReport,
  approximationReport,
} from "./approximation-report.ts";
import { executeRun } from "./execute-run.ts";
import { errorText, type Findings, findingsOf } from "./findings.ts";
import { mapPicture } from "./map-picture.ts";
import { printable } from "./printable.ts";
import { showProgress } from "./progress.ts";
import type { CodeChoice } from "./run-code.ts";
import { type ExecutorChoice, openRun, type RunSession, requestRun, workerCount } from "./run-session.ts";
import { runWord } from "./run-word.ts";
import type { ShownTask } from "./shown-task.ts";
import { describe, number, type Summary, summarise, summaryLines } from "./summary.ts";

export type SharedCacheChoice = "on" | "off" | "auto";

/** The picture of an approximation's front, in the run's folder. */
const PICTURE = "front.svg";

/** What is learned is written at least this often, so that a kill loses little. */
const FLUSH_MS = 30_000;

export interface RunArguments {
  readonly workers: string;
  readonly executor: ExecutorChoice;
  readonly minutes: number | undefined;
  readonly runs: string;
  readonly sharedCache: SharedCacheChoice;
  readonly json: boolean;
}

/** illume run: exit code. */
export async function runCommand(
  args: RunArguments & {
    readonly experiment: string;
    readonly seed: string;
    readonly budget: number | undefined;
    readonly parameters: Readonly<Record<string, unknown>>;
  },
): Promise<number> {
  checkLimits(args);
  const session = await requestRun({
    experiment: args.experiment,
    seed: args.seed,
    budgetCandidates: args.budget,
    parameters: args.parameters,
    runs: args.runs,
  });
  return finishNamedRun(session, args);
}

/** Runs a new run to its end, or goes on with one that is there already, and says so. */
export function finishNamedRun(
  session: RunSession & { readonly isNew: boolean },
  args: RunArguments,
): Promise<number> {
  const { latest } = session.store;
  if (!session.isNew && latest !== null && !args.json)
    process.stderr.write(
      isEnd(latest.stop)
        ? `this run is there already and has ended; this is what it found (another --seed makes another run)\n`
        : `this run is there already; it goes on after epoch ${latest.epoch + 1}\n`,
    );
  return finishRun(session, args);
}

/** illume resume: exit code. */
export async function resumeCommand(
  args: RunArguments & { readonly run: string; readonly code: CodeChoice },
): Promise<number> {
  checkLimits(args);
  return finishRun(await openRun(args.run, args.runs, false, args.code), args);
}

/** Exit code of a run that the machine had no room for: it can go on when there is. */
const TEMPORARY_FAILURE = 75;

/** What may be wrong with the options, before anything is opened. */
export function checkLimits(args: Pick<RunArguments, "workers" | "minutes">): void {
  workerCount(args.workers);
  if (args.minutes !== undefined && !(args.minutes > 0))
    throw new InputError(`--minutes must be a number above 0; got ${args.minutes}.`);
}

/** The cache that runs share, where it is wanted: unless told, where code of the experiment judges and may be slow. */
function openSharedCache({ task, config }: RunSession, choice: SharedCacheChoice): SharedCache | null {
  if (choice === "off" || (choice === "auto" && !task.isCustom)) return null;
  const say = (problem: string): void => void process.stderr.write(`illume: no shared cache: ${problem}.\n`);
  if (isShareable(task)) return new SharedCache(task, config.codeDigest, say);
  if (choice === "on")
    say(
      task.measured === null
        ? `it needs cache=exact; got ${task.parameters.cache}`
        : "the vector machine judges these programs by the batch, which costs less than to look them up",
    );
  return null;
}

async function finishRun(session: RunSession, args: RunArguments): Promise<number> {
  try {
    return await finishOpenRun(session, args);
  } finally {
    await session.close();
  }
}

async function finishOpenRun(session: RunSession, args: RunArguments): Promise<number> {
  const { task, store } = session;
  const workers = args.executor === "serial" ? 1 : workerCount(args.workers);
  const latest = store.latest;
  let summary: Summary;
  let archive: Archive;
  let findings: Findings;
  // An end whose state was damaged is come to again.
  if (latest !== null && isEnd(latest.stop) && store.state?.epochs === latest.epoch + 1) {
    archive = storedArchive(session);
    findings = findingsOf(task, archive);
    summary = summarise(
      task,
      { name: session.name, workers, ...latest },
      { archive, counters: latest.counters, epochs: latest.epoch + 1, stop: latest.stop },
      store.state,
      findings,
    );
  } else {
    const progress = args.json ? null : await showProgress(session.config, task);
    const cache = openSharedCache(session, args.sharedCache);
    const flushing = setInterval(() => cache?.flush(), FLUSH_MS).unref();
    const result = await executeRun(session, {
      executor: args.executor,
      workers,
      minutes: args.minutes,
      known: cache?.known,
      onBegin: () => {
        if (!args.json && session.config.question !== "")
          process.stderr.write(`${pc.bold(printable(session.config.question))}\n`);
      },
      onEpoch: (metrics, { learned }) => {
        cache?.add(learned);
        progress?.update(metrics);
      },
    }).finally(() => {
      progress?.end();
      clearInterval(flushing);
      cache?.flush();
    });
    if (cache !== null && cache.contradictions > 0)
      process.stderr.write(
        `illume: the fitness gave ${count(cache.contradictions)} behaviours another value when it was asked again; a fitness must give the same every time.\n`,
      );
    archive = result.archive;
    findings = findingsOf(task, archive);
    summary = summarise(task, { name: session.name, workers, ...result }, result, store.state, findings);
  }
  await session.close();
  const run = runWord(session);
  const { question, front } = findings;
  const report =
    question === null || front === null || archive.count === 0
      ? null
      : approximationReport(task, question, front);
  const picture = report === null ? null : drawn(session.folder, report);
  if (archive.count === 0 && !args.json)
    process.stderr.write("illume: nothing was found: no program had a value on all cases.\n");
  if (args.json)
    process.stdout.write(
      `${printable(JSON.stringify(report === null ? summary : { ...summary, pareto: report.found, baselines: report.baselines }))}\n`,
    );
  else {
    if (report === null) printFindings(task, archive, findings);
    else process.stdout.write(`\n${approximationLines(report).join("\n")}\n\n`);
    process.stdout.write(`${summaryLines(summary, run, session.config.origin?.candidates).join("\n")}\n`);
    const again = summary.stop !== null && !isEnd(summary.stop);
    process.stdout.write(`run          ${printable(session.name)}\n`);
    if (picture !== null)
      process.stdout.write(`picture      ${printable(relative(process.cwd(), picture))}\n`);
    process.stdout.write(
      again
        ? `\nto go on:    illume resume ${run}\n`
        : `\nmore:        illume show ${run} --champion   illume export ${run} --to typescript\n`,
    );
  }
  if (summary.stop === "disk" || summary.stop === "memory") {
    process.stderr.write(
      summary.stop === "disk"
        ? `illume: disk of ${printable(session.folder)} is nearly full; the run has stopped in order and lost nothing. Free some space, then: illume resume ${run}\n`
        : `illume: memory is nearly used up; the run has stopped in order and lost nothing. Free some, or take fewer --workers, then: illume resume ${run}\n`,
    );
    return TEMPORARY_FAILURE;
  }
  return summary.stop === "interrupted" ? 130 : 0;
}

/** Draws a front into a run's folder: where the picture is, or null where there is no room for one. */
function drawn(folder: string, report: ApproximationReport): string | null {
  try {
    folderDisk(folder).replace(PICTURE, Buffer.from(approximationPicture(report)));
    return join(folder, PICTURE);
  } catch (error) {
    process.stderr.write(`illume: no picture: ${printable((error as Error).message)}.\n`);
    return null;
  }
}

/** All islands' elites of a stored run as one archive. */
export function storedArchive({
  task,
  store,
}: {
  readonly task: ShownTask;
  readonly store: RunStore;
}): Archive {
  const archive = new Archive(task.space);
  for (const island of store.state?.islands ?? []) addPacked(archive, island.elites);
  return archive;
}

/** The map and the best program of each size, on standard output. */
export function printFindings(task: ShownTask, archive: Archive, { front }: Findings): void {
  if (archive.count === 0) return;
  process.stdout.write(`\n${mapPicture(task, archive).join("\n")}\n\n`);
  const cost = costOf(task.axes);
  const name = front === null ? cost.name : "operations";
  const rows =
    front === null
      ? paretoFront(archive, cost).map((elite) => {
          const { fitness, program } = describe(task, elite);
          return [number(cost.of(elite)), number(fitness), program] as const;
        })
      : front.rows.map(
          ({ operations, error, program }) =>
            [String(operations), errorText(error), printProgram(task.grammar, program)] as const,
        );
  const quality = front === null ? "fitness" : "error";
  process.stdout.write(`${pc.bold(`${name.padEnd(4)}  ${quality.padEnd(10)}  program`)}\n`);
  for (const [cheap, good, program] of rows.slice(-SHOWN_ROWS)) {
    const text = printable(program);
    const shown = text.length > 100 ? `${text.slice(0, 99)}…` : text;
    process.stdout.write(`${cheap.padStart(Math.max(4, name.length))}  ${good.padEnd(10)}  ${shown}\n`);
  }
  process.stdout.write("\n");
}

const SHOWN_ROWS = 12;
