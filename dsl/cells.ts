import type { TypeShape } from "./type.ts";
import { limits } from "./value.ts";

/**
 * Cells of a value: what it would hold in memory were nothing in it shared. A number, boolean or char has none, a
 * string one for each code unit, a list or pair one for each element and those of its elements. Counting stops soon after
 * `most`, so it costs no more than that, however large the value.
 */
export type CellCounter = (value: unknown, most: number) => number;

const stringCells: CellCounter = (value) => (typeof value === "string" ? value.length : 0);
const elements: CellCounter = (value) => (Array.isArray(value) ? value.length : 0);

/** How cells of a type's values are counted; null where values have none. */
export function cellCounter(type: TypeShape): CellCounter | null {
  if (type.kind === "string") return stringCells;
  if (type.kind === "list") {
    const inner = cellCounter(type.element);
    return inner === null ? elements : nestedCells(() => inner);
  }
  if (type.kind !== "pair") return null;
  const first = cellCounter(type.first);
  const second = cellCounter(type.second);
  return first === null && second === null ? elements : nestedCells((k) => (k === 0 ? first : second));
}

const nestedCells =
  (counterOf: (index: number) => CellCounter | null): CellCounter =>
  (value, most) => {
    if (!Array.isArray(value)) return 0;
    let cells = value.length;
    for (let i = 0; i < value.length && cells <= most; i++)
      cells += counterOf(i)?.(value[i], most - cells) ?? 0;
    return cells;
  };

/** Whether values within the limits on lists and strings may have more cells than `limits.cells`. */
export const mayBeTooLarge = (type: TypeShape): boolean => mostCells(type) > limits.cells;

function mostCells(type: TypeShape): number {
  if (type.kind === "string") return limits.stringLength;
  if (type.kind === "list") return limits.listLength * (1 + mostCells(type.element));
  return type.kind === "pair" ? 2 + mostCells(type.first) + mostCells(type.second) : 0;
}
