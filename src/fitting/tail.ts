import { ADD, DIVIDE, MULTIPLY, SUBTRACT } from "./field-operations.ts";
import { solveLinear } from "./linear-equations.ts";
import type { Skeleton, Step } from "./skeleton.ts";

const MAXIMUM_STEPS = 3;
const MAXIMUM_UNKNOWNS = 3;

/** The end of a program: steps with a constant each, the innermost first. */
export interface Tail {
  readonly steps: readonly Step[];
  /** Constants of the steps. */
  readonly constants: readonly number[];
  /** What the innermost is applied to. */
  readonly operand: number;
}

const NONE: Tail = { steps: [], constants: [], operand: -1 };

/** Forms that are linear in their constants, or a fraction of two that are. */
const forms: ReadonlySet<string> = new Set(
  [
    [ADD],
    [SUBTRACT],
    [MULTIPLY],
    [DIVIDE],
    [MULTIPLY, ADD],
    [MULTIPLY, SUBTRACT],
    [ADD, MULTIPLY],
    [SUBTRACT, MULTIPLY],
    [DIVIDE, ADD],
    [DIVIDE, SUBTRACT],
    [ADD, DIVIDE],
    [SUBTRACT, DIVIDE],
    [ADD, DIVIDE, ADD],
    [ADD, DIVIDE, SUBTRACT],
    [SUBTRACT, DIVIDE, ADD],
    [SUBTRACT, DIVIDE, SUBTRACT],
  ].map((form) => form.join()),
);

/** The longest tail of known form that ends with a node. */
export function tailOf(skeleton: Skeleton, last: number): Tail {
  const steps: Step[] = [];
  const constants: number[] = [];
  const operands: number[] = [];
  for (let node = last; node >= 0 && steps.length < MAXIMUM_STEPS; ) {
    const step = skeleton.stepOf(node);
    if (step === -1) break;
    const operand = skeleton.stepOperand(node);
    steps.unshift(step);
    constants.unshift(skeleton.stepConstant(node));
    operands.unshift(operand);
    if (operand < 0 || skeleton.uses[operand] !== 1) break;
    node = operand;
  }
  while (steps.length > 0 && !forms.has(steps.join())) {
    steps.shift();
    constants.shift();
    operands.shift();
  }
  return steps.length === 0 ? NONE : { steps, constants, operand: operands[0] as number };
}

/**
 * Finds the constants of a tail in closed form: by least squares where they enter linearly; where the tail is a fraction, after it is
 * multiplied out (Loeb 1957), which is near enough to begin with.
 */
export class TailSolver {
  readonly #caseCount: number;
  readonly #rows = new Float64Array(MAXIMUM_UNKNOWNS * (MAXIMUM_UNKNOWNS + 1));
  readonly #columns: readonly Float64Array[];
  readonly #right: Float64Array;

  constructor(caseCount: number) {
    this.#caseCount = caseCount;
    this.#columns = Array.from({ length: MAXIMUM_UNKNOWNS }, () => new Float64Array(caseCount));
    this.#right = new Float64Array(caseCount);
  }

  /**
   * @param inner what the tail is applied to, on each case
   * @param target what the tail should give
   * @param weights of the cases' differences
   * @param constants of the program, where the tail's come to stand
   * @returns false where there are none
   */
  solve(
    tail: Tail,
    inner: Float64Array,
    target: Float64Array,
    weights: Float64Array,
    constants: Float64Array,
  ): boolean {
    const { steps } = tail;
    const [first, second, third] = steps;
    const set = (step: number, value: number): void => {
      constants[tail.constants[step] as number] = value;
    };
    const unknown = (k: number): number => this.#rows[(k + 1) * (this.#unknowns + 1) - 1] as number;
    const sign = first === SUBTRACT ? -1 : 1;
    if (steps.length === 1) {
      const isSum = first === ADD || first === SUBTRACT;
      if (
        !this.#leastSquares(weights, 1, (i, columns, right) => {
          const w = inner[i] as number;
          const t = target[i] as number;
          (columns[0] as Float64Array)[i] = isSum ? 1 : first === MULTIPLY ? w : 1 / w;
          right[i] = isSum ? t - sign * w : t;
        })
      )
        return false;
      set(0, unknown(0));
      return true;
    }
    if (first === MULTIPLY || first === DIVIDE || second === MULTIPLY) {
      // Both linear in w or 1 / w.
      if (
        !this.#leastSquares(weights, 2, (i, columns, right) => {
          const w = inner[i] as number;
          (columns[0] as Float64Array)[i] = first === DIVIDE ? 1 / w : w;
          (columns[1] as Float64Array)[i] = 1;
          right[i] = target[i] as number;
        })
      )
        return false;
      if (second === MULTIPLY) {
        // (c + w) d, (c − w) d
        set(1, sign * unknown(0));
        set(0, (sign * unknown(1)) / unknown(0));
      } else {
        set(0, second === SUBTRACT ? -unknown(0) : unknown(0));
        set(1, unknown(1));
      }
      return true;
    }
    // d / (c ± w), or e ± d / (c ± w): t (c ± w) = d, or (t − e) (c ± w) = ± d.
    const isLong = third !== undefined;
    if (
      !this.#leastSquares(weights, isLong ? 3 : 2, (i, columns, right) => {
        const w = sign * (inner[i] as number);
        const t = target[i] as number;
        (columns[0] as Float64Array)[i] = -t;
        (columns[1] as Float64Array)[i] = 1;
        if (isLong) (columns[2] as Float64Array)[i] = w;
        right[i] = t * w;
      })
    )
      return false;
    set(0, unknown(0));
    if (isLong) {
      set(2, unknown(2));
      set(1, (third === SUBTRACT ? -1 : 1) * (unknown(1) - unknown(2) * unknown(0)));
    } else set(1, unknown(1));
    return true;
  }

  #unknowns = 0;

  #leastSquares(
    weights: Float64Array,
    unknowns: number,
    write: (index: number, columns: readonly Float64Array[], right: Float64Array) => void,
  ): boolean {
    const [rows, columns, right] = [this.#rows, this.#columns, this.#right];
    const width = unknowns + 1;
    this.#unknowns = unknowns;
    rows.fill(0);
    for (let i = 0; i < this.#caseCount; i++) {
      write(i, columns, right);
      const weight = (weights[i] as number) * (weights[i] as number);
      for (let j = 0; j < unknowns; j++) {
        const scaled = weight * ((columns[j] as Float64Array)[i] as number);
        for (let k = 0; k < unknowns; k++)
          rows[j * width + k] =
            (rows[j * width + k] as number) + scaled * ((columns[k] as Float64Array)[i] as number);
        rows[j * width + unknowns] = (rows[j * width + unknowns] as number) + scaled * (right[i] as number);
      }
    }
    return solveLinear(unknowns, rows);
  }
}
