import { join } from "node:path";
import { Worker } from "node:worker_threads";
import { emptyJudgements, type Judge, judgementKinds, packageFolder, type Task } from "../src/index.ts";
import { Attempt, AttemptWatch, HEAP_LIMIT_MB } from "./attempt-watch.ts";
import { type JudgeJob, type JudgeMessage, type JudgeStart, PROTOCOL_VERSION } from "./protocol.ts";

/** Programs that may hang or end a worker before a list is judged no further. */
const MAXIMUM_DEATHS = 5;
/** Workers that may end in a row with no program to blame. */
const MAXIMUM_FAULTS = 2;

/** Workers run the built code, also where this is TypeScript under test. */
const workerFile = join(packageFolder, "dist/workers/judge-worker.js");

/**
 * Judges programs in a worker thread of its own, which is replaced when code of the experiment hangs or ends it: that
 * program has timed out or crashed, and the rest is judged by the next worker.
 * @param code path of the experiment's bundle
 */
export function threadJudge(task: Task, code: string): Judge {
  const { parameters } = task;
  const start: JudgeStart = { protocol: PROTOCOL_VERSION, code, parameters };
  const watch = new AttemptWatch(parameters, 1);
  let worker: Worker | null = null;
  const thrown = new Map<number, string>();
  const condemned: number[] = [];

  /** Sends a job and waits for what comes of it: null when it is done, or how its worker ended. */
  const send = async (job: JudgeJob, attempt: Attempt, onBegin: () => void): Promise<Error | null> => {
    worker ??= new Worker(workerFile, {
      workerData: start,
      resourceLimits: { maxOldGenerationSizeMb: HEAP_LIMIT_MB },
    });
    const mine = worker;
    attempt.signal.addEventListener("abort", () => void mine.terminate());
    watch.begin(attempt);
    try {
      return await new Promise((resolve) => {
        mine.on("message", (message: JudgeMessage) => {
          if (message.kind === "done") resolve(null);
          else if (message.kind === "begun") onBegin();
          else thrown.set(message.program, message.text);
        });
        mine.once("error", resolve);
        mine.once("exit", (exitCode) => resolve(new Error(`a worker ended with exit code ${exitCode}`)));
        mine.postMessage(job);
      });
    } finally {
      watch.end(attempt);
      mine.removeAllListeners("message");
      mine.removeAllListeners("error");
      // What goes wrong in a worker that is being ended is no news.
      mine.on("error", () => {});
    }
  };

  return {
    thrown,
    judge: async (programs, order, limitMs) => {
      thrown.clear();
      const judgements = emptyJudgements(task, programs.length);
      const control = new Int32Array(new SharedArrayBuffer(24));
      let timer: NodeJS.Timeout | null = null;
      let from = 0;
      let faults = 0;
      let deaths = 0;
      try {
        while (from < order.length) {
          const attempt = new Attempt(true);
          const job: JudgeJob = {
            programs,
            order,
            from,
            condemned: Int32Array.from(condemned),
            judgements,
            heartbeat: attempt.heartbeat,
            control: control.buffer as SharedArrayBuffer,
          };
          // The time that the code takes to load is not the programs'.
          const failure = await send(job, attempt, () => {
            timer ??= setTimeout(() => Atomics.store(control, 0, 1), limitMs);
          });
          if (failure === null) break;
          const dead = worker as Worker | null;
          worker = null;
          await dead?.terminate();
          const isHung = attempt.excess === "time";
          const position = attempt.candidate;
          if (position >= 0) {
            const kind = judgementKinds.indexOf(isHung ? "timedOut" : "crashed");
            judgements.kinds[order[position] as number] = kind;
            if (control.some((word, i) => i >= 2 && word !== 0)) condemned.push(...control.subarray(2), kind);
            if (++deaths === MAXIMUM_DEATHS) break;
            // The others get their time.
            if (timer !== null) clearTimeout(timer);
            timer = null;
            Atomics.store(control, 0, 0);
            from = position + 1;
            faults = 0;
          } else {
            if (isHung) throw new Error("the experiment's code did not load in a worker");
            if (++faults === MAXIMUM_FAULTS) throw failure;
            from = Math.max(from, Atomics.load(control, 1));
          }
        }
        return judgements;
      } finally {
        if (timer !== null) clearTimeout(timer);
      }
    },
    close: async () => {
      await worker?.terminate();
      worker = null;
    },
  };
}
