import { arithmetic, type ArithmeticOperation, real } from "../dsl/index.ts";
import { completeParameters, compileTask, defineExperiment, fn, grid, type Task } from "../src/index.ts";

const TRANSCENDENTAL = ["+", "-", "*", "/", "exp", "log", "sin", "cos", "sqrt"] as const;

/** What the programs of a benchmark are made of. */
export const operationsOf: Readonly<Record<"arithmetic" | "transcendental", readonly ArithmeticOperation[]>> =
  { arithmetic: ["+", "-", "*", "/"], transcendental: TRANSCENDENTAL };
export type Operations = keyof typeof operationsOf;

const targets: Readonly<Record<Operations, (x: number, y: number) => number>> = {
  arithmetic: (x, y) => (x * x * y + 0.5 * x - 1.3) / (1 + y * y),
  // Not of an archive: only measured against, so that the machine's own functions will do.
  transcendental: (x, y) => Math.exp(-x * x) * Math.sin(3 * y) + Math.log(2 + x * y),
};

/** A regression task: a function of two variables on `points` points, as a map of size and the primitives used. */
export function regressionTask(
  operations: Operations,
  points: number,
  parameters: Readonly<Record<string, unknown>> = {},
): Task {
  const experiment = defineExperiment({
    name: "bench",
    language: arithmetic({ operations: operationsOf[operations], constants: true }),
    program: fn({ x: real, y: real }, real),
    cases: Array.from({ length: points }, (_, i) => {
      const x = ((i * 37) % 101) / 50 - 1;
      const y = ((i * 53) % 97) / 48 - 1;
      return { input: { x, y }, output: targets[operations](x, y) };
    }),
    fitness: "1/(1+root mean square error)",
    archive: grid({ size: [1, 40], primitiveSet: [0, 15] }),
  });
  return compileTask(experiment, completeParameters(parameters));
}
