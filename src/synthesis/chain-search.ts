import type { Inverse, Value } from "../../dsl/index.ts";
import { larger } from "./larger.ts";
import { hashOf, NONE, type TermBank } from "./term-bank.ts";
import type { Application } from "./application.ts";
import type { Terms } from "./terms.ts";
import { FAILED } from "./value-numbers.ts";

/**
 * Writes a goal as a chain of applications of one row, such as a concatenation of parts: takes off first arguments that are known terms until
 * what is left is a known term, the smallest whole first (Dijkstra 1959, over what is left of the goal).
 */
export class ChainSearch {
  readonly chain: Application;
  readonly #terms: Terms;
  readonly #bank: TermBank;
  readonly #n: number;
  /** Example → value number of what is left → numbers of first arguments that are possible, with what is left then, in turn. */
  readonly #rests: Map<number, { readonly pairs: number[]; seen: number }>[];
  // States: what is left, the size so far, where it came from, by which row.
  #count = 0;
  #left: Int32Array;
  #cost = new Int32Array(1024);
  #from = new Int32Array(1024);
  #row = new Int32Array(1024);
  #slots = new Int32Array(4096);
  readonly #trial: Int32Array;

  constructor(terms: Terms, chain: Application) {
    this.#terms = terms;
    this.chain = chain;
    this.#bank = terms.banks[chain.nonterminal] as TermBank;
    this.#n = terms.column.length;
    this.#rests = Array.from({ length: this.#n }, () => new Map());
    this.#left = new Int32Array(1024 * this.#n);
    this.#trial = new Int32Array(this.#n);
  }

  /**
   * @param order examples that count, the most telling first
   * @param lookUp the smallest known term that gives what is left on them
   * @param bound only smaller wholes are of use
   * @param effort applications that may be tried
   * @returns a row that gives the goal on those examples, NONE where none was found
   */
  search(
    goal: Int32Array,
    order: readonly number[],
    lookUp: (wanted: Int32Array) => number,
    bound: number,
    effort: number,
  ): number {
    const terms = this.#terms;
    const bank = this.#bank;
    const { last: restOf } = this.chain.row.inverse as Required<Inverse>;
    const { values } = terms.values;
    const n = this.#n;
    const first = order[0] as number;
    const trial = this.#trial;
    this.#count = 0;
    this.#slots.fill(0);
    // Cost → states that were reached at it; those that were then reached at less are passed over.
    const queues: number[][] = [];
    const enqueue = (state: number): void => {
      const cost = this.#cost[state] as number;
      while (queues.length <= cost) queues.push([]);
      (queues[cost] as number[]).push(state);
    };
    trial.fill(-1);
    for (const e of order) trial[e] = goal[e] as number;
    this.#add(trial, 0, -1, NONE);
    enqueue(0);
    // The best whole so far: the state before its last argument, and that.
    let [best, bestState, bestLast] = [bound, -1, NONE];
    let left = effort;
    for (let cost = 0; cost < queues.length && cost + 1 < best && left > 0; cost++)
      for (const state of queues[cost] as number[]) {
        if ((this.#cost[state] as number) !== cost) continue;
        const at = state * n;
        if (state > 0) {
          const last = lookUp(this.#left.subarray(at, at + n));
          if (last !== NONE && cost + (bank.size[last] as number) < best)
            [best, bestState, bestLast] = [cost + (bank.size[last] as number), state, last];
        }
        if (left <= 0) break;
        const whole = this.#left[at + first] as number;
        const posted = bank.postings(first);
        const { pairs } = this.#restsOf(whole, first);
        for (let p = 0; p < pairs.length; p += 2) {
          const rest = pairs[p + 1] as number;
          rows: for (let row = posted.first(pairs[p] as number); row !== NONE; row = posted.next(row)) {
            const total = cost + 1 + (bank.size[row] as number);
            left--;
            terms.steps++;
            if (total + 1 >= best) continue;
            let isSame = rest === whole;
            trial[first] = rest;
            for (let k = 1; k < order.length; k++) {
              const e = order[k] as number;
              const number = bank.columns[row * n + e] as number;
              if (number === FAILED) continue rows;
              const goalHere = this.#left[at + e] as number;
              const remaining = restOf(values[goalHere] as Value, values[number] as Value);
              if (remaining === undefined) continue rows;
              trial[e] = terms.values.numberOf(remaining as Value);
              if (trial[e] === FAILED) continue rows;
              isSame &&= trial[e] === goalHere;
            }
            if (isSame) continue;
            const before = this.#count;
            const there = this.#add(trial, total, state, row);
            if (there < before) {
              if ((this.#cost[there] as number) <= total) continue;
              this.#cost[there] = total;
              this.#from[there] = state;
              this.#row[there] = row;
            }
            enqueue(there);
          }
        }
      }
    if (bestLast === NONE) return NONE;
    let row = bestLast;
    for (let state = bestState; state > 0 && row !== NONE; state = this.#from[state] as number)
      row = terms.put(this.chain, this.#row[state] as number, row);
    return row;
  }

  #restsOf(goal: number, example: number): { readonly pairs: number[] } {
    const terms = this.#terms;
    const { last: restOf } = this.chain.row.inverse as Required<Inverse>;
    const { values } = terms.values;
    const distinct = this.#bank.postings(example).numbers;
    let rests = this.#rests[example]?.get(goal);
    if (rests === undefined) {
      rests = { pairs: [], seen: 0 };
      this.#rests[example]?.set(goal, rests);
    }
    for (; rests.seen < distinct.length; rests.seen++) {
      const number = distinct[rests.seen] as number;
      if (number === FAILED) continue;
      const rest = restOf(values[goal] as Value, values[number] as Value);
      const restNumber = rest === undefined ? FAILED : terms.values.numberOf(rest as Value);
      if (restNumber !== FAILED) rests.pairs.push(number, restNumber);
    }
    return rests;
  }

  /** The state of what is left: a known one, or a new one. */
  #add(left: Int32Array, cost: number, from: number, row: number): number {
    const n = this.#n;
    const hash = hashOf(left, 0, n);
    if (this.#count === this.#cost.length) this.#grow();
    const mask = this.#slots.length - 1;
    let slot = hash & mask;
    search: for (; ; slot = (slot + 1) & mask) {
      const state = (this.#slots[slot] as number) - 1;
      if (state < 0) break;
      for (let e = 0; e < n; e++) if (this.#left[state * n + e] !== left[e]) continue search;
      return state;
    }
    const state = this.#count++;
    this.#slots[slot] = state + 1;
    this.#left.set(left, state * n);
    this.#cost[state] = cost;
    this.#from[state] = from;
    this.#row[state] = row;
    return state;
  }

  #grow(): void {
    const capacity = 2 * this.#cost.length;
    this.#left = larger(this.#left, capacity * this.#n);
    this.#cost = larger(this.#cost, capacity);
    this.#from = larger(this.#from, capacity);
    this.#row = larger(this.#row, capacity);
    this.#slots = new Int32Array(4 * capacity);
    const mask = this.#slots.length - 1;
    for (let state = 0; state < this.#count; state++) {
      let slot = hashOf(this.#left, state * this.#n, this.#n) & mask;
      while (this.#slots[slot] !== 0) slot = (slot + 1) & mask;
      this.#slots[slot] = state + 1;
    }
  }
}
