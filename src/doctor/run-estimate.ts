import { epochsOfBudget } from "../search.ts";
import type { Task } from "../task.ts";
import { figure, type Finding, percent, roundNumber, secondsText } from "./finding.ts";
import { counted } from "../counted.ts";

const SHORT_EPOCH_SECONDS = 0.05;
const LONG_EPOCH_SECONDS = 120;
const BAD_EPOCH_SECONDS = 3600;
/** What epochs should last at least, or at most, when one changes them anyway. */
const GOOD_EPOCH_SECONDS = { least: 0.25, most: 30 };

/** How fast a run will go, and what it will have done when. */
export interface RunEstimate {
  readonly workers: number;
  readonly candidatesPerSecond: number;
  readonly evaluationsPerSecond: number;
  /** Of all islands; after each the state is stored. */
  readonly epochSeconds: number;
  readonly epochsPerHour: number;
  /** Candidates a second with the workers asked for, over those with one. Null where that was not measured. */
  readonly speedup: number | null;
  readonly budgetCandidates: number;
  /** For the whole budget. */
  readonly budgetSeconds: number;
  /** What --minutes allows, or else the whole budget. */
  readonly plannedSeconds: number;
  readonly plannedEpochs: number;
  /** By the hour asked for. */
  readonly until: {
    readonly seconds: number;
    readonly candidates: number;
    readonly evaluations: number;
  } | null;
}

export interface MeasuredPace {
  readonly workers: number;
  readonly candidatesPerSecond: number;
  readonly evaluationsPerSecond: number;
  readonly speedup: number | null;
}

/** Carries a measured pace on over a budget. */
export function estimateRun(
  task: Task,
  pace: MeasuredPace,
  plan: {
    readonly budgetCandidates: number;
    readonly limitSeconds: number | null;
    readonly untilSeconds: number | null;
  },
): RunEstimate {
  const { islands, epochCandidates } = task.parameters;
  const { candidatesPerSecond, evaluationsPerSecond } = pace;
  const budgetSeconds = plan.budgetCandidates / candidatesPerSecond;
  const epochSeconds = (islands * epochCandidates) / candidatesPerSecond;
  const plannedSeconds = Math.min(budgetSeconds, plan.limitSeconds ?? Number.POSITIVE_INFINITY);
  const untilSeconds = plan.untilSeconds === null ? null : Math.min(plan.untilSeconds, plannedSeconds);
  return {
    workers: pace.workers,
    candidatesPerSecond,
    evaluationsPerSecond,
    epochSeconds,
    epochsPerHour: 3600 / epochSeconds,
    speedup: pace.speedup,
    budgetCandidates: plan.budgetCandidates,
    budgetSeconds,
    plannedSeconds,
    plannedEpochs: Math.min(
      epochsOfBudget(task, plan.budgetCandidates),
      Math.ceil(plannedSeconds / epochSeconds),
    ),
    until:
      untilSeconds === null
        ? null
        : {
            seconds: plan.untilSeconds as number,
            candidates: Math.min(plan.budgetCandidates, Math.round(untilSeconds * candidatesPerSecond)),
            evaluations: Math.round(untilSeconds * evaluationsPerSecond),
          },
  };
}

/** Whether workers are put to use, epochs have a good length, and the budget suits the time there is. */
export function checkPace(task: Task, estimate: RunEstimate, cores: number): Finding[] {
  const { islands, epochCandidates } = task.parameters;
  const { workers, epochSeconds, candidatesPerSecond, budgetCandidates, budgetSeconds, speedup } = estimate;
  const figures = {
    candidatesPerSecond,
    evaluationsPerSecond: estimate.evaluationsPerSecond,
    workers,
    speedup,
    cores,
    islands,
  };
  const speed = `${figure(candidatesPerSecond)} candidates and ${figure(estimate.evaluationsPerSecond)} evaluations a second with ${counted(workers, "worker")}${speedup === null || workers === 1 ? "" : `, ${figure(speedup)} times one worker`}`;
  const used = Math.min(workers, islands, cores);
  const throughput: Finding =
    workers > islands
      ? {
          check: "throughput",
          verdict: "look",
          message: `${speed}; ${workers - islands} worker${workers - islands === 1 ? " has" : "s have"} nothing to do: there ${islands === 1 ? "is" : "are"} ${counted(islands, "island")}`,
          advice: `Set islands=${workers} or more, or ask for ${counted(islands, "worker")}.`,
          figures,
        }
      : workers > cores
        ? {
            check: "throughput",
            verdict: "look",
            message: `${speed}; there are ${cores} cores`,
            advice: `Ask for ${counted(cores, "worker")}: more only take memory.`,
            figures,
          }
        : speedup !== null && used > 1 && speedup < 0.6 * used
          ? {
              check: "throughput",
              verdict: "look",
              message: speed,
              advice:
                "Workers wait for one another or for a core: see what else runs on this machine, and take longer epochs (epochCandidates).",
              figures,
            }
          : { check: "throughput", verdict: "ok", message: speed, advice: "", figures };

  const epochFigures = { epochSeconds, epochsPerHour: estimate.epochsPerHour, epochCandidates };
  const epoch = `an epoch of all islands takes ${secondsText(epochSeconds)}; ${figure(estimate.epochsPerHour)} an hour`;
  const withEpochs = (seconds: number): number =>
    Math.max(1, roundNumber((epochCandidates * seconds) / epochSeconds));
  const epochs: Finding =
    epochSeconds < SHORT_EPOCH_SECONDS
      ? {
          check: "epochs",
          verdict: "look",
          message: `${epoch}: storing and migration take a good part of that`,
          advice: `For speed alone, set epochCandidates=${withEpochs(2 * GOOD_EPOCH_SECONDS.least)}; it is part of the configuration and changes the map.`,
          figures: epochFigures,
        }
      : epochSeconds > LONG_EPOCH_SECONDS
        ? {
            check: "epochs",
            verdict: epochSeconds > BAD_EPOCH_SECONDS ? "bad" : "look",
            message: `${epoch}: so much a kill may lose, and so long ctrl-C may wait`,
            advice:
              epochCandidates > 1
                ? `Set epochCandidates=${withEpochs(GOOD_EPOCH_SECONDS.most)}.`
                : "Set fewer islands, take more workers, or make the fitness faster.",
            figures: epochFigures,
          }
        : { check: "epochs", verdict: "ok", message: epoch, advice: "", figures: epochFigures };

  const { until } = estimate;
  const timeFigures = { budgetCandidates, budgetSeconds, plannedSeconds: estimate.plannedSeconds };
  const whole = `${figure(budgetCandidates)} candidates take ${secondsText(budgetSeconds)}`;
  const time: Finding =
    until === null
      ? {
          check: "time",
          verdict: "ok",
          message:
            estimate.plannedSeconds < budgetSeconds
              ? `${secondsText(estimate.plannedSeconds)} are enough for ${percent(estimate.plannedSeconds / budgetSeconds)} of ${figure(budgetCandidates)} candidates`
              : whole,
          advice: "",
          figures: timeFigures,
        }
      : until.candidates < budgetCandidates
        ? {
            check: "time",
            verdict: "look",
            message: `${whole}: by the time asked for it will have spent ${figure(until.candidates)} (${percent(until.candidates / budgetCandidates)})`,
            advice: `It can be stopped and resumed; or --budget ${roundNumber(until.candidates)}.`,
            figures: { ...timeFigures, candidates: until.candidates },
          }
        : estimate.plannedSeconds < until.seconds / 2
          ? {
              check: "time",
              verdict: "look",
              message: `${whole}: done after ${percent(estimate.plannedSeconds / until.seconds)} of the time there is`,
              advice: `--budget ${roundNumber(until.seconds * candidatesPerSecond)} would fill it.`,
              figures: { ...timeFigures, candidates: until.candidates },
            }
          : {
              check: "time",
              verdict: "ok",
              message: `${whole}: done by the time asked for`,
              advice: "",
              figures: { ...timeFigures, candidates: until.candidates },
            };
  return [throughput, epochs, time];
}
