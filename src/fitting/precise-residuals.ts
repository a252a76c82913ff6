import { type DerivativeMachine, DoubleDoubleMachine } from "../../dsl/index.ts";
import type { LevenbergMarquardt } from "./levenberg-marquardt.ts";
import type { CaseColumns } from "./sampled-cases.ts";
import type { Skeleton } from "./skeleton.ts";

/** A descent in double-double arithmetic ends sooner: a step costs ten times as much. */
const LIMITS = { maximumSteps: 400, patienceSteps: 8, firstDamping: 1e-14 } as const;

/** Residuals of a skeleton in double-double arithmetic, where those of doubles are rounding alone. */
export class PreciseResiduals {
  readonly #skeleton: Skeleton;
  readonly #machine: DoubleDoubleMachine;
  readonly #expected: Float64Array;
  readonly #expectedLow: Float64Array;
  readonly #weights: Float64Array;
  readonly #residuals: Float64Array;

  constructor(skeleton: Skeleton, { inputs, expected, remainders, weights }: CaseColumns) {
    this.#skeleton = skeleton;
    this.#machine = new DoubleDoubleMachine(skeleton.grammar, inputs, expected.length);
    this.#expected = expected;
    this.#expectedLow = remainders;
    this.#weights = weights;
    this.#residuals = new Float64Array(expected.length);
  }

  /** With constants that are sums of two doubles, which the skeleton takes over. Valid until the next call. */
  readonly at = (constants: Float64Array, remainders: Float64Array): Float64Array => {
    const skeleton = this.#skeleton;
    skeleton.constants.set(constants);
    skeleton.remainders.set(remainders);
    const { high, low } = this.#machine.run(skeleton.write());
    const residuals = this.#residuals;
    for (let i = 0; i < residuals.length; i++)
      residuals[i] =
        ((high[i] as number) -
          (this.#expected[i] as number) +
          ((low[i] as number) - (this.#expectedLow[i] as number))) *
        (this.#weights[i] as number);
    return residuals;
  };
}

/**
 * Lowers a sum of squares further than doubles can tell: what is varied is how far the constants are from where they began.
 * @param machine has the program ready; derivatives need no more digits
 * @param constants where it begins, and what it found
 * @param remainders what they leave over
 */
export function descendPrecisely(
  descent: LevenbergMarquardt,
  residuals: PreciseResiduals,
  machine: DerivativeMachine,
  constants: Float64Array,
  remainders: Float64Array,
): void {
  const high = constants.slice();
  const low = remainders.slice();
  const move = (steps: Float64Array): void => {
    for (let k = 0; k < steps.length; k++) {
      const from = constants[k] as number;
      const step = (remainders[k] as number) + (steps[k] as number);
      const sum = from + step;
      const part = sum - from;
      high[k] = sum;
      low[k] = from - (sum - part) + (step - part);
    }
  };
  const steps = new Float64Array(constants.length);
  const at = (distances: Float64Array): Float64Array => {
    move(distances);
    return residuals.at(high, low);
  };
  descent.minimise(
    {
      caseCount: machine.caseCount,
      at,
      linearAt: (distances) => {
        const linear = at(distances);
        return { residuals: linear, derivatives: machine.jacobian(high).derivatives };
      },
    },
    steps,
    LIMITS,
  );
  move(steps);
  constants.set(high);
  remainders.set(low);
}
