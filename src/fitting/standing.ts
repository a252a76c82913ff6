import type { Archive } from "../archive/archive.ts";
import type { Task } from "../task.ts";
import { MAXIMUM_NODES } from "./skeleton.ts";

/** How far the best elites are, by the number of operations. */
export class Standing {
  readonly #bests: Float64Array = new Float64Array(MAXIMUM_NODES + 1);
  readonly #task: Task;

  constructor(task: Task) {
    this.#task = task;
  }

  read(archive: Archive): void {
    this.#bests.fill(Number.NEGATIVE_INFINITY);
    const axis = this.#task.axes.findIndex(({ name }) => name === "operations");
    for (const cell of archive.filledCells) {
      const elite = archive.elite(cell);
      const row = axis < 0 ? 0 : Math.min(MAXIMUM_NODES, elite?.descriptor[axis] ?? 0);
      this.#bests[row] = Math.max(this.#bests[row] as number, elite?.fitness ?? 0);
    }
  }

  /** The best fitness of so many operations; −Infinity where there is none. */
  best(operations: number): number {
    return this.#bests[this.#task.axes.some(({ name }) => name === "operations") ? operations : 0] as number;
  }
}
