/** How a run's map stands to the best map over all runs (Mouret and Clune 2015), each in [0, 1]. */
export interface MapMeasures {
  /** Its best fitness, as a part of the best of all. */
  readonly globalPerformance: number;
  /** Mean over all cells that some run has filled of its fitness there, as a part of the best there; 0 where it has none. */
  readonly globalReliability: number;
  /** The same over the cells that it has filled itself. */
  readonly precision: number;
  /** Cells that it has filled, as a part of those that some run has. */
  readonly coverage: number;
}

/** The best fitness of each cell over some maps. */
export function bestMap(maps: readonly ReadonlyMap<number, number>[]): ReadonlyMap<number, number> {
  const best = new Map<number, number>();
  for (const cells of maps)
    for (const [cell, fitness] of cells)
      best.set(cell, Math.max(fitness, best.get(cell) ?? Number.NEGATIVE_INFINITY));
  return best;
}

/**
 * @param cells of the run
 * @param best of `bestMap`, over maps of which this is one
 * @param offset fitness that counts as nothing
 */
export function mapMeasures(
  cells: ReadonlyMap<number, number>,
  best: ReadonlyMap<number, number>,
  offset: number,
): MapMeasures {
  let parts = 0;
  let own = Number.NEGATIVE_INFINITY;
  let most = Number.NEGATIVE_INFINITY;
  // In the order of cells: sums of floating numbers depend on it.
  for (const cell of [...best.keys()].sort((p, q) => p - q)) {
    const there = best.get(cell) as number;
    most = Math.max(most, there);
    const here = cells.get(cell);
    if (here === undefined) continue;
    own = Math.max(own, here);
    parts += part(here, there, offset);
  }
  return {
    globalPerformance: cells.size === 0 ? 0 : part(own, most, offset),
    globalReliability: best.size === 0 ? 0 : parts / best.size,
    precision: cells.size === 0 ? 0 : parts / cells.size,
    coverage: best.size === 0 ? 0 : cells.size / best.size,
  };
}

/** How much is had of what is there; of what counts as nothing or less all or none. */
function part(had: number, there: number, offset: number): number {
  if (had === there) return 1;
  if (there <= offset) return 0;
  return Math.max(0, Math.min(1, (had - offset) / (there - offset)));
}
