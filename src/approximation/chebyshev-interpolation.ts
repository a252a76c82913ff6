import { kernels } from "../../dsl/index.ts";
import { interpolatingSeries } from "./chebyshev-series.ts";
import { difference, type Pair, pair, pairAt, quotient } from "./pair.ts";
import { factorAt, pointAt, type Reduction, variableAt } from "./reduction.ts";
import type { Target } from "./target.ts";

const TERMS = 40;

/**
 * A function g of a reduction of the target as the Chebyshev series in t = (v − centre) / radius that takes its values at the zeros of
 * T₄₀ (P. L. Chebyshev, 1854), or rather at the doubles next to them. Cut off, it is nearly the best polynomial.
 * @returns null where the target has no value at one of them
 */
export function reducedSeries(
  target: Target,
  reduction: Reduction,
  centre: number,
  radius: number,
): Pair[] | null {
  const sign = target.from + target.to < 0 ? -1 : 1;
  const x = Float64Array.from({ length: TERMS }, (_, i) =>
    pointAt(reduction, centre - radius * kernels.cos((Math.PI * (2 * i + 1)) / (2 * TERMS)), sign),
  );
  const values = target.evaluate(x);
  if (!values.high.every(Number.isFinite)) return null;
  return interpolatingSeries(
    Array.from(x, (point) => quotient(difference(variableAt(reduction, point), pair(centre)), pair(radius))),
    Array.from(x, (point, i) => quotient(pairAt(values, i), factorAt(reduction, point))),
  );
}
