import type { Archive } from "./archive/archive.ts";
import { compareIndividuals, type Individual } from "./individual.ts";

/**
 * The answer to hand out: of the elites that reach the target the smallest one (the fitter on a tie), so that noise is
 * not fitted once the question is answered; without a target, or before it is reached, the fittest.
 */
export function championOf(archive: Archive, target: number | null): Individual | undefined {
  let champion: Individual | undefined;
  if (target !== null)
    for (const cell of archive.filledCells) {
      const elite = archive.elite(cell) as Individual;
      if (elite.fitness < target) continue;
      if (
        champion === undefined ||
        elite.size < champion.size ||
        (elite.size === champion.size && compareIndividuals(elite, champion) > 0)
      )
        champion = elite;
    }
  return champion ?? archive.best;
}
