import type { DoubleDoubleColumn } from "../../dsl/index.ts";
import type { ComparedPoints } from "./measured-error.ts";
import { columnOf, difference, type Pair, pair, pairAt, product, quotient, squareRoot } from "./pair.ts";

/**
 * How a target f is put together from a simpler function g: f(x) = factor(x) · g(v(x)).
 * - `none`: v = x, no factor
 * - `even`: v = x², no factor
 * - `odd`: v = x², the factor is x
 * - `root`: v = x − at, and so is the factor: f is 0 at `at`, also where it is approximated
 */
export type Reduction =
  | { readonly kind: "none" | "even" | "odd" }
  | { readonly kind: "root"; readonly at: number };

/** Samples of a function of t = (v − centre) / radius. */
export interface ReducedSamples {
  /** Where the functions below are known: in [−1, 1], ascending. */
  readonly points: DoubleDoubleColumn;
  readonly values: DoubleDoubleColumn;
  /** What an error of 1 is worth at each point; positive. */
  readonly units: Float64Array;
  readonly centre: number;
  readonly radius: number;
}

export function variableAt(reduction: Reduction, x: number): Pair {
  if (reduction.kind === "none") return pair(x);
  return reduction.kind === "root" ? difference(pair(x), pair(reduction.at)) : product(pair(x), pair(x));
}

export function factorAt(reduction: Reduction, x: number): Pair {
  if (reduction.kind === "odd") return pair(x);
  return reduction.kind === "root" ? difference(pair(x), pair(reduction.at)) : pair(1);
}

/** The x that has a given v; for squares the one of the sign. */
export function pointAt(reduction: Reduction, v: number, sign: number): number {
  if (reduction.kind === "none") return v;
  return reduction.kind === "root" ? v + reduction.at : sign * Math.sqrt(Math.max(0, v));
}

/**
 * The function g of a reduction at the points of a target.
 * @param squarings how often g is to be squared: its root of that order is sampled, so that an error of 1 of the target is one of the root
 * @returns null where it has too few points, or values without such a root
 */
export function reducedSamples(
  { points, values, units }: ComparedPoints,
  reduction: Reduction,
  squarings: number,
): ReducedSamples | null {
  const samples: { readonly v: Pair; readonly value: Pair; readonly unit: number }[] = [];
  for (const [i, x] of points.entries()) {
    const factor = factorAt(reduction, x);
    if (factor.high === 0) continue;
    const whole = quotient(pairAt(values, i), factor);
    if (squarings > 0 && !(whole.high > 0)) return null;
    let value = whole;
    for (let k = 0; k < squarings; k++) value = squareRoot(value);
    // d (value^(2^k)) = 2^k · whole / value · d value
    const slope = (2 ** squarings * whole.high) / value.high;
    const unit = (units[i] as number) / Math.abs(factor.high) / (squarings === 0 ? 1 : slope);
    samples.push({ v: variableAt(reduction, x), value, unit });
  }
  samples.sort((a, b) => a.v.high - b.v.high || a.v.low - b.v.low);
  const distinct = samples.filter(
    ({ v }, i) => i === 0 || difference(v, (samples[i - 1] as { v: Pair }).v).high > 0,
  );
  if (
    distinct.length < MINIMUM_POINTS ||
    distinct.some(({ unit }) => !(unit > 0 && unit < Number.POSITIVE_INFINITY))
  )
    return null;
  const least = (distinct[0] as { v: Pair }).v.high;
  const most = (distinct.at(-1) as { v: Pair }).v.high;
  const centre = least / 2 + most / 2;
  const radius = most / 2 - least / 2;
  return {
    points: columnOf(distinct.map(({ v }) => quotient(difference(v, pair(centre)), pair(radius)))),
    values: columnOf(distinct.map(({ value }) => value)),
    units: Float64Array.from(distinct, ({ unit }) => unit),
    centre,
    radius,
  };
}

const MINIMUM_POINTS = 100;
