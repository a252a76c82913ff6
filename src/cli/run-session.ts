import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { rename, rm } from "node:fs/promises";
import { availableParallelism } from "node:os";
import { basename, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import * as dsl from "../../dsl/index.ts";
import { serialExecutor, threadsExecutor } from "../../workers/index.ts";
import * as illume from "../index.ts";

const { InputError, RunStore } = illume;
const host: illume.HostModules = { illume, "illume/dsl": dsl };

/** A run at hand: its store, its task and the code that workers load. One that is open for writing is locked until it is closed. */
export interface RunSession {
  readonly name: string;
  readonly folder: string;
  readonly config: illume.RunConfig;
  readonly task: illume.Task;
  readonly code: string;
  readonly store: illume.RunStore;
  readonly close: () => Promise<void>;
}

export interface RunRequest {
  /** A shipped experiment's name or a file. */
  readonly experiment: string;
  readonly seed: string;
  readonly budgetCandidates: number | undefined;
  readonly parameters: Readonly<Record<string, unknown>>;
  readonly runs: string;
}

/** The folder of experiments that ship with Illume: beside dist in the package, or in the checkout. */
function shippedExperiments(): string {
  const candidates = ["../../../experiments", "../../experiments"].map((p) =>
    fileURLToPath(new URL(p, import.meta.url)),
  );
  return candidates.find((p) => existsSync(p)) ?? (candidates[0] as string);
}

/** Names of the experiments that ship with Illume. */
export function shippedExperimentNames(): string[] {
  const folder = shippedExperiments();
  return existsSync(folder)
    ? readdirSync(folder, { withFileTypes: true })
        .filter((entry) => entry.isDirectory())
        .map((entry) => entry.name)
        .sort()
    : [];
}

/** The file of an experiment named on the command line. */
function experimentFile(name: string): string {
  if (/[/\\.]/.test(name)) return name;
  const file = join(shippedExperiments(), name, `${name}.ts`);
  if (existsSync(file)) return file;
  throw new InputError(
    `experiment must be a file or one of ${shippedExperimentNames().join(", ")}; got ${name}. A file is named with its ending: ${name}.ts.`,
  );
}

const DEFAULT_BUDGET_CANDIDATES = 1_000_000;

/** Opens the run that a request names: a new one, or the one that is there already. */
export async function requestRun(request: RunRequest): Promise<RunSession & { readonly isNew: boolean }> {
  const bundle = await illume.bundleExperiment(experimentFile(request.experiment), host);
  // Loaded once from the runs folder's own cache of code, before the run's name is known.
  const staging = join(resolve(request.runs), ".code");
  const experiment = await illume.loadBundle(await writeCode(bundle, staging, request.runs), host);
  const parameters = illume.completeParameters({ ...experiment.parameters, ...request.parameters });
  const task = illume.compileTask(experiment, parameters);
  const budgetCandidates = request.budgetCandidates ?? experiment.budget ?? DEFAULT_BUDGET_CANDIDATES;
  if (!Number.isSafeInteger(budgetCandidates) || budgetCandidates < 1)
    throw new InputError(
      `--budget must be a whole number of candidates of at least 1; got ${budgetCandidates}.`,
    );
  const config: illume.RunConfig = {
    experiment: experiment.name,
    question: experiment.question ?? "",
    seed: request.seed,
    budgetCandidates,
    parameters,
    codeDigest: bundle.digest,
    grammarDigest: illume.digestOf(task.grammar.fingerprint),
  };
  const identity = illume.digestOf(JSON.stringify(config)).slice(0, 8);
  const name = `${experiment.name}-${request.seed.replaceAll(/[^\w.-]/g, "_").slice(0, 40)}-${identity}`;
  const folder = join(resolve(request.runs), name);
  const isNew = !RunStore.exists(folder);
  if (isNew) await createRun(folder, bundle, config, request.runs);
  const opened = openStore(folder, false);
  const code = await writeCode(bundle, folder, request.runs);
  assertFits(folder, task, opened.store);
  return { name, folder, config, task, code, isNew, ...opened };
}

/** Opens a run's store, locked if it is to be written; what is damaged is said on standard error. */
function openStore(folder: string, readOnly: boolean): Pick<RunSession, "store" | "close"> {
  const disk = illume.folderDisk(folder);
  const lock = readOnly ? null : illume.lockRun(folder);
  try {
    const store = RunStore.open(disk, { readOnly, ...(lock === null ? {} : { isHeld: lock.isHeld }) });
    for (const damage of store.damage) process.stderr.write(`illume: run ${basename(folder)}: ${damage}.\n`);
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
function assertFits(folder: string, task: illume.Task, store: illume.RunStore): void {
  const problems = store.state === null ? [] : illume.checkRunState(task, store.state);
  if (problems.length > 0)
    throw new InputError(
      problems.map((problem) => `run ${folder} must hold what its experiment gives; ${problem}`),
    );
}

/** Makes a run's folder as a whole: a kill at any moment leaves either no run of that name or one that can be opened. */
async function createRun(
  folder: string,
  bundle: illume.Bundle,
  config: illume.RunConfig,
  runs: string,
): Promise<void> {
  const draft = join(resolve(runs), ".new", `${basename(folder)}-${process.pid}`);
  await rm(draft, { recursive: true, force: true });
  await writeCode(bundle, draft, runs);
  await RunStore.create(illume.folderDisk(draft), config);
  try {
    await rename(draft, folder);
  } catch (error) {
    await rm(draft, { recursive: true, force: true });
    // Somebody else may have begun the same run in the meantime.
    if (!RunStore.exists(folder)) throw unwritable(runs, error);
  }
}

/** Writes a bundle below the folder of runs. */
async function writeCode(bundle: illume.Bundle, folder: string, runs: string): Promise<string> {
  try {
    return await illume.writeBundle(bundle, folder);
  } catch (error) {
    throw unwritable(runs, error);
  }
}

const unwritable = (runs: string, error: unknown): Error =>
  new InputError(`--runs must be a folder that can be written; got ${runs}: ${(error as Error).message}.`);

/** The folder of a run given by path, by name, or by the beginning of its name. */
export function findRun(given: string, runs: string): string {
  for (const folder of [resolve(given), join(resolve(runs), given)])
    if (RunStore.exists(folder)) return folder;
  const matches = runNames(runs).filter((name) => name.startsWith(given));
  if (matches.length === 1) return join(resolve(runs), matches[0] as string);
  if (matches.length > 1)
    throw new InputError(`run must be named so that it is unique; ${given} may be ${matches.join(", ")}.`);
  throw new InputError(
    `run must be the name or folder of a stored run; got ${given}. illume ls shows the runs.`,
  );
}

/** Names of the stored runs, sorted. */
export function runNames(runs: string): string[] {
  const folder = resolve(runs);
  if (!existsSync(folder)) return [];
  if (!statSync(folder).isDirectory()) throw new InputError(`--runs must be a folder; got ${runs}.`);
  return readdirSync(folder)
    .filter((name) => RunStore.exists(join(folder, name)))
    .sort();
}

/**
 * Opens a stored run with the code that it was started with.
 * @throws InputError if the code is missing, or tokens would mean something else in this version
 */
export async function openRun(given: string, runs: string, readOnly = false): Promise<RunSession> {
  const folder = findRun(given, runs);
  const opened = openStore(folder, readOnly);
  try {
    return await describeRun(folder, opened);
  } catch (error) {
    await opened.close();
    throw error;
  }
}

async function describeRun(folder: string, opened: Pick<RunSession, "store" | "close">): Promise<RunSession> {
  const { config } = opened.store;
  const code = join(folder, `experiment-${config.codeDigest}.mjs`);
  if (!existsSync(code)) throw new InputError(`run ${folder} must hold its code ${code}; it is missing.`);
  if (illume.digestOf(readFileSync(code)) !== config.codeDigest)
    throw new InputError(`run ${folder} must hold the code that it was started with; ${code} has changed.`);
  const experiment = await illume.loadBundle(code, host);
  const task = illume.compileTask(experiment, illume.completeParameters(config.parameters));
  if (illume.digestOf(task.grammar.fingerprint) !== config.grammarDigest)
    throw new InputError(
      `run ${folder} must be of this version's language "${task.grammar.language.name}"; its primitives have changed since. Use the version of Illume that made it.`,
    );
  assertFits(folder, task, opened.store);
  return { name: basename(folder), folder, config, task, code, ...opened };
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
