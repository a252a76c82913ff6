import { mkdirSync } from "node:fs";
import { join, relative, resolve } from "node:path";
import {
  type ComparisonMeasure,
  compareSamples,
  digestOf,
  holm,
  InputError,
  type Landscape,
  landscapeOf,
  median,
  parameterImportance,
  parameterNames,
  type ParameterSpace,
  rootKey,
  searchSpace,
  Tuner,
  type TuningSummary,
} from "../index.ts";
import { showBatchProgress } from "./batch-progress.ts";
import { commandTarget } from "./command-target.ts";
import type { Configuration } from "./configuration.ts";
import { type LoadedExperiment, loadExperiment, withParameters } from "./experiment-source.ts";
import { writeFiles } from "./output-files.ts";
import { printable } from "./printable.ts";
import { workerCount } from "./run-session.ts";
import { searchTarget } from "./search-target.ts";
import {
  type Evidence,
  landscapePicture,
  tuningFragment,
  tuningLines,
  tuningObject,
  tuningPlan,
  type TuningResult,
} from "./tune-report.ts";
import { TuningJournal } from "./tuning-journal.ts";
import { TuningSearch } from "./tuning-search.ts";
import { readTuningSpace } from "./tuning-space.ts";
import type { TuningTarget } from "./tuning-target.ts";

/** Fractions of a full run that searches are looked at; commands are run in full. */
const RUNGS = [1 / 9, 1 / 3, 1];
/** Trials that are asked for at a time, whatever the number of workers. */
const PARALLEL = 8;
const DEFAULT_RUNS = 100;
/** The first seed of the evidence: the tuning has not seen it. */
const FIRST_FRESH_SEED = 1_000_001;
const MOST_EVIDENCE_SEEDS = 1000;

export interface TuneArguments {
  /** Experiments to tune on; none with a command. */
  readonly experiments: readonly string[];
  readonly command: string | undefined;
  readonly space: string | undefined;
  readonly parameters: string | undefined;
  readonly instances: string | undefined;
  readonly validate: string | undefined;
  readonly minimize: boolean;
  readonly timeout: number;
  /** Full runs. */
  readonly budget: number | undefined;
  /** Candidates of a full run. */
  readonly runBudget: number | undefined;
  readonly hours: number | undefined;
  /** Options of a configuration file: settings of all runs, and candidates of each. */
  readonly file: Pick<Configuration, "budget" | "set">;
  readonly measure: ComparisonMeasure | undefined;
  readonly evidence: number;
  readonly seed: string;
  readonly workers: string;
  readonly runs: string;
  readonly out: string | undefined;
  readonly json: boolean;
}

/** What is tuned, ready to be. */
interface Question {
  readonly name: string;
  readonly space: ParameterSpace;
  readonly target: TuningTarget;
  readonly rungs: readonly number[];
  readonly runCandidates: number | null;
  /** What scores depend on. */
  readonly identity: readonly unknown[];
  /** What is to be said of the space. */
  readonly notes: readonly string[];
}

/** illume tune: exit code. */
export async function tuneCommand(args: TuneArguments): Promise<number> {
  const { seed, hours, evidence } = args;
  const workers = workerCount(args.workers);
  const budget = args.budget ?? DEFAULT_RUNS;
  if (!(budget >= 1))
    throw new InputError(`--budget must be a number of full runs of at least 1; got ${budget}.`);
  if (hours !== undefined && !(hours > 0))
    throw new InputError(`--hours must be a number above 0; got ${hours}.`);
  if (!(Number.isInteger(evidence) && evidence >= 0 && evidence <= MOST_EVIDENCE_SEEDS))
    throw new InputError(
      `--evidence must be a number of seeds from 0 to ${MOST_EVIDENCE_SEEDS}; got ${evidence}.`,
    );
  const question = args.command === undefined ? await searches(args, workers) : program(args, workers);
  const { name, space, target, rungs, runCandidates } = question;
  const folder = args.out ?? join("tunings", name);
  const all = [...target.instances, ...target.validation];
  const twice = all.find((instance, k) => all.indexOf(instance) < k);
  if (twice !== undefined)
    throw new InputError(
      `each ${runCandidates === null ? "instance" : "experiment"} must be given once; ${twice} is twice.`,
    );
  const tuner = new Tuner({
    space,
    instances: target.instances.length,
    rungs,
    budget,
    key: rootKey(seed),
    parallel: PARALLEL,
  });
  try {
    mkdirSync(folder, { recursive: true });
  } catch (error) {
    throw new InputError(`--out must be a folder that can be written; ${(error as Error).message}.`);
  }
  const journal = new TuningJournal(
    join(folder, "scores.log"),
    digestOf(JSON.stringify([...question.identity, space, seed])),
  );
  const started = performance.now();
  let stop = null as "interrupted" | "time" | null;
  const interrupt = (): void => {
    // Every score is stored as soon as it is there.
    if (stop === "interrupted") void target.close().finally(() => process.exit(130));
    else process.stderr.write("\nending the runs at hand; once more to stop at once\n");
    stop = "interrupted";
  };
  const signals = ["SIGINT", "SIGTERM", "SIGHUP"] as const;
  for (const signal of signals) process.on(signal, interrupt);
  const progress = await showBatchProgress(args.json);
  if (!args.json)
    process.stderr.write(
      [
        ...question.notes,
        tuningPlan(name, parameterNames(space).length, budget, target.instances.length),
        "",
      ].join("\n"),
    );
  const total = budget + 2 * evidence * (target.instances.length + target.validation.length);
  let done = 0;
  const search = new TuningSearch(
    target,
    journal,
    () => {
      if (hours !== undefined && performance.now() - started > 3_600_000 * hours) stop ??= "time";
      return stop !== null;
    },
    ({ fraction }) => {
      // What was run before of it was counted then.
      done += fraction - (rungs[rungs.indexOf(fraction) - 1] ?? 0);
      progress.update(done, total);
    },
  );
  let shown: readonly Evidence[] | null = null;
  try {
    const isDone = await search.tune(tuner, rungs);
    if (isDone) shown = await evidenceOf(search, target, tuner, evidence);
  } finally {
    journal.close();
    await target.close();
    progress.end();
    for (const signal of signals) process.off(signal, interrupt);
  }
  const summary = tuner.summary();
  const result: TuningResult = {
    name,
    space,
    summary,
    runCandidates,
    ...insights(space, summary, seed),
    evidence: shown ?? [],
    failures: [...search.failures].map(([failure, count]) => ({ failure, count })),
  };
  const picture = result.landscape === null ? null : landscapePicture(result, result.landscape);
  const { configuration = {} } = summary.configurations[summary.best] ?? {};
  await writeFiles(
    [
      { path: join(folder, "best.json"), text: `${JSON.stringify({ set: configuration }, null, 2)}\n` },
      { path: join(folder, "tuning.json"), text: `${JSON.stringify(tuningObject(result))}\n` },
      { path: join(folder, "report.html"), text: tuningFragment(result, picture) },
      ...(picture === null ? [] : [{ path: join(folder, "landscape.svg"), text: picture }]),
    ],
    "--out",
    true,
  );
  const place = printable(relative("", resolve(folder)) || ".");
  process.stdout.write(
    args.json
      ? `${JSON.stringify({ stop: stop ?? "budget", ...(tuningObject(result) as object) })}\n`
      : [
          ...tuningLines(result),
          "",
          `written to ${place}; best.json goes with --config`,
          ...(shown === null ? ["not at its end: the same command goes on"] : []),
          "",
        ].join("\n"),
  );
  return stop === "interrupted" ? 130 : 0;
}

/** Which parameters matter, and the map over the two that matter most. */
function insights(
  space: ParameterSpace,
  { configurations }: TuningSummary,
  seed: string,
): Pick<TuningResult, "importance" | "landscape"> {
  const tried = configurations.filter(({ trials }) => trials.length > 0);
  const importance = parameterImportance(
    space,
    tried.map(({ configuration }) => configuration),
    tried.map(({ strength }) => strength),
    rootKey(seed),
  );
  const [first, second] = importance;
  const landscape: Landscape | null =
    first === undefined || second === undefined
      ? null
      : landscapeOf(space, [first.name, second.name], configurations);
  return { importance, landscape };
}

/** The best against the default in full runs with fresh seeds; null where it was ended before. */
async function evidenceOf(
  search: TuningSearch,
  { instances, validation, shown }: TuningTarget,
  tuner: Tuner,
  count: number,
): Promise<Evidence[] | null> {
  const { best } = tuner.summary();
  if (count === 0 || best === 0) return [];
  const seeds = Array.from({ length: count }, (_, k) => String(FIRST_FRESH_SEED + k));
  const all = [...instances, ...validation];
  const scores = await search.scoresOf(
    all.flatMap((_, instance) =>
      [best, 0].flatMap((id) =>
        seeds.map((seed) => ({ configuration: tuner.configuration(id), instance, seed, fraction: 1 })),
      ),
    ),
  );
  if (scores === null) return null;
  // What failed is worse than anything.
  const values = scores.map((score) => (Number.isNaN(score) ? Number.NEGATIVE_INFINITY : score));
  const compared = all.map((_, k) => {
    const [tuned, usual] = [0, 1].map((part) => {
      const from = (2 * k + part) * count;
      return seeds.map((seed, at) => ({ seed, value: values[from + at] as number }));
    }) as [{ seed: string; value: number }[], { seed: string; value: number }[]];
    return { tuned, usual, comparison: compareSamples(tuned, usual) };
  });
  const corrected = holm(compared.map(({ comparison }) => comparison.p));
  return compared.map(({ tuned, usual, comparison }, k) => ({
    instance: all[k] as string,
    isTuned: k < instances.length,
    seeds: count,
    bestMedian: shown(median(tuned.map(({ value }) => value))),
    defaultMedian: shown(median(usual.map(({ value }) => value))),
    a12: comparison.a12,
    a12Interval: comparison.a12Interval,
    p: comparison.p,
    correctedP: corrected[k] as number,
  }));
}

const listed = (text: string | undefined): string[] =>
  (text ?? "")
    .split(",")
    .map((one) => one.trim())
    .filter((one) => one !== "");

/** Searches of experiments. */
async function searches(args: TuneArguments, workers: number): Promise<Question> {
  if (args.experiments.length === 0)
    throw new InputError("an experiment must be named, or --command given; got neither.");
  for (const option of ["space", "instances"] as const)
    if (args[option] !== undefined)
      throw new InputError(`--${option} must go with --command; experiments have search parameters.`);
  const names = [...args.experiments, ...listed(args.validate)];
  const loaded: LoadedExperiment[] = [];
  const { set = {}, budget } = args.file;
  for (const name of names) {
    const budgetCandidates = args.runBudget ?? budget;
    const one = await loadExperiment({ experiment: name, budgetCandidates, parameters: {} });
    loaded.push(withParameters(one, set));
  }
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
    name: tunedOn.map(({ experiment }) => experiment.name).join("-"),
    space,
    target,
    rungs: RUNGS,
    runCandidates: first.budgetCandidates,
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
function program(args: TuneArguments, workers: number): Question {
  const { command = "", space: file, timeout, minimize } = args;
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
    identity: ["command", command, instances, validation, minimize, timeout],
    notes: [],
  };
}
