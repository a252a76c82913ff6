import type { DerivativeMachine } from "../../dsl/index.ts";
import { solveLinear } from "./linear-equations.ts";

/**
 * For each constant of a program, the direction in which it goes a step of 1 while the others follow so that the output changes least,
 * by least squares. A direction is left out where the constants do not tell themselves apart.
 * @param machine has the program ready
 */
export function valleysOf(machine: DerivativeMachine, constants: Float64Array): Float64Array[] {
  const count = constants.length;
  const { matrix } = machine.normalEquations(constants);
  // The upper triangle, row by row.
  const entry = (i: number, j: number): number => {
    const [row, column] = i < j ? [i, j] : [j, i];
    return matrix[row * count - (row * (row - 1)) / 2 + column - row] as number;
  };
  const rows = new Float64Array((count - 1) * count);
  const valleys: Float64Array[] = [];
  for (let moved = 0; moved < count; moved++) {
    const others = Array.from({ length: count }, (_, k) => k).filter((k) => k !== moved);
    others.forEach((i, row) => {
      others.forEach((j, column) => {
        rows[row * count + column] = entry(i, j);
      });
      rows[row * count + count - 1] = -entry(i, moved);
    });
    if (!solveLinear(count - 1, rows)) continue;
    const valley = new Float64Array(count);
    valley[moved] = 1;
    others.forEach((k, row) => {
      valley[k] = rows[row * count + count - 1] as number;
    });
    if (valley.every(Number.isFinite)) valleys.push(valley);
  }
  return valleys;
}
