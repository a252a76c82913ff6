import { metricsOf } from "../../src/carry-on.ts";
import type { Experiment } from "../../src/experiment.ts";
import { type EpochTools, epochTools, runEpoch } from "../../src/island.ts";
import type { EpochMetrics } from "../../src/journal.ts";
import { type RandomStream, rootKey } from "../../src/random-stream.ts";
import type { RunConfig } from "../../src/run-config.ts";
import { search, type SearchResult } from "../../src/search.ts";
import type { Task } from "../../src/task.ts";
import type { TopologyName } from "../../src/topology.ts";
import { cubic, doubled, fraction, initials, singleExponential, taskOf } from "../src/small-tasks.ts";

const experiments = [cubic, doubled, initials, singleExponential, fraction];
const topologies: readonly TopologyName[] = ["all", "ring", "isolated"];
const caches = ["exact", "lossy", "off"] as const;

/** So few that an epoch is over at once. */
const EPOCH_CANDIDATES = 10;
const EPOCHS = 22;

/** A run as it goes when nothing disturbs it. */
export interface UndisturbedRun {
  readonly result: SearchResult;
  /** Epoch → figures. */
  readonly lines: readonly EpochMetrics[];
}

/** What is run. There are 225 of them. */
export interface Configuration {
  readonly name: string;
  readonly task: Task;
  readonly config: RunConfig;
  /** What a worker has; workers that are told apart have tools of their own. */
  readonly toolsOf: (worker: number) => EpochTools;
  readonly undisturbed: () => Promise<UndisturbedRun>;
}

/** Tools take longer to make than an epoch, so those of one experiment and cache are made once. */
const MAXIMUM_TOOLS = 3;
const REFERENCE = MAXIMUM_TOOLS;
const madeTools = new Map<string, EpochTools>();
const configurations = new Map<string, Configuration>();

function configurationOf(
  experiment: Experiment,
  topology: TopologyName,
  cache: (typeof caches)[number],
  islands: number,
): Configuration {
  const parameters = {
    topology,
    cache,
    islands,
    epochCandidates: EPOCH_CANDIDATES,
    initialCandidates: 8,
    cacheEntries: 16,
    // So few that a lossy cache takes different programs for the same, and what it holds decides.
    probeCases: 2,
    auditShare: 0.2,
    snapshotEpochs: 2,
    snapshotLimit: 4,
    patienceEpochs: islands === 2 ? 12 : 0,
    polishEpochs: 3,
  };
  const task = taskOf(experiment, parameters);
  const budgetCandidates = islands * EPOCH_CANDIDATES * EPOCHS - 5;
  const toolsOf = (worker: number): EpochTools => {
    const key = `${experiment.name} ${cache} ${worker}`;
    const tools = madeTools.get(key) ?? epochTools(task);
    madeTools.set(key, tools);
    return { ...tools, task };
  };
  let run: Promise<UndisturbedRun> | undefined;
  const undisturbed = async (): Promise<UndisturbedRun> => {
    const lines: EpochMetrics[] = [];
    const result = await search({
      task,
      key: rootKey(1),
      budgetCandidates,
      executor: {
        workers: 1,
        run: (input) => Promise.resolve(runEpoch(toolsOf(REFERENCE), input)),
        close: () => Promise.resolve(),
      },
      onEpoch: (report) => void lines.push(metricsOf(task, report, 0)),
    });
    return { result, lines };
  };
  return {
    name: `${experiment.name}, topology ${topology}, cache ${cache}, ${islands} islands`,
    task,
    config: {
      experiment: experiment.name,
      question: "",
      seed: "1",
      budgetCandidates,
      parameters,
      codeDigest: "00",
      grammarDigest: "11",
    },
    toolsOf: (worker) => toolsOf(worker % MAXIMUM_TOOLS),
    undisturbed: () => (run ??= undisturbed()),
  };
}

export function chooseConfiguration(stream: RandomStream): Configuration {
  const choose = <T>(choices: readonly T[]): T => choices[stream.below(choices.length)] as T;
  const experiment = choose(experiments);
  const topology = choose(topologies);
  const cache = choose(caches);
  const islands = 1 + stream.below(5);
  const key = `${experiment.name} ${topology} ${cache} ${islands}`;
  const configuration = configurations.get(key) ?? configurationOf(experiment, topology, cache, islands);
  configurations.set(key, configuration);
  return configuration;
}
