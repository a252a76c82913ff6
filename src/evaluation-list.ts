/** Evaluations of behaviours as flat buffers. */
export interface Evaluations {
  /** Entry × 4 signature words. */
  readonly signatures: Int32Array;
  /** Entry × values: fitness, then the behavioural coordinates. */
  readonly values: Float64Array;
}

const FIRST_ROOM = 64;

/** Evaluations in the order in which they came; holds a bounded number of them. */
export class EvaluationList {
  readonly #valueCount: number;
  readonly #limit: number;
  #signatures: Int32Array;
  #values: Float64Array;
  #length = 0;

  /** @param limit entries that it may hold; more are left out */
  constructor(valueCount: number, limit: number) {
    this.#valueCount = valueCount;
    this.#limit = limit;
    this.#signatures = new Int32Array(4 * FIRST_ROOM);
    this.#values = new Float64Array(valueCount * FIRST_ROOM);
  }

  get length(): number {
    return this.#length;
  }

  append(signature: Int32Array, values: Float64Array): void {
    if (this.#length === this.#limit) return;
    if (4 * this.#length === this.#signatures.length) {
      const signatures = new Int32Array(2 * this.#signatures.length);
      signatures.set(this.#signatures);
      this.#signatures = signatures;
      const wider = new Float64Array(2 * this.#values.length);
      wider.set(this.#values);
      this.#values = wider;
    }
    this.#signatures.set(signature, 4 * this.#length);
    this.#values.set(values, this.#valueCount * this.#length);
    this.#length++;
  }

  /** All entries, in buffers of their own; the list is empty afterwards. */
  take(): Evaluations {
    const length = this.#length;
    this.#length = 0;
    return {
      signatures: this.#signatures.slice(0, 4 * length),
      values: this.#values.slice(0, this.#valueCount * length),
    };
  }
}
