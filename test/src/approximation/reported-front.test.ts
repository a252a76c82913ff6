import { describe, expect, it } from "vitest";
import {
  type ApproximationQuestion,
  approximation,
  Archive,
  compileTask,
  completeParameters,
  parseProgram,
  printProgram,
  reportedError,
  reportedFront,
} from "../../../src/index.ts";
import { individual } from "../random-individuals.ts";

/** What is handed out of programs, given with the fitness that an archive has of them. */
function handedOut(question: ApproximationQuestion, programs: readonly (readonly [string, number])[]) {
  const experiment = approximation(question);
  const task = compileTask(experiment, completeParameters(experiment.parameters ?? {}));
  const archive = new Archive(task.space);
  programs.forEach(([text, fitness], cell) => {
    archive.add(cell, individual({ program: parseProgram(task.grammar, text), fitness }));
  });
  const { rows } = reportedFront(task, task.approximates as never, archive);
  return rows.map(({ operations, program }) => [operations, printProgram(task.grammar, program)]);
}

const errorOf = (question: ApproximationQuestion, text: string) => {
  const experiment = approximation(question);
  const { grammar, approximates } = compileTask(experiment, completeParameters(experiment.parameters ?? {}));
  return reportedError(grammar, parseProgram(grammar, text), approximates as never);
};

const sine: ApproximationQuestion = { target: "sin(x)", from: -1, to: 1, error: "absolute" };

describe("the programs that are handed out", () => {
  it("are the nearest by the error that people are told, whatever the archive takes for the fittest", () => {
    const programs = [
      ["x", 0.8],
      ["(* 0.88 x)", 1.407],
      ["(- x (* 0.158 (* x (* x x))))", 2.6],
      ["(* x (- 0.999 (* 0.158 (* x x))))", 2.5],
      // A pole at 0, and one between points.
      ["(- (* 0.88 x) (/ -0.0001 x))", 9],
      ["(+ (* x (- 0.999 (* 0.158 (* x x)))) (/ 1e-14 (- x 0.30001)))", 9],
    ] as const;
    expect(handedOut(sine, programs)).toEqual([
      [0, "x"],
      [1, "(* 0.88 x)"],
      [4, "(* x (- 0.999 (* 0.158 (* x x))))"],
    ]);
  });

  it("are none that are nearer by a trifle for an operation more", () => {
    expect(
      handedOut(sine, [
        ["(* 0.8806 x)", 1.407],
        ["(+ 1e-9 (* 0.8806 x))", 1.408],
      ]),
    ).toHaveLength(1);
  });

  it("have a value at 0 inside the interval, where relative errors mean nothing", () => {
    const programs = [
      ["(* 0.9 x)", 1],
      ["(/ (* x x) (+ x (* 0.1 x)))", 9],
    ] as const;
    expect(handedOut({ ...sine, error: "relative" }, programs)).toEqual([[1, "(* 0.9 x)"]]);
  });
});

describe("a program's error as it is told", () => {
  const line: ApproximationQuestion = { target: "x + 1", from: 0, to: 1, error: "absolute" };

  it.each(["f64", "f32"] as const)("is infinite where a pole lies between the points, of %s", (precision) => {
    const question: ApproximationQuestion = { ...line, precision };
    expect(errorOf(question, "(+ (+ 1.0 x) (/ 1e-9 (- x 0.30000123)))").exact).toBe(Number.POSITIVE_INFINITY);
    expect(errorOf(question, "(+ 1.0 x)").exact).toBe(0);
  });

  it("is what it is where a quotient passes through infinity on the way to a number", () => {
    // 1 + x as 1 + 1 / (1 / (x − 0.3) …): continued fractions do so.
    const { exact, asRun } = errorOf(line, "(+ 1.3 (/ 1.0 (/ 1.0 (- x 0.30000123))))");
    expect(exact).toBeCloseTo(1.23e-6, 8);
    expect(asRun).toBeCloseTo(1.23e-6, 8);
  });
});
