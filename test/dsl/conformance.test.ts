import { execFileSync } from "node:child_process";
import { symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import {
  arithmetic,
  type ArithmeticOperation,
  bits,
  bitVectors,
  bool,
  compileGrammar,
  conformanceFile,
  conformanceTest,
  type ExportLanguage,
  exportProgram,
  float32,
  fn,
  type Grammar,
  InputError,
  int,
  list,
  lists,
  logic,
  parseProgram,
  real,
  string,
  text,
  type Value,
} from "../../dsl/index.ts";
import { ccFlags, inFolder, unavailable } from "./native-programs.ts";
import { randomStream, randomValue } from "./random-programs.ts";
import { arithmeticOperations } from "./rows.ts";

const CASES = 80;
const modules = fileURLToPath(new URL("../../node_modules", import.meta.url));

const inputsOf = (grammar: Grammar): Value[][] => {
  const random = randomStream(3);
  return grammar.signature.argumentTypes.map((type) =>
    Array.from({ length: CASES }, () => randomValue(type, random)),
  );
};

/** Exports a program, changes its code, and runs its test; what is said if it fails, and null if it does not. */
function testOf(
  to: Exclude<ExportLanguage, "latex">,
  grammar: Grammar,
  program: string,
  change: (code: string) => string = (code) => code,
): string | null {
  const file = { typescript: "it.ts", javascript: "it.mjs", c: "it.c", python: "it.py" }[to];
  const parsed = parseProgram(grammar, program);
  return inFolder((folder) => {
    const options = { to, name: "it_is", file, inputs: inputsOf(grammar), caseCount: CASES };
    const test = conformanceFile(to, file);
    writeFileSync(
      join(folder, file),
      change(exportProgram(grammar, parsed, { to, name: "it_is", header: [] })),
    );
    writeFileSync(join(folder, test), conformanceTest(grammar, parsed, options));
    // Only for versions of Node that read no TypeScript.
    if (to === "typescript") symlinkSync(modules, join(folder, "node_modules"));
    const run = (command: string, args: readonly string[]): unknown =>
      execFileSync(command, args, { cwd: folder, encoding: "utf8", stdio: "pipe" });
    try {
      if (to === "c") {
        run("cc", [...ccFlags, "-o", "test", test, "-lm"]);
        run(join(folder, "test"), []);
      } else if (to === "python") run("python3", [test]);
      else run(process.execPath, ["--test", test]);
      return null;
    } catch (error) {
      const { stdout, stderr } = error as { stdout: string; stderr: string };
      return `${stdout}${stderr}`;
    }
  });
}

const all = arithmeticOperations as readonly ArithmeticOperation[];
const reals = compileGrammar(
  arithmetic({ constants: true, operations: all }),
  fn({ x: real, y: real }, real),
);
const singles = compileGrammar(
  arithmetic({ constants: true, operations: all, precision: "f32" }),
  fn({ x: float32, y: float32 }, float32),
);
const circuits = compileGrammar(logic(), fn({ a: bool, b: bool }, bool));

const suites: readonly (readonly [string, Grammar, string, readonly ExportLanguage[]])[] = [
  ["a formula", reals, "(/ (- x 0.1) (sqrt (min y 2.0)))", ["typescript", "javascript", "c", "python"]],
  ["functions", reals, "(sin (* (exp (tanh x)) (log (+ 2.5 (square y)))))", ["javascript", "c", "python"]],
  ["singles", singles, "(cube (- (exp (tanh x)) (/ y 3.0)))", ["c", "python"]],
  ["a circuit", circuits, "(or (and a (not b)) (and b (not a)))", ["c", "python"]],
  ["lists", compileGrammar(lists(), fn({ xs: list(int) }, int)), "(head (reverse xs))", ["typescript"]],
  [
    "texts",
    compileGrammar(text({ literals: ["-"] }), fn({ s: string }, string)),
    '(concat s "-")',
    ["javascript", "python"],
  ],
  [
    "ints that overflow",
    compileGrammar(text({ literals: ["a"] }), fn({ n: int, s: string }, int)),
    '(+ n (+ n (index-of s "a" 0)))',
    ["javascript", "python"],
  ],
  [
    "bits",
    compileGrammar(bitVectors({ width: 8 }), fn({ x: bits(8) }, bits(8))),
    "(bvnot x)",
    ["javascript"],
  ],
];

describe.each(
  suites.flatMap(([name, grammar, program, languages]) =>
    languages.map((to) => {
      const reason = to === "c" || to === "python" ? unavailable[to] : null;
      return { name, grammar, program, to, reason, suffix: reason === null ? "" : ` (not run: ${reason})` };
    }),
  ),
)("the test of $name in $to$suffix", ({ grammar, program, to, reason }) => {
  it.skipIf(reason !== null)("passes", () => {
    expect(testOf(to as "c", grammar, program)).toBeNull();
  });
});

describe.each(
  (["typescript", "javascript", "c", "python"] as const).map((to) => {
    const reason = to === "c" || to === "python" ? unavailable[to] : null;
    return { to, reason, suffix: reason === null ? "" : ` (not run: ${reason})` };
  }),
)("the test of a formula in $to that was changed$suffix", ({ to, reason }) => {
  it.skipIf(reason !== null)("fails and shows the inputs", () => {
    const change = (code: string): string => code.replace(/0\.1(?=\D)/, "0.10000000000000002");
    expect(testOf(to, reals, "(/ (- x 0.1) (sqrt y))", change)).toMatch(/expected|inputs/);
  });
});

describe("tests of exported programs", () => {
  const write = (to: ExportLanguage, file: string): string =>
    conformanceTest(reals, parseProgram(reals, "x"), {
      to,
      name: "it",
      file,
      inputs: inputsOf(reals),
      caseCount: CASES,
    });

  it("leave out inputs on which last bits come to much", () => {
    const program = parseProgram(reals, "(sin (exp (* 100.0 (abs x))))");
    const options = { name: "it", file: "it.c", inputs: inputsOf(reals), caseCount: CASES };
    const count = (to: "c" | "javascript"): number =>
      Number(/: (\d+) inputs/.exec(conformanceTest(reals, program, { ...options, to }))?.[1]);
    expect(count("c")).toBeLessThan(count("javascript"));
    expect(count("c")).toBeGreaterThan(10);
  });

  it("are refused where there are none, and for files that code cannot name", () => {
    expect(() => write("latex", "it.tex")).toThrow(InputError);
    expect(() => write("c", 'a".c')).toThrow(
      'file must have a name of letters, digits, spaces and . + - _; got a".c.',
    );
  });
});
