import type { ShownTask } from "./shown-task.ts";

/** What maps must have in common for their cells to mean the same, as text. */
export const mapShape = ({ space, axes, offset }: Pick<ShownTask, "space" | "axes" | "offset">): string =>
  JSON.stringify([space.kind, space.cellCount, axes, offset]);
