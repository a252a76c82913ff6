import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  arithmetic,
  bits,
  bitVectors,
  checkProgram,
  compileGrammar,
  fn,
  type Grammar,
  grammarFormText,
  InputError,
  int,
  list,
  lists,
  pair,
  printProgram,
  programOperations,
  readGrammarForm,
  real,
  string,
  text,
  type Type,
  typeText,
} from "../../dsl/index.ts";
import { readType } from "../../dsl/type.ts";
import { randomProgram, randomStream } from "./random-programs.ts";

const grammars: readonly (readonly [string, Grammar])[] = [
  ["formulas", compileGrammar(arithmetic({ constants: true }), fn({ x: real, y: real }, real))],
  ["texts", compileGrammar(text({ literals: ["", ' "\n', "\u001b"] }), fn({ s: string, n: int }, string))],
  [
    "lists, with lambdas",
    compileGrammar(
      lists({ ints: [0, -1], types: [list(list(int)), pair(int, int)] }),
      fn({ xs: list(int) }, list(int)),
    ),
  ],
  ["bits", compileGrammar(bitVectors({ width: 13 }), fn({ x: bits(13) }, bits(13)))],
];

describe.each(grammars)("the form of a grammar of %s", (_, grammar) => {
  const form = readGrammarForm(grammarFormText(grammar));

  it("checks, measures and prints programs as the grammar does", () => {
    const random = randomStream(3);
    for (let n = 0; n < 300; n++) {
      const program = randomProgram(grammar, random, 1 + Math.floor(random() * 30));
      expect(checkProgram(form, program)).toEqual([]);
      expect(printProgram(form, program)).toBe(printProgram(grammar, program));
      expect(programOperations(form, program)).toBe(programOperations(grammar, program));
    }
  });

  it("finds the same wrong with any tokens", () => {
    const token = fc.integer({ min: -8, max: grammar.productions.length });
    fc.assert(
      fc.property(
        fc.array(token, { maxLength: 12 }),
        fc.array(fc.double(), { maxLength: 3 }),
        (tokens, constants) => {
          const program = { tokens: Int32Array.from(tokens), constants: Float64Array.from(constants) };
          const problems = checkProgram(grammar, program);
          expect(checkProgram(form, program)).toEqual(problems);
          if (problems.length === 0) expect(printProgram(form, program)).toBe(printProgram(grammar, program));
        },
      ),
    );
  });

  it("is read or refused, whatever was changed in it", () => {
    const whole = grammarFormText(grammar);
    const random = randomStream(5);
    const programs = Array.from({ length: 20 }, () => randomProgram(grammar, random, 10));
    let refused = 0;
    fc.assert(
      fc.property(fc.nat(whole.length - 1), fc.nat(5), fc.string({ maxLength: 5 }), (at, cut, put) => {
        try {
          const changed = readGrammarForm(whole.slice(0, at) + put + whole.slice(at + cut));
          for (const program of programs)
            if (checkProgram(changed, program).length === 0)
              expect(typeof printProgram(changed, program)).toBe("string");
        } catch (error) {
          expect(error).toBeInstanceOf(InputError);
          refused++;
        }
      }),
      { numRuns: 300 },
    );
    expect(refused).toBeGreaterThan(50);
  });
});

describe("the form of a grammar", () => {
  it("is refused where it is something else", () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        expect(() => readGrammarForm(JSON.stringify(value))).toThrow(InputError);
      }),
    );
    const row = (...cells: unknown[]): string =>
      JSON.stringify({ types: ["int"], resultType: 0, fingerprint: JSON.stringify(["l", [cells]]) });
    expect(readGrammarForm(row("argument", "int", "x", [], 0)).productions).toHaveLength(1);
    for (const wrong of [
      row("argument", "int", "x y", [], 0),
      row("argument", "int", "x", [0], 0),
      row("argument", "real", "x", [], 0),
      row("literal", "int", '"1"', [], 0),
      row("literal", "int", "1.5", [], 0),
      row("primitive", "int", "+", [1], 0),
      row("primitive", "int", "+".repeat(5000), [0], 0),
      row("lambda", "int", "lambda", [0], 0),
      row("bound", "int", "bound", [], 4),
      row("__proto__", "int", "x", [], 0),
    ])
      expect(() => readGrammarForm(wrong)).toThrow(InputError);
  });
});

describe("readType", () => {
  const ground = fc.letrec<{ type: Type }>((tie) => ({
    type: fc.oneof(
      { maxDepth: 4 },
      fc.constantFrom<Type>(real, int, string, bits(7), { kind: "bool" }, { kind: "variable", name: "a" }),
      fc.record({ kind: fc.constant("list" as const), element: tie("type") }),
      fc.record({ kind: fc.constant("pair" as const), first: tie("type"), second: tie("type") }),
      fc.record({
        kind: fc.constant("function" as const),
        parameters: fc.array(tie("type"), { maxLength: 3 }),
        result: tie("type"),
      }),
    ),
  })).type;

  it("is the inverse of typeText", () => {
    fc.assert(
      fc.property(ground, (type) => {
        const written = typeText(type);
        fc.pre(written.length <= 1000);
        expect(readType(written)).toEqual(type);
      }),
    );
  });

  it("refuses everything else", () => {
    for (const wrong of [
      "",
      "list",
      "list<>",
      "list<int",
      "pair<int>",
      "bits<65>",
      "bits<07>",
      "int ",
      "list<int>>",
    ])
      expect(() => readType(wrong)).toThrow(InputError);
    expect(() => readType(`${"list<".repeat(30)}int${">".repeat(30)}`)).toThrow(InputError);
    fc.assert(
      fc.property(fc.string(), (written) => {
        try {
          expect(typeText(readType(written))).toBe(written);
        } catch (error) {
          expect(error).toBeInstanceOf(InputError);
        }
      }),
    );
  });
});
