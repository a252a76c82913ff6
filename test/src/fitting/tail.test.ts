import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { arithmetic, compileGrammar, fn, parseProgram, real, VectorMachine } from "../../../dsl/index.ts";
import { Skeleton } from "../../../src/fitting/skeleton.ts";
import { SkeletonColumns } from "../../../src/fitting/skeleton-columns.ts";
import { tailOf, TailSolver } from "../../../src/fitting/tail.ts";

const grammar = compileGrammar(
  arithmetic({ constants: true, operations: ["+", "-", "*", "/", "exp", "square"] }),
  fn({ x: real }, real),
);
const count = 19;
const xs = Float64Array.from({ length: count }, (_, i) => 0.15 + i / 9);
const ones = new Float64Array(count).fill(1);

/** Every form, the innermost step on W. */
const forms = [
  "(+ C W)",
  "(- C W)",
  "(* C W)",
  "(/ C W)",
  "(+ C (* C W))",
  "(- C (* C W))",
  "(* C (+ C W))",
  "(* C (- C W))",
  "(+ C (/ C W))",
  "(- C (/ C W))",
  "(/ C (+ C W))",
  "(/ C (- C W))",
  "(+ C (/ C (+ C W)))",
  "(- C (/ C (+ C W)))",
  "(+ C (/ C (- C W)))",
  "(- C (/ C (- C W)))",
];
const skeleton = new Skeleton(grammar);

describe("the tail of a program", () => {
  it.each(forms)("is found and solved: %s", (form) => {
    const operations = (form.match(/[-+*/]/g) as string[]).length;
    fc.assert(
      fc.property(
        fc.constantFrom("x", "(exp x)", "(+ x (* 0.25 (square x)))", "(let ((s (+ 0.5 x))) (* s (exp s)))"),
        fc.array(fc.integer({ min: -40, max: 40 }), { minLength: operations, maxLength: operations }),
        fc.boolean(),
        (inner, sixteenths, isWeighted) => {
          const wanted = sixteenths.map((n) => (n === 0 ? 1 : n) / 16);
          let next = 0;
          const text = form
            .replace(/C/g, () => String((wanted[next++] as number).toFixed(4)))
            .replace("W", inner);
          const program = parseProgram(grammar, text);
          expect(skeleton.read(program)).toBe(true);
          const { constantCount } = skeleton;
          const constants = skeleton.constants.slice(0, constantCount);
          const columns = new SkeletonColumns(skeleton, [xs], count);
          const target = columns.of(skeleton.count - 1, constants).slice();
          // Next to a pole nothing is exact.
          fc.pre(target.every((t) => Number.isFinite(t) && Math.abs(t) < 1e3));
          const tail = tailOf(skeleton, skeleton.count - 1);
          // A sum in W runs into one around it.
          fc.pre(tail.steps.length === operations);
          const column = columns.of(tail.operand, constants).slice();
          // (c ± w) with c = w everywhere, or a factor of next to nothing, has many solutions.
          fc.pre(Math.max(...target) - Math.min(...target) > 1e-2);
          const found = constants.slice();
          for (const k of tail.constants) found[k] = Number.NaN;
          const weights = isWeighted ? xs.map((x) => 1 / (1 + x)) : ones;
          expect(new TailSolver(count).solve(tail, column, target, weights, found)).toBe(true);
          found.forEach((c, k) =>
            expect(Math.abs(c - (constants[k] as number)), `${text}: ${found.join()}`).toBeLessThan(
              1e-4 * (1 + Math.abs(constants[k] as number)),
            ),
          );
        },
      ),
      { numRuns: 60, seed: 9 },
    );
  });

  it("is a fit by least squares where nothing is exact", () => {
    skeleton.read(parseProgram(grammar, "(+ 1.0 (* 1.0 x))"));
    const tail = tailOf(skeleton, skeleton.count - 1);
    const found = new Float64Array(2);
    const target = xs.map((x) => 2 ** x);
    expect(new TailSolver(count).solve(tail, xs, target, ones, found)).toBe(true);
    const [slope, offset] = tail.constants.map((k) => found[k] as number) as [number, number];
    const errors = xs.map((x, i) => offset + slope * x - (target[i] as number));
    expect(Math.abs(errors.reduce((a, b) => a + b))).toBeLessThan(1e-9);
    expect(Math.abs(errors.reduce((a, b, i) => a + b * (xs[i] as number), 0))).toBeLessThan(1e-9);
  });

  it("is refused where there are no such constants", () => {
    const solve = (text: string, inner: Float64Array, target: Float64Array): boolean => {
      skeleton.read(parseProgram(grammar, text));
      const tail = tailOf(skeleton, skeleton.count - 1);
      return new TailSolver(count).solve(tail, inner, target, ones, new Float64Array(3));
    };
    const zeros = new Float64Array(count);
    expect(solve("(* 2.0 x)", zeros, ones)).toBe(false);
    expect(solve("(+ 1.0 (* 2.0 x))", zeros, ones)).toBe(false);
    expect(
      solve(
        "(+ 1.0 (* 2.0 x))",
        xs.map(() => Number.NaN),
        ones,
      ),
    ).toBe(false);
    expect(
      solve(
        "(+ 1.0 (* 2.0 x))",
        xs.map(() => 1e200),
        ones,
      ),
    ).toBe(false);
    expect(solve("(/ 2.0 x)", zeros, ones)).toBe(false);
    expect(solve("(/ 2.0 (+ 1.0 x))", zeros, zeros)).toBe(false);
  });

  it("is as long as forms go, and ends at what is shared, at arguments and at other functions", () => {
    const steps = (text: string): number => {
      skeleton.read(parseProgram(grammar, text));
      return tailOf(skeleton, skeleton.count - 1).steps.length;
    };
    expect(steps("(exp (+ 1.0 x))")).toBe(0);
    expect(steps("(* x (exp x))")).toBe(0);
    expect(steps("(+ 1.0 x)")).toBe(1);
    expect(steps("(- (/ 50.0 (+ 2.0 (+ x (/ 3.0 x)))) 1.0)")).toBe(3);
    // c (d + e / …): the form of all three is not known, that of the last two is.
    expect(steps("(* 2.0 (+ 3.0 (/ 4.0 (exp x))))")).toBe(2);
    expect(steps("(+ 1.0 (* 2.0 (+ 3.0 (exp x))))")).toBe(2);
    expect(steps("(let ((s (+ 1.0 x))) (+ 2.0 (* s s)))")).toBe(1);
    skeleton.read(parseProgram(grammar, "(let ((s (+ 1.0 (exp x)))) (* s (/ 2.0 s)))"));
    expect(tailOf(skeleton, skeleton.count - 1).steps).toEqual([]);
    const { steps: inner, operand } = tailOf(skeleton, skeleton.count - 2);
    expect(inner.length).toBe(1);
    expect(skeleton.uses[operand]).toBe(2);
  });
});

describe("the columns of a skeleton", () => {
  it("are what its program gives, to the bit, with whatever constants", () => {
    const columns = (text: string, change: number): void => {
      skeleton.read(parseProgram(grammar, text));
      const constants = skeleton.constants.slice(0, skeleton.constantCount).map((c) => c + change);
      const column = new SkeletonColumns(skeleton, [xs], count).of(skeleton.count - 1, constants);
      const { tokens } = skeleton.write();
      const wanted = new VectorMachine(grammar, [Array.from(xs)], count).run({ tokens, constants });
      expect(column).toEqual(Float64Array.from(wanted as Float64Array));
    };
    for (const text of [
      "(- (/ 50.0 (+ 2.0 (+ x (/ 3.0 x)))) 1.0)",
      "(let ((s (+ 0.5 x))) (* (- 2.0 s) (exp (* s (square (/ x 3.0))))))",
      "(- x (* 3.0 (exp x)))",
    ]) {
      columns(text, 0);
      columns(text, 0.75);
    }
  });
});
