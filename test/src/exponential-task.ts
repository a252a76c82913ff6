import {
  arithmetic,
  type ArithmeticOperation,
  DoubleDoubles,
  doubleDoubleFunctions,
  fn,
  real,
} from "../../dsl/index.ts";
import { type Experiment, grid } from "../../src/experiment.ts";
import { completeParameters, type Parameters } from "../../src/parameters.ts";
import { compileTask, type Task } from "../../src/task.ts";

/** Seven operations for 2^x (Real et al. 2023), with constants that nearly fit. */
export const sevenOperations =
  "(let ((s1 (+ x (/ 90.4939 x)))) (+ (/ 62.7256 (+ -31.3628 (+ (/ 237.379 s1) s1))) 1.0))";

/** The same for its eighth root, squared three times: with these constants that are doubles it is within 2.6e-15. */
export const tenOperations = `(let ((s1 (+ (/ 5783.524908159283 x) x))
  (s2 (+ 0.9999999999999998 (/ 501.1042479736652 (+ (+ (/ 15141.930661493721 s1) s1) -250.55212398251473))))
  (s3 (* s2 s2)) (s4 (* s3 s3))) (* s4 s4))`;

/** A program squared so many times. */
export const squared = (text: string, times: number): string =>
  times === 0 ? text : `(let ((r${times} ${squared(text, times - 1)})) (* r${times} r${times}))`;

/** Number of operations → the least relative error known for 2^x on [0, 1], from 7 on. */
export const known = { 7: 5.64e-10, 8: 8.94e-12, 9: 1.4e-13, 10: 2.19e-15 } as const;

/** 2^x on points of [0, 1] that are dense at the ends, to 31 digits, as constants are fitted to it. */
export function exponentialExperiment(
  points: number,
  operations: readonly ArithmeticOperation[] = ["+", "-", "*", "/"],
): Experiment {
  const xs = Array.from({ length: points }, (_, i) =>
    i === 0 ? 1e-9 : 0.5 * (1 - Math.cos((Math.PI * i) / (points - 1))),
  );
  const pairs = new DoubleDoubles(3);
  const [two, x, power] = [0, 2, 4].map((k) => DoubleDoubles.first + k) as [number, number, number];
  const powers = xs.map((value) => {
    pairs.set(two, 2);
    pairs.set(x, value);
    doubleDoubleFunctions.power(pairs, power, two, x);
    return [pairs.values[power] as number, pairs.values[power + 1] as number] as const;
  });
  return {
    name: "exponential",
    language: arithmetic({ constants: true, operations: [...operations] }),
    program: fn({ x: real }, real),
    cases: xs.map((value, i) => ({ input: { x: value }, output: powers[i]?.[0] as number })),
    outputRemainders: powers.map(([, low]) => low),
    fitness: "-log10 max relative error",
    archive: grid({ operations: [1, 10], structure: { from: 0, to: 1, bins: 8 } }),
  };
}

const fitting = {
  selector: "stratified",
  variation: "graphs",
  constantFitting: "derivatives",
  maximumSize: 80,
  initialCandidates: 20,
  randomShare: 0,
  randomSize: 7,
  extraVariationChance: 0.5,
  islands: 3,
  epochCandidates: 40,
  batchCandidates: 8,
  broodSize: 1,
  skeletonEntries: 64,
} as const satisfies Partial<Parameters>;

export const fittingTask = (experiment: Experiment, parameters: Partial<Parameters> = {}): Task =>
  compileTask(experiment, completeParameters({ ...fitting, ...parameters }));
