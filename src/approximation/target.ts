import type { DoubleDoubleColumn } from "../../dsl/index.ts";

export type ErrorKind = "relative" | "absolute";

/** A function of one real to approximate on an interval. */
export interface Target {
  readonly from: number;
  /** Greater than `from`. */
  readonly to: number;
  /** Its values at doubles, high + low, in a column that belongs to the caller; NaN or an infinity where it has none. */
  evaluate(x: Float64Array): DoubleDoubleColumn;
  /** `ulp`: in units in the last place of the number of the target's precision that is nearest to the target. */
  readonly error: ErrorKind | "ulp";
  /** Of `ulp` errors: doubles or singles. `f64` unless told. */
  readonly precision?: "f64" | "f32";
}

const view = new DataView(new ArrayBuffer(8));

/** What the unit in the last place of a finite double is worth: the step to the next number of its size. */
export function unitInLastPlace(value: number, precision: "f64" | "f32"): number {
  const digits = precision === "f64" ? 52 : 23;
  const [least, most] = precision === "f64" ? [-1022, 1023] : [-126, 127];
  view.setFloat64(0, precision === "f64" ? value : Math.fround(value));
  const exponent = ((view.getUint16(0) >> 4) & 0x7ff) - 1023;
  return 2 ** (Math.min(Math.max(exponent, least), most) - digits);
}

/**
 * The size of an error of 1 where the target has a value: an error is |program − target| divided by it. NaN where there is
 * nothing to compare: at values that are not finite and, except for absolute errors, at zeros.
 */
export function errorUnit(target: Pick<Target, "error" | "precision">, value: number): number {
  if (!Number.isFinite(value)) return Number.NaN;
  if (target.error === "absolute") return 1;
  if (value === 0) return Number.NaN;
  return target.error === "relative" ? Math.abs(value) : unitInLastPlace(value, target.precision ?? "f64");
}
