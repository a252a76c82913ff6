import * as dsl from "../dsl/index.ts";
import * as illume from "../src/index.ts";
import { PROTOCOL_VERSION, type RunPart, type RunPartResult } from "./protocol.ts";
import { serialExecutor } from "./serial.ts";
import { threadsExecutor } from "./threads.ts";

const { carryOn, compileTask, completeParameters, folderDisk, loadBundle, lockRun, RunStore } = illume;

/** Carries a stored run on, by itself, to its end or until it has spent so much. */
export default async function run(part: RunPart): Promise<RunPartResult> {
  if (part.protocol !== PROTOCOL_VERSION)
    throw new Error(`protocol must be ${PROTOCOL_VERSION}; got ${part.protocol}`);
  try {
    return { stop: await carried(part), problems: [] };
  } catch (error) {
    // What sort of error it is would be lost on the way to another thread.
    if (error instanceof illume.InputError) return { stop: null, problems: error.problems };
    throw error;
  }
}

async function carried(part: RunPart): Promise<illume.StopReason | null> {
  const { folder, code, untilCandidates, untilEvaluations, untilSeconds } = part;
  const lock = lockRun(folder);
  const store = RunStore.open(folderDisk(folder), { readOnly: false, isHeld: lock.isHeld });
  try {
    const experiment = await loadBundle(code, { illume, "illume/dsl": dsl });
    const task = compileTask(experiment, completeParameters(store.config.parameters));
    const { latest } = store;
    const before = latest?.seconds ?? 0;
    const started = performance.now(); // clock: budgets in seconds, which a person asks for
    const seconds = (): number => before + (performance.now() - started) / 1000; // clock: the same
    const isEnough = ({ candidates, evaluations }: illume.Counters, spent: number): boolean =>
      candidates >= untilCandidates || evaluations >= untilEvaluations || spent >= untilSeconds;
    if (latest !== null && (illume.isEnd(latest.stop) || isEnough(latest.counters, latest.seconds)))
      return latest.stop;
    // What code of the experiment may do to a thread is kept from this one.
    const executor = task.isCustom ? threadsExecutor(task, code, 1) : serialExecutor(task);
    try {
      const { stop } = await carryOn({
        task,
        store,
        executor,
        seconds,
        interruption: (counters) => (isEnough(counters, seconds()) ? "paused" : null),
      });
      return stop;
    } finally {
      await executor.close();
    }
  } finally {
    await store.close();
    lock.release();
  }
}
