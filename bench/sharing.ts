import { BATCH_PROGRAMS, type Program, VectorMachine } from "../dsl/index.ts";
import type { Task } from "../src/index.ts";
import type { BenchmarkRecord } from "./benchmark-record.ts";
import { lastGeneration, offspringOfMap } from "./evolved-programs.ts";
import { type Operations, operationsOf, regressionTask } from "./regression-task.ts";

const ROUNDS = 9;
/** Smaller programs are common on a map, larger ones in a population. */
const MAXIMUM_SIZE = 60;

/**
 * Evolved programs, measured in batches of 4,096 with sharing, without, and as the machine decides; in turn, the best of
 * nine rounds each.
 */
export async function* sharingBenchmark(): AsyncGenerator<BenchmarkRecord> {
  for (const operations of Object.keys(operationsOf) as Operations[])
    for (const points of [20, 100, 1000, 10_000]) {
      const task = regressionTask(operations, points, { maximumSize: MAXIMUM_SIZE });
      yield measure(
        "population",
        operations,
        task,
        lastGeneration(regressionTask(operations, 100, { maximumSize: MAXIMUM_SIZE })),
      );
      yield measure("map", operations, task, offspringOfMap(regressionTask(operations, 100), 8));
    }
}

function measure(
  type: string,
  operations: Operations,
  task: Task,
  programs: readonly Program[],
): BenchmarkRecord {
  const machine = new VectorMachine(task.grammar, task.inputs, task.caseCount, {
    measured: (task.measured as NonNullable<Task["measured"]>).reduction,
    givesUp: false,
  });
  const repeats = Math.max(1, Math.round(1000 / task.caseCount));
  const secondsOf = (isShared?: boolean): number => {
    let seconds = 0;
    for (let first = 0; first < programs.length; first += BATCH_PROGRAMS) {
      const part = programs.slice(first, first + BATCH_PROGRAMS);
      part.forEach((program, k) => machine.put(k, program));
      const started = performance.now();
      for (let n = 0; n < repeats; n++) machine.measure(part.length, isShared);
      seconds += (performance.now() - started) / 1000 / repeats;
    }
    return seconds;
  };
  let shared = Number.POSITIVE_INFINITY;
  let apart = Number.POSITIVE_INFINITY;
  let automatic = Number.POSITIVE_INFINITY;
  for (let round = 0; round < ROUNDS; round++) {
    shared = Math.min(shared, secondsOf(true));
    apart = Math.min(apart, secondsOf(false));
    automatic = Math.min(automatic, secondsOf());
  }
  const nodes = programs.reduce((sum, p) => sum + p.tokens.length, 0);
  return {
    type,
    operations,
    points: task.caseCount,
    meanSize: nodes / programs.length,
    millionNodeEvaluationsPerSecond: (nodes * task.caseCount) / 1e6 / automatic,
    sharedRatio: apart / shared,
    automaticRatio: apart / automatic,
  };
}
