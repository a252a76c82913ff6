import { InputError } from "../index.ts";
import type { ShownTask } from "./shown-task.ts";

/** The cell of `3,4`: bins along the axes, from 0; where there are no bins, of its number. */
export function cellNumber({ axes, space }: ShownTask, text: string): number {
  const parts = text.split(",").map((part) => (part.trim() === "" ? Number.NaN : Number(part)));
  const bad = (): InputError =>
    new InputError(
      space.kind === "grid"
        ? `--cell must be ${axes.map((a) => `a bin of ${a.name} from 0 to ${a.bins - 1}`).join(", then ")}; got ${text}.`
        : `--cell must be a cell from 0 to ${space.cellCount - 1}; got ${text}.`,
    );
  if (space.kind === "cvt") {
    if (
      parts.length !== 1 ||
      !Number.isInteger(parts[0]) ||
      (parts[0] as number) < 0 ||
      (parts[0] as number) >= space.cellCount
    )
      throw bad();
    return parts[0] as number;
  }
  if (
    parts.length !== axes.length ||
    parts.some((p, k) => !Number.isInteger(p) || p < 0 || p >= (axes[k]?.bins ?? 0))
  )
    throw bad();
  return parts.reduce((cell, part, k) => cell * (axes[k]?.bins ?? 1) + part, 0);
}

/** The bins of a cell of a grid along its axes, or the cell of another space: what `cellNumber` reads. */
export function binsOf({ axes, space }: ShownTask, cell: number): number | number[] {
  if (space.kind === "cvt") return cell;
  const bins: number[] = [];
  let rest = cell;
  for (let k = axes.length - 1; k >= 0; k--) {
    const size = axes[k]?.bins as number;
    bins[k] = rest % size;
    rest = Math.floor(rest / size);
  }
  return bins;
}
