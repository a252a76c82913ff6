import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { isTrap, textPatternRows, textPatterns, trap, type Value } from "../../dsl/index.ts";

const row = (name: string) => {
  const found = textPatternRows.find((one) => one.name === name);
  if (found === undefined) throw new Error(name);
  return (...given: unknown[]): unknown => (found.apply as (...values: unknown[]) => unknown)(...given);
};
const texts = fc.string({ unit: fc.constantFrom("a", "Z", "7", "0", " ", "-", ".", "$&"), maxLength: 20 });
const patterns = fc.constantFrom(...Object.keys(textPatterns), "(a+)+", "");

describe("patterns in texts", () => {
  it("are counted from either end", () => {
    expect(row("match")("tel 0171-555 x12", "[0-9]+", 0)).toBe("0171");
    expect(row("match")("tel 0171-555 x12", "[0-9]+", -1)).toBe("12");
    expect(row("match")("tel 0171-555 x12", "[0-9]+", 3)).toBe("");
    expect(row("match")("pay -12.50 now", "-?[0-9]+(?:[.][0-9]+)?", 0)).toBe("-12.50");
    expect(row("match-start")("Jan van Kotas", "[A-Z][a-z]*", 1)).toBe(8);
    expect(row("match-end")("Jan van Kotas", "[A-Z][a-z]*", 0)).toBe(3);
    expect(row("match-end")("Jan", "[0-9]+", 0)).toBe(-1);
    expect(row("count-matches")("a, b; c", "[^A-Za-z0-9 ]+")).toBe(2);
    expect(row("replace-matches")("a  b   c", " +", "$&")).toBe("a$&b$&c");
  });

  it("are those of the list; any other is a failure", () => {
    for (const { apply, parameters } of textPatternRows) {
      const given = ["aaa", "(a+)+$", parameters[2]?.kind === "int" ? 0 : "b"];
      expect(isTrap((apply as (...values: unknown[]) => unknown)(...given))).toBe(true);
    }
  });

  it("never match nothing", () => {
    for (const pattern of Object.keys(textPatterns))
      expect(new RegExp(`^(?:${pattern})$`).test("")).toBe(false);
  });

  it.each(textPatternRows.map((one) => [one.name, one] as const))(
    "%s does the same where it is exported",
    (_, one) => {
      const code = (one.javascript as string).replaceAll(/\$(\d)/g, "given[$1]");
      // oxlint-disable-next-line typescript/no-implied-eval -- the code that an exported file has
      const exported = new Function("given", "trap", `return ${code};`) as (
        given: unknown[],
        of: typeof trap,
      ) => Value;
      const third = one.parameters[2]?.kind === "int" ? fc.integer({ min: -4, max: 4 }) : texts;
      fc.assert(
        fc.property(texts, patterns, third, (s, pattern, k) => {
          const given = [s, pattern, k];
          expect(exported(given, trap)).toBe((one.apply as (...values: unknown[]) => unknown)(...given));
        }),
      );
    },
  );
});
