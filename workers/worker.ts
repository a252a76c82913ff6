import { threadId, workerData } from "node:worker_threads";
import { move, transferableSymbol, valueSymbol } from "piscina";
import * as dsl from "../dsl/index.ts";
import * as illume from "../src/index.ts";
import { type EpochJob, type EpochJobResult, PROTOCOL_VERSION, type WorkerStart } from "./protocol.ts";

const { buffersOf, compileTask, epochTools, loadBundle, runEpoch, ScoreRecord } = illume;

/** Code and tables of the experiment run last: no search state. */
let tools: { readonly key: string; readonly tools: illume.EpochTools } | null = null;

const loaded = new Int32Array((workerData as WorkerStart).loaded);
// Not before Node has finished with this module, which it does synchronously.
setImmediate(() => Atomics.store(loaded, threadId % loaded.length, threadId));

// An epoch runs without a pause, so what the experiment's code left behind (a timer, a promise) fails between epochs,
// where no candidate is at hand and no job may die of it.
process.on("uncaughtException", () => {});
process.on("unhandledRejection", () => {});

/** Runs one epoch of one island. */
export default async function run(job: EpochJob): Promise<EpochJobResult> {
  if (job.protocol !== PROTOCOL_VERSION)
    throw new Error(`protocol must be ${PROTOCOL_VERSION}; got ${job.protocol}`);
  const key = `${job.code} ${JSON.stringify(job.parameters)}`;
  if (tools?.key !== key) {
    const experiment = await loadBundle(job.code, { illume, "illume/dsl": dsl });
    tools = { key, tools: epochTools(compileTask(experiment, job.parameters)) };
  }
  const { task } = tools.tools;
  const heartbeat = new Int32Array(job.heartbeat);
  Atomics.store(heartbeat, 1, 1);
  const output = runEpoch(tools.tools, job.input, {
    enter: (candidate) => {
      Atomics.store(heartbeat, 0, candidate + 1);
      Atomics.add(heartbeat, 1, 1);
    },
    leave: () => {
      Atomics.store(heartbeat, 0, 0);
    },
    ...(job.scores === null ? {} : { scores: new ScoreRecord(task, job.input.candidates, job.scores) }),
  });
  const result: EpochJobResult = { protocol: PROTOCOL_VERSION, output };
  return move({
    [transferableSymbol]: buffersOf(output.state, output.emigrants, output.learned),
    [valueSymbol]: result,
  } as never) as never;
}
