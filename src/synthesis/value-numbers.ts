import type { MemoryBound } from "./memory-bound.ts";
import { isTrap, type Outcome, sameOutcome, type Value } from "../../dsl/index.ts";

/** The number of a failure. */
export const FAILED = 0;
/** What a value takes with its number and its place in a table, in bytes, beside its characters or items. */
const VALUE_BYTES = 120;
const ITEM_BYTES = 8;

/**
 * Values as numbers, the same for equal values: columns of them are compared, hashed and looked up as ints. Number 0 is any failure.
 * Values are never taken back; once they take too much memory what is new counts as a failure.
 */
export class ValueNumbers {
  /** Number → value; undefined for the failure. */
  readonly values: (Value | undefined)[] = [undefined];
  readonly #strings = new Map<string, number>();
  readonly #numbers = new Map<number, number>();
  /** Slot → number of a list, 0 where it is free. */
  #slots = new Int32Array(1024);
  #listCount = 0;
  #false = 0;
  #true = 0;
  readonly #memory: MemoryBound;

  constructor(memory: MemoryBound) {
    this.#memory = memory;
  }

  /** The number of an outcome, which is taken in where it is new. */
  numberOf(outcome: Outcome | undefined): number {
    if (typeof outcome === "string") {
      const known = this.#strings.get(outcome);
      if (known !== undefined) return known;
      if (this.#memory.isOver) return FAILED;
      const number = this.#push(outcome);
      this.#strings.set(outcome, number);
      return number;
    }
    if (typeof outcome === "number") {
      // −0 is 0.
      const known = this.#numbers.get(outcome);
      if (known !== undefined) return known;
      if (this.#memory.isOver) return FAILED;
      const number = this.#push(outcome + 0);
      this.#numbers.set(outcome + 0, number);
      return number;
    }
    if (outcome === true) {
      if (this.#true === 0) this.#true = this.values.push(true) - 1;
      return this.#true;
    }
    if (outcome === false) {
      if (this.#false === 0) this.#false = this.values.push(false) - 1;
      return this.#false;
    }
    if (outcome === undefined || isTrap(outcome)) return FAILED;
    return this.#numberOfList(outcome, true);
  }

  /** The number of a value that is known, −1 for others. */
  find(value: Value): number {
    if (typeof value === "string") return this.#strings.get(value) ?? -1;
    if (typeof value === "number") return this.#numbers.get(value) ?? -1;
    if (typeof value === "boolean") return (value ? this.#true : this.#false) || -1;
    return this.#numberOfList(value, false);
  }

  /** Of lists, pairs and bits, in a hash table. */
  #numberOfList(value: Value, isTakenIn: boolean): number {
    const mask = this.#slots.length - 1;
    let slot = hashOf(value) & mask;
    for (let number = this.#slots[slot] as number; number !== 0; number = this.#slots[slot] as number) {
      if (sameOutcome(this.values[number] as Value, value)) return number;
      slot = (slot + 1) & mask;
    }
    if (!isTakenIn) return -1;
    if (this.#memory.isOver) return FAILED;
    const number = this.#push(value);
    this.#slots[slot] = number;
    if (2 * ++this.#listCount > this.#slots.length) this.#grow();
    return number;
  }

  #push(value: Value): number {
    this.#memory.add(VALUE_BYTES + itemBytes(value));
    return this.values.push(value) - 1;
  }

  #grow(): void {
    const old = this.#slots;
    this.#slots = new Int32Array(2 * old.length);
    const mask = this.#slots.length - 1;
    for (const number of old) {
      if (number === 0) continue;
      let slot = hashOf(this.values[number] as Value) & mask;
      while (this.#slots[slot] !== 0) slot = (slot + 1) & mask;
      this.#slots[slot] = number;
    }
  }
}

/** What the characters or items of a value take. */
function itemBytes(value: Value): number {
  if (typeof value === "string") return value.length;
  if (!Array.isArray(value)) return 0;
  let bytes = ITEM_BYTES * value.length;
  for (const item of value) if (Array.isArray(item)) bytes += VALUE_BYTES / 2 + itemBytes(item);
  return bytes;
}

/** Hash of a value, the same for equal ones. */
function hashOf(value: Value): number {
  if (typeof value === "number") return Math.imul((value | 0) + 0x165667b1, 0x9e3779b1);
  if (typeof value === "boolean") return value ? 0x2c1b3c6d : 0x297a2d39;
  if (typeof value === "bigint") return Math.imul(Number(BigInt.asIntN(32, value)), 0x9e3779b1);
  let hash = value.length + 0x811c9dc5;
  if (typeof value === "string")
    for (let k = 0; k < value.length; k++) hash = Math.imul(hash ^ value.charCodeAt(k), 0x01000193);
  else for (const item of value) hash = Math.imul(hash ^ hashOf(item), 0x9e3779b1) ^ (hash >>> 13);
  return hash ^ (hash >>> 16);
}
