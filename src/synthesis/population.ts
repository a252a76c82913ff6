import type { Value } from "../../dsl/index.ts";
import type { RandomStream } from "../random-stream.ts";
import { distanceOf } from "./distance.ts";
import { larger } from "./larger.ts";
import { ARGUMENTS } from "./term-bank.ts";

/** Terms that live on from one generation to the next, and that are born in one. */
const LIVING = 250;
const BORN = 500;
/** Members that are looked at in one selection. */
const SAMPLE = 64;
/** Sets of examples of which the smallest terms are kept that give the goal on these; so many terms in all, if there are, at least and at most so many of a set. */
const MOST_KINDS = 400;
const KEPT = 600;
const LEAST_OF_A_KIND = 6;
const MOST_OF_A_KIND = 40;

/** A term by how it begins: those of the same behaviour are one row of a bank, but those that reach the goal are kept apart. */
export interface Individual {
  readonly production: number;
  readonly arguments: Int32Array;
  readonly row: number;
  readonly size: number;
}

/**
 * Terms on their way to a goal. Who lives on is decided by lexicase selection (Spector 2012) on how far each output is from the wanted one,
 * and so is who has children, on some of the examples (Hernandez et al. 2019).
 */
export class Population {
  readonly nonterminal: number;
  /** Value numbers that are wanted. */
  readonly goal: Int32Array;
  /** The examples that count. */
  readonly examples: readonly number[];
  readonly #valueOf: (number: number) => Value | undefined;
  readonly #stream: RandomStream;
  #members: Individual[] = [];
  /** Examples on which the goal is given → the smallest terms. */
  readonly #kinds = new Map<number, Individual[]>();
  readonly #masks: number[] = [];
  readonly #keptOfAKind: number;
  readonly #full: number;
  /** Member × example → distance. */
  #distances = new Int32Array(0);
  /** Example → value number → 1 + distance, 0 where it is not known. */
  readonly #known: Int32Array[];
  readonly #seen = new Set<number>();
  readonly #pool = new Int32Array(Math.max(SAMPLE, MOST_KINDS));
  readonly #cases: Int32Array;

  constructor(
    nonterminal: number,
    goal: Int32Array,
    examples: readonly number[],
    valueOf: (number: number) => Value | undefined,
    stream: RandomStream,
  ) {
    this.nonterminal = nonterminal;
    this.goal = goal;
    this.examples = examples;
    this.#valueOf = valueOf;
    this.#stream = stream;
    this.#cases = new Int32Array(examples.length);
    this.#full = 2 ** examples.length - 1;
    const kept = Math.floor(KEPT / Math.min(this.#full, MOST_KINDS));
    this.#keptOfAKind = Math.max(LEAST_OF_A_KIND, Math.min(MOST_OF_A_KIND, kept));
    this.#known = examples.map(() => new Int32Array(1024));
  }

  get isEmpty(): boolean {
    return this.#members.length === 0 && this.#masks.length === 0;
  }

  /** Terms that reach the goal, the smallest first. */
  get answers(): readonly Individual[] {
    return this.#kinds.get(this.#full) ?? [];
  }

  /** The smallest of the terms that give the goal on the same examples. */
  get smallest(): ReadonlyMap<number, Individual> {
    return new Map(this.#masks.map((mask) => [mask, this.#kinds.get(mask)?.[0] as Individual]));
  }

  /** Terms on the way to the goal. */
  get members(): readonly Individual[] {
    return this.#members;
  }

  /** Who has children. */
  parent(): Individual {
    const stream = this.#stream;
    if (this.#masks.length > 0 && (this.#members.length === 0 || stream.chance(0.5))) return this.#smallOne();
    const member = this.#selected(this.#members.length, 1 + stream.below(this.examples.length));
    return this.#members[member] as Individual;
  }

  /** One of the smallest, by lexicase selection over what they give. */
  #smallOne(): Individual {
    const stream = this.#stream;
    const pool = this.#pool;
    const count = this.examples.length;
    let length = this.#masks.length;
    for (let k = 0; k < length; k++) pool[k] = this.#masks[k] as number;
    let unused = this.#full;
    for (let left = 1 + stream.below(count); left > 0 && length > 1; left--) {
      let k = stream.below(count);
      while (((unused >> k) & 1) === 0) k = (k + 1) % count;
      unused &= ~(1 << k);
      let passing = 0;
      for (let m = 0; m < length; m++) {
        const mask = pool[m] as number;
        if ((mask >> k) & 1) pool[passing++] = mask;
      }
      // Where none gives this output, nothing was moved.
      if (passing > 0) length = passing;
    }
    const kind = this.#kinds.get(pool[stream.below(length)] as number) as Individual[];
    return kind[stream.below(kind.length)] as Individual;
  }

  /** Takes in a term with a column of a bank; larger answers than others are of no use. */
  add(
    production: number,
    rows: ArrayLike<number>,
    row: number,
    size: number,
    columns: Int32Array,
  ): "answer" | "member" | "known" {
    const { goal, examples } = this;
    const at = row * goal.length;
    let mask = 0;
    for (let k = 0; k < examples.length; k++) {
      const e = examples[k] as number;
      if (columns[at + e] === goal[e]) mask |= 1 << k;
    }
    if (mask !== 0) this.#keep(mask, production, rows, row, size);
    if (mask === this.#full) return "answer";
    if (this.#seen.has(row)) return "known";
    this.#seen.add(row);
    const n = examples.length;
    const member = this.#members.length;
    if ((member + 1) * n > this.#distances.length)
      this.#distances = larger(this.#distances, 2 * (member + 1) * n);
    for (let k = 0; k < n; k++)
      this.#distances[member * n + k] = this.#distance(k, columns[at + (examples[k] as number)] as number);
    this.#members.push(individualOf(production, rows, row, size));
    return "member";
  }

  /** Whether a generation is born. */
  get isFull(): boolean {
    return this.#members.length >= LIVING + BORN;
  }

  /** Leaves those that live on. */
  thin(): void {
    let count = this.#members.length;
    if (count <= LIVING) return;
    const n = this.examples.length;
    const living: number[] = [];
    this.#order = Int32Array.from({ length: count }, (_, k) => k);
    const order = this.#order;
    while (living.length < LIVING) {
      const chosen = this.#selected(count, n);
      living.push(order[chosen] as number);
      order[chosen] = order[--count] as number;
    }
    this.#order = null;
    const distances = new Int32Array((LIVING + BORN) * n);
    living.forEach((member, k) => distances.set(this.#distances.subarray(member * n, member * n + n), k * n));
    this.#distances = distances;
    this.#members = living.map((member) => this.#members[member] as Individual);
  }

  /** The members in the order of those that are left while some are chosen to live on. */
  #order: Int32Array | null = null;

  /** One of the first so many members, by lexicase selection over so many examples in a sample; of those that are left the smallest. */
  #selected(count: number, cases: number): number {
    const stream = this.#stream;
    const pool = this.#pool;
    const distances = this.#distances;
    const n = this.examples.length;
    const order = this.#order;
    let length = Math.min(count, SAMPLE);
    for (let k = 0; k < length; k++) pool[k] = count <= SAMPLE ? k : stream.below(count);
    let left = n;
    const unused = this.#cases;
    for (let k = 0; k < n; k++) unused[k] = k;
    for (let c = 0; c < cases && length > 1; c++) {
      const drawn = stream.below(left--);
      const k = unused[drawn] as number;
      unused[drawn] = unused[left] as number;
      let least = Number.POSITIVE_INFINITY;
      let best = 0;
      for (let m = 0; m < length; m++) {
        const entry = pool[m] as number;
        const distance = distances[(order === null ? entry : (order[entry] as number)) * n + k] as number;
        if (distance > least) continue;
        if (distance < least) {
          least = distance;
          best = 0;
        }
        pool[best++] = entry;
      }
      length = best;
    }
    let smallest = pool[stream.below(length)] as number;
    if (cases < n) return smallest;
    for (let m = 0; m < length; m++)
      if (this.#sizeOf(pool[m] as number) < this.#sizeOf(smallest)) smallest = pool[m] as number;
    return smallest;
  }

  #sizeOf(entry: number): number {
    const order = this.#order;
    return (this.#members[order === null ? entry : (order[entry] as number)] as Individual).size;
  }

  #distance(k: number, number: number): number {
    let known = this.#known[k] as Int32Array;
    if (number >= known.length) {
      known = larger(known, 2 * number);
      this.#known[k] = known;
    }
    if (known[number] === 0) {
      const wanted = this.#valueOf(this.goal[this.examples[k] as number] as number) as Value;
      known[number] = 1 + distanceOf(wanted, this.#valueOf(number));
    }
    return (known[number] as number) - 1;
  }

  #keep(mask: number, production: number, rows: ArrayLike<number>, row: number, size: number): void {
    let kind = this.#kinds.get(mask);
    if (kind === undefined) {
      if (this.#masks.length >= MOST_KINDS) return;
      kind = [];
      this.#kinds.set(mask, kind);
      this.#masks.push(mask);
    }
    if (kind.length >= this.#keptOfAKind && size > (kind.at(-1) as Individual).size) return;
    // What gives the whole goal is one row, however it begins.
    const known = kind.findIndex(
      (other) =>
        other.row === row &&
        (mask !== this.#full ||
          (other.production === production && other.arguments.every((one, k) => one === rows[k]))),
    );
    if (known >= 0) {
      if ((kind[known] as Individual).size <= size) return;
      kind.splice(known, 1);
    }
    // The newest of those of a size comes first, so that it takes the place of older ones.
    let at = 0;
    while (at < kind.length && (kind[at] as Individual).size < size) at++;
    kind.splice(at, 0, individualOf(production, rows, row, size));
    if (kind.length > this.#keptOfAKind) kind.pop();
  }
}

const individualOf = (
  production: number,
  rows: ArrayLike<number>,
  row: number,
  size: number,
): Individual => ({
  production,
  arguments: Int32Array.from({ length: ARGUMENTS }, (_, k) => rows[k] as number),
  row,
  size,
});
