import { rootKey, search } from "../src/index.ts";
import { serialExecutor } from "../workers/index.ts";
import type { BenchmarkRecord } from "./benchmark-record.ts";
import { type Operations, operationsOf, regressionTask } from "./regression-task.ts";

const CASES = 1000;
const CANDIDATES = 200_000;
const ROUNDS = 3;

const off = { cache: "off", sharing: "off", earlyAbort: false } as const;
const variants: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  off,
  sharing: { ...off, sharing: "auto" },
  earlyAbort: { ...off, earlyAbort: true },
  sharingAndEarlyAbort: { ...off, sharing: "auto", earlyAbort: true },
  all: { cache: "lossy", probeCases: 32 },
};

/**
 * Whole searches on 1,000 cases, one core, candidates a second: what sharing, early abort and the (lossy) cache bring
 * against none of them, in turn. All but the lossy cache must end with the same digest.
 */
export async function* searchBenchmark(): AsyncGenerator<BenchmarkRecord> {
  for (const type of Object.keys(operationsOf) as Operations[]) {
    const best = new Map<string, number>();
    const digests = new Set<string>();
    let falseMerges = 0;
    let audits = 0;
    for (let round = 0; round < ROUNDS; round++)
      for (const [name, parameters] of Object.entries(variants)) {
        const task = regressionTask(type, CASES, parameters);
        const executor = serialExecutor(task);
        const started = performance.now();
        const result = await search({
          task,
          key: rootKey("bench"),
          budgetCandidates: CANDIDATES,
          executor,
        });
        const speed = result.counters.candidates / ((performance.now() - started) / 1000);
        best.set(name, Math.max(best.get(name) ?? 0, speed));
        if (name !== "all") digests.add(result.digest);
        falseMerges += result.counters.falseMerges;
        audits += result.counters.audits;
      }
    if (digests.size !== 1) throw new Error("sharing or early abort changed a digest");
    const base = best.get("off") as number;
    yield {
      type,
      points: CASES,
      candidatesPerSecondOff: base,
      ...Object.fromEntries(
        [...best].filter(([name]) => name !== "off").map(([name, speed]) => [`${name}Ratio`, speed / base]),
      ),
      falseMergePercent: (100 * falseMerges) / Math.max(1, audits),
    };
  }
}
