import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { excerpt, InputError, RunStore } from "../index.ts";
import { readConfiguration, readSettings } from "./configuration.ts";
import { type LoadedExperiment, loadVariants } from "./experiment-source.ts";
import { isRun } from "./run-folder.ts";

/** A search with settings, to be run with several seeds. */
export interface SearchVariant {
  readonly name: string;
  readonly loaded: LoadedExperiment;
}

const MOST_VARIANTS = 50;
export const MOST_SEEDS = 1000;

/** Whether a word names a stored run, and not an experiment or a file. */
export const namesRun = (word: string, runs: string): boolean =>
  (RunStore.exists(resolve(word)) && !/\.(json|[mc]?[tj]s)$/.test(word)) || isRun(resolve(runs, word));

/**
 * The variants that are compared: experiments, each with every configuration file, or one as it is and with some settings.
 * @param words names and files of experiments, and configuration files (.json)
 * @param shared settings of all variants, before their own
 * @param settings each `name=value`, or some of these with commas between
 * @throws InputError where there are fewer than two, or one of them is wrong
 */
export async function searchVariants(
  words: readonly string[],
  settings: readonly string[],
  budgetCandidates: number | undefined,
  shared: Readonly<Record<string, unknown>> = {},
): Promise<SearchVariant[]> {
  const files = words.filter((word) => word.endsWith(".json"));
  const experiments = words.filter((word) => !word.endsWith(".json"));
  const [first] = experiments;
  if (first === undefined)
    throw new InputError(
      `an experiment must be named, or a file of one; got ${words.length === 0 ? "none" : excerpt(words.join(", "))}.`,
    );
  if (experiments.length > 1 && (settings.length > 0 || files.length > 0))
    throw new InputError(
      `--set and configuration files must go with one experiment; got ${experiments.length}: ${excerpt(experiments.join(", "))}.`,
    );
  const wishes = [
    ...experiments.map((experiment) => ({ name: experiment, experiment, parameters: {}, budget: undefined })),
    ...files.map((file) => {
      if (!existsSync(file))
        throw new InputError(`a configuration file must be there; ${excerpt(file)} is not.`);
      const { set = {}, budget, ...others } = readConfiguration(file);
      const [other] = Object.keys(others);
      if (other !== undefined)
        throw new InputError(`${file} must have set and budget alone to be a variant; it has ${other}.`);
      return { name: file, experiment: first, parameters: set, budget };
    }),
    ...settings.map((setting) => ({
      name: setting,
      experiment: first,
      parameters: readSettings(setting.split(",")),
      budget: undefined,
    })),
  ];
  if (wishes.length < 2)
    throw new InputError(
      `two variants must be there to be compared; got one, ${excerpt(first)}. Give another experiment, a configuration file, or --set name=value.`,
    );
  if (wishes.length > MOST_VARIANTS)
    throw new InputError(`at most ${MOST_VARIANTS} variants are compared at a time; got ${wishes.length}.`);
  const names = wishes.map(({ name }) => name);
  const twice = names.find((name, k) => names.indexOf(name) < k);
  if (twice !== undefined)
    throw new InputError(`each variant must be given once; ${excerpt(twice)} is twice.`);
  const variants: SearchVariant[] = [];
  for (const experiment of experiments) {
    const own = wishes.filter((wish) => wish.experiment === experiment);
    const loaded = await loadVariants(
      experiment,
      own.map(({ parameters, budget }) => ({
        parameters: { ...shared, ...parameters },
        budgetCandidates: budgetCandidates ?? budget,
      })),
    );
    for (const [k, { name }] of own.entries()) variants.push({ name, loaded: loaded[k] as LoadedExperiment });
  }
  const budgets = new Set(variants.map(({ loaded }) => loaded.budgetCandidates));
  if (budgets.size > 1)
    throw new InputError(
      `variants must have equal budgets to be compared; got ${[...budgets].join(", ")} candidates. Give --budget.`,
    );
  return variants;
}

/**
 * The seeds of a comparison: so many from 1 on, or those from a number to another.
 * @throws InputError where it is neither
 */
export function seedsOf(text: string): string[] {
  const [, from, to] = /^(\d{1,9})-(\d{1,9})$/.exec(text) ?? [];
  const [first, last] = from === undefined ? [1, Number(text)] : [Number(from), Number(to)];
  const count = last - first + 1;
  if (!Number.isInteger(count) || count < 1 || count > MOST_SEEDS)
    throw new InputError(
      `--seeds must be how many there are to be, or the first and the last one, such as 101-130; at most ${MOST_SEEDS}; got ${excerpt(text)}.`,
    );
  return Array.from({ length: count }, (_, k) => String(first + k));
}
