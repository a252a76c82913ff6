import { describe, expect, it } from "vitest";
import {
  arithmetic,
  approximation,
  type ApproximationQuestion,
  compileTask,
  completeParameters,
  createMachine,
  type Experiment,
  float32,
  fn,
  grid,
  InputError,
  judgedFitness,
  parseProgram,
  pointsOf,
  real,
} from "../../../src/index.ts";

const question: ApproximationQuestion = { target: "2^x", from: 0, to: 1 };

const compiled = (experiment: Experiment) =>
  compileTask(experiment, completeParameters(experiment.parameters ?? {}));

function problemsOf(make: () => unknown): readonly string[] {
  try {
    make();
  } catch (error) {
    if (error instanceof InputError) return error.problems;
    throw error;
  }
  return [];
}

describe("a program that is run alone", () => {
  const judged = (experiment: Experiment, text: string): readonly [fitness: number, ofDoubles: number] => {
    const task = compiled(experiment);
    const program = parseProgram(task.grammar, text);
    const column = createMachine(task.grammar, task.inputs, task.caseCount).run(program);
    return [judgedFitness(task)(program, column), task.fitness(column)];
  };

  it("is judged as in the search where doubles do not tell enough", () => {
    const [fitness, ofDoubles] = judged(
      approximation({ target: "x", from: 1, to: 2 }),
      "(* x (+ 1.0 (* 1e-16 x)))",
    );
    expect(fitness).toBeCloseTo(16 - 0.30103, 4);
    expect(ofDoubles).toBeLessThan(15.66);
  });

  it("is judged in doubles where it is over singles", () => {
    const [fitness, ofDoubles] = judged(
      {
        name: "singles",
        language: arithmetic({ precision: "f32", constants: true, operations: ["+", "*"] }),
        program: fn({ x: float32 }, float32),
        cases: [1, 1.5, 2].map((x) => ({ input: { x }, output: x })),
        outputRemainders: [0, 1e-13, 0],
        fitness: "-log10 max relative error",
        archive: grid({ operations: [0, 4] }),
      },
      "x",
    );
    expect(fitness).toBe(ofDoubles);
    expect(fitness).toBeCloseTo(13.176, 3);
  });
});

describe("an approximation", () => {
  it("is an experiment that tells its question, with nothing left open", () => {
    const experiment = approximation({ ...question, maximumOperations: 5 });
    expect(experiment).toMatchObject({
      name: "approximate-2-x",
      question: "Which + - * / programs are nearest to 2^x from 0 to 1, by relative error?",
      fitness: "-log10 max relative error",
      approximates: {
        ...question,
        maximumOperations: 5,
        operations: ["+", "-", "*", "/"],
        error: "relative",
        constants: "double",
      },
    });
    const { axes, caseCount, remainders, approximates } = compiled(experiment);
    expect(axes.map(({ name, bins }) => [name, bins])).toEqual([
      ["operations", 5],
      ["structure", 48],
    ]);
    expect(remainders).toHaveLength(caseCount);
    expect(approximates).toEqual(experiment.approximates);
    expect(approximation({ ...question, target: "(x)^2 + 1" }).name).toBe("approximate-x-2-1");
  });

  it("leaves 0 out where that is an end, and nothing else", () => {
    for (const [from, to, first, last] of [
      [0, 1, 2 ** -30, 1],
      [-4, 0, -4, -(2 ** -28)],
      [1, 2, 1, 2],
    ] as const) {
      const points = pointsOf({ from, to, precision: "f64" }, 11);
      expect([points[0], points.at(-1)]).toEqual([first, last]);
      expect(points).toEqual(points.toSorted());
    }
  });

  it("is judged beside 0 on both sides, and told of at 0 as well, where that lies inside the interval", () => {
    const near = 2 ** -29;
    for (const from of [-1, -0.75]) {
      const question = { from, to: from + 2, precision: "f64" } as const;
      const points = pointsOf(question, 11);
      expect(points).toEqual(points.toSorted());
      const at = points.indexOf(0);
      expect(Array.from(points.slice(at - 1, at + 2))).toEqual([-near, 0, near]);
      const { cases } = approximation({ target: "2^x", ...question });
      const judged = cases.map(({ input }) => input.x);
      expect(judged.slice(judged.indexOf(-near)).slice(0, 2)).toEqual([-near, near]);
    }
  });

  it("is refused where the target has a zero inside the interval, by which errors relative to it grow without bound", () => {
    const problem = (
      target: string,
      from: number,
      to: number,
      changes: Partial<ApproximationQuestion> = {},
    ) => problemsOf(() => approximation({ target, from, to, ...changes })).join();
    expect(problem("sin(x)", 1, 4)).toBe(
      "approximation, target must have no zero inside the interval from 1 to 4 for relative errors, which grow without bound beside it; sin(x) is 0 at x = 3.14159. Choose error absolute (--error absolute), or an interval that ends at 3.14159.",
    );
    // Also where it is touched, and where values are units in the last place.
    for (const target of ["abs(x - 0.3)", "(x - 0.3)^2", "sqrt(abs(x - 0.3))", "(x - 0.3)^3"])
      expect(problem(target, -1, 1)).toContain("is 0 at x = 0.3. ");
    expect(problem("1 + cos(x)", 1, 4)).toContain("is 0 at x = 3.14159. ");
    expect(problem("log(x)", 0.5, 3, { error: "ulp", precision: "f32" })).toContain("is 0 at x = 1. ");
    expect(problem("log(x)", 0.5, 3, { error: "absolute" })).toBe("");
    // At an end, and at 0 itself, programs can vanish as well.
    expect(problem("sin(x)", 0, Math.PI)).toBe("");
    expect(problem("log(x)", 1, 2)).toBe("");
    expect(problem("sin(x)", -Math.PI / 2, Math.PI / 2)).toBe("");
    expect(problem("abs(x)", -1, 2)).toBe("");
    // No zeros: a least value that is none, and a jump.
    expect(problem("x^2 + 0.000001", -1, 1)).toBe("");
    expect(problem("floor(x) + 0.5", -0.9, 0.9)).toBe("");
  });

  it("lists everything that is wrong with its question", () => {
    expect(
      problemsOf(() =>
        approximation({
          target: "2^x",
          from: 1,
          to: Number.NaN,
          maximumOperations: 0.5,
          error: "small" as never,
          constants: "none" as never,
          operations: ["+", "-"],
        }),
      ),
    ).toHaveLength(5);
    expect(problemsOf(() => approximation({ ...question, target: "tan(3*x)" }))).toEqual([
      "approximation, target must be finite on the interval from 0 to 1; tan(3*x) grows without bound near x = 0.523599. Choose another interval.",
    ]);
  });

  it("refuses options that it does not know, and tells which was meant", () => {
    const misspelt = { target: "2^x", from: 0, to: 1, maxOperations: 3, budget: 5 };
    const options = "target, from, to, operations, maximumOperations, error, precision, constants, name";
    expect(problemsOf(() => approximation(misspelt as never))).toEqual([
      `approximation must have no option but ${options}; got maxOperations. Did you mean maximumOperations?`,
      `approximation must have no option but ${options}; got budget.`,
    ]);
    expect(() => approximation("2^x" as never)).toThrow("approximation must be given an object with target,");
  });

  it("is refused where errors would mean nothing: on stretches of zeros, of numbers too small, and beyond singles", () => {
    const problem = (changes: Partial<ApproximationQuestion>): string =>
      problemsOf(() => approximation({ ...question, from: -1, ...changes })).join();
    expect(problem({ target: "min(x,0)" })).toMatch(
      /^approximation, target must have a size to measure relative/,
    );
    expect(problem({ target: "min(x,0)", error: "absolute" })).toBe("");
    expect(problem({ target: "x*abs(x)" })).toBe("");
    expect(problem({ target: "exp(-1/x^2)", from: 0, to: 0.1 })).toMatch(
      /^approximation, target must have a size/,
    );
    expect(problem({ target: "10^x", from: 30, to: 60, precision: "f32" })).toMatch(
      /^approximation, target must be finite as a single/,
    );
  });

  it("is refused where it says that it is of something else", () => {
    const experiment = approximation(question);
    const other = (changes: Partial<Experiment>): readonly string[] =>
      problemsOf(() => compiled({ ...experiment, ...changes }));
    expect(other({})).toEqual([]);
    expect(other({ approximates: { target: "2^" } as never })).not.toEqual([]);
    const cases = experiment.cases.map(({ input, output }) => ({ input: { y: input.x, z: 0 }, output }));
    expect(other({ program: fn({ y: real, z: real }, real), cases })).toEqual([
      'experiment "approximate-2-x", approximates must be of what programs are given, one real; its argument is x, theirs y, z. Use approximation({ … }) as it is.',
    ]);
  });
});
