import type { Grammar, Production } from "../../dsl/index.ts";
import { RandomStream } from "../random-stream.ts";
import { programOf } from "./answer.ts";
import { rowOf } from "./known-program.ts";
import { type Individual, Population } from "./population.ts";
import { type PackedPrograms, packPrograms, unpackPrograms } from "./packed-programs.ts";
import { ARGUMENTS, NONE, type TermBank } from "./term-bank.ts";
import { type Application, type Example, Terms } from "./terms.ts";
import { FAILED } from "./value-numbers.ts";

/** Nodes that programs may have more than the smallest answer, so that the way to a smaller one may lead through larger ones. */
const SLACK = 2;
/** Nodes of whole programs that are bred; larger answers get smaller part by part. */
const LARGEST = 60;
/** Candidates of whole programs between those of parts, those of a part, parts at a time, and the fewest nodes of one. */
const WHOLE_CANDIDATES = 20_000;
const PART_CANDIDATES = 5000;
const PARTS = 4;
/** Candidates none of which does anything new where few behaviours are possible. */
const EXHAUSTING_CANDIDATES = 2000;
/** Nodes that are looked at to find these parts. */
const PART_TRIES = 24;
const SMALLEST_PART = 4;
/** Programs on their way that go on in the next epoch. */
const SENT_MEMBERS = 100;
/** Nodes that are looked at until one is of the wanted type. */
const CROSSING_TRIES = 6;
/** Deepest place that is varied. */
const DEEPEST = 64;

/** What an epoch is asked for, in flat buffers. */
export interface EvolutionJob {
  /** Root key of the search's seed, and which stream of it is used. */
  readonly key: Int32Array;
  readonly epoch: number;
  readonly island: number;
  /** The examples that are looked at, at most 30. */
  readonly looked: Int32Array;
  /** Longest string that a term may give. */
  readonly longest: number;
  /** Steps after which it ends. */
  readonly steps: number;
  /** Small terms of all types, the smallest first: what parts are replaced by. */
  readonly donors: PackedPrograms;
  /** Programs that the first generation is made of, beside the donors. */
  readonly parents: PackedPrograms;
}

export interface EvolutionResult {
  /** Programs that pass all of the examples, or others than their parents, or the same as smaller ones. */
  readonly finds: PackedPrograms;
  readonly steps: number;
}

/**
 * An epoch of evolution over terms: parts of programs are exchanged, replaced and taken away, and of those that pass the same examples the
 * smallest are kept. Parents are chosen by lexicase selection (Spector 2012) over some of the examples (Hernandez et al. 2019). Terms of the same behaviour share the
 * smallest form that is known. What comes out depends on the arguments alone.
 */
export function evolveTerms(
  grammar: Grammar,
  examples: readonly Example[],
  job: EvolutionJob,
): EvolutionResult {
  const looked = Array.from(job.looked, (k) => examples[k] as Example);
  return new Epoch(grammar, looked, job).run();
}

class Epoch {
  readonly #terms: Terms;
  readonly #stream: RandomStream;
  readonly #job: EvolutionJob;
  readonly #result: number;
  readonly #productions: readonly Production[];
  /** Nonterminal → donors, the smallest first. */
  readonly #donors: number[][];
  /** Nonterminal → applications that yield it. */
  readonly #yielding: readonly (readonly Application[])[];
  /** What the parents pass. */
  readonly #known: ReadonlyMap<number, Individual>;
  /** What is evolved: whole programs, or what may take the place of a part of one. */
  #population: Population;
  #candidates = 0;
  /** Whether nothing new is to be had. */
  #isExhausted = false;
  /** Nodes that a term may have. */
  #largest = LARGEST;
  // The place that is varied, and the way to it from the root.
  readonly #pathProduction = new Int32Array(DEEPEST);
  readonly #pathRows = new Int32Array(DEEPEST * ARGUMENTS);
  readonly #pathArgument = new Int32Array(DEEPEST);
  #depth = 0;
  #nonterminal = 0;
  #place = NONE;
  // What takes the place: a production with arguments.
  #production = NONE;
  readonly #rows = new Int32Array(ARGUMENTS);
  /** Its row, NONE where it is not known. */
  #row = NONE;

  constructor(grammar: Grammar, examples: readonly Example[], job: EvolutionJob) {
    const terms = new Terms(grammar, examples, job.longest);
    this.#terms = terms;
    this.#job = job;
    this.#stream = new RandomStream().derive(job.key, job.island, job.epoch, 0);
    this.#productions = grammar.productions;
    this.#result = terms.bankOf[grammar.resultType] as number;
    this.#donors = grammar.types.map(() => []);
    this.#yielding = grammar.types.map((_, type) =>
      terms.applications.filter((one) => one.nonterminal === type),
    );
    for (const program of unpackPrograms(job.donors)) {
      const row = rowOf(terms, program);
      const type = terms.bankOf[
        (grammar.productions[program.tokens.at(-1) as number] as Production).type
      ] as number;
      if (row !== NONE) this.#donors[type]?.push(row);
    }
    for (const program of unpackPrograms(job.parents)) rowOf(terms, program);
    this.#population = this.#populationOf(this.#result, terms.goal(), [...examples.keys()]);
    this.#known = this.#population.smallest;
  }

  run(): EvolutionResult {
    const terms = this.#terms;
    const whole = this.#population;
    while (this.#goesOn() && !whole.isEmpty) {
      this.#population = whole;
      const best = whole.answers[0];
      this.#largest = Math.min(best?.size ?? LARGEST, LARGEST) + SLACK;
      this.#evolve(WHOLE_CANDIDATES);
      let parts = 0;
      for (let k = 0; k < PART_TRIES && parts < PARTS && this.#goesOn(); k++) {
        const answer = whole.answers[0];
        if (answer !== undefined && this.#improvePart(whole, answer)) parts++;
      }
    }
    const isNew = ([mask, { size }]: [number, Individual]): boolean =>
      size < (this.#known.get(mask)?.size ?? Number.POSITIVE_INFINITY);
    const finds = [...whole.smallest].filter(isNew).map(([, individual]) => individual);
    finds.push(...whole.members.slice(0, SENT_MEMBERS));
    return {
      finds: packPrograms(finds.map(({ row }) => programOf(terms, this.#result, row))),
      steps: terms.steps,
    };
  }

  /** Known terms as the first generation. */
  #populationOf(nonterminal: number, goal: Int32Array, examples: readonly number[]): Population {
    const population = new Population(
      nonterminal,
      goal,
      examples,
      (number) => this.#terms.valueOf(nonterminal, number),
      this.#stream,
    );
    const bank = this.#terms.banks[nonterminal] as TermBank;
    for (let row = 0; row < bank.count; row++) {
      const at = row * ARGUMENTS;
      population.add(
        bank.production[row] as number,
        bank.arguments.subarray(at, at + ARGUMENTS),
        row,
        bank.size[row] as number,
        bank.columns,
      );
    }
    population.thin();
    return population;
  }

  /** Candidates that are too large cost no step, so they are counted as well. */
  #goesOn(): boolean {
    const { steps } = this.#job;
    return this.#terms.steps < steps && this.#candidates < steps && !this.#isExhausted;
  }

  #evolve(candidates: number): void {
    let known = this.#knownTerms();
    for (let k = 1; k <= candidates && this.#goesOn(); k++) {
      this.#candidates++;
      this.#walk(this.#population.parent());
      if (this.#vary()) this.#offer();
      if (k % EXHAUSTING_CANDIDATES > 0) continue;
      this.#isExhausted = this.#knownTerms() === known;
      known = this.#knownTerms();
    }
  }

  #knownTerms(): number {
    return this.#terms.banks.reduce((sum, { count }) => sum + count, 0);
  }

  /** Evolves what may take the place of a part of a program: what gives the same where it counts. False where the part was too small. */
  #improvePart(whole: Population, program: Individual): boolean {
    const terms = this.#terms;
    const n = whole.goal.length;
    this.#population = whole;
    this.#walk(program);
    const [depth, nonterminal, place] = [this.#depth, this.#nonterminal, this.#place];
    const bank = terms.banks[nonterminal] as TermBank;
    const size = bank.size[place] as number;
    if (depth === 0 || size < SMALLEST_PART) return false;
    const path = Array.from({ length: depth }, (_, d) => ({
      production: this.#pathProduction[d] as number,
      rows: this.#pathRows.slice(d * ARGUMENTS, d * ARGUMENTS + ARGUMENTS),
      argument: this.#pathArgument[d] as number,
    })).reverse();
    const counting: number[] = [];
    for (let e = 0; e < n; e++) {
      let value = FAILED;
      for (const { production, rows, argument } of path) {
        const application = terms.applicationOf[production] as Application;
        value = terms.outcome(
          application,
          application.children.map((child, k) =>
            k === argument
              ? value
              : ((terms.banks[child] as TermBank).columns[(rows[k] as number) * n + e] as number),
          ),
        );
      }
      if (value !== whole.goal[e]) counting.push(e);
    }
    if (counting.length === 0) return false;
    this.#population = this.#populationOf(
      nonterminal,
      bank.columns.slice(place * n, place * n + n),
      counting,
    );
    this.#largest = size + SLACK;
    this.#evolve(PART_CANDIDATES);
    const best = this.#population.answers[0];
    if (best === undefined || best.size >= size) return true;
    let row = best.row;
    for (const { production, rows, argument } of path) {
      rows[argument] = row;
      this.#production = production;
      this.#rows.set(rows);
      row = this.#put();
      if (row === NONE) return true;
    }
    this.#population = whole;
    this.#add(row);
    return true;
  }

  #sizeOfArguments(production: number, rows: ArrayLike<number>, at: number): number {
    const { children } = this.#productions[production] as Production;
    let size = 0;
    for (let k = 0; k < children.length; k++)
      size += this.#terms.bank(children[k] as number).size[rows[at + k] as number] as number;
    return size;
  }

  /** Goes to a node of a program of the population, each as likely. */
  #walk(individual: Individual): void {
    const { production, row } = individual;
    const terms = this.#terms;
    this.#depth = 0;
    this.#nonterminal = this.#population.nonterminal;
    this.#place = row;
    this.#row = row;
    this.#production = production;
    this.#rows.set(individual.arguments);
    let left = this.#stream.below(1 + this.#sizeOfArguments(production, this.#rows, 0));
    while (left > 0 && this.#depth < DEEPEST) {
      left--;
      const { children } = this.#productions[this.#production] as Production;
      let k = 0;
      for (; k < children.length; k++) {
        const size = terms.bank(children[k] as number).size[this.#rows[k] as number] as number;
        if (left < size) break;
        left -= size;
      }
      // Sizes are upper bounds: terms get smaller as others of the same behaviour are found.
      if (k === children.length) return;
      this.#pathProduction[this.#depth] = this.#production;
      this.#pathRows.set(this.#rows, this.#depth * ARGUMENTS);
      this.#pathArgument[this.#depth] = k;
      this.#depth++;
      this.#at(terms.bankOf[children[k] as number] as number, this.#rows[k] as number);
    }
  }

  #at(nonterminal: number, row: number): void {
    const bank = this.#terms.banks[nonterminal] as TermBank;
    this.#nonterminal = nonterminal;
    this.#place = row;
    this.#take(bank, row);
  }

  /** A known term takes the place. */
  #take(bank: TermBank, row: number): void {
    this.#row = row;
    this.#production = bank.production[row] as number;
    for (let k = 0; k < ARGUMENTS; k++) this.#rows[k] = bank.arguments[row * ARGUMENTS + k] as number;
  }

  /** Puts something else in the place; false where nothing could be found. */
  #vary(): boolean {
    const stream = this.#stream;
    const choice = stream.below(16);
    if (choice < 5) return this.#replace();
    if (choice < 8) return this.#cross();
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
    const row = this.#donor(this.#nonterminal);
    if (row === NONE || row === this.#place) return false;
    this.#take(this.#terms.banks[this.#nonterminal] as TermBank, row);
    return true;
  }

  /** A part of another program. */
  #cross(): boolean {
    const other = this.#population.parent();
    const nonterminal = this.#nonterminal;
    for (let tries = 0; tries < CROSSING_TRIES; tries++) {
      const row = this.#partOf(
        other.production,
        other.arguments,
        0,
        nonterminal,
        this.#population.nonterminal,
        other.row,
      );
      if (row === NONE || row === this.#place) continue;
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
    let left = this.#stream.below(1 + this.#sizeOfArguments(production, rows, at));
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
      const row = this.#partOf(
        this.#production,
        this.#rows,
        0,
        this.#nonterminal,
        this.#nonterminal,
        this.#place,
      );
      if (row === NONE || row === this.#place) continue;
      this.#take(this.#terms.banks[this.#nonterminal] as TermBank, row);
      return true;
    }
    return false;
  }

  #application(): Application | undefined {
    const yielding = this.#yielding[this.#nonterminal] as readonly Application[];
    return yielding[this.#stream.below(Math.max(1, yielding.length))];
  }

  /** An application of which what is there is an argument. */
  #wrap(): boolean {
    const application = this.#application();
    if (application === undefined) return false;
    const { children, production } = application;
    const own: number[] = [];
    children.forEach((child, k) => {
      if (child === this.#nonterminal) own.push(k);
    });
    if (own.length === 0) return false;
    const kept = own[this.#stream.below(own.length)] as number;
    return this.#fill(production, children, (k) => (k === kept ? this.#place : NONE));
  }

  /** Another row, of as many of the arguments as fit. */
  #exchangeRow(): boolean {
    const application = this.#application();
    if (application === undefined || application.production === this.#production) return false;
    const { children, production } = application;
    const before = (this.#productions[this.#production] as Production).children;
    const rows = [...this.#rows];
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
    this.#row = NONE;
    this.#production = production;
    for (let k = 0; k < children.length; k++) {
      let row = given(k);
      if (row === NONE) row = this.#donor(children[k] as number);
      if (row === NONE) return false;
      this.#rows[k] = row;
    }
    return true;
  }

  /** Computes the program with what takes the place, and keeps it where it is of use. */
  #offer(): void {
    const terms = this.#terms;
    let size = 1 + this.#sizeOfArguments(this.#production, this.#rows, 0);
    for (let d = this.#depth - 1; d >= 0; d--) {
      const production = this.#pathProduction[d] as number;
      const { children } = this.#productions[production] as Production;
      const at = d * ARGUMENTS;
      size += 1;
      for (let k = 0; k < children.length; k++)
        if (k !== this.#pathArgument[d])
          size += terms.bank(children[k] as number).size[this.#pathRows[at + k] as number] as number;
    }
    if (size > this.#largest) return;
    let row = this.#row === NONE ? this.#put() : this.#row;
    while (row !== NONE && this.#depth > 0) {
      const d = --this.#depth;
      this.#production = this.#pathProduction[d] as number;
      for (let k = 0; k < ARGUMENTS; k++) this.#rows[k] = this.#pathRows[d * ARGUMENTS + k] as number;
      this.#rows[this.#pathArgument[d] as number] = row;
      row = this.#put();
    }
    if (row === NONE) return;
    this.#add(row);
  }

  #add(row: number): void {
    const population = this.#population;
    const { columns } = this.#terms.banks[population.nonterminal] as TermBank;
    const size = 1 + this.#sizeOfArguments(this.#production, this.#rows, 0);
    const became = population.add(this.#production, this.#rows, row, size, columns);
    if (became === "answer") this.#largest = Math.min(this.#largest, size + SLACK);
    if (population.isFull) population.thin();
  }

  #put(): number {
    const [a, b, c, d] = this.#rows as unknown as [number, number, number, number];
    return this.#terms.put(this.#terms.applicationOf[this.#production] as Application, a, b, c, d);
  }
}
