import type { Task } from "./task.ts";

/** Fitness and the behavioural coordinates. */
const valuesOf = (task: Task): number => 1 + task.coordinates.filter((c) => c.kind === "behaviour").length;

/**
 * The scores of one job's candidates in shared memory, so that a job that is run again, since a candidate killed its
 * worker, evaluates no candidate twice.
 */
export class ScoreRecord {
  readonly #values: Float64Array;
  /** Candidate → 0 unknown, 1 known, 2 threw. */
  readonly #states: Uint8Array;
  readonly #valueCount: number;

  /** An empty record. */
  static buffer(task: Task, candidates: number): SharedArrayBuffer {
    return new SharedArrayBuffer(candidates * (8 * valuesOf(task) + 1));
  }

  /** @param buffer as `buffer` made it for the same task and number of candidates */
  constructor(task: Task, candidates: number, buffer: SharedArrayBuffer) {
    this.#valueCount = valuesOf(task);
    this.#values = new Float64Array(buffer, 0, candidates * this.#valueCount);
    this.#states = new Uint8Array(buffer, this.#values.byteLength, candidates);
  }

  /** Reads a candidate's values, NaN if it threw; "unknown" changes nothing. */
  recall(candidate: number, values: Float64Array): "unknown" | "known" | "threw" {
    const state = Atomics.load(this.#states, candidate);
    if (state === 0) return "unknown";
    const first = candidate * this.#valueCount;
    for (let k = 0; k < this.#valueCount; k++) values[k] = this.#values[first + k] as number;
    return state === 1 ? "known" : "threw";
  }

  remember(candidate: number, values: Float64Array, threw: boolean): void {
    this.#values.set(values, candidate * this.#valueCount);
    // Last: a worker may be ended at any moment.
    Atomics.store(this.#states, candidate, threw ? 2 : 1);
  }
}
