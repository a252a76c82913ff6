import { createMachine, type Machine, VectorMachine } from "../dsl/index.ts";
import { ErrorThresholds } from "./error-thresholds.ts";
import { preciseErrorOf } from "./judged-fitness.ts";
import type { PreciseError } from "./precise-error.ts";
import type { Task } from "./task.ts";

/** The machines of a task: code, tables and terms seen before, none of which can change a result. Made once, for all epochs. */
export interface EvaluationMachines {
  readonly cases: Machine;
  /** Runs the probe set where that is not the cases. */
  readonly probe: Machine | null;
  /** Measures errors that doubles cannot tell apart, where outputs are known so well. */
  readonly precise: PreciseError | null;
  /** Null where candidates are always measured to the end. */
  readonly thresholds: ErrorThresholds | null;
}

export function evaluationMachines(task: Task): EvaluationMachines {
  const { grammar, inputs, caseCount, probe, measured } = task;
  const { maximumSize, earlyAbort } = task.parameters;
  if (measured !== null) {
    const precise = preciseErrorOf(task);
    const machine = new VectorMachine(grammar, inputs, caseCount, {
      measured: measured.reduction,
      // What doubles say of very small errors is not what counts.
      givesUp: earlyAbort && precise === null,
      maximumSize,
    });
    return {
      cases: machine,
      probe: probe === null ? null : new VectorMachine(grammar, probe.inputs, probe.count, { maximumSize }),
      precise,
      // Where a program goes must be known before it is measured. What a lossy cache holds depends on whom it is asked for.
      thresholds:
        machine.isStaged && probe === null && task.coordinates.every((c) => c.kind === "form")
          ? new ErrorThresholds(task)
          : null,
    };
  }
  return {
    cases: createMachine(grammar, inputs, caseCount),
    probe: probe === null ? null : createMachine(grammar, probe.inputs, probe.count),
    precise: null,
    thresholds: null,
  };
}
