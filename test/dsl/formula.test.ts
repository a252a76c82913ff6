import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { formulaFunctions, InputError, readFormula } from "../../dsl/index.ts";
import * as exact from "./fixed-point.ts";
import { references } from "./formula-references.ts";

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
        "x²",
        "sinx",
        "Pi",
        "pow x",
      ].map((text) => problemsOf(text).join("\n")),
    ).toMatchInlineSnapshot(`
      [
        "formula must be an expression such as 2^x or sin(x)/x; got "". Write one.",
        "formula, column 2, must be an operator or the end; got "x". Write 2*x for a product.",
        "formula, column 2, must be an operator or the end; got "(". Write 2*(…) for a product.",
        "formula, column 4, must be an operator or the end; got "(". Write (…)*(…) for a product.",
        "formula, column 5, must be "(" after the function sin; got "x". Write sin(x).",
        "formula, column 1, must be a function that is known: one of exp, exp2, exp10, expm1, log, ln, log2, log10, log1p, pow, sqrt, cbrt, sin, cos, tan, asin, acos, atan, sinh, cosh, tanh, asinh, acosh, atanh, sigmoid, abs, floor, min, max, erf, erfc, normalcdf, gamma, lgamma, airy, airyai, airybi, besselj0, besselj1, besseli0, besseli1; got "sni". Did you mean sin?",
        "formula, column 5, must be a name that is known: one of x, pi, π, e, exp, exp2, exp10, expm1, log, ln, log2, log10, log1p, pow, sqrt, cbrt, sin, cos, tan, asin, acos, atan, sinh, cosh, tanh, asinh, acosh, atanh, sigmoid, abs, floor, min, max, erf, erfc, normalcdf, gamma, lgamma, airy, airyai, airybi, besselj0, besselj1, besseli0, besseli1; got "tt". A formula has one argument.",
        "formula, column 5, must be a name that is known: one of x, pi, π, e, exp, exp2, exp10, expm1, log, ln, log2, log10, log1p, pow, sqrt, cbrt, sin, cos, tan, asin, acos, atan, sinh, cosh, tanh, asinh, acosh, atanh, sigmoid, abs, floor, min, max, erf, erfc, normalcdf, gamma, lgamma, airy, airyai, airybi, besselj0, besselj1, besseli0, besseli1; got "PI". Did you mean pi?",
        "formula, column 1, must be a function that is known: one of exp, exp2, exp10, expm1, log, ln, log2, log10, log1p, pow, sqrt, cbrt, sin, cos, tan, asin, acos, atan, sinh, cosh, tanh, asinh, acosh, atanh, sigmoid, abs, floor, min, max, erf, erfc, normalcdf, gamma, lgamma, airy, airyai, airybi, besselj0, besselj1, besseli0, besseli1; got "x". For a product write x*(…).",
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
        "formula, column 2, must be an operator or the end; got "²". The operators are + - * / ^; names have letters and digits.",
        "formula, column 1, must be a name unlike those of functions and constants; got "sinx". Did you mean sin(x)?",
        "formula, column 1, must be a name unlike those of functions and constants; got "Pi". Did you mean pi?",
        "formula, column 5, must be "(" after the function pow; got "x". Write pow(x, y).",
      ]
    `);
    expect(problemsOf(`${"x+".repeat(500)}x`)[0]).toBe(
      "formula must be at most 1000 characters long; got 1001. Shorten it.",
    );
  });

  it("says of hexadecimal numbers that they are not read", () => {
    expect(problemsOf("2 + 0x10")).toEqual([
      'formula, column 6, must be an operator or the end; got "x10". Hexadecimal numbers are not read; write 16.',
    ]);
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

/** Functions with zeros away from 0, near which errors count against this size. */
const scales: readonly (readonly [name: string, scale: number])[] = [
  ["airy", 0.1],
  ["bessel", 0.1],
  ["lgamma", 1],
  ["e^x - pi", 1],
];

describe("the value of a formula", () => {
  it.each(references)("%s is accurate to 1e-28", (text, values) => {
    const scale = exact.fixed(scales.find(([name]) => text.startsWith(name))?.[1] ?? 0);
    const { high, low } = readFormula(text).evaluate(Float64Array.from(values, ([x]) => x));
    values.forEach(([x, written], i) => {
      const expected = exact.decimal(written);
      const value = exact.fixed(high[i] as number) + exact.fixed(low[i] as number);
      const error = value - expected;
      const size = expected < 0n ? -expected : expected;
      const relative = exact.relativeError(
        (size > scale ? size : scale) + error,
        size > scale ? size : scale,
      );
      expect(relative, `${text} at ${x}`).toBeLessThan(1e-28);
      expect(Math.abs(low[i] as number)).toBeLessThanOrEqual(Math.abs(high[i] as number) * 2 ** -53);
    });
    expect(values.length).toBeGreaterThan(3);
  });

  it("is there for every function", () => {
    const aliases = ["ln", "airyai", "pow", "abs", "floor", "min", "max"];
    const tested = references.map(([text]) => text.replace("(x)", ""));
    for (const { name, documentation } of formulaFunctions) {
      expect(documentation).toMatch(/^[^\n]{3,60}$/);
      if (!aliases.includes(name)) expect(tested).toContain(name);
    }
    expect(at("ln(x) - log(x) + airyai(x) - airy(x)", 3)).toBe(0);
  });

  it("is the same alone and among others, and when asked again", () => {
    const formula = readFormula("erf(x) + airy(x) * atan(x) - besselj0(x)");
    const xs = Float64Array.from({ length: 40 }, (_, i) => i / 4 - 5);
    const all = formula.evaluate(xs);
    expect(formula.evaluate(xs)).toEqual(all);
    const other = readFormula(formula.text).evaluate(xs.toReversed());
    expect(other.high.toReversed()).toEqual(all.high);
    expect(other.low.toReversed()).toEqual(all.low);
  });

  it("is exact for powers with whole exponents, as far as pairs are", () => {
    expect(at("(-3)^(1+2) + x", 0)).toBe(-27);
    const { high, low } = readFormula("x^2").evaluate(Float64Array.of(1 + 2 ** -50));
    expect([high[0], low[0]]).toEqual([1 + 2 ** -49, 2 ** -100]);
    expect(readFormula("pow(x, 1+1)").evaluate(Float64Array.of(1 + 2 ** -50))).toEqual({ high, low });
    expect(at("x^0", 0)).toBe(1);
    expect(at("x^-3", -0.5)).toBe(-8);
    expect(at("x^1e6", 1)).toBe(1);
    expect(at("x^1025", -1)).toBe(-1);
    expect(at("x^0.5", -1)).toBe(Number.NaN);
  });
});

/** A formula with what doubles make of it, and how far off that may be. */
interface Sample {
  readonly text: string;
  /** How tightly it binds: 1 sums, 2 products, 3 signs, 4 powers, 5 values. */
  readonly binds: 1 | 2 | 3 | 4 | 5;
  readonly value: (x: number) => readonly [value: number, error: number];
}

const EPSILON = 2 ** -50;
const inside = ({ text, binds }: Sample, least: number): string => (binds < least ? `(${text})` : text);

const binary =
  (
    symbol: string,
    binds: 1 | 2,
    value: (a: number, b: number) => number,
    error: (a: number, b: number, ea: number, eb: number) => number,
  ) =>
  (left: Sample, right: Sample): Sample => ({
    text: `${inside(left, binds)}${symbol}${inside(right, binds + 1)}`,
    binds,
    value: (x) => {
      const [a, ea] = left.value(x);
      const [b, eb] = right.value(x);
      const result = value(a, b);
      return [result, error(a, b, ea, eb) + Math.abs(result) * EPSILON];
    },
  });

/** A function whose slope is at most that at a point. */
const unary =
  (name: string, value: (a: number) => number, slope: (a: number) => number) =>
  (inner: Sample): Sample => ({
    text: `${name}(${inner.text})`,
    binds: 5,
    value: (x) => {
      const [a, ea] = inner.value(x);
      return [value(a), ea * slope(a) * 2 + (Math.abs(value(a)) + 1e-300) * EPSILON];
    },
  });

const sums = (_a: number, _b: number, ea: number, eb: number): number => ea + eb;
const product = (a: number, b: number, ea: number, eb: number): number =>
  Math.abs(a) * eb + Math.abs(b) * ea + ea * eb;
const binaries = [
  binary("+", 1, (a, b) => a + b, sums),
  binary(" - ", 1, (a, b) => a - b, sums),
  binary("*", 2, (a, b) => a * b, product),
  binary(
    " / ",
    2,
    (a, b) => a / b,
    (a, b, ea, eb) =>
      eb * 4 < Math.abs(b) ? (2 * (ea + Math.abs(a / b) * eb)) / Math.abs(b) : Number.POSITIVE_INFINITY,
  ),
];
const unaries = [
  unary("sin", Math.sin, () => 1),
  unary("cos", Math.cos, () => 1),
  unary("atan", Math.atan, () => 1),
  unary("tanh", Math.tanh, () => 1),
  unary("abs", Math.abs, () => 1),
  unary("asinh", Math.asinh, () => 1),
  unary("exp", Math.exp, Math.exp),
  unary("sinh", Math.sinh, Math.cosh),
];

const samples = fc.letrec<{ sample: Sample }>((tie) => ({
  sample: fc.oneof(
    { depthSize: "medium", withCrossShrink: true },
    fc.constant<Sample>({ text: "x", binds: 5, value: (x) => [x, 0] }),
    fc
      .integer({ min: 0, max: 9999 })
      .map((n): Sample => ({ text: `${n / 100}`, binds: 5, value: () => [n / 100, (n / 100) * EPSILON] })),
    fc
      .tuple(fc.constantFrom(...binaries), tie("sample"), tie("sample"))
      .map(([make, left, right]) => make(left, right)),
    fc.tuple(fc.constantFrom(...unaries), tie("sample")).map(([make, inner]) => make(inner)),
    tie("sample").map(
      (inner): Sample => ({
        text: `-${inside(inner, 3)}`,
        binds: 3,
        value: (x) => {
          const [a, ea] = inner.value(x);
          return [-a, ea];
        },
      }),
    ),
    fc.tuple(tie("sample"), fc.constantFrom("^", "**")).map(
      ([inner, symbol]): Sample => ({
        text: `${inside(inner, 5)}${symbol}2`,
        binds: 4,
        value: (x) => {
          const [a, ea] = inner.value(x);
          return [a * a, product(a, a, ea, ea) + a * a * EPSILON];
        },
      }),
    ),
  ),
})).sample;

describe("the reader of formulas", () => {
  it("reads what is written with as few parentheses as possible, and values are those of doubles", () => {
    let compared = 0;
    fc.assert(
      fc.property(samples, fc.double({ min: -10, max: 10, noNaN: true }), ({ text, value }, x) => {
        // Longer ones are refused.
        if (text.length > 1000) return;
        const [expected, error] = value(x);
        if (!Number.isFinite(expected) || !(error < 1e-3)) return;
        compared++;
        expect(Math.abs(at(text, x) - expected), `${text}`).toBeLessThanOrEqual(error + 1e-300);
      }),
      { numRuns: 1000 },
    );
    expect(compared).toBeGreaterThan(500);
  });

  it("reads damaged formulas, or refuses them in one line", () => {
    const pieces = "x 2 .5 1e3 ( ) , + - * ** / ^ sin exp pow pi airy ² \n \ud800 é $ e tt".split(" ");
    const damaged = fc.oneof(
      fc.string({ unit: "binary" }),
      fc.array(fc.constantFrom(...pieces)).map((parts) => parts.join("")),
      fc.tuple(samples, fc.nat(), fc.nat(3), fc.constantFrom(...pieces)).map(([{ text }, at, out, piece]) => {
        const from = at % (text.length + 1);
        return text.slice(0, from) + piece + text.slice(from + out);
      }),
    );
    fc.assert(
      fc.property(damaged, (text) => {
        try {
          const { high, low } = readFormula(text).evaluate(Float64Array.of(0.3));
          expect(Number.isFinite(high[0]) ? 0 : low[0]).toBe(0);
        } catch (error) {
          if (!(error instanceof InputError)) throw error;
          expect(error.problems.length).toBe(1);
          expect(error.message).toMatch(/^formula[^\n]* must be [^\n]*; got [^\n]*\.? .*[.?]$/);
        }
      }),
      { numRuns: 2000 },
    );
  });
});
