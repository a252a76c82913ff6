import { kernels } from "../kernels.ts";
import { defineLanguage, type Language } from "../language.ts";
import { primitive } from "../primitive.ts";
import { real } from "../type.ts";
import { selectRows } from "./selection.ts";

// IEEE doubles throughout: division by zero is an infinity, and NaN is the failure that passes on. Transcendental
// functions are our kernels, because those of Math differ between machines; +, −, ×, ÷, √, min and max are exact.
const table = [
  primitive("+", [real, real], real, (a, b) => a + b, {
    vector: "add",
    commutative: true,
    javascript: "($0 + $1)",
    documentation: "Sum of two reals.",
  }),
  primitive("-", [real, real], real, (a, b) => a - b, {
    vector: "subtract",
    javascript: "($0 - $1)",
    documentation: "Difference of two reals.",
  }),
  primitive("*", [real, real], real, (a, b) => a * b, {
    vector: "multiply",
    commutative: true,
    javascript: "($0 * $1)",
    documentation: "Product of two reals.",
  }),
  primitive("/", [real, real], real, (a, b) => a / b, {
    vector: "divide",
    javascript: "($0 / $1)",
    documentation: "Quotient of two reals; by zero an infinity, and zero by zero NaN.",
  }),
  primitive("sqrt", [real], real, (a) => Math.sqrt(a), {
    vector: "square-root",
    javascript: "Math.sqrt($0)",
    documentation: "Square root; NaN below zero.",
  }),
  primitive("exp", [real], real, (a) => kernels.exp(a), {
    vector: "exponential",
    javascript: "kernels.exp($0)",
    documentation: "e to the power of a real.",
  }),
  primitive("log", [real], real, (a) => kernels.log(a), {
    vector: "logarithm",
    javascript: "kernels.log($0)",
    documentation: "Natural logarithm; NaN below zero.",
  }),
  primitive("sin", [real], real, (a) => kernels.sin(a), {
    vector: "sine",
    javascript: "kernels.sin($0)",
    documentation: "Sine of an angle in radians.",
  }),
  primitive("cos", [real], real, (a) => kernels.cos(a), {
    vector: "cosine",
    javascript: "kernels.cos($0)",
    documentation: "Cosine of an angle in radians.",
  }),
  primitive("tan", [real], real, (a) => kernels.tan(a), {
    vector: "tangent",
    javascript: "kernels.tan($0)",
    documentation: "Tangent of an angle in radians.",
  }),
  primitive("tanh", [real], real, (a) => kernels.tanh(a), {
    vector: "hyperbolic-tangent",
    javascript: "kernels.tanh($0)",
    documentation: "Hyperbolic tangent.",
  }),
  primitive("pow", [real, real], real, (a, b) => kernels.pow(a, b), {
    vector: "power",
    javascript: "kernels.pow($0, $1)",
    documentation: "First real to the power of the second; NaN for a negative base and a fraction.",
  }),
  primitive("abs", [real], real, (a) => Math.abs(a), {
    vector: "absolute",
    javascript: "Math.abs($0)",
    documentation: "Absolute value.",
  }),
  // Math.min and Math.max are defined to the bit: NaN wins over everything, −0 is less than 0.
  primitive("min", [real, real], real, (a, b) => Math.min(a, b), {
    vector: "minimum",
    commutative: true,
    javascript: "Math.min($0, $1)",
    documentation: "Smaller of two reals; NaN if one is NaN.",
  }),
  primitive("max", [real, real], real, (a, b) => Math.max(a, b), {
    vector: "maximum",
    commutative: true,
    javascript: "Math.max($0, $1)",
    documentation: "Larger of two reals; NaN if one is NaN.",
  }),
  primitive("square", [real], real, (a) => a * a, {
    vector: "square",
    documentation: "A real times itself.",
  }),
  primitive("cube", [real], real, (a) => a * a * a, {
    vector: "cube",
    documentation: "Third power of a real.",
  }),
  primitive("neg", [real], real, (a) => -a, {
    vector: "negate",
    javascript: "(- $0)",
    documentation: "A real with the other sign.",
  }),
  primitive("inverse", [real], real, (a) => 1 / a, {
    vector: "inverse",
    javascript: "(1 / $0)",
    documentation: "One divided by a real; an infinity for zero.",
  }),
] as const;

/** Name of a row of the arithmetic language. */
export type ArithmeticOperation = (typeof table)[number]["name"];

export interface ArithmeticOptions {
  /** Rows that programs may use; `+ - * /` unless told. */
  readonly operations?: readonly ArithmeticOperation[];
  /** Whether programs may carry real constants of their own; false unless told. */
  readonly constants?: boolean;
}

/**
 * The language of formulas over reals.
 * @throws InputError for names that are not rows
 */
export function arithmetic(options: ArithmeticOptions = {}): Language {
  return defineLanguage({
    name: "arithmetic",
    primitives: selectRows("arithmetic", table, options.operations ?? ["+", "-", "*", "/"]),
    constants: options.constants === true ? [real] : [],
  });
}
