import { describe, expect, it } from "vitest";
import {
  arithmetic,
  type ArithmeticOperation,
  bool,
  compileGrammar,
  defineLanguage,
  exportProgram,
  float32,
  fn,
  type Grammar,
  InputError,
  int,
  interpret,
  lists,
  list,
  logic,
  parseProgram,
  primitive,
  type Program,
  programSize,
  real,
  type Type,
  type Value,
} from "../../dsl/index.ts";
import { nativeOutcomes, unavailable } from "./native-programs.ts";
import { randomProgram, randomStream, randomValue } from "./random-programs.ts";
import { arithmeticOperations } from "./rows.ts";

const exactOperations = "+ - * / sqrt floor abs min max square cube neg inverse".split(
  " ",
) as ArithmeticOperation[];

const grammarOf = (options: Parameters<typeof arithmetic>[0], type: Type<number> = real): Grammar =>
  compileGrammar(arithmetic({ constants: true, ...options }), fn({ x: type, y: type }, type));

const exact = grammarOf({ operations: exactOperations });
const exactSingle = grammarOf({ operations: exactOperations, precision: "f32" }, float32);
const protectedDivision = grammarOf({ operations: ["+", "/", "inverse", "*"], division: "protected" });
const circuits = compileGrammar(
  logic({ operations: ["and", "or", "not", "nand", "nor", "xor", "xnor", "if", "implies"] }),
  fn({ a: bool, b: bool, c: bool }, bool),
);

const casesOf = (grammar: Grammar, count: number, random: () => number): (number | boolean)[][] =>
  Array.from({ length: count }, () =>
    grammar.signature.argumentTypes.map((type) => randomValue(type, random) as number | boolean),
  );

const programsOf = (grammar: Grammar, count: number, seed: number): Program[] => {
  const random = randomStream(seed);
  return Array.from({ length: count }, () => randomProgram(grammar, random, 2 + Math.floor(random() * 30)));
};

/** Programs on which an exported one differs from Illume, as texts. */
function differences(
  to: "c" | "python",
  grammar: Grammar,
  programs: readonly Program[],
  cases: readonly (readonly (number | boolean)[])[],
  same: (a: number, b: number) => boolean = Object.is,
): string[] {
  const outcomes = nativeOutcomes(to, grammar, programs, cases);
  return programs.flatMap((program, k) =>
    cases.flatMap((values, i) => {
      const expected = Number(interpret(grammar, program, values as Value[]));
      const actual = outcomes[k]?.[i] as number;
      return same(actual, expected)
        ? []
        : [
            `${exportProgram(grammar, program, { to, name: "p", header: [] })}\non ${values.join(", ")}: ${actual}, expected ${expected}`,
          ];
    }),
  );
}

describe.each(
  (["c", "python"] as const).map(
    (to) => [to, unavailable[to] === null ? "" : ` (not run: ${unavailable[to]})`] as const,
  ),
)("programs exported to %s%s", (to) => {
  const reason = unavailable[to];

  it.skipIf(reason !== null).each([
    ["doubles", exact, 30],
    ["singles", exactSingle, 30],
    ["protected division", protectedDivision, 8],
    ["circuits", circuits, 8],
  ] as const)("give Illume's bits: %s", (_name, grammar, count) => {
    const cases = casesOf(grammar, 30, randomStream(5));
    expect(differences(to, grammar, programsOf(grammar, count, 77), cases).slice(0, 2)).toEqual([]);
  });

  it.skipIf(reason !== null).each([
    ["doubles", grammarOf({ operations: arithmeticOperations }), 1e-14],
    ["singles", grammarOf({ operations: arithmeticOperations, precision: "f32" }, float32), 2e-7],
  ] as const)(
    "differ in the last bits at most where a library's function is called: %s",
    (_name, grammar, tolerance) => {
      const values = [0, -0, 0.5, -0.5, 1, -1, 2, 3, -3, 1e-9, 27, -1000.25, 1e5, 1e30, -1e30, 1.4e-45];
      const special = [
        ...values.map(Math.fround),
        Number.NaN,
        Number.POSITIVE_INFINITY,
        Number.NEGATIVE_INFINITY,
      ];
      const cases = special.flatMap((x) => special.map((y) => [x, y]));
      const programs = grammar.language.primitives.map((row) =>
        parseProgram(grammar, row.parameters.length === 1 ? `(${row.name} x)` : `(${row.name} x y)`),
      );
      const near = (a: number, b: number): boolean =>
        Object.is(a, b) || (a !== 0 && Math.abs(a - b) <= tolerance * Math.abs(b));
      expect(differences(to, grammar, programs, cases, near).slice(0, 2)).toEqual([]);
    },
  );

  it.skipIf(reason !== null)("may be as long and deep as programs are", () => {
    const grammar = grammarOf({});
    const deep = parseProgram(grammar, `${"(+ (* x ".repeat(250)}y${") 1.5)".repeat(250)}`);
    const right = parseProgram(grammar, `${"(/ x ".repeat(500)}y${")".repeat(500)}`);
    expect(programSize(deep)).toBe(1001);
    const cases = [
      [1, 1],
      [0.99, -0.3],
    ];
    expect(differences(to, grammar, [deep, right], cases)).toEqual([]);
  });

  it.skipIf(reason !== null)("take names that mean something else there", () => {
    const names = [
      "class",
      "double",
      "math",
      "exp",
      "s1",
      "p0",
      "while-in",
      "é",
      "_divide",
      "y1",
      "abs",
      "minimum",
    ];
    const grammar = compileGrammar(
      arithmetic({ operations: ["+", "/", "abs", "min", "sqrt"] }),
      fn(Object.fromEntries(names.map((name) => [name, real])), real),
    );
    const chain = parseProgram(
      grammar,
      names.reduceRight((rest, name) => `(+ (/ ${name} p0) ${rest})`, "s1"),
    );
    const cases = [names.map((_, k) => k - 3.5), names.map((_, k) => 1 / (k + 1))];
    expect(
      differences(to, grammar, [chain, parseProgram(grammar, `(min (sqrt (abs minimum)) abs)`)], cases),
    ).toEqual([]);
  });
});

describe("an exported program", () => {
  const kepler = grammarOf({ operations: arithmeticOperations });
  const code = (to: "c" | "python" | "latex", text: string, grammar = kepler): string =>
    exportProgram(grammar, parseProgram(grammar, text), { to, name: "found", header: ["A question?"] });

  it("reads as a person would write it in C", () => {
    expect(code("c", "(let ((s1 (square (- x 0.5)))) (min (+ s1 y) (/ s1 (sqrt y))))")).toBe(`/*
 * A question?
 *
 * Doubles as IEEE 754 has them; compile with -ffp-contract=off and without -ffast-math.
 * Every operation is exact or correctly rounded: the results are Illume's, bit for bit.
 */

#include <float.h>
#include <math.h>

#if FLT_EVAL_METHOD == 2 || FLT_EVAL_METHOD < 0
#error "doubles must be computed as doubles: for 32-bit x86 compile with -msse2 -mfpmath=sse"
#endif
#ifdef __FAST_MATH__
#error "results must be rounded as IEEE 754 says: compile without -ffast-math"
#endif
#if defined(__clang__) || !defined(__GNUC__)
#pragma STDC FP_CONTRACT OFF
#endif

/* The smaller of two; NaN if one is NaN, and -0 below 0. */
static double minimum(double a, double b) {
  if (a != a || b != b) return NAN;
  if (a == b) return signbit(a) ? a : b;
  return a < b ? a : b;
}

double found(double x, double y) {
  const double s1 = x - 0.5;
  const double s2 = s1 * s1;
  return minimum(s2 + y, s2 / sqrt(y));
}
`);
    expect(code("c", "(exp (pow x 2.0))")).toContain("in which exp, pow of math.h may differ.");
  });

  it("reads as a person would write it in Python", () => {
    expect(code("python", "(let ((s1 (square (- x 0.5)))) (+ (+ s1 y) (/ s1 -2.0)))")).toBe(`# A question?
#
# Every operation is exact or correctly rounded: the results are Illume's, bit for bit.

import math


def _divide(a: float, b: float) -> float:
    """The quotient; by zero an infinity, or NaN."""
    if b != 0.0:
        return a / b
    if a == 0.0 or a != a:
        return math.nan
    return math.copysign(math.inf, a) * math.copysign(1.0, b)


def found(x: float, y: float) -> float:
    s1 = x - 0.5
    s2 = s1 * s1
    return (s2 + y) + _divide(s2, -2.0)
`);
  });

  it("reads as a person would write it in LaTeX", () => {
    const formula = (text: string, grammar = kepler): string =>
      (/(?<=aligned\}\n)[^]*(?=\n\\end\{aligned)/.exec(code("latex", text, grammar))?.[0] ?? "").replace(
        "\\mathit{found}\\left(x, y\\right) &= ",
        "",
      );
    expect(code("latex", "x")).toBe(`% A question?
\\documentclass{article}
\\usepackage{amsmath}
\\begin{document}
\\[
\\begin{aligned}
\\mathit{found}\\left(x, y\\right) &= x
\\end{aligned}
\\]
\\end{document}
`);
    expect(formula("(let ((s1 (square (- x 0.1)))) (+ s1 (/ s1 (sqrt (+ y 1e-30)))))")).toBe(
      `u_{1} + \\frac{u_{1}}{\\sqrt{y + 1 \\cdot 10^{-30}}} \\\\
&\\text{where} \\\\
u_{1} &= \\left(x - 0.1\\right)^{2}`,
    );
    expect(formula("(- x (- (* (+ x y) (* x -2.0)) (neg y)))")).toBe(
      "x - \\left(\\left(x + y\\right) \\cdot \\left(x \\cdot \\left(-2\\right)\\right) - \\left(-y\\right)\\right)",
    );
    expect(formula("(pow (cube x) (exp (+ x (abs (floor y)))))")).toBe(
      "\\left(x^{3}\\right)^{\\mathrm{e}^{x + \\left|\\left\\lfloor y \\right\\rfloor\\right|}}",
    );
    expect(formula("(* (expm1 x) (log1p (min x (- x y))))")).toBe(
      "\\left(\\mathrm{e}^{x} - 1\\right) \\cdot \\ln\\left(1 + \\min\\left(x, x - y\\right)\\right)",
    );
    expect(formula("(log1p (- x y))")).toBe("\\ln\\left(1 + \\left(x - y\\right)\\right)");
    expect(code("latex", "(or (and a (not b)) (if a b c))", circuits)).toContain(
      "&= \\left(a \\land \\left(\\lnot b\\right)\\right) \\lor \\operatorname{if}\\left(a, b, c\\right)",
    );
  });

  it("writes every number so that it is read back as it is", () => {
    const grammar = grammarOf({});
    const constants = [0.1, 1e21, 5e-324, -0, 1.7976931348623157e308, 3, 2 / 3];
    const add = parseProgram(grammar, "(+ x 1.0)");
    const outcomes = (to: "c" | "python"): void => {
      if (unavailable[to] !== null) return;
      const programs = [...constants, Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY].map(
        (constant) => ({ tokens: add.tokens.slice(1, 2), constants: Float64Array.of(constant) }),
      );
      expect(differences(to, grammar, programs, [[0, 0]])).toEqual([]);
    };
    outcomes("c");
    outcomes("python");
    const single = grammarOf({ precision: "f32" }, float32);
    expect(code("c", "(+ x 0.1)", single)).toContain("return (float)(x + 0.1f);");
    expect(code("c", "(* (- x y) (+ x (/ y x)))", single)).toContain(
      "return (float)((float)(x - y) * (float)(x + (float)(y / x)));",
    );
    expect(code("python", "(+ x 0.1)", single)).toContain("return _single(x + 0.10000000149011612)");
    expect(code("latex", "(+ x 0.1)", single)).toContain("&= x + 0.1\n");
  });

  it("is refused where a language cannot have it, in one line", () => {
    const ints = compileGrammar(lists(), fn({ xs: list(int) }, int));
    const refusal = (
      grammar: Grammar,
      text: string,
      to: "c" | "python" | "latex",
      name = "found",
    ): string => {
      try {
        exportProgram(grammar, parseProgram(grammar, text), { to, name, header: [] });
      } catch (error) {
        if (error instanceof InputError) return error.message;
        throw error;
      }
      return "";
    };
    expect(refusal(ints, "(sum xs)", "c")).toMatch(
      /^program must be over reals, floats and booleans to be exported to C; its language has list<int>, int.*\. Export it to typescript or javascript\.$/,
    );
    expect(refusal(kepler, "x", "python", "lambda")).toBe(
      'name must be a name that Python leaves free; got "lambda".',
    );
    expect(refusal(kepler, "x", "c", "exp")).toBe('name must be a name that C leaves free; got "exp".');
    const own = compileGrammar(
      defineLanguage({
        name: "own",
        primitives: [
          primitive("twice", [real], real, (x) => 2 * x),
          primitive("half", [real], real, (x) => x / 2, { python: "($0 / 2.0)" }),
        ],
      }),
      fn({ x: real }, real),
    );
    expect(refusal(own, "(twice (half x))", "python")).toBe(
      'primitive "twice" must have a python template to be exported to Python.',
    );
    expect(refusal(own, "(half x)", "python")).toBe("");
  });
});
