import { execFile } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { interpret, parseProgram, sameOutcome } from "../dsl/index.ts";
import { exampleGrammar, examplesOfJson, packageFolder } from "../src/index.ts";
import type { BenchmarkRecord } from "./benchmark-record.ts";
import { type TextbookTask, textbookTasks } from "./textbook-tasks.ts";

const run = promisify(execFile);
/** Seconds that a task may take, and seconds of looking for a smaller answer. */
const SECONDS = 30;
const MORE_SECONDS = 2;
const TIMEOUT_MS = 200_000;

interface Told {
  readonly answer: { readonly program: string; readonly size: number } | null;
  readonly candidates: number;
  readonly firstCpuSeconds: number | null;
  readonly cpuSeconds: number;
}

/** The examples of a task as `illume solve` reads them. */
export const exampleFile = ({ argumentNames, examples }: TextbookTask): string =>
  JSON.stringify(
    examples.map(({ inputs, output }) => ({
      input: Object.fromEntries(argumentNames.map((name, k) => [name, inputs[k]])),
      output,
    })),
  );

/** What `illume solve` says of a file in a process of its own. */
async function solved(file: string): Promise<Told> {
  const words = ["solve", file, "--seconds", String(SECONDS), "--more", String(MORE_SECONDS), "--json"];
  try {
    const program = join(packageFolder, "dist/src/cli/main.js");
    const { stdout } = await run(process.execPath, [program, ...words], { timeout: TIMEOUT_MS });
    return JSON.parse(stdout) as Told;
  } catch (error) {
    const { code, stdout } = error as { code?: number; stdout?: string };
    if (code === 1 && stdout !== undefined) return JSON.parse(stdout) as Told;
    throw error;
  }
}

/**
 * Textbook functions of lists and of ints from some examples, one process each: how many are solved within 30 seconds of CPU, start
 * included, how many of the answers are right on 20 more examples each, and what the answers are.
 */
export async function* textbookBenchmark(): AsyncGenerator<BenchmarkRecord> {
  const folder = mkdtempSync(join(tmpdir(), "illume-textbook-"));
  try {
    for (const kind of ["list", "integer"] as const) {
      const times: number[] = [];
      const sizes: number[] = [];
      let [right, candidates, seconds] = [0, 0, 0];
      const tasks = textbookTasks.filter((task) => task.kind === kind);
      for (const task of tasks) {
        const file = join(folder, `${task.name}.json`);
        writeFileSync(file, exampleFile(task));
        const told = await solved(file);
        candidates += told.candidates;
        seconds += told.cpuSeconds;
        const { answer, firstCpuSeconds } = told;
        const isSolved = answer !== null && firstCpuSeconds !== null && firstCpuSeconds <= SECONDS;
        const passed = answer === null ? 0 : hiddenPassed(task, answer.program);
        if (isSolved) {
          times.push(firstCpuSeconds);
          sizes.push(answer.size);
          if (passed === task.hidden.length) right++;
        }
        yield {
          type: kind,
          task: task.name,
          solved: isSolved ? 1 : 0,
          hidden: passed,
          size: answer?.size ?? Number.NaN,
          cpuSeconds: firstCpuSeconds ?? told.cpuSeconds,
          program: answer?.program ?? "",
        };
      }
      times.sort((a, b) => a - b);
      yield {
        type: kind,
        tasks: tasks.length,
        solved: times.length,
        right,
        medianCpuSeconds: times[times.length >> 1] ?? Number.NaN,
        meanCpuSeconds: times.reduce((sum, time) => sum + time, 0) / times.length,
        largestCpuSeconds: times.at(-1) ?? Number.NaN,
        meanSize: sizes.reduce((sum, size) => sum + size, 0) / sizes.length,
        candidatesPerCpuSecond: candidates / seconds,
      };
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** How many of the hidden examples a program gives. */
function hiddenPassed(task: TextbookTask, program: string): number {
  const grammar = exampleGrammar(examplesOfJson(exampleFile(task), task.name));
  const parsed = parseProgram(grammar, program);
  return task.hidden.filter(({ inputs, output }) => sameOutcome(interpret(grammar, parsed, inputs), output))
    .length;
}
