import { BATCH_PROGRAMS } from "../dsl/index.ts";
import type { Archive } from "./archive/archive.ts";
import type { Task } from "./task.ts";

/** Fitness is compared after a logarithm at most: a relative step that its rounding cannot hide. */
const MARGIN = 1 + 1e-12;

/**
 * For programs whose cells follow from their form: the error above which a program cannot enter the archive, since it is
 * less fit than its cell's elite. Made once for a task; what it remembers changes the speed only.
 */
export class ErrorThresholds {
  readonly #task: Task;
  readonly #descriptor: Float64Array;
  readonly #thresholds = new Float64Array(BATCH_PROGRAMS);
  /** Cell → fitness of the elite for which its threshold was computed; NaN: of none. */
  readonly #fitness: Float64Array;
  readonly #ofCell: Float64Array;

  /** @param task measured by the vector machine, all its coordinates of form */
  constructor(task: Task) {
    this.#task = task;
    this.#descriptor = new Float64Array(task.axes.length);
    this.#fitness = new Float64Array(task.space.cellCount).fill(Number.NaN);
    this.#ofCell = new Float64Array(task.space.cellCount).fill(Number.POSITIVE_INFINITY);
  }

  /**
   * Thresholds of `count` programs; Infinity where the cell is empty. Valid until the next call.
   * @param descriptors program × coordinate
   */
  of(count: number, descriptors: Float64Array, archive: Archive): Float64Array {
    const { space } = this.#task;
    const dimensions = this.#descriptor.length;
    for (let place = 0; place < count; place++) {
      for (let k = 0; k < dimensions; k++)
        this.#descriptor[k] = descriptors[place * dimensions + k] as number;
      const cell = space.cellOf(this.#descriptor);
      const fitness = archive.elite(cell)?.fitness ?? Number.NaN;
      if (!Object.is(fitness, this.#fitness[cell])) {
        this.#fitness[cell] = fitness;
        this.#ofCell[cell] =
          fitness === fitness ? errorThreshold(this.#task, fitness) : Number.POSITIVE_INFINITY;
      }
      this.#thresholds[place] = this.#ofCell[cell] as number;
    }
    return this.#thresholds.subarray(0, count);
  }
}

/** An error that is surely less fit than `fitness`, as are all larger ones: by halving the exponent. Fitness falls with error. */
export function errorThreshold(task: Task, fitness: number): number {
  const fitnessOf = (task.measured as NonNullable<Task["measured"]>).fitness;
  let low = 1e-300;
  let high = 1e300;
  if (!(fitnessOf(high) < fitness)) return Number.POSITIVE_INFINITY;
  if (fitnessOf(low) < fitness) return low;
  while (high / low > 1 + 1e-6) {
    const middle = Math.sqrt(low) * Math.sqrt(high);
    if (fitnessOf(middle) < fitness) high = middle;
    else low = middle;
  }
  return high * MARGIN;
}
