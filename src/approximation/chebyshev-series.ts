import { type DoubleDoubleColumn, DoubleDoubles } from "../../dsl/index.ts";
import { solveLinear } from "./linear-system.ts";
import { difference, one, type Pair, pair, product } from "./pair.ts";
import type { Coefficients } from "./polynomial.ts";

/** T₀(t), T₁(t), … */
export function chebyshevPolynomials(t: Pair, count: number): Pair[] {
  const values = [one, t];
  const twice = product(pair(2), t);
  while (values.length < count)
    values.push(difference(product(twice, values.at(-1) as Pair), values.at(-2) as Pair));
  return values.slice(0, count);
}

/** The series through given values at as many points of [−1, 1]; null where points coincide. */
export const interpolatingSeries = (points: readonly Pair[], values: readonly Pair[]): Pair[] | null =>
  solveLinear(points.map((t, i) => [...chebyshevPolynomials(t, points.length), values[i] as Pair]));

/** Evaluates series at the same points of [−1, 1] again and again, in double-double arithmetic. */
export class SeriesColumns {
  readonly #numbers: DoubleDoubles;
  readonly #count: number;

  constructor(points: DoubleDoubleColumn) {
    this.#count = points.high.length;
    this.#numbers = new DoubleDoubles(FREE_PAIRS + this.#count);
    for (let i = 0; i < this.#count; i++)
      this.#numbers.set(POINTS + 2 * i, 2 * (points.high[i] as number), 2 * (points.low[i] as number));
  }

  /** The values of a series, by the recurrence of C. W. Clenshaw (1955). */
  evaluate(series: Coefficients, { high, low }: DoubleDoubleColumn): void {
    const numbers = this.#numbers;
    const v = numbers.values;
    for (const [k, coefficient] of series.entries())
      numbers.set(COEFFICIENTS + 2 * k, coefficient.high, coefficient.low);
    for (let i = 0; i < this.#count; i++) {
      const twice = POINTS + 2 * i;
      let last = LAST;
      let before = BEFORE;
      v.fill(0, LAST, BEFORE + 2);
      for (let k = series.length - 1; k > 0; k--) {
        // b_k = c_k + 2 t b_(k+1) − b_(k+2), in the place of b_(k+2)
        numbers.multiply(TERM, twice, last);
        numbers.subtract(before, TERM, before);
        numbers.add(before, before, COEFFICIENTS + 2 * k);
        [last, before] = [before, last];
      }
      numbers.multiply(TERM, twice, last);
      numbers.scale(TERM, TERM, 0.5);
      numbers.subtract(before, TERM, before);
      numbers.add(before, before, COEFFICIENTS);
      high[i] = v[before] as number;
      low[i] = v[before + 1] as number;
    }
  }
}

const MAXIMUM_TERMS = 64;
const LAST = DoubleDoubles.first;
const BEFORE = LAST + 2;
const TERM = BEFORE + 2;
const COEFFICIENTS = TERM + 2;
/** Twice each point. */
const POINTS = COEFFICIENTS + 2 * MAXIMUM_TERMS;
const FREE_PAIRS = (POINTS - DoubleDoubles.first) / 2;
