import { InputError } from "../dsl/index.ts";
import { unpackCounters } from "./counters.ts";
import type { Experiment } from "./experiment.ts";
import { completeParameters, type Parameters } from "./parameters.ts";
import { emptyQuarantine } from "./quarantine.ts";
import type { RunConfig } from "./run-config.ts";
import { checkRunState } from "./run-state-bytes.ts";
import { endAfter, epochsOfBudget, type RunState } from "./search.ts";
import { compileTask, type Task } from "./task.ts";
import { counted } from "./counted.ts";

/** What a run that goes on from another one's state begins with. */
export interface Fork {
  readonly config: RunConfig;
  readonly task: Task;
  readonly state: RunState;
}

/**
 * Parameters on which depends what a lossy cache and a quarantine hold: signatures, how many there are, and what a program
 * may take before it is condemned.
 */
const MEMORY_PARAMETERS = [
  "cache",
  "cacheEntries",
  "probeCases",
  "mantissaBits",
  "evaluationTimeoutMs",
  "workerMemoryMb",
] as const;

/** Parameters that say which constants were fitted before, and how well. */
const FITTING_PARAMETERS = [
  "constantFitting",
  "constantPrecision",
  "skeletonCache",
  "valueSharing",
  "skeletonEntries",
] as const;

/**
 * A new run that begins with another run's state, with some of its terms changed. The budget counts from the seed, so
 * what the other run spent is part of it.
 * @param options.experiment that of the other run's own code
 * @param options.parameters those that change
 * @throws InputError listing what may not change, or saying that the new run would be at its end already
 */
export function forkOf(options: {
  readonly experiment: Experiment;
  /** The other run: its name, its configuration, and its state after the epochs to go on from. */
  readonly run: string;
  readonly config: RunConfig;
  readonly state: RunState;
  readonly seed?: string | undefined;
  readonly budgetCandidates?: number | undefined;
  readonly parameters: Readonly<Record<string, unknown>>;
}): Fork {
  const { experiment, run, state } = options;
  const before = completeParameters(options.config.parameters);
  const parameters = completeParameters({ ...before, ...options.parameters });
  const problems: string[] = [];
  if (parameters.islands !== before.islands)
    problems.push(
      `parameter islands must be ${before.islands} as in the run that is forked; got ${parameters.islands}. Begin a new run for another number.`,
    );
  const [kept, wanted] = [before, parameters].map((given) => compileTask(experiment, given).selector);
  if (wanted?.includes("lexicase") && !kept?.includes("lexicase"))
    problems.push(
      `parameter selector must be uniform, tournament or stratified; got ${parameters.selector === "auto" ? `auto, which is ${wanted}` : wanted}. It needs every elite's error on each case, which selector=${kept} has not kept.`,
    );
  const candidates = state.islands.reduce((n, i) => n + unpackCounters(i.counters).candidates, 0);
  const budgetCandidates = options.budgetCandidates ?? options.config.budgetCandidates;
  if (!Number.isSafeInteger(budgetCandidates) || budgetCandidates <= candidates)
    problems.push(
      `--budget must be a whole number above ${candidates}, the candidates that ${run} has spent in ${counted(state.epochs, "epoch")}; got ${budgetCandidates}.`,
    );
  if (problems.length > 0) throw new InputError(problems);
  const config: RunConfig = {
    ...options.config,
    seed: options.seed ?? options.config.seed,
    budgetCandidates,
    parameters,
    origin: { run, epochs: state.epochs, candidates, rollingDigest: state.rollingDigest },
  };
  const task = compileTask(experiment, parameters);
  const misfits = checkRunState(task, state);
  if (misfits.length > 0)
    throw new InputError(
      misfits.map((misfit) => `run ${run} must hold what the fork can go on from; ${misfit}`),
    );
  const stop = endAfter(task, epochsOfBudget(task, budgetCandidates, config.origin), state);
  if (stop !== null)
    throw new InputError(
      `the state after ${counted(state.epochs, "epoch")} must not be an end already; it is (${stop}). ${stop === "solved" ? "Set a larger polishEpochs, or go back further." : "Set patienceEpochs=0 or larger, or go back further."}`,
    );
  return { config, task, state: withoutStale(state, before, parameters) };
}

/** Under other parameters what a cache, a quarantine and the table of skeletons hold would mean something else: then they begin empty. */
function withoutStale(state: RunState, before: Parameters, after: Parameters): RunState {
  const isKept = (names: readonly (keyof Parameters)[]): boolean =>
    names.every((name) => before[name] === after[name]);
  const forgotten = {
    ...(isKept(MEMORY_PARAMETERS) ? {} : { cache: null, quarantine: emptyQuarantine() }),
    ...(isKept(FITTING_PARAMETERS) ? {} : { skeletons: null }),
  };
  return { ...state, islands: state.islands.map((island) => ({ ...island, ...forgotten })) };
}
