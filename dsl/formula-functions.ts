import { type DoubleDoubles, ONE } from "./double-double.ts";
import { airyFunction, airyFunctionOfSecondKind } from "./double-double-airy.ts";
import { besselI0, besselI1, besselJ0, besselJ1 } from "./double-double-bessel.ts";
import {
  complementaryErrorFunction,
  errorFunction,
  normalDistribution,
} from "./double-double-error-function.ts";
import * as functions from "./double-double-functions.ts";
import { gamma, logarithmOfGamma } from "./double-double-gamma.ts";
import * as hyperbolic from "./double-double-hyperbolic.ts";
import { inverseCosine, inverseSine, inverseTangent } from "./double-double-inverse-angles.ts";
import * as powers from "./double-double-powers.ts";

/** Reads the pairs at the addresses a and b, or a alone, and writes the one at `out`, which may be one of them. */
export type FormulaOperation = (numbers: DoubleDoubles, out: number, a: number, b: number) => void;

export interface FormulaFunction {
  readonly name: string;
  /** One line, for help texts. */
  readonly documentation: string;
  readonly parameters: 1 | 2;
  readonly apply: FormulaOperation;
}

const of = (
  name: string,
  documentation: string,
  apply: FormulaOperation,
  parameters: 1 | 2 = 1,
): FormulaFunction => ({ name, documentation, parameters, apply });

function sigmoid(numbers: DoubleDoubles, out: number, a: number): void {
  numbers.negate(out, a);
  functions.exponential(numbers, out, out);
  numbers.add(out, out, ONE);
  numbers.divide(out, ONE, out);
}

/**
 * What a formula may call. Relative errors are below 1e−29, those of gamma, exp10, pow and normalcdf below 1e−28 since their
 * logarithms are large; near zeros of lgamma, Airy's and Bessel's functions away from 0, errors are that small beside 1 or
 * beside the function around. What lies outside a range that is given is NaN.
 */
export const formulaFunctionTable: readonly FormulaFunction[] = [
  of("exp", "e^x", functions.exponential),
  of("exp2", "2^x", powers.powerOfTwo),
  of("exp10", "10^x", powers.powerOfTen),
  of("expm1", "e^x - 1, accurate near 0", functions.exponentialLessOne),
  of("log", "natural logarithm", functions.logarithm),
  of("ln", "natural logarithm", functions.logarithm),
  of("log2", "logarithm to base 2", powers.logarithmToBaseTwo),
  of("log10", "logarithm to base 10", powers.logarithmToBaseTen),
  of("log1p", "log(1 + x), accurate near 0", functions.logarithmOfSum),
  of("pow", "pow(x, y): x^y", functions.power, 2),
  of("sqrt", "square root", (numbers, out, a) => numbers.squareRoot(out, a)),
  of("cbrt", "cube root, also of negative numbers", (numbers, out, a) => numbers.cubeRoot(out, a)),

  of("sin", "sine of an angle in radians", functions.sine),
  of("cos", "cosine of an angle in radians", functions.cosine),
  of("tan", "tangent of an angle in radians", functions.tangent),
  of("asin", "inverse sine, on [-1, 1]", inverseSine),
  of("acos", "inverse cosine, on [-1, 1]", inverseCosine),
  of("atan", "inverse tangent", inverseTangent),
  of("sinh", "hyperbolic sine", hyperbolic.hyperbolicSine),
  of("cosh", "hyperbolic cosine", hyperbolic.hyperbolicCosine),
  of("tanh", "hyperbolic tangent", hyperbolic.hyperbolicTangent),
  of("asinh", "inverse hyperbolic sine", hyperbolic.inverseHyperbolicSine),
  of("acosh", "inverse hyperbolic cosine, from 1 on", hyperbolic.inverseHyperbolicCosine),
  of("atanh", "inverse hyperbolic tangent, on [-1, 1]", hyperbolic.inverseHyperbolicTangent),
  of("sigmoid", "1 / (1 + e^-x)", sigmoid),

  of("abs", "size without the sign", (numbers, out, a) => numbers.absolute(out, a)),
  of("floor", "largest whole number that is not above x", (numbers, out, a) => numbers.floor(out, a)),
  of("min", "min(x, y): the smaller", (numbers, out, a, b) => numbers.minimum(out, a, b), 2),
  of("max", "max(x, y): the larger", (numbers, out, a, b) => numbers.maximum(out, a, b), 2),

  of("erf", "error function", errorFunction),
  of("erfc", "1 - erf(x), accurate where that is small", complementaryErrorFunction),
  of("normalcdf", "part of the standard normal distribution below x", normalDistribution),

  of("gamma", "gamma function; undefined at 0, -1, -2 …", gamma),
  of("lgamma", "logarithm of the size of the gamma function", logarithmOfGamma),

  of("airy", "Airy function Ai, on [-50, 50]", airyFunction),
  of("airyai", "Airy function Ai, on [-50, 50]", airyFunction),
  of("airybi", "Airy function Bi, on [-50, 50]", airyFunctionOfSecondKind),

  of("besselj0", "Bessel function J0, on [-50, 50]", besselJ0),
  of("besselj1", "Bessel function J1, on [-50, 50]", besselJ1),
  of("besseli0", "modified Bessel function I0, on [-50, 50]", besselI0),
  of("besseli1", "modified Bessel function I1, on [-50, 50]", besselI1),
];

/** Names of the functions that formulas may call, each with a line of documentation. */
export const formulaFunctions: readonly { readonly name: string; readonly documentation: string }[] =
  formulaFunctionTable.map(({ name, documentation }) => ({ name, documentation }));
