import { describe, expect, it } from "vitest";
import {
  arithmetic,
  checkProgram,
  fn,
  parseProgram,
  printProgram,
  type Program,
  real,
} from "../../../dsl/index.ts";
import { Archive } from "../../../src/archive/archive.ts";
import { EquivalenceCache } from "../../../src/equivalence-cache.ts";
import { evaluationMachines } from "../../../src/evaluation-machines.ts";
import { type Experiment, grid } from "../../../src/experiment.ts";
import { ConstantFitter } from "../../../src/fitting/constant-fitter.ts";
import { PreciseError } from "../../../src/precise-error.ts";
import { RandomStream, rootKey } from "../../../src/random-stream.ts";
import type { Task } from "../../../src/task.ts";
import { exponentialExperiment, fittingTask, known, sevenOperations, squared } from "../exponential-task.ts";
import { individual } from "../random-individuals.ts";

const stream = (n = 0): RandomStream => new RandomStream().derive(rootKey(1), 0, 0, n);
const newVisits = (): EquivalenceCache => new EquivalenceCache(256, 1);
const exponential = exponentialExperiment(150);
const task = fittingTask(exponential);
const fitter = new ConstantFitter(task);
const empty = new Archive(task.space);
const parse = (text: string, of: Task = task): Program => parseProgram(of.grammar, text);
const bits = (program: Program | null): string | null =>
  program === null ? null : `${program.tokens.join()} ${[...program.constants].join()}`;

/** Fits a program with nothing known. */
function fit(program: Program, of: ConstantFitter = fitter, space: Task = task): Program | null {
  const archive = new Archive(space.space);
  of.prepare(archive);
  return of.fit(program, null, archive, newVisits(), stream());
}

/** The error that the fitness is made of. */
function errorOf(of: Task, program: Program): number {
  if (of.remainders !== null) return new PreciseError(of, of.remainders).largest(program);
  const column = evaluationMachines(of).cases.run(program);
  return -of.fitness(column);
}

describe("fitted constants", () => {
  it("are the same for the same stream, whatever was fitted before", () => {
    const texts = [
      "(+ 1.0 (* x 0.5))",
      "(- (/ 50.0 (+ 2.0 (+ x (/ 3.0 x)))) 1.0)",
      "(let ((a (+ 1.0 (/ 3.0 (+ x 2.0))))) (* a a))",
      "(+ x (* 2.0 x))",
      sevenOperations,
    ];
    const fitAll = (of: ConstantFitter, order: readonly string[]): Map<string, string | null> => {
      of.prepare(empty);
      return new Map(
        order.map((text) => [text, bits(of.fit(parse(text), null, empty, newVisits(), stream(text.length)))]),
      );
    };
    const first = fitAll(new ConstantFitter(task), texts);
    expect(first.size).toBe(texts.length);
    for (const [text, program] of fitAll(fitter, texts.toReversed())) expect(program).toBe(first.get(text));
    for (const [text, program] of fitAll(fitter, texts)) expect(program).toBe(first.get(text));
  });

  it("leave the program and its buffers alone", () => {
    const program = parse("(+ 1.0 (* x 0.5))");
    const before = bits(program);
    fit(program);
    expect(bits(program)).toBe(before);
  });

  it.each([
    ["(/ 3.0 (+ x 2.0))", 2, 2.98e-2],
    ["(+ 1.0 (* x 0.5))", 2, 2.98e-2],
    ["(+ 1.0 (/ 3.0 (+ x 2.0)))", 3, 8.67e-4],
    ["(let ((a (+ 1.0 (/ 3.0 (+ x 2.0))))) (* a a))", 4, 2.17e-4],
    ["(- (/ 50.0 (+ 2.0 (+ x (/ 3.0 x)))) 1.0)", 5, 4.34e-6],
  ])("of %s reach what %i operations can", (text, _, best) => {
    const fitted = fit(parse(text)) as Program;
    const error = errorOf(task, fitted);
    expect(checkProgram(task.grammar, fitted)).toEqual([]);
    expect(error).toBeLessThan(1.05 * best);
  });

  it.each(["double", "double-double"] as const)(
    "follow the root as it is squared, three times, as %s",
    (constantPrecision) => {
      const of = fittingTask(exponential, { constantPrecision });
      const own = new ConstantFitter(of);
      let program = fit(parse(sevenOperations, of), own, of) as Program;
      const reached: number[] = [errorOf(of, program)];
      const multiply = of.grammar.productions.find(({ primitive }) => primitive?.vector === "multiply")?.id;
      for (let times = 1; times <= 3; times++) {
        const root = program.tokens.length - 1;
        const tokens = Int32Array.of(...program.tokens, -1 - root, multiply as number);
        program = fit({ tokens, constants: program.constants }, own, of) as Program;
        expect(checkProgram(of.grammar, program)).toEqual([]);
        reached.push(errorOf(of, program));
      }
      const best = [known[7], known[8], known[9], constantPrecision === "double" ? 2.6e-15 : known[10]];
      reached.forEach((error, k) => expect(error / (best[k] as number)).toBeLessThan(k === 0 ? 1.3 : 1.05));
    },
  );

  it("are fitted on the 1st, 2nd, 4th and 8th visit of what a skeleton computes, and on no other", () => {
    const visits = newVisits();
    const fits = Array.from({ length: 17 }, (_, n) =>
      fitter.fit(
        parse(n % 2 === 0 ? "(+ 1.0 (* x 0.5))" : "(+ (* 2.0 x) 0.5)"),
        null,
        empty,
        visits,
        stream(n),
      ),
    );
    expect(fits.flatMap((found, n) => (found === null ? [] : [n + 1]))).toEqual([1, 2, 4, 8, 16]);
    expect(fitter.fit(parse("(* 2.0 (+ 1.0 x))"), null, empty, visits, stream())).not.toBeNull();
    // A smaller program does what these do: on no visit.
    for (let n = 0; n < 9; n++)
      for (const text of ["(* 2.0 (+ 3.0 (* 4.0 x)))", "(- x x)", "(/ (* x 2.0) x)"])
        expect(fitter.fit(parse(text), null, empty, visits, stream())).toBeNull();
  });

  it("are always fitted without a cache of skeletons", () => {
    const of = fittingTask(exponential, { skeletonCache: "off" });
    const own = new ConstantFitter(of);
    const visits = newVisits();
    for (let n = 0; n < 5; n++)
      expect(own.fit(parse("(+ 1.0 (* x 0.5))", of), null, empty, visits, stream(n))).not.toBeNull();
    expect(own.fit(parse("(* 2.0 (+ 3.0 (* 4.0 x)))", of), null, empty, visits, stream())).not.toBeNull();
  });

  it("is the best one where a program is a constant", () => {
    expect((fit(parse("0.7")) as Program).constants[0]).toBeCloseTo(4 / 3, 3);
  });

  it("are none where there are none, and programs with more operations than the map has are left out", () => {
    expect(bits(fit(parse("(* x x)")))).toBe(bits(parse("(* x x)")));
    const chain = (operations: number): string =>
      Array.from({ length: operations }).reduce<string>((text, _, k) => `(${"+*"[k % 2]} x ${text})`, "1.5");
    expect(fit(parse(chain(10)))).not.toBeNull();
    expect(fit(parse(chain(11)))).toBeNull();
    // What is no operation on arguments goes on as it is.
    for (const text of ["x", "(+ 0.5 0.25)", "(/ x 0.0)", "(+ 1.0 (* x (/ 1.0 0.0)))"])
      expect(bits(fit(parse(text)))).toBe(bits(parse(text)));
  });

  it("take the place of a few elites' more carefully: the goal follows from the archive, whichever coordinates it has", () => {
    const archive = new Archive(task.space);
    const program = parse("(- (/ 50.0 (+ 2.0 (+ x (/ 3.0 x)))) 1.0)");
    archive.add(4 * 8, individual({ program, fitness: 5, size: 9, descriptor: Float64Array.of(5, 0.01) }));
    fitter.prepare(archive);
    const fitted = fitter.fit(program, null, archive, newVisits(), stream()) as Program;
    expect(errorOf(task, fitted)).toBeLessThan(1.05 * 4.34e-6);
  });

  it.each(["cma-es", "nelder-mead"] as const)("come nearer without derivatives, by %s", (constantFitting) => {
    const of = fittingTask(exponential, { constantFitting });
    const own = new ConstantFitter(of);
    for (const [text, best] of [
      ["(+ 1.1 (* x 0.9))", 2.98e-2],
      ["(+ 0.9 (* x (+ 0.7 (* x 0.3))))", 1.72e-3],
    ] as const) {
      const program = parse(text, of);
      const fitted = fit(program, own, of) as Program;
      expect(errorOf(of, fitted)).toBeLessThan(1.02 * best);
    }
  });

  it("stay within the size limit as sums of two", () => {
    const tight = fittingTask(exponential, { constantPrecision: "double-double", maximumSize: 17 });
    const program = parse(squared(sevenOperations, 3), tight);
    const fitted = fit(program, new ConstantFitter(tight), tight);
    expect(fitted).not.toBeNull();
    expect(fitted?.constants.length).toBe(5);
  });

  it("are doubles in a language that has no sums", () => {
    const own = fittingTask(exponentialExperiment(60, ["-", "*", "/"]), {
      constantPrecision: "double-double",
    });
    const text = squared(squared("(- -1.0 (/ 50.0 (- -2.0 (- x (/ -3.0 x)))))", 3), 3);
    for (const program of [text, "(- 1.0 (/ 3.0 (- x 4.0)))"]) {
      const fitted = fit(parse(program, own), new ConstantFitter(own), own);
      if (fitted !== null) expect(checkProgram(own.grammar, fitted)).toEqual([]);
    }
  });
});

describe("constants are fitted", () => {
  const xs = Array.from({ length: 31 }, (_, i) => -1.5 + i / 10);
  const experimentOf = (changes: Partial<Experiment>, of: (x: number) => number): Experiment => ({
    name: "fitted",
    language: arithmetic({ constants: true, operations: ["+", "-", "*", "/", "exp"] }),
    program: fn({ x: real }, real),
    cases: xs.map((x) => ({ input: { x }, output: of(x) })),
    fitness: "-log10 max absolute error",
    archive: grid({ operations: [1, 6] }),
    ...changes,
  });

  it.each([
    "1/(1+mean absolute error)",
    "-root mean square error",
    "-log10 max absolute error",
    "-log10 mean relative error",
    "-mean Huber error",
    "R2",
  ] as const)("for a fitness of %s, also where the target is negative", (fitness) => {
    const own = fittingTask(experimentOf({ fitness, offset: -1 }, (x) => -3 + 0.5 * x - 0.1 * x * x));
    const fitted = fit(
      parse("(+ 1.0 (* x (+ 1.0 (* 1.0 x))))", own),
      new ConstantFitter(own),
      own,
    ) as Program;
    const constants = [...fitted.constants].map((c) => Math.round(1e6 * c) / 1e6).toSorted((a, b) => a - b);
    expect.soft(constants, printProgram(own.grammar, fitted)).toEqual([-3, -0.1, 0.5]);
    // Squares at the end have no images where the target is negative.
    expect(fit(parse("(let ((s (+ 1.0 x))) (* s s))", own), new ConstantFitter(own), own)).not.toBeNull();
  });

  it("where the map has coordinates of behaviour, from which no error follows", () => {
    const far = { from: 0, to: 30, bins: 10, measure: () => 3 };
    const own = fittingTask(
      experimentOf(
        { fitness: "1/(1+mean absolute error)", archive: grid({ operations: [0, 6], far }) },
        (x) => 2 * x,
      ),
    );
    const fitter = new ConstantFitter(own);
    const archive = new Archive(own.space);
    const program = parse("(* 1.5 x)", own);
    archive.add(10, individual({ program, fitness: 0.5, size: 3, descriptor: Float64Array.of(1, 3) }));
    fitter.prepare(archive);
    const fitted = fitter.fit(program, null, archive, newVisits(), stream()) as Program;
    expect(fitted.constants[0]).toBeCloseTo(2, 9);
  });

  it("of two arguments, on one case or two, and where nothing fits", () => {
    const cases = xs.map((x, i) => ({ input: { x, y: (i * 7) % 5 }, output: 3 * x - 2 * ((i * 7) % 5) }));
    for (const count of [1, 2, 31]) {
      const own = fittingTask({
        ...experimentOf({}, () => 0),
        program: fn({ x: real, y: real }, real) as never,
        cases: cases.slice(0, count),
        fitness: "1/(1+mean absolute error)",
      });
      const fitter = new ConstantFitter(own);
      const fitted = fit(parse("(+ (* 1.0 x) (* 1.0 y))", own), fitter, own) as Program;
      expect(checkProgram(own.grammar, fitted)).toEqual([]);
      if (count === 31)
        expect([...fitted.constants].map((c) => Math.round(1e6 * c) / 1e6).toSorted((a, b) => a - b)).toEqual(
          [-2, 3],
        );
      const hopeless = parse("(exp (exp (exp (+ 9.0 (* x (* x 1e8))))))", own);
      const given = fit(hopeless, fitter, own);
      if (given !== null) expect(checkProgram(own.grammar, given)).toEqual([]);
    }
  });
});
