import { appendFileSync } from "node:fs";
import { cpus } from "node:os";
import type { BenchmarkRecord } from "./benchmark-record.ts";
import { epochBenchmark } from "./epoch.ts";
import { islandsBenchmark } from "./islands.ts";
import { machineBenchmark } from "./machine.ts";
import { memoryBenchmark } from "./memory.ts";
import { sharingBenchmark } from "./sharing.ts";
import { searchBenchmark } from "./search.ts";
import { workersBenchmark } from "./workers.ts";

/**
 * npm run bench [-- machine|epoch|sharing|search|workers|islands|memory …] [--json]: measures on this machine, prints a line for each figure and
 * appends it to bench/history.jsonl. Run it with nothing else running.
 */

const benchmarks: Readonly<Record<string, () => AsyncGenerator<BenchmarkRecord>>> = {
  machine: machineBenchmark,
  epoch: epochBenchmark,
  sharing: sharingBenchmark,
  search: searchBenchmark,
  workers: workersBenchmark,
  islands: islandsBenchmark,
  memory: memoryBenchmark,
};

const json = process.argv.includes("--json");
const named = process.argv.slice(2).filter((a) => !a.startsWith("--"));
const unknown = named.filter((name) => !(name in benchmarks));
if (unknown.length > 0) {
  process.stderr.write(
    `bench: must be one of ${Object.keys(benchmarks).join(", ")}; got ${unknown.join(", ")}\n`,
  );
  process.exit(2);
}
const machine = { node: process.version, cpu: cpus()[0]?.model ?? "unknown", cores: cpus().length };
const date = new Date().toISOString().slice(0, 10);
const history = new URL("../../bench/history.jsonl", import.meta.url);
for (const name of named.length > 0 ? named : Object.keys(benchmarks)) {
  for await (const record of (benchmarks[name] as (typeof benchmarks)[string])()) {
    const line = JSON.stringify({ benchmark: name, ...record });
    process.stdout.write(json ? `${line}\n` : `${name.padEnd(8)} ${describe(record)}\n`);
    appendFileSync(history, `${JSON.stringify({ date, ...machine, benchmark: name, ...record })}\n`);
  }
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
