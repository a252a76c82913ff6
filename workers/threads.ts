import { setTimeout } from "node:timers/promises";
import { Piscina } from "piscina";
import {
  buffersOf,
  copyIsland,
  type EpochInput,
  type EpochOutput,
  type Executor,
  JobError,
  type Quarantined,
  type Task,
} from "../src/index.ts";
import { type EpochJob, type EpochJobResult, PROTOCOL_VERSION, type WorkerStart } from "./protocol.ts";

/** Candidates of one job that may kill a worker before the run is stopped. */
const MAXIMUM_QUARANTINED = 1000;
/** Time to load the experiment's code and make its tables, before a job counts as hung. */
const SILENCE_MS = 120_000;
const POLL_MS = 100;
const LOAD_POLL_MS = 10;

/** In a checkout under test this module is TypeScript; workers always run the built one. */
const workerFile = import.meta.url.endsWith(".ts")
  ? new URL("../dist/workers/worker.js", import.meta.url)
  : new URL("./worker.js", import.meta.url);

/**
 * Runs jobs on worker threads. A worker that throws, exits, runs out of memory or hangs is replaced and its job run
 * again: without the candidate, if it was at code of the experiment; a second failure without a candidate to blame is
 * a JobError.
 * @param code path of the experiment's bundle, which the workers load
 * @param workers number of threads, at least 1
 */
export function threadsExecutor(task: Task, code: string, workers: number): Executor {
  const { parameters } = task;
  const loaded = new Int32Array(new SharedArrayBuffer(4 * 4096));
  const start: WorkerStart = { loaded: loaded.buffer };
  const pool = new Piscina({
    filename: workerFile.href,
    minThreads: workers,
    maxThreads: workers,
    atomics: "disabled",
    workerData: start,
    resourceLimits: { maxOldGenerationSizeMb: parameters.workerMemoryMb },
  });
  // A worker that dies while idle must not take the process with it; the pool replaces it.
  pool.on("error", () => {});
  let closing = false;

  const attempt = async (input: EpochInput, heartbeat: Int32Array): Promise<EpochOutput> => {
    const job: EpochJob = {
      protocol: PROTOCOL_VERSION,
      code,
      parameters,
      input,
      heartbeat: heartbeat.buffer as SharedArrayBuffer,
    };
    const abort = new AbortController();
    let hung = -1;
    const stopWatching = watch(heartbeat, parameters.evaluationTimeoutMs, (candidate) => {
      hung = candidate;
      abort.abort();
    });
    try {
      const result = (await pool.run(job, {
        signal: abort.signal,
        transferList: buffersOf(input.state),
      })) as EpochJobResult;
      return result.output;
    } catch (error) {
      // The worker may have gone on between the decision to end it and its end: a hang is put down as it was seen.
      if (abort.signal.aborted) Atomics.store(heartbeat, 0, hung + 1);
      throw error;
    } finally {
      stopWatching();
    }
  };

  return {
    workers,
    run: async (input) => {
      const quarantine: Quarantined[] = [...input.quarantine];
      let faults = 0;
      for (;;) {
        // The buffers travel to the worker and die with it, so the second attempt needs its own.
        const state = copyIsland(input.state, parameters.cache === "lossy");
        const heartbeat = new Int32Array(new SharedArrayBuffer(8));
        try {
          return await attempt({ ...input, quarantine }, heartbeat);
        } catch (error) {
          const candidate = Atomics.load(heartbeat, 0) - 1;
          const isBlamed = task.isCustom && candidate >= 0 && quarantine.length < MAXIMUM_QUARANTINED;
          if (isBlamed && !closing)
            quarantine.push({
              candidate,
              reason: (error as Error).name === "AbortError" ? "timedOut" : "crashed",
            });
          else if (++faults === 2 || closing) throw new JobError(input.island, input.epoch, error);
          input = { ...input, state };
        }
      }
    },
    close: async () => {
      closing = true;
      // Node and LMDB abort the whole process when a thread is ended while it loads native or ES modules.
      const isLoading = (id: number): boolean => id > 0 && Atomics.load(loaded, id % loaded.length) !== id;
      for (
        let waited = 0;
        waited < SILENCE_MS && pool.threads.some((t) => isLoading(t.threadId));
        waited += LOAD_POLL_MS
      )
        await setTimeout(LOAD_POLL_MS);
      await pool.destroy();
    },
  };
}

/**
 * Calls `onHang` when one evaluation lasts longer than `timeoutMs` (with its candidate), or loading the code longer
 * than SILENCE_MS (with −1). Illume's own code between evaluations always ends, so it may take as long as it needs.
 */
export function watch(
  heartbeat: Int32Array,
  timeoutMs: number,
  onHang: (candidate: number) => void,
): () => void {
  let seen = -1;
  // oxlint-disable-next-line no-restricted-properties -- a hang is seen by the clock, and only a hang
  let since = performance.now(); // clock: hangs only
  const timer = setInterval(
    () => {
      const beat = Atomics.load(heartbeat, 1);
      const candidate = Atomics.load(heartbeat, 0) - 1;
      // oxlint-disable-next-line no-restricted-properties -- as above
      const now = performance.now(); // clock: hangs only
      if (beat !== seen || (beat > 0 && candidate < 0)) {
        seen = beat;
        since = now;
      } else if (now - since > (beat === 0 ? SILENCE_MS : timeoutMs)) {
        clearInterval(timer);
        onHang(candidate);
      }
    },
    Math.min(POLL_MS, timeoutMs),
  );
  return () => clearInterval(timer);
}
