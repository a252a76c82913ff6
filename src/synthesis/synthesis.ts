import { type Grammar, type Program, sameOutcome } from "../../dsl/index.ts";
import { programOf, shrunk, valueOn } from "./answer.ts";
import { choiceOf } from "./choice.ts";
import { MOST_DECIDED_EXAMPLES } from "./decision-table.ts";
import { Enumeration } from "./enumeration.ts";
import { GoalSearch } from "./goal-search.ts";
import { NONE } from "./term-bank.ts";
import { type Application, type Example, Terms } from "./terms.ts";

/** Examples that are looked at to begin with where there are more than that many; those that an answer fails on join them. */
const ALL_EXAMPLES = 12;
const FIRST_EXAMPLES = 8;
/** Terms of the first round, and how many times more there are in the next; the same of applications that are tried. */
const FIRST_TERMS = 300;
const MORE_TERMS = 3;
const FIRST_EFFORT = 2000;
const MORE_EFFORT = 2.2;
/** Steps of a search from the goal, by effort. */
const ROUND_STEPS = 100;
const LARGEST_TERM = 40;
/** Terms of a bank, which bounds the memory: some 100 bytes each, and the values that they give. */
const MOST_TERMS = 500_000;
const MOST_ROUNDS = 12;
/** Nodes of the smallest program that chooses. */
const SMALLEST_CHOICE = 4;
/** Terms of each size that are tried in the place of a part of an answer. */
const SHRINKING_TERMS = 2000;

/** A program that gives the output of every example. */
export interface Answer {
  readonly program: Program;
  readonly size: number;
}

/** A program that gives some outputs. */
export interface PartialAnswer {
  readonly program: Program;
  readonly passed: number;
}

interface SearchedBank {
  readonly terms: Terms;
  readonly enumeration: Enumeration;
}

const isChain = ({ row }: Application): boolean => row.inverse?.part !== undefined;

/**
 * A search for programs from examples, in rounds: two banks of small terms grow, of all rows and of those that keep to the point, and from
 * each it goes back from the goal. What is found is made smaller and held against all examples; later rounds look for smaller ones.
 * Effort is counted in steps, so the same rounds give the same answers.
 */
export class Synthesis {
  readonly #grammar: Grammar;
  readonly #examples: readonly Example[];
  readonly #chosen: Example[];
  #banks: readonly SearchedBank[] = [];
  #round = 0;
  /** The bank whose turn it is. */
  #turn = 0;
  #spent = 0;
  #answer: Answer | null = null;
  #best: PartialAnswer | null = null;

  /** @param examples at least one, each with other inputs */
  constructor(grammar: Grammar, examples: readonly Example[]) {
    this.#grammar = grammar;
    this.#examples = examples;
    this.#chosen = examples.slice(0, examples.length <= ALL_EXAMPLES ? ALL_EXAMPLES : FIRST_EXAMPLES);
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
    if (this.#round >= MOST_ROUNDS) return true;
    const complete = this.#banks[0]?.enumeration.completeSize ?? 0;
    const hasChoice = this.#banks[0]?.terms.applications.some(
      (application) => choiceOf(application) !== null,
    );
    const told = hasChoice === true ? Math.min(complete + 1, SMALLEST_CHOICE) : complete + 1;
    return this.#answer !== null && this.#answer.size <= told;
  }

  /**
   * Half a round: one bank grows, and is searched.
   * @returns whether there is a better answer than before
   */
  next(): boolean {
    const isBetter = this.#search(this.#banks[this.#turn] as SearchedBank);
    if (isBetter === null) {
      this.#begin();
      return false;
    }
    this.#turn = (this.#turn + 1) % this.#banks.length;
    if (this.#turn === 0) this.#round++;
    return isBetter;
  }

  #begin(): void {
    this.#spent = this.steps;
    this.#round = 0;
    this.#turn = 0;
    const bankOf = (isUsed: (application: Application) => boolean, isFocused: boolean): SearchedBank => {
      const terms = new Terms(this.#grammar, this.#chosen);
      return { terms, enumeration: new Enumeration(terms, isUsed, LARGEST_TERM, isFocused) };
    };
    this.#banks = [
      bankOf((application) => choiceOf(application) === null, false),
      bankOf((application) => choiceOf(application) === null && !isChain(application), true),
    ];
  }

  /** Null where another example came in, so that all begins anew. */
  #search({ terms, enumeration }: SearchedBank): boolean | null {
    const { resultType } = this.#grammar;
    const effort = Math.round(FIRST_EFFORT * MORE_EFFORT ** this.#round);
    enumeration.grow(Math.min(MOST_TERMS, Math.round(FIRST_TERMS * MORE_TERMS ** this.#round)));
    const search = new GoalSearch(terms, resultType, terms.goal());
    const bound = this.#answer?.size ?? Number.POSITIVE_INFINITY;
    const found = search.search(effort, bound, terms.steps + ROUND_STEPS * effort, this.#answer === null);
    if (found === NONE) {
      if (this.#answer === null) this.#noteBest(terms, search.mostPassed());
      return false;
    }
    const row = shrunk(terms, resultType, found, SHRINKING_TERMS);
    const failing = this.#examples.find((example) => !gives(terms, row, example));
    if (failing !== undefined) {
      this.#noteBest(terms, row);
      if (this.#chosen.length >= MOST_DECIDED_EXAMPLES) return false;
      this.#chosen.push(failing);
      return null;
    }
    const program = programOf(terms, resultType, row);
    if (program.tokens.length >= bound) return false;
    this.#answer = { program, size: program.tokens.length };
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
