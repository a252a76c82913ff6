import { divisor, exact } from "./linear.ts";

/** The literal of a bound that nothing set. */
const NO_REASON = -1;

/**
 * Linear integer constraints as bounds of variables, some of which are sums of others: the simplex of solvers (Dutertre and de Moura
 * 2006), which says whether the bounds have a rational solution, and which of them rule it out. Rows are of integers with a denominator,
 * all exact: where numbers get too large an `InexactError` is thrown.
 */
export class Simplex {
  /** Variable → its bounds, and the literals that set them. */
  readonly #lower: number[] = [];
  readonly #upper: number[] = [];
  readonly #lowerReason: number[] = [];
  readonly #upperReason: number[] = [];
  /** Variable → its column, or −1 − its row. Those with a column have a value of their own, always an integer. */
  readonly #where: number[] = [];
  readonly #value: number[] = [];
  readonly #columns: number[] = [];
  readonly #rows: number[] = [];
  /** denominator · variable of the row = Σ coefficient · variable of the column = numerator. */
  readonly #coefficients: Float64Array[] = [];
  readonly #denominator: number[] = [];
  readonly #numerator: number[] = [];
  readonly #isSum: boolean[] = [];
  /** What bounds were: variable · 2 + whether it is the upper one, bound, reason. */
  readonly #trail: number[] = [];
  /** Pivots so far. */
  pivots = 0;

  /** A new variable without bounds. */
  addVariable(): number {
    const variable = this.#add(false);
    const column = this.#columns.push(variable) - 1;
    this.#where[variable] = column;
    if (this.#columns.length > (this.#coefficients[0]?.length ?? Number.POSITIVE_INFINITY))
      for (let row = 0; row < this.#coefficients.length; row++) {
        const wider = new Float64Array(2 * this.#columns.length);
        wider.set(this.#coefficients[row] as Float64Array);
        this.#coefficients[row] = wider;
      }
    return variable;
  }

  /** A new variable that is a sum of others. */
  addSum(variables: readonly number[], coefficients: readonly number[]): number {
    const row = new Float64Array(this.#coefficients[0]?.length ?? 2 * this.#columns.length);
    let denominator = 1;
    for (let k = 0; k < variables.length; k++) {
      const where = this.#where[variables[k] as number] as number;
      const coefficient = coefficients[k] as number;
      if (where >= 0) {
        row[where] = exact((row[where] as number) + exact(coefficient * denominator));
        continue;
      }
      const other = this.#coefficients[-1 - where] as Float64Array;
      const factor = this.#denominator[-1 - where] as number;
      const own = exact(coefficient * denominator);
      for (let c = 0; c < this.#columns.length; c++)
        row[c] = exact(exact((row[c] as number) * factor) + exact(own * (other[c] as number)));
      denominator = exact(denominator * factor);
    }
    const variable = this.#add(true);
    const at = this.#rows.push(variable) - 1;
    this.#where[variable] = -1 - at;
    this.#coefficients.push(row);
    this.#denominator.push(denominator);
    this.#numerator.push(0);
    this.#reduce(at);
    this.#count(at);
    return variable;
  }

  #add(isSum: boolean): number {
    this.#lower.push(Number.NEGATIVE_INFINITY);
    this.#upper.push(Number.POSITIVE_INFINITY);
    this.#lowerReason.push(NO_REASON);
    this.#upperReason.push(NO_REASON);
    this.#isSum.push(isSum);
    this.#where.push(0);
    return this.#value.push(0) - 1;
  }

  /** Where bounds are to be taken back to. */
  get mark(): number {
    return this.#trail.length;
  }

  /** Takes back the bounds since a mark. */
  backtrack(mark: number): void {
    while (this.#trail.length > mark) {
      const reason = this.#trail.pop() as number;
      const bound = this.#trail.pop() as number;
      const code = this.#trail.pop() as number;
      const variable = code >> 1;
      if ((code & 1) === 1) {
        this.#upper[variable] = bound;
        this.#upperReason[variable] = reason;
      } else {
        this.#lower[variable] = bound;
        this.#lowerReason[variable] = reason;
      }
    }
  }

  /** Whether variable ≥ bound as values are now. */
  isAtLeast(variable: number, bound: number): boolean {
    const where = this.#where[variable] as number;
    if (where >= 0) return (this.#value[variable] as number) >= bound;
    return (
      (this.#numerator[-1 - where] as number) >= exact(bound * (this.#denominator[-1 - where] as number))
    );
  }

  /**
   * Sets variable ≥ bound.
   * @returns the literals that rule it out, null where none do so at once
   */
  setLower(variable: number, bound: number, literal: number): readonly number[] | null {
    if (bound <= (this.#lower[variable] as number)) return null;
    if (bound > (this.#upper[variable] as number)) return [literal, this.#upperReason[variable] as number];
    this.#trail.push(2 * variable, this.#lower[variable] as number, this.#lowerReason[variable] as number);
    this.#lower[variable] = bound;
    this.#lowerReason[variable] = literal;
    if ((this.#where[variable] as number) >= 0 && (this.#value[variable] as number) < bound)
      this.#move(variable, bound);
    return null;
  }

  /** Sets variable ≤ bound, as `setLower` does. */
  setUpper(variable: number, bound: number, literal: number): readonly number[] | null {
    if (bound >= (this.#upper[variable] as number)) return null;
    if (bound < (this.#lower[variable] as number)) return [literal, this.#lowerReason[variable] as number];
    this.#trail.push(
      2 * variable + 1,
      this.#upper[variable] as number,
      this.#upperReason[variable] as number,
    );
    this.#upper[variable] = bound;
    this.#upperReason[variable] = literal;
    if ((this.#where[variable] as number) >= 0 && (this.#value[variable] as number) > bound)
      this.#move(variable, bound);
    return null;
  }

  /** Gives a variable with a column another value. */
  #move(variable: number, value: number): void {
    const column = this.#where[variable] as number;
    const difference = exact(value - (this.#value[variable] as number));
    this.#value[variable] = value;
    for (let row = 0; row < this.#rows.length; row++) {
      const coefficient = (this.#coefficients[row] as Float64Array)[column] as number;
      if (coefficient !== 0)
        this.#numerator[row] = exact((this.#numerator[row] as number) + exact(coefficient * difference));
    }
  }

  /**
   * Brings all variables within their bounds, by Bland's rule, which ends.
   * @returns the literals of bounds that no rational numbers keep together, or null
   */
  check(): readonly number[] | null {
    for (;;) {
      let row = -1;
      let first = Number.POSITIVE_INFINITY;
      for (let r = 0; r < this.#rows.length; r++) {
        const variable = this.#rows[r] as number;
        if (variable < first && this.#isOut(r) !== 0) {
          first = variable;
          row = r;
        }
      }
      if (row < 0) return null;
      const isBelow = this.#isOut(row) < 0;
      const entering = this.#entering(row, isBelow);
      if (entering < 0) return this.#explanation(row, isBelow);
      this.#pivot(row, entering, (isBelow ? this.#lower : this.#upper)[first] as number);
    }
  }

  /** −1 below its bounds, 1 above them, otherwise 0. */
  #isOut(row: number): number {
    const variable = this.#rows[row] as number;
    const denominator = this.#denominator[row] as number;
    const numerator = this.#numerator[row] as number;
    const lower = this.#lower[variable] as number;
    if (lower !== Number.NEGATIVE_INFINITY && numerator < exact(lower * denominator)) return -1;
    const upper = this.#upper[variable] as number;
    return upper !== Number.POSITIVE_INFINITY && numerator > exact(upper * denominator) ? 1 : 0;
  }

  /** The column of the first variable that can move the row's one as it must, −1 where none can. */
  #entering(row: number, isBelow: boolean): number {
    const coefficients = this.#coefficients[row] as Float64Array;
    let best = -1;
    for (let c = 0; c < this.#columns.length; c++) {
      const coefficient = coefficients[c] as number;
      if (coefficient === 0) continue;
      const variable = this.#columns[c] as number;
      if (best >= 0 && variable > (this.#columns[best] as number)) continue;
      const value = this.#value[variable] as number;
      if (
        coefficient > 0 === isBelow
          ? value < (this.#upper[variable] as number)
          : value > (this.#lower[variable] as number)
      )
        best = c;
    }
    return best;
  }

  #explanation(row: number, isBelow: boolean): readonly number[] {
    const variable = this.#rows[row] as number;
    const literals = [(isBelow ? this.#lowerReason : this.#upperReason)[variable] as number];
    const coefficients = this.#coefficients[row] as Float64Array;
    for (let c = 0; c < this.#columns.length; c++) {
      const coefficient = coefficients[c] as number;
      if (coefficient === 0) continue;
      const reason = coefficient > 0 === isBelow ? this.#upperReason : this.#lowerReason;
      literals.push(reason[this.#columns[c] as number] as number);
    }
    return literals;
  }

  /** The row's variable and the column's change places; the former takes a value, an integer. */
  #pivot(row: number, column: number, value: number): void {
    this.pivots++;
    const leaving = this.#rows[row] as number;
    const entering = this.#columns[column] as number;
    const own = this.#coefficients[row] as Float64Array;
    const width = this.#columns.length;
    const at = own[column] as number;
    const sign = at < 0 ? -1 : 1;
    for (let c = 0; c < width; c++) if (own[c] !== 0) own[c] = -sign * (own[c] as number);
    own[column] = sign * (this.#denominator[row] as number);
    this.#denominator[row] = Math.abs(at);
    this.#rows[row] = entering;
    this.#columns[column] = leaving;
    this.#where[entering] = -1 - row;
    this.#where[leaving] = column;
    this.#value[leaving] = value;
    this.#reduce(row);
    const factor = this.#denominator[row] as number;
    for (let r = 0; r < this.#rows.length; r++) {
      const other = this.#coefficients[r] as Float64Array;
      const coefficient = other[column] as number;
      if (r === row || coefficient === 0) continue;
      other[column] = 0;
      for (let c = 0; c < width; c++) {
        const a = other[c] as number;
        const b = own[c] as number;
        if (a !== 0 || b !== 0) other[c] = exact(exact(factor * a) + exact(coefficient * b));
      }
      this.#denominator[r] = exact((this.#denominator[r] as number) * factor);
      this.#reduce(r);
      this.#count(r);
    }
    this.#count(row);
  }

  /** Divides a row by what all its numbers have in common. */
  #reduce(row: number): void {
    let common = this.#denominator[row] as number;
    if (common === 1) return;
    const coefficients = this.#coefficients[row] as Float64Array;
    for (let c = 0; c < this.#columns.length && common > 1; c++)
      if (coefficients[c] !== 0) common = divisor(common, coefficients[c] as number);
    if (common === 1) return;
    for (let c = 0; c < this.#columns.length; c++) coefficients[c] = (coefficients[c] as number) / common;
    this.#denominator[row] = (this.#denominator[row] as number) / common;
  }

  #count(row: number): void {
    const coefficients = this.#coefficients[row] as Float64Array;
    let numerator = 0;
    for (let c = 0; c < this.#columns.length; c++) {
      const coefficient = coefficients[c] as number;
      if (coefficient !== 0)
        numerator = exact(
          numerator + exact(coefficient * (this.#value[this.#columns[c] as number] as number)),
        );
    }
    this.#numerator[row] = numerator;
  }

  /** The first variable, sums aside, whose value is no integer, with that value rounded up; null where all are integers. */
  fraction(): { readonly variable: number; readonly ceiling: number } | null {
    let found: { readonly variable: number; readonly ceiling: number } | null = null;
    for (let row = 0; row < this.#rows.length; row++) {
      const variable = this.#rows[row] as number;
      const denominator = this.#denominator[row] as number;
      const numerator = this.#numerator[row] as number;
      if (this.#isSum[variable] === true || numerator % denominator === 0) continue;
      if (found === null || variable < found.variable)
        found = { variable, ceiling: (numerator - modulo(numerator, denominator)) / denominator + 1 };
    }
    return found;
  }

  /** The literals of bounds under which some row has no integers: what its free variables have in common divides not the rest. */
  indivisible(): readonly number[] | null {
    for (let row = 0; row < this.#rows.length; row++) {
      const denominator = this.#denominator[row] as number;
      if ((this.#numerator[row] as number) % denominator === 0) continue;
      const coefficients = this.#coefficients[row] as Float64Array;
      const literals: number[] = [];
      let common = denominator;
      let rest = 0;
      for (let c = 0; c < this.#columns.length; c++) {
        const coefficient = coefficients[c] as number;
        const variable = this.#columns[c] as number;
        if (coefficient === 0) continue;
        if (this.#lower[variable] === this.#upper[variable]) {
          rest = exact(rest + exact(coefficient * (this.#lower[variable] as number)));
          literals.push(this.#lowerReason[variable] as number, this.#upperReason[variable] as number);
        } else common = divisor(common, coefficient);
      }
      if (rest % common !== 0) return literals;
    }
    return null;
  }

  /** The value of a variable, once all are integers. */
  valueOf(variable: number): number {
    const where = this.#where[variable] as number;
    if (where >= 0) return this.#value[variable] as number;
    return (this.#numerator[-1 - where] as number) / (this.#denominator[-1 - where] as number);
  }
}

/** The rest of a division, not negative. */
const modulo = (a: number, b: number): number => ((a % b) + b) % b;
