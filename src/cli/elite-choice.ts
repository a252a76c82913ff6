import { type Archive, type Individual, InputError } from "../index.ts";
import type { ShownTask } from "./shown-task.ts";

const AXIS = "operations";

/**
 * The fittest elite with so many operations, as the map counts them.
 * @throws InputError where there is none, or the map does not count operations
 */
export function fittestOfOperations(
  { axes }: Pick<ShownTask, "axes">,
  archive: Archive,
  operations: number,
): Individual {
  const axis = axes.findIndex(({ name }) => name === AXIS);
  if (axis < 0)
    throw new InputError(
      `--operations must go with a map that has an axis of operations; this one has ${axes.map(({ name }) => name).join(", ")}. --cell names a cell of any map.`,
    );
  const elites = archive.filledCells.map((cell) => archive.elite(cell) as Individual);
  const countOf = ({ descriptor }: Individual): number => descriptor[axis] as number;
  // Of several as fit the one that the front has.
  const fittest = elites
    .filter((elite) => countOf(elite) === operations)
    .toSorted((a, b) => b.fitness - a.fitness || a.size - b.size)[0];
  if (fittest !== undefined) return fittest;
  const counts = [...new Set(elites.map(countOf))].toSorted((a, b) => a - b);
  throw new InputError(
    counts.length === 0
      ? "--operations must be those of a program that was found; nothing is found yet."
      : `--operations must be those of a program on the map: ${counts.join(", ")}; got ${operations}.`,
  );
}
