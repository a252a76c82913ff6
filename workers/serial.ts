import { setImmediate } from "node:timers/promises";
import { epochTools, type Executor, runEpoch, type Task } from "../src/index.ts";

/** The reference executor: one job after another in this thread. A custom fitness that hangs hangs it. */
export function serialExecutor(task: Task): Executor {
  const tools = epochTools(task);
  return {
    workers: 1,
    run: async (input) => {
      // Between jobs signals and timers get their turn.
      await setImmediate();
      return runEpoch(tools, input);
    },
    close: () => Promise.resolve(),
  };
}
