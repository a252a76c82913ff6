import type { Interval } from "./interval.ts";
import { compared } from "./ranks.ts";

/** The value in the middle, or the mean of the two there; NaN of none. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted(compared);
  const half = sorted.length >> 1;
  if (sorted.length % 2 === 1) return sorted[half] as number;
  const [low = Number.NaN, high = Number.NaN] = sorted.slice(half - 1, half + 1);
  return low === high ? low : (low + high) / 2;
}

/** Values from which on the chances of a coin are reckoned from the middle, where they are not too small for doubles. */
const MOST_TOSSES = 1000;

/**
 * An interval for the median of whatever the values are drawn from, between two of them (the sign test's: W. R. Thompson 1936): the narrowest that
 * is as far from both ends and holds it with the confidence at least. Null where even the smallest and the largest value do not: below
 * six values at 95 %.
 * @param values at most 1000
 */
export function medianInterval(values: readonly number[], confidence = 0.95): Interval | null {
  const sorted = values.toSorted(compared);
  const count = Math.min(sorted.length, MOST_TOSSES);
  let chance = 2 ** -count;
  let outside = chance;
  // How many may be left out on each side.
  let left = 0;
  while (left < count && 2 * outside <= 1 - confidence) {
    left++;
    chance *= (count - left + 1) / left;
    outside += chance;
  }
  if (left === 0) return null;
  return { low: sorted[left - 1] as number, high: sorted[sorted.length - left] as number };
}
