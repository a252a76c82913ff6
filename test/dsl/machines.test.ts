import { describe, expect, it } from "vitest";
import {
  arithmetic,
  type ArithmeticOperation,
  bits,
  bitVectors,
  bool,
  char,
  checkProgram,
  compileGrammar,
  createMachine,
  defineLanguage,
  float32,
  fn,
  func,
  type Grammar,
  int,
  interpret,
  type Language,
  list,
  lists,
  logic,
  type Outcome,
  outcomeAt,
  outcomeText,
  pair,
  parseProgram,
  primitive,
  printProgram,
  real,
  sameOutcome,
  type Signature,
  string,
  text,
  trap,
  type Value,
  variable,
} from "../../dsl/index.ts";
import { randomProgram, randomStream, randomValue } from "./random-programs.ts";
import { bitVectorOperations } from "./rows.ts";

const a = variable("a");
const b = variable("b");

/** Reals and booleans with rows that trap and throw: there failures are NaN and false. */
const brittleNumbers = defineLanguage({
  name: "brittle numbers",
  constants: [real],
  literals: [
    { type: real, value: 1 },
    { type: bool, value: true },
  ],
  primitives: [
    primitive("+", [real, real], real, (x, y) => x + y),
    primitive("/", [real, real], real, (x, y) => (y === 0 ? trap("divide-by-zero") : x / y)),
    primitive("<", [real, real], bool, (x, y) => (x !== x ? trap("not-a-number") : x < y)),
    primitive("odd-throws", [real], real, (x) => {
      if (x % 2 !== 0) throw new Error("odd");
      return x + 1;
    }),
    primitive("throws-if", [bool, real], bool, (x, y) => {
      if (x) throw new Error("true");
      return y > 0;
    }),
    primitive("if", [bool, a, a], a, (x, y, z) => (x ? y : z), { strictParameters: 1 }),
    primitive("lerp", [real, real, real, real], real, (x, y, z, w) => x * y + z * w),
    primitive("pi", [], real, () => 3.125),
  ],
});

/** Floats, reals and booleans: what rounds, what traps, and what passes from one to the other. */
const mixedNumbers = defineLanguage({
  name: "mixed numbers",
  types: [real, float32, bool],
  constants: [real, float32],
  literals: [{ type: float32, value: 0.1 }],
  primitives: [
    primitive("+", [real, real], real, (x, y) => x + y),
    primitive("+", [float32, float32], float32, (x, y) => x + y),
    primitive("/", [float32, float32], float32, (x, y) => (y === 0 ? trap("divide-by-zero") : x / y)),
    primitive("narrow", [real], float32, (x) => x),
    primitive("widen", [float32], real, (x) => x / 3),
    primitive("third", [float32], float32, (x) => {
      if (x < 0) throw new Error("negative");
      return x / 3;
    }),
    primitive("wrong", [float32], float32, ((x: number) => x > 1) as never),
    primitive("if", [bool, a, a], a, (x, y, z) => (x ? y : z), { strictParameters: 1 }),
    primitive("<", [float32, float32], bool, (x, y) => x < y),
  ],
});

/** The same beside lists, where failures are traps. */
const floatLists = defineLanguage({
  name: "float lists",
  types: [float32, list(float32), bool],
  constants: [float32],
  literals: [{ type: list(float32), value: [0.1, 2] }],
  primitives: [
    ...mixedNumbers.primitives.filter((row) => !row.parameters.includes(real)),
    primitive("map", [func([float32], float32), list(float32)], list(float32), (f, xs) =>
      xs.map((x) => f(x)),
    ),
    primitive(
      "fold",
      [func([float32, float32], float32), float32, list(float32)],
      float32,
      (f, initial, xs) => xs.reduce((value: number, x) => f(value, x), initial),
    ),
    primitive("head", [list(float32)], float32, (xs) => xs[0] ?? trap("empty")),
  ],
});

/** Every kind of type, overloads by name, results of the wrong kind, lambdas of two and three parameters. */
const everything = defineLanguage({
  name: "everything",
  types: [
    int,
    real,
    bool,
    char,
    string,
    pair(int, string),
    list(pair(int, string)),
    list(int),
    list(char),
    bits(8),
    list(bits(8)),
  ],
  constants: [int, real],
  literals: [
    { type: int, value: 1 },
    { type: real, value: -0 },
    { type: string, value: 'a "quoted" \\ ; ( \n' },
    { type: char, value: "'" },
    { type: char, value: '"' },
    { type: char, value: "\\" },
    { type: char, value: "\ud800" },
    { type: bool, value: true },
    { type: list(int), value: [1, -2] },
    { type: bits(8), value: 0xe1n },
    { type: list(bits(8)), value: [0n, 0xffn] },
    { type: pair(int, string), value: [1, ') ;"'] },
  ],
  primitives: [
    primitive("pair", [a, b], pair(a, b), (x, y) => [x, y] as const),
    primitive("first", [pair(a, b)], a, (p) => p[0]),
    primitive("second", [pair(a, b)], b, (p) => p[1]),
    primitive("map", [func([a], b), list(a)], list(b), (f, xs) => xs.map((x) => f(x))),
    primitive("fold", [func([b, a], b), b, list(a)], b, (f, initial, xs) =>
      xs.reduce((value: unknown, x) => f(value, x), initial),
    ),
    primitive("three", [func([a, int, real], a), a], a, (f, x) => f(f(x, 1, 0.5), 2, 1.5)),
    primitive("both", [func([a], bool), func([a], bool), a], bool, (f, g, x) => f(x) && g(x)),
    primitive("=", [int, int], bool, (x, y) => x === y),
    primitive("=", [real, real], bool, (x, y) => x === y),
    primitive("=", [string, string], bool, (x, y) => x === y),
    primitive("size", [string], int, (s) => s.length),
    primitive("size", [list(a)], int, (xs) => xs.length),
    primitive("low", [int], bits(8), (x) => BigInt.asUintN(8, BigInt(x))),
    primitive("too-wide", [bits(8)], bits(8), (x) => x * 3n),
    primitive("quotient", [bits(8), bits(8)], bits(8), (x, y) => x / y),
    primitive("both-bits", [bits(8), bits(8)], bits(8), (x, y) => x & y),
    primitive("bits-to-int", [bits(8)], int, (x) => Number(x)),
    primitive("no-bits", [int], bits(8), ((x: number) => x) as never),
    primitive("half", [int], real, (x) => x / 2),
    primitive("round", [real], int, (x) => Math.round(x)),
    primitive("square", [int], int, (x) => x * x),
    primitive("letter", [string], char, (s) => s.slice(0, 1)),
    primitive("double", [string], string, (s) => s + s),
    primitive("letters", [string], list(char), (s) => s.split("")),
    primitive("wrong", [int], string, ((x: number) => (x % 2 === 0 ? 5 : "five")) as never),
    primitive("head", [list(a)], a, (xs) => (xs.length === 0 ? trap("empty") : xs[0])),
    primitive("throws", [int], int, (x) => {
      if (x > 1) throw new Error("large");
      return -x;
    }),
    primitive("or-else", [a, a], a, (x, y) => (typeof x === "object" && !Array.isArray(x) ? y : x), {
      strictParameters: 0,
    }),
  ],
});

const allArithmetic = arithmetic({
  constants: true,
  operations: "+ - * / sqrt exp log sin cos tan tanh pow abs min max square cube neg inverse".split(
    " ",
  ) as ArithmeticOperation[],
});
const singleArithmetic = arithmetic({
  precision: "f32",
  constants: true,
  operations: allArithmetic.primitives.map((row) => row.name as ArithmeticOperation),
});
const allLogic = logic({ operations: ["and", "or", "not", "nand", "nor", "xor", "xnor", "if", "implies"] });

const suites: readonly (readonly [string, Language, readonly Signature[]])[] = [
  ["arithmetic", allArithmetic, [fn({ x: real, y: real }, real)]],
  ["single arithmetic", singleArithmetic, [fn({ x: float32, y: float32 }, float32)]],
  ["mixed numbers", mixedNumbers, [fn({ x: float32, y: real }, float32), fn({ x: float32, y: real }, real)]],
  [
    "float lists",
    floatLists,
    [fn({ xs: list(float32), x: float32 }, float32), fn({ xs: list(float32), x: float32 }, list(float32))],
  ],
  ["logic", allLogic, [fn({ a: bool, b: bool, c: bool }, bool)]],
  ...[1, 7, 64].map((width): readonly [string, Language, readonly Signature[]] => [
    `bit vectors of ${width}`,
    bitVectors({ width, operations: bitVectorOperations }),
    [
      fn({ x: bits(width), y: bits(width), p: bool }, bits(width)),
      fn({ x: bits(width), y: bits(width), p: bool }, bool),
    ],
  ]),
  [
    "text",
    text({ literals: ["", " ", "-", "$&"] }),
    [
      fn({ s: string, n: int }, string),
      fn({ s: string, t: string }, int),
      fn({ s: string, flag: bool }, bool),
    ],
  ],
  [
    "lists",
    lists({ ints: [0, 1], types: [list(list(int))] }),
    [
      fn({ xs: list(int), n: int }, list(int)),
      fn({ xs: list(int), ys: list(int) }, int),
      fn({ xss: list(list(int)) }, list(list(int))),
      fn({ words: list(string), i: int }, bool),
    ],
  ],
  ["brittle numbers", brittleNumbers, [fn({ x: real, p: bool }, real), fn({ x: real, p: bool }, bool)]],
  [
    "everything",
    everything,
    [
      fn({ n: int, s: string }, int),
      fn({ u: bits(8), us: list(bits(8)) }, list(bits(8))),
      fn({ ps: list(pair(int, string)), r: real }, pair(int, string)),
      fn({ s: string, c: char }, list(char)),
      fn({ s1: string, i: int }, char),
    ],
  ],
];

const PROGRAMS = 320;
const CASES = 10;

const casesOf = (grammar: Grammar, random: () => number): Value[][] =>
  Array.from({ length: CASES }, () =>
    grammar.signature.argumentTypes.map((type) => randomValue(type, random)),
  );

const columnsOf = (grammar: Grammar, cases: readonly (readonly Value[])[]): Value[][] =>
  grammar.signature.argumentTypes.map((_, k) => cases.map((row) => row[k] as Value));

function expectSame(actual: Outcome, expected: Outcome, where: string): void {
  const same = typeof expected === "number" ? Object.is(actual, expected) : sameOutcome(actual, expected);
  expect(same ? "" : `${where}: got ${outcomeText(actual)}; expected ${outcomeText(expected)}`).toBe("");
}

describe.each(suites)("random programs of %s", (_name, language, signatures) => {
  const perSignature = Math.ceil(PROGRAMS / signatures.length);
  it.each(signatures.map((s, i) => [s.argumentTypes.map((t) => t.kind).join(" "), s, i] as const))(
    "check, read back and run alike (%s)",
    (_label, signature, index) => {
      const grammar = compileGrammar(language, signature);
      const random = randomStream(1000 + index);
      const cases = casesOf(grammar, random);
      const machine = createMachine(grammar, columnsOf(grammar, cases), CASES);
      const backwards = createMachine(grammar, columnsOf(grammar, cases.toReversed()), CASES);
      for (let n = 0; n < perSignature; n++) {
        const program = randomProgram(grammar, random, 1 + Math.floor(random() * 30));
        const written = printProgram(grammar, program);
        expect({ written, problems: checkProgram(grammar, program) }).toEqual({ written, problems: [] });
        // toEqual holds the bits of constants apart: −0 is not 0.
        expect({ written, ...parseProgram(grammar, written) }).toEqual({ written, ...program });

        const column = machine.run(program);
        const reversed = backwards.run(program);
        for (let i = 0; i < CASES; i++) {
          const expected = interpret(grammar, program, cases[i] as Value[]);
          const where = `${written} on ${outcomeText(cases[i] as Value[])}`;
          expectSame(outcomeAt(grammar, column, i), expected, where);
          expectSame(outcomeAt(grammar, reversed, CASES - 1 - i), expected, `${where}, cases reversed`);
        }
        if (n % 20 === 0) {
          const alone = createMachine(grammar, columnsOf(grammar, cases.slice(0, 1)), 1);
          expectSame(
            outcomeAt(grammar, alone.run(program), 0),
            outcomeAt(grammar, column, 0),
            `${written}, one case`,
          );
        }
      }
    },
  );
});

describe("machines", () => {
  it("run number programs over many blocks of cases as over one", () => {
    const grammar = compileGrammar(allArithmetic, fn({ x: real }, real));
    const random = randomStream(5);
    const count = 1300;
    const xs = Array.from({ length: count }, (_, i) => (i - 600) / 37);
    const machine = createMachine(grammar, [xs], count);
    expect(machine.caseCount).toBe(count);
    for (let n = 0; n < 40; n++) {
      const program = randomProgram(grammar, random, 15);
      const column = machine.run(program);
      for (const i of [0, 511, 512, 1023, 1024, count - 1])
        expectSame(
          outcomeAt(grammar, column, i),
          interpret(grammar, program, [xs[i] as number]),
          printProgram(grammar, program),
        );
    }
  });

  it("run on no cases", () => {
    for (const [, language, [signature]] of suites) {
      const grammar = compileGrammar(language, signature as Signature);
      const program = randomProgram(grammar, randomStream(3), 8);
      const inputs = grammar.signature.argumentTypes.map(() => []);
      expect(createMachine(grammar, inputs, 0).run(program).length).toBe(0);
    }
  });

  it("give the same outcomes after their table of terms has started anew", () => {
    const grammar = compileGrammar(lists(), fn({ xs: list(int) }, list(int)));
    const caseCount = 5000;
    const inputs = [Array.from({ length: caseCount }, (_, i) => [i, i + 1, i % 7])];
    const machine = createMachine(grammar, inputs, caseCount);
    const program = parseProgram(grammar, "(map (lambda (i) (* i (length xs))) (take 2 (sort xs)))");
    const before = [...(machine.run(program) as Outcome[])];
    const random = randomStream(9);
    for (let n = 0; n < 300; n++) machine.run(randomProgram(grammar, random, 10));
    expect([...(machine.run(program) as Outcome[])]).toEqual(before);
  });

  it("never write to their inputs", () => {
    const grammar = compileGrammar(arithmetic({ constants: true }), fn({ x: real }, real));
    const machine = createMachine(grammar, [[1, 2, 3]], 3);
    const x = parseProgram(grammar, "x");
    expect([...machine.run(x)]).toEqual([1, 2, 3]);
    expect([...machine.run(parseProgram(grammar, "(+ x x)"))]).toEqual([2, 4, 6]);
    expect([...machine.run(parseProgram(grammar, "2.5"))]).toEqual([2.5, 2.5, 2.5]);
    expect([...machine.run(x)]).toEqual([1, 2, 3]);
  });
});
