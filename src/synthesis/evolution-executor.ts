import type { Grammar } from "../../dsl/index.ts";
import { type EvolutionJob, type EvolutionResult, evolveTerms } from "./term-evolution.ts";
import type { Example } from "./terms.ts";

/** Runs epochs of evolution somewhere: what one gives depends on its job alone. */
export interface EvolutionExecutor {
  run(job: EvolutionJob): Promise<EvolutionResult>;
  close(): Promise<void>;
}

/** Runs them in this thread. */
export const serialEvolution = (grammar: Grammar, examples: readonly Example[]): EvolutionExecutor => ({
  run: (job) => Promise.resolve(evolveTerms(grammar, examples, job)),
  close: () => Promise.resolve(),
});
