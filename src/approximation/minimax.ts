import { type DoubleDoubleColumn, kernels } from "../../dsl/index.ts";
import { alternatingExtremes } from "./alternation.ts";
import { chebyshevPolynomials, SeriesColumns } from "./chebyshev-series.ts";
import { solveLinear } from "./linear-system.ts";
import { difference, negated, one, type Pair, pair, pairAt, product, sum, zero } from "./pair.ts";
import type { Coefficients } from "./polynomial.ts";
import type { ReducedSamples } from "./reduction.ts";

/** A polynomial, or a quotient of two, as Chebyshev series. The denominator has 1 for T₀. */
export interface RationalSeries {
  readonly numerator: Coefficients;
  readonly denominator: Coefficients;
}

/** A rational function whose errors at a reference alternate between `error` and −`error`. */
interface Levelled extends RationalSeries {
  readonly error: Pair;
}

const MAXIMUM_EXCHANGES = 40;
const MAXIMUM_RETRIES = 3;
const MAXIMUM_NEWTON_STEPS = 30;
/** Newton's steps end when the levelled error changes by less than this part of itself: the next one would square it. */
const NEWTON_TOLERANCE = 1e-10;
/** The exchange ends when no error is larger than the levelled one by more than this part of it. */
const TOLERANCE = 1e-6;
/** Below this part of the values, errors are those of double-double arithmetic. */
const NOISE = 1e-27;

/**
 * Finds the rational functions whose largest error over some samples is least, by exchange (E. Y. Remez 1934; for
 * quotients H. Werner 1962, W. Fraser and J. F. Hart 1962): the errors at a reference of m + n + 2 points are made equal with
 * alternating signs, and the reference moves to where errors are largest, until they are nowhere larger.
 */
export class Minimax {
  readonly #samples: ReducedSamples;
  readonly #columns: SeriesColumns;
  readonly #numerators: DoubleDoubleColumn;
  readonly #denominators: DoubleDoubleColumn;
  readonly #errors: Float64Array;
  /** Errors that cannot be told from rounding. */
  readonly #noise: number;
  /** Number of points → the final references with as many, of functions found before. */
  readonly #references = new Map<number, (readonly number[])[]>();

  constructor(samples: ReducedSamples) {
    const count = samples.units.length;
    const column = (): DoubleDoubleColumn => ({
      high: new Float64Array(count),
      low: new Float64Array(count),
    });
    this.#samples = samples;
    this.#columns = new SeriesColumns(samples.points);
    this.#numerators = column();
    this.#denominators = column();
    this.#errors = new Float64Array(count);
    const sizes = samples.values.high.map((value, i) => Math.abs(value) / (samples.units[i] as number));
    this.#noise = NOISE * sizes.reduce((largest, size) => Math.max(largest, size), 0);
  }

  /**
   * @param m degree of the numerator
   * @param n degree of the denominator
   * @returns null where the exchange does not converge to a function without poles
   */
  approximate(m: number, n: number): RationalSeries | null {
    const count = m + n + 2;
    const first = this.#firstReference(count);
    if (first === null) return null;
    // Where the exchange fails from there, one that suited a quotient of other degrees may do, or one that is not symmetric: the errors
    // of symmetric functions may alternate once more than they have to, at points of which all but one are wanted.
    const known = this.#references.get(count) ?? [];
    this.#references.set(count, known);
    const lopsided = this.#firstReference(count + 1)?.slice(1) ?? [];
    const starts = [first, ...known.slice(-MAXIMUM_RETRIES).reverse(), lopsided];
    for (const start of starts.filter(({ length }) => length === count)) {
      const found = this.#exchange(start, m, n);
      if (found === null) continue;
      known.push(found.reference);
      return found.levelled;
    }
    return null;
  }

  #exchange(
    start: readonly number[],
    m: number,
    n: number,
  ): { readonly levelled: Levelled; readonly reference: readonly number[] } | null {
    let reference: readonly number[] | null = start;
    let levelled: Levelled | null = {
      numerator: [],
      denominator: [one, ...new Array<Pair>(n).fill(zero)],
      error: zero,
    };
    for (let exchange = 0; reference !== null && exchange < MAXIMUM_EXCHANGES; exchange++) {
      levelled = this.#level(reference, m, levelled);
      if (levelled === null) return null;
      const worst = this.#measure(levelled);
      if (worst <= Math.abs(levelled.error.high) * (1 + TOLERANCE) || worst <= this.#noise)
        return { levelled, reference };
      if (!(worst < Number.POSITIVE_INFINITY)) return null;
      reference = alternatingExtremes(this.#errors, m + n + 2);
    }
    return null;
  }

  /** The samples nearest to where the Chebyshev polynomial of degree count − 1 is extreme; null where there are too few. */
  #firstReference(count: number): number[] | null {
    const points = this.#samples.points.high;
    const reference: number[] = [];
    let at = 0;
    for (let k = 0; k < count; k++) {
      const wanted = -kernels.cos((Math.PI * k) / (count - 1));
      const far = (i: number): number => Math.abs((points[i] as number) - wanted);
      while (at + 1 < points.length && far(at + 1) <= far(at)) at++;
      reference.push(at++);
    }
    return at <= points.length ? reference : null;
  }

  /**
   * Makes errors at a reference equal but for the alternating sign, by Newton's method on P − (g + E u) Q = 0, which is linear
   * where Q is constant.
   * @param start the denominator and error to begin with
   */
  #level(reference: readonly number[], m: number, start: Levelled): Levelled | null {
    const { points, values, units } = this.#samples;
    const n = start.denominator.length - 1;
    const nodes = reference.map((i, k) => {
      const basis = chebyshevPolynomials(pairAt(points, i), Math.max(m, n) + 1);
      return {
        value: pairAt(values, i),
        unit: pair((units[i] as number) * (k % 2 === 0 ? 1 : -1)),
        powers: basis.slice(0, m + 1),
        divisors: basis.slice(1, n + 1),
      };
    });
    let { denominator, error } = start;
    for (let step = 0; step < MAXIMUM_NEWTON_STEPS; step++) {
      const rows = nodes.map(({ value, unit, powers, divisors }) => {
        const goal = sum(value, product(unit, error));
        const slope = product(unit, seriesAt(denominator, divisors));
        const right = difference(goal, product(slope, error));
        return [...powers, ...divisors.map((d) => negated(product(goal, d))), negated(slope), right];
      });
      const solution = solveLinear(rows);
      if (solution === null) return null;
      const next = solution.at(-1) as Pair;
      const change = Math.abs(difference(next, error).high);
      denominator = [one, ...solution.slice(m + 1, -1)];
      error = next;
      if (n === 0 || change <= NEWTON_TOLERANCE * Math.abs(error.high)) {
        if (nodes.some(({ divisors }) => !(seriesAt(denominator, divisors).high > 0))) return null;
        return { numerator: solution.slice(0, m + 1), denominator, error };
      }
    }
    return null;
  }

  /** Fills in the errors; the largest, infinite where there is a pole. */
  #measure({ numerator, denominator }: RationalSeries): number {
    const { values, units } = this.#samples;
    const [p, q] = [this.#numerators, this.#denominators];
    this.#columns.evaluate(numerator, p);
    this.#columns.evaluate(denominator, q);
    let worst = 0;
    for (let i = 0; i < units.length; i++) {
      if (!((q.high[i] as number) > 0)) return Number.POSITIVE_INFINITY;
      const missing = difference(product(pairAt(values, i), pairAt(q, i)), pairAt(p, i)).high;
      const error = missing / ((q.high[i] as number) * (units[i] as number));
      this.#errors[i] = error;
      worst = Math.max(worst, Math.abs(error));
    }
    return worst;
  }
}

/** The value of a series whose T₀ has the coefficient 1, from those of T₁, T₂, … */
const seriesAt = (series: Coefficients, polynomials: readonly Pair[]): Pair =>
  polynomials.reduce((total, p, k) => sum(total, product(series[k + 1] as Pair, p)), one);
