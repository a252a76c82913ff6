import { kernels } from "./kernels.ts";
import type { Value } from "./value.ts";

/**
 * How far a number is from what was expected of it, on one case: at least 0, or NaN. For classes the expected number is
 * the label, −1 or 1; an output above 0 says 1.
 *
 * - absolute: |difference|; relative: divided by the expected size, where that is not 0, or by a given scale
 * - log-cosh: log cosh difference. Huber (1964): half the square up to a difference of 1, then |difference| − 1/2
 * - class: 1 where the output says the other class; balanced class: the number of cases that are not of its class
 * - logistic: log(1 + exp(−label · output)); hinge: max(0, 1 − label · output)
 */
export type NumberError =
  | "absolute"
  | "relative"
  | "log-cosh"
  | "Huber"
  | "class"
  | "balanced class"
  | "logistic"
  | "hinge";

/** How the errors of the cases become one: their sum, the sum of their squares, the largest. */
export type Reduction = "sum" | "squares" | "largest";

/** What a program's column is measured against. */
export interface ErrorReduction {
  /** `passed`: 1 for a case that differs, of values of any type; it can only be summed up. */
  readonly error: NumberError | "passed";
  readonly reduction: Reduction;
  /** One value for each case. */
  readonly expected: readonly Value[];
  /** Of relative errors: what differences are divided by on each case, positive, instead of the expected size. */
  readonly scale?: readonly number[];
  /** Whether errors are those of the column scaled to fit what is expected (linear-scaling.ts). */
  readonly isScaled?: boolean;
}

const LOG_2 = 0.6931471805599453;

/** log(1 + exp(−x)) for x ≥ 0, to the last bits where exp(−x) is small, too; beyond 700, where it is 1e-304, it stays. */
function logOfOneAndExp(x: number): number {
  const power = kernels.exp(-Math.min(x, 700));
  const sum = 1 + power;
  return kernels.log(sum) + (power - (sum - 1)) / sum;
}

/** Below 1/16 by its series, so that small differences keep their digits and none is negative. */
function logCosh(difference: number): number {
  const d = Math.abs(difference);
  if (!(d < 0.0625)) return d + logOfOneAndExp(2 * d) - LOG_2;
  const z = d * d;
  return z * (0.5 + z * (-1 / 12 + z * (1 / 45 + z * (-17 / 2520 + z * (31 / 14_175)))));
}

type ErrorOf = (outcome: number, expected: number, scale: number) => number;

const wrongClass: ErrorOf = (outcome, label, scale) => ((label > 0 ? outcome > 0 : outcome <= 0) ? 0 : scale);

/** The errors; `scale` is the case's number of `errorScale`. Bit for bit what assembly/measures.ts computes. */
export const numberErrors: Readonly<Record<NumberError, ErrorOf>> = {
  absolute: (outcome, expected) => Math.abs(outcome - expected),
  relative: (outcome, expected, scale) => Math.abs(outcome - expected) / scale,
  "log-cosh": (outcome, expected) => logCosh(outcome - expected),
  Huber: (outcome, expected) => {
    const d = Math.abs(outcome - expected);
    return d <= 1 ? 0.5 * d * d : d - 0.5;
  },
  class: wrongClass,
  "balanced class": wrongClass,
  logistic: (outcome, label) => {
    const margin = label * outcome;
    return Math.max(-margin, 0) + logOfOneAndExp(Math.abs(margin));
  },
  hinge: (outcome, label) => Math.max(0, 1 - label * outcome),
};

/** What the errors of the cases are divided by, or how much each counts. */
export function errorScale(error: NumberError, expected: readonly number[]): number[] {
  if (error === "relative") return expected.map((value) => (value === 0 ? 1 : Math.abs(value)));
  if (error !== "balanced class") return expected.map(() => 1);
  const positive = expected.filter((label) => label > 0).length;
  return expected.map((label) => (label > 0 ? expected.length - positive : positive));
}

const lanes = new Float64Array(8);

/** Reduces the errors of cases: case i in lane i mod 8, then the lanes in a fixed order, as the vector machine does. */
export function reduceErrors(
  reduction: Reduction,
  caseCount: number,
  errorOf: (index: number) => number,
): number {
  lanes.fill(0);
  for (let i = 0; i < caseCount; i++) {
    const e = errorOf(i);
    const lane = lanes[i & 7] as number;
    lanes[i & 7] =
      reduction === "sum" ? lane + e : reduction === "squares" ? lane + e * e : Math.max(lane, e);
  }
  const [a, b, c, d, e, f, g, h] = lanes as unknown as [
    number,
    number,
    number,
    number,
    number,
    number,
    number,
    number,
  ];
  return reduction === "largest" ? Math.max(a, b, c, d, e, f, g, h) : a + b + (c + d) + (e + f + (g + h));
}
