import { compareIndividuals } from "../individual.ts";
import type { Selector } from "./selector.ts";

/** The best of `size` elites drawn with replacement. */
export const tournamentSelector = (size: number): Selector => ({
  name: "tournament",
  needsErrors: false,
  select: (archive, stream) => {
    let best = archive.nth(stream.below(archive.count));
    for (let i = 1; i < size; i++) {
      const other = archive.nth(stream.below(archive.count));
      if (compareIndividuals(other, best) > 0) best = other;
    }
    return best;
  },
});
