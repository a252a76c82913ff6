import type { DoubleDoubles } from "./double-double.ts";
import { scaled } from "./scaled.ts";

// Fixed-point numbers: integers that count 2^−bits. Slow and of any accuracy: what tables are made with.

export const fixedProduct = (a: bigint, b: bigint, bits: bigint): bigint => (a * b) >> bits;

/** The largest integer whose square is at most a non-negative one. */
export function integerSquareRoot(value: bigint): bigint {
  if (value < 2n) return value;
  let root = 1n << BigInt(2 * value.toString(16).length);
  for (;;) {
    const next = (root + value / root) >> 1n;
    if (next >= root) return root;
    root = next;
  }
}

export const fixedSquareRoot = (value: bigint, bits: bigint): bigint => integerSquareRoot(value << bits);

/** π by Machin's formula, 1706. */
export function fixedPi(bits: bigint): bigint {
  const guard = 32n;
  const inverseTangent = (n: bigint): bigint => {
    let power = (1n << (bits + guard)) / n;
    let sum = power;
    for (let k = 3n; power !== 0n; k += 2n) {
      power = -power / (n * n);
      sum += power / k;
    }
    return sum;
  };
  return (16n * inverseTangent(5n) - 4n * inverseTangent(239n)) >> guard;
}

/** The sum of first, first × factor / divisor(1), that × factor / divisor(2) …: until a term is below one unit. */
export function fixedSeries(
  first: bigint,
  factor: bigint,
  divisor: (k: bigint) => bigint,
  bits: bigint,
): bigint {
  let sum = 0n;
  let term = first;
  for (let k = 1n; term !== 0n; k++) {
    sum += term;
    // The division goes towards zero, so that terms end there.
    term = fixedProduct(term, factor, bits) / divisor(k);
  }
  return sum;
}

/** Writes a fixed-point number as a pair, rounded. */
export function setFixed(numbers: DoubleDoubles, out: number, value: bigint, bits: number): void {
  const size = value < 0n ? -value : value;
  // Far more digits than a pair has, and no more than a double's exponent allows.
  const excess = Math.max(0, 4 * size.toString(16).length - 160);
  const digits = value >> BigInt(excess);
  const high = Number(digits);
  numbers.set(out, scaled(high, excess - bits), scaled(Number(digits - BigInt(high)), excess - bits));
}
