/**
 * Solves n linear equations by Gaussian elimination with partial pivoting, in place.
 * @param rows n × (n + 1) numbers, row by row: each row's coefficients, then its right side. The solution comes to stand
 * in the last column
 * @returns false where the equations have no single solution in floating point
 */
export function solveLinear(count: number, rows: Float64Array): boolean {
  const width = count + 1;
  for (let column = 0; column < count; column++) {
    let best = column;
    for (let row = column + 1; row < count; row++)
      if (Math.abs(rows[row * width + column] as number) > Math.abs(rows[best * width + column] as number))
        best = row;
    const pivot = rows[best * width + column] as number;
    if (!(Math.abs(pivot) > 1e-300 && Math.abs(pivot) < 1e300)) return false;
    if (best !== column)
      for (let k = column; k < width; k++) {
        const held = rows[column * width + k] as number;
        rows[column * width + k] = rows[best * width + k] as number;
        rows[best * width + k] = held;
      }
    for (let row = column + 1; row < count; row++) {
      const factor = (rows[row * width + column] as number) / pivot;
      if (factor === 0) continue;
      for (let k = column; k < width; k++)
        rows[row * width + k] =
          (rows[row * width + k] as number) - factor * (rows[column * width + k] as number);
    }
  }
  for (let row = count - 1; row >= 0; row--) {
    let sum = rows[row * width + count] as number;
    for (let k = row + 1; k < count; k++)
      sum -= (rows[row * width + k] as number) * (rows[k * width + count] as number);
    rows[row * width + count] = sum / (rows[row * width + row] as number);
  }
  return true;
}
