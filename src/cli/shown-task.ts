import {
  approximationGrammar,
  completeParameters,
  type RunConfig,
  type RunDescription,
  type Task,
} from "../index.ts";

/** What of a task is needed to show what a run has found. A run's description has it, too. Where it approximates a function, its grammar is a whole one. */
export type ShownTask = Pick<Task, "target" | "offset" | "isScaled" | "answer" | "approximates"> &
  Pick<RunDescription, "axes" | "space" | "grammar"> & { readonly parameters: { readonly islands: number } };

/** Shows a run by its description: programs are as they were bred, since scales come from the cases. */
export function describedTask(description: RunDescription, config: RunConfig): ShownTask {
  const { approximates, isScaled } = description;
  const shown = {
    ...description,
    answer: (program: Parameters<Task["answer"]>[0]) => program,
    parameters: completeParameters(config.parameters),
    approximates: null,
  };
  if (approximates === null || isScaled) return shown;
  const grammar = approximationGrammar(approximates);
  // Of another language the question does not tell what programs mean.
  return grammar.fingerprint === description.grammar.fingerprint
    ? { ...shown, grammar, approximates }
    : shown;
}
