import { createRequire } from "node:module";
import { join } from "node:path";
import type * as piscina from "piscina";
import { InputError, packageFolder, type StopReason } from "../src/index.ts";
import { HEAP_LIMIT_MB } from "./attempt-watch.ts";
import { PROTOCOL_VERSION, type RunPart, type RunPartResult } from "./protocol.ts";

const require = createRequire(import.meta.url);

/** Workers run the built code, also where this is TypeScript under test. */
const workerFile = join(packageFolder, "dist/workers/run-worker.js");

/** Carries on stored runs, several at the same time, each by itself in one thread. */
export interface RunThreads {
  /** Carries a run on as far as told; rejects where it fails. */
  carryOn(part: Omit<RunPart, "protocol">): Promise<StopReason | null>;
  close(): Promise<void>;
}

/** @param workers runs at the same time, at least 1 */
export function runThreads(workers: number): RunThreads {
  const { Piscina }: typeof piscina = require("piscina");
  const pool = new Piscina({
    filename: workerFile,
    minThreads: 1,
    maxThreads: workers,
    // Runs come one after the other: a thread that is new at each would compile everything anew.
    idleTimeout: Number.POSITIVE_INFINITY,
    atomics: "disabled",
    resourceLimits: { maxOldGenerationSizeMb: HEAP_LIMIT_MB },
  });
  // A worker that dies while idle must not take the process with it; the pool replaces it.
  pool.on("error", () => {});
  return {
    carryOn: async (part) => {
      const message: RunPart = { protocol: PROTOCOL_VERSION, ...part };
      const { stop, problems } = (await pool.run(message)) as RunPartResult;
      if (problems.length > 0) throw new InputError(problems);
      return stop;
    },
    close: () => pool.destroy(),
  };
}
