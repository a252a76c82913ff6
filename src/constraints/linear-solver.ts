import { divisor, InexactError, type Linear, sum as sumOf, variableOf } from "./linear.ts";
import { Simplex } from "./simplex.ts";

/** A truth: 2 · variable, or that + 1 for its negation. */
export type Literal = number;
export const negated = (literal: Literal): Literal => literal ^ 1;

export type Verdict = "satisfiable" | "unsatisfiable" | "unknown";

const UNASSIGNED = 2;
/** Conflicts until the search begins anew, times the numbers of Luby. */
const RESTART = 10;
/** Learned clauses that are kept; of more, half of the long ones go. */
const MOST_LEARNED = 4000;
const SHORT_CLAUSE = 3;
/** Conflicts of one question before comparisons are related. */
const RELATED_AFTER = 50;
/** Clauses about two comparisons and their sum. */
const MOST_RELATIONS = 40_000;
/** How much more a conflict counts than the one before it. */
const ACTIVITY_GROWTH = 1 / 0.75;
const LARGEST_ACTIVITY = 1e100;
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
  readonly #activity: number[] = [];
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
  #increment = 1;
  #isContradicted = false;
  /** Numbers grew too large somewhere: nothing is known from then on. */
  #isInexact = false;
  readonly #heap: number[] = [];
  readonly #heapAt: number[] = [];
  /** Sum, as a text → its variable in the simplex; sum → its comparisons by bound. */
  readonly #sumOf = new Map<string, number>();
  readonly #comparisons = new Map<number, Map<number, Literal>>();
  /** Sum → what it is a sum of. */
  readonly #forms: Linear[] = [];
  #comparisonCount = 0;
  /** Comparisons when they were related last, and the clauses of that. */
  #related = 0;
  readonly #relations = new Set<string>();
  #model: Int8Array = new Int8Array(0);
  readonly #integers: number[] = [];
  #integerValues: number[] = [];
  #core: readonly Literal[] = [];
  /** Decisions and conflicts so far: how effort is counted. */
  steps = 0;

  newTruth(): Literal {
    return this.#newVariable(-1, 0);
  }

  /** A new integer, for linear forms. */
  newInteger(): number {
    const variable = this.#simplex.addVariable();
    this.#integers.push(variable);
    this.#forms[variable] = variableOf(variable);
    return variable;
  }

  #newVariable(sum: number, bound: number): Literal {
    const variable = this.#values.push(UNASSIGNED) - 1;
    this.#levels.push(0);
    this.#reasons.push(null);
    this.#activity.push(0);
    this.#phase.push(0);
    this.#seen.push(false);
    this.#sums.push(sum);
    this.#bounds.push(bound);
    this.#watches.push([], []);
    this.#heapAt.push(-1);
    this.#toHeap(variable);
    return 2 * variable;
  }

  /**
   * The truth of Σ coefficient · variable ≥ bound.
   * @param form its constant counts for nothing; equal sums should come in one form, so that they are one
   */
  atLeast(form: Linear, bound: number): Literal {
    const { variables, coefficients } = form;
    let sum = this.#knownSum(form);
    if (sum === undefined) {
      try {
        sum = this.#simplex.addSum(variables, coefficients);
      } catch (error) {
        this.#isInexact = true;
        throw error;
      }
      this.#sumOf.set(sumKey(form), sum);
      this.#forms[sum] = { variables, coefficients, constant: 0 };
    }
    return this.#comparison(sum, bound);
  }

  #knownSum(form: Linear): number | undefined {
    if (form.variables.length === 1 && form.coefficients[0] === 1) return form.variables[0];
    return this.#sumOf.get(sumKey(form));
  }

  /** The truth of sum ≥ bound; its neighbours among the comparisons of the same sum follow from it, or it from them. */
  #comparison(sum: number, bound: number): Literal {
    let known = this.#comparisons.get(sum);
    if (known === undefined) {
      known = new Map();
      this.#comparisons.set(sum, known);
    }
    const before = known.get(bound);
    if (before !== undefined) return before;
    let lower: number | null = null;
    let upper: number | null = null;
    for (const other of known.keys()) {
      if (other < bound && (lower === null || other > lower)) lower = other;
      if (other > bound && (upper === null || other < upper)) upper = other;
    }
    const literal = this.#newVariable(sum, bound);
    known.set(bound, literal);
    this.#comparisonCount++;
    if (lower !== null) this.addClause([negated(literal), known.get(lower) as Literal]);
    if (upper !== null) this.addClause([negated(known.get(upper) as Literal), literal]);
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
      this.#toHeap(variable);
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
   * Whether all clauses can hold together with some assumptions. Then `isTrue` and `valueOf` tell how; otherwise `core` tells which
   * assumptions rule it out.
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
    this.#core = [];
    let conflicts = 0;
    let allConflicts = 0;
    let restarts = 0;
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
        allConflicts++;
        if (++conflicts >= RESTART * luby(restarts)) {
          conflicts = 0;
          restarts++;
          this.#backtrack(0);
          this.#forget();
          if (allConflicts >= RELATED_AFTER) this.#relate();
        }
        continue;
      }
      if (this.steps >= limit) return "unknown";
      this.steps++;
      const level = this.#starts.length;
      let next: Literal;
      if (level < assumptions.length) {
        next = assumptions[level] as Literal;
        if (this.#truth(next) === 0) {
          this.#core = this.#responsible(next);
          return "unsatisfiable";
        }
        if (this.#truth(next) === 1) {
          this.#open();
          continue;
        }
      } else {
        const variable = this.#pick();
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

  /** Assumptions of the last question that rule out a solution. */
  get core(): readonly Literal[] {
    return this.#core;
  }

  /** The assumptions from which the negation of one follows, and that one. */
  #responsible(failed: Literal): Literal[] {
    const core = [failed];
    const seen = new Set([failed >> 1]);
    for (let k = this.#trail.length - 1; k >= 0; k--) {
      const literal = this.#trail[k] as number;
      const variable = literal >> 1;
      if (!seen.has(variable) || this.#levels[variable] === 0) continue;
      const reason = this.#reasons[variable] ?? null;
      if (reason === null) core.push(literal);
      else for (const other of reason) seen.add(other >> 1);
    }
    return core;
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
        this.#bump(variable);
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
    this.#increment *= ACTIVITY_GROWTH;
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

  /**
   * Clauses that say what two comparisons come to together, where their sum is compared too: a ≥ b and b ≥ c make a ≥ c. The simplex finds
   * this out as well, but one conflict after another, and long ones where short ones do.
   */
  #relate(): void {
    if (this.#comparisonCount === this.#related || this.#relations.size >= MOST_RELATIONS) return;
    this.#related = this.#comparisonCount;
    const sumsWith = new Map<number, number[]>();
    for (const own of this.#comparisons.keys())
      for (const variable of (this.#forms[own] as Linear).variables) {
        const known = sumsWith.get(variable);
        if (known === undefined) sumsWith.set(variable, [own]);
        else known.push(own);
      }
    for (const sums of sumsWith.values())
      for (let i = 1; i < sums.length; i++)
        for (let j = 0; j < i; j++)
          for (const sign of [1, -1]) {
            if (this.#relations.size >= MOST_RELATIONS) return;
            this.#relateSums(sums[i] as number, sums[j] as number, sign);
          }
  }

  /** The same for a sum and another one, added or taken away. */
  #relateSums(first: number, second: number, sign: number): void {
    const [a, b] = [this.#forms[first] as Linear, this.#forms[second] as Linear];
    const { variables, coefficients } = sumOf(a, b, sign);
    const union = new Set([...a.variables, ...b.variables]).size;
    const [leading] = coefficients;
    if (leading === undefined || variables.length === union) return;
    const common = coefficients.reduce(divisor, 0);
    const factor = leading < 0 ? -common : common;
    const third = this.#knownSum({
      variables,
      coefficients: coefficients.map((c) => c / factor),
      constant: 0,
    });
    if (third === undefined || !this.#comparisons.has(third)) return;
    for (const side of [1, -1]) {
      const results = this.#boundsOf(third, side * Math.sign(factor));
      for (const [one, low] of this.#boundsOf(first, side))
        for (const [other, lower] of this.#boundsOf(second, side * sign)) {
          const least = Math.ceil((low + lower) / common);
          let found: Literal = -1;
          let best = Number.NEGATIVE_INFINITY;
          for (const [literal, bound] of results)
            if (bound <= least && bound > best) {
              best = bound;
              found = literal;
            }
          if (found < 0) continue;
          const clause = [negated(one), negated(other), found].sort((x, y) => x - y);
          const key = clause.join(" ");
          if (this.#relations.has(key)) continue;
          this.#relations.add(key);
          this.addClause(clause);
        }
    }
  }

  /** Literals with what they say sign · sum is at least. */
  #boundsOf(own: number, sign: number): (readonly [Literal, number])[] {
    return [...(this.#comparisons.get(own) as Map<number, Literal>)].map(([bound, literal]) =>
      sign > 0 ? [literal, bound] : [negated(literal), 1 - bound],
    );
  }

  #bump(variable: number): void {
    this.#activity[variable] = (this.#activity[variable] as number) + this.#increment;
    if ((this.#activity[variable] as number) > LARGEST_ACTIVITY) {
      for (let v = 0; v < this.#activity.length; v++)
        this.#activity[v] = (this.#activity[v] as number) / LARGEST_ACTIVITY;
      this.#increment /= LARGEST_ACTIVITY;
    }
    if ((this.#heapAt[variable] as number) >= 0) this.#rise(this.#heapAt[variable] as number);
  }

  /** The open variable of the most activity, −1 where all are decided. */
  #pick(): number {
    for (;;) {
      const [top] = this.#heap;
      if (top === undefined) return -1;
      const last = this.#heap.pop() as number;
      this.#heapAt[top] = -1;
      if (top !== last) {
        this.#heap[0] = last;
        this.#heapAt[last] = 0;
        this.#sink(0);
      }
      if (this.#values[top] === UNASSIGNED) return top;
    }
  }

  #toHeap(variable: number): void {
    if ((this.#heapAt[variable] as number) >= 0) return;
    this.#heapAt[variable] = this.#heap.push(variable) - 1;
    this.#rise(this.#heapAt[variable] as number);
  }

  /** Whether one is decided before another. */
  #isBefore(a: number, b: number): boolean {
    const difference = (this.#activity[a] as number) - (this.#activity[b] as number);
    return difference > 0 || (difference === 0 && a < b);
  }

  #rise(from: number): void {
    const heap = this.#heap;
    const variable = heap[from] as number;
    let at = from;
    while (at > 0) {
      const above = (at - 1) >> 1;
      if (!this.#isBefore(variable, heap[above] as number)) break;
      heap[at] = heap[above] as number;
      this.#heapAt[heap[at] as number] = at;
      at = above;
    }
    heap[at] = variable;
    this.#heapAt[variable] = at;
  }

  #sink(from: number): void {
    const heap = this.#heap;
    const variable = heap[from] as number;
    let at = from;
    for (;;) {
      let below = 2 * at + 1;
      if (below >= heap.length) break;
      if (below + 1 < heap.length && this.#isBefore(heap[below + 1] as number, heap[below] as number))
        below++;
      if (!this.#isBefore(heap[below] as number, variable)) break;
      heap[at] = heap[below] as number;
      this.#heapAt[heap[at] as number] = at;
      at = below;
    }
    heap[at] = variable;
    this.#heapAt[variable] = at;
  }
}

/** A text that equal sums share. */
const sumKey = ({ variables, coefficients }: Linear): string =>
  variables.map((variable, k) => `${coefficients[k]}x${variable}`).join("+");

/** The k-th number of 1 1 2 1 1 2 4 1 1 2 … (Luby, Sinclair and Zuckerman 1993). */
function luby(k: number): number {
  let size = 1;
  let power = 1;
  while (size < k + 1) {
    size = 2 * size + 1;
    power *= 2;
  }
  let at = k;
  while (size - 1 !== at) {
    size = (size - 1) >> 1;
    power /= 2;
    at %= size;
  }
  return power;
}
