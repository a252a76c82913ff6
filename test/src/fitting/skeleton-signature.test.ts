import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  arithmetic,
  type ArithmeticOperation,
  compileGrammar,
  DoubleDoubleMachine,
  fn,
  parseProgram,
  printProgram,
  type Program,
  real,
} from "../../../dsl/index.ts";
import { Skeleton } from "../../../src/fitting/skeleton.ts";
import { SkeletonSignature } from "../../../src/fitting/skeleton-signature.ts";
import { structureCoordinate } from "../../../src/fitting/structure.ts";
import { randomProgram, randomStream } from "../../dsl/random-programs.ts";

const operations = "+ - * / neg inverse square cube sqrt exp min".split(" ") as ArithmeticOperation[];
const grammar = compileGrammar(
  arithmetic({ constants: true, operations }),
  fn({ x: real, y: real, z: real }, real),
);
const skeleton = new Skeleton(grammar);
const signature = new SkeletonSignature(skeleton);

const keyOf = (program: Program): readonly number[] | null => {
  if (!skeleton.read(program)) return null;
  const key = signature.key();
  return key === null ? null : [...key];
};
const key = (text: string): readonly number[] | null => keyOf(parseProgram(grammar, text));
/** Residues alone, without the number of operations. */
const value = (text: string): readonly number[] | undefined => key(text)?.slice(0, 2);

describe("the signature of a skeleton", () => {
  it("is the same for two ways to write a rational function", () => {
    const identities: readonly (readonly [string, string])[] = [
      ["(* A (+ B C))", "(+ (* A B) (* A C))"],
      ["(* A (- B C))", "(- (* A B) (* A C))"],
      ["(- A (- B C))", "(+ (- A B) C)"],
      ["(- A (+ B C))", "(- (- A B) C)"],
      ["(/ (/ A B) C)", "(/ A (* B C))"],
      ["(/ A (/ B C))", "(* (/ A B) C)"],
      ["(/ (+ A B) C)", "(+ (/ A C) (/ B C))"],
      ["(square (+ A B))", "(+ (square A) (+ (* A (* 2 B)) (square B)))".replace("(* 2 B)", "(+ B B)")],
      ["(cube (- A B))", "(* (- A B) (square (- A B)))"],
      ["(* (+ A B) (- A B))", "(- (square A) (square B))"],
      ["(neg (- A B))", "(- B A)"],
      ["(inverse (/ A B))", "(/ B A)"],
      ["(/ A B)", "(* A (inverse B))"],
      ["(+ (inverse A) (inverse B))", "(/ (+ A B) (* A B))"],
      ["(+ A (+ B C))", "(+ (+ A B) C)"],
      ["(* A (* B C))", "(* (* A B) C)"],
    ];
    // Opaque terms, and arguments, in all places: nothing of them cancels.
    const terms = ["x", "y", "z", "(exp x)", "(sqrt (+ x y))", "(exp (/ y z))", "(exp (* x y))"];
    fc.assert(
      fc.property(
        fc.constantFrom(...identities),
        fc.shuffledSubarray(terms, { minLength: 3, maxLength: 3 }),
        ([left, right], [a, b, c]) => {
          const put = (text: string): string =>
            text.replace(/[ABC]/g, (name) => ({ A: a, B: b, C: c })[name] as string);
          const [l, r] = [value(put(left)), value(put(right))];
          expect.soft(l, put(left)).toBeDefined();
          expect(r, `${put(left)} = ${put(right)}`).toEqual(l);
        },
      ),
      { numRuns: 300, seed: 4 },
    );
  });

  it("is the same with constants, too, where they come in the same order", () => {
    expect(value("(* 2.0 (+ x 3.0))")).toEqual(value("(* (+ 5.0 x) -1.0)"));
    expect(value("(- x 3.0)")).toEqual(value("(+ 7.0 x)"));
    expect(value("(/ x 3.0)")).toEqual(value("(* x 3.0)"));
    expect(value("(+ 1.0 (- 2.0 x))")).toEqual(value("(- 3.0 x)"));
    expect(key("(* 2.0 x)")).not.toEqual(key("(+ 2.0 x)"));
    expect(key("(- 2.0 x)")).not.toEqual(key("(+ 2.0 x)"));
    expect(key("(/ 2.0 x)")).not.toEqual(key("(* 2.0 x)"));
  });

  it("counts operations, so that the shorter of two is known by itself", () => {
    expect(key("(* x (+ y z))")?.[2]).toBe(2);
    expect(key("(+ (* x y) (* x z))")?.[2]).toBe(3);
  });

  it.each([
    ["", true],
    [" sqrt exp min", false],
  ])("stands for one function, and of rational functions each has one (and with%s)", (more, isRational) => {
    const language = arithmetic({
      constants: true,
      operations: `+ - * / neg inverse square cube${more}`.split(" ") as ArithmeticOperation[],
    });
    const grammar = compileGrammar(language, fn({ x: real, y: real, z: real }, real));
    const skeleton = new Skeleton(grammar);
    const signature = new SkeletonSignature(skeleton);
    const inputs = [0.37, 1.9, 0.81].map((first, k) =>
      Float64Array.from({ length: 5 }, (_, i) => first + i * (0.21 + 0.1 * k)),
    );
    const machine = new DoubleDoubleMachine(grammar, inputs, 5);
    const byKey = new Map<string, { readonly column: Float64Array; readonly text: string }>();
    const byColumn = new Map<string, Set<string>>();
    let repeated = 0;
    for (let seed = 0; seed < 4000; seed++) {
      const random = randomStream(seed);
      const program = randomProgram(grammar, random, 2 + Math.floor(random() * 10));
      const found = skeleton.read(program) ? signature.key() : null;
      if (found === null) continue;
      // Constants as they are numbered, the same in every program.
      for (let k = 0; k < skeleton.constantCount; k++) skeleton.constants[k] = 0.4 + 0.77 * k;
      skeleton.remainders.fill(0);
      const written = skeleton.write();
      const { high } = machine.run(written);
      const text = printProgram(grammar, written);
      if (!high.every((v) => Number.isFinite(v) && Math.abs(v) > 1e-9 && Math.abs(v) < 1e9)) continue;
      const name = found.slice(0, 2).join();
      const known = byKey.get(name);
      if (known === undefined) byKey.set(name, { column: high.slice(), text });
      else {
        if (known.text !== text) repeated++;
        high.forEach((v, i) =>
          expect(Math.abs(v / (known.column[i] as number) - 1), `${text} and ${known.text}`).toBeLessThan(
            1e-9,
          ),
        );
      }
      const column = Array.from(high, (v) => v.toPrecision(10)).join();
      byColumn.set(column, (byColumn.get(column) ?? new Set()).add(name));
    }
    expect(byKey.size).toBeGreaterThan(600);
    expect(repeated).toBeGreaterThan(3);
    const doubly = [...byColumn.values()].filter((names) => names.size > 1).length;
    if (isRational) expect(doubly).toBe(0);
  });

  it.each([
    "(- x x)",
    "(/ x x)",
    "(/ (exp x) (exp x))",
    "(+ x (- y y))",
    "(- (+ x y) y)",
    "(* x (/ y y))",
    "(neg (neg x))",
    "(inverse (inverse (exp x)))",
    "(+ (* x y) (- (* y x) (* x y)))",
    // A constant in another dress.
    "(- (+ x 3.0) x)",
    "(/ (* x 2.0) x)",
    "(- x (+ x 3.0))",
    "(+ y (/ (* x 2.0) x))",
    "(* (- x x) (exp y))",
    // Divides by nothing.
    "(/ y (- x x))",
    // One operation gives what another one did.
    "(* (- x y) (exp (neg (- y x))))",
  ])("is none for what is known without it: %s", (text) => {
    expect(key(text)).toBeNull();
  });

  it("asks for all constants where each does something that the others cannot", () => {
    const needsAll = (text: string): boolean => {
      expect(skeleton.read(parseProgram(grammar, text))).toBe(true);
      expect(signature.key()).not.toBeNull();
      return signature.needsAllConstants();
    };
    for (const text of [
      "(* 2.0 (+ 3.0 (* 4.0 x)))",
      "(+ 2.0 (* 3.0 (+ 4.0 x)))",
      "(* 2.0 (* y (* 3.0 x)))",
      "(+ 2.0 (+ (exp x) (+ 3.0 (exp y))))",
      "(/ (* 2.0 x) (+ 3.0 (* 4.0 x)))",
      "(square (* 2.0 (+ x (* y 3.0))))".replace("x (* y 3.0)", "(* 5.0 x) (* y 3.0)"),
      "(inverse (* 2.0 (+ (* 3.0 x) 4.0)))",
      "(neg (- 2.0 (+ (exp x) (- 3.0 y))))",
      "(cube (* 3.0 (* (exp x) (* 2.0 y))))",
    ])
      expect.soft(needsAll(text), text).toBe(false);
    for (const text of [
      "(+ x 1.0)",
      "(/ 3.0 (+ x 2.0))",
      "(+ 1.0 (/ 3.0 (+ x 2.0)))",
      "(let ((a (+ 1.0 (/ 3.0 (+ x 2.0))))) (* a a))",
      "(- (/ 50.0 (+ 2.0 (+ x (/ 3.0 x)))) 1.0)",
      "(let ((s1 (+ x (/ 9.0 x)))) (- (/ 6.0 (+ -3.1 (+ (/ 23.0 s1) s1))) 1.0))",
      "(+ 2.0 (* 3.0 (exp (* 4.0 x))))",
      "(+ 2.0 (* x (+ 3.0 (* x (+ 4.0 (* x 5.0))))))",
      "(* x y)",
    ])
      expect.soft(needsAll(text), text).toBe(true);
  });

  it("takes other functions as they come: the same of the same, another of another", () => {
    expect(value("(exp (+ x y))")).toEqual(value("(exp (- y (neg x)))"));
    expect(value("(min (* x y) z)")).toEqual(value("(min z (* y x))"));
    for (const [one, other] of [
      ["(exp x)", "(sqrt x)"],
      ["(exp x)", "(exp y)"],
      ["(exp (+ x y))", "(exp (- x y))"],
      ["(min x y)", "(min x z)"],
      ["(exp (sqrt x))", "(sqrt (exp x))"],
    ] as const)
      expect(value(one)).not.toEqual(value(other));
  });

  it("scatters programs over [0, 1), whatever their constants", () => {
    const structure = structureCoordinate(grammar);
    const at = (text: string): number => structure(parseProgram(grammar, text));
    expect(at("(+ x 1.0)")).toBe(at("(- x 7.5)"));
    expect(at("(- x x)")).toBe(0);
    expect(at("x")).toBe(0);
    const bins = new Set<number>();
    for (let seed = 0; seed < 400; seed++) {
      const place = structure(randomProgram(grammar, randomStream(seed), 12));
      expect(place).toBeGreaterThanOrEqual(0);
      expect(place).toBeLessThan(1);
      bins.add(Math.floor(16 * place));
    }
    expect(bins.size).toBe(16);
  });
});
