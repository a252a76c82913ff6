/** Ranks of some values. */
export interface Ranks {
  /** Twice the rank of each value, from 2 on: values that are equal share the mean of their ranks, which may end in ½. */
  readonly doubled: Int32Array;
  /** Σ (t³ − t) over groups of t equal values. */
  readonly tieTerm: number;
}

/** Ranks of values, the smallest first; infinities are values like others. */
export function ranksOf(values: readonly number[]): Ranks {
  const order = values.map((_, k) => k).sort((p, q) => compared(values[p] as number, values[q] as number));
  const doubled = new Int32Array(values.length);
  let tieTerm = 0;
  for (let from = 0; from < order.length; ) {
    let to = from + 1;
    while (to < order.length && values[order[to] as number] === values[order[from] as number]) to++;
    for (let k = from; k < to; k++) doubled[order[k] as number] = from + to + 1;
    const group = to - from;
    tieTerm += group * group * group - group;
    from = to;
  }
  return { doubled, tieTerm };
}

/** Order of two numbers; the difference of two infinities would be none. */
export const compared = (p: number, q: number): number => (p < q ? -1 : p > q ? 1 : 0);
