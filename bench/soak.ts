import { mkdtempSync, readdirSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { carryOn, digestOf, type EpochMetrics, folderDisk, RunStore } from "../src/index.ts";
import { threadsExecutor } from "../workers/index.ts";
import type { BenchmarkRecord } from "./benchmark-record.ts";
import { endlessExperiment } from "./endless-experiment.ts";

/** What is soaked. */
export interface SoakChoice {
  /** How long each one runs. */
  readonly minutes: number;
  /** Names of shipped experiments, one after another. */
  readonly experiment: readonly string[];
}

const WORKERS = 2;
const SAMPLE_MS = 10_000;
const WINDOW_MINUTES = 5;
const MB = 1 << 20;

/** Short epochs and few snapshots, so that states and lines of the journal are thinned many times over. */
const parameters = { epochCandidates: 500, snapshotEpochs: 10, snapshotLimit: 10 } as const;

interface Sample {
  readonly minutes: number;
  readonly rssMb: number;
  readonly storeBytes: number;
  readonly storeFiles: number;
  readonly candidates: number;
  readonly evaluations: number;
}

/**
 * A run like those of `illume run`, stored epoch by epoch, that goes on for some time with two worker threads: whether its memory or its
 * store grows, and whether it becomes slower. The first and the last five minutes, or thirds of a shorter time, are compared;
 * the slope of the memory leaves the first ones out.
 */
export async function* soakBenchmark({ minutes, experiment }: SoakChoice): AsyncGenerator<BenchmarkRecord> {
  const windowMinutes = Math.min(WINDOW_MINUTES, minutes / 3);
  for (const name of experiment) {
    const { samples, latest, journalEntries } = await soak(name, minutes);
    const last = samples.at(-1) as Sample;
    const first = samples.findLast((s) => s.minutes <= windowMinutes) ?? last;
    const before = samples.findLast((s) => s.minutes <= last.minutes - windowMinutes) ?? first;
    const speeds = (of: "candidates" | "evaluations") => [
      first[of] / (60 * first.minutes),
      (last[of] - before[of]) / (60 * (last.minutes - before.minutes)),
    ];
    const [candidatesFirst, candidatesLast] = speeds("candidates") as [number, number];
    const [evaluationsFirst, evaluationsLast] = speeds("evaluations") as [number, number];
    const warm = samples.filter((s) => s.minutes >= windowMinutes);
    yield {
      type: name,
      minutes: last.minutes,
      windowMinutes,
      candidates: last.candidates,
      evaluations: last.evaluations,
      epochs: latest.epoch + 1,
      journalEntries,
      rssMbPerMinute: slope(warm.map((s) => [s.minutes, s.rssMb])),
      rssMbAfterWindow: first.rssMb,
      rssMbLast: last.rssMb,
      rssMbLargest: Math.max(...samples.map((s) => s.rssMb)),
      storeMbAfterWindow: first.storeBytes / MB,
      storeMbLast: last.storeBytes / MB,
      storeMbLargest: Math.max(...samples.map((s) => s.storeBytes)) / MB,
      storeFilesLargest: Math.max(...samples.map((s) => s.storeFiles)),
      candidatesPerSecondFirst: candidatesFirst,
      candidatesPerSecondLast: candidatesLast,
      candidatesRatio: candidatesLast / candidatesFirst,
      evaluationsPerSecondFirst: evaluationsFirst,
      evaluationsPerSecondLast: evaluationsLast,
      evaluationsRatio: evaluationsLast / evaluationsFirst,
    };
  }
}

async function soak(name: string, minutes: number) {
  const { task, code } = await endlessExperiment(name, parameters);
  const folder = mkdtempSync(join(tmpdir(), "illume-soak-"));
  const disk = folderDisk(folder);
  await RunStore.create(disk, {
    experiment: name,
    question: "",
    seed: "bench",
    budgetCandidates: Number.MAX_SAFE_INTEGER,
    parameters: task.parameters,
    codeDigest: digestOf(code),
    grammarDigest: digestOf(task.grammar.fingerprint),
  });
  const store = RunStore.open(disk);
  const executor = threadsExecutor(task, code, WORKERS);
  const samples: Sample[] = [];
  let latest: EpochMetrics | null = null;
  const started = performance.now();
  const elapsed = (): number => (performance.now() - started) / 60_000;
  const sample = (): void => {
    const sizes = readdirSync(folder).map(
      (file) => statSync(join(folder, file), { throwIfNoEntry: false })?.size ?? 0,
    );
    samples.push({
      minutes: elapsed(),
      rssMb: process.memoryUsage.rss() / MB,
      storeBytes: sizes.reduce((sum, size) => sum + size, 0),
      storeFiles: sizes.length,
      candidates: latest?.counters.candidates ?? 0,
      evaluations: latest?.counters.evaluations ?? 0,
    });
  };
  const timer = setInterval(sample, SAMPLE_MS);
  await carryOn({
    task,
    store,
    executor,
    seconds: () => 60 * elapsed(),
    interruption: () => (elapsed() >= minutes ? "time" : null),
    onEpoch: (metrics) => {
      latest = metrics;
    },
  });
  clearInterval(timer);
  sample();
  await executor.close();
  await store.close();
  const journalEntries = store.metrics.length;
  rmSync(folder, { recursive: true });
  return { samples, latest: latest as unknown as EpochMetrics, journalEntries };
}

/** Slope of the least-squares line through points. */
function slope(points: readonly (readonly [number, number])[]): number {
  const mean = (k: 0 | 1): number => points.reduce((sum, p) => sum + p[k], 0) / points.length;
  const [x, y] = [mean(0), mean(1)];
  const above = points.reduce((sum, p) => sum + (p[0] - x) * (p[1] - y), 0);
  return above / points.reduce((sum, p) => sum + (p[0] - x) ** 2, 0);
}
