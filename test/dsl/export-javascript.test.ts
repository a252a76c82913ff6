import {
  type CompilerOptions,
  createCompilerHost,
  createProgram,
  createSourceFile,
  flattenDiagnosticMessageText,
  getPreEmitDiagnostics,
  ModuleKind,
  ScriptTarget,
  type SourceFile,
} from "typescript";
import { describe, expect, it } from "vitest";
import {
  arithmetic,
  bits,
  bitVectors,
  bool,
  char,
  checkProgram,
  compileGrammar,
  createMachine,
  defineLanguage,
  type ExportOptions,
  exportProgram,
  float32,
  fn,
  func,
  type Grammar,
  InputError,
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
  type Primitive,
  primitive,
  printProgram,
  type Production,
  type Program,
  real,
  sameOutcome,
  type Signature,
  string,
  text,
  trap,
  type Type,
  typeText,
  type Value,
  variable,
} from "../../dsl/index.ts";
import { readSource } from "../../dsl/javascript-source.ts";
import { randomProgram, randomStream, randomValue } from "./random-programs.ts";
import { applications, arithmeticOperations, bitVectorOperations, grammars } from "./rows.ts";

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
    primitive("hypotenuse", [real, real], real, (x, y) => Math.sqrt(x * x + y * y), {
      javascript: "Math.sqrt($0 * $0 + $1 * $1)",
    }),
  ],
});

/** Floats among reals: every way a result comes to be rounded. */
const floats = defineLanguage({
  name: "floats",
  types: [real, float32, bool],
  constants: [real, float32],
  literals: [{ type: float32, value: 0.1 }],
  primitives: [
    primitive("+", [float32, float32], float32, (x, y) => x + y),
    primitive("/", [float32, float32], float32, (x, y) => (y === 0 ? trap("divide-by-zero") : x / y), {
      javascript: '($1 === 0 ? trap("divide-by-zero") : $0 / $1)',
    }),
    primitive("narrow", [real], float32, (x) => x),
    primitive("neg", [real], float32, (x) => -x),
    primitive("neg", [float32], float32, (x) => -x, { javascript: "(-$0)" }),
    primitive("min", [float32, float32], float32, (x, y) => Math.min(x, y)),
    primitive("max", [real, real], float32, (x, y) => Math.max(x, y), { javascript: "Math.max($0, $1)" }),
    primitive("third", [float32], real, (x) => x / 3),
    primitive("cube", [float32], float32, (x) => x * x * x),
    primitive("wrong", [float32], float32, ((x: number) => x > 1) as never),
    primitive("wrong-plain", [bool], float32, ((x: boolean) => x) as never),
    primitive("if", [bool, a, a], a, (x, y, z) => (x ? y : z), { strictParameters: 1 }),
    primitive("<", [float32, real], bool, (x, y) => x < y),
  ],
});

/** The same where failures are traps, with floats inside lists and pairs. */
const floatLists = defineLanguage({
  name: "float lists",
  types: [real, float32, bool, list(float32), pair(float32, real)],
  constants: [float32],
  primitives: [
    ...floats.primitives,
    primitive("map", [func([float32], float32), list(float32)], list(float32), (f, xs) =>
      xs.map((x) => f(x)),
    ),
    primitive("head", [list(float32)], float32, (xs) => xs[0] ?? trap("empty"), {
      javascript: '($0.length === 0 ? trap("empty") : $0[0])',
    }),
    primitive("first", [pair(a, b)], a, (p) => p[0]),
    primitive("second", [pair(a, b)], b, (p) => p[1]),
  ],
});

/** Every kind of type, every way a row can be written, and every way it can fail. */
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
    { type: int, value: -0 },
    { type: real, value: -0 },
    { type: string, value: 'a "quoted" \\ ; ( \n' },
    { type: char, value: "'" },
    { type: char, value: "\ud800" },
    { type: bool, value: true },
    { type: list(int), value: [1, -2] },
    { type: bits(8), value: 0xe1n },
    { type: list(bits(8)), value: [0n, 0xffn] },
    { type: list(int), value: Array.from({ length: 1003 }, (_, i) => i) },
    { type: pair(int, string), value: [1, ') ;"*/'] },
  ],
  primitives: [
    primitive("pair", [a, b], pair(a, b), (x, y) => [x, y] as const),
    primitive("first", [pair(a, b)], a, (p) => p[0]),
    primitive("second", [pair(a, b)], b, (p) => p[1], { javascript: "$0[1]" }),
    primitive("map", [func([a], b), list(a)], list(b), (f, xs) => xs.map((x) => f(x))),
    primitive("fold", [func([b, a], b), b, list(a)], b, (f, initial, xs) =>
      xs.reduce((value: unknown, x) => f(value, x), initial),
    ),
    primitive("three", [func([a, int, real], a), a], a, (f, x) => f(f(x, 1, 0.5), 2, 1.5), {
      javascript: "$0($0($1, 1, 0.5), 2, 1.5)",
    }),
    primitive("both", [func([a], bool), func([a], bool), a], bool, (f, g, x) => f(x) && g(x)),
    primitive(
      "or-apply",
      [a, func([int], a)],
      a,
      (x, f) => (typeof x === "object" && !Array.isArray(x) ? f(2) : x),
      {
        strictParameters: 0,
      },
    ),
    primitive("=", [int, int], bool, (x, y) => x === y),
    primitive("=", [string, string], bool, (x, y) => x === y, { javascript: "$0 === $1" }),
    primitive("size", [string], int, (s) => s.length),
    primitive("size", [list(a)], int, (xs) => xs.length),
    primitive("+", [int, int], int, (x, y) => x + y, { javascript: "$0 + $1" }),
    primitive("low", [int], bits(8), (x) => BigInt.asUintN(8, BigInt(x))),
    primitive("too-wide", [bits(8)], bits(8), (x) => x * 3n),
    primitive("quotient", [bits(8), bits(8)], bits(8), (x, y) => x / y),
    primitive("both-bits", [bits(8), bits(8)], bits(8), (x, y) => x & y),
    primitive("bits-to-int", [bits(8)], int, (x) => Number(x)),
    primitive("no-bits", [int], bits(8), ((x: number) => x) as never),
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
    primitive("unless", [bool, a, a], a, (x, y, z) => (x ? z : y), {
      strictParameters: 1,
      javascript: "($0 ? $2 : $1)",
    }),
    primitive("if-some", [list(int), a, a], a, (xs, y, z) => (xs.length > 0 ? y : z), {
      strictParameters: 1,
      javascript: "($0.length > 0 ? $1 : $2)",
    }),
    primitive("swapped", [string, string], string, (x, y) => y + x, { javascript: "($1 + $0)" }),
    primitive("ignores", [a, int], int, (_x, y) => y, { javascript: "$1" }),
    primitive("or-else", [a, a], a, (x, y) => (typeof x === "object" && !Array.isArray(x) ? y : x), {
      strictParameters: 0,
    }),
  ],
});

const allLogic = logic({ operations: ["and", "or", "not", "nand", "nor", "xor", "xnor", "if", "implies"] });
const suites: readonly (readonly [string, Language, readonly Signature[]])[] = [
  [
    "arithmetic",
    arithmetic({ constants: true, operations: arithmeticOperations }),
    [fn({ x: real, y: real }, real)],
  ],
  ["floats", floats, [fn({ x: float32, y: real }, float32), fn({ x: float32, y: real }, real)]],
  [
    "float lists",
    floatLists,
    [
      fn({ xs: list(float32), p: pair(float32, real) }, float32),
      fn({ xs: list(float32), x: float32 }, list(float32)),
    ],
  ],
  [
    "arithmetic with protected division",
    arithmetic({ constants: true, operations: ["+", "-", "/", "inverse"], division: "protected" }),
    [fn({ x: real, y: real }, real)],
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
      fn({ "my-text": string, class: char }, list(char)),
      fn({ trap: string, i: int, Math: bool }, char),
    ],
  ],
];

const PROGRAMS = 150;
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
  const same = typeof expected === "number" ? Object.is(actual, expected) : sameOutcome(actual, expected);
  expect(same ? "" : `${where()}: got ${outcomeText(actual)}; expected ${outcomeText(expected)}`).toBe("");
}

const exportTo = (to: "typescript" | "javascript", grammar: Grammar, program: Program): string =>
  exportProgram(grammar, program, { to, name: "program", header: [printProgram(grammar, program)] });

/** Compares the exported program with the machine; the number of cases on which it could. */
async function comparedCases(
  grammar: Grammar,
  program: Program,
  cases: readonly (readonly Value[])[],
): Promise<number> {
  const code = exportTo("javascript", grammar, program);
  const run = await load(code);
  let compared = 0;
  for (const args of cases) {
    const expected = interpret(grammar, program, args);
    if (expected === trap("out-of-fuel") || expected === trap("too-large")) continue;
    expectSame(outcomeOf(run, args), expected, () => `on ${outcomeText(args)}\n${code}`);
    compared++;
  }
  return compared;
}

const casesOf = (grammar: Grammar, random: () => number): Value[][] =>
  Array.from({ length: CASES }, () =>
    grammar.signature.argumentTypes.map((type) => randomValue(type, random)),
  );

/** Name → declarations of the language, read once. */
const libraryFiles = new Map<string, SourceFile | undefined>();

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
    if (code !== undefined) return createSourceFile(name, code, target);
    const known = libraryFiles.get(name) ?? getSourceFile.call(host, name, target);
    libraryFiles.set(name, known);
    return known;
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
      let withKernels = 0;
      for (let n = 0; n < perSignature; n++) {
        const program = randomProgram(grammar, random, 1 + Math.floor(random() * 30));
        compared += await comparedCases(grammar, program, cases);
        // The kernels are the same in every module; a few modules with them are enough.
        const code = exportTo("typescript", grammar, program);
        if (!code.includes("createKernels") || withKernels++ < 10) written.push(code);
      }
      expect(compared).toBeGreaterThan(perSignature * CASES * 0.9);
    },
  );

  it("are strict TypeScript", () => {
    expect(written.length).toBeGreaterThanOrEqual(30);
    expect(compile(written).slice(0, 3)).toEqual([]);
  });
});

/** The application of a row to arguments, lambdas with some body that uses their parameters where it can. */
function applicationOf(
  language: Language,
  types: readonly Type[],
  result: Type,
  row: Primitive,
  random: () => number,
): [Grammar, Program] {
  const plain = types.filter((type) => type.kind !== "function");
  const signature = fn(Object.fromEntries(plain.map((type, k) => [`x${k}`, type])), result);
  const grammar = compileGrammar(language, signature);
  const tokens: number[] = [];
  const constants: number[] = [];
  const textOf = (type: number): string => typeText(grammar.types[type] as Type);
  const grow = (type: number, scope: readonly number[]): void => {
    const level = scope.indexOf(type);
    if (level >= 0 && random() < 0.5) {
      tokens.push((grammar.boundVariables[type] as Int32Array)[level] as number);
      return;
    }
    const all = [...(grammar.productionsOfType[type] as Int32Array)].map(
      (id) => grammar.productions[id] as Production,
    );
    const least = Math.min(...all.map((p) => grammar.minimumSize[p.id] as number));
    const near = all.filter(
      (p) => p.children.length > 0 && p.children.every((child) => scope.includes(child)),
    );
    const choices =
      near.length > 0 && random() < 0.7 ? near : all.filter((p) => grammar.minimumSize[p.id] === least);
    const chosen = choices[Math.floor(random() * choices.length)] as Production;
    for (const child of chosen.children) grow(child, [...scope, ...chosen.parameterTypes]);
    if (chosen.kind === "constant") constants.push(Math.floor(random() * 5));
    tokens.push(chosen.id);
  };
  const application = grammar.productions.find(
    (p) =>
      p.primitive === row &&
      textOf(p.type) === typeText(result) &&
      p.children.every((c, k) => textOf(c) === typeText(types[k] as Type)),
  ) as Production;
  let used = 0;
  for (const [k, child] of application.children.entries()) {
    const isLambda = (types[k] as Type).kind === "function";
    const label = isLambda ? "lambda" : `x${used}`;
    if (!isLambda) used++;
    const production = grammar.productions.find((p) => p.type === child && p.label === label) as Production;
    if (isLambda) grow(production.children[0] as number, production.parameterTypes);
    tokens.push(production.id);
  }
  tokens.push(application.id);
  return [grammar, { tokens: Int32Array.from(tokens), constants: Float64Array.from(constants) }];
}

describe.each([
  ...Object.entries(grammars),
  ["brittle numbers", compileGrammar(brittleNumbers, fn({ x: real }, bool))],
  ["everything", compileGrammar(everything, fn({ x: int }, bool))],
] as [string, Grammar][])("exported rows of %s", (_name, grammar) => {
  const typeOf = (id: number): Type => grammar.types[id] as Type;
  it("give what the machine gives", async () => {
    const random = randomStream(11);
    const modules: string[] = [];
    for (const production of applications(grammar)) {
      const types = production.children.map(typeOf);
      for (let n = 0; n < (types.some((t) => t.kind === "function") ? 4 : 1); n++) {
        const [own, program] = applicationOf(
          grammar.language,
          types,
          typeOf(production.type),
          production.primitive as Primitive,
          random,
        );
        expect(checkProgram(own, program)).toEqual([]);
        const cases = Array.from({ length: 30 }, () =>
          own.signature.argumentTypes.map((type) => randomValue(type, random)),
        );
        await comparedCases(own, program, cases);
        const code = exportTo("typescript", own, program);
        if (n === 0 && (!code.includes("createKernels") || modules.length < 20)) modules.push(code);
      }
    }
    expect(compile(modules).slice(0, 3)).toEqual([]);
  });
});

describe("an exported program", () => {
  const number = arithmetic({ constants: true, operations: arithmeticOperations });
  const kepler = compileGrammar(number, fn({ a: real, m: real }, real));
  const code = (grammar: Grammar, program: string, options: Partial<ExportOptions> = {}): string =>
    exportProgram(grammar, parseProgram(grammar, program), {
      to: "typescript",
      name: "found",
      header: [],
      ...options,
    });

  it("reads as a person would write it", () => {
    expect(
      code(kepler, "(sqrt (/ (* a (* a a)) m))", { header: ["Kepler's third law.", "Found in 0.2 s."] }),
    ).toBe(`/**
 * Kepler's third law.
 * Found in 0.2 s.
 */
export function found(a: number, m: number): number {
  return Math.sqrt((a * (a * a)) / m);
}
`);
    expect(code(kepler, "(square (+ m -2.0))", { to: "javascript" })).toBe(`/**
 * @param {number} a
 * @param {number} m
 * @returns {number}
 */
export function found(a, m) {
  return square(m + (-2));
}

/** A real times itself. */
const square = (a) => (a * a);
`);
    const grammar = compileGrammar(lists(), fn({ xs: list(int), n: int }, list(int)));
    expect(code(grammar, "(map (lambda (i) (if (even i) (+ i n) 0)) (take n xs))")).toContain(`
export function found(xs: ReadonlyArray<number>, n: number): ReadonlyArray<number> {
  return map((i: number) => (i % 2 === 0) ? asInt(i + n) : 0, take(n, xs));
}
`);
  });

  it("rounds every result that single precision may not hold, and its arguments", () => {
    const single = arithmetic({ precision: "f32", constants: true, operations: arithmeticOperations });
    const grammar = compileGrammar(single, fn({ x: float32, y: float32 }, float32));
    expect(
      code(grammar, "(- (cube (+ x 0.1)) (neg (min x 2.0)))"),
    ).toBe(`export function found(x: number, y: number): number {
  x = Math.fround(x);
  return Math.fround(cube(Math.fround(x + 0.10000000149011612)) - (- Math.min(x, 2)));
}

/** Third power of a real. */
const cube = (a: any) => Math.fround(Math.fround(a * a) * a);
`);
  });

  it("keeps every header line inside its comment", async () => {
    const javascript = code(kepler, "a", {
      to: "javascript",
      header: ["ends */ export const x = 1; /*", "two\nlines\u2028and three", ""],
    });
    expect(
      Object.keys((await import(`data:text/javascript,${encodeURIComponent(javascript)}`)) as object),
    ).toEqual(["found"]);
    expect(javascript.split("*/").length).toBe(2);
  });

  it("keeps names apart from those of its own code", async () => {
    const names = "trap kernels Math lazy checked class await s1 i x-y x_y arguments NaN map asInt é".split(
      " ",
    );
    const signature = fn(Object.fromEntries(names.map((name) => [name, list(int)])), int);
    const grammar = compileGrammar(lists(), signature);
    const lists_ = names.map((name) => `(sum (map (lambda (v) (* v (length ${name}))) ${name}))`);
    const source = `(let ((shared (min ${lists_[0]} 7))) ${lists_.reduce((sum, term) => `(+ ${sum} ${term})`, "(+ shared (max shared 2))")})`;
    const program = parseProgram(grammar, source);
    const modules: string[] = [];
    for (const name of [
      "found",
      "Math",
      "map",
      "trap",
      "lazy",
      "default",
      "class",
      "i",
      "Array",
      "ünïcode",
    ]) {
      modules.push(exportProgram(grammar, program, { to: "typescript", name, header: [] }));
      const run = await load(exportProgram(grammar, program, { to: "javascript", name, header: [] }), name);
      const args = names.map((_, k) => [k, 1]);
      expect(run(...args)).toBe(interpret(grammar, program, args));
    }
    expect(compile(modules).slice(0, 2)).toEqual([]);
  });

  it("computes a shared term once, whether it throws or not", async () => {
    const chain = (leaf: string, step: (name: string) => string, end: (name: string) => string): string => {
      const definitions = Array.from(
        { length: 60 },
        (_, k) => `(s${k} ${k === 0 ? leaf : step(`s${k - 1}`)})`,
      );
      return `(let (${definitions.join(" ")}) ${end("s59")})`;
    };
    const numbers = compileGrammar(number, fn({ x: real }, real));
    const doubled = parseProgram(
      numbers,
      chain(
        "(+ x x)",
        (s) => `(+ ${s} ${s})`,
        (s) => s,
      ),
    );
    expect(await comparedCases(numbers, doubled, [[1], [-0.1], [Number.NaN]])).toBeGreaterThan(0);

    const ints = compileGrammar(lists(), fn({ n: int, xs: list(int) }, int));
    const programs = [
      chain(
        "(+ n n)",
        (s) => `(+ ${s} ${s})`,
        (s) => s,
      ),
      chain(
        "(div 1 n)",
        (s) => `(+ ${s} ${s})`,
        (s) => `(if (< n 1) n ${s})`,
      ),
      chain(
        "(div 1 n)",
        (s) => `(+ ${s} ${s})`,
        (s) => `(if (< n 1) ${s} (sum (map (lambda (v) (+ v ${s})) xs)))`,
      ),
      chain(
        "(div 1 n)",
        (s) => `(if (< ${s} n) (+ ${s} ${s}) ${s})`,
        (s) => `(+ (head xs) ${s})`,
      ),
    ];
    for (const source of programs)
      expect(
        await comparedCases(ints, parseProgram(ints, source), [
          [0, []],
          [1, []],
          [1, [3]],
          [0, [3]],
          [-1, [3, 4]],
        ]),
      ).toBeGreaterThan(0);

    const all = compileGrammar(everything, fn({ n: int }, int));
    const caught = chain(
      "(throws n)",
      (s) => `(or-else ${s} ${s})`,
      (s) => s,
    );
    expect(await comparedCases(all, parseProgram(all, caught), [[0], [5]])).toBeGreaterThan(0);
  });

  it("runs a closed loop inside a lambda once", async () => {
    const grammar = compileGrammar(lists(), fn({ n: int }, int));
    const loop = (body: string): string => `(sum (map (lambda (v) ${body}) (range 1000)))`;
    const program = parseProgram(grammar, loop(loop(loop(loop("(mod v n)")))));
    const run = await load(exportTo("javascript", grammar, program));
    // The reference would take the product of the loops' lengths.
    const ns = [7, 0, 1000];
    const column = createMachine(grammar, [ns], ns.length).run(program);
    for (const [k, n] of ns.entries())
      expectSame(outcomeOf(run, [n]), outcomeAt(grammar, column, k), () => `on ${n}`);
    expect(outcomeOf(run, [1])).toBe(0);
  });

  it("gives the trap that comes first, and none from what is not needed", async () => {
    const grammar = compileGrammar(lists({ ints: [0] }), fn({ n: int, xs: list(int) }, int));
    const sources = [
      "(let ((s (div 1 n))) (+ (head xs) (+ s s)))",
      "(let ((s (div 1 n))) (+ (+ s s) (head xs)))",
      "(let ((s (div 1 n))) (if (= n 0) (head xs) (+ s s)))",
      "(let ((s (div 1 n)) (t (+ s (head xs)))) (+ (element-at n xs) (+ t (+ t s))))",
      "(let ((s (element-at n xs))) (if (and (< n 2) (= s s)) (head xs) s))",
      "(let ((s (div 1 n))) (fold (lambda (v w) (+ v s)) (head xs) xs))",
    ];
    for (const source of sources)
      expect(
        await comparedCases(grammar, parseProgram(grammar, source), [
          [0, []],
          [1, []],
          [0, [5]],
          [1, [5, 6]],
          [-1, [1]],
          [2, [1, 2, 3]],
        ]),
      ).toBeGreaterThan(0);
  });

  it("checks what the machine checks of given values", async () => {
    const long = Array.from({ length: 1001 }, (_, i) => i);
    const grammar = compileGrammar(lists(), fn({ p: bool, xs: list(int), n: int }, list(int)));
    for (const source of [
      "xs",
      "(if p xs (empty))",
      "(tail xs)",
      "(cons (if p n n) (empty))",
      "(cons (min n 1) xs)",
    ])
      expect(
        await comparedCases(grammar, parseProgram(grammar, source), [
          [true, long, 1],
          [true, [1], -0],
          [false, long, 2 ** 53],
        ]),
      ).toBeGreaterThan(0);
    const strings = compileGrammar(text(), fn({ s: string, p: bool }, string));
    for (const source of ["s", '(concat s "")', "(if p s s)", "(substring s 0 3)", "(concat s s)"])
      expect(
        await comparedCases(strings, parseProgram(strings, source), [
          ["x".repeat(1001), true],
          ["x".repeat(501), true],
          ["ab", false],
        ]),
      ).toBeGreaterThan(0);
  });

  it("exports deep programs", async () => {
    const grammar = compileGrammar(number, fn({ x: real }, real));
    const program = parseProgram(grammar, `${"(neg ".repeat(1000)}x${")".repeat(1000)}`);
    expect(await comparedCases(grammar, program, [[1], [-2.5]])).toBeGreaterThan(0);
    const ints = compileGrammar(lists(), fn({ n: int }, int));
    expect(
      await comparedCases(ints, parseProgram(ints, `${"(+ 1 ".repeat(500)}n${")".repeat(500)}`), [
        [1],
        [2 ** 53 - 1],
      ]),
    ).toBeGreaterThan(0);
  });

  it("is refused where it could not be right", () => {
    const outside = 3;
    const grammarOf = (apply: (x: number) => number): Grammar =>
      compileGrammar(
        defineLanguage({ name: "own", primitives: [primitive("f", [real], real, apply)] }),
        fn({ x: real }, real),
      );
    expect(() =>
      code(
        grammarOf((x) => x + outside),
        "(f x)",
      ),
    ).toThrow(InputError);
    expect(() =>
      code(
        grammarOf((x) => x + outside),
        "(f x)",
      ),
    ).toThrow(/"f" must have a javascript template.*; got outside\./);
    expect(() => code(grammarOf(Math.sqrt), "(f x)")).toThrow(/must have a javascript template/);
    expect(() =>
      code(
        grammarOf((x) => x),
        "(f x)",
        { name: "not a name" },
      ),
    ).toThrow(/must be a JavaScript name/);
    const method = {
      f(x: number) {
        return x + 1;
      },
    };
    expect(code(grammarOf(method.f), "(f x)", { to: "javascript" })).toContain(
      "const f = orNaN(function f(x)",
    );
  });
});

describe("source texts", () => {
  const names = (source: string): readonly string[] => readSource(source).free;

  it("have their names from outside found", () => {
    expect(names("(x) => x + y.z")).toEqual(["y"]);
    expect(names("function f({ a, b: [c] }, ...rest) { return f(a, c, rest, d); }")).toEqual(["d"]);
    expect(names("(s) => s.replace(/[/`'\"]x+/g, (m) => `${m}${`${n}`} }`).split(/y/) / z")).toEqual([
      "n",
      "z",
    ]);
    expect(
      names(
        "(x) => { for (const y of x) { let q = y, r = q; if (r) continue; } // out\n return { x, key: w, m(v) { return v; } }; }",
      ),
    ).toEqual(["w"]);
    expect(names("(x) => { try { return x?.a ?? 'b'; } catch (error) { throw error; } }")).toEqual([]);
    expect(names("class A { get b() { return c; } }")).toEqual(["c"]);
  });

  it("get types where strict TypeScript wants them", () => {
    expect(readSource("x => (y, z = 1, ...[w]) => x").annotated).toBe(
      "(x: any) => (y: any, z: any = 1, ...[w]: any) => x",
    );
    expect(
      readSource("(x) => { let a = f(1, 2), b; for (const c of x) for (let d = 0; d < 1; d++) b = c; }")
        .annotated,
    ).toBe(
      "(x: any) => { let a: any = f(1, 2), b: any; for (const c of x) for (let d: any = 0; d < 1; d++) b = c; }",
    );
    expect(readSource("function g(x) { if (x) { return h(x) } }").annotated).toBe(
      "function g(x: any): any { if (x) { return h(x) } }",
    );
  });
});
