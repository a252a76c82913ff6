import { normalQuantile } from "./normal-distribution.ts";
import { ranksOf } from "./ranks.ts";
import type { Interval } from "./interval.ts";

const STEPS = 60;

/**
 * Chance that a value of the first sample is above one of the second, ties as halves: A12 (Vargha and Delaney 2000). ½ says no difference; 0.56,
 * 0.64 and 0.71 are called small, medium and large. NaN where a sample is empty.
 */
export function varghaDelaney(first: readonly number[], second: readonly number[]): number {
  const [m, n] = [first.length, second.length];
  const { doubled } = ranksOf([...first, ...second]);
  let sum = 0;
  for (let k = 0; k < m; k++) sum += doubled[k] as number;
  return (sum - m * (m + 1)) / (2 * m * n);
}

/**
 * An interval for A12 of independent samples, by the values for which the observed one is just within reach, with the variance of Hanley and
 * McNeil (1982): method 5 of R. G. Newcombe (2006).
 * @param confidence in (0, 1)
 */
export function varghaDelaneyInterval(
  first: readonly number[],
  second: readonly number[],
  confidence = 0.95,
): Interval {
  const [m, n] = [first.length, second.length];
  if (m === 0 || n === 0) return { low: 0, high: 1 };
  const observed = varghaDelaney(first, second);
  const z = normalQuantile((1 - confidence) / 2);
  const others = (m + n) / 2 - 1;
  const isWithin = (one: number): boolean => {
    const variance = (one * (1 - one) * (1 + others * ((1 - one) / (2 - one) + one / (1 + one)))) / (m * n);
    return (one - observed) * (one - observed) <= z * z * variance;
  };
  const end = (far: number): number => {
    let [outside, inside] = [far, observed];
    for (let k = 0; k < STEPS; k++) {
      const middle = (outside + inside) / 2;
      if (isWithin(middle)) inside = middle;
      else outside = middle;
    }
    return inside;
  };
  return { low: end(0), high: end(1) };
}
