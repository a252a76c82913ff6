import { kernels } from "../../dsl/index.ts";

/** A value of a parameter. */
export type ParameterValue = string | number | boolean;

/** Numbers between two ends that both belong to it; on a log scale, which needs ends above 0, ratios count and not differences. */
export interface NumberRange {
  readonly kind: "real" | "integer";
  readonly from: number;
  readonly to: number;
  readonly scale: "linear" | "log";
}

/** Values without an order. */
export interface CategoricalRange {
  readonly kind: "categorical";
  readonly values: readonly ParameterValue[];
}

export type ParameterRange = NumberRange | CategoricalRange;

/**
 * The value at a place within a range.
 * @param unit in [0, 1); equal parts of it are equal parts of the range, on a log scale of its logarithm
 */
export function valueAt(range: ParameterRange, unit: number): ParameterValue {
  if (range.kind === "categorical") {
    const { values } = range;
    return values[Math.min(values.length - 1, Math.floor(unit * values.length))] as ParameterValue;
  }
  const { from, to } = range;
  const [low, high] = ends(range);
  const place = low + unit * (high - low);
  const value = range.scale === "log" ? kernels.exp(place) : place;
  return Math.max(from, Math.min(to, range.kind === "integer" ? Math.floor(value) : value));
}

/** The place of a value within a range, in [0, 1]: `valueAt` finds it back. Integers and categories are at the middle of their parts. */
export function unitOf(range: ParameterRange, value: ParameterValue): number {
  if (range.kind === "categorical") return (range.values.indexOf(value) + 0.5) / range.values.length;
  const [low, high] = ends(range);
  const middle = (value as number) + (range.kind === "integer" ? 0.5 : 0);
  return ((range.scale === "log" ? kernels.log(middle) : middle) - low) / (high - low);
}

/** The ends of a range on its scale; every integer is as wide as 1. */
function ends({ kind, from, to, scale }: NumberRange): [number, number] {
  const end = kind === "integer" ? to + 1 : to;
  return scale === "log" ? [kernels.log(from), kernels.log(end)] : [from, end];
}
