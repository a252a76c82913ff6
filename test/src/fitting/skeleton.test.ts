import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  arithmetic,
  type ArithmeticOperation,
  checkProgram,
  compileGrammar,
  DoubleDoubleMachine,
  fn,
  type Grammar,
  parseProgram,
  printProgram,
  type Program,
  programOperations,
  programSize,
  real,
  VectorMachine,
} from "../../../dsl/index.ts";
import { MAXIMUM_CONSTANTS, MAXIMUM_NODES, Skeleton } from "../../../src/fitting/skeleton.ts";
import { randomProgram, randomStream } from "../../dsl/random-programs.ts";

const grammarOf = (operations: string): Grammar =>
  compileGrammar(
    arithmetic({ constants: true, operations: operations.split(" ") as ArithmeticOperation[] }),
    fn({ x: real, y: real }, real),
  );
const field = grammarOf("+ - * /");
const rich = grammarOf("+ - * / neg inverse square cube sqrt exp min");
const xs = Array.from({ length: 8 }, (_, i) => 0.3 + 0.37 * i);
const ys = Array.from({ length: 8 }, (_, i) => 2.1 - 0.61 * i);

const textOf = (grammar: Grammar, text: string): string | null => {
  const skeleton = new Skeleton(grammar);
  return skeleton.read(parseProgram(grammar, text)) ? printProgram(grammar, skeleton.write()) : null;
};
const canonical = (text: string): string | null => textOf(rich, text);
/** The form alone: constants are all c, and come first. */
const shape = (text: string): string | undefined =>
  canonical(text)
    ?.replace(/(?<!s)-?\d[\d.e+-]*/g, "c")
    .replace(/(\([+*]) (\([^()]*\)|s1) c\)/g, "$1 c $2)");

/** Random programs whose constants are moderate, with sharing. */
function programOf(grammar: Grammar, seed: number): Program {
  const random = randomStream(seed);
  const { tokens, constants } = randomProgram(grammar, random, 2 + Math.floor(random() * 30));
  return { tokens, constants: constants.map(() => Math.round(800 * (random() - 0.5)) / 64 + 1 / 128) };
}

describe("a skeleton", () => {
  const machine = new VectorMachine(rich, [xs, ys], 8);
  const precise = new DoubleDoubleMachine(rich, [Float64Array.from(xs), Float64Array.from(ys)], 8);

  it("written down is a program of the grammar that computes the same, and canonical", () => {
    let bitwise = 0;
    let absorbed = 0;
    const skeleton = new Skeleton(rich);
    for (let seed = 0; seed < 1500; seed++) {
      const program = programOf(rich, seed);
      if (!skeleton.read(program)) continue;
      const { count } = skeleton;
      const written = skeleton.write();
      const text = printProgram(rich, written);
      expect.soft(checkProgram(rich, written), text).toEqual([]);
      if (skeleton.remainders.subarray(0, skeleton.constantCount).some((low) => low !== 0)) continue;
      expect(programOperations(rich, written)).toBe(count);
      expect(count).toBeLessThanOrEqual(programOperations(rich, program));
      expect(written.constants).toEqual(skeleton.constants.slice(0, skeleton.constantCount));
      // What was put together or turned round says so by its constants.
      const isSame =
        programSize(written) === programSize(program) &&
        written.constants.every((c) => program.constants.includes(c));
      const before = Float64Array.from(machine.run(program) as Float64Array);
      const after = Float64Array.from(machine.run(written) as Float64Array);
      if (isSame) {
        bitwise++;
        expect(after, `${printProgram(rich, program)} as ${text}`).toEqual(before);
      } else {
        absorbed++;
        const exact = precise.run(program).high;
        after.forEach((value, i) => {
          const wanted = exact[i] as number;
          const worst = Math.abs((before[i] as number) - wanted);
          // Where doubles and pairs agree on the program, which is where it is no difference of large numbers.
          if (Number.isFinite(wanted) && worst <= 1e-13 * Math.abs(wanted))
            expect(Math.abs(value - wanted), `${printProgram(rich, program)} as ${text}`).toBeLessThanOrEqual(
              1e-6 * Math.abs(wanted) + 1e-9,
            );
        });
      }
      expect(skeleton.read(written)).toBe(true);
      expect(printProgram(rich, skeleton.write())).toBe(text);
    }
    expect(bitwise).toBeGreaterThan(100);
    expect(absorbed).toBeGreaterThan(100);
  });

  it("is the same for operands of commutative operations in any order", () => {
    const skeleton = new Skeleton(rich);
    const commutative = new Set(
      rich.productions.flatMap(({ id, primitive }) => (primitive?.commutative === true ? [id] : [])),
    );
    expect(commutative.size).toBe(3);
    fc.assert(
      fc.property(fc.integer(), fc.infiniteStream(fc.boolean()), (seed, turns) => {
        // Trees: a term that stands in two places is another one in each.
        const random = randomStream(seed);
        const tree = randomProgram(rich, random, 20);
        if (tree.tokens.some((token) => token < 0)) return;
        const constants: number[] = [];
        let next = 0;
        const stack: { readonly tokens: readonly number[]; readonly constants: readonly number[] }[] = [];
        for (const token of tree.tokens) {
          const row = rich.productions[token];
          const arity = rich.arity[token] as number;
          const children = arity === 0 ? [] : stack.splice(-arity);
          const turned =
            commutative.has(token) && turns.next().value === true ? children.toReversed() : children;
          const own = row?.kind === "constant" ? [1 + next++ / 8] : [];
          stack.push({
            tokens: [...turned.flatMap((c) => c.tokens), token],
            constants: [...turned.flatMap((c) => c.constants), ...own],
          });
        }
        const { tokens } = stack[0] as (typeof stack)[number];
        constants.push(...(stack[0] as (typeof stack)[number]).constants);
        const one = skeleton.read({
          tokens: tree.tokens,
          constants: Float64Array.from(tree.constants, (_, i) => 1 + i / 8),
        });
        const forms = one
          ? [
              skeleton.production.slice(0, skeleton.count),
              skeleton.a.slice(0, skeleton.count),
              skeleton.b.slice(0, skeleton.count),
            ]
          : null;
        const other = skeleton.read({
          tokens: Int32Array.from(tokens),
          constants: Float64Array.from(constants),
        });
        expect(other).toBe(one);
        if (!one) return;
        expect([
          skeleton.production.slice(0, skeleton.count),
          skeleton.a.slice(0, skeleton.count),
          skeleton.b.slice(0, skeleton.count),
        ]).toEqual(forms);
      }),
      { numRuns: 400, seed: 1 },
    );
  });

  it("is the same for shared terms in any order, and where one of two alike is used again", () => {
    const same: readonly (readonly [string, string])[] = [
      ["(let ((s (+ x (/ 9.0 x)))) (+ (/ 23.0 s) s))", "(let ((s (+ (/ 9.0 x) x))) (+ s (/ 23.0 s)))"],
      ["(let ((s (+ x 2.0))) (* (+ s (+ x 3.0)) s))", "(let ((s (+ x 2.0))) (* s (+ (+ x 3.0) s)))"],
      [
        "(let ((a (* x y)) (b (+ x 1.0))) (- (* a b) (/ a b)))",
        "(let ((b (+ 1.0 x)) (a (* y x))) (- (* b a) (/ a b)))",
      ],
      // Terms of arguments alone are computed once.
      ["(+ (* x y) (exp (* y x)))", "(let ((a (* x y))) (+ a (exp a)))"],
    ];
    for (const [one, other] of same) expect(canonical(other)).toBe(canonical(one));
  });

  it("keeps what is shared, and what is not", () => {
    expect(canonical("(let ((s (+ x 2.0))) (* s s))")).toBe("(let ((s1 (+ 2.0 x))) (* s1 s1))");
    expect(canonical("(* (+ x 2.0) (+ x 2.0))")).toBe("(* (+ 2.0 x) (+ 2.0 x))");
    // A constant that is shared becomes two.
    const skeleton = new Skeleton(rich);
    skeleton.read(parseProgram(rich, "(let ((c (+ 2.0 3.0))) (+ (* c x) (exp (* c y))))"));
    expect(skeleton.constants.slice(0, skeleton.constantCount)).toEqual(Float64Array.of(5, 5));
    // The inner sum has another use, so its constant stays.
    expect(shape("(let ((s (+ 1.0 x))) (+ (+ 2.0 s) (exp s)))")).toContain("(+ c s1)");
  });

  it("puts constants together that meet: c ∘ (d ∘ u) in all ways of + and −, of × and ÷", () => {
    const value = { "+": (a: number, b: number) => a + b, "-": (a: number, b: number) => a - b } as const;
    const ratio = { "*": (a: number, b: number) => a * b, "/": (a: number, b: number) => a / b } as const;
    let pairs = 0;
    for (const family of [value, ratio])
      for (const outer of Object.keys(family))
        for (const inner of Object.keys(family))
          for (const isOuterFirst of [true, false])
            for (const isInnerFirst of [true, false]) {
              const below = isInnerFirst ? `(${inner} 8.0 y)` : `(${inner} y 8.0)`;
              const text = isOuterFirst ? `(${outer} 2.0 ${below})` : `(${outer} ${below} 2.0)`;
              const skeleton = new Skeleton(field);
              const program = parseProgram(field, text);
              expect(skeleton.read(program)).toBe(true);
              expect.soft([skeleton.count, skeleton.constantCount], text).toEqual([1, 1]);
              const of = family as Readonly<Record<string, (a: number, b: number) => number>>;
              const run = (o: string, first: boolean, c: number, u: number): number =>
                (of[o] as (a: number, b: number) => number)(first ? c : u, first ? u : c);
              const column = new VectorMachine(field, [xs, ys], 8).run(skeleton.write()) as Float64Array;
              ys.forEach((y, i) => {
                const wanted = run(outer, isOuterFirst, 2, run(inner, isInnerFirst, 8, y));
                expect.soft(column[i], text).toBeCloseTo(wanted, 10);
              });
              pairs++;
            }
    expect(pairs).toBe(32);
  });

  it("leaves the two apart that do not meet, and operations that the language has no other way to say", () => {
    expect(shape("(+ 2.0 (* 3.0 x))")).toBe("(+ c (* c x))");
    expect(shape("(* 2.0 (+ 3.0 (* 4.0 x)))")).toContain("(+ c (* c x))");
    expect(textOf(grammarOf("- /"), "(- x 2.0)")).toBe("(- x 2.0)");
    expect(textOf(grammarOf("- /"), "(- 1.0 (- 3.0 x))")).toBe("(- 1.0 (- 3.0 x))");
    expect(textOf(grammarOf("- /"), "(/ (/ x 2.0) 4.0)")).toBe("(/ (/ x 2.0) 4.0)");
    expect(textOf(grammarOf("- +"), "(- 1.0 (- 3.0 x))")).toBe("(+ -2.0 x)");
  });

  it("computes terms of constants alone, and keeps what the sum of two leaves over", () => {
    expect(canonical("(+ x (* 2.0 (exp (+ 0.5 -0.5))))")).toBe("(+ 2.0 x)");
    expect(canonical("(+ (/ 1.0 4.0) (square x))")).toBe(canonical("(+ 0.25 (square x))"));
    const pair = "(* (+ 0.1 1e-18) x)";
    expect(canonical(pair)).toBe(pair);
    const skeleton = new Skeleton(rich);
    skeleton.read(parseProgram(rich, pair));
    expect([skeleton.constantCount, skeleton.constants[0], skeleton.remainders[0]]).toEqual([1, 0.1, 1e-18]);
    expect(canonical("(- x (+ 0.1 1e-18))")).toBe("(+ (+ -0.1 -1e-18) x)");
    // Sums of sums have none that is so small.
    skeleton.read(parseProgram(rich, "(* (+ 1.0 1e-17) (+ x (+ 0.5 0.25)))"));
    expect(skeleton.remainders.slice(0, 2).toSorted()).toEqual(Float64Array.of(0, 1e-17));
  });

  it("refuses what is no operation on arguments, what is too large, and what comes to no number", () => {
    for (const text of ["x", "2.0", "(+ 2.0 3.0)", "(exp (* 2.0 3.0))"]) expect(canonical(text)).toBeNull();
    for (const text of ["(/ x 0.0)", "(+ x (/ 1.0 0.0))", "(* x (* 1e300 1e300))"])
      expect(canonical(text)).toBeNull();
    expect(canonical("(* 1e200 (* 1e200 x))")).toBeNull();
    const skeleton = new Skeleton(rich);
    const tower = (squares: number): Program =>
      parseProgram(rich, `${"(exp ".repeat(squares)}x${")".repeat(squares)}`);
    expect(skeleton.read(tower(MAXIMUM_NODES))).toBe(true);
    expect(skeleton.count).toBe(MAXIMUM_NODES);
    expect(skeleton.read(tower(MAXIMUM_NODES + 1))).toBe(false);
    const terms = (count: number): Program =>
      parseProgram(
        rich,
        Array.from({ length: count }).reduce<string>((text, _, k) => `(${"+*"[k % 2]} 0.5 ${text})`, "x"),
      );
    expect(skeleton.read(terms(MAXIMUM_CONSTANTS))).toBe(true);
    expect(skeleton.constantCount).toBe(MAXIMUM_CONSTANTS);
    expect(skeleton.read(terms(MAXIMUM_CONSTANTS + 1))).toBe(false);
    // It is ready for the next one all the same.
    expect(skeleton.read(parseProgram(rich, "(+ x 1.0)"))).toBe(true);
    expect(printProgram(rich, skeleton.write())).toBe("(+ 1.0 x)");
  });

  it("gives programs with too many constants up at once, however often their terms are shared", () => {
    const skeleton = new Skeleton(rich);
    const sum = Array.from({ length: 33 }).reduce<string>(
      (text, _, k) => `(${"+*"[k % 2]} 0.5 ${text})`,
      "x",
    );
    const squares = Array.from({ length: 30 }, (_, k) => `(s${k + 1} (* s${k} s${k}))`).join(" ");
    expect(skeleton.read(parseProgram(rich, `(let ((s0 ${sum}) ${squares}) s30)`))).toBe(false);
  });

  it("tells the squares at its end", () => {
    const skeleton = new Skeleton(rich);
    const isSquare = (text: string): boolean => {
      skeleton.read(parseProgram(rich, text));
      const last = skeleton.count - 1;
      return last > 0 && skeleton.isSquareOf(last, last - 1);
    };
    expect(isSquare("(let ((s (+ x 2.0))) (* s s))")).toBe(true);
    expect(isSquare("(square (+ x 2.0))")).toBe(true);
    expect(isSquare("(* x x)")).toBe(false);
    expect(isSquare("(* (+ x 2.0) (+ x 2.0))")).toBe(false);
    expect(isSquare("(let ((s (+ x 2.0))) (+ s s))")).toBe(false);
  });
});

describe("the number of operations of a program", () => {
  it("is that of what depends on an argument, each once", () => {
    const count = (text: string): number => programOperations(rich, parseProgram(rich, text));
    expect(count("x")).toBe(0);
    expect(count("(+ 2.0 3.0)")).toBe(0);
    expect(count("(+ x 3.0)")).toBe(1);
    expect(count("(+ x (exp (+ 2.0 3.0)))")).toBe(1);
    expect(count("(let ((s (+ x 1.0))) (* s (exp s)))")).toBe(3);
    expect(count("(let ((c (+ 2.0 1.0))) (* c (+ c x)))")).toBe(2);
    expect(count("(- x x)")).toBe(1);
  });
});
