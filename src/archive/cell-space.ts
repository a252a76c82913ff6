/** How descriptors are cut into cells. */
export interface CellSpace {
  readonly kind: "grid" | "cvt";
  readonly dimensions: number;
  readonly cellCount: number;
  /** The cell of a descriptor; coordinates outside the ranges belong to the outermost cells. No coordinate may be NaN. */
  cellOf(descriptor: Float64Array): number;
}

/** One coordinate of the map. */
export interface Axis {
  readonly name: string;
  /** Lower end. */
  readonly from: number;
  /** Upper end; above `from`. */
  readonly to: number;
  readonly bins: number;
}
