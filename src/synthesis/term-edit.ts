import type { Production } from "../../dsl/index.ts";
import type { RandomStream } from "../random-stream.ts";
import type { Individual, Population } from "./population.ts";
import { ARGUMENTS, NONE, type TermBank } from "./term-bank.ts";
import type { Application } from "./application.ts";
import type { Terms } from "./terms.ts";

/** Nodes that are looked at until one is of the wanted type. */
const CROSSING_TRIES = 6;
/** Deepest place that is varied. */
const DEEPEST = 64;

/** A place in a term, and what is put there: how parents become children. */
export class TermEdit {
  readonly #terms: Terms;
  readonly #stream: RandomStream;
  readonly #productions: readonly Production[];
  /** Nonterminal → donors, the smallest first. */
  readonly #donors: readonly (readonly number[])[];
  /** Nonterminal → applications that yield it. */
  readonly #yielding: readonly (readonly Application[])[];
  // The place that is varied, and the way to it from the root.
  readonly pathProduction = new Int32Array(DEEPEST);
  readonly pathRows = new Int32Array(DEEPEST * ARGUMENTS);
  readonly pathArgument = new Int32Array(DEEPEST);
  depth = 0;
  nonterminal = 0;
  place = NONE;
  // What takes the place: a production with arguments.
  production = NONE;
  readonly rows = new Int32Array(ARGUMENTS);
  /** Its row, NONE where it is not known. */
  row = NONE;

  /** @param donors nonterminal → rows that parts are replaced by, the smallest first */
  constructor(terms: Terms, donors: readonly (readonly number[])[], stream: RandomStream) {
    this.#terms = terms;
    this.#donors = donors;
    this.#stream = stream;
    this.#productions = terms.grammar.productions;
    this.#yielding = terms.grammar.types.map((_, type) =>
      terms.applications.filter((one) => one.nonterminal === type),
    );
  }

  sizeOfArguments(production: number, rows: ArrayLike<number>, at: number): number {
    const { children } = this.#productions[production] as Production;
    let size = 0;
    for (let k = 0; k < children.length; k++)
      size += this.#terms.bank(children[k] as number).size[rows[at + k] as number] as number;
    return size;
  }

  /** Goes to a node of a program of the population, each as likely. */
  walk(population: Population, individual: Individual): void {
    const { production, row } = individual;
    const terms = this.#terms;
    this.depth = 0;
    this.nonterminal = population.nonterminal;
    this.place = row;
    this.row = row;
    this.production = production;
    this.rows.set(individual.arguments);
    let left = this.#stream.below(1 + this.sizeOfArguments(production, this.rows, 0));
    while (left > 0 && this.depth < DEEPEST) {
      left--;
      const { children } = this.#productions[this.production] as Production;
      let k = 0;
      for (; k < children.length; k++) {
        const size = terms.bank(children[k] as number).size[this.rows[k] as number] as number;
        if (left < size) break;
        left -= size;
      }
      // Sizes are upper bounds: terms get smaller as others of the same behaviour are found.
      if (k === children.length) return;
      this.pathProduction[this.depth] = this.production;
      this.pathRows.set(this.rows, this.depth * ARGUMENTS);
      this.pathArgument[this.depth] = k;
      this.depth++;
      this.#at(terms.bankOf[children[k] as number] as number, this.rows[k] as number);
    }
  }

  #at(nonterminal: number, row: number): void {
    const bank = this.#terms.banks[nonterminal] as TermBank;
    this.nonterminal = nonterminal;
    this.place = row;
    this.#take(bank, row);
  }

  /** A known term takes the place. */
  #take(bank: TermBank, row: number): void {
    this.row = row;
    this.production = bank.production[row] as number;
    for (let k = 0; k < ARGUMENTS; k++) this.rows[k] = bank.arguments[row * ARGUMENTS + k] as number;
  }

  /** Puts something else in the place; false where nothing could be found. */
  vary(population: Population): boolean {
    const stream = this.#stream;
    const choice = stream.below(16);
    if (choice < 5) return this.#replace();
    if (choice < 8) return this.#cross(population);
    if (choice < 10) return this.#hoist();
    if (choice < 13) return this.#wrap();
    if (choice < 15) return this.#exchangeRow();
    return this.#grow();
  }

  /** A donor of a nonterminal, small ones likelier; NONE where there is none. */
  #donor(nonterminal: number): number {
    const donors = this.#donors[this.#terms.bankOf[nonterminal] as number] as number[];
    const u = this.#stream.uniform();
    return donors.length === 0 ? NONE : (donors[Math.floor(donors.length * u * u * u)] as number);
  }

  #replace(): boolean {
    const row = this.#donor(this.nonterminal);
    if (row === NONE || row === this.place) return false;
    this.#take(this.#terms.banks[this.nonterminal] as TermBank, row);
    return true;
  }

  /** A part of another program. */
  #cross(population: Population): boolean {
    const other = population.parent();
    const nonterminal = this.nonterminal;
    for (let tries = 0; tries < CROSSING_TRIES; tries++) {
      const row = this.#partOf(
        other.production,
        other.arguments,
        0,
        nonterminal,
        population.nonterminal,
        other.row,
      );
      if (row === NONE || row === this.place) continue;
      this.#take(this.#terms.banks[nonterminal] as TermBank, row);
      return true;
    }
    return false;
  }

  /** A random node of a term, NONE where it is of another nonterminal than wanted. */
  #partOf(
    production: number,
    rows: ArrayLike<number>,
    at: number,
    wanted: number,
    nonterminal: number,
    row: number,
  ): number {
    const terms = this.#terms;
    let left = this.#stream.below(1 + this.sizeOfArguments(production, rows, at));
    let [own, type, index] = [production, nonterminal, row];
    let [source, from] = [rows, at];
    while (left > 0) {
      left--;
      const { children } = this.#productions[own] as Production;
      let k = 0;
      for (; k < children.length; k++) {
        const size = terms.bank(children[k] as number).size[source[from + k] as number] as number;
        if (left < size) break;
        left -= size;
      }
      if (k === children.length) return NONE;
      type = terms.bankOf[children[k] as number] as number;
      index = source[from + k] as number;
      const bank = terms.banks[type] as TermBank;
      own = bank.production[index] as number;
      source = bank.arguments;
      from = index * ARGUMENTS;
    }
    return type === wanted ? index : NONE;
  }

  /** A part of what is there. */
  #hoist(): boolean {
    for (let tries = 0; tries < CROSSING_TRIES; tries++) {
      const row = this.#partOf(this.production, this.rows, 0, this.nonterminal, this.nonterminal, this.place);
      if (row === NONE || row === this.place) continue;
      this.#take(this.#terms.banks[this.nonterminal] as TermBank, row);
      return true;
    }
    return false;
  }

  #application(): Application | undefined {
    const yielding = this.#yielding[this.nonterminal] as readonly Application[];
    return yielding[this.#stream.below(Math.max(1, yielding.length))];
  }

  /** An application of which what is there is an argument. */
  #wrap(): boolean {
    const application = this.#application();
    if (application === undefined) return false;
    const { children, production } = application;
    const own: number[] = [];
    children.forEach((child, k) => {
      if (child === this.nonterminal) own.push(k);
    });
    if (own.length === 0) return false;
    const kept = own[this.#stream.below(own.length)] as number;
    return this.#fill(production, children, (k) => (k === kept ? this.place : NONE));
  }

  /** Another row, of as many of the arguments as fit. */
  #exchangeRow(): boolean {
    const application = this.#application();
    if (application === undefined || application.production === this.production) return false;
    const { children, production } = application;
    const before = (this.#productions[this.production] as Production).children;
    const rows = [...this.rows];
    return this.#fill(production, children, (k) =>
      k < before.length && this.#terms.bankOf[before[k] as number] === children[k]
        ? (rows[k] as number)
        : NONE,
    );
  }

  #grow(): boolean {
    const application = this.#application();
    return application !== undefined && this.#fill(application.production, application.children, () => NONE);
  }

  /** An application takes the place; arguments that are not given are donors. */
  #fill(production: number, children: readonly number[], given: (k: number) => number): boolean {
    this.row = NONE;
    this.production = production;
    for (let k = 0; k < children.length; k++) {
      let row = given(k);
      if (row === NONE) row = this.#donor(children[k] as number);
      if (row === NONE) return false;
      this.rows[k] = row;
    }
    return true;
  }
}
