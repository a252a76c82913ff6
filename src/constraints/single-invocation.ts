import type { Grammar, Program, SygusTask, Value } from "../../dsl/index.ts";
import { CompiledTruth } from "./compiled-term.ts";
import { Formulas } from "./formulas.ts";
import { type Atom, GrammarWriter, type Guard, type Written } from "./grammar-writer.ts";
import {
  type Condition,
  type DecisionList,
  emptySet,
  type Entry,
  learnDecisions,
  type PointSet,
  put,
} from "./guard-learner.ts";
import {
  coefficientOf,
  constantOf,
  InexactError,
  isConstant,
  keyOf,
  type Linear,
  scaled,
  substituted,
  sum,
  valueAt,
  variableOf,
} from "./linear.ts";
import { type Literal, negated } from "./linear-solver.ts";
import { PointSource } from "./sampled-points.ts";
import { literalOf, type Symbolic, SymbolicReader } from "./symbolic.ts";
import { statement, valuesOf } from "./verifier.ts";

/** Points to begin with, of which those are kept that tell outputs apart. */
const FIRST_POINTS = 300;
const MOST_POINTS = 6000;
/** Points beside a counterexample that are wrong as well and join it. */
const MOST_NEIGHBOURS = 8;
/** Terms that may be outputs. */
const MOST_TERMS = 3000;
const MOST_TERM_TOKENS = 60;
const MOST_CONDITIONS = 3000;
/** Ways to resolve the choices in one form. */
const MOST_RESOLVED = 64;
/** Decisions and conflicts of the solver for one question. */
const EFFORT = 200_000;
const MOST_CHOSEN = 100;

/** What the constraints come to where all of them ask for the function at the same arguments. */
interface Invocation {
  readonly formulas: Formulas;
  /** The variables, in the order of the task, and those among them that are the arguments, in the order of these. */
  readonly inputs: readonly Symbolic[];
  readonly positions: readonly number[];
  readonly output: Symbolic;
  readonly holds: Literal;
}

/** Null where the function is asked for at several places, or not of the variables themselves. */
export function invocationOf(task: SygusTask): Invocation | null {
  const formulas = new Formulas();
  const isTruth = task.signature.result.kind === "bool";
  const output: Symbolic = isTruth
    ? { kind: "bool", literal: formulas.newTruth() }
    : { kind: "int", form: variableOf(formulas.newInteger()) };
  const calls: (readonly Symbolic[])[] = [];
  const { inputs, holds } = statement(task, formulas, () => (args) => {
    calls.push(args);
    return output;
  });
  const texts = inputs.map(textOf);
  const positions = (calls[0] ?? []).map((argument) => texts.indexOf(textOf(argument)));
  if (calls.length === 0 || positions.includes(-1) || new Set(positions).size < positions.length) return null;
  if (calls.some((args) => args.some((argument, k) => textOf(argument) !== texts[positions[k] as number])))
    return null;
  // What the function is not told of must not matter.
  if (positions.length < inputs.length && usesOthers(task, new Set(positions))) return null;
  return { formulas, inputs, positions, output, holds: formulas.all(holds) };
}

const textOf = (symbolic: Symbolic): string =>
  symbolic.kind === "int" ? keyOf(symbolic.form) : `?${symbolic.literal}`;

/** Whether a constraint names a variable that is no argument. */
function usesOthers({ variables, constraints }: SygusTask, positions: ReadonlySet<number>): boolean {
  const others = new Set(variables.flatMap(({ name }, k) => (positions.has(k) ? [] : [name])));
  const uses = (term: SygusTask["constraints"][number]["term"]): boolean => {
    if (term.kind === "variable") return others.has(term.name);
    if (term.kind === "let") return term.bindings.some((binding) => uses(binding.term)) || uses(term.body);
    return term.kind !== "value" && term.arguments.some(uses);
  };
  return constraints.some(({ term }) => uses(term));
}

/** An output that may be right: a linear form over the arguments' integers, or a truth. */
interface OutputTerm {
  readonly symbolic: Symbolic;
  /** Over the numbers of arguments; null for truths. */
  readonly form: Linear | null;
  readonly size: number;
  /** That it is right. Made when it is asked for. */
  right: Literal | null;
  /** Points, in their order, on which it is right. */
  readonly rightAt: boolean[];
}

type Phase = "outputs" | "fewer" | "decisions" | "done" | "failed";

/**
 * Finds a function whose every call in the constraints has the same arguments: then what is right for one input depends on nothing else.
 * Outputs are collected until one of them is right everywhere (counterexample-guided instantiation: Reynolds et al. 2015), which the solver
 * proves; then a list of decisions among them is learned from points (Alur, Radhakrishna and Udupa 2017), whose every rule the solver
 * checks, and whose counterexamples are points more.
 */
export class SingleInvocation {
  readonly #task: SygusTask;
  readonly #grammar: Grammar;
  readonly #invocation: Invocation;
  readonly #writer: GrammarWriter;
  readonly #reader: SymbolicReader;
  readonly #truths: readonly CompiledTruth[];
  readonly #names: readonly string[];
  readonly #source: PointSource;
  /** Solver's integer → argument. */
  readonly #argumentOf = new Map<number, number>();
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
    this.#grammar = task.grammar;
    this.#invocation = invocation;
    this.#writer = new GrammarWriter(task.grammar);
    this.#reader = new SymbolicReader(invocation.formulas);
    this.#names = task.variables.map(({ name }) => name);
    this.#truths = task.constraints.map(({ term }) => new CompiledTruth(term, this.#names));
    invocation.positions.forEach((position, argument) => {
      const input = invocation.inputs[position] as Symbolic;
      if (input.kind === "int") this.#argumentOf.set(input.form.variables[0] as number, argument);
    });
    const comparisons = this.#comparisonsOf([invocation.holds]);
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
    const written = this.#write(list);
    this.#phase = written === null ? "failed" : "done";
    if (written !== null) this.#program = this.#writer.programOf(written);
  }

  /** Whether a list makes a wrong choice on a point. */
  #isWrongAt({ entries, last }: DecisionList, point: readonly Value[]): boolean {
    this.#looked++;
    const holds = (k: number): boolean => this.#atomAt(this.#conditions[k]?.atom as Atom, point);
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

  #write({ entries, last }: DecisionList): Written | null {
    const guardOf = ({ isAny, conditions }: Entry): Guard => ({
      isAny,
      atoms: conditions.map((k) => this.#conditions[k]?.atom as Atom),
    });
    const termOf = (choice: number): OutputTerm => this.#chosen[choice] as OutputTerm;
    const { start } = this.#writer;
    if (this.#invocation.output.kind === "int")
      return this.#writer.decisions(
        start,
        entries.map((entry) => ({ guard: guardOf(entry), term: termOf(entry.choice).form as Linear })),
        termOf(last).form as Linear,
      );
    const valueOf = (choice: number): boolean =>
      literalOf(termOf(choice).symbolic) === this.#invocation.formulas.true;
    if (entries.length === 0) return this.#writer.constantTruth(start, valueOf(last));
    return this.#writer.truths(
      start,
      entries.map((entry) => ({ guard: guardOf(entry), value: valueOf(entry.choice) })),
      valueOf(last),
    );
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
    for (const { atom, truth } of this.#conditions) truth.push(this.#atomAt(atom, point));
    return true;
  }

  #isRightAt({ form, symbolic }: OutputTerm, point: readonly Value[]): boolean {
    try {
      const output =
        form === null
          ? literalOf(symbolic) === this.#invocation.formulas.true
          : valueAt(form, (argument) => this.#argumentAt(argument, point) as number);
      return this.#truths.every((truth) => truth.holds(point, () => output));
    } catch (error) {
      if (error instanceof InexactError) return false;
      throw error;
    }
  }

  #argumentAt(argument: number, point: readonly Value[]): Value {
    return point[this.#invocation.positions[argument] as number] as Value;
  }

  #atomAt(atom: Atom, point: readonly Value[]): boolean {
    if (atom.kind === "argument") return (this.#argumentAt(atom.argument, point) === true) !== atom.isNegated;
    const value = valueAt(atom.form, (argument) => this.#argumentAt(argument, point) as number);
    return (atom.kind === "equality" ? value === 0 : value >= 0) !== atom.isNegated;
  }

  /** Forms of all comparisons that literals are made of, with their choices resolved in every way. */
  #comparisonsOf(literals: readonly Literal[]): Linear[] {
    const { formulas } = this.#invocation;
    const forms = new Map<string, Linear>();
    const seen = new Set<Literal>();
    const visit = (literal: Literal): void => {
      const own = literal & ~1;
      if (seen.has(own)) return;
      seen.add(own);
      const meaning = formulas.meanings.get(own);
      if (meaning?.kind === "all") meaning.parts.forEach(visit);
      if (meaning?.kind !== "comparison") return;
      for (const form of this.#resolved(meaning.form, visit)) forms.set(keyOf(form), form);
    };
    literals.forEach(visit);
    return [...forms.values()];
  }

  #resolved(form: Linear, visit: (literal: Literal) => void): Linear[] {
    const { choices } = this.#invocation.formulas;
    const done: Linear[] = [];
    const open = [form];
    for (let k = 0; k < open.length && open.length < MOST_RESOLVED; k++) {
      const one = open[k] as Linear;
      const chosen = one.variables.find((variable) => choices.has(variable));
      const choice = chosen === undefined ? undefined : choices.get(chosen);
      if (chosen === undefined || choice === undefined) {
        done.push(one);
        continue;
      }
      visit(choice.condition);
      open.push(substituted(one, chosen, choice.yes), substituted(one, chosen, choice.no));
    }
    return done;
  }

  /** A form over the solver's integers as one over arguments, null where it has others. */
  #overArguments({ variables, coefficients, constant }: Linear): Linear | null {
    let form = constantOf(constant);
    for (let k = 0; k < variables.length; k++) {
      const argument = this.#argumentOf.get(variables[k] as number);
      if (argument === undefined) return null;
      form = sum(form, variableOf(argument), coefficients[k] as number);
    }
    return form;
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
    const own = output.form.variables[0] as number;
    this.#addTerm(constantOf(0));
    this.#addTerm(constantOf(1));
    for (const form of comparisons) {
      const factor = coefficientOf(form, own);
      if (factor === 0) continue;
      const rest = sum(form, output.form, -factor);
      if (rest.coefficients.some((coefficient) => coefficient % factor !== 0)) continue;
      const linear: Linear = {
        variables: rest.variables,
        coefficients: rest.coefficients.map((coefficient) => -coefficient / factor + 0),
        constant: 0,
      };
      const inArguments = this.#overArguments(linear);
      if (inArguments === null) continue;
      const bound = Math.ceil(-rest.constant / factor);
      for (const near of [0, -1, 1]) this.#addTerm(sum(inArguments, constantOf(bound + near)));
    }
    for (const argument of this.#argumentOf.values()) this.#addTerm(variableOf(argument));
  }

  #addTerm(form: Linear): OutputTerm | null {
    const key = keyOf(form);
    if (this.#termKeys.has(key) || this.#terms.length >= MOST_TERMS) return null;
    this.#termKeys.add(key);
    const written = this.#writer.linear(this.#writer.start, form);
    if (written === null || written.tokens.length > MOST_TERM_TOKENS) return null;
    let symbolic = constantOf(form.constant);
    form.variables.forEach((argument, k) => {
      const input = this.#invocation.inputs[this.#invocation.positions[argument] as number] as Symbolic;
      if (input.kind === "int") symbolic = sum(symbolic, input.form, form.coefficients[k]);
    });
    const term: OutputTerm = {
      symbolic: { kind: "int", form: symbolic },
      form,
      size: written.tokens.length,
      right: null,
      rightAt: [],
    };
    for (const point of this.#points) term.rightAt.push(this.#isRightAt(term, point));
    this.#terms.push(term);
    return term;
  }

  /** What decisions may ask: comparisons of the constraints, and of those with an output in its place; truths among the arguments. */
  #collectConditions(): void {
    const { formulas, inputs, positions, holds } = this.#invocation;
    const forms = new Map<string, Linear>();
    const add = (form: Linear): void => {
      const own = this.#overArguments(form);
      if (own === null || isConstant(own)) return;
      forms.set(keyOf(own), own);
    };
    for (const form of this.#comparisonsOf([holds, ...this.#chosen.map((term) => this.#right(term))]))
      add(form);
    // An output equals another.
    if (this.#chosen.length <= 12)
      for (const a of this.#chosen)
        for (const b of this.#chosen)
          if (a !== b && a.symbolic.kind === "int" && b.symbolic.kind === "int")
            add(sum(a.symbolic.form, b.symbolic.form, -1));
    const atoms: { readonly atom: Atom; readonly literal: Literal }[] = [];
    const both = (atom: Atom, literal: Literal): void => {
      atoms.push({ atom, literal }, { atom: { ...atom, isNegated: true }, literal: negated(literal) });
    };
    const symbolicOf = (form: Linear): Linear => {
      let symbolic = constantOf(form.constant);
      form.variables.forEach((argument, k) => {
        const input = inputs[positions[argument] as number] as Symbolic;
        if (input.kind === "int") symbolic = sum(symbolic, input.form, form.coefficients[k]);
      });
      return symbolic;
    };
    for (const form of forms.values())
      both({ kind: "comparison", form, isNegated: false }, formulas.atLeastZero(symbolicOf(form)));
    const seen = new Set<Literal>();
    for (const form of forms.values())
      for (const near of [0, 1, -1]) {
        const shifted = sum(form, constantOf(near));
        const isPair =
          forms.has(keyOf(scaled(shifted, -1))) || forms.has(keyOf(sum(scaled(shifted, -1), constantOf(-1))));
        const literal = isPair ? formulas.equal(symbolicOf(shifted), constantOf(0)) : formulas.false;
        if (literal === formulas.false || seen.has(literal)) continue;
        seen.add(literal);
        both({ kind: "equality", form: shifted, isNegated: false }, literal);
      }
    positions.forEach((position, argument) => {
      const input = inputs[position] as Symbolic;
      if (input.kind === "bool") both({ kind: "argument", argument, isNegated: false }, input.literal);
    });
    this.#conditions = atoms.slice(0, MOST_CONDITIONS).flatMap(({ atom, literal }) => {
      const size = this.#conditionSize({ isAny: false, atoms: [atom] });
      if (size === null) return [];
      return [{ atom, literal, size, truth: this.#points.map((point) => this.#atomAt(atom, point)) }];
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
        (isAny) => this.#conditionSize({ isAny, atoms: [first.atom, second.atom] }) !== null,
      );
  }

  /** Tokens of a condition where the grammar has it before a choice; null where it has it nowhere. */
  #conditionSize(guard: Guard): number | null {
    if (this.#invocation.output.kind === "bool")
      return this.#writer.guard(this.#writer.start, guard)?.tokens.length ?? null;
    const { productions } = this.#grammar;
    let least: number | null = null;
    for (const { kind, label, children, type } of productions) {
      if (kind !== "primitive" || label !== "ite" || children.length !== 3) continue;
      if (type !== this.#writer.start) continue;
      const written = this.#writer.guard(children[0] as number, guard);
      if (written !== null && (least === null || written.tokens.length < least))
        least = written.tokens.length;
    }
    return least;
  }
}

const rightCount = ({ rightAt }: OutputTerm): number =>
  rightAt.reduce((count, is) => count + (is ? 1 : 0), 0);
