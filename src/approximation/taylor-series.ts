import { reducedSeries } from "./chebyshev-interpolation.ts";
import { type Pair, zero } from "./pair.ts";
import { powersOfSeries } from "./polynomial.ts";
import type { Target } from "./target.ts";

/** The series has converged where its last terms are below this part of the largest. */
const CONVERGED = 1e-25;
const LAST_TERMS = 3;
/** Terms below this part of the largest are rounding. */
const NOISE = 1e-31;
const MAXIMUM_HALVINGS = 8;

/**
 * Taylor coefficients of a target about a centre: f = Σ aₖ ((x − centre) / radius)ᵏ. They are those of its interpolant at
 * Chebyshev points about the centre, as far around as that converges.
 * @returns null where it converges nowhere, as about a point where the target has no derivatives
 */
export function taylorSeries(target: Target, centre: number, radius: number, count: number): Pair[] | null {
  for (let halving = 0; halving <= MAXIMUM_HALVINGS; halving++) {
    const series = reducedSeries(target, { kind: "none" }, centre, radius * 2 ** -halving);
    if (series === null) continue;
    const sizes = series.map(({ high }) => Math.abs(high));
    const largest = sizes.reduce((a, b) => Math.max(a, b), 0);
    if (sizes.slice(-LAST_TERMS).some((size) => size > CONVERGED * largest)) continue;
    const length = sizes.findLastIndex((size) => size > NOISE * largest) + 1;
    const powers = powersOfSeries(series.slice(0, length));
    return Array.from({ length: count }, (_, k) => {
      const { high, low } = powers[k] ?? zero;
      // Powers of two: exact.
      const scale = 2 ** (halving * k);
      return { high: high * scale, low: low * scale };
    });
  }
  return null;
}
