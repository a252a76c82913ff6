import type { Archive } from "./archive/archive.ts";
import type { Axis } from "./archive/cell-space.ts";
import type { Individual } from "./individual.ts";

/** What an elite costs: a coordinate of the map, or its size. */
export interface Cost {
  readonly name: string;
  readonly of: (elite: Individual) => number;
  /** What nothing on the map costs; none where only size is known. */
  readonly limit: number | null;
}

const names: ReadonlySet<string> = new Set(["operations", "cost", "size", "depth"]);

/** The first axis that is a cost, or else size. */
export function costOf(axes: readonly Axis[]): Cost {
  const axis = axes.findIndex(({ name }) => names.has(name));
  if (axis < 0) return { name: "size", of: ({ size }) => size, limit: null };
  const { name, to } = axes[axis] as Axis;
  return { name, of: ({ descriptor }) => descriptor[axis] as number, limit: to };
}

/** The Pareto front of cost against fitness: elites of which no other is both as cheap and fitter, the cheapest first. */
export function paretoFront(archive: Archive, cost: Cost): Individual[] {
  const elites = archive.filledCells.map((cell) => archive.elite(cell) as Individual);
  elites.sort((a, b) => cost.of(a) - cost.of(b) || b.fitness - a.fitness || a.size - b.size);
  const front: Individual[] = [];
  for (const elite of elites) {
    const last = front.at(-1);
    if (last === undefined || elite.fitness > last.fitness) front.push(elite);
  }
  return front;
}

/**
 * The area that the Pareto front dominates (Zitzler and Thiele 1999), up to the end of the cost axis and down to an offset of
 * fitness, added up from the cheapest on; null where the map has no cost axis.
 */
export function hypervolume(archive: Archive, axes: readonly Axis[], offset: number): number | null {
  const cost = costOf(axes);
  const { limit } = cost;
  if (limit === null) return null;
  const front = paretoFront(archive, cost);
  return front.reduce((area, elite, k) => {
    const next = front[k + 1];
    const width = (next === undefined ? limit : Math.min(limit, cost.of(next))) - cost.of(elite);
    return area + Math.max(0, width) * Math.max(0, elite.fitness - offset);
  }, 0);
}
