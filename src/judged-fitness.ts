import type { Column, Program } from "../dsl/index.ts";
import { isOfReals } from "./coordinates.ts";
import { PreciseError } from "./precise-error.ts";
import type { Task } from "./task.ts";

/** What measures a task's errors where doubles do not tell enough; null where they do, as they do of singles. */
export const preciseErrorOf = (task: Task): PreciseError | null =>
  task.measured === null || task.remainders === null || !isOfReals(task.grammar)
    ? null
    : new PreciseError(task, task.remainders);

/**
 * The fitness of programs that are run one by one, the same as in the search: very small errors are measured again. It may throw, or
 * never end, where the task has code of the experiment's author.
 */
export function judgedFitness(task: Task): (program: Program, column: Column) => number {
  const precise = preciseErrorOf(task);
  const { measured } = task;
  return (program, column) => {
    const fitness = Number(task.fitness(column));
    return precise !== null &&
      measured !== null &&
      task.errors(column).every((error) => error < precise.below)
      ? measured.fitness(precise.largest(program))
      : fitness;
  };
}
