import { arithmetic, type ArithmeticOperation, real } from "../dsl/index.ts";
import {
  completeParameters,
  compileTask,
  defineExperiment,
  fn,
  grid,
  rootKey,
  search,
  type Task,
} from "../src/index.ts";
import { serialExecutor } from "../workers/index.ts";
import type { BenchmarkRecord } from "./benchmark-record.ts";

const CASES = 1000;
const CANDIDATES = 200_000;
const ROUNDS = 3;

const operations: Readonly<Record<string, readonly ArithmeticOperation[]>> = {
  arithmetic: ["+", "-", "*", "/"],
  transcendental: ["+", "-", "*", "/", "exp", "log", "sin", "cos", "sqrt"],
};

function taskOf(type: string, parameters: Readonly<Record<string, unknown>>): Task {
  const experiment = defineExperiment({
    name: "bench",
    language: arithmetic({ operations: operations[type] as readonly ArithmeticOperation[], constants: true }),
    program: fn({ x: real, y: real }, real),
    cases: Array.from({ length: CASES }, (_, i) => {
      const x = ((i * 37) % 101) / 50 - 1;
      const y = ((i * 53) % 97) / 48 - 1;
      return { input: { x, y }, output: (x * x * y + 0.5 * x - 1.3) / (1 + y * y) };
    }),
    fitness: "1/(1+root mean square error)",
    archive: grid({ size: [1, 40], primitiveSet: [0, 15] }),
  });
  return compileTask(experiment, completeParameters(parameters));
}

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
  for (const type of Object.keys(operations)) {
    const best = new Map<string, number>();
    const digests = new Set<string>();
    let falseMerges = 0;
    let audits = 0;
    for (let round = 0; round < ROUNDS; round++)
      for (const [name, parameters] of Object.entries(variants)) {
        const task = taskOf(type, parameters);
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
