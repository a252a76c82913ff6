import { RandomStream } from "../random-stream.ts";
import type { Interval } from "./interval.ts";
import { compared } from "./ranks.ts";

const RESAMPLES = 1000;

/**
 * Intervals for a statistic of several series at once, by drawing the members anew with putting back (percentile bootstrap: B. Efron 1979).
 * @param count members that are drawn from, at least 1
 * @param statistic of the members drawn, by their places: a number for each series
 */
export function bootstrapIntervals(
  count: number,
  statistic: (members: Int32Array) => readonly number[],
  key: Int32Array,
  confidence = 0.95,
): Interval[] {
  const random = new RandomStream();
  const members = new Int32Array(count);
  const drawn: number[][] = [];
  for (let resample = 0; resample < RESAMPLES; resample++) {
    random.derive(key, 0, 0, resample);
    for (let k = 0; k < count; k++) members[k] = random.below(count);
    statistic(members).forEach((value, series) => (drawn[series] ??= []).push(value));
  }
  const outside = Math.floor(((1 - confidence) / 2) * RESAMPLES);
  return drawn.map((values) => {
    values.sort(compared);
    return { low: values[outside] as number, high: values[RESAMPLES - 1 - outside] as number };
  });
}
