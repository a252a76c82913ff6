import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { packageFolder, type SolveEmitters, solveEmitters } from "../src/index.ts";
import type { BenchmarkRecord } from "./benchmark-record.ts";
import { type AnsweredTask, generalisation } from "./generalisation.ts";
import { solvedFile } from "./solved-file.ts";

/** Seconds that a task may take, and seconds of looking for a smaller answer. */
const SECONDS = 10;
const MORE_SECONDS = 5;
const TIMEOUT_MS = 60_000;

/**
 * Tasks of the SyGuS competition that lie beside the repository, one process each: how many are solved within 10 and within 1 second of
 * CPU, start included, the sizes of the answers after 5 seconds more, and how many answers to shorter variants of a task are right on all
 * examples of a longer one.
 */
export async function* solveBenchmark(emitters: SolveEmitters = "both"): AsyncGenerator<BenchmarkRecord> {
  const folder = join(packageFolder, "../shared/data/sygus");
  // Logical constraints are no examples, and not for evolution.
  const types = ["strings", "bitvectors", ...(emitters === "both" ? ["clia"] : [])];
  for (const type of types.filter((one) => existsSync(join(folder, one)))) {
    const times: number[] = [];
    const sizes: number[] = [];
    const answered: AnsweredTask[] = [];
    let [tasks, refused, candidates, seconds] = [0, 0, 0, 0];
    for (const name of readdirSync(join(folder, type)).sort()) {
      const told = await solvedFile(
        join(folder, type, name),
        ["--seconds", String(SECONDS), "--more", String(MORE_SECONDS), "--emitters", emitters],
        TIMEOUT_MS,
      );
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
