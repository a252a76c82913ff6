import { appendFileSync } from "node:fs";
import { cpus } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { ablationBenchmark, exp2Benchmark, functionsBenchmark } from "./approximations.ts";
import { packageFolder } from "../src/index.ts";
import { approximationsSpeedBenchmark } from "./approximations-speed.ts";
import type { BenchmarkRecord } from "./benchmark-record.ts";
import { comparisonsBenchmark } from "./comparisons.ts";
import { epochBenchmark } from "./epoch.ts";
import { islandsBenchmark } from "./islands.ts";
import { type MachineChoice, machineBenchmark } from "./machine.ts";
import { memoryBenchmark } from "./memory.ts";
import { sharingBenchmark } from "./sharing.ts";
import { searchBenchmark } from "./search.ts";
import { type SoakChoice, soakBenchmark } from "./soak.ts";
import { emittersBenchmark, solveBenchmark } from "./solve.ts";
import { textbookBenchmark } from "./textbook.ts";
import { defaultsBenchmark } from "./defaults.ts";
import { tunerBenchmark } from "./tuner.ts";
import { workersBenchmark } from "./workers.ts";

/**
 * npm run bench [-- machine|epoch|sharing|search|workers|islands|memory|approximations-speed|soak …] [--json]: measures on this machine, prints a line for each figure and
 * appends it to bench/history.jsonl. Run it with nothing else running. The machine benchmark takes a part of itself: --type f64,
 * --operations arithmetic, --points 1000, each as often as wanted. Only where they are named run the
 * soak: --minutes 30, --experiment quickstart, as often as wanted; exp2, functions and ablation, which search for approximations: --seeds 5, --seconds 60;
 * solve, which solves tasks of the SyGuS competition that lie in ../shared/data/sygus; emitters, which does so by enumeration, by evolution
 * and by both; textbook, functions of lists and of ints; tuner, which tunes noisy targets: --seeds 20; comparisons: how often differences are told;
 * and defaults, which holds the defaults of searches against those before they were tuned: --seeds 30.
 */

const benchmarks: Readonly<
  Record<string, (choice: MachineChoice & SoakChoice & SeedChoice) => AsyncGenerator<BenchmarkRecord>>
> = {
  machine: machineBenchmark,
  epoch: epochBenchmark,
  sharing: sharingBenchmark,
  search: searchBenchmark,
  workers: workersBenchmark,
  islands: islandsBenchmark,
  memory: memoryBenchmark,
  "approximations-speed": approximationsSpeedBenchmark,
  exp2: ({ seeds, seconds }) => exp2Benchmark(seeds ?? 20, seconds ?? 300),
  functions: ({ seeds }) => functionsBenchmark(seeds ?? 5, 200_000),
  ablation: ({ seeds }) => ablationBenchmark(seeds ?? 5, 10_000),
  solve: () => solveBenchmark(),
  emitters: emittersBenchmark,
  textbook: textbookBenchmark,
  comparisons: comparisonsBenchmark,
  defaults: ({ seeds }) => defaultsBenchmark(seeds),
  tuner: ({ seeds }) => tunerBenchmark(seeds ?? 20),
  soak: soakBenchmark,
};

/** How many searches, and how long each; by the benchmark unless told. */
interface SeedChoice {
  readonly seeds: number | undefined;
  readonly seconds: number | undefined;
}

/** Run only where they are named. */
const long: ReadonlySet<string> = new Set([
  "soak",
  "exp2",
  "functions",
  "ablation",
  "solve",
  "emitters",
  "textbook",
  "tuner",
  "comparisons",
  "defaults",
]);

const { values: options, positionals: named } = readArguments();
const unknown = named.filter((name) => !(name in benchmarks));
if (unknown.length > 0)
  fail(`must be one of ${Object.keys(benchmarks).join(", ")}; got ${unknown.join(", ")}`);
const choice = {
  ...options,
  minutes: Number(options.minutes ?? 30),
  experiment: options.experiment.length > 0 ? options.experiment : ["quickstart"],
  seeds: options.seeds === undefined ? undefined : Number(options.seeds),
  seconds: options.seconds === undefined ? undefined : Number(options.seconds),
};
const isPart = options.type.length + options.operations.length + options.points.length > 0;
if (isPart && named.join() !== "machine") fail("--type, --operations and --points go with machine alone");
if (!(choice.minutes > 0)) fail(`--minutes must be a number above 0; got ${options.minutes}`);
if (options.minutes !== undefined || options.experiment.length > 0) {
  if (named.join() !== "soak") fail("--minutes and --experiment go with soak alone");
}
const machine = { node: process.version, cpu: cpus()[0]?.model ?? "unknown", cores: cpus().length };
const date = new Date().toISOString().slice(0, 10);
const history = join(packageFolder, "bench/history.jsonl");
let measured = 0;
for (const name of named.length > 0 ? named : Object.keys(benchmarks).filter((other) => !long.has(other))) {
  for await (const record of (benchmarks[name] as (typeof benchmarks)[string])(choice)) {
    const line = JSON.stringify({ benchmark: name, ...record });
    process.stdout.write(options.json ? `${line}\n` : `${name.padEnd(8)} ${describe(record)}\n`);
    appendFileSync(history, `${JSON.stringify({ date, ...machine, benchmark: name, ...record })}\n`);
    measured++;
  }
}
if (measured === 0) fail("the machine benchmark has nothing of this type with these operations and points");

function readArguments() {
  const some = { type: "string", multiple: true, default: [] as string[] } as const;
  try {
    return parseArgs({
      allowPositionals: true,
      options: {
        json: { type: "boolean", default: false },
        type: some,
        operations: some,
        points: some,
        seeds: { type: "string" },
        seconds: { type: "string" },
        minutes: { type: "string" },
        experiment: some,
      },
    });
  } catch (error) {
    return fail((error as Error).message);
  }
}

function fail(message: string): never {
  process.stderr.write(`bench: ${message}\n`);
  process.exit(2);
}

function describe(record: BenchmarkRecord): string {
  return Object.entries(record)
    .map(([key, value]) =>
      key === "type"
        ? String(value).padEnd(9)
        : `${key} ${typeof value === "number" ? Number(value.toPrecision(4)) : value}`,
    )
    .join("  ");
}
