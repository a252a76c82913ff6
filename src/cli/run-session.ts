import { existsSync, lstatSync, mkdirSync, readdirSync, renameSync, rmSync, statSync } from "node:fs";
import { availableParallelism } from "node:os";
import { basename, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import * as dsl from "../../dsl/index.ts";
import { serialExecutor, threadsExecutor } from "../../workers/index.ts";
import * as illume from "../index.ts";
import { isOwn, privateCopy, sealOf } from "./own-code.ts";
import { printable } from "./printable.ts";
import { describedTask, type ShownTask } from "./shown-task.ts";

const { InputError, RunStore } = illume;
const host: illume.HostModules = { illume, "illume/dsl": dsl };

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
  readonly task: illume.Task;
  readonly code: string;
}

/** A run to be shown. */
export interface ShownRun extends StoredRun {
  readonly shown: ShownTask;
  /** Null where the run is shown by its description alone, since its code may not be executed. */
  readonly task: illume.Task | null;
  /** Why that is so. */
  readonly withoutCode: string | null;
}

/** Which code of a stored run may be executed, if none of it is known to be this person's. */
export interface CodeChoice {
  /** The source of the run's experiment: a shipped experiment's name or a file. */
  readonly experiment: string | undefined;
  /** The code in the run's folder, whoever wrote it. */
  readonly trust: boolean;
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

/** An experiment named on the command line, ready to run. */
export interface LoadedExperiment {
  readonly experiment: illume.Experiment;
  readonly bundle: illume.Bundle;
  /** Path of the bundle. */
  readonly code: string;
  readonly task: illume.Task;
  readonly budgetCandidates: number;
}

/** Loads an experiment from its source. */
export async function loadExperiment(
  request: Pick<RunRequest, "experiment" | "budgetCandidates" | "parameters">,
): Promise<LoadedExperiment> {
  const bundle = await illume.bundleExperiment(experimentFile(request.experiment), host);
  const code = privateCopy(bundle);
  const experiment = await illume.loadBundle(code, host);
  const parameters = illume.completeParameters({ ...experiment.parameters, ...request.parameters });
  const task = illume.compileTask(experiment, parameters);
  const budgetCandidates = request.budgetCandidates ?? experiment.budget ?? DEFAULT_BUDGET_CANDIDATES;
  if (!Number.isSafeInteger(budgetCandidates) || budgetCandidates < 1)
    throw new InputError(
      `--budget must be a whole number of candidates of at least 1; got ${budgetCandidates}.`,
    );
  return { experiment, bundle, code, task, budgetCandidates };
}

/** Opens the run that a request names: a new one, or the one that is there already. */
export async function requestRun(request: RunRequest): Promise<RunSession & { readonly isNew: boolean }> {
  const { experiment, bundle, code, task, budgetCandidates } = await loadExperiment(request);
  const config: illume.RunConfig = {
    experiment: experiment.name,
    question: experiment.question ?? "",
    seed: request.seed,
    budgetCandidates,
    parameters: task.parameters,
    codeDigest: bundle.digest,
    grammarDigest: illume.digestOf(task.grammar.fingerprint),
  };
  const name = `${experiment.name}-${request.seed.replaceAll(/[^\w.-]/g, "_").slice(0, 40)}-${identityOf(config)}`;
  const folder = join(resolve(request.runs), name);
  const isNew = !isRun(folder);
  if (isNew) await createRun(folder, bundle, task, config, request.runs);
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
  return { name, folder, config, task, code, isNew, ...opened };
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
        await store.close();
        lock?.release();
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
async function createRun(
  folder: string,
  bundle: illume.Bundle,
  task: illume.Task,
  config: illume.RunConfig,
  runs: string,
): Promise<void> {
  const draft = join(resolve(runs), `.new-${basename(folder)}-${process.pid}`);
  try {
    mkdirSync(resolve(runs), { recursive: true });
    rmSync(draft, { recursive: true, force: true });
    // Fails where there is anything of that name, a link too.
    mkdirSync(draft);
    keepCode(draft, bundle, task);
  } catch (error) {
    throw unwritable(runs, error);
  }
  await illume.RunStore.create(illume.folderDisk(draft), config);
  try {
    renameSync(draft, folder);
  } catch (error) {
    rmSync(draft, { recursive: true, force: true });
    // Somebody else may have begun the same run in the meantime.
    if (!isRun(folder)) throw unwritable(runs, error);
  }
}

const DESCRIPTION = "description.json";
const MAXIMUM_SEAL_BYTES = 1000;
const sealName = (digest: string): string => `experiment-${digest}.seal`;
const decoder = new TextDecoder("utf-8", { ignoreBOM: true });

/** Writes what lies in a run's folder beside its store: code, its seal, and the description. */
function keepCode(folder: string, bundle: illume.Bundle, task: illume.Task): void {
  const disk = illume.folderDisk(folder);
  const put = (name: string, text: string, maximumBytes: number): void => {
    const bytes = Buffer.from(text);
    if (!bytes.equals(disk.read(name, maximumBytes) ?? new Uint8Array(0))) disk.replace(name, bytes);
  };
  put(illume.bundleName(bundle.digest), bundle.code, illume.MAXIMUM_CODE_BYTES);
  const description = illume.descriptionText(task);
  if (description !== null) put(DESCRIPTION, description, illume.MAXIMUM_DESCRIPTION_BYTES);
  const seal = sealFor(bundle);
  if (seal !== null) put(sealName(bundle.digest), `${seal}\n`, MAXIMUM_SEAL_BYTES);
}

/** Marks code that is trusted as this person's, where the run's folder can be written. */
function keepSeal(folder: string, bundle: illume.Bundle): void {
  const seal = sealFor(bundle);
  try {
    if (seal !== null) illume.folderDisk(folder).replace(sealName(bundle.digest), Buffer.from(`${seal}\n`));
  } catch {
    // It is asked for again next time.
  }
}

let hasSaidUnsealed = false;

/** A seal for code; null, with a word on standard error, where this person's key cannot be read or made. */
function sealFor(bundle: illume.Bundle): string | null {
  try {
    return sealOf(bundle.code);
  } catch (error) {
    if (!hasSaidUnsealed)
      process.stderr.write(
        `illume: code of runs cannot be marked as yours, since ${illume.homeFolder()} cannot be used: ${printable((error as Error).message)}. Other commands will ask for --experiment FILE or --trust.\n`,
      );
    hasSaidUnsealed = true;
    return null;
  }
}

const unwritable = (runs: string, error: unknown): Error =>
  new InputError(`--runs must be a folder that can be written; got ${runs}: ${(error as Error).message}.`);

/** Whether a folder, not a link to one, holds a run. */
function isRun(folder: string): boolean {
  try {
    return lstatSync(folder).isDirectory() && RunStore.exists(folder);
  } catch {
    return false;
  }
}

const MAXIMUM_NAMED = 10;

/** The folder of a run given by path, by name, or by the beginning of its name. */
export function findRun(given: string, runs: string): string {
  if (RunStore.exists(resolve(given))) return resolve(given);
  const named = join(resolve(runs), given);
  if (isRun(named)) return named;
  const matches = runNames(runs).filter((name) => name.startsWith(given));
  if (matches.length === 1) return join(resolve(runs), matches[0] as string);
  if (matches.length > MAXIMUM_NAMED) matches.splice(MAXIMUM_NAMED, Number.POSITIVE_INFINITY, "another");
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
    .filter((name) => !name.startsWith(".") && isRun(join(folder, name)))
    .sort();
}

function openStored(given: string, runs: string, readOnly: boolean): StoredRun {
  const folder = findRun(given, runs);
  const opened = openStore(folder, readOnly);
  return { name: basename(folder), folder, config: opened.store.config, ...opened };
}

const ownCodeOnly: CodeChoice = { experiment: undefined, trust: false };

/**
 * Opens a stored run with the code that it was started with, if that may be executed: code in a run's folder is
 * executed only if this person has written it, or says so.
 * @throws InputError if there is no such code, or tokens would mean something else in this version
 */
export async function openRun(
  given: string,
  runs: string,
  readOnly = false,
  choice: CodeChoice = ownCodeOnly,
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
  const bytes = illume.folderDisk(run.folder).read(DESCRIPTION, illume.MAXIMUM_DESCRIPTION_BYTES);
  const description = bytes === null ? null : illume.readDescription(decoder.decode(bytes), run.config);
  if (description === null)
    throw new InputError([
      `run ${run.folder} must hold ${bundle}.`,
      `run ${run.folder} must hold a ${DESCRIPTION} to be shown without its code; it is ${bytes === null ? "missing" : "damaged"}.`,
    ]);
  const shown = describedTask(description, run.config);
  assertFits(run.folder, shown, run.store);
  return { ...run, shown, task: null, withoutCode: bundle };
}

/**
 * The code of a run that may be executed: that of the source that is given, that of the folder if it bears this
 * person's seal, a shipped experiment's own, and that of the folder if it is trusted.
 * @returns the code, or what the run must hold and does not
 */
async function codeOf(run: StoredRun, choice: CodeChoice): Promise<illume.Bundle | string> {
  const { folder, config } = run;
  const digest = config.codeDigest;
  if (choice.experiment !== undefined) {
    const bundle = await illume.bundleExperiment(experimentFile(choice.experiment), host);
    if (bundle.digest === digest) return bundle;
    throw new InputError(
      `--experiment must be what run ${folder} was started with, by this version of Illume; ${choice.experiment} has code of digest ${bundle.digest}, the run's is ${digest}.`,
    );
  }
  const disk = illume.folderDisk(folder);
  const path = join(folder, illume.bundleName(digest));
  const bytes = disk.read(illume.bundleName(digest), illume.MAXIMUM_CODE_BYTES);
  const code = bytes === null ? null : decoder.decode(bytes);
  const isWhole = code !== null && illume.digestOf(code) === digest;
  if (isWhole) {
    const seal = disk.read(sealName(digest), MAXIMUM_SEAL_BYTES);
    if (seal !== null && isOwn(code, decoder.decode(seal))) return { code, digest };
  }
  if (shippedExperimentNames().includes(config.experiment)) {
    const bundle = await illume.bundleExperiment(experimentFile(config.experiment), host);
    if (bundle.digest === digest) return bundle;
  }
  if (code === null) return `its code ${path}; it is missing. Give its source: --experiment FILE`;
  if (!isWhole)
    return `the code that it was started with; ${path} has changed. Give its source: --experiment FILE`;
  if (choice.trust) {
    keepSeal(folder, { code, digest });
    return { code, digest };
  }
  return `code that is known to be yours; ${path} may be somebody else's and is not executed. Give its source: --experiment FILE; or read it, then: --trust`;
}

/** Loads a run's code. What is missing beside the store of a run that is open for writing is written again. */
async function loadRun(run: StoredRun, bundle: illume.Bundle, readOnly: boolean): Promise<RunSession> {
  const { folder, config } = run;
  const code = privateCopy(bundle);
  const experiment = await illume.loadBundle(code, host);
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
  return { ...run, task, code };
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
