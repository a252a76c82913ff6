import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { interpret, parseProgram, sameOutcome } from "../dsl/index.ts";
import { exampleGrammar, examplesOfJson } from "../src/index.ts";
import type { BenchmarkRecord } from "./benchmark-record.ts";
import { solvedFile } from "./solved-file.ts";
import { freshTextbookTasks } from "./textbook-fresh-tasks.ts";
import type { TextbookTask } from "./textbook-task.ts";
import { textbookTasks } from "./textbook-tasks.ts";

/** Seconds that a task may take, and seconds of looking for a smaller answer. */
const SECONDS = 30;
const MORE_SECONDS = 2;
const TIMEOUT_MS = 200_000;

const ofKind = (tasks: readonly TextbookTask[], kind: TextbookTask["kind"]): readonly TextbookTask[] =>
  tasks.filter((task) => task.kind === kind);
const questions: readonly (readonly [kind: string, tasks: readonly TextbookTask[]])[] = [
  ["list", ofKind(textbookTasks, "list")],
  ["integer", ofKind(textbookTasks, "integer")],
  ["fresh list", ofKind(freshTextbookTasks, "list")],
  ["fresh integer", ofKind(freshTextbookTasks, "integer")],
];

/** The examples of a task as `illume solve` reads them. */
export const exampleFile = ({ argumentNames, examples }: TextbookTask): string =>
  JSON.stringify(
    examples.map(({ inputs, output }) => ({
      input: Object.fromEntries(argumentNames.map((name, k) => [name, inputs[k]])),
      output,
    })),
  );

/**
 * Textbook functions of lists and of ints from some examples, one process each: how many are solved within 30 seconds of CPU, start
 * included, how many of the answers are right on 20 more examples each, and what the answers are.
 */
export async function* textbookBenchmark(): AsyncGenerator<BenchmarkRecord> {
  const folder = mkdtempSync(join(tmpdir(), "illume-textbook-"));
  try {
    for (const [kind, tasks] of questions) {
      const times: number[] = [];
      const sizes: number[] = [];
      let [right, candidates, seconds] = [0, 0, 0];
      for (const task of tasks) {
        const file = join(folder, `${task.name}.json`);
        writeFileSync(file, exampleFile(task));
        const told = await solvedFile(
          file,
          ["--seconds", String(SECONDS), "--more", String(MORE_SECONDS)],
          TIMEOUT_MS,
        );
        if (told === null) throw new Error(`${task.name} was refused`);
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
