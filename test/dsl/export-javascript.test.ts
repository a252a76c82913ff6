import { type CompilerOptions, createCompilerHost, createProgram, createSourceFile, flattenDiagnosticMessageText, getPreEmitDiagnostics, ModuleKind, ScriptTarget } from "typescript";
import { beforeAll, describe, expect, it } from "vitest";
import {
  bool,
  char,
  compileGrammar,
  defineLanguage,
  exportProgram,
  fn,
  func,
  type Grammar,
  InputError,
  int,
  interpret,
  isTrap,
  type Language,
  list,
  lists,
  logic,
  type Outcome,
  outcomeText,
  pair,
  parseProgram,
  primitive,
  printProgram,
  type Program,
  real,
  sameOutcome,
  type Signature,
  string,
  text,
  trap,
  arithmetic,
  type Value,
  variable,
} from "../../dsl/index.ts";
import { readSource } from "../../dsl/javascript-source.ts";
import { randomProgram, randomStream, randomValue } from "./random-programs.ts";
import { applications, arithmeticOperations, grammars } from "./rows.ts";

const a = variable("a");
const b = variable("b");

/** Reals and booleans with rows that trap, throw and give results of the wrong kind: there failures are NaN and false. */
const brittleNumbers = defineLanguage({
  name: "brittle numbers",
  constants: [real],
  literals: [
    { type: real, value: 1 },
    { type: bool, value: true },
  ],
  primitives: [
    primitive("+", [real, real], real, (x, y) => x + y),
    primitive("/", [real, real], real, (x, y) => (y === 0 ? trap("divide-by-zero") : x / y), {
      javascript: '($1 === 0 ? trap("divide-by-zero") : $0 / $1)',
    }),
    primitive("<", [real, real], bool, (x, y) => (x !== x ? trap("not-a-number") : x < y), {
      javascript: '((x, y) => (x !== x ? trap("not-a-number") : x < y))($0, $1)',
    }),
    primitive("odd-throws", [real], real, (x) => {
      if (x % 2 !== 0) throw new Error("odd");
      return x + 1;
    }),
    primitive("throws-if", [bool, real], bool, (x, y) => {
      if (x) throw new Error("true");
      return y > 0;
    }),
    primitive("wrong-real", [real], real, ((x: number) => x > 1) as never),
    primitive("wrong-bool", [real], bool, ((x: number) => x + 1) as never),
    primitive("cube", [real], real, (x) => x * x * x),
    primitive("difference-backwards", [real, real], real, (x, y) => y - x),
    primitive("if", [bool, a, a], a, (x, y, z) => (x ? y : z), { strictParameters: 1 }),
    primitive("lerp", [real, real, real, real], real, (x, y, z, w) => x * y + z * w),
    primitive("pi", [], real, () => 3.125),
    primitive("hypotenuse", [real, real], real, (x, y) => Math.sqrt(x * x + y * y), { javascript: "Math.sqrt($0 * $0 + $1 * $1)" }),
  ],
});

/** Every kind of type, every way a row can be written, and every way it can fail. */
const everything = defineLanguage({
  name: "everything",
  types: [int, real, bool, char, string, pair(int, string), list(pair(int, string)), list(int), list(char)],
  constants: [int, real],
  literals: [
    { type: int, value: 1 },
    { type: int, value: -0 },
    { type: real, value: -0 },
    { type: string, value: 'a "quoted" \\ ; ( \n' },
    { type: char, value: "'" },
    { type: char, value: "\ud800" },
    { type: bool, value: true },
    { type: list(int), value: [1, -2] },
    { type: list(int), value: Array.from({ length: 1003 }, (_, i) => i) },
    { type: pair(int, string), value: [1, ') ;"*/'] },
  ],
  primitives: [
    primitive("pair", [a, b], pair(a, b), (x, y) => [x, y] as const),
    primitive("first", [pair(a, b)], a, (p) => p[0]),
    primitive("second", [pair(a, b)], b, (p) => p[1], { javascript: "$0[1]" }),
    primitive("map", [func([a], b), list(a)], list(b), (f, xs) => xs.map((x) => f(x))),
    primitive("fold", [func([b, a], b), b, list(a)], b, (f, initial, xs) => xs.reduce((value: unknown, x) => f(value, x), initial)),
    primitive("three", [func([a, int, real], a), a], a, (f, x) => f(f(x, 1, 0.5), 2, 1.5), {
      javascript: "$0($0($1, 1, 0.5), 2, 1.5)",
    }),
    primitive("both", [func([a], bool), func([a], bool), a], bool, (f, g, x) => f(x) && g(x)),
    primitive("or-apply", [a, func([int], a)], a, (x, f) => (typeof x === "object" && !Array.isArray(x) ? f(2) : x), {
      strictParameters: 0,
    }),
    primitive("=", [int, int], bool, (x, y) => x === y),
    primitive("=", [string, string], bool, (x, y) => x === y, { javascript: "$0 === $1" }),
    primitive("size", [string], int, (s) => s.length),
    primitive("size", [list(a)], int, (xs) => xs.length),
    primitive("+", [int, int], int, (x, y) => x + y, { javascript: "$0 + $1" }),
    primitive("half", [int], real, (x) => x / 2),
    primitive("round", [real], int, (x) => Math.round(x)),
    primitive("square", [int], int, (x) => x * x),
    primitive("minimum", [int, int], int, (x, y) => Math.min(x, y)),
    primitive("concat", [string, string], string, (x, y) => x + y, { javascript: "($0 + $1)" }),
    primitive("letter", [string], char, (s) => s.slice(0, 1)),
    primitive("double", [string], string, (s) => s + s),
    primitive("letters", [string], list(char), (s) => s.split("")),
    primitive("wrong", [int], string, ((x: number) => (x % 2 === 0 ? 5 : "five")) as never),
    primitive("wrong-plain", [int], string, ((x: number) => x) as never),
    primitive("wrong-bool", [int], bool, ((x: number) => x + 1) as never),
    primitive("wrong-real", [int, int], real, ((x: number, y: number) => x < y) as never),
    primitive("head", [list(a)], a, (xs) => (xs.length === 0 ? trap("empty") : xs[0]), {
      javascript: '($0.length === 0 ? trap("empty") : $0[0])',
    }),
    primitive("throws", [int], int, (x) => {
      if (x > 1) throw new Error("large");
      return -x;
    }),
    // Strict in both although the expression is not, so that a trap in the second counts.
    primitive("and-strict", [bool, bool], bool, (x, y) => x && y, { javascript: "$0 && $1" }),
    primitive("if", [bool, a, a], a, (x, y, z) => (x ? y : z), { strictParameters: 1 }),
    primitive("and", [bool, bool], bool, (x, y) => x && y, { strictParameters: 1 }),
    primitive("unless", [bool, a, a], a, (x, y, z) => (x ? z : y), { strictParameters: 1, javascript: "($0 ? $2 : $1)" }),
    primitive("if-some", [list(int), a, a], a, (xs, y, z) => (xs.length > 0 ? y : z), {
      strictParameters: 1,
      javascript: "($0.length > 0 ? $1 : $2)",
    }),
    primitive("swapped", [string, string], string, (x, y) => y + x, { javascript: "($1 + $0)" }),
    primitive("ignores", [a, int], int, (_x, y) => y, { javascript: "$1" }),
    primitive("or-else", [a, a], a, (x, y) => (typeof x === "object" && !Array.isArray(x) ? y : x), { strictParameters: 0 }),
  ],
});

const allLogic = logic({ operations: ["and", "or", "not", "nand", "nor", "xor", "xnor", "if", "implies"] });
const suites: readonly (readonly [string, Language, readonly Signature[]])[] = [
  ["arithmetic", arithmetic({ constants: true, operations: arithmeticOperations }), [fn({ x: real, y: real }, real)]],
  ["logic", allLogic, [fn({ a: bool, b: bool, c: bool }, bool)]],
  [
    "text",
    text({ literals: ["", " ", "-", "$&"] }),
    [fn({ s: string, n: int }, string), fn({ s: string, t: string }, int), fn({ s: string, flag: bool }, bool)],
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
      fn({ ps: list(pair(int, string)), r: real }, pair(int, string)),
      fn({ "my-text": string, class: char }, list(char)),
      fn({ trap: string, i: int, Math: bool }, char),
    ],
  ],
];

const PROGRAMS = 400;
const CASES = 8;

type Exported = (...args: Value[]) => Value;

async function load(code: string, name = "program"): Promise<Exported> {
  const url = `data:text/javascript,${encodeURIComponent(code)}`;
  const module = (await import(/* @vite-ignore */ url)) as Record<string, Exported>;
  expect(Object.keys(module)).toEqual([name]);
  return module[name] as Exported;
}

/** What the exported function does, as an outcome; fails for errors that are no traps. */
function outcomeOf(run: Exported, args: readonly Value[]): Outcome {
  try {
    return run(...args);
  } catch (error) {
    const reason = /^trap: ([a-z-]+)$/.exec((error as Error).message)?.[1];
    if (!(error instanceof Error) || reason === undefined) throw error;
    return trap(reason as never);
  }
}

function expectSame(actual: Outcome, expected: Outcome, where: () => string): void {
  if (!sameOutcome(actual, expected) || (typeof expected === "number" && !Object.is(actual, expected)))
    expect.fail(`${where()}: got ${outcomeText(actual)}; expected ${outcomeText(expected)}`);
}

const exportTo = (to: "typescript" | "javascript", grammar: Grammar, program: Program): string =>
  exportProgram(grammar, program, { to, name: "program", header: [printProgram(grammar, program)] });

async function expectAgreement(grammar: Grammar, program: Program, cases: readonly (readonly Value[])[]): Promise<number> {
  const code = exportTo("javascript", grammar, program);
  const run = await load(code);
  let compared = 0;
  for (const args of cases) {
    const expected = interpret(grammar, program, args);
    if (isTrap(expected) && expected.reason === "out-of-fuel") continue;
    expectSame(outcomeOf(run, args), expected, () => `on ${outcomeText(args)}\n${code}`);
    compared++;
  }
  return compared;
}

const casesOf = (grammar: Grammar, random: () => number): Value[][] =>
  Array.from({ length: CASES }, () => grammar.signature.argumentTypes.map((type) => randomValue(type, random)));

/** What strict TypeScript has to say about modules. */
function compile(modules: readonly string[]): string[] {
  const options: CompilerOptions = {
    strict: true,
    noUncheckedIndexedAccess: true,
    noImplicitReturns: true,
    noFallthroughCasesInSwitch: true,
    exactOptionalPropertyTypes: true,
    noEmit: true,
    target: ScriptTarget.ES2022,
    module: ModuleKind.ESNext,
    lib: ["lib.es2022.d.ts"],
    types: [],
  };
  const files = new Map(modules.map((code, i) => [`/exported/${i}.ts`, code]));
  const host = createCompilerHost(options);
  const { getSourceFile } = host;
  host.getSourceFile = (name, target) => {
    const code = files.get(name);
    return code === undefined ? getSourceFile.call(host, name, target) : createSourceFile(name, code, target);
  };
  host.fileExists = (name) => files.has(name);
  return getPreEmitDiagnostics(createProgram([...files.keys()], options, host)).map((diagnostic) => {
    const message = flattenDiagnosticMessageText(diagnostic.messageText, "\n");
    const code = diagnostic.file?.text ?? "";
    const line = code.slice(0, diagnostic.start).split("\n").length;
    return `${message} (line ${line})\n${code}`;
  });
}

describe.each(suites)("exported programs of %s", (_name, language, signatures) => {
  const perSignature = Math.ceil(PROGRAMS / signatures.length);
  const written: string[] = [];

  it.each(signatures.map((s, i) => [s.argumentTypes.map((t) => t.kind).join(" "), s, i] as const))(
    "give what the machine gives (%s)",
    async (_label, signature, index) => {
      const grammar = compileGrammar(language, signature);
      const random = randomStream(7000 + index);
      const cases = casesOf(grammar, random);
      let compared = 0;
      for (let n = 0; n < perSignature; n++) {
        const program = randomProgram(grammar, random, 1 + Math.floor(random() * 30));
        compared += await expectAgreement(grammar, program, cases);
        written.push(exportTo("typescript", grammar, program));
      }
      expect(compared).toBeGreaterThan(perSignature * CASES * 0.9);
    },
  );

  it("are strict TypeScript", () => {
    expect(written.length).toBeGreaterThanOrEqual(PROGRAMS);
    expect(compile(written).slice(0, 3)).toEqual([]);
  });
});
