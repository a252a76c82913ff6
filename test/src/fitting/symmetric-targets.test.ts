import { expect, it } from "vitest";
import { approximation, Archive, compileTask, completeParameters, parseProgram } from "../../../src/index.ts";
import { EquivalenceCache } from "../../../src/equivalence-cache.ts";
import { ConstantFitter } from "../../../src/fitting/constant-fitter.ts";
import { PreciseError } from "../../../src/precise-error.ts";
import { RandomStream, rootKey } from "../../../src/random-stream.ts";

/** The largest error of a form with fitted constants. */
function fittedError(target: string, from: number, to: number, form: string): number {
  const experiment = approximation({ target, from, to });
  const task = compileTask(experiment, completeParameters({ ...experiment.parameters }));
  const fitter = new ConstantFitter(task);
  const archive = new Archive(task.space);
  fitter.prepare(archive);
  const stream = new RandomStream().derive(rootKey(1), 0, 0, 0);
  const fitted = fitter.fit(
    parseProgram(task.grammar, form),
    null,
    archive,
    new EquivalenceCache(16, 1),
    stream,
  );
  if (fitted === null) throw new Error("the form was left out");
  return new PreciseError(task, task.remainders as Float64Array).largest(fitted);
}

it.each([
  ["sin(x)", "(let ((t (* x x))) (* x (+ 1.0 (* -0.2 t))))"],
  ["cos(x)", "(+ 1.0 (* -0.5 (* x x)))"],
  ["tan(x)", "(let ((t (* x x))) (* x (+ 1.0 (* t (+ 0.3 (* 0.1 t))))))"],
])("%s is fitted as well from -1 to 1 as from 0 to 1", (target, form) => {
  const whole = fittedError(target, -1, 1, form);
  const half = fittedError(target, 0, 1, form);
  expect(whole / half).toBeGreaterThan(0.99);
  expect(whole / half).toBeLessThan(1.002);
});

it("the relative error of a program that shares the target's root is as small as it gets, where both change sign", () => {
  // c x for exp(x) - 1 from -1 to 1: errors of one size at the ends are 1 / tanh(1/2) - 1 of each other.
  const error = fittedError("exp(x)-1", -1, 1, "(* 0.9 x)");
  const [low, high] = [1 - Math.exp(-1), Math.exp(1) - 1];
  const constant = (2 * low * high) / (low + high);
  expect(error).toBeLessThan(1.001 * (constant / low - 1));
});
