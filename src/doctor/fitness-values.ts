import type { Experiment } from "../experiment.ts";
import { namedFitness } from "../fitness.ts";
import type { Task } from "../task.ts";
import { figure, type Finding, percent, secondsText } from "./finding.ts";
import { type Judgements, judgedValueCount, judgementKinds } from "./judge.ts";

const LOOK_NO_NUMBER = 0.5;
const BAD_NO_NUMBER = 0.99;
const LOOK_EQUAL = 0.95;
const BAD_STOPPED = 0.01;
const LOOK_REACHED_AT_ONCE = 0.01;
/** An evaluation this many times as long as the usual one is told of. */
const SLOW_FACTOR = 100;
const SLOW_MS = 50;

/** How judging programs ended and what fitness they got. */
export interface FitnessUse {
  readonly count: number;
  readonly threw: number;
  readonly timedOut: number;
  readonly crashed: number;
  /** Judged, but no number or −∞. */
  readonly notANumber: number;
  /** Those of the programs that have one, ascending. */
  readonly fitness: Float64Array;
  /** Milliseconds of an evaluation, ascending; of those that ended. */
  readonly milliseconds: Float64Array;
}

/** Counts how judging ended. Programs that were not judged for want of time are left out. */
export function fitnessUse(task: Task, judgements: Judgements): FitnessUse {
  const width = judgedValueCount(task);
  const of = { unjudged: 0, judged: 0, threw: 0, timedOut: 0, crashed: 0 };
  const fitness: number[] = [];
  const milliseconds: number[] = [];
  for (let i = 0; i < judgements.count; i++) {
    const kind = judgementKinds[judgements.kinds[i] as number] as keyof typeof of;
    of[kind]++;
    if (kind === "judged" || kind === "threw")
      milliseconds.push((judgements.judgingMs[i] as number) + (judgements.runningMs[i] as number));
    const value = judgements.values[i * width] as number;
    if (kind === "judged" && value === value && value !== Number.NEGATIVE_INFINITY) fitness.push(value);
  }
  return {
    count: judgements.count - of.unjudged,
    threw: of.threw,
    timedOut: of.timedOut,
    crashed: of.crashed,
    notANumber: of.judged - fitness.length,
    fitness: Float64Array.from(fitness).sort(),
    milliseconds: Float64Array.from(milliseconds).sort(),
  };
}

/** What happens to evaluations that do not end with a number, and how long they take. */
export function checkFailures(
  use: FitnessUse,
  circumstances: {
    /** After which an evaluation was given up. */
    readonly limitMs: number;
    /** What was thrown first, if anything. */
    readonly thrown: string | null;
    /** Text of a program whose evaluation did not come back, if any. */
    readonly stopped: string | null;
    /** Text of the program whose evaluation took longest. */
    readonly slowest: string | null;
  },
): Finding[] {
  const findings: Finding[] = [];
  const { count, milliseconds } = use;
  const medianMs = milliseconds[milliseconds.length >> 1] ?? 0;
  const slowestMs = milliseconds.at(-1) ?? 0;
  const figures = {
    evaluations: count,
    notANumber: use.notANumber,
    threw: use.threw,
    timedOut: use.timedOut,
    crashed: use.crashed,
    medianMs,
    slowestMs,
  };
  const stopped = use.timedOut + use.crashed;
  if (stopped > 0)
    findings.push({
      check: "failures",
      verdict: stopped > Math.max(1, BAD_STOPPED * count) ? "bad" : "look",
      message: `of ${figure(count)} evaluations ${[
        ...(use.timedOut === 0
          ? []
          : [`${figure(use.timedOut)} did not end within ${secondsText(circumstances.limitMs / 1000)}`]),
        ...(use.crashed === 0 ? [] : [`${figure(use.crashed)} ended their worker`]),
      ].join(" and ")}${circumstances.stopped === null ? "" : `, such as that of ${circumstances.stopped}`}`,
      advice:
        "Each such behaviour costs a worker, and up to evaluationTimeoutMs. Bound the loops and memory of the fitness, or set evaluationTimeoutMs lower.",
      figures,
    });
  if (use.threw > 0)
    findings.push({
      check: "failures",
      verdict: use.threw >= BAD_NO_NUMBER * count ? "bad" : "look",
      message: `the fitness or a measure threw for ${percent(use.threw / count)} of the programs${circumstances.thrown === null ? "" : `: ${circumstances.thrown}`}`,
      advice:
        "These programs count as failed. Return NaN where that is meant (outcomes may be traps: isTrap); otherwise correct it.",
      figures,
    });
  const noNumber = use.notANumber / Math.max(1, count);
  if (noNumber >= LOOK_NO_NUMBER)
    findings.push({
      check: "failures",
      verdict: noNumber >= BAD_NO_NUMBER ? "bad" : "look",
      message: `${percent(noNumber)} of the programs have no fitness (NaN or −∞)`,
      advice:
        "See that inputs lie where the operations are defined, and that partial answers get a low fitness instead of none.",
      figures,
    });
  if (slowestMs > Math.max(SLOW_MS, SLOW_FACTOR * medianMs))
    findings.push({
      check: "failures",
      verdict: "look",
      message: `the slowest evaluation took ${secondsText(slowestMs / 1000)}, the usual one ${secondsText(medianMs / 1000)}${circumstances.slowest === null ? "" : `: ${circumstances.slowest}`}`,
      advice:
        "See what the fitness does with that program; work that grows with the outcome should be bounded.",
      figures,
    });
  if (findings.length === 0)
    findings.push({
      check: "failures",
      verdict: "ok",
      message: `${figure(count)} evaluations: ${percent(noNumber)} without a number, none threw, hung or crashed; the usual one takes ${secondsText(medianMs / 1000)}, the slowest ${secondsText(slowestMs / 1000)}`,
      advice: "",
      figures,
    });
  return findings;
}

/**
 * Whether fitness tells programs apart, the target can be reached, and the QD-score counts from the right place.
 * @param use of programs as the search proposes them
 * @param random of programs grown at random
 * @param elites fitness of the elites of a short run
 */
export function checkFitness(
  task: Task,
  experiment: Pick<Experiment, "fitness" | "offset">,
  use: FitnessUse,
  random: FitnessUse,
  elites: Float64Array,
): Finding[] {
  const findings: Finding[] = [];
  const tell = (verdict: "look" | "bad", message: string, advice: string): void => {
    findings.push({ check: "fitness", verdict, message, advice, figures });
  };
  const { fitness } = use;
  const lowest = Math.min(fitness[0] ?? Number.NaN, elites.length === 0 ? Infinity : Math.min(...elites));
  const highest = Math.max(
    fitness.at(-1) ?? Number.NaN,
    elites.length === 0 ? -Infinity : Math.max(...elites),
  );
  const { target, offset } = task;
  const named = typeof experiment.fitness === "string" ? namedFitness[experiment.fitness] : null;
  /** The fitness of no error at all. */
  const best = named?.ofError(0, 1) ?? null;
  const figures = { lowest, highest, target, best, offset };
  if (fitness.length === 0) {
    if (use.count > 0)
      tell("bad", "no program has a fitness", "The findings on failures say how evaluations ended.");
    return findings;
  }
  const counts = new Map<number, number>();
  for (const value of fitness) counts.set(value, (counts.get(value) ?? 0) + 1);
  const [usual, usualCount] = [...counts].reduce((a, b) => (b[1] > a[1] ? b : a));
  if (lowest === highest)
    tell(
      "bad",
      `every program has the fitness ${figure(lowest)}: there is nothing to climb`,
      experiment.fitness === "cases passed"
        ? 'Programs that pass no case look alike. Take a fitness of degrees ("similarity", an error), or add easier cases.'
        : "Let fitness say how far a program is from the answer.",
    );
  else if (usualCount >= LOOK_EQUAL * fitness.length)
    tell(
      "look",
      `${percent(usualCount / fitness.length)} of the programs have the same fitness, ${figure(usual)}`,
      "Let fitness say how far a program is from the answer, so that half of an answer is worth something.",
    );
  if (highest === Number.POSITIVE_INFINITY)
    tell("bad", "some fitness is infinite, and so is the QD-score", "Bound it, as 1/(1 + error) is.");
  if (target !== null && best !== null && target > best)
    tell(
      "bad",
      `target ${figure(target)} cannot be reached: the fitness "${experiment.fitness as string}" is at most ${figure(best)}`,
      `Set target to ${figure(best)} or less.`,
    );
  if (target !== null && target > Number.NEGATIVE_INFINITY) {
    const reached = random.fitness.reduce((n, v) => n + Number(v >= target), 0) / Math.max(1, random.count);
    if (reached >= LOOK_REACHED_AT_ONCE)
      tell(
        "look",
        `${percent(reached)} of the programs grown at random reach the target ${figure(target)}`,
        "The run will end at once. Raise target; polishEpochs lets it go on for a fuller map.",
      );
  }
  const below = elites.reduce((n, v) => n + Number(v < offset), 0);
  if (below > 0 && experiment.offset === undefined && named?.offset === undefined)
    tell(
      "look",
      `${percent(below / elites.length)} of the elites lie below ${figure(offset)}, from where the QD-score counts: filling their cells lowers it`,
      `Give offset, the lowest fitness worth counting; the lowest seen is ${figure(lowest)}.`,
    );
  if (findings.length === 0)
    findings.push({
      check: "fitness",
      verdict: "ok",
      message: `from ${figure(lowest)} to ${figure(highest)}, ${figure(counts.size)} different values${target === null ? "; no target, so the run goes on to its budget" : `; target ${figure(target)}`}`,
      advice: "",
      figures,
    });
  return findings;
}
