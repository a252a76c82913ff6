import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { availableParallelism, tmpdir } from "node:os";
import { join } from "node:path";
import { type LoadedExperiment, loadVariants } from "../src/cli/experiment-source.ts";
import { runBatch } from "../src/cli/run-batch.ts";
import { scoreOf } from "../src/cli/search-target.ts";
import { compareSamples, endOf, median, packageFolder } from "../src/index.ts";
import type { BenchmarkRecord } from "./benchmark-record.ts";

const SEEDS = 30;
/** The first seed: nothing was tuned with it. */
const FIRST_SEED = 2_000_001;
const FOLDERS = ["held-out", "tuned-on"] as const;

/** The defaults before they were tuned: there were broods only where batches are judged together. */
const formerDefaults = (isJudgedTogether: boolean): Readonly<Record<string, unknown>> => ({
  selector: "uniform",
  extraVariationChance: 0.3,
  randomShare: 0.03,
  randomSize: 15,
  broodSize: isJudgedTogether ? 8 : 1,
});

interface TaskResult {
  readonly language: string;
  readonly a12: number;
  readonly interval: { readonly low: number; readonly high: number };
}

/**
 * The defaults against those before they were tuned: runs of the tasks that they were tuned on, and of those that they were not, with the same fresh seeds
 * and budgets. A score is that of `illume tune`: the sooner the target was reached the more, else the best fitness.
 */
export async function* defaultsBenchmark(seeds = SEEDS): AsyncGenerator<BenchmarkRecord> {
  const runs = mkdtempSync(join(tmpdir(), "illume-bench-"));
  const batch = runBatch({ runs, workers: availableParallelism() });
  for (const folder of FOLDERS) {
    const results: TaskResult[] = [];
    const place = join(packageFolder, "experiments/tuning", folder);
    for (const file of readdirSync(place).sort()) {
      const path = join(place, file);
      const nothing = { parameters: {}, budgetCandidates: undefined };
      const [tuned] = (await loadVariants(path, [nothing])) as [LoadedExperiment];
      const parameters = formerDefaults(tuned.task.measured !== null);
      const [former] = (await loadVariants(path, [{ ...nothing, parameters }])) as [LoadedExperiment];
      const all = [tuned, former].flatMap((loaded) =>
        Array.from({ length: seeds }, (_, k) => ({ loaded, seed: String(FIRST_SEED + k) })),
      );
      const records = await batch.carryOn(all);
      const halves = [records.slice(0, seeds), records.slice(seeds)];
      const [mine, theirs] = halves.map((half) =>
        half.map((record) => ({ seed: record.seed, value: scoreOf(record, tuned, undefined) })),
      ) as [{ seed: string; value: number }[], { seed: string; value: number }[]];
      const { a12, a12Interval: interval, p } = compareSamples(mine, theirs);
      const [solved, formerlySolved] = halves.map(
        (half) => half.filter(({ solvedCandidates }) => solvedCandidates !== null).length,
      ) as [number, number];
      const [seconds, formerSeconds] = halves.map((half) =>
        median(half.map((record) => endOf(record).seconds)),
      ) as [number, number];
      const [coverage, formerCoverage] = halves.map((half) =>
        median(half.map((record) => endOf(record).coverage)),
      ) as [number, number];
      const { name } = tuned.experiment;
      results.push({ language: name.split("-")[0] as string, a12, interval });
      yield {
        type: folder,
        task: name,
        seeds,
        a12,
        low: interval.low,
        high: interval.high,
        p,
        solved,
        formerlySolved,
        seconds,
        formerSeconds,
        coverage,
        formerCoverage,
      };
    }
    for (const language of new Set(results.map((result) => result.language))) {
      const own = results.filter((result) => result.language === language);
      yield { type: `${folder}, language`, language, tasks: own.length, seeds, ...meanOf(own) };
    }
  }
  await batch.close();
  rmSync(runs, { recursive: true });
}

/** The mean of independent estimates, and its interval from theirs (Zou and Donner 2008). */
function meanOf(results: readonly TaskResult[]): { a12: number; low: number; high: number } {
  const count = results.length;
  const a12 = results.reduce((sum, result) => sum + result.a12, 0) / count;
  const squares = (away: (result: TaskResult) => number): number =>
    Math.sqrt(results.reduce((sum, result) => sum + away(result) * away(result), 0)) / count;
  return {
    a12,
    low: a12 - squares((result) => result.a12 - result.interval.low),
    high: a12 + squares((result) => result.interval.high - result.a12),
  };
}
