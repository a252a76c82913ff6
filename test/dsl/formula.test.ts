import { describe, expect, it } from "vitest";
import { formulaFunctions, InputError, readFormula } from "../../dsl/index.ts";

const at = (text: string, x: number): number =>
  readFormula(text).evaluate(Float64Array.of(x)).high[0] as number;

function problemsOf(text: string): readonly string[] {
  try {
    readFormula(text);
  } catch (error) {
    if (error instanceof InputError) return error.problems;
    throw error;
  }
  throw new Error(`read: ${text}`);
}

describe("a formula", () => {
  it("means what mathematicians write", () => {
    const cases: readonly [string, number, number][] = [
      ["1 + 2 * 3 - 4 / 8", 0, 6.5],
      ["10 - 4 - 3", 0, 3],
      ["16 / 4 / 2", 0, 2],
      ["2^3^2", 0, 512],
      ["2**3**2", 0, 512],
      ["-x^2", 3, -9],
      ["(-x)^2", 3, 9],
      ["2^-x", 3, 0.125],
      ["x^-2", -4, 0.0625],
      ["x^3", -2, -8],
      ["2*-x", 3, -6],
      ["- -x - -1", 3, 4],
      ["+x", 3, 3],
      ["pow(x, 3) + min(x, 1) * max(2, x)", 5, 130],
      ["floor(x) + abs(-x)", 2.5, 4.5],
      ["\t1.5e1 + .5 +\n1. + 2E-1*0", 0, 16.5],
      ["log2(exp2(x)) + log10(1000)", 7, 10],
    ];
    for (const [text, x, value] of cases) expect([text, at(text, x)]).toEqual([text, value]);
  });

  it("says which argument it has", () => {
    expect(readFormula("2^t").argument).toBe("t");
    expect(readFormula("pi * e").argument).toBe("x");
    expect(readFormula("Größe_2 + 1").argument).toBe("Größe_2");
    expect(readFormula(" 2^t ").text).toBe(" 2^t ");
  });

  it("reads decimals as what is written, not as the nearest double", () => {
    const { high, low } = readFormula("0.1 * 10 - 1 + x").evaluate(Float64Array.of(0));
    expect(Math.abs((high[0] as number) + (low[0] as number))).toBeLessThan(1e-31);
    expect(at("1.5e299", 0)).toBe(1.5e299);
    expect(at("1e-290", 0)).toBe(1e-290);
    expect(at("0e999999999", 0)).toBe(0);
  });

  it("gives NaN or an infinity, and a low double of 0, where it is not defined", () => {
    const { high, low } = readFormula("1/x + log(x)").evaluate(Float64Array.of(0, -1, Number.NaN, 1));
    expect([...high]).toEqual([Number.NaN, Number.NaN, Number.NaN, 1]);
    expect([...low]).toEqual([0, 0, 0, 0]);
    expect(at("1/x", 0)).toBe(Number.POSITIVE_INFINITY);
    expect(at("airy(x)", 50.1)).toBe(Number.NaN);
    const special = Float64Array.of(0, -0, 1, -1, 1e308, -1e308, 5e-324, Infinity, -Infinity, Number.NaN);
    for (const { name } of formulaFunctions) {
      const call = ["pow", "min", "max"].includes(name) ? `${name}(x, x)` : `${name}(x)`;
      const column = readFormula(call).evaluate(special);
      column.high.forEach((value, i) => {
        if (!Number.isFinite(value)) expect([call, special[i], column.low[i]]).toEqual([call, special[i], 0]);
      });
    }
  });

  it("that cannot be read says what is wrong, where, and what to do", () => {
    expect(
      [
        "",
        "2x",
        "2(x+1)",
        "(x)(x)",
        "sin x",
        "sni(x)",
        "x + tt",
        "x + PI",
        "x(2)",
        "(x + 1",
        "x + 1)",
        "pow(x)",
        "sin()",
        "sin(x, 2)",
        "0,5",
        "(0,5)",
        "x +",
        "* x",
        "x $ 2",
        "1e300",
        "1e-291",
        "1.2.3",
        "()",
      ].map((text) => problemsOf(text).join("\n")),
    ).toMatchInlineSnapshot(`
      [
        "formula must be an expression such as 2^x or sin(x)/x; got "". Write one.",
        "formula, column 2, must be an operator or the end; got "x". Write 2*x for a product.",
        "formula, column 2, must be an operator or the end; got "(". Write 2*( for a product.",
        "formula, column 4, must be an operator or the end; got "(". Write )*( for a product.",
        "formula, column 5, must be "(" after the function sin; got "x". Write sin(x).",
        "formula, column 1, must be a function that is known: one of exp, exp2, exp10, expm1, log, ln, log2, log10, log1p, pow, sqrt, cbrt, sin, cos, tan, asin, acos, atan, sinh, cosh, tanh, asinh, acosh, atanh, sigmoid, abs, floor, min, max, erf, erfc, normalcdf, gamma, lgamma, airy, airyai, airybi, besselj0, besselj1, besseli0, besseli1; got "sni". Did you mean sin?",
        "formula, column 5, must be a name that is known: x or one of pi, e, exp, exp2, exp10, expm1, log, ln, log2, log10, log1p, pow, sqrt, cbrt, sin, cos, tan, asin, acos, atan, sinh, cosh, tanh, asinh, acosh, atanh, sigmoid, abs, floor, min, max, erf, erfc, normalcdf, gamma, lgamma, airy, airyai, airybi, besselj0, besselj1, besseli0, besseli1; got "tt". A formula has one argument.",
        "formula, column 5, must be a name that is known: x or one of pi, e, exp, exp2, exp10, expm1, log, ln, log2, log10, log1p, pow, sqrt, cbrt, sin, cos, tan, asin, acos, atan, sinh, cosh, tanh, asinh, acosh, atanh, sigmoid, abs, floor, min, max, erf, erfc, normalcdf, gamma, lgamma, airy, airyai, airybi, besselj0, besselj1, besseli0, besseli1; got "PI". Did you mean pi?",
        "formula, column 1, must be a function that is known: one of exp, exp2, exp10, expm1, log, ln, log2, log10, log1p, pow, sqrt, cbrt, sin, cos, tan, asin, acos, atan, sinh, cosh, tanh, asinh, acosh, atanh, sigmoid, abs, floor, min, max, erf, erfc, normalcdf, gamma, lgamma, airy, airyai, airybi, besselj0, besselj1, besseli0, besseli1; got "x". For a product write x*(.",
        "formula, column 7, must be ")", since there is "(" in column 1; got the end. Add ")".",
        "formula, column 6, must be an operator or the end; got ")". Take it away, or put a "(" before.",
        "formula, column 1, must be pow with 2 arguments; got 1. Write pow(x, y).",
        "formula, column 1, must be sin with 1 argument; got 0. Write sin(x).",
        "formula, column 1, must be sin with 1 argument; got 2. Write sin(x).",
        "formula, column 2, must be an operator or the end; got ",". Commas stand between the arguments of a function; decimals have a point.",
        "formula, column 3, must be ")", since there is "(" in column 1; got ",". Commas stand between the arguments of a function.",
        "formula, column 4, must be a number, a name or "("; got the end. Write a value, or leave out what stands before.",
        "formula, column 1, must be a number, a name or "("; got "*". Write a value, or leave out what stands before.",
        "formula, column 3, must be an operator or the end; got "$". The operators are + - * / ^; names have letters and digits.",
        "formula, column 1, must be 0 or of a size from 1e-290 to below 1e300; got "1e300". Change it.",
        "formula, column 1, must be 0 or of a size from 1e-290 to below 1e300; got "1e-291". Change it.",
        "formula, column 4, must be an operator or the end; got ".3". Put an operator between numbers; a number has one point.",
        "formula, column 2, must be a number, a name or "("; got ")". Write a value, or leave out what stands before.",
      ]
    `);
    expect(problemsOf(`${"x+".repeat(500)}x`)[0]).toBe(
      "formula must be at most 1000 characters long; got 1001. Shorten it.",
    );
  });

  it("may be nested 100 deep, and no deeper", () => {
    for (const [open, close] of [
      ["(", ")"],
      ["-", ""],
      ["2^", ""],
      ["abs(", ")"],
    ] as const) {
      expect(readFormula(`${open.repeat(100)}x${close.repeat(100)}`).argument).toBe("x");
      expect(problemsOf(`${open.repeat(101)}x${close.repeat(101)}`)).toEqual([
        `formula, column ${101 * open.length + 1}, must be nested at most 100 deep; got "x". Take away parentheses, signs or exponents.`,
      ]);
    }
    expect(at("x+".repeat(499) + "x", 1)).toBe(500);
  });
});
