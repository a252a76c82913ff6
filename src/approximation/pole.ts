import type { Target } from "./target.ts";

const STEPS = 60;
/** How far a function may rise between two points above what it is at them. */
const RISE = 1e6;

/**
 * Where a function grows without bound between points at which it is finite: after a change of sign that is no zero, or on a peak that
 * has no top. A pole that is too narrow for the points is not found.
 * @param points ascending
 * @param values of the target there, all finite
 * @returns null where there is none
 */
export function poleOf(target: Target, points: Float64Array, values: Float64Array): number | null {
  const size = (x: number): number => {
    const value = Math.abs(target.evaluate(Float64Array.of(x)).high[0] as number);
    return value === value ? value : Number.POSITIVE_INFINITY;
  };
  for (let i = 1; i < points.length; i++) {
    const [a, b] = [values[i - 1] as number, values[i] as number];
    const before = Math.abs(values[i - 2] ?? a);
    const after = Math.abs(values[i + 1] ?? b);
    const isPeak = Math.abs(a) >= before && Math.abs(b) >= after;
    const isJump = a > 0 !== b > 0 && Math.abs(a) > before && Math.abs(b) > after;
    if (!isPeak && !isJump) continue;
    // Towards the larger half, again and again: a peak has its top there, a pole has none.
    let [low, high] = [points[i - 1] as number, points[i] as number];
    const bound = RISE * Math.max(Math.abs(a), Math.abs(b), Number.MIN_VALUE);
    for (let step = 0; step < STEPS && low < high; step++) {
      const left = low + (high - low) / 3;
      const right = high - (high - low) / 3;
      const [l, r] = [size(left), size(right)];
      if (l > bound || r > bound) return l > r ? left : right;
      if (l > r) high = right;
      else low = left;
    }
  }
  return null;
}
