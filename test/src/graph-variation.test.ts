import { describe, expect, it } from "vitest";
import {
  arithmetic,
  checkProgram,
  compileGrammar,
  fn,
  parseProgram,
  printProgram,
  type Program,
  ProgramGraph,
  real,
} from "../../dsl/index.ts";
import { Skeleton } from "../../src/fitting/skeleton.ts";
import { SkeletonSignature } from "../../src/fitting/skeleton-signature.ts";
import { RandomStream, rootKey } from "../../src/random-stream.ts";
import { doubleRoot } from "../../src/variation/double-root.ts";
import { Grower } from "../../src/variation/grow.ts";
import { insertOnEdge } from "../../src/variation/insert-on-edge.ts";
import { reRoute } from "../../src/variation/re-route.ts";
import { repeatSegment } from "../../src/variation/repeat-segment.ts";
import type { VariationOperator } from "../../src/variation/variation-operator.ts";
import { randomProgram, randomStream } from "../dsl/random-programs.ts";
import { sevenOperations } from "./exponential-task.ts";

const grammar = compileGrammar(
  arithmetic({ constants: true, operations: ["+", "-", "*", "/"] }),
  fn({ x: real }, real),
);
const key = rootKey("graph-variation");
const graph = new ProgramGraph(grammar);
const grower = new Grower(grammar);
const LIMIT = 200;

/** A child of a program; null where the operator found nothing to do. */
function childOf(operator: VariationOperator, parent: Program, n: number): Program | null {
  const stream = new RandomStream().derive(key, 0, 0, n);
  graph.read(parent);
  return operator.vary(graph, stream, { grower, selectMate: () => parent }) ? graph.write(LIMIT) : null;
}

/** Texts of children, with how often each came; constants are all c. */
function formsOf(operator: VariationOperator, text: string, count: number): Map<string, number> {
  const parent = parseProgram(grammar, text);
  const forms = new Map<string, number>();
  for (let n = 0; n < count; n++) {
    const child = childOf(operator, parent, n);
    if (child === null) continue;
    const form = printProgram(grammar, child).replace(/(?<![s\d])-?\d[\d.e+-]*/g, "c");
    forms.set(form, (forms.get(form) ?? 0) + 1);
  }
  return forms;
}

describe.each([insertOnEdge, reRoute, doubleRoot, repeatSegment].map((o) => [o.name, o] as const))(
  "%s",
  (_name, operator) => {
    it("never makes a circle, in any number of changes one after another", () => {
      for (let seed = 0; seed < 60; seed++) {
        let program = randomProgram(grammar, randomStream(seed), 4 + (seed % 20));
        for (let step = 0; step < 12; step++) {
          const before = printProgram(grammar, program);
          const child = childOf(operator, program, 100 * seed + step);
          if (child === null) continue;
          const problems = checkProgram(grammar, child);
          if (problems.length > 0) expect.fail(`${operator.name} of ${before}: ${problems.join(" ")}`);
          // Changes on top of one another, too, when nodes are left behind.
          graph.read(child);
          for (let again = 0; again < 3; again++) {
            const stream = new RandomStream().derive(key, 1, step, 10 * seed + again);
            operator.vary(graph, stream, { grower, selectMate: () => program });
            for (let node = 0; node < graph.count; node++)
              for (let k = 0; k < graph.arity(node); k++)
                expect(graph.reaches(graph.child[node * 4 + k] as number, node)).toBe(false);
          }
          program = { tokens: child.tokens.slice(), constants: child.constants.slice() };
          if (program.tokens.length > 100) break;
        }
      }
    });
  },
);

describe("repeat-segment", () => {
  it("makes seven operations for 2^x of five: the sum in a quotient once more, in its own result", () => {
    const signatureOf = (program: Program): string | undefined => {
      const skeleton = new Skeleton(grammar);
      const signature = new SkeletonSignature(skeleton);
      return skeleton.read(program) ? signature.key()?.join() : undefined;
    };
    const five = parseProgram(grammar, "(- (/ 50.0 (+ 2.0 (+ x (/ 3.0 x)))) 1.0)");
    const wanted = signatureOf(parseProgram(grammar, sevenOperations));
    let found = 0;
    for (let n = 0; n < 1000; n++) {
      const child = childOf(repeatSegment, five, n);
      if (child !== null && signatureOf(child) === wanted) found++;
    }
    expect(found).toBeGreaterThan(10);
  });

  it("draws new constants for what it repeats, or takes those that there are", () => {
    const parent = parseProgram(grammar, "(+ 7.125 x)");
    const children = Array.from({ length: 200 }, (_, n) =>
      childOf(repeatSegment, parent, n)?.constants.slice(),
    ).filter((constants) => constants !== undefined);
    expect(children.length).toBeGreaterThan(40);
    for (const constants of children) {
      expect(constants.length).toBe(2);
      expect(constants).toContain(7.125);
    }
    const same = children.filter(([a, b]) => a === b).length;
    expect(same).toBeGreaterThan(0);
    expect(same).toBeLessThan(children.length / 2);
  });

  it("leads all that used the term to its repetition, and the repetition to the term", () => {
    const forms = formsOf(repeatSegment, "(let ((s (+ x 2.0))) (* s (/ 3.0 s)))", 400);
    // s repeated: s' = s + c in both places.
    expect([...forms.keys()]).toContain("(let ((s1 (+ (+ x c) c))) (* s1 (/ c s1)))");
    for (const form of forms.keys()) expect(form).not.toBe("(let ((s1 (+ x c))) (* s1 (/ c s1)))");
  });

  it("does nothing to a leaf", () => {
    for (let n = 0; n < 20; n++)
      for (const text of ["x", "2.0", "(+ 1.0 2.0)"])
        expect(childOf(repeatSegment, parseProgram(grammar, text), n)).toBeNull();
  });
});

describe("double-root", () => {
  it("squares, where there is a product", () => {
    expect([...formsOf(doubleRoot, "(+ x 2.0)", 20)]).toEqual([["(let ((s1 (+ x c))) (* s1 s1))", 20]]);
    expect(formsOf(doubleRoot, "x", 20).size).toBe(0);
  });

  it("takes another operation of two alike where there is none, and nothing where there is no such", () => {
    const of = (operations: readonly ("+" | "/" | "neg")[]): Set<string> => {
      const own = compileGrammar(
        arithmetic({ constants: true, operations: [...operations] }),
        fn({ x: real }, real),
      );
      const ownGraph = new ProgramGraph(own);
      const forms = new Set<string>();
      for (let n = 0; n < 40; n++) {
        ownGraph.read(parseProgram(own, "(neg x)"));
        const stream = new RandomStream().derive(key, 2, 0, n);
        const program = parseProgram(own, "x");
        if (doubleRoot.vary(ownGraph, stream, { grower: new Grower(own), selectMate: () => program }))
          forms.add(printProgram(own, ownGraph.write(LIMIT) as Program));
      }
      return forms;
    };
    expect(of(["+", "/", "neg"])).toEqual(
      new Set(["(let ((s1 (neg x))) (+ s1 s1))", "(let ((s1 (neg x))) (/ s1 s1))"]),
    );
    expect(of(["neg"])).toEqual(new Set());
  });
});

describe("changes of one edge", () => {
  // Both uses of s are edges of their own.
  const shared = "(let ((s (+ x 2.0))) (* (/ s 3.0) (- 5.0 s)))";

  it.each([
    ["insert-on-edge", insertOnEdge],
    ["re-route", reRoute],
  ] as const)("leave other uses of a shared term alone: %s", (_name, operator) => {
    const parent = parseProgram(grammar, shared);
    let left = 0;
    let right = 0;
    for (let n = 0; n < 600; n++) {
      const child = childOf(operator, parent, n);
      if (child === null) continue;
      const text = printProgram(grammar, child);
      const isLeftKept = /\(\/ (s\d|\(\+ x 2\.0\)) 3\.0\)/.test(text);
      const isRightKept = /\(- 5\.0 (s\d|\(\+ x 2\.0\))\)/.test(text);
      // One edge at a time: at most one side is another one, unless it is their sum that was changed, or all is gone.
      if (isLeftKept && !isRightKept) left++;
      if (isRightKept && !isLeftKept) right++;
    }
    expect(left).toBeGreaterThan(20);
    expect(right).toBeGreaterThan(20);
  });

  it("insert-on-edge puts an operation above the root, too, and keeps the term below it", () => {
    const forms = formsOf(insertOnEdge, "(* x x)", 600);
    const operations = (form: string): number => (form.match(/\([-+*/]/g) ?? []).length;
    for (const form of forms.keys()) expect.soft(operations(form), form).toBeGreaterThanOrEqual(2);
    for (const form of ["(+ c (* x x))", "(/ (* x x) c)", "(* x (+ x c))", "(* (- c x) x)"])
      expect([...forms.keys()]).toContain(form);
    expect([...forms.keys()].some((form) => /^\(let \(\(s1 \(\* x x\)\)\) \(\S s1 s1\)\)$/.test(form))).toBe(
      true,
    );
  });

  it("re-route leads an edge to a constant, an argument, or a term that does not hold the operation", () => {
    const forms = formsOf(reRoute, "(+ (* x 2.0) (/ x 3.0))", 800);
    for (const form of [
      "(+ (* x c) c)",
      "(+ x (/ x c))",
      "(let ((s1 (* x c))) (+ s1 s1))",
      "(let ((s1 (/ x c))) (+ (* s1 c) s1))",
      "(+ (* c c) (/ x c))",
    ])
      expect([...forms.keys()]).toContain(form);
    for (let n = 0; n < 20; n++) expect(childOf(reRoute, parseProgram(grammar, "x"), n)).toBeNull();
  });
});
