import {
  type Individual,
  type Judgement,
  printProgram,
  programSize,
  type Replay,
  replayEpoch,
  type Task,
  valueToJson,
  variationOperators,
  count,
} from "../index.ts";
import { behaviourLines, behaviourRecord } from "./behaviour.ts";
import { binsOf } from "./cell-name.ts";
import { printable } from "./printable.ts";
import type { CodeChoice } from "./run-code.ts";
import { runFault } from "./run-fault.ts";
import { createExecutor, type ExecutorChoice, openRun, type RunSession, workerCount } from "./run-session.ts";
import { describe, number } from "./summary.ts";

/** illume replay: one job again, with what became of its candidates. Exit code 0, or 1 if it does not come out as stored. */
export async function replayCommand(args: {
  readonly run: string;
  readonly runs: string;
  readonly workers: string;
  readonly executor: ExecutorChoice;
  readonly epoch: number;
  readonly island: number;
  readonly candidate: number | undefined;
  readonly all: boolean;
  readonly code: CodeChoice;
  readonly json: boolean;
}): Promise<number> {
  const workers = args.executor === "serial" ? 1 : workerCount(args.workers);
  const session = await openRun(args.run, args.runs, true, args.code);
  const { task, store } = session;
  const { epoch, island } = args;
  const executor = createExecutor(session, args.executor, workers);
  let replay: Replay;
  try {
    const observed = args.candidate ?? (args.all ? "all" : "accepted");
    replay = await replayEpoch({ task, store, executor, epoch, island, observed });
  } catch (error) {
    throw runFault(session, error);
  } finally {
    await executor.close();
    await session.close();
  }
  const { output, storedDigest } = replay;
  const { judgements, counters } = output;
  const isReproduced =
    (storedDigest === null || storedDigest === output.digest) &&
    replay.quarantine.every((entry) => entry.isReproduced && entry.isStored !== false);
  const one = args.candidate === undefined ? undefined : judgements[0];
  if (args.json)
    process.stdout.write(
      `${printable(
        valueToJson({
          run: session.name,
          epoch,
          island,
          counters,
          digest: output.digest,
          storedDigest,
          reproduced: storedDigest === null ? null : isReproduced,
          quarantine: replay.quarantine.map(({ program, ...entry }) => ({
            ...entry,
            program: printProgram(task.grammar, program),
          })),
          candidates: judgements.map((judgement) => judgementRecord(task, judgement)),
          ...(one === undefined ? {} : behaviourRecord(task, one.program)),
        }),
      )}\n`,
    );
  else
    process.stdout.write(
      `${[
        ...jobLines(session, args, replay),
        "",
        ...(one === undefined ? tableLines(task, judgements) : candidateLines(task, one)),
      ]
        .map(printable)
        .join("\n")}\n`,
    );
  return isReproduced ? 0 : 1;
}

function jobLines(
  session: RunSession,
  { epoch, island }: { readonly epoch: number; readonly island: number },
  { output, storedDigest, quarantine }: Replay,
): string[] {
  const { counters, digest } = output;
  const fates = (["added", "improved", "givenUp", "notANumber", "threw", "timedOut", "crashed"] as const)
    .filter((name) => counters[name] > 0)
    .map((name) => `${fateNames[name]} ${count(counters[name])}`);
  return [
    `job          epoch ${epoch}, island ${island} of ${session.name}`,
    `candidates   ${count(counters.candidates)}, evaluated ${count(counters.evaluations)}${fates.map((fate) => `, ${fate}`).join("")}`,
    storedDigest === null
      ? `digest       ${digest}, which the journal does not have`
      : storedDigest === digest
        ? `digest       ${digest}, as stored`
        : `digest       ${digest}, but ${storedDigest} is stored`,
    ...quarantine.map(
      ({ candidate, reason, program, isStored, isReproduced }) =>
        `quarantine   candidate ${candidate} ${fateNames[reason]}, reproduced: ${isReproduced ? "yes" : "no"}${isStored === false ? ", but not stored" : ""}   ${printProgram(session.task.grammar, program)}`,
    ),
  ];
}

const fateNames: Readonly<Record<Judgement["fate"] | "added", string>> = {
  added: "new",
  new: "new",
  improved: "improved",
  rejected: "no better",
  givenUp: "given up",
  notANumber: "no number",
  threw: "threw",
  timedOut: "timed out",
  crashed: "crashed",
};

const operatorName = (operator: number): string =>
  variationOperators[operator]?.operator.name ?? "random or seed";

const textOf = (task: Task, program: Individual["program"]): string =>
  printProgram(task.grammar, task.answer(program));

function judgementRecord(task: Task, judgement: Judgement): Record<string, unknown> {
  const { measured, parent, program, operator, ...rest } = judgement;
  return {
    ...rest,
    operator: operatorName(operator),
    parent: parent === null ? null : textOf(task, parent),
    program: textOf(task, program),
    measured:
      measured === null
        ? null
        : {
            fitness: measured.fitness,
            descriptor: Object.fromEntries(task.axes.map((axis, k) => [axis.name, measured.descriptor[k]])),
            cell: binsOf(task, task.space.cellOf(measured.descriptor)),
            met:
              measured.met === null ? null : { ...describe(task, measured.met), birth: measured.met.birth },
          },
  };
}

const fitnessText = ({ measured }: Judgement): string => (measured === null ? "" : number(measured.fitness));
const cellText = (task: Task, { measured }: Judgement): string =>
  measured === null ? "" : String(binsOf(task, task.space.cellOf(measured.descriptor)));

function tableLines(task: Task, judgements: readonly Judgement[]): string[] {
  if (judgements.length === 0) return ["no candidate took a cell; --all shows every one"];
  const row = (candidate: string, operator: string, fate: string, fitness: string, cell: string): string =>
    `${candidate.padStart(9)}  ${operator.padEnd(21)}  ${fate.padEnd(9)}  ${fitness.padEnd(10)}  ${cell.padEnd(7)}  `;
  return [
    `${row("candidate", "operator", "fate", "fitness", "cell")}program`,
    ...judgements.map(
      (j) =>
        row(
          String(j.candidate),
          operatorName(j.operator),
          fateNames[j.fate],
          fitnessText(j),
          cellText(task, j),
        ) +
        textOf(task, j.program) +
        (j.fate === "improved" && j.measured !== null && j.measured.met !== null
          ? `   instead of ${number(j.measured.met.fitness)} ${textOf(task, j.measured.met.program)}`
          : "") +
        (j.error === null ? "" : `   ${j.error.message}`),
    ),
  ];
}

function candidateLines(task: Task, judgement: Judgement): string[] {
  const { candidate, program, parent, measured, error, fate, isCacheHit } = judgement;
  const met = measured?.met ?? null;
  return [
    `candidate    ${candidate}`,
    `program      ${textOf(task, program)}`,
    `size         ${programSize(program)}`,
    `operator     ${operatorName(judgement.operator)}`,
    ...(parent === null ? [] : [`parent       ${textOf(task, parent)}`]),
    `fate         ${fateNames[fate]}${isCacheHit ? ", known from the cache" : ""}`,
    ...(measured === null
      ? []
      : [
          `fitness      ${measured.fitness}`,
          `descriptor   ${task.axes.map((axis, k) => `${axis.name} ${number(measured.descriptor[k] as number)}`).join("   ")}`,
          `cell         ${cellText(task, judgement)}`,
          met === null
            ? "met          an empty cell"
            : `met          ${met.fitness}  ${textOf(task, met.program)}, born in epoch ${met.birth.epoch} on island ${met.birth.island} as candidate ${met.birth.candidate}`,
        ]),
    ...(error === null ? [] : [`error        ${error.message}`, ...error.stack.split("\n").slice(1)]),
    ...behaviourLines(task, program),
  ];
}
