import { describe, expect, it } from "vitest";
import { neighbours, type TopologyName } from "../../src/topology.ts";

const of = (topology: TopologyName, islands: number): (readonly number[])[] =>
  Array.from({ length: islands }, (_, island) => neighbours(topology, island, islands));

describe("the neighbours of an island", () => {
  it("are all others under all", () => {
    expect(of("all", 1)).toEqual([[]]);
    expect(of("all", 3)).toEqual([
      [1, 2],
      [0, 2],
      [0, 1],
    ]);
  });

  it("are the one before it on a ring", () => {
    expect(of("ring", 1)).toEqual([[]]);
    expect(of("ring", 2)).toEqual([[1], [0]]);
    expect(of("ring", 4)).toEqual([[3], [0], [1], [2]]);
  });

  it("are none in isolation", () => {
    expect(of("isolated", 3)).toEqual([[], [], []]);
  });

  it("are ascending, never the island itself, and all islands there are", () => {
    for (const topology of ["all", "ring", "isolated"] as const)
      for (const islands of [1, 2, 5, 64])
        of(topology, islands).forEach((list, island) => {
          expect(list).toEqual(list.toSorted((a, b) => a - b));
          expect(list).not.toContain(island);
          expect(list.every((n) => n >= 0 && n < islands)).toBe(true);
        });
  });
});
