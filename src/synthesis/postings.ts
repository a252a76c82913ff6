import { larger } from "./larger.ts";
import type { MemoryBound } from "./memory-bound.ts";

/** What a row and a number take, in bytes. */
const ROW_BYTES = 4;
const NUMBER_BYTES = 36;
/** Marks the end of a chain. */
const END = -1;

/** The rows of a bank by the number that they have in one column, each in the order in which it came. */
export class Postings {
  /** Numbers that some row has, in the order of their first one. */
  readonly numbers: number[] = [];
  /** Rows that are known, from the first one on. */
  #seen = 0;
  /** Place of a number → its first and last row, and how many there are. */
  #first = new Int32Array(16);
  #last = new Int32Array(16);
  #counts = new Int32Array(16);
  /** Row → the next one with the same number. */
  #next = new Int32Array(0);
  /** Slot → place of a number + 1, 0 where it is free. */
  #slots = new Int32Array(64);

  readonly #memory: MemoryBound;

  constructor(memory: MemoryBound) {
    this.#memory = memory;
  }

  /**
   * Takes in the rows that came since the last time.
   * @param columns row × examples: a number for each example
   * @param count rows
   */
  update(columns: Int32Array, examples: number, example: number, count: number): void {
    if (this.#next.length < count) this.#next = larger(this.#next, Math.max(count, 2 * this.#next.length));
    this.#memory.add(ROW_BYTES * (count - this.#seen));
    for (let row = this.#seen; row < count; row++) {
      const number = columns[row * examples + example] as number;
      const place = this.#placeOf(number);
      this.#next[row] = END;
      if (place >= 0) {
        this.#next[this.#last[place] as number] = row;
        this.#last[place] = row;
        this.#counts[place] = (this.#counts[place] as number) + 1;
      } else this.#add(number, row);
    }
    this.#seen = count;
  }

  /** How many rows have a number. */
  count(number: number): number {
    const place = this.#placeOf(number);
    return place < 0 ? 0 : (this.#counts[place] as number);
  }

  /** The first row that has a number, −1 where none has. */
  first(number: number): number {
    const place = this.#placeOf(number);
    return place < 0 ? END : (this.#first[place] as number);
  }

  /** The next row that has the same number as one, −1 where it is the last. */
  next(row: number): number {
    return this.#next[row] as number;
  }

  #placeOf(number: number): number {
    const mask = this.#slots.length - 1;
    for (let slot = slotOf(number, mask); ; slot = (slot + 1) & mask) {
      const place = (this.#slots[slot] as number) - 1;
      if (place < 0 || this.numbers[place] === number) return place;
    }
  }

  #add(number: number, row: number): void {
    this.#memory.add(NUMBER_BYTES);
    const place = this.numbers.push(number) - 1;
    if (place === this.#first.length) {
      this.#first = larger(this.#first, 2 * place);
      this.#last = larger(this.#last, 2 * place);
      this.#counts = larger(this.#counts, 2 * place);
      this.#slots = new Int32Array(8 * place);
      for (let k = 0; k < place; k++) this.#occupy(k);
    }
    this.#first[place] = row;
    this.#last[place] = row;
    this.#counts[place] = 1;
    this.#occupy(place);
  }

  #occupy(place: number): void {
    const mask = this.#slots.length - 1;
    let slot = slotOf(this.numbers[place] as number, mask);
    while (this.#slots[slot] !== 0) slot = (slot + 1) & mask;
    this.#slots[slot] = place + 1;
  }
}

function slotOf(number: number, mask: number): number {
  const hash = Math.imul(number, 0x9e3779b1);
  return (hash ^ (hash >>> 15)) & mask;
}
