import type { DerivativeMachine, Program } from "../../dsl/index.ts";
import type { Residuals } from "./levenberg-marquardt.ts";

/** The residuals of a program as functions of its constants. It is the machine's until the next program is prepared. */
export function programResiduals(machine: DerivativeMachine, program: Program): Residuals {
  machine.prepare(program);
  return {
    caseCount: machine.caseCount,
    at: (constants) => machine.residuals(constants),
    linearAt: (constants) => machine.jacobian(constants),
  };
}
