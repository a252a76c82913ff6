import type { Target } from "./target.ts";

/** Halvings of an interval between points until its ends are neighbours among doubles. */
const STEPS = 200;
/** A change of sign whose sides come nearer to 0 than this part of what they were is a zero, no jump. */
const NEARER = 0.1;
/** How near to the least value of a stretch it is looked at again, as a part of the stretch. */
const BESIDE = 1 / (1 << 30);

/**
 * Where a function is 0 between or at points, ascending: where its sign changes, found by bisection, and where its size falls to nothing
 * and rises again. A zero that is too narrow for the points to show is not found.
 * @param points ascending
 * @param values of the target there, all finite
 */
export function* zerosOf(target: Target, points: Float64Array, values: Float64Array): Generator<number> {
  const at = (x: number): number => target.evaluate(Float64Array.of(x)).high[0] as number;
  for (let i = 0; i < points.length; i++) {
    const value = values[i] as number;
    if (value === 0) {
      yield points[i] as number;
      continue;
    }
    const before = values[i - 1];
    if (before === undefined || before === 0) continue;
    const left = points[i - 1] as number;
    const after = values[i + 1];
    if (before > 0 !== value > 0) {
      const zero = crossing(at, left, points[i] as number, before, value);
      if (zero !== null) yield zero;
    } else if (
      after !== undefined &&
      after > 0 === value > 0 &&
      Math.abs(value) <= Math.abs(before) &&
      Math.abs(value) < Math.abs(after)
    ) {
      const zero = touching(at, left, points[i + 1] as number);
      if (zero !== null) yield zero;
    }
  }
}

type Values = (x: number) => number;

/** Null where the function jumps over 0. */
function crossing(at: Values, from: number, to: number, first: number, last: number): number | null {
  let [low, high, below, above] = [from, to, first, last];
  for (let step = 0; step < STEPS; step++) {
    const middle = low / 2 + high / 2;
    if (middle <= low || middle >= high) break;
    const value = at(middle);
    if (value === 0) return middle;
    if (value > 0 === below > 0) [low, below] = [middle, value];
    else [high, above] = [middle, value];
  }
  if (!(Math.min(Math.abs(below), Math.abs(above)) <= NEARER * Math.min(Math.abs(first), Math.abs(last))))
    return null;
  return Math.abs(below) <= Math.abs(above) ? low : high;
}

/** Null where the least size is one. */
function touching(at: Values, from: number, to: number): number | null {
  const size = (x: number): number => Math.abs(at(x));
  let [low, high] = [from, to];
  for (let step = 0; step < STEPS; step++) {
    const left = low + (high - low) / 3;
    const right = high - (high - low) / 3;
    if (!(low < left && left < right && right < high)) break;
    if (size(left) <= size(right)) high = right;
    else low = left;
  }
  const least = [low, low / 2 + high / 2, high].reduce((a, b) => (size(b) < size(a) ? b : a));
  const offset = (to - from) * BESIDE;
  const beside = Math.min(size(least - offset), size(least + offset));
  return size(least) <= NEARER * beside ? least : null;
}
