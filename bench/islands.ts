import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as dsl from "../dsl/index.ts";
import * as illume from "../src/index.ts";
import { threadsExecutor } from "../workers/index.ts";
import type { BenchmarkRecord } from "./benchmark-record.ts";

const SEEDS = 10;
const CANDIDATES = 400_000;

/**
 * QD-score of four islands against one at the same budget in candidates, for every shipped experiment, run to the end
 * of the budget: means over seeds 1 to 10, and the worst seed's ratio.
 */
export async function* islandsBenchmark(): AsyncGenerator<BenchmarkRecord> {
  const host = { illume, "illume/dsl": dsl };
  for (const name of ["quickstart", "parity", "dates", "lists"]) {
    const file = join(illume.packageFolder, `experiments/${name}/${name}.ts`);
    const bundle = await illume.bundleExperiment(file, host);
    const code = await illume.writeBundle(bundle, mkdtempSync(join(tmpdir(), "illume-bench-")));
    const experiment = await illume.loadBundle(code, host);
    const scores: Record<number, number[]> = { 1: [], 4: [] };
    for (let seed = 1; seed <= SEEDS; seed++)
      for (const islands of [1, 4]) {
        const task = {
          ...illume.compileTask(experiment, illume.completeParameters({ ...experiment.parameters, islands })),
          target: null,
        };
        const executor = threadsExecutor(task, code, islands === 1 ? 1 : 2);
        const { archive } = await illume.search({
          task,
          key: illume.rootKey(seed),
          budgetCandidates: CANDIDATES,
          executor,
        });
        await executor.close();
        scores[islands]?.push(archive.qdScore(task.offset));
      }
    const [one, four] = [scores[1] as number[], scores[4] as number[]];
    const mean = (values: readonly number[]): number => values.reduce((sum, v) => sum + v, 0) / values.length;
    yield {
      type: name,
      candidates: CANDIDATES,
      seeds: SEEDS,
      oneIslandMeanQdScore: mean(one),
      fourIslandsMeanQdScore: mean(four),
      ratio: mean(four) / mean(one),
      worstSeedRatio: Math.min(...four.map((v, i) => v / (one[i] as number))),
    };
  }
}
