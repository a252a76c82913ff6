import { difference, type Pair, product, quotient, zero } from "./pair.ts";

/**
 * Solves linear equations by Gaussian elimination with partial pivoting, in double-double arithmetic.
 * @param rows n rows of n coefficients and a right side; they are used up
 * @returns null where they have no single solution
 */
export function solveLinear(rows: Pair[][]): Pair[] | null {
  const count = rows.length;
  for (let column = 0; column < count; column++) {
    let pivot = column;
    for (let i = column + 1; i < count; i++)
      if (sizeAt(rows, i, column) > sizeAt(rows, pivot, column)) pivot = i;
    const size = sizeAt(rows, pivot, column);
    if (!(size > 0 && size < Number.POSITIVE_INFINITY)) return null;
    const head = rows[pivot] as Pair[];
    rows[pivot] = rows[column] as Pair[];
    rows[column] = head;
    for (let i = column + 1; i < count; i++) {
      const row = rows[i] as Pair[];
      const factor = quotient(row[column] as Pair, head[column] as Pair);
      if (factor.high === 0) continue;
      for (let k = column + 1; k <= count; k++)
        row[k] = difference(row[k] as Pair, product(factor, head[k] as Pair));
    }
  }
  const solution: Pair[] = new Array<Pair>(count).fill(zero);
  for (let i = count - 1; i >= 0; i--) {
    const row = rows[i] as Pair[];
    let rest = row[count] as Pair;
    for (let k = i + 1; k < count; k++) rest = difference(rest, product(row[k] as Pair, solution[k] as Pair));
    solution[i] = quotient(rest, row[i] as Pair);
    if (!Number.isFinite((solution[i] as Pair).high)) return null;
  }
  return solution;
}

const sizeAt = (rows: readonly Pair[][], i: number, column: number): number =>
  Math.abs(((rows[i] as Pair[])[column] as Pair).high);
