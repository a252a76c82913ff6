import type { DoubleDoubleColumn } from "../../dsl/index.ts";
import { pointsOf, targetOf } from "./approximation.ts";
import { type ComparedPoints, comparedPoints } from "./measured-error.ts";
import type { TargetQuestion } from "./question.ts";
import type { Target } from "./target.ts";

/** Points where programs of doubles are measured as they run: rounding is rough, and its largest is found at many only. */
const POINTS_OF_DOUBLES = 200_000;
/** Of singles, which have less digits and so fewer arguments, that part of all; about as many. */
const POINTS_OF_SINGLES = 2_000_000;
/** Nearer to a 0 inside the interval than this part of it, singles are as many as in all the rest, and none of them matters. */
const NEAR_ZERO = 2 ** -30;

/** The points of one question: many programs are measured at them, and they take a while. */
let latest: { readonly question: string; readonly points: ComparedPoints } | null = null;

/** Where programs are measured as they run, with every operation rounded. */
export function pointsAsRun(question: TargetQuestion): ComparedPoints {
  const { target, from, to, error, precision } = question;
  const key = JSON.stringify([target, from, to, error, precision]);
  if (latest?.question !== key) latest = { question: key, points: allPointsAsRun(question) };
  return latest.points;
}

function allPointsAsRun(question: TargetQuestion): ComparedPoints {
  const target = targetOf(question);
  if (question.precision === "f64") return comparedPoints(target, pointsOf(question, POINTS_OF_DOUBLES));
  const points = singlesOf(question, POINTS_OF_SINGLES);
  return comparedPoints({ ...target, evaluate: (x) => interpolated(target, x) }, points);
}

const single = new Float32Array(1);
const bits = new Int32Array(single.buffer);

/** The singles in their order, numbered from 0, which is number 0. */
function orderOf(x: number): number {
  single[0] = x;
  const [word = 0] = bits;
  return word < 0 ? -(word & 0x7fffffff) : word;
}

function singleAt(order: number): number {
  bits[0] = order < 0 ? -order | 0x80000000 : order;
  return single[0] as number;
}

/**
 * Singles of an interval, ascending: all of them, if they are no more than wanted, or else every k-th one and as many again that are
 * spread evenly, since half of all numbers below 1 are very small.
 */
export function singlesOf(
  { from, to, precision }: Pick<TargetQuestion, "from" | "to" | "precision">,
  count: number,
): Float64Array {
  const near = (to - from) * NEAR_ZERO;
  const stretches = [
    [from, Math.min(to, -near)],
    [Math.max(from, near), to],
  ].flatMap(([low = 0, high = 0]) => {
    // Rounded towards the inside.
    const first = orderOf(low) + (Math.fround(low) < low ? 1 : 0);
    const last = orderOf(high) - (Math.fround(high) > high ? 1 : 0);
    return low <= high && first <= last ? [{ first, last }] : [];
  });
  const all = stretches.reduce((sum, { first, last }) => sum + last - first + 1, 0);
  if (all === 0) return pointsOf({ from, to, precision }, count);
  const step = all <= count ? 1 : Math.ceil((2 * all) / count);
  const points = new Float64Array(2 * count + 4);
  let length = from < 0 && to > 0 ? 1 : 0;
  for (const { first, last } of stretches) {
    for (let order = first; order < last; order += step) points[length++] = singleAt(order);
    points[length++] = singleAt(last);
  }
  if (step > 1)
    for (let i = 1; i < count / 2; i++) {
      const x = Math.fround(from + ((to - from) * i) / (count / 2));
      if (Math.abs(x) >= near) points[length++] = x;
    }
  const sorted = points.subarray(0, length).sort();
  let kept = 1;
  for (let i = 1; i < length; i++) if (sorted[i] !== sorted[kept - 1]) sorted[kept++] = sorted[i] as number;
  return sorted.slice(0, kept);
}

/** So many neighbours have their values from a cubic through four of them, held against two more. */
const BLOCK = 64;
const NODES = [0, 16, 47, 63] as const;
const CHECKED = [7, 31] as const;
/** Cubics that are this part of the value off, or less, do for singles, which have 7 digits. */
const TOLERANCE = 1e-12;

/** A target's values at many points in the accuracy of doubles, most of them interpolated; where it is not smooth it is evaluated. */
function interpolated(target: Target, points: Float64Array): DoubleDoubleColumn {
  const high = new Float64Array(points.length);
  const low = new Float64Array(points.length);
  const known = [...NODES, ...CHECKED];
  const blocks = Math.floor(points.length / BLOCK);
  const probes = new Float64Array(blocks * known.length);
  for (let i = 0; i < probes.length; i++)
    probes[i] = points[BLOCK * Math.floor(i / known.length) + (known[i % known.length] as number)] as number;
  const probed = target.evaluate(probes).high;
  const evaluate = (from: number, to: number): void => {
    const values = target.evaluate(points.slice(from, to));
    high.set(values.high, from);
    low.set(values.low, from);
  };
  for (let block = 0; block < blocks; block++) {
    const start = BLOCK * block;
    const [xs, values] = [probes, probed].map((column) =>
      column.subarray(known.length * block, known.length * (block + 1)),
    ) as [Float64Array, Float64Array];
    const cubic = cubicThrough(xs, values);
    const least = values.reduce((size, value) => Math.min(size, Math.abs(value)), Number.POSITIVE_INFINITY);
    const isNear = (value: number, k: number): boolean =>
      value > 0 === (values[0] as number) > 0 &&
      (k < NODES.length || Math.abs(cubicAt(cubic, xs[k] as number) - value) <= TOLERANCE * least);
    if (!values.every(isNear)) evaluate(start, start + BLOCK);
    else for (let i = start; i < start + BLOCK; i++) high[i] = cubicAt(cubic, points[i] as number);
  }
  evaluate(BLOCK * blocks, points.length);
  return { high, low };
}

/** I. Newton's form of a cubic (1687): three points and four divided differences. */
type Cubic = readonly [number, number, number, number, number, number, number];

/** The cubic through the first four points. */
function cubicThrough(xs: Float64Array, values: Float64Array): Cubic {
  const [x0, x1, x2, x3] = xs as unknown as [number, number, number, number];
  const [y0, y1, y2, y3] = values as unknown as [number, number, number, number];
  const d01 = (y1 - y0) / (x1 - x0);
  const d12 = (y2 - y1) / (x2 - x1);
  const d23 = (y3 - y2) / (x3 - x2);
  const d012 = (d12 - d01) / (x2 - x0);
  const d123 = (d23 - d12) / (x3 - x1);
  return [x0, x1, x2, y0, d01, d012, (d123 - d012) / (x3 - x0)];
}

const cubicAt = (cubic: Cubic, x: number): number =>
  cubic[3] + (x - cubic[0]) * (cubic[4] + (x - cubic[1]) * (cubic[5] + (x - cubic[2]) * cubic[6]));
