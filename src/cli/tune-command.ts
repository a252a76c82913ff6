import { join, relative, resolve } from "node:path";
import {
  digestOf,
  InputError,
  type Landscape,
  landscapeOf,
  parameterImportance,
  parameterNames,
  type ParameterSpace,
  rootKey,
  Tuner,
  type TuningSummary,
} from "../index.ts";
import { showBatchProgress } from "./batch-progress.ts";
import { makeFolder, writeFiles } from "./output-files.ts";
import { printable } from "./printable.ts";
import { workerCount } from "./run-session.ts";
import {
  type Evidence,
  landscapePicture,
  tuningFragment,
  tuningLines,
  tuningObject,
  tuningPlan,
  type TuningResult,
} from "./tune-report.ts";
import { evidenceOf } from "./tuning-evidence.ts";
import { TuningJournal } from "./tuning-journal.ts";
import { tuningQuestion, type TuningWishes } from "./tuning-question.ts";
import { TuningSearch } from "./tuning-search.ts";

/** Trials that are asked for at a time, whatever the number of workers. */
const PARALLEL = 8;
const DEFAULT_RUNS = 100;
const MOST_EVIDENCE_SEEDS = 1000;

export interface TuneArguments extends TuningWishes {
  /** Full runs. */
  readonly budget: number | undefined;
  readonly hours: number | undefined;
  readonly evidence: number;
  readonly seed: string;
  readonly workers: string;
  readonly out: string | undefined;
  readonly json: boolean;
}

/** illume tune: exit code. */
export async function tuneCommand(args: TuneArguments): Promise<number> {
  const { seed, hours } = args;
  const workers = workerCount(args.workers);
  const budget = args.budget ?? DEFAULT_RUNS;
  if (!(budget >= 1))
    throw new InputError(`--budget must be a number of full runs of at least 1; got ${budget}.`);
  if (hours !== undefined && !(hours > 0))
    throw new InputError(`--hours must be a number above 0; got ${hours}.`);
  if (!(Number.isInteger(args.evidence) && args.evidence >= 0 && args.evidence <= MOST_EVIDENCE_SEEDS))
    throw new InputError(
      `--evidence must be a number of seeds from 0 to ${MOST_EVIDENCE_SEEDS}; got ${args.evidence}.`,
    );
  const question = await tuningQuestion(args, workers);
  const { name, space, target, rungs, runCandidates, seeds } = question;
  const evidence = Math.min(args.evidence, seeds ?? args.evidence);
  const folder = args.out ?? join("tunings", name);
  const tuner = new Tuner({
    space,
    instances: target.instances.length,
    rungs,
    budget,
    key: rootKey(seed),
    parallel: PARALLEL,
    ...(seeds === null ? {} : { seeds }),
  });
  makeFolder(folder, "--out");
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
    (share) => {
      done += share;
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
