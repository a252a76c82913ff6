import {
  type Grammar,
  interpret,
  limits,
  type Production,
  type Program,
  sameOutcome,
  type Value,
} from "../../dsl/index.ts";
import { countedSize } from "./counted-size.ts";
import { programOf, shrunk, valueOn } from "./answer.ts";
import { maskOf, partialAnswers, smallTerms } from "./bank-programs.ts";
import { choiceOf } from "./choice.ts";
import { MOST_DECIDED_EXAMPLES } from "./decision-table.ts";
import { Enumeration } from "./enumeration.ts";
import { bitCount, GoalSearch } from "./goal-search.ts";
import { MemoryBound } from "./memory-bound.ts";
import { rowOf } from "./known-program.ts";
import type { Answer, PartialAnswer, ProgramSearch } from "./program-search.ts";
import { NONE } from "./term-bank.ts";
import { plainRound, type Round } from "./round.ts";
import { sublanguages } from "./sublanguages.ts";
import type { Application } from "./application.ts";
import { type Example, Terms } from "./terms.ts";

/** Examples that are looked at to begin with where there are more than that many; those that an answer fails on join them. */
const ALL_EXAMPLES = 12;
const FIRST_EXAMPLES = 8;
/** So many of those that an answer fails on at a time. */
const MORE_EXAMPLES = 4;
/** Steps of a slice: some tenths of a second. */
const SLICE_STEPS = 100_000;
const MOST_LAMBDA_ROUNDS = 200;
const LARGEST_TERM = 40;
const MOST_ROUNDS = 12;
/** From that round on programs for some of the examples are looked for where none is known. */
const APPROACHED_ROUND = 2;
const MOST_RESTARTS = 200;
/** Strings and lists that terms give are twice as long as the longest of the examples at most, or this. */
const SHORTEST_LIMIT = 16;
/** Where there are lambdas lists are as long as ints of up to that, too: loops count up to them. */
const LONGEST_RANGE = 40;
/** Nodes of the smallest program that chooses. */
const SMALLEST_CHOICE = 4;
/** Terms of each size that are tried in the place of a part of an answer. */
const SHRINKING_TERMS = 2000;

/** What became of a program that was found elsewhere. */
export interface Offered {
  /** Of the examples that are looked at. */
  readonly passed: number;
  /** Whether it made a better answer than before. */
  readonly isBetter: boolean;
  /** An example on which it fails, though it passes all that are looked at. */
  readonly failing: Example | null;
}

interface SearchedBank {
  readonly terms: Terms;
  readonly enumeration: Enumeration;
  readonly round: (round: number) => Round;
}

/** Whether half a round came to its end, or another example came in, so that all begins anew. */
type SliceEnd = "done" | "restart";

/** Whether a row decides on the whole result. */
const isDecision = (application: Application, { bankOf, grammar }: Terms): boolean =>
  choiceOf(application) !== null && application.nonterminal === bankOf[grammar.resultType];
const isChain = ({ row }: Application): boolean => row.inverse?.part !== undefined;

/**
 * A search for programs from examples, in rounds: banks of small terms grow, of all rows, of those that keep to the point or of parts of the language, and from
 * each it goes back from the goal. What is found is held against all examples and made smaller; later rounds look for smaller ones.
 * Effort is counted in steps, so the same rounds give the same answers.
 */
export class Synthesis implements ProgramSearch {
  readonly #grammar: Grammar;
  readonly #examples: readonly Example[];
  readonly #chosen: Example[];
  readonly #longest: number;
  readonly #hasLambdas: boolean;
  readonly #isDirected: boolean;
  #restarts = 0;
  #banks: SearchedBank[] = [];
  #memory = new MemoryBound();
  /** Banks of a round, in turn; they are made when their first turn comes. */
  #makers: readonly (() => SearchedBank)[] = [];
  #round = 0;
  /** The half of a round that has begun. */
  #running: Generator<void, SliceEnd> | null = null;
  /** The bank whose turn it is. */
  #turn = 0;
  #spent = 0;
  #answer: Answer | null = null;
  /** Its size as the search counts it. */
  #answerSize = Number.POSITIVE_INFINITY;
  #best: PartialAnswer | null = null;

  /**
   * @param examples at least one, each with other inputs
   * @param isDirected whether it goes back from the goal; without that banks only grow
   */
  constructor(grammar: Grammar, examples: readonly Example[], isDirected = true) {
    this.#grammar = grammar;
    this.#isDirected = isDirected;
    this.#examples = examples;
    this.#hasLambdas = grammar.isLambda.includes(1);
    this.#chosen = examples.slice(0, examples.length <= ALL_EXAMPLES ? ALL_EXAMPLES : FIRST_EXAMPLES);
    const length = (value: Value): number =>
      typeof value === "string" || Array.isArray(value)
        ? 2 * value.length
        : typeof value === "number" && this.#hasLambdas && value <= LONGEST_RANGE
          ? value
          : 0;
    const lengths = examples.flatMap(({ inputs, output }) => [output, ...inputs].map(length));
    this.#longest = Math.min(
      limits.stringLength,
      lengths.reduce((most, one) => Math.max(most, one), SHORTEST_LIMIT),
    );
    this.#begin();
  }

  /** The smallest program so far that gives every output. */
  get answer(): Answer | null {
    return this.#answer;
  }

  /** The program that gives most outputs, while none gives all. */
  get best(): PartialAnswer | null {
    return this.#best;
  }

  /** Terms that were looked at. */
  get steps(): number {
    return this.#spent + this.#banks.reduce((sum, { terms }) => sum + terms.steps, 0);
  }

  /** Whether there is nothing more to be found: no smaller program, or none within the bounds of the search. */
  get isOver(): boolean {
    return this.#round >= (this.#hasLambdas ? MOST_LAMBDA_ROUNDS : MOST_ROUNDS) || this.isSmallest;
  }

  /** Whether no answer can be smaller. */
  get isSmallest(): boolean {
    // Of parts of a language none has all rows; the second bank without lambdas has some of the first.
    const all = this.#hasLambdas ? this.#banks : this.#banks.slice(0, 1);
    const complete =
      all.length < (this.#hasLambdas ? this.#makers.length : 1)
        ? 0
        : Math.min(...all.map(({ enumeration }) => enumeration.completeSize));
    const hasChoice = this.#banks[0]?.terms.applications.some(
      (application) => choiceOf(application) !== null,
    );
    const told = hasChoice === true ? Math.min(complete + 1, SMALLEST_CHOICE) : complete + 1;
    return this.#answer !== null && this.#answerSize <= told;
  }

  /**
   * A slice of half a round, in which one bank grows and is searched.
   * @returns whether there is a better answer than before
   */
  next(): boolean {
    this.#running ??= this.#search((this.#banks[this.#turn] ??= this.#made(this.#turn)));
    const end = this.steps + SLICE_STEPS;
    const before = this.#answer;
    let result = this.#running.next();
    while (result.done !== true && this.#answer === before && this.steps < end) result = this.#running.next();
    const isBetter = this.#answer !== before;
    if (result.done !== true) return isBetter;
    this.#running = null;
    if (result.value === "restart") this.#begin();
    else {
      this.#turn = (this.#turn + 1) % this.#makers.length;
      if (this.#turn === 0) this.#round++;
    }
    return isBetter;
  }

  /** Whether half a round has begun and is not at its end. */
  get isWithinTurn(): boolean {
    return this.#running !== null;
  }

  /** Examples that are looked at. */
  get examples(): readonly Example[] {
    return this.#chosen;
  }

  /** Longest string that a term may give. */
  get longest(): number {
    return this.#longest;
  }

  /** Small terms of all types, so many of each bank, the smallest first. */
  smallTerms(count: number): Program[] {
    return smallTerms(this.#terms, count);
  }

  /** For each set of examples that terms pass the smallest such term, so many, those that pass most first. */
  partialAnswers(count: number): PartialAnswer[] {
    return partialAnswers(this.#terms, count);
  }

  get #terms(): Terms[] {
    return this.#banks.map(({ terms }) => terms);
  }

  /** Takes in a program that was found elsewhere, with its parts: searches may use them, and know that larger answers are of no use. */
  offer(program: Program): Offered {
    const { resultType } = this.#grammar;
    const bound = this.#answerSize;
    const sizeOf = (one: Program): number => countedSize(this.#grammar, one);
    let mask = 0;
    let best = program;
    for (const terms of this.#terms) {
      const row = rowOf(terms, program);
      if (row === NONE) continue;
      mask = maskOf(terms, resultType, row, terms.goal());
      if (bitCount(mask) < this.#chosen.length || sizeOf(program) >= bound) continue;
      const smaller = programOf(terms, resultType, shrunk(terms, resultType, row, SHRINKING_TERMS));
      if (sizeOf(smaller) < sizeOf(best)) best = smaller;
    }
    // Lambdas are not taken into banks.
    const isKnown = mask !== 0 || !program.tokens.some((token) => this.#grammar.isLambda[token] === 1);
    const passed = isKnown ? bitCount(mask) : this.#passedBy(program);
    let failing: Example | null = null;
    if (passed < this.#chosen.length || sizeOf(program) >= bound) return { passed, isBetter: false, failing };
    // What was made smaller may fail on examples that are not looked at, where the program itself does not.
    for (const one of best === program ? [program] : [best, program]) {
      failing = this.#examples.find((example) => !this.#isRight(one, example)) ?? null;
      if (failing !== null) continue;
      this.#answer = { program: one, size: one.tokens.length };
      this.#answerSize = sizeOf(one);
      return { passed, isBetter: true, failing };
    }
    return { passed, isBetter: false, failing };
  }

  #isRight(program: Program, { inputs, output }: Example): boolean {
    return sameOutcome(interpret(this.#grammar, program, inputs), output);
  }

  /** How many of the examples that are looked at a program passes. */
  #passedBy(program: Program): number {
    return this.#chosen.filter((example) => this.#isRight(program, example)).length;
  }

  #begin(): void {
    this.#spent = this.steps;
    this.#round = 0;
    this.#turn = 0;
    // Decisions on the whole result are made on the way back from the goal; others are terms like all.
    const isUsual = (application: Application, terms: Terms, isBody = false): boolean =>
      isBody || !isDecision(application, terms);
    this.#banks = [];
    this.#memory = new MemoryBound();
    this.#makers = this.#hasLambdas
      ? sublanguages(this.#grammar).map((part) => () => this.#bankOf(isUsual, false, part.round, part.isUsed))
      : [
          () => this.#bankOf((application) => choiceOf(application) === null, false, plainRound),
          () =>
            this.#bankOf(
              (application, terms) => !isDecision(application, terms) && !isChain(application),
              true,
              plainRound,
            ),
        ];
    this.#banks.push(this.#made(0));
  }

  #made(turn: number): SearchedBank {
    return (this.#makers[turn] as () => SearchedBank)();
  }

  #bankOf(
    isUsed: (application: Application, terms: Terms, isBody: boolean) => boolean,
    isFocused: boolean,
    round: SearchedBank["round"],
    isKnown?: (production: Production) => boolean,
  ): SearchedBank {
    const terms = new Terms(this.#grammar, this.#chosen, this.#longest, isKnown, this.#memory);
    return {
      terms,
      round,
      enumeration: new Enumeration(
        terms,
        (application, isBody) => isUsed(application, terms, isBody),
        LARGEST_TERM,
        isFocused,
        this.#hasLambdas ? terms.goal() : null,
      ),
    };
  }

  *#search({ terms, enumeration, round }: SearchedBank): Generator<void, SliceEnd> {
    const { resultType } = this.#grammar;
    const { effort, steps, terms: most, bound: largest, applied } = round(this.#round);
    const limit = terms.steps + steps;
    while (enumeration.grow(most, Math.min(limit, terms.steps + SLICE_STEPS)) && terms.steps < limit) yield;
    if (applied !== null) yield* enumeration.apply(applied);
    if (!this.#isDirected) return "done";
    const search = new GoalSearch(terms, resultType, terms.goal());
    const bound = Math.min(this.#answerSize, largest);
    const found = yield* search.search(effort, bound, terms.steps + steps, this.#answer === null);
    if (found === NONE) {
      if (this.#answer !== null) return "done";
      if (this.#best === null && this.#round >= APPROACHED_ROUND) yield* search.approach(effort);
      this.#noteBest(terms, search.mostPassed());
      return "done";
    }
    const failing = this.#failingOf(terms, found);
    if (failing.length > 0) return this.#take(terms, found, failing);
    // The first answer is told before it is made smaller.
    if (this.#answer === null && this.#tell(terms, found, bound)) yield;
    const row = shrunk(terms, resultType, found, SHRINKING_TERMS);
    const left = row === found ? [] : this.#failingOf(terms, row);
    if (left.length > 0) return this.#take(terms, row, left);
    this.#tell(terms, row, bound);
    return "done";
  }

  /** The first examples that a term fails on. */
  #failingOf(terms: Terms, row: number): Example[] {
    const failing: Example[] = [];
    for (const example of this.#examples)
      if (failing.length < MORE_EXAMPLES && !gives(terms, row, example)) failing.push(example);
    return failing;
  }

  /** Looks from now on at examples that a term fails on. */
  #take(terms: Terms, row: number, failing: readonly Example[]): SliceEnd {
    this.#noteBest(terms, row);
    if (failing.some((example) => this.#chosen.includes(example))) {
      // A body of a lambda may have been replaced by one that differs where nobody looked.
      if (this.#hasLambdas) return "done";
      throw new Error("a term that gives an output was found not to");
    }
    if (++this.#restarts > MOST_RESTARTS) return "done";
    for (const example of failing) {
      if (this.#chosen.length >= MOST_DECIDED_EXAMPLES) this.#chosen.shift();
      this.#chosen.push(example);
    }
    return "restart";
  }

  /** Makes a term the answer if it is smaller than the bound and the answer; returns whether it is. */
  #tell(terms: Terms, row: number, bound: number): boolean {
    const { resultType } = this.#grammar;
    const size = terms.bank(resultType).size[row] as number;
    if (size >= Math.min(bound, this.#answerSize)) return false;
    const program = programOf(terms, resultType, row);
    // Lambdas have other bounds here than where the program runs.
    if (!this.#examples.every((example) => this.#isRight(program, example))) return false;
    this.#answer = { program, size: program.tokens.length };
    this.#answerSize = size;
    return true;
  }

  #noteBest(terms: Terms, row: number): void {
    if (row === NONE) return;
    const passed = this.#examples.filter((example) => gives(terms, row, example)).length;
    if (passed <= (this.#best?.passed ?? 0)) return;
    this.#best = { program: programOf(terms, this.#grammar.resultType, row), passed };
  }
}

/** Whether a term gives the output of an example. */
function gives(terms: Terms, row: number, { inputs, output }: Example): boolean {
  const value = valueOn(terms, terms.grammar.resultType, row, inputs);
  return value !== undefined && sameOutcome(value, output);
}
