import { type Grammar, InputError, type Program } from "../../dsl/index.ts";
import { digestOf } from "../digest.ts";
import { rootKey } from "../random-stream.ts";
import { type EvolutionExecutor, serialEvolution } from "./evolution-executor.ts";
import { packPrograms, type PackedPrograms, unpackPrograms } from "./packed-programs.ts";
import type { Answer, PartialAnswer, ProgramSearch } from "./program-search.ts";
import { SolveMap } from "./solve-map.ts";
import { StepShares } from "./step-shares.ts";
import { Synthesis } from "./synthesis.ts";
import type { Example } from "./terms.ts";

/** Who proposes programs. */
export const solveEmitters = ["enumeration", "evolution", "both"] as const;
export type SolveEmitters = (typeof solveEmitters)[number];

/** Half-rounds of the enumeration before evolution begins, with an answer and without one. */
const FIRST_TURNS = 4;
const FIRST_TURNS_WITHOUT_ANSWER = 8;
/** Half-rounds that make the donors where evolution is alone. */
const DONOR_TURNS = 6;
/** Epochs that run at the same time, on as many islands: the same for any number of workers. */
const ISLANDS = 2;
/** Steps of an epoch: those of the first, how many more each time, and those of the longest. */
const FIRST_STEPS = 20_000;
const MORE_STEPS = 1.25;
const MOST_STEPS = 100_000;
/** Steps of the enumeration that take as long as one of evolution, whose terms are chosen, compared and kept as well. */
const EVOLUTION_STEP = 25;
/** Programs that epochs begin with: elites of the map, and the smallest of those that pass the same examples. */
const ELITES = 200;
const PARTIAL_ANSWERS = 200;
/** Terms of each type and bank that parts are replaced by. */
const DONORS = 1500;
/** Examples that evolution's answers failed on: with those that the enumeration looks at, no more than sets can have. */
const MOST_FAILING = 14;
/** Epochs without anything new on the map after which nothing more is awaited. */
const STALE_EPOCHS = 60;
const MOST_EPOCHS = 100_000;

const [ENUMERATION, EVOLUTION] = [0, 1];
/** What the enumeration alone can find comes in its later rounds, so it keeps the larger part. */
const ENUMERATION_ARM = { least: 0.4, gain: 2e-7 };
const EVOLUTION_ARM = { least: 0.2, gain: 1e-7 };

/** What was spent and known when a turn began. */
interface TurnStart {
  readonly steps: number;
  readonly evolvedSteps: number;
  readonly size: number | null;
  readonly best: number;
}

export interface JointSynthesisOptions {
  readonly emitters?: SolveEmitters;
  readonly seed?: string | number;
  /** Where epochs of evolution run; in this thread unless told. */
  readonly executor?: EvolutionExecutor;
}

/**
 * A search for programs from examples by enumeration and by evolution, which share a map and the terms that they know: programs that pass some of the
 * examples are the parents of evolution, and what it finds goes into the banks of the enumeration. A bandit shares out the effort.
 * The same examples, emitters and seed give the same answers after the same number of turns, with any executor.
 */
export class JointSynthesis implements ProgramSearch {
  readonly #examples: readonly Example[];
  readonly #emitters: SolveEmitters;
  readonly #executor: EvolutionExecutor;
  readonly #key: Int32Array;
  readonly #synthesis: Synthesis;
  readonly #map: SolveMap;
  readonly #shares = new StepShares([ENUMERATION_ARM, EVOLUTION_ARM]);
  #turns = 0;
  /** What was known when the turn began. */
  #began: TurnStart = { steps: 0, evolvedSteps: 0, size: null, best: 0 };
  #epoch = 0;
  #stale = 0;
  #evolvedSteps = 0;
  /** Examples that only evolution looks at: those that its answers failed on. */
  readonly #failing: Example[] = [];
  /** Terms that parts are replaced by; null where there may be newer ones. */
  #donors: PackedPrograms | null = null;
  #partial: readonly Program[] = [];
  /** Island → what its last epoch ended with. */
  readonly #living: Program[][] = Array.from({ length: ISLANDS }, () => []);

  /** @param examples at least one, each with other inputs */
  constructor(
    grammar: Grammar,
    examples: readonly Example[],
    {
      emitters = "both",
      seed = 1,
      executor = serialEvolution(grammar, examples),
    }: JointSynthesisOptions = {},
  ) {
    this.#examples = examples;
    const hasLambdas = grammar.isLambda.includes(1);
    if (hasLambdas && emitters === "evolution")
      throw new InputError(
        "--emitters evolution must go with programs without lambdas; got a language that has some. Leave it out.",
      );
    // Bodies of lambdas are enumerated, not bred.
    this.#emitters = hasLambdas ? "enumeration" : emitters;
    this.#executor = executor;
    this.#key = rootKey(seed);
    this.#synthesis = new Synthesis(grammar, examples, emitters !== "evolution");
    this.#map = new SolveMap(grammar);
  }

  /** The smallest program so far that gives every output. */
  get answer(): Answer | null {
    return this.#synthesis.answer;
  }

  /** The program that gives most outputs, while none gives all. */
  get best(): PartialAnswer | null {
    return this.#synthesis.best;
  }

  /** Terms that were looked at. */
  get steps(): number {
    return this.#synthesis.steps + this.#evolvedSteps;
  }

  /** Whether there is nothing more to be found: no smaller program, or none within the bounds of the search. */
  get isOver(): boolean {
    if (this.#synthesis.isSmallest) return true;
    const isEvolved =
      this.#emitters === "enumeration" || this.#stale >= STALE_EPOCHS || this.#epoch >= MOST_EPOCHS;
    return isEvolved && (this.#emitters === "evolution" || this.#synthesis.isOver);
  }

  /** Digest of the map and of the answer: two searches with the same one went the same way. */
  get digest(): string {
    const { tokens, constants } = this.answer?.program ?? { tokens: [], constants: [] };
    return digestOf(`${this.#map.digest} ${this.steps} ${tokens.join(" ")} ${constants.join(" ")}`);
  }

  /**
   * A slice of half a round of the enumeration, or an epoch of evolution on each island.
   * @returns whether there is a better answer than before
   */
  async next(): Promise<boolean> {
    const synthesis = this.#synthesis;
    if (!synthesis.isWithinTurn)
      this.#began = {
        steps: synthesis.steps,
        evolvedSteps: this.#evolvedSteps,
        size: this.answer?.size ?? null,
        best: this.best?.passed ?? 0,
      };
    const evolves = !synthesis.isWithinTurn && this.#evolves();
    const isBetter = evolves ? await this.#evolve() : this.#enumerate();
    if (synthesis.isWithinTurn) return isBetter;
    const { steps, evolvedSteps } = this.#began;
    const effort = synthesis.steps - steps + EVOLUTION_STEP * (this.#evolvedSteps - evolvedSteps) + 1;
    this.#shares.tell(evolves ? EVOLUTION : ENUMERATION, effort, this.#gainSince(this.#began));
    return isBetter;
  }

  take(program: Program): boolean {
    return this.#offer(program, -1).isBetter;
  }

  /** What was gained: a part of the size, or of the examples while there is no answer. */
  #gainSince({ size, best }: TurnStart): number {
    if (this.answer === null) return ((this.best?.passed ?? 0) - best) / this.#examples.length;
    return size === null ? 1 : (size - this.answer.size) / size;
  }

  /** Whether it is evolution's turn. */
  #evolves(): boolean {
    if (this.#emitters === "enumeration") return false;
    if (this.#emitters === "evolution") return this.#turns >= DONOR_TURNS;
    if (this.#synthesis.isOver) return true;
    if (this.#stale >= STALE_EPOCHS || this.#epoch >= MOST_EPOCHS) return false;
    if (this.#turns < (this.answer === null ? FIRST_TURNS_WITHOUT_ANSWER : FIRST_TURNS)) return false;
    return this.#shares.next() === EVOLUTION;
  }

  #enumerate(): boolean {
    this.#donors = null;
    const isBetter = this.#synthesis.next();
    if (!this.#synthesis.isWithinTurn) this.#turns++;
    if (isBetter) this.#note(this.answer?.program as Program, 1, -1);
    return isBetter;
  }

  #note(program: Program, passed: number, island: number): boolean {
    return this.#map.add(program, passed, { epoch: this.#epoch, island, candidate: 0, operator: -1 });
  }

  async #evolve(): Promise<boolean> {
    const synthesis = this.#synthesis;
    let isBetter = false;
    if (this.#donors === null) {
      this.#donors = packPrograms(synthesis.smallTerms(DONORS));
      const partial = synthesis.partialAnswers(PARTIAL_ANSWERS);
      this.#partial = partial.map(({ program }) => program);
      for (const { program, passed } of partial)
        if (passed === synthesis.examples.length) isBetter = this.#offer(program, -1).isBetter || isBetter;
        else this.#note(program, passed / synthesis.examples.length, -1);
    }
    const looked = new Set([...synthesis.examples, ...this.#failing]);
    const indices = Int32Array.from(looked, (example) => this.#examples.indexOf(example));
    const answer = this.answer === null ? [] : [this.answer.program];
    const shared = [...answer, ...this.#map.elites(ELITES), ...this.#partial];
    let steps = FIRST_STEPS;
    for (let k = 0; k < this.#epoch && steps < MOST_STEPS; k++) steps *= MORE_STEPS;
    const donors = this.#donors;
    const results = await Promise.all(
      this.#living.map((own, island) =>
        this.#executor.run({
          key: this.#key,
          epoch: this.#epoch,
          island,
          looked: indices,
          longest: synthesis.longest,
          steps: Math.min(MOST_STEPS, Math.round(steps)),
          donors,
          // Beside an answer the last island goes its own way: programs for some of the examples lead others to large decisions between them.
          parents: packPrograms(this.answer !== null && island === ISLANDS - 1 ? own : [...shared, ...own]),
        }),
      ),
    );
    let isNew = false;
    for (const [island, { finds, steps: spent }] of results.entries()) {
      this.#evolvedSteps += spent;
      const programs = unpackPrograms(finds);
      this.#living[island] = programs;
      for (const program of programs) {
        const became = this.#offer(program, island);
        isBetter ||= became.isBetter;
        isNew ||= became.isNew;
      }
    }
    this.#stale = isNew ? 0 : this.#stale + 1;
    this.#epoch++;
    return isBetter;
  }

  /** A program goes into the map and into the banks of the enumeration. */
  #offer(program: Program, island: number): { readonly isBetter: boolean; readonly isNew: boolean } {
    const synthesis = this.#synthesis;
    const { passed, isBetter, failing } = synthesis.offer(program);
    if (failing !== null && !this.#failing.includes(failing)) {
      if (this.#failing.length >= MOST_FAILING) this.#failing.shift();
      this.#failing.push(failing);
    }
    const isNew = failing === null && this.#note(program, passed / synthesis.examples.length, island);
    if (isBetter && this.answer !== null) this.#note(this.answer.program, 1, island);
    return { isBetter, isNew: isNew || isBetter };
  }
}
