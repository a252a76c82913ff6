import { difference, negated, one, type Pair, pair, product, quotient, sum, zero } from "./pair.ts";

/** Coefficients, the constant one first; or those of a series in Chebyshev polynomials, that of T₀ first. */
export type Coefficients = readonly Pair[];

/** A polynomial as powers, from its Chebyshev series: T_(k+1) = 2 t T_k − T_(k−1). */
export function powersOfSeries(series: Coefficients): Pair[] {
  let before: Pair[] = [one];
  let current: Pair[] = [zero, one];
  const powers = series.map(() => zero);
  for (const [k, coefficient] of series.entries()) {
    const basis = k === 0 ? before : current;
    for (const [i, b] of basis.entries()) powers[i] = sum(powers[i] as Pair, product(coefficient, b));
    if (k === 0) continue;
    const next = [zero, ...current.map((b) => product(pair(2), b))];
    for (const [i, b] of before.entries()) next[i] = difference(next[i] as Pair, b);
    before = current;
    current = next;
  }
  return powers;
}

/** p((v − centre) / radius) as a polynomial in v. */
export function stretched(p: Coefficients, centre: Pair, radius: Pair): Pair[] {
  const powers = [...p];
  // Horner's scheme for a shift (a synthetic division by each power), after the scale.
  let scale = one;
  for (let i = 1; i < powers.length; i++) {
    scale = quotient(scale, radius);
    powers[i] = product(powers[i] as Pair, scale);
  }
  const shift = negated(centre);
  for (let i = 0; i < powers.length - 1; i++)
    for (let k = powers.length - 2; k >= i; k--)
      powers[k] = sum(powers[k] as Pair, product(shift, powers[k + 1] as Pair));
  return powers;
}

export const multiplied = (p: Coefficients, factor: Pair): Pair[] => p.map((c) => product(c, factor));

/** Quotient and remainder; the remainder has a coefficient less than the divisor. */
export function divided(p: Coefficients, divisor: Coefficients): { quotient: Pair[]; remainder: Pair[] } {
  const remainder = [...p];
  const whole: Pair[] = [];
  const lead = divisor.at(-1) as Pair;
  for (let at = p.length - divisor.length; at >= 0; at--) {
    const factor = quotient(remainder.pop() as Pair, lead);
    whole[at] = factor;
    for (let k = 0; k < divisor.length - 1; k++)
      remainder[at + k] = difference(remainder[at + k] as Pair, product(factor, divisor[k] as Pair));
  }
  return { quotient: whole, remainder };
}

/** Whether a polynomial has one sign at points, in doubles. */
export function keepsSign(p: Coefficients, points: Float64Array): boolean {
  let signs = 0;
  for (const t of points) {
    const value = p.reduceRight((inner, { high }) => high + t * inner, 0);
    signs |= value > 0 ? 1 : value < 0 ? 2 : 3;
  }
  return signs !== 3;
}
