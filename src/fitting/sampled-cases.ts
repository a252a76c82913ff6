import { exactOutputs } from "../exact-outputs.ts";
import type { Task } from "../task.ts";

/** Cases that constants are fitted on: so many that the fit says what it is on all, so few that it is quick. */
const FITTED_CASES = 24;

/** Cases of a task as columns. */
export interface CaseColumns {
  /** One for each argument. */
  readonly inputs: readonly Float64Array[];
  readonly expected: Float64Array;
  /** What outputs expect beyond their doubles. */
  readonly remainders: Float64Array;
  /** What a distance from them counts for. */
  readonly weights: Float64Array;
}

/** All cases, in ascending order of the argument where there is one. */
export function orderedCases(task: Task): CaseColumns {
  const { caseCount } = task;
  const order = Array.from({ length: caseCount }, (_, i) => i);
  if (task.inputs.length === 1) {
    const x = task.inputs[0] as readonly number[];
    order.sort((i, j) => (x[i] as number) - (x[j] as number) || i - j);
  }
  const sorted = (column: ArrayLike<number>): Float64Array =>
    Float64Array.from(order, (i) => column[i] as number);
  return {
    inputs: task.inputs.map((column) => sorted(column as readonly number[])),
    expected: sorted(exactOutputs(task.grammar, task.expected, task.remainders) as readonly number[]),
    remainders: sorted(task.remainders ?? new Float64Array(caseCount)),
    weights: sorted(task.errorWeights as Float64Array),
  };
}

const sampled = (cases: CaseColumns, indexOf: (k: number) => number, count: number): CaseColumns => {
  const column = (of: Float64Array): Float64Array =>
    Float64Array.from({ length: count }, (_, k) => of[indexOf(k)] as number);
  return {
    inputs: cases.inputs.map(column),
    expected: column(cases.expected),
    remainders: column(cases.remainders),
    weights: column(cases.weights),
  };
};

/** A few cases, evenly over all: the middles of parts. */
export function fittedCases(cases: CaseColumns): CaseColumns {
  const all = cases.expected.length;
  const count = Math.min(FITTED_CASES, all);
  return sampled(cases, (k) => Math.floor(((k + 0.5) * all) / count), count);
}

/** At most so many cases, evenly over all, with the first and the last. */
export function someCases(cases: CaseColumns, maximum: number): CaseColumns {
  const all = cases.expected.length;
  const count = Math.min(maximum, all);
  return sampled(cases, (k) => Math.round((k * (all - 1)) / Math.max(1, count - 1)), count);
}
