import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  candidatesOf,
  compileGrammar,
  type Example,
  exampleGrammar,
  examplesOfJson,
  int,
  interpret,
  isTrap,
  isValueOf,
  list,
  nearbyInputs,
  parseProgram,
  printProgram,
  sameOutcome,
  string,
  text,
  type Type,
  type Value,
  bits,
  bool,
  real,
  valueToJson,
} from "../../../src/index.ts";

const set = examplesOfJson(
  JSON.stringify(
    [
      ["Nancy FreeHafer", "Nancy"],
      ["Andrew Cencici", "Andrew"],
      ["Jan Kotas", "Jan"],
    ].map(([input, output]) => ({ input, output })),
  ),
  "names.json",
);
const grammar = exampleGrammar(set);
const { examples } = set;

describe("inputs near examples", () => {
  const value: Readonly<Record<string, readonly [Type, fc.Arbitrary<Value>]>> = {
    text: [string, fc.string({ maxLength: 12 })],
    words: [string, fc.stringMatching(/^[A-Za-z0-9]{1,5}( [a-z]{1,4}){0,3}$/)],
    int: [int, fc.maxSafeInteger()],
    bool: [bool, fc.boolean()],
    bits: [bits(8), fc.bigInt(0n, 255n)],
    real: [real, fc.double({ noNaN: true })],
    list: [list(int), fc.array(fc.integer(), { maxLength: 4 })],
  };
  it.each(Object.entries(value))(
    "are other %s values of their type, the same every time",
    (_, [type, of]) => {
      fc.assert(
        fc.property(fc.array(fc.tuple(of, of), { minLength: 1, maxLength: 4 }), (told) => {
          const given = told.map((inputs) => ({ inputs, output: 0 }));
          const inputs = nearbyInputs([type, type], given, 12);
          expect(nearbyInputs([type, type], given, 12)).toEqual(inputs);
          expect(inputs.flat().every((one) => isValueOf(type, one))).toBe(true);
          expect(
            inputs.some((one) =>
              given.some((example) => one.every((v, k) => sameOutcome(v, example.inputs[k] as Value))),
            ),
          ).toBe(false);
          expect(new Set(inputs.map(valueToJson)).size).toBe(inputs.length);
        }),
        { numRuns: 40 },
      );
    },
  );

  it("are names where the examples are names", () => {
    const inputs = nearbyInputs([string], examples, 20).flat();
    expect(inputs.length).toBe(20);
    // Words of different names meet.
    expect(inputs.some((one) => /^(Nancy|Andrew|Jan) (FreeHafer|Cencici|Kotas)$/.test(String(one)))).toBe(
      true,
    );
  });
});

describe("programs beside an answer", () => {
  const answer = parseProgram(grammar, '(split-part x " " 0)');
  const inputs = nearbyInputs([string], examples, 24);
  const { first, others, inputs: asked } = candidatesOf({ grammar, examples }, answer, [], inputs, 5);

  it("give every output, and each something of its own on an input", () => {
    expect(others.length).toBeGreaterThan(0);
    const behaviours = [first, ...others].map(({ program, outcomes }) => {
      for (const one of examples) expect(interpret(grammar, program, one.inputs)).toBe(one.output);
      expect(asked.map((one) => interpret(grammar, program, one))).toEqual(outcomes);
      return JSON.stringify(outcomes.map((outcome) => (isTrap(outcome) ? null : outcome)));
    });
    expect(new Set(behaviours).size).toBe(behaviours.length);
    const sizes = others.map(({ size }) => size);
    expect(sizes).toEqual(sizes.toSorted((p, q) => p - q));
  });

  it("are the same every time", () => {
    const again = candidatesOf({ grammar, examples }, answer, [], inputs, 5);
    expect(again.others.map(({ program }) => printProgram(grammar, program))).toEqual(
      others.map(({ program }) => printProgram(grammar, program)),
    );
  });

  it("are those that are given, too, unless an output is missing", () => {
    const own = parseProgram(grammar, '(substring x 0 (index-of x " " 0))');
    const wrong = parseProgram(grammar, "(substring x 0 3)");
    const more = candidatesOf({ grammar, examples }, answer, [own, wrong], inputs, 100).others;
    const texts = more.map(({ program }) => printProgram(grammar, program));
    expect(texts).not.toContain(printProgram(grammar, wrong));
    const behaviour = asked.map((one) => interpret(grammar, own, one));
    expect(
      more.some(({ outcomes }) =>
        outcomes.every((outcome, k) => sameOutcome(outcome, behaviour[k] as Value)),
      ),
    ).toBe(true);
  });

  it("are told apart from an answer on whole numbers", () => {
    const sums: readonly Example[] = [
      { inputs: [2, 2], output: 4 },
      { inputs: [0, 0], output: 0 },
    ];
    const numbers = compileGrammar(text(), {
      argumentNames: ["a", "b"],
      argumentTypes: [int, int],
      result: int,
    });
    const sum = parseProgram(numbers, "(+ a b)");
    const near = candidatesOf(
      { grammar: numbers, examples: sums },
      sum,
      [],
      nearbyInputs([int, int], sums, 24),
      9,
    );
    expect(near.others.map(({ program }) => printProgram(numbers, program))).toContain("(+ a a)");
  });
});
