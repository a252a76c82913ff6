import { DoubleDoubles } from "../../dsl/index.ts";

/** A number as the sum of two doubles, about 31 digits, as a value: for the little algebra of approximations. */
export interface Pair {
  readonly high: number;
  readonly low: number;
}

// Pure functions: what lies here means nothing between calls.
const numbers = new DoubleDoubles(3);
const A = DoubleDoubles.first;
const B = A + 2;
const OUT = B + 2;

const read = (): Pair => ({ high: numbers.values[OUT] as number, low: numbers.values[OUT + 1] as number });

function write(address: number, { high, low }: Pair): void {
  numbers.values[address] = high;
  numbers.values[address + 1] = low;
}

export const pair = (high: number): Pair => ({ high, low: 0 });
export const zero: Pair = pair(0);
export const one: Pair = pair(1);

export function sum(a: Pair, b: Pair): Pair {
  write(A, a);
  write(B, b);
  numbers.add(OUT, A, B);
  return read();
}

export function difference(a: Pair, b: Pair): Pair {
  write(A, a);
  write(B, b);
  numbers.subtract(OUT, A, B);
  return read();
}

export function product(a: Pair, b: Pair): Pair {
  write(A, a);
  write(B, b);
  numbers.multiply(OUT, A, B);
  return read();
}

export function quotient(a: Pair, b: Pair): Pair {
  write(A, a);
  write(B, b);
  numbers.divide(OUT, A, B);
  return read();
}

export function squareRoot(a: Pair): Pair {
  write(A, a);
  numbers.squareRoot(OUT, A);
  return read();
}

export const negated = (a: Pair): Pair => ({ high: -a.high, low: -a.low });

/** A column's number. */
export const pairAt = (
  column: { readonly high: Float64Array; readonly low: Float64Array },
  i: number,
): Pair => ({
  high: column.high[i] as number,
  low: column.low[i] as number,
});

/** Pairs as a column. */
export const columnOf = (
  pairs: readonly Pair[],
): { readonly high: Float64Array; readonly low: Float64Array } => ({
  high: Float64Array.from(pairs, ({ high }) => high),
  low: Float64Array.from(pairs, ({ low }) => low),
});
