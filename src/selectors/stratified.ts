import type { Axis } from "../archive/cell-space.ts";
import { binOf } from "../archive/grid.ts";
import type { Selector } from "./selector.ts";

/**
 * Selection along a Pareto front: a bin of the map's first axis, which is the cost, uniformly among those that are filled; in it an
 * elite by rank of fitness, the best most often (density ∝ rank^−2/3).
 */
export function stratifiedSelector(axis: Axis): Selector {
  let strata: number[][] = [];
  return {
    name: "stratified",
    needsErrors: false,
    prepare: (archive) => {
      const bins: number[][] = Array.from({ length: axis.bins }, () => []);
      for (const cell of archive.filledCells)
        bins[binOf(axis, archive.elite(cell)?.descriptor[0] as number)]?.push(cell);
      const fitnessOf = (cell: number): number => archive.elite(cell)?.fitness as number;
      strata = bins.filter((cells) => cells.length > 0);
      for (const cells of strata) cells.sort((a, b) => fitnessOf(b) - fitnessOf(a) || a - b);
    },
    select: (archive, stream) => {
      const cells = strata[stream.below(strata.length)] as number[];
      const u = stream.uniform();
      return archive.elite(cells[Math.floor(cells.length * u * u * u)] as number) as never;
    },
  };
}
