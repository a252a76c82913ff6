import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  evaluateTerm,
  interpret,
  parseProgram,
  type Program,
  readSygusTask,
  type SygusTask,
  type Value,
} from "../../../dsl/index.ts";
import { type Proof, verify } from "../../../src/constraints/verifier.ts";

const EFFORT = 20_000;
const head = `(set-logic LIA)
(synth-fun f ((x Int) (y Int)) Int)
(declare-var x Int) (declare-var y Int) (declare-var z Int) (declare-var b Bool)
`;
const taskOf = (...constraints: readonly string[]): SygusTask =>
  readSygusTask(`${head}${constraints.map((text) => `(constraint ${text})`).join("\n")}`, "test.sl");
const programOf = (task: SygusTask, text: string): Program => {
  const program = parseProgram(task.grammar, text);
  return program;
};
const proofOf = (task: SygusTask, program: string, effort = EFFORT): Proof =>
  verify(task, task.grammar, programOf(task, program), effort);

/** Whether all constraints hold for some values, by plain recursion. */
function holdsAt(task: SygusTask, program: Program, values: readonly Value[]): boolean {
  const environment = new Map(task.variables.map(({ name }, k) => [name, values[k] as Value]));
  return task.constraints.every(
    ({ term }) =>
      evaluateTerm(term, environment, (...args) => interpret(task.grammar, program, args)) === true,
  );
}

const { truth } = fc.letrec<{ int: string; truth: string }>((tie) => ({
  int: fc.oneof(
    { maxDepth: 4, depthSize: "small" },
    fc.constantFrom("x", "y", "z", "0", "1", "3"),
    fc.tuple(fc.constantFrom("+", "-"), tie("int"), tie("int")).map(([f, a, b]) => `(${f} ${a} ${b})`),
    fc.tuple(fc.constantFrom("2", "3", "(- 1)"), tie("int")).map(([c, a]) => `(* ${c} ${a})`),
    fc.tuple(tie("truth"), tie("int"), tie("int")).map((parts) => `(ite ${parts.join(" ")})`),
    fc
      .tuple(fc.constantFrom("div", "mod"), tie("int"), fc.constantFrom("2", "3"))
      .map((p) => `(${p.join(" ")})`),
    fc.tuple(tie("int"), tie("int")).map(([a, b]) => `(f ${a} ${b})`),
    tie("int").map((a) => `(abs ${a})`),
  ),
  truth: fc.oneof(
    { maxDepth: 4, depthSize: "small" },
    fc
      .tuple(fc.constantFrom("<", "<=", "=", ">=", ">", "distinct"), tie("int"), tie("int"))
      .map((parts) => `(${parts.join(" ")})`),
    fc.constantFrom("b", "true"),
    fc
      .tuple(fc.constantFrom("and", "or", "=>", "xor", "="), tie("truth"), tie("truth"))
      .map((parts) => `(${parts.join(" ")})`),
    tie("truth").map((a) => `(not ${a})`),
    fc.tuple(tie("truth"), tie("truth"), tie("truth")).map((parts) => `(ite ${parts.join(" ")})`),
  ),
}));
const programs = ["x", "(+ x 1)", "(ite (>= x y) x y)", "(- y (* 2 x))"] as const;
const box = [-2, -1, 0, 1, 2];

describe("validity over integers", () => {
  it("is what trying out all values of a box says, where it is asked for that box alone", () => {
    fc.assert(
      fc.property(truth, fc.constantFrom(...programs), (text, programText) => {
        const inBox = ["x", "y", "z"].map((name) => `(<= (- 2) ${name}) (<= ${name} 2)`).join(" ");
        const task = taskOf(`(=> (and ${inBox}) ${text})`);
        const program = programOf(task, programText);
        const { verdict, counterexample } = proofOf(task, programText);
        const fails = box.some((x) =>
          box.some((y) => box.some((z) => [true, false].some((b) => !holdsAt(task, program, [x, y, z, b])))),
        );
        expect(verdict).toBe(fails ? "fails" : "holds");
        if (counterexample !== null) expect(holdsAt(task, program, counterexample)).toBe(false);
      }),
      { numRuns: 150 },
    );
  });

  it("never says that something holds where some value of a box says otherwise", () => {
    fc.assert(
      fc.property(truth, fc.constantFrom(...programs), (text, programText) => {
        const task = taskOf(text);
        const program = programOf(task, programText);
        const { verdict, counterexample } = proofOf(task, programText);
        const fails = [-9, -1, 0, 1, 2, 9].some((x) =>
          [-8, -1, 0, 1, 8].some((y) =>
            [-7, 0, 2].some((z) => [true, false].some((b) => !holdsAt(task, program, [x, y, z, b]))),
          ),
        );
        if (fails) expect(verdict).not.toBe("holds");
        if (counterexample !== null) expect(holdsAt(task, program, counterexample)).toBe(false);
      }),
      { numRuns: 150 },
    );
  });

  it("is exact for large numbers, and unknown where they get too large", () => {
    const task = (far: string): SygusTask => taskOf(`(=> (>= (* 3 x) ${far}) (> (* 3 (f x y)) ${far}))`);
    expect(proofOf(task("3000000000000"), "(+ x 1)").verdict).toBe("holds");
    expect(proofOf(task("3000000000000"), "x")).toMatchObject({ verdict: "fails" });
    expect(
      proofOf(taskOf("(> (* 9007199254740991 (f x y)) (* 9007199254740991 x))"), "(* 3 x)").verdict,
    ).toBe("unknown");
  });

  it("is unknown where the effort is too small", () => {
    const sorted = taskOf("(=> (and (< x y) (< y z)) (or (< x z) (= (f x y) 5)))");
    expect(proofOf(sorted, "x").verdict).toBe("holds");
    expect(proofOf(sorted, "x", 0).verdict).toBe("unknown");
  });

  it("sees that sums of even numbers are not odd, however far one goes", () => {
    expect(proofOf(taskOf("(distinct (* 2 (f x y)) (+ (* 4 z) 1))"), "x").verdict).toBe("holds");
    expect(proofOf(taskOf("(not (and (= (+ x y) (* 2 z)) (= (- x (f x y)) 1)))"), "y").verdict).toBe("holds");
  });
});
