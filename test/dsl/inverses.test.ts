import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  isTrap,
  lists,
  type Outcome,
  type Primitive,
  sameOutcome,
  text,
  textPatternRows,
  textPatterns,
  type Type,
} from "../../dsl/index.ts";

const valueOf = (type: Type): fc.Arbitrary<unknown> => {
  switch (type.kind) {
    case "string":
      // Few letters, so that texts have parts in common.
      return fc.oneof(
        { weight: 3, arbitrary: fc.string({ unit: fc.constantFrom("a", "b", "-", " "), maxLength: 6 }) },
        fc.constantFrom(...Object.keys(textPatterns)),
      );
    case "int":
      return fc.integer({ min: -2, max: 8 });
    case "bool":
      return fc.boolean();
    case "list":
      return fc.array(valueOf((type as unknown as { element: Type }).element), { maxLength: 5 });
    default:
      return fc.integer({ min: -3, max: 3 });
  }
};

const rows: readonly Primitive[] = [...text().primitives, ...textPatternRows, ...lists().primitives].filter(
  ({ inverse, parameters }) => inverse !== undefined && parameters.every(({ kind }) => kind !== "function"),
);

describe("the inverse of a row", () => {
  it("is there for some", () => {
    expect(rows.length).toBeGreaterThan(4);
  });

  it.each(rows.map((row) => [row.name, row] as const))("%s holds for every application", (_, row) => {
    const { order, possible, last, part } = row.inverse as NonNullable<Primitive["inverse"]>;
    fc.assert(
      fc.property(fc.tuple(...row.parameters.map(valueOf)), (given) => {
        const result = row.apply(...given) as Outcome;
        if (isTrap(result)) return;
        const placed = order.map((argument) => given[argument]);
        for (let count = 1; count < placed.length; count++)
          expect(possible?.(result, ...placed.slice(0, count)) ?? true).toBe(true);
        if (part !== undefined && given[0] !== "") expect(part(result, given[0])).toBe(true);
        if (last === undefined) return;
        const others = placed.slice(0, -1);
        const needed = last(result, ...others);
        expect(needed).toBeDefined();
        const again = given.slice();
        again[order.at(-1) as number] = needed;
        expect(sameOutcome(row.apply(...again) as Outcome, result)).toBe(true);
      }),
    );
  });
});
