import { solveLinear } from "./linear-system.ts";
import { negated, one, type Pair, product, sum, zero } from "./pair.ts";
import type { Coefficients } from "./polynomial.ts";

/**
 * The quotient of polynomials of degrees m and n whose Taylor series agrees with a given one as far as it can (H. Padé, 1892).
 * @param series at least m + n + 1 coefficients
 * @returns null where there is no single one
 */
export function padeApproximant(
  series: Coefficients,
  m: number,
  n: number,
): { readonly numerator: Pair[]; readonly denominator: Pair[] } | null {
  const at = (k: number): Pair => series[k] ?? zero;
  const rows = Array.from({ length: n }, (_, i) => [
    ...Array.from({ length: n }, (__, j) => at(m + i - j)),
    negated(at(m + i + 1)),
  ]);
  const solution = solveLinear(rows);
  if (solution === null) return null;
  const denominator = [one, ...solution];
  const numerator = Array.from({ length: m + 1 }, (_, i) =>
    denominator.slice(0, i + 1).reduce((total, q, j) => sum(total, product(q, at(i - j))), zero),
  );
  return { numerator, denominator };
}
