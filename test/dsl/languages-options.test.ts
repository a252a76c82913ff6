import { describe, expect, it } from "vitest";
import {
  arithmetic,
  bits,
  bitVectors,
  compileGrammar,
  fn,
  lists,
  logic,
  real,
  text,
} from "../../dsl/index.ts";

describe("options of languages", () => {
  it("must be an object", () => {
    expect(() => bitVectors(32 as never)).toThrow(
      'language "bit vectors" must be given an object with width, operations, literals; got 32.',
    );
  });

  it.each([arithmetic, bitVectors, lists, logic, text] as readonly ((options: never) => unknown)[])(
    "must be known (%o)",
    (language) => {
      expect(() => language({ operation: ["+"] } as never)).toThrow(
        /must have no option but .*operations.*; got operation\./,
      );
    },
  );

  it("must fit the program: some row gives its result", () => {
    const problem = /must have a row that gives the program's result, (real|bits<64>); its rows give/;
    expect(() => compileGrammar(arithmetic({ precision: "f32" }), fn({ x: real }, real))).toThrow(problem);
    expect(() => compileGrammar(bitVectors({ width: 32 }), fn({ x: bits(64) }, bits(64)))).toThrow(problem);
  });
});
