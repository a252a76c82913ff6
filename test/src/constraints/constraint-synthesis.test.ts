import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { printSygusProgram, readSygusTask, type Value } from "../../../dsl/index.ts";
import { ConstraintSynthesis } from "../../../src/constraints/constraint-synthesis.ts";
import { smtConstraints } from "../../dsl/sygus/smt-evaluator.ts";

const STEPS = 2_000_000;

const names = (count: number): string[] => Array.from({ length: count }, (_, k) => `x${k}`);
const int = (name: string): string => `(${name} Int)`;
/** A task of a function of integers, called f. */
const taskText = (
  inputs: readonly string[],
  constraints: readonly string[],
  rest: { readonly grammar?: string; readonly result?: string; readonly more?: string } = {},
): string =>
  [
    "(set-logic LIA)",
    rest.more ?? "",
    `(synth-fun f (${inputs.map(int).join(" ")}) ${rest.result ?? "Int"} ${rest.grammar ?? ""})`,
    ...inputs.map((name) => `(declare-var ${name} Int)`),
    ...constraints.map((constraint) => `(constraint ${constraint})`),
  ].join("\n");

function searched(text: string): { readonly synthesis: ConstraintSynthesis; readonly answer: string | null } {
  const task = readSygusTask(text, "test.sl");
  const synthesis = new ConstraintSynthesis(task);
  while (synthesis.answer === null && !synthesis.isOver && synthesis.steps < STEPS) synthesis.next();
  return {
    synthesis,
    answer: synthesis.answer === null ? null : printSygusProgram(task, synthesis.answer.program),
  };
}

/** The size of the answer, which another reading of SMT-LIB holds against the constraints at many points. */
function solvedSize(text: string): number {
  const { synthesis, answer } = searched(text);
  if (answer === null) throw new Error("no answer");
  const { variables, holds } = smtConstraints(text, answer);
  const value = (sort: string): fc.Arbitrary<Value> =>
    sort === "Bool"
      ? fc.boolean()
      : fc.oneof(fc.integer({ min: -3, max: 3 }), fc.integer({ min: -99, max: 99 }));
  fc.assert(
    fc.property(fc.tuple(...variables.map(({ sort }) => value(sort))), (values) => {
      expect(holds(values)).toBe(true);
    }),
  );
  return synthesis.answer?.size as number;
}

const maximum = (count: number): string => {
  const call = `(f ${names(count).join(" ")})`;
  return taskText(names(count), [
    ...names(count).map((name) => `(>= ${call} ${name})`),
    `(or ${names(count)
      .map((name) => `(= ${name} ${call})`)
      .join(" ")})`,
  ]);
};
const search = (count: number): string => {
  const call = `(f ${names(count).join(" ")} k)`;
  const isSorted = `(< ${names(count).join(" ")})`;
  const places = names(count).map((name, k) => [name, names(count)[k + 1]] as const);
  return taskText(
    [...names(count), "k"],
    [
      `(=> ${isSorted} (=> (< k x0) (= ${call} 0)))`,
      ...places.map(
        ([low, high], k) =>
          `(=> ${isSorted} (=> ${high === undefined ? `(> k ${low})` : `(< ${low} k ${high})`} (= ${call} ${k + 1})))`,
      ),
    ],
  );
};
const plain = "((Start Int (x y 0 1 (+ Start Start) (- Start Start))))";

describe("functions for constraints", () => {
  it("choose the largest of many, asking each pair once", () => {
    expect(solvedSize(maximum(2))).toBe(6);
    expect(solvedSize(maximum(8))).toBeLessThanOrEqual(120);
  });

  it("find the place in a sorted list, asking one thing for each place", () => {
    expect(solvedSize(search(6))).toBe(31);
  });

  it.each([
    [
      "helper functions, let and n-ary rows",
      taskText(["x", "y"], ["(let ((z (f x y))) (pick (> (twice x) 5) (= z (twice y)) (= z (- x y))))"], {
        more: "(define-fun twice ((a Int)) Int (+ a a)) (define-fun pick ((c Bool) (a Bool) (b Bool)) Bool (or (and c a) (and (not c) b)))",
      }),
      13,
    ],
    ["a sum without decisions", taskText(["x", "y"], ["(= (f x y) (+ x x y 3))"], { grammar: plain }), 11],
    [
      "a grammar with decisions of its own",
      taskText(["x", "y"], ["(>= (f x y) x)", "(>= (f x y) y)", "(or (= (f x y) x) (= (f x y) y))"], {
        grammar: "((S Int (x y (ite C S S))) (C Bool ((<= S S) (not C))))",
      }),
      6,
    ],
    [
      "a grammar that decides by a function of the task",
      taskText(["x", "y"], ["(>= (f x y) x)", "(>= (f x y) y)", "(or (= (f x y) x) (= (f x y) y))"], {
        more: "(define-fun qm ((a Int) (b Int)) Int (ite (< a 0) b a))",
        grammar: "((Start Int (x y 0 (+ Start Start) (- Start Start) (qm Start Start))))",
      }),
      7,
    ],
    [
      "calls with exchanged arguments",
      taskText(["x", "y"], ["(= (f x y) (f y x))", "(or (= (f x y) (- x y)) (= (f x y) (- y x)))"]),
      10,
    ],
    [
      "calls of what it gives",
      taskText(
        ["x"],
        [
          "(= (f (f x)) (f x))",
          "(or (= (f x) x) (= (f x) 7))",
          "(=> (> x 7) (= (f x) 7))",
          "(=> (< x 3) (= (f x) x))",
        ],
      ),
      6,
    ],
    [
      "a predicate",
      taskText(
        ["x", "y"],
        ["(=> (f x y) (>= x y))", "(=> (> x y) (f x y))", "(=> (= x y) (= (f x y) (> x 3)))"],
        { result: "Bool" },
      ),
      11,
    ],
  ] as const)("come of constraints with %s", (_, text, most) => {
    expect(solvedSize(text)).toBeLessThanOrEqual(most);
  });

  it("are not looked for where a point rules out every output", () => {
    const text = taskText(["x", "y"], ["(=> (> x 3) (> (f x y) y))", "(=> (< y 9) (< (f x y) 5))"]);
    const { synthesis, answer } = searched(text);
    expect({ answer, isOver: synthesis.isOver }).toEqual({ answer: null, isOver: true });
    const [x, y] = synthesis.impossible as readonly [number, number];
    expect(x > 3 && y < 9 && y >= 4).toBe(true);
  });

  it("get smaller with more steps, and are the same each time", () => {
    const text = maximum(4);
    const sizes = (): number[] => {
      const { synthesis } = searched(text);
      const first = synthesis.answer?.size as number;
      while (!synthesis.isOver) synthesis.next();
      return [first, synthesis.answer?.size as number, synthesis.steps];
    };
    const [first = 0, last = 0, steps] = sizes();
    expect(last).toBeLessThanOrEqual(first);
    expect(sizes()).toEqual([first, last, steps]);
  });
});
