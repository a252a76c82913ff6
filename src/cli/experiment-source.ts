import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import * as dsl from "../../dsl/index.ts";
import * as illume from "../index.ts";
import { privateCopy } from "./own-code.ts";

const { InputError } = illume;
const host: illume.HostModules = { illume, "illume/dsl": dsl };

/** The experiments that ship with Illume. */
const shippedExperiments = join(illume.packageFolder, "experiments");

/** Names of the experiments that ship with Illume. */
export function shippedExperimentNames(): string[] {
  const folder = shippedExperiments;
  return existsSync(folder)
    ? readdirSync(folder, { withFileTypes: true })
        .filter((entry) => entry.isDirectory())
        .map((entry) => entry.name)
        .filter((name) => existsSync(join(folder, name, `${name}.ts`)))
        .sort()
    : [];
}

/** The file of an experiment named on the command line. */
function experimentFile(name: string): string {
  if (/[/\\.]/.test(name)) return name;
  const file = join(shippedExperiments, name, `${name}.ts`);
  if (existsSync(file)) return file;
  throw new InputError(
    `experiment must be a file or one of ${shippedExperimentNames().join(", ")}; got ${name}. A file is named with its ending: ${name}.ts.`,
  );
}

const DEFAULT_BUDGET_CANDIDATES = 1_000_000;

export interface ExperimentRequest {
  /** A shipped experiment's name or a file. */
  readonly experiment: string;
  readonly budgetCandidates: number | undefined;
  readonly parameters: Readonly<Record<string, unknown>>;
}

/** An experiment named on the command line, ready to run. */
export interface LoadedExperiment {
  readonly experiment: illume.Experiment;
  readonly bundle: illume.Bundle;
  /** Path of the bundle. */
  readonly code: string;
  readonly task: illume.Task;
  readonly budgetCandidates: number;
}

/** The code of an experiment named on the command line. */
export const bundleSource = (name: string): Promise<illume.Bundle> =>
  illume.bundleExperiment(experimentFile(name), host);

/** Executes an experiment's code, from a copy that nobody else writes. */
export async function loadCode(
  bundle: illume.Bundle,
): Promise<{ readonly code: string; readonly experiment: illume.Experiment }> {
  const code = privateCopy(bundle);
  return { code, experiment: await illume.loadBundle(code, host) };
}

function checkBudget(candidates: number): void {
  if (!Number.isSafeInteger(candidates) || candidates < 1)
    throw new InputError(`--budget must be a whole number of candidates of at least 1; got ${candidates}.`);
}

/** Parameters on top of an experiment's own, and candidates that a run of it may take. */
type Wishes = Omit<ExperimentRequest, "experiment">;

/** First what costs nothing to find. */
function checkWishes({ parameters, budgetCandidates }: Wishes): void {
  illume.checkParameters(parameters);
  if (budgetCandidates !== undefined) checkBudget(budgetCandidates);
}

/** Loads an experiment from its source. */
export async function loadExperiment({
  experiment,
  ...wishes
}: ExperimentRequest): Promise<LoadedExperiment> {
  const [loaded] = await loadVariants(experiment, [wishes]);
  return loaded as LoadedExperiment;
}

/** Loads an experiment from its source once, and completes it in several ways. */
export async function loadVariants(name: string, variants: readonly Wishes[]): Promise<LoadedExperiment[]> {
  for (const wishes of variants) checkWishes(wishes);
  const bundle = await bundleSource(name);
  const { code, experiment } = await loadCode(bundle);
  return variants.map(({ parameters, budgetCandidates }) => {
    const budget = budgetCandidates ?? experiment.budget ?? DEFAULT_BUDGET_CANDIDATES;
    checkBudget(budget);
    return { bundle, code, budgetCandidates: budget, ...completed(experiment, parameters) };
  });
}

/**
 * The same experiment with other parameters on top of its own.
 * @throws InputError where it cannot have them
 */
export const withParameters = (
  loaded: LoadedExperiment,
  parameters: Readonly<Record<string, unknown>>,
): LoadedExperiment => ({ ...loaded, ...completed(loaded.experiment, parameters) });

function completed(
  experiment: illume.Experiment,
  wanted: Readonly<Record<string, unknown>>,
): Pick<LoadedExperiment, "experiment" | "task"> {
  const parameters = illume.completeParameters({ ...experiment.parameters, ...wanted });
  return { experiment: { ...experiment, parameters }, task: illume.compileTask(experiment, parameters) };
}
