/**
 * The damped step of a least squares problem: the d that makes |J d + r|² + |√damping · scale · d|² least, by Householder reflections
 * (1958). It never forms JᵀJ, whose condition is the square of J's: the constants of good programs are nearly dependent.
 */
export class LeastSquaresStep {
  readonly #caseCount: number;
  /** Columns of J with √damping · scale below each, then a right side: reflectors and the triangle lie where J was. */
  readonly #columns: Float64Array;
  readonly #diagonal: Float64Array;
  readonly #factors: Float64Array;
  #count = 0;

  constructor(caseCount: number, maximumConstants: number) {
    this.#caseCount = caseCount;
    this.#columns = new Float64Array((caseCount + maximumConstants) * (maximumConstants + 1));
    this.#diagonal = new Float64Array(maximumConstants);
    this.#factors = new Float64Array(maximumConstants);
  }

  /**
   * Prepares the steps of one place and damping.
   * @param derivatives a column for each constant
   * @returns false where some direction changes nothing
   */
  factorise(derivatives: readonly Float64Array[], scales: Float64Array, damping: number): boolean {
    const count = derivatives.length;
    const cases = this.#caseCount;
    const rows = cases + count;
    const columns = this.#columns;
    const root = Math.sqrt(damping);
    this.#count = count;
    for (let k = 0; k < count; k++) {
      columns.set(derivatives[k] as Float64Array, k * rows);
      columns.fill(0, k * rows + cases, (k + 1) * rows);
      columns[k * rows + cases + k] = root * (scales[k] as number);
    }
    for (let k = 0; k < count; k++) {
      const at = k * rows;
      let squares = 0;
      for (let i = k; i < rows; i++) squares += (columns[at + i] as number) * (columns[at + i] as number);
      const length = Math.sqrt(squares);
      if (!(length > 1e-150 && length < 1e150)) return false;
      const head = columns[at + k] as number;
      const diagonal = head > 0 ? -length : length;
      columns[at + k] = head - diagonal;
      this.#diagonal[k] = diagonal;
      this.#factors[k] = -1 / (diagonal * (head - diagonal));
      for (let other = k + 1; other < count; other++) this.#reflect(k, other * rows, rows);
    }
    return true;
  }

  /** Reflects a column, which begins at an address, by the k-th reflector. */
  #reflect(k: number, address: number, rows: number): void {
    const columns = this.#columns;
    const at = k * rows;
    let product = 0;
    for (let i = k; i < rows; i++) product += (columns[at + i] as number) * (columns[address + i] as number);
    product *= this.#factors[k] as number;
    for (let i = k; i < rows; i++)
      columns[address + i] = (columns[address + i] as number) - product * (columns[at + i] as number);
  }

  /**
   * The step for some residuals.
   * @param residuals one for each case
   * @param step what comes out
   * @returns false where it is not finite
   */
  solve(residuals: Float64Array, step: Float64Array): boolean {
    const count = this.#count;
    const rows = this.#caseCount + count;
    const columns = this.#columns;
    const right = count * rows;
    for (let i = 0; i < this.#caseCount; i++) columns[right + i] = -(residuals[i] as number);
    columns.fill(0, right + this.#caseCount, right + rows);
    for (let k = 0; k < count; k++) this.#reflect(k, right, rows);
    for (let k = count - 1; k >= 0; k--) {
      let sum = columns[right + k] as number;
      for (let other = k + 1; other < count; other++)
        sum -= (columns[other * rows + k] as number) * (step[other] as number);
      step[k] = sum / (this.#diagonal[k] as number);
      if (!Number.isFinite(step[k])) return false;
    }
    return true;
  }
}
