import type { Program, SygusTask, Value } from "../../dsl/index.ts";
import { ArgumentForms } from "./argument-forms.ts";
import { boundForms } from "./bound-forms.ts";
import { CompiledTruth } from "./compiled-term.ts";
import { decisionAtoms } from "./decision-atoms.ts";
import { type Atom, GrammarWriter } from "./grammar-writer.ts";
import {
  type Condition,
  type DecisionList,
  emptySet,
  type Entry,
  learnDecisions,
  type PointSet,
  put,
} from "./guard-learner.ts";
import { constantOf, InexactError, keyOf, type Linear, valueAt, variableOf } from "./linear.ts";
import type { Invocation } from "./invocation.ts";
import { type Literal, negated } from "./literal.ts";
import { type OutputTerm, rightCount } from "./output-term.ts";
import { PointSource } from "./sampled-points.ts";
import { literalOf, type Symbolic, SymbolicReader } from "./symbolic.ts";
import { valuesOf } from "./verifier.ts";
import { writtenDecisions } from "./written-decisions.ts";

/** Points to begin with, of which those are kept that tell outputs apart. */
const FIRST_POINTS = 300;
const MOST_POINTS = 6000;
/** Points beside a counterexample that are wrong as well and join it. */
const MOST_NEIGHBOURS = 8;
/** Terms that may be outputs. */
const MOST_TERMS = 3000;
const MOST_TERM_TOKENS = 60;
const MOST_CONDITIONS = 3000;
/** Decisions and conflicts of the solver for one question. */
const EFFORT = 100_000;
const MOST_CHOSEN = 100;

type Phase = "outputs" | "fewer" | "decisions" | "done" | "failed";

/**
 * Finds a function whose every call in the constraints has the same arguments: then what is right for one input depends on nothing else.
 * Outputs are collected until one of them is right everywhere (counterexample-guided instantiation: Reynolds et al. 2015), which the solver
 * proves; then a list of decisions among them is learned from points (Alur, Radhakrishna and Udupa 2017), whose every rule the solver
 * checks, and whose counterexamples are points more.
 */
export class SingleInvocation {
  readonly #task: SygusTask;
  readonly #invocation: Invocation;
  readonly #writer: GrammarWriter;
  readonly #reader: SymbolicReader;
  readonly #truths: readonly CompiledTruth[];
  readonly #names: readonly string[];
  readonly #source: PointSource;
  readonly #forms: ArgumentForms;
  readonly #points: (readonly Value[])[] = [];
  readonly #pointKeys = new Set<string>();
  readonly #terms: OutputTerm[] = [];
  readonly #termKeys = new Set<string>();
  #chosen: OutputTerm[] = [];
  #spare = 0;
  #conditions: {
    readonly atom: Atom;
    readonly literal: Literal;
    readonly size: number;
    readonly truth: boolean[];
  }[] = [];
  /** Chosen output → conditions that follow from its being right. */
  #preferred: (readonly number[])[] = [];
  #phase: Phase = "outputs";
  #impossible: readonly Value[] | null = null;
  #program: Program | null = null;
  #canJoin = true;
  #looked = 0;
  /** Inputs that showed something to be wrong. */
  counterexamples = 0;

  constructor(task: SygusTask, invocation: Invocation) {
    this.#task = task;
    this.#invocation = invocation;
    this.#forms = new ArgumentForms(invocation);
    this.#writer = new GrammarWriter(task.grammar);
    this.#reader = new SymbolicReader(invocation.formulas);
    this.#names = task.variables.map(({ name }) => name);
    this.#truths = task.constraints.map(({ term }) => new CompiledTruth(term, this.#names));
    const comparisons = this.#forms.comparisonsOf([invocation.holds]);
    this.#source = new PointSource(
      invocation.inputs.map(({ kind }) => kind === "bool"),
      [...new Set(comparisons.map(({ constant }) => -constant))],
    );
    this.#collectTerms(comparisons);
    for (let k = 0; k < FIRST_POINTS; k++) this.#addPoint(this.#source.next());
  }

  get isOver(): boolean {
    return this.#phase === "done" || this.#phase === "failed";
  }

  /** A program that the solver says is right. */
  get program(): Program | null {
    return this.#program;
  }

  /** Inputs on which outputs were told apart. */
  get points(): readonly (readonly Value[])[] {
    return this.#points;
  }

  /** Values of the variables for which no output satisfies the constraints: no function does. */
  get impossible(): readonly Value[] | null {
    return this.#impossible;
  }

  /** Outputs and lists that were looked at, and what the solver did. */
  get steps(): number {
    return this.#looked + this.#invocation.formulas.solver.steps;
  }

  /** One step of the search: an output more, or a list of decisions, and what the solver says of it. */
  next(): void {
    try {
      if (this.#phase === "outputs") this.#findOutput();
      else if (this.#phase === "fewer") this.#dropOutput();
      else if (this.#phase === "decisions") this.#decide();
    } catch (error) {
      if (!(error instanceof InexactError)) throw error;
      this.#phase = "failed";
    }
  }

  /** An output for an input on which none so far is right. */
  #findOutput(): void {
    const { formulas, inputs } = this.#invocation;
    const verdict = formulas.solver.solve(
      this.#chosen.map((term) => negated(this.#right(term))),
      EFFORT,
    );
    if (verdict === "unsatisfiable") {
      this.#phase = "fewer";
      return;
    }
    if (verdict === "unknown" || this.#chosen.length >= MOST_CHOSEN) {
      this.#phase = "failed";
      return;
    }
    const point = valuesOf(inputs, formulas);
    this.counterexamples++;
    this.#addPoint(point);
    for (const neighbour of this.#source.neighbours(point)) this.#addPoint(neighbour);
    const term = this.#bestAt(point) ?? this.#constantAt(point);
    if (term !== null) this.#chosen.push(term);
    else if (this.#phase !== "done") this.#phase = "failed";
  }

  /** The term that is right on a point, and on most others that no chosen one is right on. */
  #bestAt(point: readonly Value[]): OutputTerm | null {
    const open = this.#points.flatMap((_, k) => (this.#chosen.some(({ rightAt }) => rightAt[k]) ? [] : [k]));
    let best: OutputTerm | null = null;
    let most = -1;
    for (const term of this.#terms) {
      this.#looked++;
      if (!this.#isRightAt(term, point)) continue;
      let count = 0;
      for (const k of open) if (term.rightAt[k] === true) count++;
      if (count > most || (count === most && best !== null && term.size < best.size)) {
        most = count;
        best = term;
      }
    }
    return best;
  }

  /** A constant that is right on a point; where nothing is, no function is. */
  #constantAt(point: readonly Value[]): OutputTerm | null {
    const { formulas, inputs, holds, output } = this.#invocation;
    const fixed = inputs.map((input, k) => {
      const value = point[k] as Value;
      if (input.kind === "bool") return value === true ? input.literal : negated(input.literal);
      return formulas.equal(input.form, constantOf(value as number));
    });
    const verdict = formulas.solver.solve([holds, ...fixed], EFFORT);
    if (verdict === "unsatisfiable") {
      this.#impossible = point;
      this.#phase = "done";
    }
    if (verdict !== "satisfiable" || output.kind !== "int") return null;
    return this.#addTerm(constantOf(formulas.solver.valueOf(output.form.variables[0] as number)));
  }

  /** Leaves out outputs that the others make up for. */
  #dropOutput(): void {
    const { solver } = this.#invocation.formulas;
    if (this.#spare >= this.#chosen.length || this.#chosen.length === 1) {
      this.#collectConditions();
      this.#phase = "decisions";
      return;
    }
    // Those that are right on fewest points first.
    if (this.#spare === 0) this.#chosen.sort((a, b) => rightCount(a) - rightCount(b) || b.size - a.size);
    const others = this.#chosen.filter((_, k) => k !== this.#spare);
    const verdict = solver.solve(
      others.map((term) => negated(this.#right(term))),
      EFFORT,
    );
    if (verdict === "unsatisfiable") this.#chosen = others;
    else this.#spare++;
  }

  /** A list of decisions from the points; it is done where the solver finds nothing wrong with any rule. */
  #decide(): void {
    const { formulas, inputs } = this.#invocation;
    const kept = this.#points.flatMap((_, k) => (this.#chosen.every(({ rightAt }) => rightAt[k]) ? [] : [k]));
    const setOf = (truth: readonly boolean[]): PointSet => {
      const set = emptySet(kept.length);
      kept.forEach((k, at) => {
        if (truth[k] === true) put(set, at);
      });
      return set;
    };
    const conditions: Condition[] = this.#conditions.map(({ truth, size }) => ({
      truth: setOf(truth),
      size,
    }));
    this.#looked += this.#chosen.length;
    const list = learnDecisions(
      kept.length,
      this.#chosen.map(({ rightAt }) => setOf(rightAt)),
      conditions,
      this.#preferred,
      this.#canJoin,
    );
    if (list === null || this.#points.length >= MOST_POINTS) {
      this.#phase = "failed";
      return;
    }
    const before: Literal[] = [];
    const known = new Set(this.#pointKeys);
    let wrong = 0;
    for (const entry of [...list.entries, null]) {
      const guard = entry === null ? formulas.true : this.#guardLiteral(entry);
      const choice = this.#chosen[entry?.choice ?? list.last] as OutputTerm;
      const verdict = formulas.solver.solve([guard, ...before, negated(this.#right(choice))], EFFORT);
      if (verdict === "unknown") {
        this.#phase = "failed";
        return;
      }
      if (verdict === "satisfiable") {
        wrong++;
        this.counterexamples++;
        const point = valuesOf(inputs, formulas);
        if (known.has(point.join(" ")))
          throw new Error("a rule that points tell was found to be wrong on one");
        this.#addPoint(point);
        let more = 0;
        for (const neighbour of this.#source.neighbours(point))
          if (more < MOST_NEIGHBOURS && this.#isWrongAt(list, neighbour) && this.#addPoint(neighbour)) more++;
      }
      before.push(negated(guard));
    }
    if (wrong > 0) return;
    const written = writtenDecisions(
      this.#writer,
      list,
      this.#conditions.map(({ atom }) => atom),
      this.#chosen.map(({ form, symbolic }) => form ?? literalOf(symbolic) === formulas.true),
    );
    this.#phase = written === null ? "failed" : "done";
    if (written !== null) this.#program = this.#writer.programOf(written);
  }

  /** Whether a list makes a wrong choice on a point. */
  #isWrongAt({ entries, last }: DecisionList, point: readonly Value[]): boolean {
    this.#looked++;
    const holds = (k: number): boolean => this.#forms.atomAt(this.#conditions[k]?.atom as Atom, point);
    const entry = entries.find(({ isAny, conditions }) =>
      isAny ? conditions.some(holds) : conditions.every(holds),
    );
    return !this.#isRightAt(this.#chosen[entry?.choice ?? last] as OutputTerm, point);
  }

  #guardLiteral({ isAny, conditions }: Entry): Literal {
    const { formulas } = this.#invocation;
    const literals = conditions.map((k) => this.#conditions[k]?.literal as Literal);
    return isAny ? formulas.any(literals) : formulas.all(literals);
  }

  #right(term: OutputTerm): Literal {
    if (term.right !== null) return term.right;
    const { formulas, inputs } = this.#invocation;
    const environment = new Map(this.#names.map((name, k) => [name, inputs[k] as Symbolic]));
    term.right = formulas.all(
      this.#task.constraints.map((constraint) =>
        literalOf(this.#reader.term(constraint.term, environment, () => term.symbolic)),
      ),
    );
    return term.right;
  }

  /** Takes in a point, unless it is known. */
  #addPoint(point: readonly Value[]): boolean {
    const key = point.join(" ");
    if (this.#pointKeys.has(key) || this.#points.length >= MOST_POINTS) return false;
    this.#pointKeys.add(key);
    const right = this.#terms.map((term) => this.#isRightAt(term, point));
    // Where everything is right, nothing is learned.
    if (right.length > 1 && right.every((is) => is)) return false;
    this.#points.push(point);
    this.#terms.forEach((term, k) => term.rightAt.push(right[k] as boolean));
    for (const { atom, truth } of this.#conditions) truth.push(this.#forms.atomAt(atom, point));
    return true;
  }

  #isRightAt({ form, symbolic }: OutputTerm, point: readonly Value[]): boolean {
    try {
      const output =
        form === null
          ? literalOf(symbolic) === this.#invocation.formulas.true
          : valueAt(form, (argument) => this.#forms.argumentAt(argument, point) as number);
      return this.#truths.every((truth) => truth.holds(point, () => output));
    } catch (error) {
      if (error instanceof InexactError) return false;
      throw error;
    }
  }

  /** Outputs at the bounds that comparisons set, and right beside them. */
  #collectTerms(comparisons: readonly Linear[]): void {
    const { output, formulas } = this.#invocation;
    if (output.kind === "bool") {
      for (const literal of [formulas.true, formulas.false])
        this.#terms.push({
          symbolic: { kind: "bool", literal },
          form: null,
          size: 1,
          right: null,
          rightAt: [],
        });
      return;
    }
    this.#addTerm(constantOf(0));
    this.#addTerm(constantOf(1));
    for (const form of boundForms(comparisons, output.form, this.#forms)) this.#addTerm(form);
    for (const argument of this.#forms.integers) this.#addTerm(variableOf(argument));
  }

  #addTerm(form: Linear): OutputTerm | null {
    const key = keyOf(form);
    if (this.#termKeys.has(key) || this.#terms.length >= MOST_TERMS) return null;
    this.#termKeys.add(key);
    const written = this.#writer.linear(this.#writer.start, form);
    if (written === null || written.tokens.length > MOST_TERM_TOKENS) return null;
    const term: OutputTerm = {
      symbolic: { kind: "int", form: this.#forms.inSolver(form) },
      form,
      size: written.tokens.length,
      right: null,
      rightAt: [],
    };
    for (const point of this.#points) term.rightAt.push(this.#isRightAt(term, point));
    this.#terms.push(term);
    return term;
  }

  /** What decisions may ask, where the grammar has it. */
  #collectConditions(): void {
    const { formulas } = this.#invocation;
    const atoms = decisionAtoms(
      this.#invocation,
      this.#forms,
      this.#chosen.map((term) => this.#right(term)),
      this.#chosen.flatMap(({ symbolic }) => (symbolic.kind === "int" ? [symbolic.form] : [])),
    );
    this.#conditions = atoms.slice(0, MOST_CONDITIONS).flatMap(({ atom, literal }) => {
      const size = this.#writer.conditionSize({ isAny: false, atoms: [atom] });
      if (size === null) return [];
      return [{ atom, literal, size, truth: this.#points.map((point) => this.#forms.atomAt(atom, point)) }];
    });
    this.#preferred = this.#chosen.map((term) => {
      const right = this.#right(term);
      const meaning = formulas.meanings.get(right);
      const parts = new Set(meaning?.kind === "all" ? meaning.parts : [right]);
      return this.#conditions.flatMap(({ literal }, k) => (parts.has(literal) ? [k] : []));
    });
    const [first, second] = this.#conditions;
    this.#canJoin =
      first !== undefined &&
      second !== undefined &&
      [false, true].every(
        (isAny) => this.#writer.conditionSize({ isAny, atoms: [first.atom, second.atom] }) !== null,
      );
  }
}
