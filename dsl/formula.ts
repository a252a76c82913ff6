import type { DoubleDoubleColumn } from "./double-double-machine.ts";
import { type FormulaCode, FormulaReader } from "./formula-reader.ts";
import { excerpt, InputError } from "./input-error.ts";

/** Characters of a formula. */
const MAXIMUM_LENGTH = 1000;

/** A formula of one real argument. */
export interface Formula {
  readonly text: string;
  /** Name of its argument: "x" where the formula names none. */
  readonly argument: string;
  /**
   * The formula at doubles: high + low for each. Operations and elementary functions err by about 1e−30 of their values, others
   * by at most 1e−28 (`formulaFunctionTable`); numbers below 1e−290, also on the way, lose digits as doubles do. NaN or an
   * infinity where the formula is not defined or a function not known to be accurate; low is 0 there. Never throws.
   */
  evaluate(x: Float64Array): DoubleDoubleColumn;
}

/**
 * Reads a formula such as 2^x or erf(x/2) + 0.1: numbers (which mean the decimal that is written, to 1e−32), pi and e,
 * one argument of any other name, + − * / ^ (or twice *), parentheses and the functions of `formulaFunctions`. A power binds
 * tighter than a sign before it and is taken from the right: −x^2 is −(x^2), 2^3^2 is 2^9. Products are written with *.
 *
 * @throws InputError with the first thing that is wrong and its column
 */
export function readFormula(text: string): Formula {
  if (text.length > MAXIMUM_LENGTH)
    throw new InputError(
      `formula must be at most ${MAXIMUM_LENGTH} characters long; got ${text.length}. Shorten it.`,
    );
  if (text.trim() === "")
    throw new InputError(
      `formula must be an expression such as 2^x or sin(x)/x; got ${JSON.stringify(excerpt(text))}. Write one.`,
    );
  const code = new FormulaReader(text).read();
  return { text, argument: code.argument ?? "x", evaluate: (x) => evaluated(code, x) };
}

function evaluated(
  { numbers, instructions, argumentAddress, result }: FormulaCode,
  x: Float64Array,
): DoubleDoubleColumn {
  const high = new Float64Array(x.length);
  const low = new Float64Array(x.length);
  const v = numbers.values;
  for (let i = 0; i < x.length; i++) {
    numbers.set(argumentAddress, x[i] as number);
    for (const { apply, out, a, b } of instructions) apply(numbers, out, a, b);
    const value = v[result] as number;
    high[i] = value;
    low[i] = value - value === 0 ? (v[result + 1] as number) : 0;
  }
  return { high, low };
}
