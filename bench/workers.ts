import { rootKey, search } from "../src/index.ts";
import { threadsExecutor } from "../workers/index.ts";
import type { BenchmarkRecord } from "./benchmark-record.ts";
import { endlessExperiment } from "./endless-experiment.ts";

const ROUNDS = 3;
const CANDIDATES = 3_000_000;

/** Evaluations a second of the quickstart search with 1 and 2 worker threads, pool start-up left out, rounds in turn. */
export async function* workersBenchmark(): AsyncGenerator<BenchmarkRecord> {
  const { task, code } = await endlessExperiment("quickstart");
  const speeds: Record<number, number[]> = { 1: [], 2: [] };
  const digests = new Set<string>();
  for (let round = 0; round < ROUNDS; round++)
    for (const workers of [1, 2]) {
      const executor = threadsExecutor(task, code, workers);
      const key = rootKey("bench");
      // The first epochs load code into the workers.
      await search({ task, key, budgetCandidates: 200_000, executor });
      const started = performance.now();
      const result = await search({ task, key, budgetCandidates: CANDIDATES, executor });
      speeds[workers]?.push(result.counters.candidates / ((performance.now() - started) / 1000));
      digests.add(result.digest);
      await executor.close();
    }
  if (digests.size !== 1) throw new Error("digests differ between numbers of workers");
  const median = (values: readonly number[]): number =>
    values.toSorted((a, b) => a - b)[values.length >> 1] as number;
  const one = median(speeds[1] as number[]);
  const two = median(speeds[2] as number[]);
  yield {
    type: "quickstart",
    candidates: CANDIDATES,
    oneWorkerCandidatesPerSecond: one,
    twoWorkersCandidatesPerSecond: two,
    ratio: two / one,
  };
}
