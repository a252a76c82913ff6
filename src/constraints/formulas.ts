import {
  constantOf,
  divisor,
  exact,
  isConstant,
  keyOf,
  type Linear,
  scaled,
  sum,
  variableOf,
} from "./linear.ts";
import { LinearSolver, type Literal, negated } from "./linear-solver.ts";

/** What a literal was made of. */
export type Meaning =
  /** form ≥ 0. */
  | { readonly kind: "comparison"; readonly form: Linear }
  | { readonly kind: "truth" }
  /** All of them hold. */
  | { readonly kind: "all"; readonly parts: readonly Literal[] };

/** An integer that stands for one of two, as a condition has it. */
export interface Choice {
  readonly condition: Literal;
  readonly yes: Linear;
  readonly no: Linear;
}

/**
 * Formulas over integers and truths as literals of a solver, with the clauses that say what they mean (Tseitin 1968). Equal formulas are one
 * literal.
 */
export class Formulas {
  readonly solver: LinearSolver = new LinearSolver();
  readonly true: Literal;
  readonly false: Literal;
  /** Literals of comparisons and conjunctions, as they were made, not negated. */
  readonly meanings: Map<Literal, Meaning> = new Map<Literal, Meaning>();
  /** Integers that stand for choices. */
  readonly choices: Map<number, Choice> = new Map<number, Choice>();
  readonly #conjunctions = new Map<string, Literal>();
  readonly #choiceOf = new Map<string, Linear>();
  readonly #quotients = new Map<string, { readonly quotient: Linear; readonly rest: Linear }>();

  constructor() {
    this.true = this.solver.newTruth();
    this.false = negated(this.true);
    this.solver.addClause([this.true]);
  }

  newTruth(): Literal {
    const literal = this.solver.newTruth();
    this.meanings.set(literal, { kind: "truth" });
    return literal;
  }

  newInteger(): number {
    return this.solver.newInteger();
  }

  /** form ≥ 0. */
  atLeastZero(form: Linear): Literal {
    const { variables, coefficients, constant } = form;
    if (isConstant(form)) return constant >= 0 ? this.true : this.false;
    const common = coefficients.reduce(divisor, 0);
    const isNegative = (coefficients[0] as number) < 0;
    const factor = isNegative ? -common : common;
    const primitive: Linear = {
      variables,
      coefficients: coefficients.map((coefficient) => coefficient / factor),
      constant: 0,
    };
    // Σ ≥ −constant / common, or −Σ ≥ that, which is not Σ ≥ constant / common + 1; rounded, as sums are integers.
    const bound = isNegative ? Math.floor(constant / common) + 1 : Math.ceil(-constant / common) + 0;
    const literal = this.solver.atLeast(primitive, exact(bound));
    this.meanings.set(literal, { kind: "comparison", form: { ...primitive, constant: -bound + 0 } });
    return isNegative ? negated(literal) : literal;
  }

  /** a ≥ b. */
  atLeast(a: Linear, b: Linear): Literal {
    return this.atLeastZero(sum(a, b, -1));
  }

  equal(a: Linear, b: Linear): Literal {
    const difference = sum(a, b, -1);
    const common = difference.coefficients.reduce(divisor, 0);
    if (common > 1 && difference.constant % common !== 0) return this.false;
    return this.all([this.atLeastZero(difference), this.atLeastZero(scaled(difference, -1))]);
  }

  all(literals: readonly Literal[]): Literal {
    const parts = [...new Set(literals)].filter((literal) => literal !== this.true).sort((a, b) => a - b);
    if (parts.includes(this.false) || parts.some((literal, k) => parts[k + 1] === negated(literal)))
      return this.false;
    if (parts.length < 2) return parts[0] ?? this.true;
    const key = parts.join(" ");
    const known = this.#conjunctions.get(key);
    if (known !== undefined) return known;
    const literal = this.solver.newTruth();
    for (const part of parts) this.solver.addClause([negated(literal), part]);
    this.solver.addClause([literal, ...parts.map(negated)]);
    this.#conjunctions.set(key, literal);
    this.meanings.set(literal, { kind: "all", parts });
    return literal;
  }

  any(literals: readonly Literal[]): Literal {
    return negated(this.all(literals.map(negated)));
  }

  same(a: Literal, b: Literal): Literal {
    return this.all([this.any([negated(a), b]), this.any([a, negated(b)])]);
  }

  /** The second where the first holds, otherwise the third. */
  either(condition: Literal, yes: Literal, no: Literal): Literal {
    return this.all([this.any([negated(condition), yes]), this.any([condition, no])]);
  }

  choose(condition: Literal, yes: Linear, no: Linear): Linear {
    if (condition === this.true) return yes;
    if (condition === this.false || keyOf(yes) === keyOf(no)) return no;
    const key = `${condition} ${keyOf(yes)} ${keyOf(no)}`;
    const known = this.#choiceOf.get(key);
    if (known !== undefined) return known;
    const integer = this.newInteger();
    const result = variableOf(integer);
    this.solver.addClause([negated(condition), this.equal(result, yes)]);
    this.solver.addClause([condition, this.equal(result, no)]);
    this.choices.set(integer, { condition, yes, no });
    this.#choiceOf.set(key, result);
    return result;
  }

  /** Quotient and rest as SMT-LIB has them: the rest is not negative (Boute 1992). @param by not 0 */
  divide(a: Linear, by: number): { readonly quotient: Linear; readonly rest: Linear } {
    const key = `${keyOf(a)} ${by}`;
    const known = this.#quotients.get(key);
    if (known !== undefined) return known;
    const size = Math.abs(by);
    if (isConstant(a)) {
      const rest = ((a.constant % size) + size) % size;
      return { quotient: constantOf((a.constant - rest) / by + 0), rest: constantOf(rest) };
    }
    const quotient = variableOf(this.newInteger());
    const rest = sum(a, quotient, -by);
    this.solver.addClause([this.atLeastZero(rest)]);
    this.solver.addClause([this.atLeast(constantOf(size - 1), rest)]);
    const result = { quotient, rest };
    this.#quotients.set(key, result);
    return result;
  }
}
