import type { Program } from "../../dsl/index.ts";
import type { Individual } from "../individual.ts";
import type { Task } from "../task.ts";
import { emptyJudgements, type Judgements, judgedValueCount, judgementKinds } from "./judge.ts";

/** A program that is judged again; the elite that it is, or null for a candidate. */
export interface Sampled {
  readonly program: Program;
  readonly elite: Individual | null;
}

/** A list that takes candidates and elites in turn until both are used up. */
export function alternate(candidates: readonly Program[], elites: readonly Individual[]): Sampled[] {
  return Array.from({ length: Math.max(candidates.length, elites.length) }, (_, i): Sampled[] => {
    const program = candidates[i];
    const elite = elites[i];
    return [
      ...(program === undefined ? [] : [{ program, elite: null }]),
      ...(elite === undefined ? [] : [{ program: elite.program, elite }]),
    ];
  }).flat();
}

/** What the search made of the elites among the programs. */
export function judgementsOfSearch(task: Task, sample: readonly Sampled[]): Judgements {
  const judgements = emptyJudgements(task, sample.length);
  const width = judgedValueCount(task);
  sample.forEach(({ elite }, i) => {
    if (elite === null) return;
    judgements.kinds[i] = judgementKinds.indexOf("judged");
    judgements.values[i * width] = elite.fitness;
    judgements.values.set(elite.descriptor, i * width + 1);
    judgements.values.set(elite.errors, i * width + 1 + task.axes.length);
  });
  return judgements;
}
