import type { ComparedPoints } from "./measured-error.ts";
import { type Pair, one, pair, pairAt, product, quotient } from "./pair.ts";

/** A function whose k-th power is a constant times a power of x: f^root = factor · x^exponent. */
export interface PowerLaw {
  /** 2 to 4. */
  readonly root: number;
  readonly exponent: number;
  readonly factor: number;
}

const MAXIMUM_ROOT = 4;
const MAXIMUM_EXPONENT = 4;
const COMPARED = 32;
/** Numbers that agree to this part of themselves are the same: rounding of double-double arithmetic with room. */
const TOLERANCE = 1e-26;

const power = (base: Pair, exponent: number): Pair => {
  let result = one;
  for (let k = 0; k < Math.abs(exponent); k++) result = product(result, base);
  return exponent < 0 ? quotient(one, result) : result;
};

/**
 * What a function is a root of, by numbers: f(x)^k / x^j is the same at all points.
 * @returns null where it is none of small k and j, where it is a power itself, and where it is not positive on positive numbers
 */
export function powerLawOf({ points, values }: ComparedPoints): PowerLaw | null {
  const step = Math.max(1, Math.floor(points.length / COMPARED));
  const probed = Array.from(points.keys()).filter((i) => i % step === 0 && points[i] !== 0);
  if (probed.some((i) => !((points[i] as number) > 0 && (values.high[i] as number) > 0))) return null;
  for (let root = 1; root <= MAXIMUM_ROOT; root++)
    for (let exponent = -MAXIMUM_EXPONENT; exponent <= MAXIMUM_EXPONENT; exponent++) {
      const factors = probed.map((i) =>
        quotient(power(pairAt(values, i), root), power(pair(points[i] as number), exponent)),
      );
      const { high, low } = factors[0] as Pair;
      const isSame = factors.every((f) => Math.abs(f.high - high + (f.low - low)) <= TOLERANCE * high);
      if (isSame && high > 0) return root === 1 || exponent === 0 ? null : { root, exponent, factor: high };
    }
  return null;
}
