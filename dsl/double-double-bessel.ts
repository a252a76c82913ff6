import type { DoubleDoubles } from "./double-double.ts";
import { fixedProduct, fixedSeries } from "./fixed-point.ts";
import { TaylorTable } from "./taylor-table.ts";

// Bessel functions of orders 0 and 1 on [−50, 50]: the solutions of x y″ + y′ ± x y = 0 that are 1 at 0, and their derivatives.

const LIMIT = 50;
const SPACING = 1 / 4;
const TERMS = 32;
const BITS = 512n;

const one = 1n << BITS;

/** Taylor coefficients around c of the solution of order 0; `sign` is that of the series: −1 for J, 1 for I. */
function expansion(c: bigint, sign: bigint): bigint[] {
  const quarter = fixedProduct(c, c, BITS) / 4n;
  const coefficients = [fixedSeries(one, sign * quarter, (k) => k * k, BITS)];
  coefficients.push(fixedSeries((sign * c) / 2n, sign * quarter, (k) => k * (k + 1n), BITS));
  if (c === 0n) {
    for (let n = 2n; coefficients.length < TERMS; n++)
      coefficients.push((sign * (coefficients[Number(n) - 2] as bigint)) / (n * n));
    return coefficients;
  }
  for (let n = 0; coefficients.length < TERMS; n++) {
    const forward = BigInt((n + 1) * (n + 1)) * (coefficients[n + 1] as bigint);
    const back = fixedProduct(c, coefficients[n] as bigint, BITS) + (coefficients[n - 1] ?? 0n);
    coefficients.push(((sign * back - forward) << BITS) / (c * BigInt((n + 1) * (n + 2))));
  }
  return coefficients;
}

const tableOf = (coefficients: (centre: bigint) => bigint[]): TaylorTable =>
  new TaylorTable({ spacing: SPACING, limit: LIMIT, bits: Number(BITS), coefficients });

const derivative = (coefficients: readonly bigint[]): bigint[] =>
  coefficients.slice(1).map((coefficient, n) => BigInt(n + 1) * coefficient);

const j0 = tableOf((c) => expansion(c, -1n));
const j1 = tableOf((c) => derivative(expansion(c, -1n)).map((coefficient) => -coefficient));
const i0 = tableOf((c) => expansion(c, 1n));
const i1 = tableOf((c) => derivative(expansion(c, 1n)));

type Operation = (numbers: DoubleDoubles, out: number, a: number) => void;

/** J0(a) for |a| ≤ 50, NaN beyond; so with the others. */
export const besselJ0: Operation = (numbers, out, a) => j0.evaluate(numbers, out, a);
export const besselJ1: Operation = (numbers, out, a) => j1.evaluate(numbers, out, a);
export const besselI0: Operation = (numbers, out, a) => i0.evaluate(numbers, out, a);
export const besselI1: Operation = (numbers, out, a) => i1.evaluate(numbers, out, a);
