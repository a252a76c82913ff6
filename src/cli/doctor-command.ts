import { existsSync, statfsSync } from "node:fs";
import { availableParallelism } from "node:os";
import { dirname, resolve } from "node:path";
import pc from "picocolors";
import { threadJudge } from "../../workers/index.ts";
import { examine, type Finding, InputError, rootKey, type Verdict } from "../index.ts";
import { loadExperiment } from "./experiment-source.ts";
import { createExecutor, workerCount } from "./run-session.ts";
import { checkLimits } from "./run-command.ts";

/** illume doctor: examines an experiment before a long run. Stores nothing. Exit code 0, or 1 when something is bad. */
export async function doctorCommand(args: {
  readonly experiment: string;
  readonly seed: string;
  readonly budget: number | undefined;
  readonly parameters: Readonly<Record<string, unknown>>;
  readonly workers: string;
  readonly minutes: number | undefined;
  readonly until: string | undefined;
  readonly seconds: number;
  readonly runs: string;
  readonly json: boolean;
}): Promise<number> {
  checkLimits(args);
  if (!(args.seconds >= 1 && args.seconds <= 3600))
    throw new InputError(`--seconds must be a number from 1 to 3600; got ${args.seconds}.`);
  const started = performance.now();
  const untilSeconds = args.until === undefined ? null : secondsUntil(args.until, new Date());
  const { experiment, task, bundle, code, budgetCandidates } = await loadExperiment({
    experiment: args.experiment,
    budgetCandidates: args.budget,
    parameters: args.parameters,
  });
  const isTalking = !args.json && process.stderr.isTTY === true;
  const examination = await examine({
    experiment,
    task,
    code: bundle.code,
    key: rootKey(args.seed),
    workers: workerCount(args.workers),
    seconds: args.seconds,
    budgetCandidates,
    limitSeconds: args.minutes === undefined ? null : args.minutes * 60,
    untilSeconds,
    createExecutor: (shortened, workers) => createExecutor({ task: shortened, code }, "threads", workers),
    createJudge: (shortened) => threadJudge(shortened, code),
    now: () => performance.now(),
    cores: availableParallelism(),
    residentBytes: () => process.memoryUsage.rss(),
    availableBytes: () => process.availableMemory(),
    freeDiskBytes: () => freeBytes(args.runs),
    onStep: (step) => {
      if (isTalking) process.stderr.write(`${pc.dim(`${step} …`)}\n`);
    },
  });
  const { findings, estimate } = examination;
  const finish = estimate === null ? null : new Date(Date.now() + estimate.plannedSeconds * 1000);
  if (args.json)
    process.stdout.write(
      `${JSON.stringify({
        experiment: experiment.name,
        findings,
        estimate:
          estimate === null
            ? null
            : { ...estimate, finish: finish === null || !isDate(finish) ? null : finish.toISOString() },
        course: examination.course,
        seconds: (performance.now() - started) / 1000,
      })}\n`,
    );
  else {
    process.stdout.write(`${findings.flatMap(linesOf).join("\n")}\n\n`);
    if (finish !== null && isDate(finish))
      process.stdout.write(`begun now, the run ends ${whenText(finish, new Date())} at the latest\n`);
    process.stdout.write(
      `${pc.dim(`${((performance.now() - started) / 1000).toFixed(1)} s: ${examination.course}`)}\n`,
    );
  }
  return findings.some(({ verdict }) => verdict === "bad") ? 1 : 0;
}

const colours: Record<Verdict, (text: string) => string> = {
  ok: pc.green,
  look: pc.yellow,
  bad: pc.red,
};

/** A finding, and below it what to change. */
function linesOf({ check, verdict, message, advice }: Finding): string[] {
  const line = `${colours[verdict](verdict.padEnd(4))}  ${pc.bold(check.padEnd(15))}  ${message}`;
  return advice === "" ? [line] : [line, `${" ".repeat(23)}→ ${advice}`];
}

/** Seconds from now to the next time that a clock shows HH:MM. */
function secondsUntil(time: string, now: Date): number {
  const [, hours, minutes] = /^(\d{1,2}):(\d{2})$/.exec(time) ?? [];
  if (hours === undefined || Number(hours) > 23 || Number(minutes) > 59)
    throw new InputError(`--until must be a time of day such as 07:00; got ${time}.`);
  const then = new Date(now);
  then.setHours(Number(hours), Number(minutes), 0, 0);
  if (then <= now) then.setDate(then.getDate() + 1);
  return (then.getTime() - now.getTime()) / 1000;
}

const isDate = (date: Date): boolean => !Number.isNaN(date.getTime());

/** A moment as people say it: the time, with the date if it is another day. */
function whenText(then: Date, now: Date): string {
  const two = (n: number): string => String(n).padStart(2, "0");
  const time = `at ${two(then.getHours())}:${two(then.getMinutes())}`;
  return then.toDateString() === now.toDateString()
    ? time
    : `on ${then.getFullYear()}-${two(then.getMonth() + 1)}-${two(then.getDate())} ${time}`;
}

/** Free space where a folder of runs lies, or will lie. */
function freeBytes(runs: string): number {
  let folder = resolve(runs);
  while (!existsSync(folder)) folder = dirname(folder);
  const { bavail, bsize } = statfsSync(folder);
  return bavail * bsize;
}
