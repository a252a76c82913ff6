import type { DerivativeMachine } from "../../dsl/index.ts";
import { PreciseDifferences } from "../precise-differences.ts";
import type { LevenbergMarquardt } from "./levenberg-marquardt.ts";
import { moveConstants } from "./moved-constants.ts";
import type { CaseColumns } from "./sampled-cases.ts";
import type { Skeleton } from "./skeleton.ts";

/** A descent in double-double arithmetic ends sooner: a step costs ten times as much. */
const LIMITS = { maximumSteps: 400, patienceSteps: 8, firstDamping: 1e-14 } as const;

/** Residuals of a skeleton in double-double arithmetic, where those of doubles are rounding alone. */
export class PreciseResiduals {
  readonly #skeleton: Skeleton;
  readonly #differences: PreciseDifferences;

  constructor(skeleton: Skeleton, { inputs, expected, remainders, weights }: CaseColumns) {
    this.#skeleton = skeleton;
    this.#differences = new PreciseDifferences(skeleton.grammar, inputs, expected, remainders, weights);
  }

  /** With constants that are sums of two doubles, which the skeleton takes over. Valid until the next call. */
  readonly at = (constants: Float64Array, remainders: Float64Array): Float64Array => {
    this.#skeleton.constants.set(constants);
    this.#skeleton.remainders.set(remainders);
    return this.#differences.of(this.#skeleton.write());
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
  const move = (steps: Float64Array): void =>
    moveConstants(constants, remainders, (k) => steps[k] as number, high, low);
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
