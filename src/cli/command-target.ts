import { spawn } from "node:child_process";
import { constants } from "node:os";
import {
  type Configuration,
  excerpt,
  InputError,
  parameterNames,
  type ParameterSpace,
  type ParameterValue,
} from "../index.ts";
import type { TargetRun, TargetScore, TuningTarget } from "./tuning-target.ts";

/** What a program may print. */
const MOST_OUTPUT_CHARACTERS = 1_000_000;
const SHOWN_CHARACTERS = 80;
/** How long what a command has printed may take to arrive once it has ended. */
const LAST_OUTPUT_MS = 200;

/**
 * Any program: a command line with {name} for each parameter, {seed} and {instance}. Its score is the last line that it prints. One that prints no number, or
 * NaN, or ends with another exit code than 0, or takes too long, has failed: that is worse than any number.
 * @throws InputError where the command lacks a parameter, or names one that is none
 */
export function commandTarget(
  command: string,
  space: ParameterSpace,
  options: {
    readonly instances: readonly string[];
    readonly validation: readonly string[];
    readonly isMinimized: boolean;
    readonly timeoutSeconds: number;
    readonly workers: number;
  },
): TuningTarget {
  const { instances, validation, workers } = options;
  const all = [...instances, ...validation];
  checkPlaces(command, space, all);
  const running = new Set<number>();
  const scoreOf = async ({ configuration, instance, seed }: TargetRun): Promise<TargetScore> => {
    const line = filled(command, space, configuration, { seed, instance: all[instance] ?? "" });
    const { score, ...rest } = await printedNumber(line, options.timeoutSeconds, running);
    return { score: options.isMinimized ? -score : score, ...rest };
  };
  return {
    instances: instances.length === 0 ? ["command"] : instances,
    validation,
    run: async (runs, onDone, isEnded) => {
      let next = 0;
      const take = async (): Promise<void> => {
        while (next < runs.length && !isEnded()) {
          const place = next++;
          onDone(place, await scoreOf(runs[place] as TargetRun));
        }
      };
      await Promise.all(Array.from({ length: workers }, take));
    },
    shown: (score) => (options.isMinimized ? 0 - score : score),
    close: () => {
      for (const pid of running) end(pid);
      return Promise.resolve();
    },
  };
}

const place = /\{([\w.-]+)\}/g;

function checkPlaces(command: string, space: ParameterSpace, instances: readonly string[]): void {
  const named = new Set([...command.matchAll(place)].map(([, name]) => name as string));
  const known = new Set([...parameterNames(space), "seed", "instance"]);
  const problems = [
    ...parameterNames(space)
      .filter((name) => !named.has(name))
      .map((name) => `--command must have {${name}} somewhere, or the space must not have ${name}.`),
    ...[...named]
      .filter((name) => !known.has(name))
      .map((name) => `--command must name parameters of the space, {seed} or {instance}; got {${name}}.`),
    ...(named.has("instance") && instances.length === 0
      ? ["--command has {instance}: give --instances."]
      : []),
  ];
  if (problems.length > 0) throw new InputError(problems);
}

/** The command line with values in their places, each as one word of a shell. */
function filled(
  command: string,
  space: ParameterSpace,
  configuration: Configuration,
  { seed, instance }: { readonly seed: string; readonly instance: string },
): string {
  const valueOf = (name: string): ParameterValue =>
    name === "seed"
      ? seed
      : name === "instance"
        ? instance
        : // What is not active has its default.
          (configuration[name] ?? (space[name]?.default as ParameterValue));
  return command.replaceAll(place, (_, name: string) => quoted(String(valueOf(name))));
}

const quoted = (word: string): string =>
  /^[\w./:+-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;

/** Ends a process with all that it has started. */
function end(pid: number): void {
  try {
    process.kill(-pid, "SIGKILL");
  } catch {
    // It has ended of itself.
  }
}

/** The signal that a shell tells by an exit code above 128. */
const signalOf = (code: number | null): string | undefined =>
  Object.entries(constants.signals).find(([, number]) => number + 128 === code)?.[0];

/** The number on the last line that a command prints. */
function printedNumber(line: string, timeoutSeconds: number, running: Set<number>): Promise<TargetScore> {
  return new Promise((resolve, reject) => {
    // A group of its own, so that all of it can be ended.
    const child = spawn("/bin/sh", ["-c", line], { detached: true, stdio: ["ignore", "pipe", "ignore"] });
    const { pid } = child;
    let output = "";
    let failure = "";
    if (pid !== undefined) running.add(pid);
    const timer = setTimeout(() => {
      failure = `took more than ${timeoutSeconds} s`;
      if (pid !== undefined) end(pid);
      child.stdout.destroy();
    }, 1000 * timeoutSeconds);
    child.stdout.setEncoding("utf8").on("data", (text: string) => {
      output = (output + text).slice(-MOST_OUTPUT_CHARACTERS);
    });
    child.on("error", (error) => {
      clearTimeout(timer);
      reject(new InputError(`--command must be one that can be started; ${error.message}.`));
    });
    child.on("exit", () => {
      // Who was left behind may hold what it prints to open.
      if (pid !== undefined) end(pid);
      setTimeout(() => child.stdout.destroy(), LAST_OUTPUT_MS).unref();
    });
    child.on("close", (code, signal) => {
      clearTimeout(timer);
      if (pid !== undefined) running.delete(pid);
      const ender = signal ?? signalOf(code);
      const isEnded = failure === "" && ender !== undefined;
      if (isEnded) failure = `was ended by ${ender}`;
      if (failure === "" && code !== 0) failure = `ended with exit code ${code}`;
      const last = output.trimEnd().split("\n").at(-1)?.trim() ?? "";
      const score = last === "" ? Number.NaN : Number(last.split(/\s+/).at(-1));
      if (failure === "" && Number.isNaN(score))
        failure = last === "" ? "printed nothing" : `printed ${excerpt(last.slice(0, SHOWN_CHARACTERS))}`;
      resolve({ score: failure === "" ? score : Number.NaN, failure, isEnded });
    });
  });
}
