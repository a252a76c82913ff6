import { describe, expect, it } from "vitest";
import {
  checkProgram,
  compileRules,
  createMachine,
  elementOf,
  fn,
  grammarFormText,
  InputError,
  int,
  interpret,
  type Nonterminal,
  outcomeAt,
  outcomeText,
  parseProgram,
  printProgram,
  programSize,
  ProgramGraph,
  readGrammarForm,
  real,
  type RuleGrammar,
  sameOutcome,
  string,
  type Value,
} from "../../dsl/index.ts";
import { randomProgram, randomStream, randomValue } from "./random-programs.ts";
import { apply, argument, concat, literal, nonterminal, plus, texts, use, words } from "./rule-grammars.ts";

const grammars: readonly (readonly [string, RuleGrammar])[] = [
  ["texts", texts],
  ["words", words],
];

describe.each(grammars)("a grammar of rules, %s", (_, grammar) => {
  it("has programs that are printed and read back token for token", () => {
    const random = randomStream(1);
    for (let i = 0; i < 1000; i++) {
      const program = randomProgram(grammar, random, 1 + Math.floor(random() * 40));
      expect(checkProgram(grammar, program)).toEqual([]);
      const text = printProgram(grammar, program);
      const again = parseProgram(grammar, text);
      expect(again).toEqual(program);
    }
  });

  it("has machines that give what the reference gives", () => {
    const random = randomStream(2);
    const cases = Array.from({ length: 12 }, () =>
      grammar.signature.argumentTypes.map((type) => randomValue(type, random)),
    );
    const inputs = grammar.signature.argumentTypes.map((_type, k) => cases.map((row) => row[k] as Value));
    const machine = createMachine(grammar, inputs, cases.length);
    for (let i = 0; i < 500; i++) {
      const program = randomProgram(grammar, random, 1 + Math.floor(random() * 30));
      const column = machine.run(program);
      cases.forEach((row, c) => {
        const expected = interpret(grammar, program, row);
        const got = outcomeAt(grammar, column, c);
        expect(sameOutcome(got, expected), `${printProgram(grammar, program)}: ${outcomeText(got)}`).toBe(
          true,
        );
      });
    }
  });

  it("has a form that checks and prints programs without the rows", () => {
    const form = readGrammarForm(grammarFormText(grammar));
    const random = randomStream(3);
    for (let i = 0; i < 200; i++) {
      const program = randomProgram(grammar, random, 1 + Math.floor(random() * 30));
      expect(checkProgram(form, program)).toEqual([]);
      expect(printProgram(form, program)).toBe(printProgram(grammar, program));
    }
  });

  it("has programs that graphs open and close", () => {
    const random = randomStream(4);
    const graph = new ProgramGraph(grammar);
    for (let i = 0; i < 200; i++) {
      const program = randomProgram(grammar, random, 1 + Math.floor(random() * 30));
      graph.read(program);
      const written = graph.write(100);
      expect(written).not.toBeNull();
      if (written === null) continue;
      expect(checkProgram(grammar, written)).toEqual([]);
      expect(programSize(written)).toBeLessThanOrEqual(programSize(program));
    }
  });
});

describe("compileRules", () => {
  it("gives every nonterminal a type of its own", () => {
    expect(texts.nonterminals.slice(0, 4)).toEqual(["Text", "Word", "Number", "Size"]);
    const shapes = texts.types.map((type) => type.kind);
    expect(shapes.filter((kind) => kind === "int").length).toBeGreaterThan(2);
    expect(texts.nonterminals[texts.resultType]).toBe("Text");
  });

  it("leaves out nonterminals that no program has, so that words run on the vector machine", () => {
    expect(words.nonterminals).toEqual(["A", "B"]);
    expect(elementOf(words)?.width).toBe(8);
  });

  it("takes over the rules of nonterminals that name each other in a circle", () => {
    const grammar = compileRules({
      name: "circle",
      signature: fn({ x: int }, int),
      start: "A",
      nonterminals: [
        nonterminal("A", int, use("B"), literal(1)),
        nonterminal("B", int, use("C"), literal(2)),
        nonterminal("C", int, use("A"), argument("x"), apply(plus, use("A"), use("B"))),
      ],
    });
    for (const text of ["1", "2", "x", "(+ (+ 1 x) 2)"])
      expect(printProgram(grammar, parseProgram(grammar, text))).toBe(text);
  });

  it("lets a program be of the nonterminal's rules only", () => {
    const grammar = compileRules({
      name: "levels",
      signature: fn({ x: int }, int),
      start: "Sum",
      nonterminals: [
        nonterminal("Sum", int, apply(plus, use("Leaf"), use("Leaf"))),
        nonterminal("Leaf", int, argument("x"), literal(1)),
      ],
    });
    expect(printProgram(grammar, parseProgram(grammar, "(+ x 1)"))).toBe("(+ x 1)");
    expect(() => parseProgram(grammar, "(+ x (+ x 1))")).toThrow(InputError);
    expect(() => parseProgram(grammar, "x")).toThrow(InputError);
  });

  it("tells grammars apart by what their rows mean", () => {
    const compile = (meanings: readonly string[]) =>
      compileRules({
        name: "same",
        signature: fn({ x: int }, int),
        start: "S",
        nonterminals: [nonterminal("S", int, argument("x"), apply(plus, use("S"), use("S")))],
        meanings,
      }).fingerprint;
    expect(compile(["f: 1"])).not.toBe(compile(["f: 2"]));
    expect(compile(["f: 1"])).toBe(compile(["f: 1"]));
  });

  const bad: readonly (readonly [string, readonly Nonterminal[], string])[] = [
    ["a start that is not there", [nonterminal("A", int, literal(1))], "start, S"],
    ["a start of another type", [nonterminal("S", string, literal("a"))], "must be of type int"],
    ["no rules", [nonterminal("S", int)], "must have a rule; got none"],
    ["an unknown nonterminal", [nonterminal("S", int, use("T"))], "must name a nonterminal; got T"],
    [
      "an unknown argument",
      [nonterminal("S", int, argument("y"))],
      "must name an argument of the program; got y",
    ],
    ["a literal of another type", [nonterminal("S", int, literal("a"))], "must have rules of type int"],
    ["a row of another type", [nonterminal("S", int, apply(concat, use("S"), use("S")))], "++ gives string"],
    ["an argument too few", [nonterminal("S", int, apply(plus, use("S")))], "must give + 2 arguments; got 1"],
    [
      "an alias of another type",
      [nonterminal("S", int, use("T")), nonterminal("T", string, literal("a"))],
      "T is of string",
    ],
    ["no end", [nonterminal("S", int, apply(plus, use("S"), use("S")))], "must have a program"],
    [
      "a circle of names",
      [nonterminal("S", int, use("T")), nonterminal("T", int, use("S"))],
      "must have a program",
    ],
    [
      "a nonterminal twice",
      [nonterminal("S", int, literal(1)), nonterminal("S", int, literal(2))],
      "must be there once",
    ],
    ["any constant among strings", [nonterminal("S", string, { kind: "constant" })], "List the constants"],
  ];
  it.each(bad)("refuses %s", (_, nonterminals, message) => {
    expect(() =>
      compileRules({ name: "bad", signature: fn({ x: int }, int), start: "S", nonterminals }),
    ).toThrow(message);
  });

  it("has any constant of reals", () => {
    const grammar = compileRules({
      name: "reals",
      signature: fn({ x: real }, real),
      start: "S",
      nonterminals: [nonterminal("S", real, argument("x"), { kind: "constant" })],
    });
    expect(printProgram(grammar, parseProgram(grammar, "2.5"))).toBe("2.5");
  });
});
