import { completeParameters, type RunConfig, type RunDescription, type Task } from "../index.ts";

/** What of a task is needed to show what a run has found. A run's description has it, too. */
export type ShownTask = Pick<Task, "target" | "offset" | "isScaled" | "answer"> &
  Pick<RunDescription, "axes" | "space" | "grammar"> & { readonly parameters: { readonly islands: number } };

/** Shows a run by its description: programs are as they were bred, since scales come from the cases. */
export const describedTask = (description: RunDescription, config: RunConfig): ShownTask => ({
  ...description,
  answer: (program) => program,
  parameters: completeParameters(config.parameters),
});
