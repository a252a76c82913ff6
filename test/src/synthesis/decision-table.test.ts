import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Condition, DecisionTable } from "../../../src/synthesis/decision-table.ts";

/** Size of the smallest tree, by trying all. */
function smallest(
  mask: number,
  leaves: readonly [number, number][],
  conditions: readonly Condition[],
): number {
  let least = Math.min(...leaves.filter(([reached]) => (reached & mask) === mask).map(([, size]) => size));
  for (const { truth, known, size } of conditions) {
    const [yes, no] = [mask & truth, mask & ~truth];
    if ((known & mask) !== mask || yes === 0 || no === 0) continue;
    least = Math.min(least, 1 + size + smallest(yes, leaves, conditions) + smallest(no, leaves, conditions));
  }
  return least;
}

describe("the smallest tree of decisions", () => {
  const count = 4;
  const mask = fc.integer({ min: 0, max: 2 ** count - 1 });
  const size = fc.integer({ min: 1, max: 9 });
  it("is as small as the best of all, for every set of examples", () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(mask, size), { maxLength: 6 }),
        fc.array(fc.tuple(mask, mask, size), { maxLength: 5 }),
        (leaves, given) => {
          const conditions = given
            .map(([truth, unknown, s], row) => ({
              row,
              truth: truth & ~unknown,
              known: 15 & ~unknown,
              size: s,
            }))
            .sort((p, q) => p.size - q.size);
          const table = new DecisionTable(count);
          leaves.forEach(([reached, s], row) => table.add(reached, row, s));
          table.solve(conditions);
          const isReached = [1, 2, 4, 8].every((one) => leaves.some(([reached]) => (reached & one) !== 0));
          expect(table.size(15)).toBe(smallest(15, leaves, conditions));
          for (let set = 1; set < 2 ** count && isReached; set++)
            expect(table.size(set)).toBe(smallest(set, leaves, conditions));
        },
      ),
    );
  });

  it("tells how it begins, down to its terms", () => {
    const table = new DecisionTable(3);
    table.add(0b011, 7, 2);
    table.add(0b100, 8, 3);
    table.solve([{ row: 5, truth: 0b100, known: 0b111, size: 1 }]);
    expect(table.decision(0b111)).toEqual({ kind: "condition", row: 5, truth: 0b100 });
    expect(table.decision(0b011)).toEqual({ kind: "term", row: 7 });
    expect(table.size(0b111)).toBe(7);
    expect(table.size(0b101)).toBe(7);
  });
});
