import { continuedFraction, stretchedLevels } from "./continued-fraction.ts";
import { difference, one, type Pair, pair, product, quotient, zero } from "./pair.ts";
import { type Coefficients, multiplied, stretched } from "./polynomial.ts";
import type { Reduction } from "./reduction.ts";

/** A quotient of polynomials in t = (v − centre) / radius. */
export interface RationalFunction {
  readonly numerator: Coefficients;
  readonly denominator: Coefficients;
  readonly centre: number;
  readonly radius: number;
}

/** Text of a term of the arithmetic language, or a constant. */
type Term = string | number;
/** A term in the variable of that name; null where a constant is no finite double. */
export type Formula = (variable: string) => Term | null;

// Operations, without those that change nothing.

function add(a: Term, b: Term): Term {
  if (a === 0) return b;
  if (b === 0) return a;
  if (typeof b === "number" && b < 0) return `(- ${a} ${-b})`;
  if (typeof a === "number" && a < 0) return `(- ${b} ${-a})`;
  return `(+ ${a} ${b})`;
}

function multiply(a: Term, b: Term): Term {
  if (a === 0 || b === 0) return 0;
  if (a === 1) return b;
  return b === 1 ? a : `(* ${a} ${b})`;
}

/** W. G. Horner's scheme (1819): c₀ + v (c₁ + v (c₂ + …)). */
const horner = (coefficients: Coefficients, v: string): Term =>
  coefficients.reduceRight<Term>((inner, { high }) => add(high, multiply(v, inner)), 0);

/** This part of the largest coefficient matters less than the rounding of that one. */
export const NEGLIGIBLE: number = 2 ** -56;

/** A polynomial without the terms that are negligible at v of a size. */
function withoutNoise(p: Coefficients, size: number): Pair[] {
  const sizes: number[] = [];
  let power = 1;
  for (const { high } of p) {
    sizes.push(Math.abs(high) * power);
    power *= size;
  }
  const largest = sizes.reduce((a, b) => Math.max(a, b), 0);
  return p.map((c, k) => ((sizes[k] as number) <= NEGLIGIBLE * largest ? zero : c));
}

const areFinite = (...coefficients: Coefficients[]): boolean =>
  coefficients.every((list) => list.every(({ high }) => Number.isFinite(high)));

/**
 * Both polynomials by Horner's scheme, the denominator's first coefficient being one. Terms that are negligible on the interval are left
 * out before that: divided by a first coefficient that is nothing but rounding, all constants would come out at 1e30.
 * @param shift what has been subtracted from v in the variable
 * @returns null where no denominator is left: the polynomial stands for itself
 */
export function quotientFormula(rational: RationalFunction, shift: number): Formula | null {
  const centre = difference(pair(rational.centre), pair(shift));
  const radius = pair(rational.radius);
  const size = Math.abs(centre.high) + rational.radius;
  const denominator = withoutNoise(stretched(rational.denominator, centre, radius), size);
  while (denominator.length > 1 && denominator.at(-1)?.high === 0) denominator.pop();
  if (denominator.length === 1 && rational.denominator.length > 1) return null;
  const scale = quotient(one, denominator.at(-1) as Pair);
  const p = withoutNoise(multiplied(stretched(rational.numerator, centre, radius), scale), size);
  const q = multiplied(denominator, scale);
  return (v) => {
    if (!areFinite(p, q)) return null;
    return q.length === 1 ? horner(p, v) : `(/ ${horner(p, v)} ${horner(q, v)})`;
  };
}

/**
 * The quotient as a continued fraction; where the denominator's degree is larger, as a constant divided by that of its inverse.
 * @param shift what has been subtracted from v in the variable
 * @param negligible this part of the radius, and less, is not added to the variable: symmetry makes such constants 0, and rounding
 *   makes them something else
 * @returns null where it has no such form
 */
export function fractionFormula(
  rational: RationalFunction,
  shift: number,
  negligible: number,
): Formula | null {
  const { numerator, denominator } = rational;
  const centre = difference(pair(rational.centre), pair(shift));
  const radius = pair(rational.radius);
  const isInverse = denominator.length > numerator.length;
  const fraction = isInverse
    ? continuedFraction(denominator, numerator)
    : continuedFraction(numerator, denominator);
  if (fraction === null) return null;
  const size = Math.abs(centre.high) + rational.radius;
  let whole = withoutNoise(stretched(fraction.whole, centre, radius), size);
  let levels = stretchedLevels(fraction.levels, centre, radius).map(({ a, b }) => ({
    a,
    b: Math.abs(b.high) <= negligible * rational.radius ? zero : b,
  }));
  let top: Pair | null = null;
  if (isInverse) {
    // The whole part gets 1 for its first coefficient, which spares its multiplication.
    const scale = quotient(one, whole.at(-1) as Pair);
    top = scale;
    whole = multiplied(whole, scale);
    levels = levels.map(({ a, b }, k) => ({ a: k === 0 ? product(a, scale) : a, b }));
  }
  const constants = [whole, levels.flatMap(({ a, b }) => [a, b]), top === null ? [] : [top]];
  return (v) => {
    if (!areFinite(...constants)) return null;
    let rest: { readonly over: number; readonly under: Term } | null = null;
    for (const { a, b } of levels.toReversed())
      rest = { over: a.high, under: addQuotient(add(v, b.high), rest) };
    const sum = addQuotient(horner(whole, v), rest);
    return top === null ? sum : `(/ ${top.high} ${sum})`;
  };
}

/** A term plus a constant divided by a term, if there is one. */
function addQuotient(term: Term, rest: { readonly over: number; readonly under: Term } | null): Term {
  if (rest === null || rest.over === 0) return term;
  const { over, under } = rest;
  if (term === 0) return `(/ ${over} ${under})`;
  return over < 0 ? `(- ${term} (/ ${-over} ${under}))` : `(+ ${term} (/ ${over} ${under}))`;
}

/**
 * The text of a program that works out a target from its reduced function.
 * @param squarings how often the function is squared
 * @param shift what is subtracted from the reduction's variable first
 */
export function programText(
  reduction: Reduction,
  squarings: number,
  shift: number,
  formula: Formula,
): string | null {
  const definitions: string[] = [];
  const share = (name: string, term: Term): string => {
    definitions.push(`(${name} ${term})`);
    return name;
  };
  let variable = "x";
  if (reduction.kind === "odd" || reduction.kind === "even") variable = share("square", "(* x x)");
  else if (reduction.kind === "root" && reduction.at !== 0) variable = share("rest", add("x", -reduction.at));
  const factor = reduction.kind === "odd" ? "x" : reduction.kind === "root" ? variable : 1;
  const body = formula(shift === 0 ? variable : share("moved", add(variable, -shift)));
  if (body === null) return null;
  let term = multiply(factor, body);
  for (let k = 0; k < squarings; k++) {
    const root = share(`root${k}`, term);
    term = `(* ${root} ${root})`;
  }
  return definitions.length === 0 ? String(term) : `(let (${definitions.join(" ")}) ${term})`;
}
