import { describe, expect, it } from "vitest";
import {
  arithmetic,
  bool,
  checkProgram,
  compileGrammar,
  fn,
  func,
  type Grammar,
  int,
  list,
  lists,
  parseProgram,
  type Program,
  real,
} from "../../dsl/index.ts";
import { randomStream } from "./random-programs.ts";

const formulas = compileGrammar(arithmetic({ constants: true }), fn({ x: real, y: real }, real));
const lisp = compileGrammar(lists(), fn({ xs: list(int) }, list(int)));
const numbers = compileGrammar(lists(), fn({ xs: list(int) }, int));

const program = (tokens: readonly number[], constants: readonly number[] = []): Program => ({
  tokens: Int32Array.from(tokens),
  constants: Float64Array.from(constants),
});
/** Id of the production that a text of one application names. */
const root = (grammar: Grammar, source: string): number =>
  parseProgram(grammar, source).tokens.at(-1) as number;

const x = root(formulas, "x");
const constant = root(formulas, "1.0");
const plus = root(formulas, "(+ x y)");
const times = root(formulas, "(* x y)");

describe("checkProgram", () => {
  it("finds nothing wrong with programs", () => {
    expect(checkProgram(formulas, program([x, x, plus]))).toEqual([]);
    expect(checkProgram(formulas, program([x, constant, plus, -3, times], [2]))).toEqual([]);
  });

  const broken: readonly (readonly [string, Program, RegExp])[] = [
    ["no tokens", program([]), /at least one token/],
    ["too many tokens", program(new Array(1025).fill(x)), /at most 1024 tokens; got 1025/],
    ["an unknown token", program([9999]), /token 0 must be a production id below \d+; got 9999/],
    ["too few arguments", program([x, plus]), /token 1 \(\+\) must have 2 arguments before it; got 1/],
    ["two terms", program([x, x]), /must be one term; got 2/],
    ["a reference forwards", program([-3, x, plus]), /token 0 must refer to an earlier term with children/],
    ["a reference to itself", program([-1]), /token 0 must refer/],
    ["a reference to a leaf", program([x, -1, plus]), /token 1 must refer to an earlier term with children/],
    ["a reference to a reference", program([x, x, plus, -3, plus, -4, plus]), /token 5 must refer/],
    [
      "too few constants",
      program([constant, constant, plus], [1]),
      /one constant for each of its 2 constant tokens; got 1/,
    ],
    ["too many constants", program([x], [1]), /each of its 0 constant tokens; got 1/],
    [
      "a constant that is no number",
      program([constant], [Number.NaN]),
      /constant 0 must be a finite real; got NaN/,
    ],
    [
      "an infinite constant",
      program([constant], [Number.POSITIVE_INFINITY]),
      /constant 0 must be a finite real; got Infinity/,
    ],
  ];
  it.each(broken)("finds %s", (_name, value, problem) => {
    const problems = checkProgram(formulas, value);
    expect(problems).toHaveLength(1);
    expect(problems[0]).toMatch(problem);
  });

  it("lists all that is wrong", () => {
    expect(
      checkProgram(formulas, program([constant, constant, plus], [Number.NaN, Number.NaN])),
    ).toHaveLength(2);
  });

  it("finds arguments and results of wrong types", () => {
    const xs = root(lisp, "xs");
    expect(checkProgram(lisp, program([xs, root(numbers, "(sum xs)")])).join()).toMatch(
      /type|production|refer/,
    );
    const sum = parseProgram(lisp, "(range (sum xs))").tokens[1] as number;
    expect(checkProgram(lisp, program([xs, sum]))).toEqual(["a program must be of type list<int>; got int."]);
    expect(checkProgram(lisp, program([xs, sum, sum, root(lisp, "(range 1)")]))).toEqual([
      "argument 1 of token 2 (sum) must be of type list<int>; got int.",
    ]);
  });

  it("finds constants that are no ints, minus zero included", () => {
    const number = root(numbers, "1");
    for (const value of [0.5, 2 ** 53, -0])
      expect(checkProgram(numbers, program([number], [value])).join()).toContain("must be a finite int");
    expect(checkProgram(numbers, program([number], [-3]))).toEqual([]);
  });

  it("finds bound variables out of scope or of another type, and references to what is inside lambdas or is one", () => {
    const { tokens } = parseProgram(lisp, "(map (lambda (i) (+ i (* i i))) xs)");
    const [i, , , product, sum, lambda, xs, map] = tokens as unknown as number[] as [
      number,
      number,
      number,
      number,
      number,
      number,
      number,
      number,
    ];
    expect(checkProgram(lisp, program([i, i, i, product, sum, lambda, xs, map]))).toEqual([]);
    const second = lisp.boundVariables[lisp.typeOf[i] as number]?.[1] as number;
    expect(checkProgram(lisp, program([second, lambda, xs, map]))).toEqual([
      "token 0 (bound 1) must name a variable of type int in scope; got none.",
    ]);
    const range = root(lisp, "(range 1)");
    expect(checkProgram(lisp, program([i, range]))).toEqual([
      "token 0 (bound 0) must name a variable of type int in scope; got none.",
    ]);
    expect(checkProgram(lisp, program([i, i, product, -3, sum, lambda, xs, map])).join()).toContain(
      "token 3 must refer to a term outside every lambda; got position 2.",
    );
    const append = root(lisp, "(append xs xs)");
    expect(checkProgram(lisp, program([i, lambda, xs, map, -2, xs, map, append])).join()).toContain(
      "token 4 must refer to an earlier term with children, not a lambda",
    );
    const booleans = lisp.types.findIndex((t) => t.kind === "bool");
    const wrong = lisp.boundVariables[booleans]?.[0] as number;
    const filter = root(lisp, "(filter (lambda (i) (even i)) xs)");
    const predicate = parseProgram(lisp, "(filter (lambda (i) (even i)) xs)").tokens[2] as number;
    expect(checkProgram(lisp, program([wrong, predicate, xs, filter]))).toEqual([
      "token 0 (bound 0) must name a variable of type bool in scope; got int.",
    ]);
  });

  it("finds more variables in scope than there may be", () => {
    const inner = parseProgram(lisp, "(map (lambda (i) (length (map (lambda (j) (+ i j)) xs))) xs)");
    expect(checkProgram(lisp, inner)).toEqual([]);
    const { tokens } = parseProgram(numbers, "(length (map (lambda (i) i) xs))");
    const [variable, lambda, xs, map, length] = tokens as unknown as [number, number, number, number, number];
    const nest = [variable];
    for (let depth = 0; depth < 5; depth++) nest.push(lambda, xs, map, length);
    expect(checkProgram(numbers, program(nest))).toEqual([
      `token 1 (lambda) must leave at most 4 variables in scope; got 5.`,
    ]);
  });

  it("reads any array of tokens without a fault", () => {
    const random = randomStream(77);
    for (const grammar of [formulas, lisp]) {
      for (let n = 0; n < 5000; n++) {
        const length = Math.floor(random() * 12);
        const tokens = Array.from(
          { length },
          () => Math.floor(random() * (grammar.productions.length + 14)) - 12,
        );
        expect(Array.isArray(checkProgram(grammar, program(tokens, [1])))).toBe(true);
      }
    }
  });
});

describe("compileGrammar", () => {
  it("refuses signatures that no program can have", () => {
    expect(() => compileGrammar(arithmetic(), fn({ x: real }, bool))).toThrow(
      /must have a program of type bool/,
    );
    expect(() => compileGrammar(arithmetic(), fn({ f: func([real], real) }, real))).toThrow(
      /without functions and variables; got fn<real,real>/,
    );
  });

  it("keeps only what can be part of a program", () => {
    const labels = formulas.productions.map((p) => p.label);
    expect(labels).toEqual(["x", "y", "constant real", "+", "-", "*", "/"]);
    expect(
      compileGrammar(arithmetic(), fn({ x: real }, real)).productions.some((p) => p.kind === "constant"),
    ).toBe(false);
  });

  it("gives the same fingerprint for the same meaning and another for another", () => {
    const of = (constants: boolean): string =>
      compileGrammar(arithmetic({ constants }), fn({ x: real }, real)).fingerprint;
    expect(of(true)).toBe(of(true));
    expect(of(true)).not.toBe(of(false));
  });
});
