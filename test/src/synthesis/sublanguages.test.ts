import { describe, expect, it } from "vitest";
import type { Grammar, Production } from "../../../dsl/index.ts";
import { exampleGrammar, examplesOfJson } from "../../../src/index.ts";
import { sublanguages } from "../../../src/synthesis/sublanguages.ts";

const grammarOf = (examples: readonly (readonly [input: unknown, output: unknown])[]): Grammar =>
  exampleGrammar(
    examplesOfJson(JSON.stringify(examples.map(([x, output]) => ({ input: { x }, output }))), "test.json"),
  );
const rows = ({ productions }: Grammar, isUsed: (row: Production) => boolean): Set<string> =>
  new Set(
    productions.filter((p) => p.kind === "primitive" && isUsed(p)).map((p) => p.primitive?.name as string),
  );

describe("parts of a language", () => {
  const flat = grammarOf([[[1, 2], 3]]);

  it("are all of it about the question's values, that without functions, and that with lists of its lists", () => {
    const [all, plain, nested, ...others] = sublanguages(flat).map(({ isUsed }) => rows(flat, isUsed));
    expect(others).toEqual([]);
    expect([all?.has("map"), all?.has("fold"), all?.has("chunks")]).toEqual([true, true, false]);
    expect([plain?.has("sum"), plain?.has("map"), plain?.has("chunks")]).toEqual([true, false, false]);
    // Functions of two values are left out.
    expect([nested?.has("map"), nested?.has("chunks"), nested?.has("fold")]).toEqual([true, true, false]);
  });

  it("have no lists of lists where the question has none but ints, nor deeper ones than it has", () => {
    for (const grammar of [grammarOf([[1, 2]]), grammarOf([[[[1]], 2]])])
      expect(sublanguages(grammar)).toHaveLength(2);
  });

  it("take larger answers later the less outputs tell, and earlier where neither lists nor lambdas are to be expected", () => {
    const bounds = (grammar: Grammar): number[] => sublanguages(grammar).map(({ round }) => round(5).bound);
    const [truth] = bounds(grammarOf([[[1], true]]));
    const [number, plain] = bounds(flat);
    const [, ofInts] = bounds(grammarOf([[1, 2]]));
    expect(truth).toBeLessThan(number as number);
    expect(plain).toBe(number);
    expect(ofInts).toBeGreaterThan(plain as number);
  });
});
