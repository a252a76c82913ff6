import { Comparisons } from "./comparisons.ts";
import { DecisionOrder } from "./decision-order.ts";
import { InexactError, type Linear, variableOf } from "./linear.ts";
import { type Literal, negated } from "./literal.ts";
import { Restarts } from "./restarts.ts";
import { Simplex } from "./simplex.ts";

export type Verdict = "satisfiable" | "unsatisfiable" | "unknown";

const UNASSIGNED = 2;
/** Learned clauses that are kept; of more, half of the long ones go. */
const MOST_LEARNED = 4000;
const SHORT_CLAUSE = 3;
/** Conflicts of one question before comparisons are related. */
const RELATED_AFTER = 50;
/** Integers are sought by splitting values so often at most in one question. */
const MOST_SPLITS = 2000;

/**
 * Decides clauses over truths and linear comparisons of integers: conflict-driven clause learning (Marques-Silva and Sakallah 1999;
 * Eén and Sörensson 2003) with the simplex beside it, and branches where values are no integers. Exact, deterministic, incremental: clauses
 * stay, assumptions are of one question. Where a bound is hit, or numbers grow beyond exact arithmetic, the verdict is "unknown".
 */
export class LinearSolver {
  readonly #simplex = new Simplex();
  /** Variable → 1 true, 0 false, 2 open. */
  readonly #values: number[] = [];
  readonly #levels: number[] = [];
  readonly #reasons: (readonly number[] | null)[] = [];
  readonly #phase: number[] = [];
  readonly #seen: boolean[] = [];
  /** Variable → the sum that it compares, −1 for plain truths, and with what: true says sum ≥ bound. */
  readonly #sums: number[] = [];
  readonly #bounds: number[] = [];
  /** Literal → clauses that watch it. */
  readonly #watches: number[][][] = [];
  #learned: number[][] = [];
  readonly #trail: Literal[] = [];
  readonly #starts: number[] = [];
  readonly #marks: number[] = [];
  #propagated = 0;
  #asserted = 0;
  #isContradicted = false;
  /** Numbers grew too large somewhere: nothing is known from then on. */
  #isInexact = false;
  readonly #order = new DecisionOrder();
  readonly #comparisons = new Comparisons();
  #model: Int8Array = new Int8Array(0);
  readonly #integers: number[] = [];
  #integerValues: number[] = [];
  /** Decisions and conflicts so far: how effort is counted. */
  steps = 0;

  newTruth(): Literal {
    return this.#newVariable(-1, 0);
  }

  /** A new integer, for linear forms. */
  newInteger(): number {
    const variable = this.#simplex.addVariable();
    this.#integers.push(variable);
    this.#comparisons.addSum(variable, variableOf(variable));
    return variable;
  }

  #newVariable(sum: number, bound: number): Literal {
    const variable = this.#values.push(UNASSIGNED) - 1;
    this.#levels.push(0);
    this.#reasons.push(null);
    this.#phase.push(0);
    this.#seen.push(false);
    this.#sums.push(sum);
    this.#bounds.push(bound);
    this.#watches.push([], []);
    this.#order.add();
    return 2 * variable;
  }

  /**
   * The truth of Σ coefficient · variable ≥ bound.
   * @param form its constant counts for nothing; equal sums should come in one form, so that they are one
   */
  atLeast(form: Linear, bound: number): Literal {
    const { variables, coefficients } = form;
    let sum = this.#comparisons.known(form);
    if (sum === undefined) {
      try {
        sum = this.#simplex.addSum(variables, coefficients);
      } catch (error) {
        this.#isInexact = true;
        throw error;
      }
      this.#comparisons.addSum(sum, form);
    }
    return this.#comparison(sum, bound);
  }

  /** The truth of sum ≥ bound; its neighbours among the comparisons of the same sum follow from it, or it from them. */
  #comparison(sum: number, bound: number): Literal {
    const known = this.#comparisons.find(sum, bound);
    if (known !== undefined) return known;
    const literal = this.#newVariable(sum, bound);
    for (const clause of this.#comparisons.add(sum, bound, literal)) this.addClause(clause);
    return literal;
  }

  /** A clause that holds from now on. */
  addClause(literals: readonly Literal[]): void {
    this.#backtrack(0);
    const own = [...new Set(literals)].filter((literal) => this.#truth(literal) !== 0);
    if (own.some((literal) => this.#truth(literal) === 1 || own.includes(negated(literal)))) return;
    if (own.length === 0) this.#isContradicted = true;
    else if (own.length === 1) this.#assign(own[0] as Literal, null);
    else this.#watch(own);
  }

  #watch(clause: number[]): void {
    (this.#watches[clause[0] as number] as number[][]).push(clause);
    (this.#watches[clause[1] as number] as number[][]).push(clause);
  }

  #truth(literal: Literal): number {
    const value = this.#values[literal >> 1] as number;
    return value === UNASSIGNED ? UNASSIGNED : value ^ (literal & 1);
  }

  #assign(literal: Literal, reason: readonly number[] | null): void {
    const variable = literal >> 1;
    this.#values[variable] = 1 ^ (literal & 1);
    this.#levels[variable] = this.#starts.length;
    this.#reasons[variable] = reason;
    this.#trail.push(literal);
  }

  #backtrack(level: number): void {
    if (this.#starts.length <= level) return;
    const start = this.#starts[level] as number;
    for (let k = this.#trail.length - 1; k >= start; k--) {
      const variable = (this.#trail[k] as number) >> 1;
      this.#phase[variable] = this.#values[variable] as number;
      this.#values[variable] = UNASSIGNED;
      this.#reasons[variable] = null;
      this.#order.open(variable);
    }
    this.#trail.length = start;
    this.#simplex.backtrack(this.#marks[level] as number);
    this.#starts.length = level;
    this.#marks.length = level;
    this.#propagated = Math.min(this.#propagated, start);
    this.#asserted = Math.min(this.#asserted, start);
  }

  /** Follows clauses, then the comparisons. @returns literals that are all false and must not be, or null */
  #propagate(): readonly number[] | null {
    while (this.#propagated < this.#trail.length) {
      const falsified = negated(this.#trail[this.#propagated++] as number);
      const watching = this.#watches[falsified] as number[][];
      let kept = 0;
      for (let k = 0; k < watching.length; k++) {
        const clause = watching[k] as number[];
        if (clause[0] === falsified) {
          clause[0] = clause[1] as number;
          clause[1] = falsified;
        }
        const first = clause[0] as number;
        if (this.#truth(first) === 1) {
          watching[kept++] = clause;
          continue;
        }
        let found = -1;
        for (let i = 2; i < clause.length && found < 0; i++)
          if (this.#truth(clause[i] as number) !== 0) found = i;
        if (found >= 0) {
          clause[1] = clause[found] as number;
          clause[found] = falsified;
          (this.#watches[clause[1] as number] as number[][]).push(clause);
          continue;
        }
        watching[kept++] = clause;
        if (this.#truth(first) === 0) {
          while (++k < watching.length) watching[kept++] = watching[k] as number[];
          watching.length = kept;
          return clause;
        }
        this.#assign(first, clause);
      }
      watching.length = kept;
    }
    return this.#compare();
  }

  /** Tells the simplex of new comparisons. */
  #compare(): readonly number[] | null {
    while (this.#asserted < this.#trail.length) {
      const literal = this.#trail[this.#asserted++] as number;
      const sum = this.#sums[literal >> 1] as number;
      if (sum < 0) continue;
      const bound = this.#bounds[literal >> 1] as number;
      const conflict =
        (literal & 1) === 0
          ? this.#simplex.setLower(sum, bound, literal)
          : this.#simplex.setUpper(sum, bound - 1, literal);
      if (conflict !== null) return conflict.map(negated);
    }
    return this.#simplex.check()?.map(negated) ?? null;
  }

  /**
   * Whether all clauses can hold together with some assumptions. Then `isTrue` and `valueOf` tell how.
   * @param effort decisions and conflicts until it is given up
   */
  solve(assumptions: readonly Literal[], effort: number): Verdict {
    if (this.#isInexact) return "unknown";
    try {
      return this.#solve(assumptions, this.steps + effort);
    } catch (error) {
      if (!(error instanceof InexactError)) throw error;
      this.#isInexact = true;
      return "unknown";
    } finally {
      this.#backtrack(0);
    }
  }

  #solve(assumptions: readonly Literal[], limit: number): Verdict {
    this.#backtrack(0);
    const restarts = new Restarts();
    let splits = 0;
    for (;;) {
      if (this.#isContradicted) return "unsatisfiable";
      const conflict = this.#propagate();
      if (conflict !== null) {
        this.steps++;
        if (!this.#learn(conflict)) {
          this.#isContradicted = true;
          return "unsatisfiable";
        }
        if (restarts.isDue()) {
          this.#backtrack(0);
          this.#forget();
          if (restarts.conflicts >= RELATED_AFTER)
            this.#comparisons.relate((clause) => this.addClause(clause));
        }
        continue;
      }
      if (this.steps >= limit) return "unknown";
      this.steps++;
      const level = this.#starts.length;
      let next: Literal;
      if (level < assumptions.length) {
        next = assumptions[level] as Literal;
        if (this.#truth(next) === 0) return "unsatisfiable";
        if (this.#truth(next) === 1) {
          this.#open();
          continue;
        }
      } else {
        const variable = this.#order.next((open) => this.#values[open] === UNASSIGNED);
        if (variable >= 0) next = this.#decision(variable);
        else {
          const divided = this.#simplex.indivisible();
          const fraction = this.#simplex.fraction();
          if (fraction === null) {
            this.#remember();
            return "satisfiable";
          }
          if (divided !== null) {
            if (!this.#learn(divided.map(negated))) {
              this.#isContradicted = true;
              return "unsatisfiable";
            }
            continue;
          }
          if (++splits > MOST_SPLITS) return "unknown";
          // A comparison more, open, so that it will be decided.
          this.#comparison(fraction.variable, fraction.ceiling);
          continue;
        }
      }
      this.#open();
      this.#assign(next, null);
    }
  }

  #open(): void {
    this.#starts.push(this.#trail.length);
    this.#marks.push(this.#simplex.mark);
  }

  /** Comparisons are decided as values are now, so that nothing has to move. */
  #decision(variable: number): Literal {
    const sum = this.#sums[variable] as number;
    const isTrue =
      sum < 0 ? this.#phase[variable] === 1 : this.#simplex.isAtLeast(sum, this.#bounds[variable] as number);
    return 2 * variable + (isTrue ? 0 : 1);
  }

  #remember(): void {
    this.#model = Int8Array.from(this.#values);
    this.#integerValues = [];
    for (const variable of this.#integers) this.#integerValues[variable] = this.#simplex.valueOf(variable);
  }

  /** In the last solution. */
  isTrue(literal: Literal): boolean {
    return ((this.#model[literal >> 1] ?? 0) ^ (literal & 1)) === 1;
  }

  /** An integer in the last solution. */
  valueOf(integer: number): number {
    return this.#integerValues[integer] ?? 0;
  }

  /** Learns from a conflict and goes back to where it could have been seen. @returns false where nothing can hold */
  #learn(conflict: readonly number[]): boolean {
    const highest = conflict.reduce(
      (most, literal) => Math.max(most, this.#levels[literal >> 1] as number),
      0,
    );
    if (highest === 0) return false;
    this.#backtrack(highest);
    const learned: number[] = [0];
    const touched: number[] = [];
    let open = 0;
    let reason: readonly number[] = conflict;
    let at = this.#trail.length - 1;
    let literal = -1;
    for (;;) {
      for (const other of reason) {
        const variable = other >> 1;
        if (other === literal || this.#seen[variable] === true || this.#levels[variable] === 0) continue;
        this.#seen[variable] = true;
        touched.push(variable);
        this.#order.bump(variable);
        if (this.#levels[variable] === highest) open++;
        else learned.push(other);
      }
      while (this.#seen[(this.#trail[at] as number) >> 1] !== true) at--;
      literal = this.#trail[at--] as number;
      if (--open === 0) break;
      reason = this.#reasons[literal >> 1] as readonly number[];
    }
    learned[0] = negated(literal);
    // What follows from the rest of the clause adds nothing to it.
    const kept = learned.filter((other, k) => {
      const because = k === 0 ? null : (this.#reasons[other >> 1] ?? null);
      return !because?.every(
        (part) => part >> 1 === other >> 1 || this.#seen[part >> 1] === true || this.#levels[part >> 1] === 0,
      );
    });
    for (const variable of touched) this.#seen[variable] = false;
    this.#order.age();
    let second = 0;
    for (let k = 1; k < kept.length; k++)
      if (
        second === 0 ||
        (this.#levels[(kept[k] as number) >> 1] as number) >
          (this.#levels[(kept[second] as number) >> 1] as number)
      )
        second = k;
    const level = second === 0 ? 0 : (this.#levels[(kept[second] as number) >> 1] as number);
    this.#backtrack(level);
    if (kept.length > 1) {
      [kept[1], kept[second]] = [kept[second] as number, kept[1] as number];
      this.#watch(kept);
      this.#learned.push(kept);
    }
    this.#assign(kept[0] as Literal, kept.length > 1 ? kept : null);
    return true;
  }

  /** Drops the older half of long learned clauses, at the root, where none is a reason that is asked for. */
  #forget(): void {
    if (this.#learned.length <= MOST_LEARNED) return;
    const dropped = new Set(
      this.#learned.slice(0, this.#learned.length >> 1).filter((clause) => clause.length > SHORT_CLAUSE),
    );
    this.#learned = this.#learned.filter((clause) => !dropped.has(clause));
    for (const watching of this.#watches) {
      let kept = 0;
      for (const clause of watching) if (!dropped.has(clause)) watching[kept++] = clause;
      watching.length = kept;
    }
  }
}
