/** Which islands an island's new elites go to. */
export type TopologyName = "all" | "ring" | "isolated";

/** The islands that an island receives migrants from, ascending. */
export function neighbours(topology: TopologyName, island: number, islands: number): readonly number[] {
  switch (topology) {
    case "all":
      return Array.from({ length: islands }, (_, i) => i).filter((i) => i !== island);
    case "ring":
      return islands === 1 ? [] : [(island + islands - 1) % islands];
    case "isolated":
      return [];
  }
}

/**
 * Epochs that migrants travel: what is found in epoch e arrives before epoch e + 2. The epoch between lets an island
 * go on while others still finish theirs, so workers seldom wait.
 */
export const MIGRATION_LAG_EPOCHS = 2;
