import { DerivativeMachine, type DescentLimits, kernels, type Program } from "../../dsl/index.ts";
import type { RandomStream } from "../random-stream.ts";
import { ADD, DIVIDE, INVERT, MULTIPLY, NEGATE, SUBTRACT } from "./field-operations.ts";
import type { Image } from "./images.ts";
import { LeastSquaresStep } from "./least-squares-step.ts";
import type { Core } from "./peeling.ts";
import type { CaseColumns } from "./sampled-cases.ts";
import { MAXIMUM_NODES, type Skeleton } from "./skeleton.ts";
import { SkeletonColumns } from "./skeleton-columns.ts";
import { type Tail, TailSolver } from "./tail.ts";

/** Unknowns of a rational function, at least and at most: fewer are found without, more are too many for doubles. */
const LEAST_UNKNOWNS = 4;
const MOST_UNKNOWNS = 9;
/** Rounds of weighting by the denominator. */
const ROUNDS = 6;
/** How far the argument goes beyond its range, and how near to zero. */
const WIDEST = 40;
const NEAREST = 0.05;
const STARTS = 24;
const SPREADS = [1.5, 2.5] as const;
const NEGATIVE_SHARE = 0.35;
const limits: DescentLimits = { maximumSteps: 60, patienceSteps: 4 };
const PROBATION_STEPS = 15;
const HOPE = 0.1;
/** Relative differences from the rational function below which a program is the same one. */
const SAME = 1e-7;
/** A rational function that is not so much better than what was found is not worth it. */
const BETTER = 0.7;

/** A rational function P / Q of a term, with the denominator 1 in the middle of the term's range. */
interface Rational {
  readonly middle: number;
  readonly radius: number;
  readonly above: Float64Array;
  readonly below: Float64Array;
}

/**
 * A beginning for programs that are any rational function of some degrees, as continued fractions are: the best such function is found
 * by linear least squares with the denominator's weights (Loeb 1957; Sanathanan and Koerner 1963), and the program's constants by a
 * descent to that function on a far wider range than the target has. There its poles and zeros lie apart; on the target's range nearly
 * all constants do the same, and descents get lost.
 */
export class RationalStart {
  readonly #skeleton: Skeleton;
  readonly #columns: SkeletonColumns;
  readonly #wide: SkeletonColumns;
  readonly #machine: DerivativeMachine | null;
  readonly #tails: TailSolver;
  readonly #step: LeastSquaresStep;
  readonly #caseCount: number;
  readonly #rounding: number;
  /** Node → degrees of numerator and denominator. */
  readonly #above = new Int32Array(MAXIMUM_NODES);
  readonly #below = new Int32Array(MAXIMUM_NODES);
  readonly #hasConstant = new Uint8Array(MAXIMUM_NODES);

  constructor(
    skeleton: Skeleton,
    columns: SkeletonColumns,
    { inputs, expected }: CaseColumns,
    rounding: number,
  ) {
    this.#skeleton = skeleton;
    this.#columns = columns;
    this.#caseCount = expected.length;
    this.#rounding = rounding;
    const x = inputs[0] ?? new Float64Array(expected.length);
    const furthest = x.reduce((most, value) => (Math.abs(value) > Math.abs(most) ? value : most), 0);
    const last = Math.max(1, this.#caseCount - 1);
    const wide = Float64Array.from(x, (_, i) => furthest * NEAREST * kernels.pow(WIDEST / NEAREST, i / last));
    this.#wide = new SkeletonColumns(skeleton, [wide], this.#caseCount);
    this.#machine =
      inputs.length === 1 && furthest !== 0
        ? new DerivativeMachine(skeleton.grammar, [Array.from(wide)], Array.from(wide), {
            weights: Array.from(wide),
            maximumConstants: MOST_UNKNOWNS,
          })
        : null;
    this.#tails = new TailSolver(this.#caseCount);
    this.#step = new LeastSquaresStep(this.#caseCount, MOST_UNKNOWNS);
  }

  /**
   * Looks for constants.
   * @param program of the core
   * @param error of the best constants so far: root of the mean square
   * @param constants where they come to stand
   * @returns false where the core is no such function, none is much better, or the constants were not found
   */
  find(
    core: Core,
    program: Program,
    tail: Tail,
    error: number,
    constants: Float64Array,
    stream: RandomStream,
  ): boolean {
    const machine = this.#machine;
    const base = machine === null ? null : this.#baseOf(core.root);
    if (machine === null || base === null) return false;
    const [above, below] = [this.#above[core.root] as number, this.#below[core.root] as number];
    const unknowns = above + below + 1;
    if (unknowns !== constants.length || unknowns < LEAST_UNKNOWNS || unknowns > MOST_UNKNOWNS) return false;
    const rational = this.#fit(
      this.#columns.of(base, NO_CONSTANTS),
      core.image,
      above,
      below,
      BETTER * error,
    );
    if (rational === null) return false;
    const target = this.#imageOf(rational, this.#wide.of(base, NO_CONSTANTS));
    if (target === null) return false;
    machine.retarget(0, target.expected, target.weights);
    machine.prepare(program);
    const hope = this.#caseCount * HOPE * HOPE;
    for (let start = 0; start < STARTS; start++) {
      const spread = SPREADS[start % SPREADS.length] as number;
      for (let k = 0; k < constants.length; k++)
        constants[k] = (stream.chance(NEGATIVE_SHARE) ? -1 : 1) * kernels.exp(spread * stream.bell());
      if (tail.steps.length > 0) {
        const inner = this.#wide.of(tail.operand, constants);
        if (!this.#tails.solve(tail, inner, target.expected, target.weights, constants)) continue;
        if (!constants.every(Number.isFinite)) continue;
      }
      const sum = machine.descend(constants, {
        ...limits,
        probationSteps: PROBATION_STEPS,
        hope,
        leastSum: this.#rounding,
      });
      if (Math.sqrt(sum / this.#caseCount) < SAME) return true;
    }
    return false;
  }

  /** The one term without constants that a node is a rational function of; null where there is none, or several. */
  #baseOf(root: number): number | null {
    const skeleton = this.#skeleton;
    let base: number | null = null;
    for (let node = 0; node <= root; node++) {
      const operands = skeleton.isBinary(node)
        ? [skeleton.a[node] as number, skeleton.b[node] as number]
        : [skeleton.a[node] as number];
      const isOpen = (operand: number): boolean =>
        operand >= 0 ? this.#hasConstant[operand] === 1 : skeleton.constantOf(operand) >= 0;
      this.#hasConstant[node] = operands.some(isOpen) ? 1 : 0;
      if (this.#hasConstant[node] === 0) continue;
      const degrees = operands.map((operand): readonly [number, number] => {
        if (operand >= 0 && this.#hasConstant[operand] === 1)
          return [this.#above[operand] as number, this.#below[operand] as number];
        if (skeleton.constantOf(operand) >= 0) return [0, 0];
        return [1, 0];
      });
      for (const operand of operands)
        if (!isOpen(operand)) {
          if (base !== null && base !== operand) return null;
          base = operand;
        }
      const [p, q] = degrees[0] as readonly [number, number];
      const [r, s] = degrees[1] ?? [0, 0];
      switch (skeleton.operation(node)) {
        case ADD:
        case SUBTRACT:
          this.#set(node, Math.max(p + s, r + q), q + s);
          break;
        case MULTIPLY:
          this.#set(node, p + r, q + s);
          break;
        case DIVIDE:
          this.#set(node, p + s, q + r);
          break;
        case NEGATE:
          this.#set(node, p, q);
          break;
        case INVERT:
          this.#set(node, q, p);
          break;
        default:
          return null;
      }
    }
    return base;
  }

  #set(node: number, above: number, below: number): void {
    this.#above[node] = above;
    this.#below[node] = below;
  }

  /** The best rational function of some degrees; null where it is not nearer than `bound`. */
  #fit(base: Float64Array, image: Image, above: number, below: number, bound: number): Rational | null {
    const cases = this.#caseCount;
    const unknowns = above + 1 + below;
    const [least, most] = [Math.min(...base), Math.max(...base)];
    const [middle, radius] = [(least + most) / 2, (most - least) / 2];
    if (!(radius > 0)) return null;
    const columns = Array.from({ length: unknowns }, () => new Float64Array(cases));
    const right = new Float64Array(cases);
    const scales = new Float64Array(unknowns);
    const found = new Float64Array(unknowns);
    const denominator = new Float64Array(cases).fill(1);
    let best: Rational | null = null;
    let nearest = bound;
    for (let round = 0; round < ROUNDS; round++) {
      for (let i = 0; i < cases; i++) {
        const s = ((base[i] as number) - middle) / radius;
        const y = image.expected[i] as number;
        const weight = (image.weights[i] as number) / Math.abs(denominator[i] as number);
        let power = weight;
        for (let k = 0; k <= above; k++, power *= s) (columns[k] as Float64Array)[i] = power;
        power = weight * s;
        for (let k = 0; k < below; k++, power *= s) (columns[above + 1 + k] as Float64Array)[i] = -y * power;
        right[i] = -y * weight;
      }
      if (!this.#step.factorise(columns, scales, 0) || !this.#step.solve(right, found)) return best;
      const rational: Rational = {
        middle,
        radius,
        above: found.slice(0, above + 1),
        below: Float64Array.of(1, ...found.subarray(above + 1)),
      };
      let sum = 0;
      for (let i = 0; i < cases; i++) {
        const t = base[i] as number;
        denominator[i] = polynomial(rational.below, (t - middle) / radius);
        const error = (valueOf(rational, t) - (image.expected[i] as number)) * (image.weights[i] as number);
        sum += error * error;
      }
      const error = Math.sqrt(sum / cases);
      if (!(error < nearest)) continue;
      nearest = error;
      best = rational;
    }
    return best;
  }

  /** What the function is on the wide range, where every value counts by its size; null where that is no number. */
  #imageOf(rational: Rational, base: Float64Array): Image | null {
    const expected = base.map((t) => valueOf(rational, t));
    if (!expected.every(Number.isFinite)) return null;
    const sizes = expected.map(Math.abs).sort();
    const small = 0.01 * (sizes[sizes.length >> 1] as number);
    if (!(small > 0)) return null;
    return { expected, weights: expected.map((value) => 1 / (Math.abs(value) + small)) };
  }
}

const NO_CONSTANTS = new Float64Array(0);

function polynomial(coefficients: Float64Array, s: number): number {
  let value = 0;
  for (let k = coefficients.length - 1; k >= 0; k--) value = value * s + (coefficients[k] as number);
  return value;
}

function valueOf({ middle, radius, above, below }: Rational, t: number): number {
  const s = (t - middle) / radius;
  return polynomial(above, s) / polynomial(below, s);
}
