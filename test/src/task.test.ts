import type { Coordinate } from "../../src/coordinates.ts";
import { describe, expect, it } from "vitest";
import {
  arithmetic,
  bits,
  bitVectors,
  createMachine,
  fn,
  InputError,
  logic,
  bool,
  parseProgram,
  type Program,
  real,
  string,
  VectorMachine,
} from "../../dsl/index.ts";
import { cvt, type Experiment, grid } from "../../src/experiment.ts";
import { completeParameters, type Parameters } from "../../src/parameters.ts";
import { casesPassed, compileTask, type Task } from "../../src/task.ts";
import { cubic, doubled, initials, taskOf } from "./small-tasks.ts";

/** What is wrong with an experiment, one problem a line. */
function problemsOf(
  changes: object,
  parameters: Partial<Parameters> = {},
  base: Experiment = cubic,
): readonly string[] {
  try {
    compileTask({ ...base, ...changes } as Experiment, completeParameters(parameters));
  } catch (error) {
    if (error instanceof InputError) return error.problems;
    throw error;
  }
  return [];
}

describe("how parents are chosen where nothing is said of it", () => {
  const selectorOf = (experiment: Experiment, parameters: Partial<Parameters> = {}): string =>
    taskOf(experiment, { selector: "auto", ...parameters }).selector;
  const many = (count: number): Experiment => ({
    ...cubic,
    cases: Array.from({ length: count }, (_, i) => ({ input: { x: i }, output: i })),
  });

  it("is by cases, up to 100 of them", () => {
    expect(selectorOf(cubic)).toBe("epsilon-lexicase");
    expect([100, 101].map((count) => selectorOf(many(count)))).toEqual(["epsilon-lexicase", "tournament"]);
  });

  it("is by tournament where elites have no error on each case", () => {
    expect(selectorOf(initials)).toBe("tournament");
    expect(selectorOf(cubic, { cache: "lossy" })).toBe("tournament");
  });

  it("is as told otherwise", () => {
    expect(taskOf(initials, { selector: "lexicase" }).selector).toBe("lexicase");
    expect(taskOf(cubic, { selector: "uniform" }).selector).toBe("uniform");
  });
});

describe("compiling an experiment", () => {
  it("finds nothing wrong with good ones", () => {
    for (const base of [cubic, doubled, initials]) expect(problemsOf({}, {}, base)).toEqual([]);
  });

  it.each<[string, object, RegExp]>([
    [
      "an axis without range",
      { archive: grid({ size: [5, 1] }) },
      /archive axis size must be a range that is not empty; got 5 to 2/,
    ],
    [
      "an axis from a point to itself",
      { archive: grid({ size: { from: 1, to: 1, bins: 3 } }) },
      /axis size must be a range/,
    ],
    ["an axis of NaN", { archive: grid({ size: [Number.NaN, 3] }) }, /axis size must be a range/],
    [
      "an infinite axis",
      { archive: grid({ size: { from: 0, to: Number.POSITIVE_INFINITY, bins: 3 } }) },
      /axis size must be a range/,
    ],
    [
      "an axis too wide for a double",
      { archive: grid({ size: { from: -1e308, to: 1e308, bins: 3 } }) },
      /axis size must be a range/,
    ],
    [
      "an axis without bins",
      { archive: grid({ size: { from: 0, to: 1, bins: 0 } }) },
      /axis size must have at least 1 bin; got 0/,
    ],
    [
      "half a bin",
      { archive: grid({ size: { from: 0, to: 1, bins: 1.5 } }) },
      /axis size must have at least 1 bin; got 1.5/,
    ],
    [
      "an axis that is no range",
      { archive: { kind: "grid", axes: { size: 5 } } },
      /axis size must be a range/,
    ],
    [
      "an axis that is null",
      { archive: { kind: "grid", axes: { size: null } } },
      /axis size must be a range/,
    ],
    ["an unknown axis", { archive: grid({ beauty: [1, 5] }) }, /axis beauty must be size, depth, operations/],
    ["no axes", { archive: grid({}) }, /archive must have at least one axis/],
    [
      "too many cells",
      { archive: grid({ size: { from: 0, to: 1, bins: 2000 }, depth: { from: 0, to: 1, bins: 2000 } }) },
      /1 to 1000000 cells; got 4000000/,
    ],
    [
      "a CVT without a number of cells",
      { archive: { kind: "cvt", axes: { size: [1, 5] } } },
      /cells; got NaN/,
    ],
    ["a CVT of no cells", { archive: cvt({ size: [1, 5] }, 0) }, /cells; got 0/],
    [
      "an unknown fitness",
      { fitness: "beauty" },
      /fitness must be a function or one of "cases passed", .*; got "beauty"/,
    ],
    ["no fitness", { fitness: undefined }, /fitness must be a function or one of/],
    [
      "a fitness without a worst value and no offset",
      { fitness: "-mean absolute error" },
      /offset must be given with the fitness "-mean absolute error"/,
    ],
    [
      "errors of numbers where the result is none",
      {
        language: bitVectors({ width: 8 }),
        program: fn({ x: bits(8) }, bits(8)),
        cases: [1n, 2n].map((x) => ({ input: { x }, output: x })),
        fitness: "-mean absolute error",
        offset: 0,
      },
      /fitness must be "cases passed", "similarity" or a function where the result is of type bits<8>; got "-mean absolute error"/,
    ],
    [
      "R2 of a constant",
      { fitness: "R2", offset: 0, cases: [1, 2, 3].map((x) => ({ input: { x }, output: 7 })) },
      /output must differ between cases.*the fitness "R2" needs it/,
    ],
    [
      "classes that are none",
      { fitness: "accuracy", cases: [1, 2, 3].map((x) => ({ input: { x }, output: x })) },
      /output must be a label, which is 0 or 1 .* got 2 in case 2; the fitness "accuracy" needs it/,
    ],
    [
      "one class to balance",
      { fitness: "balanced accuracy", cases: [1, 2, 3].map((x) => ({ input: { x }, output: 1 })) },
      /output must be of both classes/,
    ],
    ["no cases", { cases: [] }, /cases must be a list of 1 to 1000000 cases; got 0/],
    [
      "cases that are no list",
      { cases: { from: 0, to: 1 } },
      /cases must be a list of 1 to 1000000 cases; got object/,
    ],
    ["a case that is null", { cases: [null] }, /case 1, input x must be of type real; got undefined/],
    [
      "an input of the wrong type",
      { cases: [{ input: { x: "1" }, output: 1 }] },
      /case 1, input x must be of type real; got "1"/,
    ],
    [
      "an input that is missing",
      { cases: [{ input: { y: 1 }, output: 1 }] },
      /case 1, input x must be of type real; got undefined/,
    ],
    [
      "an output of the wrong type",
      { cases: [{ input: { x: 1 }, output: true }] },
      /case 1, output must be of type real; got true/,
    ],
    ["a seed that cannot be read", { seeds: ["(+ x"] }, /seeds: /],
    ["a seed of another type", { seeds: ["(sqrt x)"] }, /seeds: /],
    [
      "a program that cannot be",
      { program: fn({ x: string }, string), language: logic() },
      /must have a row that gives the program's result, string; its rows give bool/,
    ],
  ])("says what is wrong: %s", (_what, changes, message) => {
    const problems = problemsOf(changes);
    expect(problems.join("\n")).toMatch(message);
  });

  it("collects everything that is wrong, at most 3 of the same kind", () => {
    const problems = problemsOf({
      archive: grid({ beauty: [1, 5], size: [9, 1] }),
      fitness: "best",
      cases: [
        { input: { x: 1 }, output: "1" },
        { input: { x: null }, output: 2 },
      ],
      seeds: ["nonsense", "x"],
    });
    expect(problems).toHaveLength(6);
    for (const problem of problems) expect(problem).toMatch(/^experiment "cubic", /);
    const many = problemsOf({ cases: Array.from({ length: 500 }, () => ({ input: {}, output: null })) });
    expect(many).toHaveLength(6);
  });

  it("wants seeds within the size limit", () => {
    expect(problemsOf({ seeds: ["(+ x (+ x x))"] }, { maximumSize: 5 })).toEqual([]);
    expect(problemsOf({ seeds: ["(+ x (+ x x))"] }, { maximumSize: 4 }).join()).toMatch(
      /seeds must have at most 4 nodes; got 5/,
    );
  });

  it("wants a probe set for a lossy cache, of the right type", () => {
    const lossy = { cache: "lossy" } as const;
    expect(problemsOf({ probe: [] }, lossy).join()).toMatch(/probe must have at least one input/);
    expect(problemsOf({ probe: [{ x: "a" }] }, lossy).join()).toMatch(
      /probe 1, input x must be of type real/,
    );
    expect(problemsOf({ probe: [] }, { cache: "exact" })).toEqual([]);
  });
});

describe("a task", () => {
  const program = (task: Task, text: string): Program => parseProgram(task.grammar, text);
  const column = (task: Task, text: string) =>
    createMachine(task.grammar, task.inputs, task.caseCount).run(program(task, text));

  it("has the cases by argument, and their expected outputs", () => {
    const task = taskOf({
      ...cubic,
      program: fn({ x: real, y: real }, real),
      cases: [
        { input: { x: 1, y: 2 }, output: 3 },
        { input: { y: 5, x: 4 }, output: 9 },
      ],
    });
    expect(task.inputs).toEqual([
      [1, 4],
      [2, 5],
    ]);
    expect(task.expected).toEqual([3, 9]);
    expect(task.fitness(column(task, "(+ x y)"))).toBe(1);
    expect(casesPassed(task, column(task, "(- y (neg x))"))).toBe(2);
    expect(casesPassed(task, column(task, "(* (* x x) 3)"))).toBe(1);
  });

  it("measures form by nodes, depth, operations, cost, constants and the set of primitives", () => {
    const axes = ["size", "depth", "operations", "cost", "constants", "primitiveSet"] as const;
    const task = taskOf({
      ...cubic,
      archive: cvt(Object.fromEntries(axes.map((a) => [a, { from: 0, to: 10, bins: 1 }])), 10),
    });
    const measure = (text: string): number[] =>
      task.coordinates.map((c) => (c as Coordinate & { kind: "form" }).of(program(task, text)));
    expect(measure("x")).toEqual([1, 1, 0, 0, 0, 0]);
    expect(measure("(+ x 1.5)").slice(0, 5)).toEqual([3, 2, 1, 1, 1]);
    expect(measure("(let ((a (+ x 1.5))) (* a a))").slice(0, 5)).toEqual([4, 3, 2, 2, 1]);
    const sets = ["(+ x x)", "(- x x)", "(+ x (- x x))", "(neg x)"].map((t) => measure(t)[5] as number);
    expect(new Set(sets).size).toBe(4);
    expect(sets[2]).toBe((sets[0] as number) | (sets[1] as number));
  });

  it("counts cases passed, and measures behaviour by functions of one's own", () => {
    const task = taskOf({
      ...cubic,
      archive: grid({
        passed: [0, 12],
        first: { from: 0, to: 1, bins: 2, measure: ({ outcomes }) => outcomes[0] as number },
        fitness: { from: 0, to: 1, bins: 5 },
      }),
    });
    expect(task.coordinates.map((c) => c.kind)).toEqual(["behaviour", "behaviour", "fitness"]);
    const of = (n: number, text: string): number =>
      (task.coordinates[n] as Coordinate & { kind: "behaviour" }).of(column(task, text));
    expect(of(0, "(- (* x (* x x)) (* 0.5 x))")).toBe(12);
    expect(of(1, "x")).toBe(-1.25);
    expect(task.isCustom).toBe(true);
    expect(taskOf(cubic).isCustom).toBe(false);
    expect(taskOf(initials).isCustom).toBe(true);
  });

  it("shows a custom fitness outcomes as values: booleans as booleans", () => {
    const seen: unknown[] = [];
    const task = taskOf({
      name: "truth",
      language: logic(),
      program: fn({ a: bool }, bool),
      cases: [true, false].map((a) => ({ input: { a }, output: !a })),
      fitness: ({ outcomes }) => {
        seen.push(...outcomes);
        return 0;
      },
      archive: grid({ size: [1, 5] }),
    });
    task.fitness(column(task, "(not a)"));
    expect(seen).toEqual([false, true]);
  });

  it("has its cases counted by the vector machine where programs are words or gates, as the fitness counts them", () => {
    const inputs = Array.from({ length: 70 }, (_, i) => ({ x: BigInt(i * i), y: BigInt(i) }));
    const tasks: [Task, string[]][] = [
      [
        taskOf({
          name: "words",
          language: bitVectors({ width: 16 }),
          program: fn({ x: bits(16), y: bits(16) }, bits(16)),
          cases: inputs.map((input) => ({ input, output: input.x & (input.y >> 1n) })),
          fitness: "cases passed",
          archive: grid({ size: [1, 5] }),
        }),
        ["(bvand x (shr1 y))", "(bvand x y)", "#x0"],
      ],
      [
        taskOf({
          name: "gates",
          language: logic(),
          program: fn({ a: bool, b: bool }, bool),
          cases: inputs.map((_, i) => ({ input: { a: i % 2 === 0, b: i % 3 === 0 }, output: i % 5 === 0 })),
          fitness: "cases passed",
          archive: grid({ passed: [0, 70] }),
        }),
        ["(and a b)", "(not (or a b))", "a"],
      ],
    ];
    for (const [task, texts] of tasks) {
      const { measured, grammar } = task;
      if (measured === null) throw new Error("must be measured");
      const machine = new VectorMachine(grammar, task.inputs, task.caseCount, {
        measured: measured.reduction,
      });
      const programs = texts.map((text) => parseProgram(grammar, text));
      programs.forEach((program, k) => machine.put(k, program));
      machine.measure(programs.length);
      const judged = programs.map((_, k) => measured.fitness(machine.errors[k] as number));
      expect(judged).toEqual(programs.map((program) => task.fitness(machine.run(program))));
      expect(new Set(judged).size).toBe(texts.length);
    }
    expect(taskOf({ ...cubic, fitness: "cases passed" }).measured).toBeNull();
  });

  it("names bits in problems of cases", () => {
    const problem = {
      name: "nibbles",
      language: bitVectors({ width: 4 }),
      program: fn({ x: bits(4) }, bits(4)),
      cases: [{ input: { x: 16n }, output: 3 as unknown as bigint }],
      fitness: "cases passed",
      archive: grid({ size: [1, 5] }),
    } as const;
    expect(() => taskOf(problem)).toThrow('input x must be of type bits<4>; got "#x10".');
    expect(() => taskOf(problem)).toThrow("output must be of type bits<4>; got 3.");
  });

  it("takes target and offset from the fitness, unless the experiment says so", () => {
    expect(taskOf({ ...cubic, fitness: "cases passed" })).toMatchObject({ target: 1, offset: 0 });
    expect(taskOf({ ...cubic, fitness: "-log10 mean absolute error" })).toMatchObject({
      target: null,
      offset: -6,
    });
    expect(taskOf({ ...cubic, fitness: "-mean absolute error", offset: -9, target: 0 })).toMatchObject({
      target: 0,
      offset: -9,
    });
    expect(taskOf({ ...cubic, fitness: () => 1 })).toMatchObject({ target: null, offset: 0 });
  });

  it("gives the error on each case, never NaN and one for every case", () => {
    const errors = (fitness: unknown, text: string): number[] => {
      const task = taskOf({ ...cubic, language: arithmetic(), fitness: fitness as "similarity" });
      return [...task.errors(column(task, text))];
    };
    const one = errors("-log10 mean absolute error", "(/ x (- x x))");
    expect(one).toHaveLength(12);
    expect(new Set(one)).toEqual(new Set([Number.POSITIVE_INFINITY]));
    expect(errors("-log10 mean absolute error", "x").every((e) => e >= 0 && Number.isFinite(e))).toBe(true);
    expect(new Set(errors(() => 1, "x"))).toEqual(new Set([0, 1]));
    const infinity = Number.POSITIVE_INFINITY;
    const given = (list: number[]) => (): object => ({ fitness: 1, errors: list });
    expect(errors(given([1, Number.NaN]), "x")).toEqual([1, ...Array.from({ length: 11 }, () => infinity)]);
    expect(errors(given(Array.from({ length: 50 }, () => 2)), "x")).toEqual(
      Array.from({ length: 12 }, () => 2),
    );
  });

  it.each([
    ["text", () => "7"],
    ["an object", () => ({})],
    ["an object with text", () => ({ fitness: "7" })],
    ["nothing", () => undefined],
    ["null", () => null],
    ["a promise", async () => 7],
    ["a big integer", () => 7n],
  ])("takes a fitness and a measure that give %s for no numbers", (_what, own) => {
    const measure = own as () => number;
    const archive = grid({ mine: { from: 0, to: 9, bins: 10, measure } });
    const task = taskOf({ ...cubic, fitness: own as () => number, archive });
    const at = column(task, "x");
    expect(task.fitness(at)).toBeNaN();
    const [mine] = task.coordinates;
    expect(mine?.kind === "behaviour" && mine.of(at)).toBeNaN();
    expect(new Set(task.errors(at))).toEqual(new Set([0, 1]));
  });

  it("takes errors that are no numbers for the largest", () => {
    const errors = ["1", 7n, null, {}, 2] as unknown as number[];
    const task = taskOf({ ...cubic, fitness: () => ({ fitness: 1, errors }) });
    const largest = Number.POSITIVE_INFINITY;
    expect([...task.errors(column(task, "x"))].slice(0, 5)).toEqual([largest, largest, largest, largest, 2]);
  });

  it("spreads the probe set of a lossy cache over the cases, and takes the experiment's own", () => {
    const task = taskOf(cubic, { cache: "lossy", probeCases: 3 });
    expect(task.probe).toEqual({ count: 3, inputs: [[2, 6, 10].map((i) => i / 4 - 1.25)] });
    expect(taskOf(cubic, { cache: "lossy", probeCases: 100 }).probe?.count).toBe(12);
    const own = taskOf({ ...cubic, probe: [{ x: 7 }] }, { cache: "lossy" });
    expect(own.probe).toEqual({ count: 1, inputs: [[7]] });
    expect(taskOf(cubic).probe).toBeNull();
  });

  it("has an axis of integers with a cell for each", () => {
    const { space } = taskOf({ ...cubic, archive: grid({ size: [3, 5] }) });
    expect([1, 3, 4, 5, 6].map((size) => space.cellOf(Float64Array.of(size)))).toEqual([0, 0, 1, 2, 2]);
    expect(taskOf({ ...cubic, archive: grid({ size: [3, 3] }) }).space.cellCount).toBe(1);
  });
});
