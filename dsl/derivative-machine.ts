import type { Grammar } from "./grammar.ts";
import { InputError } from "./input-error.ts";
import { MAXIMUM_TOKENS, type Program } from "./program.ts";
import { elementOf, float64 } from "./vector-elements.ts";
import { checkMemory, type Interpreter, instantiate, writeGrammar } from "./vector-machine.ts";

const BLOCK_BYTES = 2048;
const LINE_BYTES = 64;
const DOUBLE_BYTES = 8;
const FIRST_DAMPING = 1e-3;
/** A power is the most: itself, and twelve nodes for its derivatives. */
const NODES_OF_TOKEN = 13;

export interface DerivativeMachineOptions {
  /** A factor for the residual of each case, and for its derivatives; 1 unless told. 1 / |expected| fits relative errors. */
  readonly weights?: readonly number[];
  /** Other things that a program may be held against: `prepare` chooses; the first of them has number 1. */
  readonly otherTargets?: readonly {
    readonly expected: readonly number[];
    readonly weights: readonly number[];
  }[];
  /** Constants that a program may have; 64 unless told. The machine takes two columns for each. */
  readonly maximumConstants?: number;
  /** Bytes of a column that go through the instructions at once; a multiple of 64. Changes the speed only. */
  readonly blockBytes?: number;
}

/**
 * What a step of Gauss and Newton, or of Levenberg and Marquardt, needs of the residuals rᵢ = wᵢ (outputᵢ − expectedᵢ) and their
 * derivatives Jᵢₖ = ∂rᵢ/∂cₖ with respect to the p constants. Sums over the cases.
 */
export interface NormalEquations {
  /** rᵀr. */
  readonly sumOfSquares: number;
  /** Jᵀr, of length p: half the gradient of rᵀr. */
  readonly gradient: Float64Array;
  /** JᵀJ, its upper triangle row by row: p (p + 1) / 2 numbers. */
  readonly matrix: Float64Array;
}

/** When a descent ends. */
export interface DescentLimits {
  /** Steps taken at most. */
  readonly maximumSteps: number;
  /** Steps in a row that lower the sum of squares by less than a thousandth, after which it ends. */
  readonly patienceSteps: number;
  /**
   * Damping of the first step, as a share of the squares of derivatives; 1e-3 unless told. Less where the constants are nearly right:
   * a damped step along a valley goes nowhere.
   */
  readonly firstDamping?: number;
  /** Sum of squares below which it ends: what is left is rounding. 0 unless told. */
  readonly leastSum?: number;
  /** It ends after this many steps where the sum is still above `hope`. */
  readonly probationSteps?: number;
  readonly hope?: number;
}

export interface Jacobian {
  /** What the program gives on each case. */
  readonly column: Float64Array;
  /** wᵢ (outputᵢ − expectedᵢ) for each case. */
  readonly residuals: Float64Array;
  /** Constant → the derivative of each case's output with respect to it, times the case's weight. */
  readonly derivatives: readonly Float64Array[];
}

const SQUARES = 0;
const RESIDUALS = 1;
const COLUMNS = 2;
const PRODUCTS = 3;

/**
 * Derivatives of programs over reals with respect to their constants, in the vector machine, by reverse accumulation
 * (S. Linnainmaa, 1976), and the constants that fit best. A program is read once by `prepare`; then it runs with other constants as
 * often as one likes.
 *
 * Literals are no constants. abs has the derivative 0 at 0, floor has 0 everywhere, protected division has 0 where the divisor
 * is 0, and min and max hand on that of one of their arguments where both are equal. Where a program is not differentiable or
 * leaves the reals, derivatives are infinite or NaN, as the rules give them. Sums are taken in eight lanes, case i in lane i mod 8: they do not depend on the block.
 *
 * What it returns belongs to it and is valid until the next call; derivatives of a Jacobian until the next Jacobian.
 */
export class DerivativeMachine {
  readonly caseCount: number;
  /** Constants that a program may have. */
  readonly maximumConstants: number;
  readonly #interpreter: Interpreter;
  readonly #tokens: Int32Array;
  readonly #constants: Float64Array;
  readonly #products: Float64Array;
  /** Column, residuals, derivatives: views of the machine's memory. */
  readonly #columns: readonly Float64Array[];
  readonly #expected: number;
  readonly #hasWeights: boolean;
  readonly #columnAddress: (index: number) => number;
  readonly #otherTargets: number;
  #constantCount = -1;

  /**
   * @param inputs one column for each argument, all `caseCount` long
   * @param expected what the program should give on each case
   * @throws InputError for a grammar of other things than doubles, or with rows that the vector machine has no operation for
   */
  constructor(
    grammar: Grammar,
    inputs: readonly (readonly number[])[],
    expected: readonly number[],
    {
      weights,
      otherTargets = [],
      maximumConstants = 64,
      blockBytes = BLOCK_BYTES,
    }: DerivativeMachineOptions = {},
  ) {
    const element = float64;
    if (elementOf(grammar) !== element)
      throw new InputError(
        "The grammar must be one of reals whose rows all have a vector operation. Use rows of the arithmetic language.",
      );
    const caseCount = expected.length;
    this.caseCount = caseCount;
    this.maximumConstants = maximumConstants;
    const bits = caseCount * element.bitsPerCase;
    const columnBytes = Math.ceil(bits / (8 * LINE_BYTES)) * LINE_BYTES;
    const products = ((maximumConstants + 1) * (maximumConstants + 2)) / 2;
    // Every product and column is an instruction, too.
    const maximumNodes = NODES_OF_TOKEN * MAXIMUM_TOKENS + products + maximumConstants + 2;
    const ones = (): number[] => Array<number>(caseCount).fill(1);
    this.#hasWeights = weights !== undefined || otherTargets.length > 0;
    const columns = [
      ...inputs,
      expected,
      ...(this.#hasWeights ? [weights ?? ones()] : []),
      ...otherTargets.flatMap((target) => [target.expected, target.weights]),
    ];
    this.#expected = inputs.length;
    this.#otherTargets = otherTargets.length;
    const interpreter = instantiate();
    this.#interpreter = interpreter;
    const isConfigured = interpreter.configure(
      element.number,
      element.width,
      0,
      grammar.productions.length,
      columns.length,
      columnBytes,
      bits % (8 * LINE_BYTES) === 0 ? 8 * LINE_BYTES : bits % (8 * LINE_BYTES),
      Math.min(blockBytes, columnBytes),
      1,
      MAXIMUM_TOKENS,
      4 * MAXIMUM_TOKENS,
      DOUBLE_BYTES * MAXIMUM_TOKENS,
      0,
      maximumNodes,
      caseCount,
      0,
    );
    const isEnough = isConfigured && interpreter.placeDerivatives(maximumNodes, maximumConstants);
    checkMemory(isEnough, caseCount, columns.length + maximumConstants + 1);
    const { buffer } = interpreter.memory;
    this.#tokens = new Int32Array(buffer, interpreter.tokens.value, MAXIMUM_TOKENS);
    this.#constants = new Float64Array(buffer, interpreter.constants.value, maximumConstants);
    this.#products = new Float64Array(buffer, interpreter.products.value, products);
    this.#columns = Array.from(
      { length: maximumConstants + 2 },
      (_, k) => new Float64Array(buffer, interpreter.jacobian.value + columnBytes * k, caseCount),
    );
    this.#columnAddress = (index) => interpreter.columns.value + index * columnBytes;
    writeGrammar(interpreter, grammar, element);
    columns.forEach((values, k) => element.writeColumn(buffer, this.#columnAddress(k), columnBytes, values));
  }

  /**
   * Makes a program ready to run.
   * @param target what it is held against: 0 for `expected`, or one of the other targets
   * @throws InputError if it has more than `maximumConstants` constants, or there is no such target
   */
  prepare({ tokens, constants }: Program, target = 0): void {
    if (constants.length > this.maximumConstants)
      throw new InputError(
        `The program must have at most ${this.maximumConstants} constants; got ${constants.length}. Raise maximumConstants.`,
      );
    if (!(Number.isInteger(target) && target >= 0 && target <= this.#otherTargets))
      throw new InputError(
        `The target must be a whole number from 0 to ${this.#otherTargets}, the number of otherTargets; got ${target}.`,
      );
    this.#tokens.set(tokens);
    this.#constantCount = constants.length;
    this.#interpreter.differentiate(
      this.#tokens.byteOffset,
      tokens.length,
      constants.length,
      this.#expected + 2 * target,
      this.#hasWeights ? this.#expected + 2 * target + 1 : -1,
    );
  }

  /** Gives another target something else to expect, from the next call on. */
  retarget(target: number, expected: ArrayLike<number>, weights: ArrayLike<number>): void {
    const { buffer } = this.#interpreter.memory;
    [expected, weights].forEach((values, k) =>
      new Float64Array(buffer, this.#columnAddress(this.#expected + 2 * target + k), this.caseCount).set(
        values,
      ),
    );
  }

  #check(constants: ArrayLike<number>): void {
    if (constants.length !== this.#constantCount)
      throw new InputError(
        this.#constantCount < 0
          ? "No program is ready. Call prepare first."
          : `The program has ${this.#constantCount} constants; got ${constants.length}.`,
      );
  }

  #run(constants: ArrayLike<number>, wanted: number): void {
    this.#check(constants);
    this.#constants.set(constants);
    this.#interpreter.runDerivatives(this.#constants.byteOffset, wanted);
  }

  /** rᵀr of the prepared program with these constants: the bits that `normalEquations` gives. */
  sumOfSquares(constants: ArrayLike<number>): number {
    this.#run(constants, SQUARES);
    return this.#products[0] as number;
  }

  /** The normal equations of the prepared program with these constants. */
  normalEquations(constants: ArrayLike<number>): NormalEquations {
    this.#run(constants, PRODUCTS);
    const count = this.#constantCount;
    return {
      sumOfSquares: this.#products[0] as number,
      gradient: this.#products.subarray(1, 1 + count),
      matrix: this.#products.subarray(1 + count, 1 + count + (count * (count + 1)) / 2),
    };
  }

  /** wᵢ (outputᵢ − expectedᵢ) for each case, of the prepared program with these constants. */
  residuals(constants: ArrayLike<number>): Float64Array {
    this.#run(constants, RESIDUALS);
    return this.#columns[1] as Float64Array;
  }

  /** The column, the residuals and the Jacobian of the prepared program with these constants. */
  jacobian(constants: ArrayLike<number>): Jacobian {
    this.#run(constants, COLUMNS);
    const [column, residuals, ...derivatives] = this.#columns as [Float64Array, Float64Array];
    return { column, residuals, derivatives: derivatives.slice(0, this.#constantCount) };
  }

  /**
   * Lowers rᵀr of the prepared program by the method of Levenberg (1944) and Marquardt (1963), with the geodesic acceleration of
   * Transtrum and Sethna (2012).
   * @param constants where it begins, and what it found
   * @returns rᵀr there; Infinity if it is no number where it begins
   */
  descend(
    constants: Float64Array,
    {
      maximumSteps,
      patienceSteps,
      firstDamping = FIRST_DAMPING,
      leastSum = 0,
      probationSteps = -1,
      hope = 0,
    }: DescentLimits,
  ): number {
    this.#check(constants);
    this.#constants.set(constants);
    const sum = this.#interpreter.descend(
      this.#constants.byteOffset,
      constants.length,
      maximumSteps,
      patienceSteps,
      firstDamping,
      leastSum,
      probationSteps,
      hope,
    );
    constants.set(this.#constants.subarray(0, constants.length));
    return sum;
  }

  /** Steps that descents have tried since the machine was made. */
  get triedSteps(): number {
    return this.#interpreter.triedSteps.value;
  }
}
