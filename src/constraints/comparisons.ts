import { divisor, type Linear, sum as sumOf } from "./linear.ts";
import { type Literal, negated } from "./literal.ts";

/** Clauses about two comparisons and their sum. */
const MOST_RELATIONS = 40_000;

/** Sums of variables that comparisons are about, and the literals that say that a sum is at least some bound. */
export class Comparisons {
  /** Sum, as a text → its variable in the simplex; sum → its comparisons by bound. */
  readonly #sumOf = new Map<string, number>();
  readonly #comparisons = new Map<number, Map<number, Literal>>();
  /** Sum → what it is a sum of. */
  readonly #forms: Linear[] = [];
  #comparisonCount = 0;
  /** Comparisons when they were related last, and the clauses of that. */
  #related = 0;
  readonly #relations = new Set<string>();

  /** Takes in a sum, or a variable by itself. */
  addSum(variable: number, { variables, coefficients }: Linear): void {
    const form: Linear = { variables, coefficients, constant: 0 };
    this.#forms[variable] = form;
    this.#sumOf.set(sumKey(form), variable);
  }

  /** The simplex's variable of a sum that is known. */
  known(form: Linear): number | undefined {
    return this.#sumOf.get(sumKey(form));
  }

  /** The literal of sum ≥ bound. */
  find(sum: number, bound: number): Literal | undefined {
    return this.#comparisons.get(sum)?.get(bound);
  }

  /**
   * Takes in the literal of sum ≥ bound.
   * @returns clauses that set it between its neighbours
   */
  add(sum: number, bound: number, literal: Literal): (readonly Literal[])[] {
    let known = this.#comparisons.get(sum);
    if (known === undefined) {
      known = new Map();
      this.#comparisons.set(sum, known);
    }
    let lower: number | null = null;
    let upper: number | null = null;
    for (const other of known.keys()) {
      if (other < bound && (lower === null || other > lower)) lower = other;
      if (other > bound && (upper === null || other < upper)) upper = other;
    }
    known.set(bound, literal);
    this.#comparisonCount++;
    const clauses: (readonly Literal[])[] = [];
    if (lower !== null) clauses.push([negated(literal), known.get(lower) as Literal]);
    if (upper !== null) clauses.push([negated(known.get(upper) as Literal), literal]);
    return clauses;
  }

  /**
   * Clauses that say what two comparisons come to together, where their sum is compared too: a ≥ b and b ≥ c make a ≥ c. The simplex finds
   * this out as well, but one conflict after another, and long ones where short ones do.
   */
  relate(addClause: (clause: readonly Literal[]) => void): void {
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
            this.#relateSums(sums[i] as number, sums[j] as number, sign, addClause);
          }
  }

  /** The same for a sum and another one, added or taken away. */
  #relateSums(
    first: number,
    second: number,
    sign: number,
    addClause: (clause: readonly Literal[]) => void,
  ): void {
    const [a, b] = [this.#forms[first] as Linear, this.#forms[second] as Linear];
    const { variables, coefficients } = sumOf(a, b, sign);
    const union = new Set([...a.variables, ...b.variables]).size;
    const [leading] = coefficients;
    if (leading === undefined || variables.length === union) return;
    const common = coefficients.reduce(divisor, 0);
    const factor = leading < 0 ? -common : common;
    const third = this.known({
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
          addClause(clause);
        }
    }
  }

  /** Literals with what they say sign · sum is at least. */
  #boundsOf(own: number, sign: number): (readonly [Literal, number])[] {
    return [...(this.#comparisons.get(own) as Map<number, Literal>)].map(([bound, literal]) =>
      sign > 0 ? [literal, bound] : [negated(literal), 1 - bound],
    );
  }
}

/** A text that equal sums share. */
const sumKey = ({ variables, coefficients }: Linear): string =>
  variables.map((variable, k) => `${coefficients[k]}x${variable}`).join("+");
