import { createRequire } from "node:module";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import type { Worker } from "node:worker_threads";
import type * as piscina from "piscina";
import {
  buffersOf,
  copyIsland,
  type EpochInput,
  type EpochOutput,
  type Executor,
  JobError,
  packageFolder,
  type Quarantined,
  ScoreRecord,
  type Task,
} from "../src/index.ts";
import { Attempt, AttemptWatch, HEAP_LIMIT_MB, SILENCE_MS } from "./attempt-watch.ts";
import { type EpochJob, type EpochJobResult, PROTOCOL_VERSION, type WorkerStart } from "./protocol.ts";
import { Turns } from "./turns.ts";

/** Candidates of one job that may kill a worker before the run is stopped. */
const WAIT_POLL_MS = 10;

/** Waits for a condition, but not for ever. */
async function waitUntil(isMet: () => boolean): Promise<void> {
  for (let waited = 0; waited < SILENCE_MS && !isMet(); waited += WAIT_POLL_MS)
    await setTimeout(WAIT_POLL_MS);
}

const require = createRequire(import.meta.url);

/** Workers run the built code, also where this is TypeScript under test. */
const workerFile = join(packageFolder, "dist/workers/worker.js");

/**
 * Runs jobs on worker threads. A worker that throws, exits, hangs or takes too much memory is replaced and its job run
 * again. A candidate that was too long at code of the experiment is left out then. One at which the worker died or
 * took too much memory is left out if the same happens in a worker of its own, after memory also with nothing beside
 * it: so nobody is blamed for what others left behind. A second failure without a candidate to blame is a JobError.
 * @param code path of the experiment's bundle, which the workers load
 * @param workers number of threads, at least 1
 */
export function threadsExecutor(task: Task, code: string, workers: number): Executor {
  const { Piscina }: typeof piscina = require("piscina");
  const { parameters } = task;
  const loaded = new Int32Array(new SharedArrayBuffer(4 * 4096));
  const start: WorkerStart = { loaded: loaded.buffer };
  const pools = new Set<piscina.Piscina>();
  /** A pool for one job has its worker only while the job runs. */
  const openPool = (threads: number, minThreads: number): piscina.Piscina => {
    const pool = new Piscina({
      filename: workerFile,
      minThreads,
      maxThreads: threads,
      atomics: "disabled",
      workerData: start,
      resourceLimits: { maxOldGenerationSizeMb: Math.max(HEAP_LIMIT_MB, 4 * parameters.workerMemoryMb) },
    });
    // A worker that dies while idle must not take the process with it; the pool replaces it.
    pool.on("error", () => {});
    pools.add(pool);
    return pool;
  };
  /** Node and LMDB abort the whole process when a thread is ended while it loads native or ES modules. */
  const whenLoaded = (pool: piscina.Piscina): Promise<void> => {
    const isLoading = (id: number): boolean => id > 0 && Atomics.load(loaded, id % loaded.length) !== id;
    return waitUntil(() => !pool.threads.some((t) => isLoading(t.threadId)));
  };
  const closePool = async (pool: piscina.Piscina): Promise<void> => {
    await whenLoaded(pool);
    await pool.destroy();
    pools.delete(pool);
  };
  const shared = openPool(workers, workers);
  const watch = new AttemptWatch(parameters, workers);
  const turns = new Turns();
  /** Workers that were ended and still hold memory. */
  const leaving = new Set<Worker>();
  let closing = false;

  const run = async (
    pool: piscina.Piscina,
    input: EpochInput,
    scores: SharedArrayBuffer | null,
    attempt: Attempt,
  ) => {
    const { heartbeat, signal } = attempt;
    const job: EpochJob = { protocol: PROTOCOL_VERSION, code, parameters, input, heartbeat, scores };
    const result: Promise<EpochJobResult> = pool.run(job, { signal, transferList: buffersOf(input.state) });
    const { threads } = pool;
    // The pool heard of it first, and has sent the worker away.
    signal.addEventListener("abort", () => {
      for (const thread of threads.filter((t) => !pool.threads.includes(t)))
        leaving.add(thread.once("exit", () => leaving.delete(thread)));
    });
    watch.begin(attempt);
    try {
      return (await result).output;
    } finally {
      watch.end(attempt);
    }
  };

  return {
    workers,
    run: async (input) => {
      const quarantine: Quarantined[] = [...input.quarantine];
      const scores = task.isCustom ? ScoreRecord.buffer(task, input.candidates) : null;
      let { state } = input;
      let faults = 0;
      /** Where the attempt before was ended, unless it was for its time. */
      let suspect = -1;
      /** Who took too long before: once may be the machine's fault. */
      let slow = -1;
      let ownPool = false;
      let isAlone = false;
      let isBounded = task.isCustom;
      for (;;) {
        const endTurn = await turns.take(isAlone);
        const pool = ownPool ? openPool(1, 0) : shared;
        const attempt = new Attempt(isBounded);
        let output: EpochOutput | null = null;
        let failure: unknown = new Error("the executor is closed");
        // The buffers travel to the worker and die with it, so the next attempt needs its own.
        const spare = copyIsland(state, task.isCustom || parameters.cache === "lossy");
        try {
          if (isAlone) {
            await waitUntil(() => leaving.size === 0);
            await Promise.all([...pools].map(whenLoaded));
            watch.measureIdle();
          }
          if (!closing) output = await run(pool, { ...input, state, quarantine }, scores, attempt);
        } catch (error) {
          failure = error;
        }
        if (ownPool) await closePool(pool);
        endTurn();
        if (output !== null) return output;
        if (closing) throw new JobError(input.island, input.epoch, failure);
        state = spare;
        const { candidate, excess } = attempt;
        const mayBeBlamed = task.isCustom && candidate >= 0;
        if (excess === "together") isBounded = !(isAlone && candidate === suspect);
        else if (!mayBeBlamed) {
          if (excess !== "memory" && ++faults === 2) throw new JobError(input.island, input.epoch, failure);
        } else if (excess === "time") {
          if (candidate === slow) quarantine.push({ candidate, reason: "timedOut" });
          slow = candidate;
        } else if (candidate === suspect && (excess === "memory" ? isAlone : ownPool))
          quarantine.push({ candidate, reason: "crashed" });
        suspect = excess === "time" ? -1 : candidate;
        isAlone ||= excess === "memory" || excess === "together";
        ownPool ||= excess !== "time";
      }
    },
    close: async () => {
      closing = true;
      await Promise.all([...pools].map(closePool));
    },
  };
}
