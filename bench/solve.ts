import { execFile } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { packageFolder, type SolveEmitters, solveEmitters } from "../src/index.ts";
import type { BenchmarkRecord } from "./benchmark-record.ts";
import { type AnsweredTask, generalisation } from "./generalisation.ts";

const run = promisify(execFile);
/** Seconds that a task may take, and seconds of looking for a smaller answer. */
const SECONDS = 10;
const MORE_SECONDS = 5;
const TIMEOUT_MS = 60_000;

interface Told {
  readonly stop: string;
  readonly answer: { readonly program: string; readonly size: number } | null;
  readonly candidates: number;
  readonly firstCpuSeconds: number | null;
  readonly cpuSeconds: number;
}

/** What `illume solve` says of a file in a process of its own; null where the file is refused. */
async function solved(file: string, emitters: SolveEmitters): Promise<Told | null> {
  const limits = ["--seconds", String(SECONDS), "--more", String(MORE_SECONDS)];
  const words = ["solve", file, ...limits, "--emitters", emitters, "--json"];
  try {
    const program = join(packageFolder, "dist/src/cli/main.js");
    const { stdout } = await run(process.execPath, [program, ...words], { timeout: TIMEOUT_MS });
    return JSON.parse(stdout) as Told;
  } catch (error) {
    const { code, stdout } = error as { code?: number; stdout?: string };
    if (code === 1 && stdout !== undefined) return JSON.parse(stdout) as Told;
    if (code === 2) return null;
    throw error;
  }
}

/**
 * Tasks of the SyGuS competition that lie beside the repository, one process each: how many are solved within 10 and within 1 second of
 * CPU, start included, the sizes of the answers after 5 seconds more, and how many answers to shorter variants of a task are right on all
 * examples of a longer one.
 */
export async function* solveBenchmark(emitters: SolveEmitters = "both"): AsyncGenerator<BenchmarkRecord> {
  const folder = join(packageFolder, "../shared/data/sygus");
  for (const type of ["strings", "bitvectors"]) {
    if (!existsSync(join(folder, type))) continue;
    const times: number[] = [];
    const sizes: number[] = [];
    const answered: AnsweredTask[] = [];
    let [tasks, refused, candidates, seconds] = [0, 0, 0, 0];
    for (const name of readdirSync(join(folder, type)).sort()) {
      const told = await solved(join(folder, type, name), emitters);
      if (told === null) {
        refused++;
        continue;
      }
      tasks++;
      candidates += told.candidates;
      seconds += told.cpuSeconds;
      if (told.firstCpuSeconds !== null) times.push(told.firstCpuSeconds);
      if (told.answer !== null) sizes.push(told.answer.size);
      answered.push({
        name: name.replace(/\.sl$/, ""),
        text: readFileSync(join(folder, type, name), "utf8"),
        answer: told.answer?.program ?? null,
      });
    }
    const general = generalisation(answered);
    times.sort((a, b) => a - b);
    sizes.sort((a, b) => a - b);
    const count = (limit: number): number => times.filter((time) => time <= limit).length;
    yield {
      type,
      tasks,
      refused,
      solved: count(SECONDS),
      solvedInOneSecond: count(1),
      solvedInHalfSecond: count(0.5),
      medianCpuSeconds: times[times.length >> 1] ?? Number.NaN,
      largestCpuSeconds: times.at(-1) ?? Number.NaN,
      meanSize: sizes.reduce((sum, size) => sum + size, 0) / sizes.length,
      medianSize: sizes[sizes.length >> 1] ?? Number.NaN,
      candidatesPerCpuSecond: candidates / seconds,
      longerVariants: general.pairs,
      longerVariantsRight: general.right,
    };
  }
}

/** The same by enumeration, by evolution and by both. */
export async function* emittersBenchmark(): AsyncGenerator<BenchmarkRecord> {
  for (const emitters of solveEmitters)
    for await (const record of solveBenchmark(emitters)) yield { ...record, emitters };
}
