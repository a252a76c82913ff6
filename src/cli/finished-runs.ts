import { InputError, isEnd, type RunRecord, storedRunRecord, type Variant } from "../index.ts";
import { mapShape } from "./map-shape.ts";
import { openShownRun } from "./run-session.ts";

/** Runs that are stored, as variants. */
export interface FinishedRuns {
  readonly variants: readonly Variant[];
  readonly experiment: string;
  readonly hasTarget: boolean;
  readonly offset: number | null;
  /** What is to be said of how they were run. */
  readonly notes: readonly string[];
}

/**
 * Stored runs, those that differ in their seeds alone as one variant.
 * @throws InputError where one has no epoch, or all are of one variant
 */
export async function finishedRuns(names: readonly string[], runs: string): Promise<FinishedRuns> {
  const groups = new Map<string, { parameters: Readonly<Record<string, unknown>>; records: RunRecord[] }>();
  const cells = new Set<string>();
  let experiment = "";
  let hasTarget = false;
  let offset = 0;
  const seen = new Set<string>();
  for (const given of names) {
    const run = await openShownRun(given, runs, { experiment: undefined, trust: false });
    try {
      const { config, store, shown } = run;
      const { state, metrics } = store;
      if (state === null || metrics.length === 0)
        throw new InputError(`run ${given} must have finished an epoch to be compared; it has not.`);
      if (seen.has(run.folder)) throw new InputError(`each run must be given once; ${run.name} is twice.`);
      seen.add(run.folder);
      const stop = metrics.at(-1)?.stop ?? null;
      if (!isEnd(stop))
        throw new InputError(
          `run ${run.name} must have come to its end to be compared; it is ${stop ?? "unfinished"}. illume resume goes on with it.`,
        );
      const key = JSON.stringify({ ...config, seed: "" });
      const group = groups.get(key) ?? { parameters: config.parameters, records: [] };
      groups.set(key, group);
      group.records.push(storedRunRecord({ name: run.name, seed: config.seed }, shown, metrics, state));
      cells.add(mapShape(shown));
      experiment ||= config.experiment;
      hasTarget ||= shown.target !== null;
      ({ offset } = shown);
    } finally {
      await run.close();
    }
  }
  if (groups.size < 2)
    throw new InputError(
      `runs must be of two variants at least to be compared; the ${names.length} given differ in nothing but seeds.`,
    );
  const all = [...groups.values()];
  const variants = all.map(({ parameters, records }, k) => {
    // Which of them is as the experiment says is not known here.
    const changed = Object.keys(parameters).filter((name) =>
      all.some((other) => parameters[name] !== other.parameters[name]),
    );
    const settings = changed.map((name) => `${name}=${String(parameters[name])}`).join(",");
    const name = settings === "" ? (k === 0 ? experiment : `${experiment} ${k + 1}`) : settings;
    return { name, isControl: false, runs: records };
  });
  return { variants, experiment, hasTarget, offset: cells.size === 1 ? offset : null, notes: [] };
}
