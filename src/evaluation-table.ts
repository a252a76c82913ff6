import type { Evaluations } from "./evaluation-list.ts";

/** Slots looked at for one signature; with half of all slots empty, chains of chance are far shorter. */
const MAXIMUM_PROBES = 128;
const FIRST_SLOTS = 256;

/**
 * Signature → evaluation, by open addressing with linear probing. It grows up to a limit; then, and where a chain is
 * too long, entries are left out. A signature that is given two different evaluations has none.
 */
export class EvaluationTable {
  readonly #valueCount: number;
  readonly #limit: number;
  /** Slot × 4 signature words; all 0 where empty. */
  #signatures: Int32Array;
  /** Slot × values; a fitness of NaN where evaluations contradict each other. */
  #values: Float64Array;
  #mask: number;
  #count = 0;

  /**
   * @param valueCount numbers of an evaluation
   * @param limit entries that it may hold
   * @param shared slots as `share` gave them: a table to be read only
   */
  constructor(valueCount: number, limit: number, shared?: Evaluations) {
    this.#valueCount = valueCount;
    this.#limit = limit;
    this.#signatures = shared?.signatures ?? new Int32Array(4 * FIRST_SLOTS);
    this.#values = shared?.values ?? new Float64Array(valueCount * FIRST_SLOTS);
    this.#mask = this.#signatures.length / 4 - 1;
  }

  /** Entries, contradicted ones included. */
  get count(): number {
    return this.#count;
  }

  /** The slot of a signature, or the empty one where it would go; −1 if there is neither within reach. */
  #slotOf(signature: Int32Array, at: number): number {
    const a = signature[at] as number;
    const b = signature[at + 1] as number;
    const c = signature[at + 2] as number;
    const d = signature[at + 3] as number;
    if ((a | b | c | d) === 0) return -1;
    const signatures = this.#signatures;
    let slot = (a ^ (b >>> 7)) & this.#mask;
    for (let probe = 0; probe < MAXIMUM_PROBES; probe++) {
      const k = 4 * slot;
      const isSame =
        signatures[k] === a && signatures[k + 1] === b && signatures[k + 2] === c && signatures[k + 3] === d;
      if (isSame || this.#isEmpty(slot)) return slot;
      slot = (slot + 1) & this.#mask;
    }
    return -1;
  }

  #isEmpty(slot: number): boolean {
    const k = 4 * slot;
    const s = this.#signatures;
    return ((s[k] as number) | (s[k + 1] as number) | (s[k + 2] as number) | (s[k + 3] as number)) === 0;
  }

  #isSound(slot: number): boolean {
    return Number.isFinite(this.#values[slot * this.#valueCount]);
  }

  /** Copies the evaluation of a signature into `values`; false if it has none. */
  read(signature: Int32Array, values: Float64Array): boolean {
    const slot = this.#slotOf(signature, 0);
    if (slot < 0 || this.#isEmpty(slot) || !this.#isSound(slot)) return false;
    const first = slot * this.#valueCount;
    for (let k = 0; k < this.#valueCount; k++) values[k] = this.#values[first + k] as number;
    return true;
  }

  /**
   * Puts in entry `entry` of a list. A fitness that is not finite is never put in.
   * @returns whether it is new, was there or known to be contradicted, is the first to contradict what was there, or
   * is left out
   */
  insert(from: Evaluations, entry: number): "added" | "known" | "contradicted" | "left out" {
    const width = this.#valueCount;
    const first = entry * width;
    if (!Number.isFinite(from.values[first])) return "left out";
    const slot = this.#slotOf(from.signatures, 4 * entry);
    if (slot < 0) return "left out";
    if (this.#isEmpty(slot)) {
      if (this.#count === this.#limit) return "left out";
      this.#signatures.set(from.signatures.subarray(4 * entry, 4 * entry + 4), 4 * slot);
      this.#values.set(from.values.subarray(first, first + width), slot * width);
      if (2 * ++this.#count > this.#mask) this.#grow();
      return "added";
    }
    if (!this.#isSound(slot)) return "known";
    for (let k = 0; k < width; k++)
      if (!Object.is(this.#values[slot * width + k], from.values[first + k])) {
        this.#values[slot * width] = Number.NaN;
        return "contradicted";
      }
    return "known";
  }

  insertAll(from: Evaluations): void {
    for (let entry = 0; entry < from.signatures.length / 4; entry++) this.insert(from, entry);
  }

  #grow(): void {
    const signatures = this.#signatures;
    const values = this.#values;
    const width = this.#valueCount;
    this.#signatures = new Int32Array(2 * signatures.length);
    this.#values = new Float64Array(2 * values.length);
    this.#mask = 2 * this.#mask + 1;
    this.#count = 0;
    for (let at = 0; at < signatures.length; at += 4) {
      const to = this.#slotOf(signatures, at);
      if (to < 0) continue;
      this.#signatures.set(signatures.subarray(at, at + 4), 4 * to);
      const first = (at / 4) * width;
      this.#values.set(values.subarray(first, first + width), to * width);
      this.#count++;
    }
  }

  /** All entries that are not contradicted, in the order of their signatures: the same content gives the same list. */
  list(): Evaluations {
    const s = this.#signatures;
    const slots: number[] = [];
    for (let slot = 0; slot <= this.#mask; slot++)
      if (!this.#isEmpty(slot) && this.#isSound(slot)) slots.push(slot);
    slots.sort((p, q) => {
      for (let k = 0; k < 4; k++) {
        const difference = (s[4 * p + k] as number) - (s[4 * q + k] as number);
        if (difference !== 0) return difference;
      }
      return 0;
    });
    const width = this.#valueCount;
    const signatures = new Int32Array(4 * slots.length);
    const values = new Float64Array(width * slots.length);
    slots.forEach((slot, entry) => {
      signatures.set(s.subarray(4 * slot, 4 * slot + 4), 4 * entry);
      values.set(this.#values.subarray(slot * width, (slot + 1) * width), width * entry);
    });
    return { signatures, values };
  }

  /** The slots in shared memory, for `new EvaluationTable` on any thread. Nobody may write to them any more. */
  share(): Evaluations {
    const signatures = new Int32Array(new SharedArrayBuffer(this.#signatures.byteLength));
    const values = new Float64Array(new SharedArrayBuffer(this.#values.byteLength));
    signatures.set(this.#signatures);
    values.set(this.#values);
    return { signatures, values };
  }
}
