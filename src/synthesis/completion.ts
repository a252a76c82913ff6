import { type Inverse, type Outcome, sameOutcome, type Value } from "../../dsl/index.ts";
import { NONE, type TermBank } from "./term-bank.ts";
import type { Application } from "./application.ts";
import type { Terms } from "./terms.ts";
import { FAILED } from "./value-numbers.ts";

/**
 * Finds known terms as arguments of a row so that it gives a goal, one argument after the other in the order of the row's inverse: each
 * must leave the goal possible on every example, and the last one is looked up where it follows (witness functions: Polozov and
 * Gulwani 2015).
 */
export class Completion {
  readonly application: Application;
  readonly #terms: Terms;
  readonly #inverse: Inverse;
  readonly #banks: readonly TermBank[];
  /** Argument → its values on the examples, and its row. */
  readonly #values: (Value | undefined)[][];
  readonly #rows: Int32Array;
  readonly #wanted: Int32Array;
  readonly #goals: (Value | undefined)[];
  #order: readonly number[] = [];
  #lookUp: (bank: TermBank, wanted: Int32Array) => number = () => NONE;
  #least = 0;
  #limit = 0;
  #best: readonly number[] | null = null;

  constructor(terms: Terms, application: Application) {
    const n = terms.column.length;
    this.#terms = terms;
    this.application = application;
    this.#inverse = application.row.inverse as Inverse;
    this.#banks = application.children.map((child) => terms.banks[child] as TermBank);
    this.#values = application.children.map(() => new Array<Value | undefined>(n));
    this.#rows = new Int32Array(application.children.length);
    this.#wanted = new Int32Array(n);
    this.#goals = new Array<Value | undefined>(n);
  }

  /**
   * @param order examples that count
   * @param lookUp the smallest known term that is as wanted on them
   * @param bound only smaller terms are of use
   * @param limit steps of the terms at which it gives up
   * @returns the smallest term that gives the goal, NONE where there is none
   */
  search(
    goal: Int32Array,
    order: readonly number[],
    lookUp: (bank: TermBank, wanted: Int32Array) => number,
    bound: number,
    limit: number,
  ): number {
    for (const e of order)
      this.#goals[e] = this.#terms.valueOf(this.application.nonterminal, goal[e] as number);
    this.#order = order;
    this.#lookUp = lookUp;
    this.#least = bound;
    this.#limit = limit;
    this.#best = null;
    this.#place(0, 1);
    if (this.#best === null) return NONE;
    const [a = 0, b = 0, c = 0, d = 0] = this.#best as readonly number[];
    return this.#terms.put(this.application, a, b, c, d);
  }

  /** Tries the known terms as the argument that comes at a place of the order. */
  #place(place: number, size: number): void {
    const inverse = this.#inverse;
    const argument = inverse.order[place] as number;
    const bank = this.#banks[argument] as TermBank;
    const isLast = place === inverse.order.length - 1;
    if (isLast && inverse.last !== undefined) {
      this.#follow(argument, bank, size);
      return;
    }
    const terms = this.#terms;
    const order = this.#order;
    const n = terms.column.length;
    const kind = this.application.children[argument] as number;
    const values = this.#values[argument] as (Value | undefined)[];
    const first = order[0] as number;
    const posted = bank.postings(first);
    for (const number of posted.numbers) {
      if (terms.steps >= this.#limit) return;
      terms.steps++;
      if (number === FAILED) continue;
      values[first] = terms.valueOf(kind, number);
      if (!this.#fits(first, place, isLast)) continue;
      rows: for (let row = posted.first(number); row !== NONE; row = posted.next(row)) {
        terms.steps++;
        const total = size + (bank.size[row] as number);
        if (total + (inverse.order.length - 1 - place) >= this.#least) continue;
        for (let k = 1; k < order.length; k++) {
          const e = order[k] as number;
          const here = bank.columns[row * n + e] as number;
          if (here === FAILED) continue rows;
          values[e] = terms.valueOf(kind, here);
          if (!this.#fits(e, place, isLast)) continue rows;
        }
        this.#rows[argument] = row;
        if (isLast) this.#take(total);
        else {
          this.#place(place + 1, total);
          // Deeper places have their own values; those of this one are as they were on the first example.
          values[first] = terms.valueOf(kind, number);
        }
      }
    }
  }

  /** Looks up the last argument, which follows from the others. */
  #follow(argument: number, bank: TermBank, size: number): void {
    const terms = this.#terms;
    const { order, last } = this.#inverse;
    terms.steps++;
    for (const e of this.#order) {
      const [a, b, c] = this.#given(e, order.length - 1);
      const needed = (last as NonNullable<typeof last>)(this.#goals[e], a, b, c);
      if (needed === undefined) return;
      const number = terms.find(this.application.children[argument] as number, needed as Value);
      if (number < 0) return;
      this.#wanted[e] = number;
    }
    const row = this.#lookUp(bank, this.#wanted);
    if (row === NONE || size + (bank.size[row] as number) >= this.#least) return;
    this.#rows[argument] = row;
    this.#take(size + (bank.size[row] as number));
  }

  #take(size: number): void {
    this.#least = size;
    this.#best = Array.from(this.#rows);
  }

  /** Whether the arguments up to a place leave the goal possible on an example; with all of them, whether they give it. */
  #fits(e: number, place: number, isLast: boolean): boolean {
    const goal = this.#goals[e];
    if (isLast) {
      const values = this.#values;
      const outcome = this.application.apply(
        values[0]?.[e] as Value,
        values[1]?.[e] as Value,
        values[2]?.[e] as Value,
        values[3]?.[e] as Value,
      );
      return outcome !== undefined && sameOutcome(outcome as Outcome, goal as Outcome);
    }
    const { possible } = this.#inverse;
    if (possible === undefined) return true;
    const [a, b, c] = this.#given(e, place + 1);
    return possible(goal, a, b, c);
  }

  /** Values of the first arguments in the inverse's order; others are undefined. */
  #given(e: number, count: number): readonly [unknown, unknown, unknown] {
    const { order } = this.#inverse;
    const values = this.#values;
    return [
      count > 0 ? values[order[0] as number]?.[e] : undefined,
      count > 1 ? values[order[1] as number]?.[e] : undefined,
      count > 2 ? values[order[2] as number]?.[e] : undefined,
    ];
  }
}
