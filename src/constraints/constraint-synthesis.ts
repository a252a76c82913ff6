import { InputError, type Program, type SygusTask, type Value } from "../../dsl/index.ts";
import type { Answer, PartialAnswer, ProgramSearch } from "../synthesis/program-search.ts";
import { CompiledTruth } from "./compiled-term.ts";
import { Formulas } from "./formulas.ts";
import { InexactError } from "./linear.ts";
import { functionOf } from "./program-function.ts";
import { invocationOf, SingleInvocation } from "./single-invocation.ts";
import { smallerPrograms } from "./smaller-program.ts";
import { NonlinearError } from "./symbolic.ts";
import { statement, verify } from "./verifier.ts";
import { WholeCandidates } from "./whole-candidates.ts";

/** Decisions and conflicts of the solver until a proof is given up. */
const PROOF_EFFORT = 300_000;
/** Smaller programs that are tried in one step. */
const SHRINKING_STEP = 200;

/**
 * A search for a function that satisfies constraints for all integers: candidates that are right on points, a proof that they are right
 * everywhere or another point (counterexample-guided synthesis: Solar-Lezama 2008). What is found is made smaller, and proved again.
 */
export class ConstraintSynthesis implements ProgramSearch {
  /** No program is right in part: constraints hold, or they do not. */
  readonly best: PartialAnswer | null = null;
  readonly #task: SygusTask;
  readonly #truths: readonly CompiledTruth[];
  readonly #single: SingleInvocation | null;
  readonly #whole: WholeCandidates;
  readonly #points: (readonly Value[])[] = [];
  #answer: Answer | null = null;
  #smaller: Generator<Program> | null = null;
  #isSmallest = false;
  #spent = 0;
  #counterexamples = 0;

  /** @throws InputError where constraints are about more than linear arithmetic of integers and truths */
  constructor(task: SygusTask) {
    checkArithmetic(task);
    this.#task = task;
    const names = task.variables.map(({ name }) => name);
    this.#truths = task.constraints.map(({ term }) => new CompiledTruth(term, names));
    const invocation = invocationOf(task);
    this.#single = invocation === null ? null : new SingleInvocation(task, invocation);
    this.#whole = new WholeCandidates(task, constantsIn(task));
  }

  get answer(): Answer | null {
    return this.#answer;
  }

  /** Points that showed a candidate to be wrong, or that there was more to do. */
  get counterexamples(): number {
    return this.#counterexamples + (this.#single?.counterexamples ?? 0);
  }

  /** All points at which the answer was run. */
  get points(): readonly (readonly Value[])[] {
    return [...(this.#single?.points ?? []), ...this.#points];
  }

  /** Values of the variables for which the constraints rule out every output, where such were found: no function satisfies them. */
  get impossible(): readonly Value[] | null {
    return this.#single?.impossible ?? null;
  }

  get steps(): number {
    return this.#spent + this.#whole.steps + (this.#single?.steps ?? 0);
  }

  get isOver(): boolean {
    if (this.impossible !== null || this.#isSmallest) return true;
    return this.#answer === null && this.#single?.isOver !== false && this.#whole.isOver;
  }

  next(): boolean {
    if (this.#answer !== null) return this.#shrink();
    if (this.#single !== null && !this.#single.isOver) {
      this.#single.next();
      return this.#single.program !== null && this.#prove(this.#single.program);
    }
    const candidate = this.#whole.next();
    return candidate !== null && this.#prove(candidate);
  }

  /** Takes a program for the answer if it is proved to be right. */
  #prove(program: Program): boolean {
    const proof = this.#proof(program);
    if (proof.verdict === "holds") {
      this.#answer = { program, size: program.tokens.length };
      this.#smaller = null;
      return true;
    }
    if (proof.counterexample !== null) {
      this.#counterexamples++;
      this.#points.unshift(proof.counterexample);
      this.#whole.addPoint(proof.counterexample, functionOf(this.#task.grammar, program));
    }
    return false;
  }

  #proof(program: Program): Pick<ReturnType<typeof verify>, "verdict" | "counterexample"> {
    try {
      const proof = verify(this.#task, this.#task.grammar, program, PROOF_EFFORT);
      this.#spent += proof.steps;
      return proof;
    } catch (error) {
      // A candidate with a product of arguments, say.
      if (!(error instanceof NonlinearError)) throw error;
      return { verdict: "unknown", counterexample: null };
    }
  }

  /** Tries some smaller programs. */
  #shrink(): boolean {
    const { grammar } = this.#task;
    const answer = this.#answer as Answer;
    this.#smaller ??= smallerPrograms(grammar, answer.program);
    for (let k = 0; k < SHRINKING_STEP; k++) {
      const { done, value } = this.#smaller.next();
      if (done === true) {
        this.#isSmallest = true;
        return false;
      }
      this.#spent++;
      if (this.#passes(value)) return this.#prove(value);
    }
    return false;
  }

  /** Whether a program is right on all points; that on which it is not is asked first from then on. */
  #passes(program: Program): boolean {
    if (this.#points.length === 0) this.#points.push(...(this.#single?.points ?? []));
    const called = functionOf(this.#task.grammar, program);
    for (let k = 0; k < this.#points.length; k++) {
      const point = this.#points[k] as readonly Value[];
      let holds: boolean;
      try {
        holds = this.#truths.every((truth) => truth.holds(point, called));
      } catch (error) {
        if (!(error instanceof InexactError)) throw error;
        holds = false;
      }
      if (holds) continue;
      this.#points.splice(k, 1);
      this.#points.unshift(point);
      return false;
    }
    return true;
  }
}

/** @throws InputError naming the first constraint that is about more than linear arithmetic of integers and truths, and where it is */
function checkArithmetic(task: SygusTask): void {
  const { result } = task.signature;
  for (const { term, line, column } of task.constraints)
    try {
      const formulas = new Formulas();
      statement({ variables: task.variables, constraints: [{ term }] }, formulas, () => () => {
        if (result.kind === "bool") return { kind: "bool", literal: formulas.newTruth() };
        if (result.kind === "int")
          return {
            kind: "int",
            form: { variables: [formulas.newInteger()], coefficients: [1], constant: 0 },
          };
        throw new NonlinearError(`what ${task.functionName} gives`);
      });
    } catch (error) {
      if (error instanceof InexactError) continue;
      if (!(error instanceof NonlinearError)) throw error;
      throw new InputError(
        `${task.fileName}, line ${line}, column ${column}: constraints that are no examples must be of linear arithmetic over Int and Bool, which can be proved; got ${error.message}.`,
      );
    }
}

/** Integers that constraints name, in their order. */
function constantsIn({ constraints }: SygusTask): readonly number[] {
  const constants = new Set<number>([0, 1]);
  const visit = (term: SygusTask["constraints"][number]["term"]): void => {
    if (term.kind === "value" && typeof term.value === "number") constants.add(term.value);
    if (term.kind === "let") {
      for (const { term: bound } of term.bindings) visit(bound);
      visit(term.body);
    }
    if (term.kind === "call" || term.kind === "application") term.arguments.forEach(visit);
  };
  for (const { term } of constraints) visit(term);
  return [...constants];
}
