import {
  type Archive,
  type CompleteQuestion,
  type Counters,
  hypervolume,
  type Individual,
  printProgram,
  programOperations,
  programSize,
  quarantineEntries,
  type QuarantineReason,
  type RunState,
  type StopReason,
  count,
  counted,
} from "../index.ts";
import { errorText, type Findings } from "./findings.ts";
import { printable } from "./printable.ts";
import type { ShownTask } from "./shown-task.ts";

/** What `run`, `resume` and `verify` tell with --json. */
export interface Summary {
  readonly run: string;
  /** Digest of the archive. */
  readonly digest: string;
  /** Digest of all epochs. */
  readonly rollingDigest: string;
  readonly stop: StopReason | null;
  readonly epochs: number;
  readonly candidates: number;
  readonly evaluations: number;
  readonly cacheHits: number;
  readonly cacheHitRate: number;
  /** Answered by the cache that runs share. */
  readonly sharedHits: number;
  readonly falseMergeRate: number | null;
  readonly failures: {
    readonly notANumber: number;
    readonly threw: number;
    readonly timedOut: number;
    readonly crashed: number;
  };
  /** Programs listed because the experiment's code failed on them. */
  readonly quarantine: number;
  readonly coverage: number;
  readonly qdScore: number;
  /** Of cost against fitness; null where the map has no axis of cost. */
  readonly hypervolume: number | null;
  readonly best: {
    readonly fitness: number;
    readonly program: string;
    readonly size: number;
    readonly operations: number;
    /** Of programs that approximate a function: the largest error on the interval, and its kind. */
    readonly error?: number;
    readonly errorKind?: CompleteQuestion["error"];
  } | null;
  readonly seconds: number;
  readonly workers: number;
  readonly islands: number;
}

/** One program on which the experiment's code failed, for people and programs. */
export interface QuarantineRecord {
  readonly island: number;
  readonly epoch: number;
  readonly candidate: number;
  readonly reason: QuarantineReason;
  readonly program: string;
}

export function summarise(
  task: ShownTask,
  run: {
    readonly name: string;
    readonly workers: number;
    readonly seconds: number;
    readonly digest: string;
    readonly rollingDigest: string;
  },
  result: {
    readonly archive: Archive;
    readonly counters: Counters;
    readonly epochs: number;
    readonly stop: StopReason | null;
  },
  state: RunState | null,
  findings: Findings,
): Summary {
  const { archive, counters } = result;
  return {
    run: run.name,
    digest: run.digest,
    rollingDigest: run.rollingDigest,
    stop: result.stop,
    epochs: result.epochs,
    candidates: counters.candidates,
    evaluations: counters.evaluations,
    cacheHits: counters.cacheHits,
    cacheHitRate: counters.candidates === 0 ? 0 : counters.cacheHits / counters.candidates,
    sharedHits: counters.sharedHits,
    falseMergeRate: counters.audits === 0 ? null : counters.falseMerges / counters.audits,
    failures: {
      notANumber: counters.notANumber,
      threw: counters.threw,
      timedOut: counters.timedOut,
      crashed: counters.crashed,
    },
    quarantine: quarantineOf(task, state).length,
    coverage: archive.coverage,
    qdScore: archive.qdScore(task.offset),
    hypervolume: hypervolume(archive, task.axes, task.offset),
    best: bestOf(task, findings),
    seconds: run.seconds,
    workers: run.workers,
    islands: task.parameters.islands,
  };
}

function bestOf(task: ShownTask, { champion, question, errorOf }: Findings): Summary["best"] {
  if (champion === undefined) return null;
  const described = describe(task, champion);
  return question === null
    ? described
    : { ...described, error: errorOf(champion), errorKind: question.error };
}

/** How good a program is in the unit that people read. */
const sizeText = ({ fitness, error, errorKind }: NonNullable<Summary["best"]>): string =>
  error === undefined ? number(fitness) : `${errorText(error)} largest ${errorKind} error`;

/** What is listed on all islands, in their order. */
export const quarantineOf = (task: ShownTask, state: RunState | null): readonly QuarantineRecord[] =>
  (state?.islands ?? []).flatMap(({ quarantine }, island) =>
    quarantineEntries(quarantine).map(({ epoch, candidate, reason, program }) => ({
      island,
      epoch,
      candidate,
      reason,
      program: printProgram(task.grammar, program),
    })),
  );

/** An elite for people and programs. */
export function describe(
  task: ShownTask,
  elite: Individual,
): { fitness: number; program: string; size: number; operations: number } {
  const program = task.answer(elite.program);
  return {
    fitness: elite.fitness,
    program: printProgram(task.grammar, program),
    size: programSize(program),
    operations: programOperations(task.grammar, program),
  };
}

const percent = (share: number): string => `${(100 * share).toFixed(1)} %`;

/**
 * The summary as lines for a terminal.
 * @param run as it is typed in a command
 * @param inherited candidates that another run spent, where this one was forked from it
 */
export function summaryLines(summary: Summary, run: string, inherited = 0): string[] {
  const own = summary.candidates - inherited;
  const lines = [
    `stop         ${summary.stop ?? "not finished"} after ${counted(summary.epochs, "epoch")}, ${counted(summary.candidates, "candidate")}, ${summary.seconds.toFixed(1)} s`,
    `speed        ${count(summary.seconds > 0 ? own / summary.seconds : 0)} candidates/s with ${counted(summary.workers, "worker")} on ${counted(summary.islands, "island")}`,
    `evaluations  ${count(summary.evaluations)}${summary.cacheHits === 0 ? "" : `, cache ${percent(summary.cacheHitRate)} hits`}${summary.sharedHits === 0 ? "" : `, ${count(summary.sharedHits)} known from other runs`}${summary.falseMergeRate === null ? "" : `, false merges ${percent(summary.falseMergeRate)} of audited hits`}`,
    `map          coverage ${percent(summary.coverage)}, QD-score ${summary.qdScore.toPrecision(6)}${summary.hypervolume === null ? "" : `, hypervolume ${summary.hypervolume.toPrecision(6)}`}`,
  ];
  const failures = Object.entries(summary.failures).filter(([, n]) => n > 0);
  if (failures.length > 0)
    lines.push(`failures     ${failures.map(([kind, n]) => `${kind} ${count(n)}`).join(", ")}`);
  if (summary.quarantine > 0)
    lines.push(
      `quarantine   ${count(summary.quarantine)} of these are listed: illume show ${run} --quarantine`,
    );
  if (summary.best !== null)
    lines.push(`best         ${sizeText(summary.best)}  ${printable(summary.best.program)}`);
  lines.push(`digest       ${summary.digest}`, `all epochs   ${summary.rollingDigest}`);
  return lines;
}

/** A number as short as people like it. */
export const number = (value: number): string =>
  Number.isInteger(value)
    ? String(value)
    : Math.abs(value) >= 1e5 || Math.abs(value) < 1e-3
      ? value.toExponential(3)
      : String(Number(value.toPrecision(5)));
