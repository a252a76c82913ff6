import { type Grammar, interpret, limits, type Program, sameOutcome, type Value } from "../../dsl/index.ts";
import { programOf, shrunk, valueOn } from "./answer.ts";
import { choiceOf } from "./choice.ts";
import { MOST_DECIDED_EXAMPLES } from "./decision-table.ts";
import { Enumeration } from "./enumeration.ts";
import { bitCount, GoalSearch } from "./goal-search.ts";
import { rowOf } from "./known-program.ts";
import type { Answer, PartialAnswer, ProgramSearch } from "./program-search.ts";
import { NONE } from "./term-bank.ts";
import { type Application, type Example, Terms } from "./terms.ts";

/** Examples that are looked at to begin with where there are more than that many; those that an answer fails on join them. */
const ALL_EXAMPLES = 12;
const FIRST_EXAMPLES = 8;
/** Terms of the first round, and how many times more there are in the next; the same of applications that are tried. */
const FIRST_TERMS = 300;
const FIRST_LAMBDA_TERMS = 20_000;
const MORE_LAMBDA_TERMS = 2;
const MOST_LAMBDA_TERMS = 1_500_000;
const MORE_TERMS = 3;
const FIRST_EFFORT = 2000;
const MORE_EFFORT = 2.2;
/** Steps of a search from the goal, by effort. */
const ROUND_STEPS = 100;
/** Steps of a slice: some tenths of a second. */
const SLICE_STEPS = 100_000;
const LARGEST_ANSWERS = [7, 9, 10, 11, 12, 13, 14, 15, 16, 18, 20, 22, 24, 26, 28, 30];
/** Effort and steps of a round stay as they are from then on. */
const LAST_GROWTH = 6;
/** Bodies of lambdas that rows are applied to ahead of their turn in the first round, and other arguments; how many times more in the next. */
const FIRST_BODIES = 120;
const MORE_BODIES = 2.2;
const LARGEST_BODY = 5;
const FIRST_OTHERS = 5;
const MORE_OTHERS = 1.6;
const MOST_ROUND_STEPS = 1_500_000;
const MOST_LAMBDA_ROUNDS = 200;
const LARGEST_TERM = 40;
/** Terms of a bank, which bounds the memory: some 100 bytes each, and the values that they give. */
const MOST_TERMS = 500_000;
const MOST_ROUNDS = 12;
const MOST_RESTARTS = 200;
/** Strings that terms give are twice as long as the longest of the examples at most, or this. */
const SHORTEST_LIMIT = 16;
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
}

/** Whether a row decides on the whole result. */
const isDecision = (application: Application, { bankOf, grammar }: Terms): boolean =>
  choiceOf(application) !== null && application.nonterminal === bankOf[grammar.resultType];
const isChain = ({ row }: Application): boolean => row.inverse?.part !== undefined;

/**
 * A search for programs from examples, in rounds: two banks of small terms grow, of all rows and of those that keep to the point, and from
 * each it goes back from the goal. What is found is made smaller and held against all examples; later rounds look for smaller ones.
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
  #banks: readonly SearchedBank[] = [];
  #round = 0;
  /** The half of a round that has begun. */
  #running: Generator<void, boolean | null> | null = null;
  /** The bank whose turn it is. */
  #turn = 0;
  #spent = 0;
  #answer: Answer | null = null;
  /** Its size as the search counts it: literals may count more than one node. */
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
      typeof value === "string" || Array.isArray(value) ? value.length : 0;
    const lengths = examples.flatMap(({ inputs, output }) => [output, ...inputs].map(length));
    this.#longest = Math.min(
      limits.stringLength,
      lengths.reduce((most, one) => Math.max(most, 2 * one), SHORTEST_LIMIT),
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
    const complete = this.#banks[0]?.enumeration.completeSize ?? 0;
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
    this.#running ??= this.#search(this.#banks[this.#turn] as SearchedBank);
    const end = this.steps + SLICE_STEPS;
    let result = this.#running.next();
    while (result.done !== true && this.steps < end) result = this.#running.next();
    if (result.done !== true) return false;
    this.#running = null;
    if (result.value === null) {
      this.#begin();
      return false;
    }
    this.#turn = (this.#turn + 1) % this.#banks.length;
    if (this.#turn === 0) this.#round++;
    return result.value;
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
    const programs: Program[] = [];
    for (const { terms } of this.#banks)
      terms.banks.forEach((bank, type) => {
        let left = count;
        for (const rows of bank.rowsOfSize)
          for (const row of rows) if (left-- > 0) programs.push(programOf(terms, type, row));
      });
    return programs.sort((p, q) => p.tokens.length - q.tokens.length);
  }

  /** For each set of examples that terms pass the smallest such term, so many, those that pass most first. */
  partialAnswers(count: number): PartialAnswer[] {
    const { resultType } = this.#grammar;
    const smallest = new Map<
      number,
      { readonly terms: Terms; readonly row: number; readonly size: number }
    >();
    for (const { terms } of this.#banks) {
      const bank = terms.bank(resultType);
      const goal = terms.goal();
      for (let row = 0; row < bank.count; row++) {
        const mask = maskOf(terms, resultType, row, goal);
        const size = bank.size[row] as number;
        if (mask !== 0 && size < (smallest.get(mask)?.size ?? Number.POSITIVE_INFINITY))
          smallest.set(mask, { terms, row, size });
      }
    }
    return [...smallest]
      .sort(([p], [q]) => bitCount(q) - bitCount(p) || q - p)
      .slice(0, count)
      .map(([mask, { terms, row }]) => ({
        program: programOf(terms, resultType, row),
        passed: bitCount(mask),
      }));
  }

  /** Takes in a program that was found elsewhere, with its parts: searches may use them, and know that larger answers are of no use. */
  offer(program: Program): Offered {
    const { resultType } = this.#grammar;
    const bound = this.#answer?.size ?? Number.POSITIVE_INFINITY;
    let mask = 0;
    let best = program;
    for (const { terms } of this.#banks) {
      const row = rowOf(terms, program);
      if (row === NONE) continue;
      mask = maskOf(terms, resultType, row, terms.goal());
      if (bitCount(mask) < this.#chosen.length || program.tokens.length >= bound) continue;
      const smaller = programOf(terms, resultType, shrunk(terms, resultType, row, SHRINKING_TERMS));
      if (smaller.tokens.length < best.tokens.length) best = smaller;
    }
    const passed = bitCount(mask);
    let failing: Example | null = null;
    if (passed < this.#chosen.length || program.tokens.length >= bound)
      return { passed, isBetter: false, failing };
    // What was made smaller may fail on examples that are not looked at, where the program itself does not.
    for (const one of best === program ? [program] : [best, program]) {
      failing =
        this.#examples.find(
          ({ inputs, output }) => !sameOutcome(interpret(this.#grammar, one, inputs), output),
        ) ?? null;
      if (failing !== null) continue;
      this.#answer = { program: one, size: one.tokens.length };
      this.#answerSize = one.tokens.length;
      return { passed, isBetter: true, failing };
    }
    return { passed, isBetter: false, failing };
  }

  #begin(): void {
    this.#spent = this.steps;
    this.#round = 0;
    this.#turn = 0;
    const bankOf = (
      isUsed: (application: Application, terms: Terms, isBody: boolean) => boolean,
      isFocused: boolean,
    ): SearchedBank => {
      const terms = new Terms(this.#grammar, this.#chosen, this.#longest);
      return {
        terms,
        enumeration: new Enumeration(
          terms,
          (application, isBody) => isUsed(application, terms, isBody),
          LARGEST_TERM,
          isFocused,
          this.#hasLambdas ? MOST_LAMBDA_TERMS : undefined,
          this.#hasLambdas ? terms.goal() : null,
        ),
      };
    };
    // Decisions on the whole result are made on the way back from the goal; others are terms like all.
    if (this.#hasLambdas) {
      this.#banks = [
        bankOf((application, terms, isBody) => isBody || !isDecision(application, terms), false),
      ];
      return;
    }
    this.#banks = [
      bankOf((application) => choiceOf(application) === null, false),
      bankOf((application, terms) => !isDecision(application, terms) && !isChain(application), true),
    ];
  }

  /** Null where another example came in, so that all begins anew. */
  *#search({ terms, enumeration }: SearchedBank): Generator<void, boolean | null> {
    const { resultType } = this.#grammar;
    const effort = grown(
      FIRST_EFFORT,
      MORE_EFFORT,
      this.#hasLambdas ? Math.min(this.#round, LAST_GROWTH) : this.#round,
    );
    const steps = this.#hasLambdas ? Math.min(MOST_ROUND_STEPS, ROUND_STEPS * effort) : ROUND_STEPS * effort;
    const limit = terms.steps + steps;
    const most = this.#hasLambdas
      ? grown(FIRST_LAMBDA_TERMS, MORE_LAMBDA_TERMS, this.#round)
      : Math.min(MOST_TERMS, grown(FIRST_TERMS, MORE_TERMS, this.#round));
    while (enumeration.grow(most, Math.min(limit, terms.steps + SLICE_STEPS)) && terms.steps < limit) yield;
    if (this.#hasLambdas) {
      const turn = Math.min(this.#round, LAST_GROWTH);
      yield* enumeration.apply(
        grown(FIRST_BODIES, MORE_BODIES, turn),
        grown(FIRST_OTHERS, MORE_OTHERS, turn),
        Math.min(LARGEST_BODY, 3 + (turn >> 1)),
      );
    }
    if (!this.#isDirected) return false;
    const search = new GoalSearch(terms, resultType, terms.goal());
    const bound = Math.min(this.#answerSize, this.#mostSize());
    const found = yield* search.search(effort, bound, terms.steps + steps, this.#answer === null);
    if (found === NONE) {
      if (this.#answer === null) this.#noteBest(terms, search.mostPassed());
      return false;
    }
    const row = shrunk(terms, resultType, found, SHRINKING_TERMS);
    const failing = this.#examples.find((example) => !gives(terms, row, example));
    if (failing !== undefined) {
      this.#noteBest(terms, row);
      if (this.#chosen.includes(failing)) {
        // A body of a lambda may have been replaced by one that differs where nobody looked.
        if (this.#hasLambdas) return false;
        throw new Error("a term that gives an output was found not to");
      }
      if (++this.#restarts > MOST_RESTARTS) return false;
      if (this.#chosen.length >= MOST_DECIDED_EXAMPLES) this.#chosen.shift();
      this.#chosen.push(failing);
      return null;
    }
    const program = programOf(terms, resultType, row);
    const size = terms.bank(resultType).size[row] as number;
    if (size >= bound) return false;
    // Lambdas have other bounds here than where the program runs.
    if (
      !this.#examples.every(({ inputs, output }) =>
        sameOutcome(interpret(this.#grammar, program, inputs), output),
      )
    )
      return false;
    this.#answer = { program, size: program.tokens.length };
    this.#answerSize = size;
    return true;
  }

  /**
   * Where there are lambdas, small programs do much, and long ones that fit a few examples are seldom meant: each round takes somewhat
   * larger ones than the one before.
   */
  #mostSize(): number {
    return this.#hasLambdas ? (LARGEST_ANSWERS[this.#round] ?? LARGEST_TERM) : Number.POSITIVE_INFINITY;
  }

  #noteBest(terms: Terms, row: number): void {
    if (row === NONE) return;
    const passed = this.#examples.filter((example) => gives(terms, row, example)).length;
    if (passed <= (this.#best?.passed ?? 0)) return;
    this.#best = { program: programOf(terms, this.#grammar.resultType, row), passed };
  }
}

/** So many in a round. */
function grown(first: number, factor: number, round: number): number {
  let count = first;
  for (let k = 0; k < round; k++) count *= factor;
  return Math.round(count);
}

/** The examples on which a term gives the goal. */
function maskOf(terms: Terms, nonterminal: number, row: number, goal: Int32Array): number {
  const { columns } = terms.bank(nonterminal);
  let mask = 0;
  for (let e = 0; e < goal.length; e++) if (columns[row * goal.length + e] === goal[e]) mask |= 1 << e;
  return mask;
}

/** Whether a term gives the output of an example. */
function gives(terms: Terms, row: number, { inputs, output }: Example): boolean {
  const value = valueOn(terms, terms.grammar.resultType, row, inputs);
  return value !== undefined && sameOutcome(value, output);
}
