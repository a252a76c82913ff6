import { larger } from "./larger.ts";
import type { MemoryBound } from "./memory-bound.ts";
import { Postings } from "./postings.ts";
import { FAILED } from "./value-numbers.ts";

/** A row that stands for no term. */
export const NONE = -1;
/** Arguments that a term may have. */
export const ARGUMENTS = 4;

/** What a row takes beside its column, and a number of a column, in bytes. */
const ROW_BYTES = 60;
const NUMBER_BYTES = 4;

/** Hash of so many numbers of a column. */
export const hashOf = (column: Int32Array, at: number, count: number): number => {
  let hash = 0x811c9dc5;
  for (let e = 0; e < count; e++) {
    hash = Math.imul(hash ^ (column[at + e] as number), 0x9e3779b1);
    hash ^= hash >>> 15;
  }
  return hash;
};

/**
 * Terms of one nonterminal, one for each behaviour on the examples: that which came first, of the smallest size where they come in that
 * order. A row is a production, its arguments' rows in their banks, and a column with a value number for each example.
 */
export class TermBank {
  readonly examples: number;
  count = 0;
  columns = new Int32Array(0);
  production = new Int32Array(0);
  size = new Int32Array(0);
  /** Row × ARGUMENTS: rows of the arguments; of a constant the number itself. */
  arguments = new Int32Array(0);
  /** Size → rows that came as terms of that size, in order. */
  readonly rowsOfSize: number[][] = [];
  #hashes = new Int32Array(0);
  #slots = new Int32Array(0);
  /** Example → rows by their value numbers, where that was asked for. */
  readonly #postings: (Postings | undefined)[] = [];
  /** Row → 1 for those that count among the terms of their size. */
  #listed = new Uint8Array(0);
  /** Rows that it has room for to begin with: most banks of lambdas stay empty. */
  readonly #capacity: number;

  readonly #memory: MemoryBound;

  constructor(examples: number, memory: MemoryBound, capacity = 1024) {
    this.examples = examples;
    this.#memory = memory;
    this.#capacity = capacity;
  }

  /** The row of a column, NONE where no term has it. */
  find(column: Int32Array, at = 0): number {
    if (this.count === 0) return NONE;
    const hash = hashOf(column, at, this.examples);
    const mask = this.#slots.length - 1;
    for (let slot = hash & mask; ; slot = (slot + 1) & mask) {
      const row = (this.#slots[slot] as number) - 1;
      if (row < 0 || ((this.#hashes[row] as number) === hash && this.#isAt(row, column, at))) return row;
    }
  }

  /**
   * Takes in a term, unless one does the same or it fails on every example.
   * @param isListed whether it counts among the terms of its size
   * @returns its row, or −2 − the row that does the same; NONE where it fails on every example
   */
  insert(
    column: Int32Array,
    production: number,
    size: number,
    a: number,
    b: number,
    c: number,
    d: number,
    isListed: boolean,
  ): number {
    const { examples } = this;
    let works = false;
    for (let e = 0; e < examples && !works; e++) works = column[e] !== FAILED;
    if (!works) return NONE;
    if (this.production.length === 0) this.#grow();
    const hash = hashOf(column, 0, examples);
    let mask = this.#slots.length - 1;
    let slot = hash & mask;
    for (; ; slot = (slot + 1) & mask) {
      const row = (this.#slots[slot] as number) - 1;
      if (row < 0) break;
      if ((this.#hashes[row] as number) !== hash || !this.#isAt(row, column, 0)) continue;
      if (isListed && this.#listed[row] === 0) this.#list(row, size);
      return -2 - row;
    }
    if (this.count === this.production.length) {
      this.#grow();
      mask = this.#slots.length - 1;
      slot = hash & mask;
      while (this.#slots[slot] !== 0) slot = (slot + 1) & mask;
    }
    this.#memory.add(ROW_BYTES + NUMBER_BYTES * examples);
    const row = this.count++;
    this.#slots[slot] = row + 1;
    this.#hashes[row] = hash;
    this.columns.set(examples === column.length ? column : column.subarray(0, examples), row * examples);
    this.production[row] = production;
    this.size[row] = size;
    const at = row * ARGUMENTS;
    this.arguments[at] = a;
    this.arguments[at + 1] = b;
    this.arguments[at + 2] = c;
    this.arguments[at + 3] = d;
    if (isListed) this.#list(row, size);
    return row;
  }

  #list(row: number, size: number): void {
    this.#listed[row] = 1;
    while (this.rowsOfSize.length <= size) this.rowsOfSize.push([]);
    (this.rowsOfSize[size] as number[]).push(row);
  }

  /** Puts a smaller term in the place of one that does the same. */
  improve(row: number, production: number, size: number, a: number, b: number, c: number, d: number): void {
    if (size >= (this.size[row] as number)) return;
    this.production[row] = production;
    this.size[row] = size;
    this.arguments.set([a, b, c, d], row * ARGUMENTS);
  }

  /** The rows by the value numbers that they have on an example; those that come later are in it when it is asked for again. */
  postings(example: number): Postings {
    const postings = (this.#postings[example] ??= new Postings(this.#memory));
    postings.update(this.columns, this.examples, example, this.count);
    return postings;
  }

  /** Rows that have a number on each of some examples, the numbers in the same order, in the order in which they came. */
  rowsWith(examples: readonly number[], numbers: readonly number[]): number[] {
    let fewest: Postings | null = null;
    let [least, rarest] = [Number.POSITIVE_INFINITY, 0];
    for (let k = 0; k < examples.length; k++) {
      const postings = this.postings(examples[k] as number);
      const count = postings.count(numbers[k] as number);
      if (count === 0) return [];
      if (count < least) [fewest, least, rarest] = [postings, count, numbers[k] as number];
    }
    const rows: number[] = [];
    for (let row = fewest?.first(rarest) ?? NONE; row !== NONE; row = (fewest as Postings).next(row)) {
      const at = row * this.examples;
      let isAlike = true;
      for (let k = 0; k < examples.length && isAlike; k++)
        isAlike = this.columns[at + (examples[k] as number)] === numbers[k];
      if (isAlike) rows.push(row);
    }
    return rows;
  }

  #isAt(row: number, column: Int32Array, from: number): boolean {
    const at = row * this.examples;
    for (let e = 0; e < this.examples; e++) if (this.columns[at + e] !== column[from + e]) return false;
    return true;
  }

  #grow(): void {
    const capacity = this.count === 0 ? this.#capacity : 2 * this.production.length;
    this.columns = larger(this.columns, capacity * this.examples);
    this.production = larger(this.production, capacity);
    this.size = larger(this.size, capacity);
    this.arguments = larger(this.arguments, capacity * ARGUMENTS);
    const listed = new Uint8Array(capacity);
    listed.set(this.#listed);
    this.#listed = listed;
    this.#hashes = larger(this.#hashes, capacity);
    this.#slots = new Int32Array(2 * capacity);
    const mask = this.#slots.length - 1;
    for (let row = 0; row < this.count; row++) {
      let slot = (this.#hashes[row] as number) & mask;
      while (this.#slots[slot] !== 0) slot = (slot + 1) & mask;
      this.#slots[slot] = row + 1;
    }
  }
}
