import type { Axis, CellSpace } from "./cell-space.ts";

/**
 * A grid (Mouret and Clune 2015): every axis cut into equal bins; the first axis varies slowest.
 * @param axes at least one
 */
export function gridSpace(axes: readonly Axis[]): CellSpace {
  const cellCount = axes.reduce((n, axis) => n * axis.bins, 1);
  return {
    kind: "grid",
    dimensions: axes.length,
    cellCount,
    cellOf: (descriptor) => {
      let cell = 0;
      for (let k = 0; k < axes.length; k++) {
        const axis = axes[k] as Axis;
        cell = cell * axis.bins + binOf(axis, descriptor[k] as number);
      }
      return cell;
    },
  };
}

/** The bin of a coordinate on an axis, 0 to bins − 1. */
export function binOf(axis: Axis, coordinate: number): number {
  const bin = Math.floor(((coordinate - axis.from) / (axis.to - axis.from)) * axis.bins);
  return bin < 0 ? 0 : bin >= axis.bins ? axis.bins - 1 : bin;
}
