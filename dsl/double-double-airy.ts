import type { DoubleDoubles } from "./double-double.ts";
import { fixedPi, fixedProduct, fixedSeries, fixedSquareRoot } from "./fixed-point.ts";
import { TaylorTable } from "./taylor-table.ts";

// The Airy functions, the solutions of y″ = x y, on [−50, 50].

const LIMIT = 50;
const SPACING = 1 / 4;
const TERMS = 32;
const BITS = 1100n;

const one = 1n << BITS;

interface Solutions {
  /** 1 + x³/6 + …, and its derivative. */
  readonly even: readonly [bigint, bigint];
  /** x + x⁴/12 + …, and its derivative. */
  readonly odd: readonly [bigint, bigint];
}

/** The two solutions that have value and slope 1, 0 and 0, 1 at 0. */
function solutions(x: bigint): Solutions {
  const square = fixedProduct(x, x, BITS);
  const cube = fixedProduct(square, x, BITS);
  const series = (first: bigint, a: bigint, b: bigint): bigint =>
    fixedSeries(first, cube, (k) => (3n * k + a) * (3n * k + b), BITS);
  return {
    even: [series(one, -1n, 0n), series(square / 2n, 0n, 2n)],
    odd: [series(x, 0n, 1n), series(one, -2n, 0n)],
  };
}

interface Weights {
  /** Ai(0) */
  readonly even: bigint;
  /** −Ai′(0) */
  readonly odd: bigint;
}

let known: Weights | undefined;

/**
 * Ai = even weight × even − odd weight × odd. It vanishes at infinity, so the ratio of the weights is that of the solutions
 * far out: at 64 to 2^−980. Their product is 1 / (2 π √3), as the Wronskian of Ai and Bi says.
 */
function weights(): Weights {
  if (known === undefined) {
    const far = solutions(64n * one);
    const ratio = (far.odd[0] << BITS) / far.even[0];
    const product = (one * one * one) / (2n * fixedPi(BITS) * fixedSquareRoot(3n * one, BITS));
    const even = fixedSquareRoot(fixedProduct(product, ratio, BITS), BITS);
    known = { even, odd: (even << BITS) / ratio };
  }
  return known;
}

/** Taylor coefficients around c, from value and slope there. */
function expansion(c: bigint, value: bigint, slope: bigint): bigint[] {
  const coefficients = [value, slope];
  for (let n = 0; n + 2 < TERMS; n++) {
    const next = fixedProduct(c, coefficients[n] as bigint, BITS) + (coefficients[n - 1] ?? 0n);
    coefficients.push(next / BigInt((n + 1) * (n + 2)));
  }
  return coefficients;
}

function tableOf(weigh: (even: bigint, odd: bigint) => bigint): TaylorTable {
  return new TaylorTable({
    spacing: SPACING,
    limit: LIMIT,
    bits: Number(BITS),
    coefficients: (c) => {
      const { even, odd } = solutions(c);
      const at = weights();
      const [value, slope] = ([0, 1] as const).map((k) =>
        weigh(fixedProduct(at.even, even[k], BITS), fixedProduct(at.odd, odd[k], BITS)),
      );
      return expansion(c, value as bigint, slope as bigint);
    },
  });
}

const decaying = tableOf((even, odd) => even - odd);
const growing = tableOf((even, odd) => fixedProduct(fixedSquareRoot(3n * one, BITS), even + odd, BITS));

/** Ai(a) for |a| ≤ 50, NaN beyond. */
export function airyFunction(numbers: DoubleDoubles, out: number, a: number): void {
  decaying.evaluate(numbers, out, a);
}

/** Bi(a) for |a| ≤ 50, NaN beyond. */
export function airyFunctionOfSecondKind(numbers: DoubleDoubles, out: number, a: number): void {
  growing.evaluate(numbers, out, a);
}
