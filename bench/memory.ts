import { rootKey, search } from "../src/index.ts";
import { threadsExecutor } from "../workers/index.ts";
import type { BenchmarkRecord } from "./benchmark-record.ts";
import { endlessExperiment } from "./endless-experiment.ts";

const CANDIDATES = 100_000_000;
const PARTS = 10;

/**
 * Memory of the whole process, two worker threads included, over a search of 100,000,000 candidates: the largest in each
 * tenth of it. The first tenth is warm-up.
 */
export async function* memoryBenchmark(): AsyncGenerator<BenchmarkRecord> {
  const { task, code } = await endlessExperiment("quickstart");
  const executor = threadsExecutor(task, code, 2);
  const largest = new Float64Array(PARTS);
  const started = performance.now();
  const { counters } = await search({
    task,
    key: rootKey("bench"),
    budgetCandidates: CANDIDATES,
    executor,
    onEpoch: (report) => {
      const part = Math.min(PARTS - 1, Math.floor((PARTS * report.counters.candidates) / CANDIDATES));
      largest[part] = Math.max(largest[part] as number, process.memoryUsage.rss() / (1 << 20));
    },
  });
  await executor.close();
  yield {
    type: "quickstart",
    candidates: counters.candidates,
    evaluations: counters.evaluations,
    candidatesPerSecond: counters.candidates / ((performance.now() - started) / 1000),
    ...Object.fromEntries(Array.from(largest, (value, k) => [`rssMbInTenth${k + 1}`, value])),
  };
}
