import { count, counted } from "../index.ts";
import pc from "picocolors";
import type { EpochMetrics, RunConfig, Task } from "../index.ts";
import { liveStatus } from "./live-status.ts";
import { printable } from "./printable.ts";
import { number } from "./summary.ts";

/** Shows how a run goes on: a live block on a terminal, a line every few seconds elsewhere. */
export interface Progress {
  readonly update: (metrics: EpochMetrics) => void;
  readonly end: () => void;
}

const LINE_SECONDS = 3;
const PROGRAM_WIDTH = 90;
const SHOWN_DIGEST = 8;

const percent = (share: number): string => `${(100 * share).toFixed(1)} %`;

/** Progress of a run: a block on a terminal, a line elsewhere, the first at once. */
export async function showProgress(config: RunConfig, task: Task): Promise<Progress> {
  const status = await liveStatus(LINE_SECONDS);
  let first: EpochMetrics | null = null;
  const text = (metrics: EpochMetrics, since: EpochMetrics): string => {
    const { counters } = metrics;
    const worked = metrics.seconds - since.seconds;
    const done = counters.candidates - since.counters.candidates;
    const speed = worked > 0 ? done / worked : counters.candidates / Math.max(metrics.seconds, 1e-9);
    const left = (config.budgetCandidates - counters.candidates) / Math.max(speed, 1e-9);
    const { cacheHits, candidates } = counters;
    const hits = cacheHits === 0 ? "" : `  cache hits ${percent(cacheHits / candidates)}`;
    const program = printable(metrics.bestProgram);
    const best = program.length > PROGRAM_WIDTH ? `${program.slice(0, PROGRAM_WIDTH)}…` : program;
    const rate = `${counted(candidates, "candidate")}  ${count(speed)}/s`;
    const map = `coverage ${percent(metrics.coverage)}  QD-score ${number(metrics.qdScore)}`;
    const digest = `digest ${metrics.rollingDigest.slice(0, SHOWN_DIGEST)}`;
    if (!status.isTerminal)
      return `epoch ${metrics.epoch + 1}  ${rate}  ${map}${hits}  ${digest}  best ${number(metrics.bestFitness)}  ${best}`;
    const share = Math.min(1, candidates / config.budgetCandidates);
    const bar = "█".repeat(Math.round(share * 24)).padEnd(24, "░");
    return [
      `${pc.bold(config.experiment)}  seed ${printable(config.seed)}  ${pc.cyan(bar)} ${percent(share)}  ${duration(left)} left at most`,
      `  ${rate}${hits}  epoch ${metrics.epoch + 1} on ${counted(task.parameters.islands, "island")}`,
      `  ${map}  ${digest}`,
      `  best ${pc.green(number(metrics.bestFitness))}  ${best}`,
    ].join("\n");
  };
  return {
    update: (metrics) => {
      const isFirst = first === null;
      const since = (first ??= metrics);
      status.show(() => text(metrics, since), isFirst || metrics.stop !== null);
    },
    end: status.keep,
  };
}

/** Seconds as people say them. */
export function duration(seconds: number): string {
  if (!Number.isFinite(seconds)) return "?";
  if (seconds < 100) return `${Math.max(0, Math.round(seconds))} s`;
  if (seconds < 6000) return `${Math.round(seconds / 60)} min`;
  return `${(seconds / 3600).toFixed(1)} h`;
}
