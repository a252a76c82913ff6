import { type ComparisonMeasure, InputError, type ParameterSpace, searchSpace } from "../index.ts";
import { commandTarget } from "./command-target.ts";
import type { Configuration } from "./configuration.ts";
import { type LoadedExperiment, loadExperiment } from "./experiment-source.ts";
import { searchTarget } from "./search-target.ts";
import { readTuningSpace } from "./tuning-space.ts";
import type { TuningTarget } from "./tuning-target.ts";

/** Fractions of a full run that searches are looked at; commands are run in full. */
const RUNGS = [1 / 9, 1 / 3, 1];

/** What a command line says of what is tuned. */
export interface TuningWishes {
  /** Experiments to tune on; none with a command. */
  readonly experiments: readonly string[];
  readonly command: string | undefined;
  readonly space: string | undefined;
  readonly parameters: string | undefined;
  readonly instances: string | undefined;
  readonly validate: string | undefined;
  readonly minimize: boolean;
  readonly timeout: number;
  /** Candidates of a full run. */
  readonly runBudget: number | undefined;
  /** Options of a configuration file: settings of all runs, and candidates of each. */
  readonly file: Pick<Configuration, "budget" | "set">;
  readonly measure: ComparisonMeasure | undefined;
  readonly runs: string;
}

/** What is tuned, ready to be. */
export interface TuningQuestion {
  readonly name: string;
  readonly space: ParameterSpace;
  readonly target: TuningTarget;
  readonly rungs: readonly number[];
  readonly runCandidates: number | null;
  /** Seeds that differ, at most; null where any number does. */
  readonly seeds: number | null;
  /** What scores depend on. */
  readonly identity: readonly unknown[];
  /** What is to be said of the space. */
  readonly notes: readonly string[];
}

/**
 * What a command line asks to be tuned.
 * @throws InputError where its parts do not go together, or one of them is wrong
 */
export async function tuningQuestion(wishes: TuningWishes, workers: number): Promise<TuningQuestion> {
  const { command } = wishes;
  const question =
    command === undefined ? await searches(wishes, workers) : program(wishes, command, workers);
  const { instances, validation } = question.target;
  const all = [...instances, ...validation];
  const twice = all.find((instance, k) => all.indexOf(instance) < k);
  if (twice !== undefined)
    throw new InputError(
      `each ${command === undefined ? "experiment" : "instance"} must be given once; ${twice} is twice.`,
    );
  return question;
}

const listed = (text: string | undefined): string[] =>
  (text ?? "")
    .split(",")
    .map((one) => one.trim())
    .filter((one) => one !== "");

const MOST_NAMES = 3;
/** Names in their order; of many the first and the last. */
const nameOf = (names: readonly string[]): string =>
  names.length > MOST_NAMES ? `${names[0]}-to-${names.at(-1)}` : names.join("-");

/** Searches of experiments. */
async function searches(args: TuningWishes, workers: number): Promise<TuningQuestion> {
  if (args.experiments.length === 0)
    throw new InputError("an experiment must be named, or --command given; got neither.");
  if (args.minimize) throw new InputError("--minimize must go with --command; experiments have a fitness.");
  if (args.runBudget !== undefined && !(Number.isSafeInteger(args.runBudget) && args.runBudget >= 1))
    throw new InputError(
      `--run-budget must be a whole number of candidates of at least 1; got ${args.runBudget}.`,
    );
  for (const option of ["space", "instances"] as const)
    if (args[option] !== undefined)
      throw new InputError(`--${option} must go with --command; experiments have search parameters.`);
  const names = [...args.experiments, ...listed(args.validate)];
  const loaded: LoadedExperiment[] = [];
  const { set = {}, budget } = args.file;
  const request = { budgetCandidates: args.runBudget ?? budget, parameters: set };
  for (const experiment of names) loaded.push(await loadExperiment({ experiment, ...request }));
  const tunedOn = loaded.slice(0, args.experiments.length);
  const wanted = args.parameters === undefined ? undefined : listed(args.parameters);
  const { space, refused } = searchSpace(
    tunedOn.map(({ experiment }) => experiment),
    wanted,
  );
  const [first] = tunedOn as [LoadedExperiment];
  const target = searchTarget(loaded, {
    tunedOn: tunedOn.length,
    measure: args.measure,
    runs: args.runs,
    workers,
  });
  return {
    name: nameOf(target.instances),
    space,
    target,
    rungs: RUNGS,
    runCandidates: first.budgetCandidates,
    seeds: null,
    identity: [
      "searches",
      loaded.map(({ bundle, budgetCandidates }) => [bundle.digest, budgetCandidates]),
      args.measure ?? null,
      set,
    ],
    notes: refused,
  };
}

/** Any program. */
function program(args: TuningWishes, command: string, workers: number): TuningQuestion {
  const { space: file, timeout, minimize } = args;
  if (args.experiments.length > 0)
    throw new InputError(`--command must go without experiments; got ${args.experiments.join(", ")}.`);
  if (file === undefined)
    throw new InputError("--command must go with --space, a JSON file of its parameters.");
  for (const option of ["parameters", "runBudget", "measure"] as const)
    if (args[option] !== undefined)
      throw new InputError(
        `--${option === "runBudget" ? "run-budget" : option} must go with experiments; a command has a space of its own.`,
      );
  if (!(timeout > 0)) throw new InputError(`--timeout must be a number of seconds above 0; got ${timeout}.`);
  const space = readTuningSpace(file);
  const hasSeed = command.includes("{seed}");
  const [instances, validation] = [listed(args.instances), listed(args.validate)];
  const target = commandTarget(command, space, {
    instances,
    validation,
    isMinimized: minimize,
    timeoutSeconds: timeout,
    workers,
  });
  return {
    name: "command",
    space,
    target,
    rungs: [1],
    runCandidates: null,
    seeds: hasSeed ? null : 1,
    identity: ["command", command, instances, validation, minimize, timeout],
    notes: hasSeed ? [] : ["the command has no {seed}: settings are run once on each instance"],
  };
}
