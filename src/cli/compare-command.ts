import { join, relative } from "node:path";
import {
  type ComparisonMeasure,
  comparisonPicture,
  comparisonTable,
  compareVariants,
  count,
  digestOf,
  type Experiment,
  InputError,
  plannedSeeds,
  type RunRecord,
  type Variant,
} from "../index.ts";
import { showBatchProgress } from "./batch-progress.ts";
import { comparisonLines, comparisonObject, planText } from "./compare-report.ts";
import type { Configuration } from "./configuration.ts";
import { MOST_SEEDS, namesRun, type SearchVariant, searchVariants, seedsOf } from "./compared-variants.ts";
import { joinedRuns, randomSearch, RESTARTS, restartedSearch, restartSeed } from "./control-runs.ts";
import { type FinishedRuns, finishedRuns } from "./finished-runs.ts";
import { mapShape } from "./map-shape.ts";
import { makeFolder, writeFiles } from "./output-files.ts";
import { printable } from "./printable.ts";
import { type BatchRun, runBatch } from "./run-batch.ts";
import { workerCount } from "./run-session.ts";

/** More candidates than any run has time for: then evaluations or seconds end it. */
const ENDLESS_CANDIDATES = 1e12;

export interface CompareArguments {
  /** Experiments, configuration files or stored runs. */
  readonly subjects: readonly string[];
  readonly set: readonly string[];
  readonly seeds: string | undefined;
  /** Smallest A12 that is to be found, where the number of seeds is not told. */
  readonly effect: number;
  readonly budget: number | undefined;
  /** Options of a configuration file, for all variants. */
  readonly file: Pick<Configuration, "budget" | "set">;
  readonly evaluations: number | undefined;
  readonly seconds: number | undefined;
  readonly measure: ComparisonMeasure | undefined;
  readonly controls: boolean;
  readonly workers: string;
  readonly runs: string;
  readonly out: string | undefined;
  readonly json: boolean;
}

/** illume compare: exit code. */
export async function compareCommand(args: CompareArguments): Promise<number> {
  const workers = workerCount(args.workers);
  if (!(args.effect > 0.5 && args.effect < 1))
    throw new InputError(`--effect must be an A12 between 0.5 and 1; got ${args.effect}.`);
  for (const name of ["evaluations", "seconds"] as const)
    if (args[name] !== undefined && !(args[name] > 0))
      throw new InputError(`--${name} must be a number above 0; got ${args[name]}.`);
  const stored = args.subjects.filter((subject) => namesRun(subject, args.runs));
  const unused = (["seeds", "budget", "evaluations", "seconds"] as const).find(
    (name) => args[name] !== undefined,
  );
  if (stored.length > 0 && unused !== undefined)
    throw new InputError(
      `--${unused} must go with searches that are to be run; stored runs are as they are.`,
    );
  if (stored.length > 0 && (stored.length < args.subjects.length || args.set.length > 0))
    throw new InputError("stored runs must be compared with stored runs; got experiments or --set besides.");
  // Before anything is run.
  if (args.out !== undefined) makeFolder(args.out, "--out");
  const found = stored.length > 0 ? await finishedRuns(stored, args.runs) : await runVariants(args, workers);
  const { variants, hasTarget, offset, experiment } = found;
  const comparison = compareVariants(variants, { measure: args.measure, hasTarget, offset });
  const notes = comparison.measure === "solved-after" ? found.notes : [];
  const object = { ...comparisonObject(comparison), notes };
  const table = comparisonTable(variants);
  const folder = args.out ?? join("comparisons", `${experiment}-${digestOf(table).slice(0, 8)}`);
  makeFolder(folder, "--out");
  const text = `${JSON.stringify(object)}\n`;
  const files = [
    { path: join(folder, "comparison.json"), text },
    { path: join(folder, "runs.csv"), text: table },
    { path: join(folder, "curves.svg"), text: comparisonPicture(experiment, comparison) },
  ];
  await writeFiles(files, "--out", true);
  process.stdout.write(
    args.json
      ? text
      : [
          ...comparisonLines(comparison),
          ...notes,
          "",
          `written to ${printable(relative("", folder) || ".")}`,
          "",
        ].join("\n"),
  );
  return 0;
}

const nameOfFitness = ({ fitness }: Experiment): string =>
  typeof fitness === "string" ? `"${fitness}"` : "a function";

/** Candidates after which it is looked whether a run has reached its target. */
const stepOf = ({ loaded }: SearchVariant): number =>
  Math.min(loaded.budgetCandidates, loaded.task.parameters.islands * loaded.task.parameters.epochCandidates);

/** What is to be said of figures that come in steps which differ. */
function notesOf(searches: readonly SearchVariant[]): string[] {
  const steps = [...new Set(searches.map(stepOf))];
  return steps.length < 2
    ? []
    : [
        `Targets are looked for after whole epochs, every ${steps.map((step) => count(step)).join(" or ")} candidates: a variant with shorter steps may only seem to be sooner. --measure best does without.`,
      ];
}

/** Runs all variants with the same seeds, and the controls. */
async function runVariants(args: CompareArguments, workers: number): Promise<FinishedRuns> {
  const isByCandidates = args.seconds === undefined && args.evaluations === undefined;
  const budget = args.budget ?? (isByCandidates ? args.file.budget : ENDLESS_CANDIDATES);
  const searches = await searchVariants(args.subjects, args.set, budget, args.file.set);
  const fitnesses = new Set(searches.map(({ loaded: { experiment } }) => nameOfFitness(experiment)));
  if (fitnesses.size > 1)
    throw new InputError(
      `experiments must have the same fitness to be compared; got ${[...fitnesses].join(" and ")}.`,
    );
  const controls = !args.controls ? 0 : isByCandidates ? 2 : 1;
  const pairs = (searches.length * (searches.length - 1)) / 2 + searches.length * controls;
  const planned = plannedSeeds(args.effect, pairs);
  if (args.seeds === undefined && planned > MOST_SEEDS)
    throw new InputError(
      `--effect ${args.effect} needs ${planned} seeds, more than ${MOST_SEEDS}; ask for a larger one, or give --seeds.`,
    );
  const seeds = seedsOf(args.seeds ?? String(planned));
  const [first] = searches as [SearchVariant];
  const random = args.controls ? [randomSearch(first)] : [];
  // A part of the budget is one of candidates.
  const restarted = args.controls && isByCandidates ? [restartedSearch(first)] : [];
  const batch: BatchRun[] = [];
  for (const { loaded } of [...searches, ...random])
    for (const seed of seeds)
      batch.push({ loaded, seed, untilEvaluations: args.evaluations, untilSeconds: args.seconds });
  for (const { loaded } of restarted)
    for (const seed of seeds)
      for (let k = 0; k < RESTARTS; k++) batch.push({ loaded, seed: restartSeed(seed, k) });
  const progress = await showBatchProgress(args.json);
  if (!args.json) {
    process.stderr.write(`${planText(searches.length + controls, seeds.length, batch.length)}\n`);
  }
  const runner = runBatch({ runs: args.runs, workers });
  let done = 0;
  let records: RunRecord[];
  try {
    records = await runner.carryOn(batch, () => progress.update(++done, batch.length));
  } finally {
    await runner.close();
    progress.end();
  }
  let at = 0;
  const take = (runs: number): RunRecord[] => records.slice(at, (at += runs));
  const variants: Variant[] = [
    ...searches.map(({ name }) => ({ name, isControl: false, runs: take(seeds.length) })),
    ...random.map(({ name }) => ({ name, isControl: true, runs: take(seeds.length) })),
    ...restarted.map(({ name }) => ({
      name,
      isControl: true,
      runs: seeds.map((seed) => joinedRuns(seed, take(RESTARTS))),
    })),
  ];
  const tasks = searches.map(({ loaded }) => loaded.task);
  const shapes = new Set(tasks.map(mapShape));
  return {
    variants,
    experiment: first.loaded.experiment.name,
    hasTarget: tasks.some(({ target }) => target !== null),
    offset: shapes.size === 1 ? (tasks[0]?.offset ?? null) : null,
    notes: notesOf([...searches, ...random, ...restarted]),
  };
}
