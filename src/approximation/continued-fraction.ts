import { negated, type Pair, product, quotient, sum } from "./pair.ts";
import { type Coefficients, divided } from "./polynomial.ts";

/**
 * whole(t) + a₁ / (t + b₁ + a₂ / (t + b₂ + …)), a J-fraction (T. J. Stieltjes, 1894). Each level makes numerator and denominator one
 * degree larger for two additions and a division.
 */
export interface ContinuedFraction {
  readonly whole: Coefficients;
  readonly levels: readonly { readonly a: Pair; readonly b: Pair }[];
}

/** A remainder whose first coefficient is below this part of its largest one has, but for rounding, a lower degree. */
const NEGLIGIBLE = 1e-20;

/**
 * A quotient of polynomials, the denominator's degree no larger, as a continued fraction, by Euclid's algorithm.
 * @returns null where a remainder's degree drops by more than one: then there is no such form
 */
export function continuedFraction(
  numerator: Coefficients,
  denominator: Coefficients,
): ContinuedFraction | null {
  const lead = denominator.at(-1) as Pair;
  let divisor = denominator.map((c) => quotient(c, lead));
  const first = divided(
    numerator.map((c) => quotient(c, lead)),
    divisor,
  );
  let remainder = first.remainder;
  const levels: { a: Pair; b: Pair }[] = [];
  while (remainder.length > 0) {
    const a = remainder.at(-1) as Pair;
    const largest = remainder.reduce((size, { high }) => Math.max(size, Math.abs(high)), 0);
    if (!(Math.abs(a.high) > NEGLIGIBLE * largest)) return null;
    const monic = remainder.map((c) => quotient(c, a));
    const next = divided(divisor, monic);
    levels.push({ a, b: next.quotient[0] as Pair });
    divisor = monic;
    remainder = next.remainder;
  }
  return { whole: first.quotient, levels };
}

/** The levels of a fraction in t as those of one in v, where t = (v − centre) / radius. */
export const stretchedLevels = (
  levels: ContinuedFraction["levels"],
  centre: Pair,
  radius: Pair,
): ContinuedFraction["levels"] =>
  levels.map(({ a, b }, k) => ({
    a: product(a, k === 0 ? radius : product(radius, radius)),
    b: sum(product(b, radius), negated(centre)),
  }));
