import { DoubleDoubles, TAYLOR } from "./double-double.ts";
import { setFixed } from "./fixed-point.ts";

const DISTANCE = TAYLOR;
const COEFFICIENT: number = DISTANCE + 2;
const SUM: number = COEFFICIENT + 2;

interface TaylorTableOptions {
  /** The distance between centres: a power of 2. */
  readonly spacing: number;
  /** The table covers ±limit: it holds at most 2 limit / spacing + 1 expansions. */
  readonly limit: number;
  /** Fractional bits of the coefficients. */
  readonly bits: number;
  /** f(c), f′(c), f″(c)/2 …: as many as make a pair of the value at a distance of spacing / 2. */
  readonly coefficients: (centre: bigint) => readonly bigint[];
}

/**
 * A function by its Taylor expansions around evenly spaced centres. The coefficients are computed with integers, so they
 * are right to all digits of a pair; each expansion is made when it is first needed. What remains is the rounding of Horner's
 * rule: a few 1e−32 of the largest term.
 */
export class TaylorTable {
  readonly #options: TaylorTableOptions;
  readonly #expansions = new Map<number, Float64Array>();

  constructor(options: TaylorTableOptions) {
    this.#options = options;
  }

  /** Writes f(a); NaN beyond the limit. `out` may be a. */
  evaluate(numbers: DoubleDoubles, out: number, a: number): void {
    const v = numbers.values;
    const high = v[a] as number;
    const { limit, spacing } = this.#options;
    if (!(Math.abs(high) <= limit)) {
      numbers.set(out, Number.NaN);
      return;
    }
    const index = Math.round(high / spacing);
    const expansion = this.#expansion(index);
    numbers.set(COEFFICIENT, -index * spacing);
    numbers.add(DISTANCE, a, COEFFICIENT);
    let n = expansion.length - 2;
    v[SUM] = expansion[n] as number;
    v[SUM + 1] = expansion[n + 1] as number;
    while (n > 0) {
      n -= 2;
      numbers.multiply(SUM, SUM, DISTANCE);
      v[COEFFICIENT] = expansion[n] as number;
      v[COEFFICIENT + 1] = expansion[n + 1] as number;
      numbers.add(SUM, SUM, COEFFICIENT);
    }
    numbers.copy(out, SUM);
  }

  #expansion(index: number): Float64Array {
    const known = this.#expansions.get(index);
    if (known !== undefined) return known;
    const { spacing, bits, coefficients } = this.#options;
    // 2^−20 divides every spacing.
    const unit = BigInt(bits - 20);
    const fixed = coefficients(BigInt(index * spacing * 2 ** 20) << unit);
    const pairs = new DoubleDoubles(fixed.length);
    fixed.forEach((value, n) => setFixed(pairs, DoubleDoubles.first + 2 * n, value, bits));
    const expansion = pairs.values.slice(DoubleDoubles.first);
    this.#expansions.set(index, expansion);
    return expansion;
  }
}
