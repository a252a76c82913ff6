import { expect, it } from "vitest";
import {
  arithmetic,
  compileGrammar,
  DerivativeMachine,
  fn,
  LevenbergMarquardt,
  parseProgram,
  programResiduals,
  real,
} from "../../../src/index.ts";

const grammar = compileGrammar(
  arithmetic({ constants: true, operations: ["+", "-", "*", "/"] }),
  fn({ x: real }, real),
);
// Seven operations for 2^x (Real et al. 2023), with the constants that fit 2^x on (0, 1].
const program = parseProgram(
  grammar,
  "(let ((s1 (+ x (/ 90.4939 x)))) (+ (/ 62.7256 (+ -31.3628 (+ (/ 237.379 s1) s1))) 1.0))",
);
const points = Array.from({ length: 24 }, (_, i) => ((i + 0.5) / 24) ** 2);

it.each([
  [1, 5e-10],
  [2, 2e-10],
  [4, 2e-12],
])("the constants of a program for 2^x are fitted to 2^(x/%i), far along a curved valley", (part, error) => {
  const expected = points.map((x) => 2 ** (x / part));
  const machine = new DerivativeMachine(grammar, [points], expected, {
    weights: expected.map((y) => 1 / y),
  });
  const constants = program.constants.slice();
  const fit = new LevenbergMarquardt(points.length, constants.length);
  const limits = { maximumSteps: 400, patienceSteps: 20 };
  const sum = fit.minimise(programResiduals(machine, program), constants, limits);
  expect(Math.sqrt(sum / points.length)).toBeLessThan(error);
});
