import { parentPort, workerData } from "node:worker_threads";
import * as dsl from "../dsl/index.ts";
import * as illume from "../src/index.ts";
import { type JudgeJob, type JudgeMessage, type JudgeStart, PROTOCOL_VERSION } from "./protocol.ts";

const { compileTask, judgementKinds, judgePrograms, judgingMachine, loadBundle } = illume;

/** Messages of thrown errors that are passed on for each job. */
const MAXIMUM_THROWN = 20;

const start = workerData as JudgeStart;
if (start.protocol !== PROTOCOL_VERSION)
  throw new Error(`protocol must be ${PROTOCOL_VERSION}; got ${start.protocol}`);
const task = compileTask(await loadBundle(start.code, { illume, "illume/dsl": dsl }), start.parameters);
const machine = judgingMachine(task);
const tell = (message: JudgeMessage): void => parentPort?.postMessage(message);

parentPort?.on("message", (job: JudgeJob) => {
  const heartbeat = new Int32Array(job.heartbeat);
  const control = new Int32Array(job.control);
  const condemned = new Map<string, number>();
  for (let at = 0; at < job.condemned.length; at += 5)
    condemned.set(job.condemned.subarray(at, at + 4).join(), job.condemned[at + 4] as number);
  let thrown = 0;
  let next = job.from;
  tell({ kind: "begun" });
  Atomics.store(heartbeat, 1, 1);
  judgePrograms(task, machine, job.programs, job.order, job.from, job.judgements, {
    // oxlint-disable-next-line no-restricted-properties -- durations are told to people and decide nothing
    now: () => performance.now(), // clock: measures only
    enter: (position) => {
      if (Atomics.load(control, 0) !== 0) return false;
      next = position + 1;
      control.fill(0, 2);
      Atomics.store(heartbeat, 0, next);
      Atomics.add(heartbeat, 1, 1);
      return true;
    },
    recall: (signature) => {
      const kind = condemned.size === 0 ? undefined : condemned.get(signature.join());
      if (kind === undefined) control.set(signature, 2);
      return kind === undefined ? null : (judgementKinds[kind] ?? null);
    },
    leave: () => {
      Atomics.store(heartbeat, 0, 0);
      Atomics.store(control, 1, next);
    },
    threw: (program, text) => {
      if (thrown++ < MAXIMUM_THROWN) tell({ kind: "threw", program, text });
    },
  });
  tell({ kind: "done" });
});
