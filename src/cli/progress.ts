import { count, counted } from "../index.ts";
import pc from "picocolors";
import type { EpochMetrics, RunConfig, Task } from "../index.ts";
import { printable } from "./printable.ts";
import { number } from "./summary.ts";

/** Shows how a run goes on: a live block on a terminal, a line every few seconds elsewhere. */
export interface Progress {
  readonly update: (metrics: EpochMetrics) => void;
  readonly end: () => void;
}

const LINE_SECONDS = 3;
const BLOCK_SECONDS = 0.1;
const PROGRAM_WIDTH = 90;
const SHOWN_DIGEST = 8;

const percent = (share: number): string => `${(100 * share).toFixed(1)} %`;

/** Progress on standard error, so that standard output stays free for results. */
export async function showProgress(config: RunConfig, task: Task): Promise<Progress> {
  const isTerminal = process.stderr.isTTY === true;
  const logUpdate = isTerminal ? (await import("log-update")).createLogUpdate(process.stderr) : null;
  let shown = Number.NEGATIVE_INFINITY;
  let first: EpochMetrics | null = null;
  return {
    update: (metrics) => {
      first ??= metrics;
      if (metrics.stop === null && metrics.seconds - shown < (isTerminal ? BLOCK_SECONDS : LINE_SECONDS))
        return;
      shown = metrics.seconds;
      const { counters } = metrics;
      const worked = metrics.seconds - first.seconds;
      const done = counters.candidates - first.counters.candidates;
      const speed = worked > 0 ? done / worked : counters.candidates / Math.max(metrics.seconds, 1e-9);
      const left = (config.budgetCandidates - counters.candidates) / Math.max(speed, 1e-9);
      const { cacheHits, candidates } = counters;
      const hits = cacheHits === 0 ? "" : `  cache hits ${percent(cacheHits / candidates)}`;
      const program = printable(metrics.bestProgram);
      const best = program.length > PROGRAM_WIDTH ? `${program.slice(0, PROGRAM_WIDTH)}…` : program;
      if (logUpdate === null) {
        process.stderr.write(
          `epoch ${metrics.epoch + 1}  ${counted(counters.candidates, "candidate")}  ${count(speed)}/s  coverage ${percent(metrics.coverage)}  QD-score ${number(metrics.qdScore)}${hits}  digest ${metrics.rollingDigest.slice(0, SHOWN_DIGEST)}  best ${number(metrics.bestFitness)}  ${best}\n`,
        );
        return;
      }
      const share = Math.min(1, counters.candidates / config.budgetCandidates);
      const bar = "█".repeat(Math.round(share * 24)).padEnd(24, "░");
      logUpdate(
        [
          `${pc.bold(config.experiment)}  seed ${printable(config.seed)}  ${pc.cyan(bar)} ${percent(share)}  ${duration(left)} left at most`,
          `  ${counted(counters.candidates, "candidate")}  ${count(speed)}/s${hits}  epoch ${metrics.epoch + 1} on ${counted(task.parameters.islands, "island")}`,
          `  coverage ${percent(metrics.coverage)}  QD-score ${number(metrics.qdScore)}  digest ${metrics.rollingDigest.slice(0, SHOWN_DIGEST)}`,
          `  best ${pc.green(number(metrics.bestFitness))}  ${best}`,
        ].join("\n"),
      );
    },
    end: () => {
      logUpdate?.done();
    },
  };
}

/** Seconds as people say them. */
export function duration(seconds: number): string {
  if (!Number.isFinite(seconds)) return "?";
  if (seconds < 100) return `${Math.max(0, Math.round(seconds))} s`;
  if (seconds < 6000) return `${Math.round(seconds / 60)} min`;
  return `${(seconds / 3600).toFixed(1)} h`;
}
