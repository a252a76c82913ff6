import { InputError } from "../input-error.ts";
import { kernels } from "../kernels.ts";
import { defineLanguage, type Language } from "../language.ts";
import { type Primitive, primitive } from "../primitive.ts";
import { float32, real } from "../type.ts";
import { readOptions, selectRows } from "./selection.ts";

// IEEE doubles throughout: division by zero is an infinity, and NaN is the failure that passes on. Transcendental
// functions are our kernels, because those of Math differ between machines; +, −, ×, ÷, √, min and max are exact.
const table = [
  primitive("+", [real, real], real, (a, b) => a + b, {
    vector: "add",
    commutative: true,
    javascript: "($0 + $1)",
    python: "($0 + $1)",
    c: "($0 + $1)",
    latex: "$0 + $1",
    documentation: "Sum of two reals.",
  }),
  primitive("-", [real, real], real, (a, b) => a - b, {
    vector: "subtract",
    javascript: "($0 - $1)",
    python: "($0 - $1)",
    c: "($0 - $1)",
    latex: "$0 - $1",
    documentation: "Difference of two reals.",
  }),
  primitive("*", [real, real], real, (a, b) => a * b, {
    vector: "multiply",
    commutative: true,
    javascript: "($0 * $1)",
    python: "($0 * $1)",
    c: "($0 * $1)",
    latex: "$0 \\cdot $1",
    documentation: "Product of two reals.",
  }),
  primitive("/", [real, real], real, (a, b) => a / b, {
    vector: "divide",
    javascript: "($0 / $1)",
    python: "_divide($0, $1)",
    c: "($0 / $1)",
    latex: "\\frac{$0}{$1}",
    documentation: "Quotient of two reals; by zero an infinity, and zero by zero NaN.",
  }),
  primitive("sqrt", [real], real, (a) => Math.sqrt(a), {
    vector: "square-root",
    javascript: "Math.sqrt($0)",
    python: "_square_root($0)",
    c: "sqrt($0)",
    latex: "\\sqrt{$0}",
    documentation: "Square root; NaN below zero.",
  }),
  primitive("exp", [real], real, (a) => kernels.exp(a), {
    vector: "exponential",
    javascript: "kernels.exp($0)",
    python: "_exp($0)",
    c: "exp($0)",
    latex: "\\mathrm{e}^{$0}",
    documentation: "e to the power of a real.",
  }),
  primitive("log", [real], real, (a) => kernels.log(a), {
    vector: "logarithm",
    javascript: "kernels.log($0)",
    python: "_log($0)",
    c: "log($0)",
    latex: "\\ln\\left($0\\right)",
    documentation: "Natural logarithm; NaN below zero.",
  }),
  primitive("sin", [real], real, (a) => kernels.sin(a), {
    vector: "sine",
    javascript: "kernels.sin($0)",
    python: "_sin($0)",
    c: "sin($0)",
    latex: "\\sin\\left($0\\right)",
    documentation: "Sine of an angle in radians.",
  }),
  primitive("cos", [real], real, (a) => kernels.cos(a), {
    vector: "cosine",
    javascript: "kernels.cos($0)",
    python: "_cos($0)",
    c: "cos($0)",
    latex: "\\cos\\left($0\\right)",
    documentation: "Cosine of an angle in radians.",
  }),
  primitive("tan", [real], real, (a) => kernels.tan(a), {
    vector: "tangent",
    javascript: "kernels.tan($0)",
    python: "_tan($0)",
    c: "tan($0)",
    latex: "\\tan\\left($0\\right)",
    documentation: "Tangent of an angle in radians.",
  }),
  primitive("tanh", [real], real, (a) => kernels.tanh(a), {
    vector: "hyperbolic-tangent",
    javascript: "kernels.tanh($0)",
    python: "math.tanh($0)",
    c: "tanh($0)",
    latex: "\\tanh\\left($0\\right)",
    documentation: "Hyperbolic tangent.",
  }),
  primitive("pow", [real, real], real, (a, b) => kernels.pow(a, b), {
    vector: "power",
    javascript: "kernels.pow($0, $1)",
    python: "_power($0, $1)",
    c: "power($0, $1)",
    latex: "$0^{$1}",
    documentation: "First real to the power of the second; NaN for a negative base and a fraction.",
  }),
  primitive("log1p", [real], real, (a) => kernels.log1p(a), {
    vector: "logarithm-of-sum",
    javascript: "kernels.log1p($0)",
    python: "_log1p($0)",
    c: "log1p($0)",
    latex: "\\ln\\left(1 + $0\\right)",
    documentation: "Natural logarithm of one plus a real, accurate near zero; NaN below minus one.",
  }),
  primitive("expm1", [real], real, (a) => kernels.expm1(a), {
    vector: "exponential-less-one",
    javascript: "kernels.expm1($0)",
    python: "_expm1($0)",
    c: "expm1($0)",
    latex: "\\mathrm{e}^{$0} - 1",
    documentation: "e to the power of a real, less one, accurate near zero.",
  }),
  primitive("cbrt", [real], real, (a) => kernels.cbrt(a), {
    vector: "cube-root",
    javascript: "kernels.cbrt($0)",
    python: "_cube_root($0)",
    c: "cbrt($0)",
    latex: "\\sqrt[3]{$0}",
    documentation: "Cube root; negative below zero.",
  }),
  primitive("floor", [real], real, (a) => Math.floor(a), {
    vector: "floor",
    javascript: "Math.floor($0)",
    python: "_floor($0)",
    c: "floor($0)",
    latex: "\\left\\lfloor $0 \\right\\rfloor",
    documentation: "Largest whole number that is not above a real.",
  }),
  primitive("abs", [real], real, (a) => Math.abs(a), {
    vector: "absolute",
    javascript: "Math.abs($0)",
    python: "abs($0)",
    c: "fabs($0)",
    latex: "\\left|$0\\right|",
    documentation: "Absolute value.",
  }),
  // Math.min and Math.max are defined to the bit: NaN wins over everything, −0 is less than 0.
  primitive("min", [real, real], real, (a, b) => Math.min(a, b), {
    vector: "minimum",
    commutative: true,
    javascript: "Math.min($0, $1)",
    python: "_minimum($0, $1)",
    c: "minimum($0, $1)",
    latex: "\\min\\left($0, $1\\right)",
    documentation: "Smaller of two reals; NaN if one is NaN.",
  }),
  primitive("max", [real, real], real, (a, b) => Math.max(a, b), {
    vector: "maximum",
    commutative: true,
    javascript: "Math.max($0, $1)",
    python: "_maximum($0, $1)",
    c: "maximum($0, $1)",
    latex: "\\max\\left($0, $1\\right)",
    documentation: "Larger of two reals; NaN if one is NaN.",
  }),
  primitive("square", [real], real, (a) => a * a, {
    vector: "square",
    python: "($0 * $0)",
    c: "($0 * $0)",
    latex: "$0^{2}",
    documentation: "A real times itself.",
  }),
  primitive("cube", [real], real, (a) => a * a * a, {
    vector: "cube",
    python: "($0 * $0 * $0)",
    c: "($0 * $0 * $0)",
    latex: "$0^{3}",
    documentation: "Third power of a real.",
  }),
  primitive("neg", [real], real, (a) => -a, {
    vector: "negate",
    javascript: "(- $0)",
    python: "(-$0)",
    c: "(-$0)",
    latex: "-$0",
    documentation: "A real with the other sign.",
  }),
  primitive("inverse", [real], real, (a) => 1 / a, {
    vector: "inverse",
    javascript: "(1 / $0)",
    python: "_divide(1.0, $0)",
    c: "(1.0 / $0)",
    latex: "\\frac{1}{$0}",
    documentation: "One divided by a real; an infinity for zero.",
  }),
] as const;

// J. R. Koza, "Genetic programming", 1992: 1 where the divisor is 0.
const protectedRows: ReadonlyMap<string, Primitive> = new Map(
  [
    primitive("/", [real, real], real, (a, b) => (b === 0 ? 1 : a / b), {
      vector: "protected-divide",
      python: "_protected_divide($0, $1)",
      c: "protected_divide($0, $1)",
      latex: "\\operatorname{div}\\left($0, $1\\right)",
      documentation: "Quotient of two reals; one where the divisor is zero.",
    }),
    primitive("inverse", [real], real, (a) => (a === 0 ? 1 : 1 / a), {
      vector: "protected-inverse",
      python: "_protected_divide(1.0, $0)",
      c: "protected_divide(1.0, $0)",
      latex: "\\operatorname{div}\\left(1, $0\\right)",
      documentation: "One divided by a real; one for zero.",
    }),
  ].map((row) => [row.name, row]),
);

/** Name of a row of the arithmetic language. */
export type ArithmeticOperation = (typeof table)[number]["name"];

/** A row over floats: what doubles give, rounded by the machines. Rows of several roundings say where they lie. */
const roundings: Readonly<Partial<Record<ArithmeticOperation, Partial<Primitive>>>> = {
  cube: {
    apply: (a: number) => Math.fround(a * a) * a,
    javascript: "(Math.fround($0 * $0) * $0)",
    python: "(_single($0 * $0) * $0)",
    c: "((float)($0 * $0) * $0)",
  },
};

const single = (row: Primitive): Primitive => ({
  ...row,
  parameters: row.parameters.map(() => float32),
  result: float32,
  ...roundings[row.name as ArithmeticOperation],
});

export interface ArithmeticOptions {
  /** `f64`: IEEE doubles, type `real`; `f32`: IEEE singles, type `float32`, every operation rounded. `f64` unless told. */
  readonly precision?: "f64" | "f32";
  /** Rows that programs may use; `+ - * /` unless told. */
  readonly operations?: readonly ArithmeticOperation[];
  /** Whether programs may carry constants of their own; false unless told. */
  readonly constants?: boolean;
  /**
   * What `/` and `inverse` give where the divisor is 0: with "ieee", as unless told, an infinity or NaN; with "protected" 1
   * (Koza, 1992).
   */
  readonly division?: "ieee" | "protected";
}

/**
 * The language of formulas over reals, or over floats.
 * @throws InputError for names that are not rows, for another precision and for an unknown kind of division
 */
export function arithmetic(options: ArithmeticOptions = {}): Language {
  const {
    precision = "f64",
    division = "ieee",
    operations = ["+", "-", "*", "/"],
    constants,
  } = readOptions("arithmetic", options, ["precision", "operations", "constants", "division"]);
  if (precision !== "f64" && precision !== "f32")
    throw new InputError(
      `language "arithmetic" precision must be f64 or f32; got ${JSON.stringify(precision)}.`,
    );
  if (division !== "ieee" && division !== "protected")
    throw new InputError(
      `language "arithmetic" division must be "ieee" or "protected"; got ${JSON.stringify(division) ?? String(division)}.`,
    );
  const all = division === "ieee" ? table : table.map((row): Primitive => protectedRows.get(row.name) ?? row);
  const rows = selectRows("arithmetic", all, operations);
  const type = precision === "f64" ? real : float32;
  return defineLanguage({
    name: "arithmetic",
    primitives: precision === "f64" ? rows : rows.map(single),
    constants: constants === true ? [type] : [],
  });
}
