import { larger } from "./larger.ts";
import { FAILED } from "./value-numbers.ts";

/** A row that stands for no term. */
export const NONE = -1;
/** Arguments that a term may have. */
export const ARGUMENTS = 4;

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
  /** Example → value number → rows; null until asked for. */
  #postings: Map<number, number[]>[] | null = null;
  #distinct: readonly number[][] = [];
  /** Row → 1 for those that count among the terms of their size. */
  #listed = new Uint8Array(0);
  /** Rows that it has room for to begin with: most banks of lambdas stay empty. */
  readonly #capacity: number;

  constructor(examples: number, capacity = 1024) {
    this.examples = examples;
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
    if (this.#postings !== null) this.#post(row, this.#postings);
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

  /** Value number → rows that have it on an example, in order. */
  postings(example: number): Map<number, number[]> {
    if (this.#postings === null) {
      this.#postings = Array.from({ length: this.examples }, () => new Map<number, number[]>());
      this.#distinct = this.#postings.map(() => []);
      for (let row = 0; row < this.count; row++) this.#post(row, this.#postings);
    }
    return this.#postings[example] as Map<number, number[]>;
  }

  /** Value numbers that some term has on an example, in the order of their first one. */
  distinct(example: number): readonly number[] {
    this.postings(example);
    return this.#distinct[example] as number[];
  }

  #post(row: number, postings: readonly Map<number, number[]>[]): void {
    const at = row * this.examples;
    for (let e = 0; e < this.examples; e++) {
      const value = this.columns[at + e] as number;
      const rows = postings[e]?.get(value);
      if (rows === undefined) {
        postings[e]?.set(value, [row]);
        this.#distinct[e]?.push(value);
      } else rows.push(row);
    }
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
