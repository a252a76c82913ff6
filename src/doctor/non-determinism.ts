import { type Program, printProgram } from "../../dsl/index.ts";
import type { Task } from "../task.ts";
import { figure, type Finding } from "./finding.ts";
import { type Judgements, judgedValueCount, judgedValueName, judgementKinds } from "./judge.ts";
import type { ShortRun } from "./short-run.ts";

/** Judgements of the same programs, and the circumstances, to follow "judged". */
export interface JudgingRound {
  readonly circumstances: string;
  readonly judgements: Judgements;
}

/** The circumstances of the elites' first judgement. */
export const IN_THE_SEARCH = "in the search";

/** The first place where two rounds of judging differ. */
export interface JudgingDifference {
  readonly program: number;
  /** What differs: fitness, a coordinate, the error on a case. */
  readonly what: string;
  readonly values: readonly [number, number];
  readonly circumstances: readonly [string, string];
}

const judged = judgementKinds.indexOf("judged");
const threw = judgementKinds.indexOf("threw");

/** Programs that differ between any two rounds in any bit, and the first difference. Those that no two rounds judged are left out. */
export function compareRounds(
  task: Task,
  rounds: readonly JudgingRound[],
): { readonly compared: number; readonly differing: number; readonly first: JudgingDifference | null } {
  const width = judgedValueCount(task);
  let compared = 0;
  let differing = 0;
  let first: JudgingDifference | null = null;
  for (let program = 0; program < (rounds[0]?.judgements.count ?? 0); program++) {
    const done = rounds.filter(({ judgements: { kinds } }) => {
      const kind = kinds[program];
      return kind === judged || kind === threw;
    });
    const [one, ...others] = done;
    if (one === undefined || others.length === 0) continue;
    compared++;
    const difference = others
      .map((other) => differenceOf(program, one, other))
      .find((found) => found !== null);
    if (difference === undefined) continue;
    differing++;
    first ??= difference;
  }
  return { compared, differing, first };

  function differenceOf(program: number, a: JudgingRound, b: JudgingRound): JudgingDifference | null {
    for (let k = 0; k < width; k++) {
      const x = a.judgements.values[program * width + k] as number;
      const y = b.judgements.values[program * width + k] as number;
      if (!Object.is(x, y))
        return {
          program,
          what: judgedValueName(task, k),
          values: [x, y],
          circumstances: [a.circumstances, b.circumstances],
        };
    }
    return null;
  }
}

const suspicious = [
  "Math.random",
  "Date.now",
  "new Date",
  "performance.now",
  "process.hrtime",
  "crypto.random",
  "randomBytes",
  "randomUUID",
  "getRandomValues",
];
const machineDependent =
  /\bMath\.(?:exp|expm1|log|log10|log2|log1p|pow|sin|cos|tan|asin|acos|atan|atan2|sinh|cosh|tanh|asinh|acosh|atanh|cbrt|hypot)\b/g;

/** What an experiment's code mentions that gives another value each time, and functions that differ between machines. */
export function suspectsIn(code: string): {
  readonly random: readonly string[];
  readonly machineDependent: readonly string[];
} {
  const text = code.replaceAll(/\/\*[\s\S]*?\*\//g, "").replaceAll(/^\s*\/\/.*$/gm, "");
  return {
    random: suspicious.filter((name) => text.includes(name)),
    machineDependent: [...new Set(text.match(machineDependent))].toSorted(),
  };
}

const causes =
  "Usual causes: Math.random, Date or performance.now, a variable outside the function that keeps something between calls, an object or Map whose order depends on what came before.";

/**
 * Whether the same programs are judged the same, to the last bit.
 * @param code the experiment's bundled code, searched for usual suspects
 * @param isFreshSame whether two fresh workers gave the first differing program the same judgement; null where it was not tried
 */
export function checkJudging(
  task: Task,
  programs: readonly Program[],
  rounds: readonly JudgingRound[],
  code: string,
  isFreshSame: boolean | null,
): Finding[] {
  const { compared, differing, first } = compareRounds(task, rounds);
  const suspects = suspectsIn(code);
  const findings: Finding[] = [];
  const times = rounds.filter(({ circumstances }) => circumstances !== IN_THE_SEARCH).length;
  const figures = { programs: programs.length, compared, differing, times };
  if (first !== null) {
    const named = printProgram(task.grammar, programs[first.program] as Program);
    const kept =
      isFreshSame === null
        ? ""
        : isFreshSame
          ? " Judged first in a fresh worker it is the same each time: something is kept between calls."
          : " Even judged first in a fresh worker it differs: chance or a clock.";
    findings.push({
      check: "non-determinism",
      verdict: "bad",
      message: `${figure(differing)} of ${figure(compared)} programs were judged differently when judged again. ${named}: ${first.what} ${first.values[0]} ${first.circumstances[0]}, ${first.values[1]} ${first.circumstances[1]}.${kept}`,
      advice: `Make fitness and measures depend on nothing but their argument, or no run can be repeated, resumed or verified.${suspects.random.length > 0 ? ` The experiment's code mentions ${suspects.random.join(", ")}.` : ` ${causes}`}`,
      figures: {
        ...figures,
        program: named,
        what: first.what,
        first: String(first.values[0]),
        second: String(first.values[1]),
      },
    });
  } else if (compared === 0)
    findings.push({
      check: "non-determinism",
      verdict: "look",
      message: "no program could be judged twice in the time there was",
      advice: "Make the fitness faster, or see that it ends.",
      figures,
    });
  else
    findings.push({
      check: "non-determinism",
      verdict: "ok",
      message: `${figure(compared)} programs judged ${times} times, in two workers and two orders: the same to the last bit`,
      advice: "",
      figures,
    });
  if (first === null && suspects.random.length > 0)
    findings.push({
      check: "code",
      verdict: "look",
      message: `the experiment's code mentions ${suspects.random.join(", ")}, though nothing differed`,
      advice: "See that no case, fitness or measure depends on it.",
      figures: { mentions: suspects.random.join(", ") },
    });
  if (suspects.machineDependent.length > 0)
    findings.push({
      check: "code",
      verdict: "look",
      message: `the experiment's code mentions ${suspects.machineDependent.join(", ")}, which may differ in the last bit between machines`,
      advice:
        'On one machine all is well. To verify on another, take them from kernels of "illume/dsl", or write numbers into the cases.',
      figures: { mentions: suspects.machineDependent.join(", ") },
    });
  return findings;
}

/** Whether short runs with different numbers of workers had the same digest after each epoch that both finished. */
export function checkDigests(one: ShortRun, other: ShortRun): Finding {
  const epochs = Math.min(one.epochs.length, other.epochs.length);
  const workers = `${one.workers} and with ${other.workers} worker${other.workers === 1 ? "" : "s"}`;
  const fault = one.fault ?? other.fault;
  if (fault !== null)
    return {
      check: "digest",
      verdict: "bad",
      message: `a short run failed: ${fault}`,
      advice: "A run would end the same way. See that the experiment's code loads in a worker and ends.",
      figures: { epochs },
    };
  if (epochs === 0)
    return {
      check: "digest",
      verdict: "look",
      message: "no epoch ended in the time of a short run, so runs could not be compared",
      advice: "",
      figures: { epochs },
    };
  for (let epoch = 0; epoch < epochs; epoch++) {
    const [a, b] = [one.epochs[epoch]?.digest as string, other.epochs[epoch]?.digest as string];
    if (a !== b)
      return {
        check: "digest",
        verdict: "bad",
        message: `the same seed gave different maps with ${workers}: ${a} and ${b} after epoch ${epoch + 1}`,
        advice:
          "Make fitness and measures depend on nothing but their argument; the findings on non-determinism say more.",
        figures: { epochs, firstDifference: epoch },
      };
  }
  return {
    check: "digest",
    verdict: "ok",
    message: `the same map with ${workers}, after each of ${figure(epochs)} epoch${epochs === 1 ? "" : "s"}`,
    advice: "",
    figures: { epochs, digest: one.epochs[epochs - 1]?.digest ?? null },
  };
}
