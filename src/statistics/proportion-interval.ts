import type { Interval } from "./interval.ts";
import { normalQuantile } from "./normal-distribution.ts";

/**
 * An interval for a rate (E. B. Wilson 1927).
 * @param trials at least 1; the whole range without any
 */
export function wilsonInterval(successes: number, trials: number, confidence = 0.95): Interval {
  if (trials === 0) return { low: 0, high: 1 };
  const z = normalQuantile((1 - confidence) / 2);
  const z2 = z * z;
  const rate = successes / trials;
  const middle = (rate + z2 / (2 * trials)) / (1 + z2 / trials);
  const half = (z / (1 + z2 / trials)) * Math.sqrt((rate * (1 - rate)) / trials + z2 / (4 * trials * trials));
  return {
    low: successes === 0 ? 0 : Math.max(0, middle - half),
    high: successes === trials ? 1 : Math.min(1, middle + half),
  };
}
