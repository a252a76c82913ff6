import type { Grammar, Production } from "../../dsl/index.ts";
import { RandomStream } from "../random-stream.ts";
import { programOf } from "./answer.ts";
import { rowOf } from "./known-program.ts";
import { type Individual, Population } from "./population.ts";
import { type PackedPrograms, packPrograms, unpackPrograms } from "./packed-programs.ts";
import { ARGUMENTS, NONE, type TermBank } from "./term-bank.ts";
import { TermEdit } from "./term-edit.ts";
import type { Application } from "./application.ts";
import { type Example, Terms } from "./terms.ts";
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
  /** What the parents pass. */
  readonly #known: ReadonlyMap<number, Individual>;
  /** What is evolved: whole programs, or what may take the place of a part of one. */
  #population: Population;
  #candidates = 0;
  /** Whether nothing new is to be had. */
  #isExhausted = false;
  /** Nodes that a term may have. */
  #largest = LARGEST;
  readonly #edit: TermEdit;

  constructor(grammar: Grammar, examples: readonly Example[], job: EvolutionJob) {
    const terms = new Terms(grammar, examples, job.longest);
    this.#terms = terms;
    this.#job = job;
    this.#stream = new RandomStream().derive(job.key, job.island, job.epoch, 0);
    this.#productions = grammar.productions;
    this.#result = terms.bankOf[grammar.resultType] as number;
    const donors: number[][] = grammar.types.map(() => []);
    for (const program of unpackPrograms(job.donors)) {
      const row = rowOf(terms, program);
      const type = terms.bankOf[
        (grammar.productions[program.tokens.at(-1) as number] as Production).type
      ] as number;
      if (row !== NONE) donors[type]?.push(row);
    }
    this.#edit = new TermEdit(terms, donors, this.#stream);
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
      this.#edit.walk(this.#population, this.#population.parent());
      if (this.#edit.vary(this.#population)) this.#offer();
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
    this.#edit.walk(whole, program);
    const [depth, nonterminal, place] = [this.#edit.depth, this.#edit.nonterminal, this.#edit.place];
    const bank = terms.banks[nonterminal] as TermBank;
    const size = bank.size[place] as number;
    if (depth === 0 || size < SMALLEST_PART) return false;
    const path = Array.from({ length: depth }, (_, d) => ({
      production: this.#edit.pathProduction[d] as number,
      rows: this.#edit.pathRows.slice(d * ARGUMENTS, d * ARGUMENTS + ARGUMENTS),
      argument: this.#edit.pathArgument[d] as number,
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
          e,
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
      this.#edit.production = production;
      this.#edit.rows.set(rows);
      row = this.#put();
      if (row === NONE) return true;
    }
    this.#population = whole;
    this.#add(row);
    return true;
  }

  /** Computes the program with what takes the place, and keeps it where it is of use. */
  #offer(): void {
    const terms = this.#terms;
    let size = 1 + this.#edit.sizeOfArguments(this.#edit.production, this.#edit.rows, 0);
    for (let d = this.#edit.depth - 1; d >= 0; d--) {
      const production = this.#edit.pathProduction[d] as number;
      const { children } = this.#productions[production] as Production;
      const at = d * ARGUMENTS;
      size += 1;
      for (let k = 0; k < children.length; k++)
        if (k !== this.#edit.pathArgument[d])
          size += terms.bank(children[k] as number).size[this.#edit.pathRows[at + k] as number] as number;
    }
    if (size > this.#largest) return;
    let row = this.#edit.row === NONE ? this.#put() : this.#edit.row;
    while (row !== NONE && this.#edit.depth > 0) {
      const d = --this.#edit.depth;
      this.#edit.production = this.#edit.pathProduction[d] as number;
      for (let k = 0; k < ARGUMENTS; k++)
        this.#edit.rows[k] = this.#edit.pathRows[d * ARGUMENTS + k] as number;
      this.#edit.rows[this.#edit.pathArgument[d] as number] = row;
      row = this.#put();
    }
    if (row === NONE) return;
    this.#add(row);
  }

  #add(row: number): void {
    const population = this.#population;
    const { columns } = this.#terms.banks[population.nonterminal] as TermBank;
    const size = 1 + this.#edit.sizeOfArguments(this.#edit.production, this.#edit.rows, 0);
    const became = population.add(this.#edit.production, this.#edit.rows, row, size, columns);
    if (became === "answer") this.#largest = Math.min(this.#largest, size + SLACK);
    if (population.isFull) population.thin();
  }

  #put(): number {
    const [a, b, c, d] = this.#edit.rows as unknown as [number, number, number, number];
    return this.#terms.put(this.#terms.applicationOf[this.#edit.production] as Application, a, b, c, d);
  }
}
