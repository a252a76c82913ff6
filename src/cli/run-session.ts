import { lstatSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync } from "node:fs";
import { availableParallelism } from "node:os";
import { basename, join, resolve } from "node:path";
import { serialExecutor, threadsExecutor } from "../../workers/index.ts";
import * as illume from "../index.ts";
import {
  loadCode,
  type LoadedExperiment,
  loadExperiment,
  type ExperimentRequest,
} from "./experiment-source.ts";
import { printable } from "./printable.ts";
import { type CodeChoice, codeOf, descriptionOf, keepCode } from "./run-code.ts";
import { findRun, isRun } from "./run-folder.ts";
import { describedTask, type ShownTask } from "./shown-task.ts";

const { InputError, RunStore } = illume;

/** A stored run at hand. One that is open for writing is locked until it is closed. */
interface StoredRun {
  readonly name: string;
  readonly folder: string;
  readonly config: illume.RunConfig;
  readonly store: illume.RunStore;
  readonly close: () => Promise<void>;
}

/** A run with its task and the code that workers load. */
export interface RunSession extends StoredRun {
  readonly experiment: illume.Experiment;
  readonly task: illume.Task;
  readonly code: string;
}

/** A run to be shown. */
export interface ShownRun extends StoredRun {
  readonly shown: ShownTask;
  /** Null where the run is shown by its description alone, since its code may not be executed. */
  readonly task: illume.Task | null;
  readonly experiment: illume.Experiment | null;
  /** Why that is so. */
  readonly withoutCode: string | null;
}

/** What determines a run, as it is given on the command line. */
export interface RunRequest extends ExperimentRequest {
  readonly seed: string;
  readonly runs: string;
}

/** Opens the run that a request names: a new one, or the one that is there already. */
export async function requestRun(request: RunRequest): Promise<RunSession & { readonly isNew: boolean }> {
  return requestLoaded(await loadExperiment(request), request);
}

/** The same of an experiment that is loaded. */
export function requestLoaded(
  { experiment, bundle, code, task, budgetCandidates }: LoadedExperiment,
  request: Pick<RunRequest, "seed" | "runs">,
): Promise<RunSession & { readonly isNew: boolean }> {
  const config: illume.RunConfig = {
    experiment: experiment.name,
    question: experiment.question ?? "",
    seed: request.seed,
    budgetCandidates,
    parameters: task.parameters,
    codeDigest: bundle.digest,
    grammarDigest: illume.digestOf(task.grammar.fingerprint),
  };
  return openNamed({ experiment, bundle, code, config, task, runs: request.runs });
}

/** Opens the run that goes on from another one's state: a new one, or the one that is there already. */
export async function requestFork(
  { experiment, code }: RunSession,
  fork: illume.Fork,
  runs: string,
): Promise<RunSession & { readonly isNew: boolean }> {
  const bundle = { code: readFileSync(code, "utf8"), digest: fork.config.codeDigest };
  return openNamed({ experiment, bundle, code, ...fork, runs });
}

/** A run's beginning: the experiment, its code in the run's folder and where workers load it, and for a fork the first state. */
interface Beginning {
  readonly experiment: illume.Experiment;
  readonly bundle: illume.Bundle;
  readonly code: string;
  readonly config: illume.RunConfig;
  readonly task: illume.Task;
  readonly state?: illume.RunState;
  readonly runs: string;
}

/** Opens the run of a configuration, which is made unless it is there. */
async function openNamed(beginning: Beginning): Promise<RunSession & { readonly isNew: boolean }> {
  const { experiment, bundle, code, config, task, runs } = beginning;
  const name = `${config.experiment}-${config.seed.replaceAll(/[^\w.-]/g, "_").slice(0, 40)}-${identityOf(config)}`;
  const folder = join(resolve(runs), name);
  const isNew = !isRun(folder);
  if (isNew) await createRun(folder, beginning);
  const opened = openStore(folder, false);
  try {
    if (identityOf(opened.store.config) !== identityOf(config))
      throw new InputError(`run folder ${folder} must hold the run of its name; it holds another one.`);
    keepCode(folder, bundle, task);
    assertFits(folder, task, opened.store);
  } catch (error) {
    await opened.close();
    throw error;
  }
  return { name, folder, config, experiment, task, code, isNew, ...opened };
}

const identityOf = (config: illume.RunConfig): string => illume.digestOf(JSON.stringify(config)).slice(0, 8);

/** Opens a run's store, locked if it is to be written; what is damaged is said on standard error. */
function openStore(folder: string, readOnly: boolean): Pick<RunSession, "store" | "close"> {
  const disk = illume.folderDisk(folder);
  const lock = readOnly ? null : illume.lockRun(folder);
  try {
    const store = RunStore.open(disk, { readOnly, ...(lock === null ? {} : { isHeld: lock.isHeld }) });
    for (const damage of store.damage)
      process.stderr.write(`illume: run ${printable(basename(folder))}: ${printable(damage)}.\n`);
    return {
      store,
      close: async () => {
        try {
          await store.close();
        } finally {
          lock?.release();
        }
      },
    };
  } catch (error) {
    lock?.release();
    throw error;
  }
}

/** @throws InputError if what is stored cannot come from the task */
function assertFits(
  folder: string,
  task: Parameters<typeof illume.checkRunState>[0],
  store: illume.RunStore,
): void {
  const problems = store.state === null ? [] : illume.checkRunState(task, store.state);
  if (problems.length > 0)
    throw new InputError(
      problems.map((problem) => `run ${folder} must hold what its experiment gives; ${problem}`),
    );
}

/** Makes a run's folder as a whole: a kill at any moment leaves either no run of that name or one that can be opened. */
async function createRun(folder: string, { bundle, task, config, state, runs }: Beginning): Promise<void> {
  const draft = join(resolve(runs), `${DRAFT}${basename(folder)}-${process.pid}`);
  try {
    mkdirSync(resolve(runs), { recursive: true });
    removeOldDrafts(resolve(runs));
    rmSync(draft, { recursive: true, force: true });
    // Fails where there is anything of that name, a link too.
    mkdirSync(draft);
    keepCode(draft, bundle, task);
  } catch (error) {
    throw unwritable(runs, error);
  }
  await RunStore.create(illume.folderDisk(draft), config, state);
  try {
    renameSync(draft, folder);
    // A loss of power must not bring the old name back.
    await illume.folderDisk(resolve(runs)).sync([]);
  } catch (error) {
    rmSync(draft, { recursive: true, force: true });
    // Somebody else may have begun the same run in the meantime.
    if (!isRun(folder)) throw unwritable(runs, error);
  }
}

/** What the name of a folder begins with while it is made. */
const DRAFT = ".new-";
/** Far longer than it takes to make one. */
const OLD_DRAFT_MS = 3_600_000;

const draftName = /^\.new-.*-[0-9a-f]{8}-\d+$/;
const runFileName =
  /^(run\.json|journal\.log|state-\d+\.bin|description\.json|experiment-[0-9a-f]+\.(mjs|seal))(\.new)?$/;

/** Removes what processes left that were killed while they made a run's folder; nothing else, and only where it may. */
function removeOldDrafts(runs: string): void {
  for (const name of readdirSync(runs).filter((entry) => draftName.test(entry))) {
    const path = join(runs, name);
    try {
      const status = lstatSync(path);
      const isOld = status.isDirectory() && Date.now() - status.mtimeMs > OLD_DRAFT_MS;
      if (isOld && readdirSync(path).every((file) => runFileName.test(file)))
        rmSync(path, { recursive: true });
    } catch {
      // It is gone, or somebody else's.
    }
  }
}

const unwritable = (runs: string, error: unknown): Error =>
  new InputError(`--runs must be a folder that can be written; got ${runs}: ${(error as Error).message}.`);

function openStored(given: string, runs: string, readOnly: boolean): StoredRun {
  const folder = findRun(given, runs);
  const opened = openStore(folder, readOnly);
  return { name: basename(folder), folder, config: opened.store.config, ...opened };
}

/**
 * Opens a stored run with the code that it was started with, if that may be executed: code in a run's folder is
 * executed only if this person has written it, or says so.
 * @throws InputError if there is no such code, or tokens would mean something else in this version
 */
export async function openRun(
  given: string,
  runs: string,
  readOnly: boolean,
  choice: CodeChoice,
): Promise<RunSession> {
  const run = openStored(given, runs, readOnly);
  try {
    const bundle = await codeOf(run, choice);
    if (typeof bundle === "string") throw new InputError(`run ${run.folder} must hold ${bundle}.`);
    return await loadRun(run, bundle, readOnly);
  } catch (error) {
    await run.close();
    throw error;
  }
}

/**
 * Opens a stored run to be shown: with its code as `openRun` does, or else by its description, which executes nothing.
 * @throws InputError if there is neither
 */
export async function openShownRun(given: string, runs: string, choice: CodeChoice): Promise<ShownRun> {
  const run = openStored(given, runs, true);
  const bundle = await codeOf(run, choice);
  if (typeof bundle !== "string") {
    const session = await loadRun(run, bundle, true);
    return { ...session, shown: session.task, withoutCode: null };
  }
  const description = descriptionOf(run);
  if (typeof description === "string")
    throw new InputError([`run ${run.folder} must hold ${bundle}.`, description]);
  const shown = describedTask(description, run.config);
  assertFits(run.folder, shown, run.store);
  return { ...run, shown, task: null, experiment: null, withoutCode: bundle };
}

/** Loads a run's code. What is missing beside the store of a run that is open for writing is written again. */
async function loadRun(run: StoredRun, bundle: illume.Bundle, readOnly: boolean): Promise<RunSession> {
  const { folder, config } = run;
  const { code, experiment } = await loadCode(bundle);
  if (experiment.name !== config.experiment)
    throw new InputError(
      `run ${folder} must be of the experiment "${experiment.name}", as its code is; got ${config.experiment}.`,
    );
  const task = illume.compileTask(experiment, illume.completeParameters(config.parameters));
  if (illume.digestOf(task.grammar.fingerprint) !== config.grammarDigest)
    throw new InputError(
      `run ${folder} must be of this version's language "${task.grammar.language.name}"; its primitives have changed since. Use the version of Illume that made it.`,
    );
  assertFits(folder, task, run.store);
  if (!readOnly)
    try {
      keepCode(folder, bundle, task);
    } catch (error) {
      throw new InputError(`run folder ${folder} must be writable; ${(error as Error).message}.`);
    }
  return { ...run, experiment, task, code };
}

export type ExecutorChoice = "threads" | "serial";

/** Number of workers that an option stands for. */
export function workerCount(option: string): number {
  if (option === "auto") return availableParallelism();
  const count = Number(option);
  if (!Number.isInteger(count) || count < 1 || count > 256)
    throw new InputError(`--workers must be auto or a whole number from 1 to 256; got ${option}.`);
  return count;
}

export function createExecutor(
  session: Pick<RunSession, "task" | "code">,
  choice: ExecutorChoice,
  workers: number,
): illume.Executor {
  // More threads than islands would have nothing to do.
  return choice === "serial"
    ? serialExecutor(session.task)
    : threadsExecutor(session.task, session.code, Math.min(workers, session.task.parameters.islands));
}
