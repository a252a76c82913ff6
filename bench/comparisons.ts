import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as dsl from "../dsl/index.ts";
import * as illume from "../src/index.ts";
import { serialExecutor } from "../workers/index.ts";
import type { BenchmarkRecord } from "./benchmark-record.ts";

const COMPARISONS = 1000;
const CANDIDATES = 2000;
const SIGNIFICANCE = 0.05;
const EFFECT = 0.75;
const STEPS = 60;

/**
 * How often a difference is told between the same search and itself, and between it and one that is better by a planted A12 of 0.75: 1000 comparisons
 * with fresh seeds each, as many as `illume compare` plans, by QD-score after 2000 candidates; paired in their order, and not paired.
 */
export async function* comparisonsBenchmark(): AsyncGenerator<BenchmarkRecord> {
  const file = join(illume.packageFolder, "experiments/quickstart/quickstart.ts");
  const bundle = await illume.bundleExperiment(file, { illume, "illume/dsl": dsl });
  const code = await illume.writeBundle(bundle, mkdtempSync(join(tmpdir(), "illume-bench-")));
  const experiment = await illume.loadBundle(code, { illume, "illume/dsl": dsl });
  const parameters = { ...experiment.parameters, islands: 1, epochCandidates: CANDIDATES };
  const task = illume.compileTask(experiment, illume.completeParameters(parameters));
  const executor = serialExecutor(task);
  const seeds = illume.plannedSeeds(EFFECT, 1);
  const values: number[] = [];
  for (let seed = 1; values.length < 2 * COMPARISONS * seeds; seed++) {
    const key = illume.rootKey(`comparison ${seed}`);
    const { archive } = await illume.search({ task, key, budgetCandidates: CANDIDATES, executor });
    values.push(archive.qdScore(task.offset));
  }
  await executor.close();
  const shift = shiftOf(values);
  for (const [type, by] of [
    ["same", 0],
    ["planted", shift],
  ] as const)
    for (const isPaired of [true, false]) {
      let told = 0;
      for (let k = 0; k < COMPARISONS; k++) {
        const sample = (part: number, added: number): { seed: string; value: number }[] =>
          Array.from({ length: seeds }, (_, at) => ({
            seed: isPaired ? String(at) : `${part} ${at}`,
            value: (values[(2 * k + part) * seeds + at] as number) + added,
          }));
        if (illume.compareSamples(sample(0, by), sample(1, 0)).p < SIGNIFICANCE) told++;
      }
      yield {
        type,
        test: isPaired ? "signed ranks" : "rank sums",
        a12: by === 0 ? 0.5 : EFFECT,
        seeds,
        comparisons: COMPARISONS,
        told,
        share: told / COMPARISONS,
      };
    }
}

/** What makes values better than others of their kind with a chance of `EFFECT`. */
function shiftOf(values: readonly number[]): number {
  const some = values.slice(0, 2000);
  const spread = Math.max(...some) - Math.min(...some);
  let [low, high] = [0, spread];
  for (let step = 0; step < STEPS; step++) {
    const middle = (low + high) / 2;
    const shifted = some.map((value) => value + middle);
    if (illume.varghaDelaney(shifted, some) < EFFECT) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}
