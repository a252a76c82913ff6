import { describe, expect, it } from "vitest";
import {
  bool,
  compileGrammar,
  createMachine,
  defineLanguage,
  fn,
  func,
  type Grammar,
  int,
  interpret,
  limits,
  list,
  lists,
  type Outcome,
  outcomeAt,
  outcomeText,
  pair,
  parseProgram,
  primitive,
  type Program,
  real,
  string,
  text,
  trap,
  type Value,
  variable,
} from "../../dsl/index.ts";

const numbers = compileGrammar(lists(), fn({ n: int }, int));
const strings = compileGrammar(text(), fn({ s: string }, string));
const a = variable("a");

/** The outcome on reference and machine alike. */
function run(grammar: Grammar, program: Program | string, ...args: readonly Value[]): Outcome {
  const parsed = typeof program === "string" ? parseProgram(grammar, program) : program;
  const expected = interpret(grammar, parsed, args);
  const inputs = args.map((value) => [value, value]);
  const column = createMachine(grammar, inputs, 2).run(parsed);
  expect(outcomeText(outcomeAt(grammar, column, 0))).toBe(outcomeText(expected));
  expect(outcomeText(outcomeAt(grammar, column, 1))).toBe(outcomeText(expected));
  return expected;
}

describe("fuel", () => {
  const square = "(fold (lambda (i j) (fold (lambda (k l) (+ k 1)) i (range n))) 0 (range n))";

  it("ends nested folds, for each case by itself", () => {
    expect(run(numbers, square, 100)).toBe(10_000);
    expect(run(numbers, square, 141)).toBe(trap("out-of-fuel"));
    expect(run(numbers, square, 1000)).toBe(trap("out-of-fuel"));
    const column = createMachine(numbers, [[1000, 3, 200, 100]], 4).run(parseProgram(numbers, square));
    expect([0, 1, 2, 3].map((i) => outcomeText(outcomeAt(numbers, column, i)))).toEqual([
      "trap: out-of-fuel",
      "9",
      "trap: out-of-fuel",
      "10000",
    ]);
  });

  it("suffices to the last call", () => {
    // 20 outer calls and 20 × 999 inner ones are the limit exactly.
    const exact = "(fold (lambda (i j) (fold (lambda (k l) (+ k 1)) i (range n))) 0 (range 20))";
    expect(limits.fuel).toBe(20_000);
    expect(run(numbers, exact, 999)).toBe(19_980);
    expect(run(numbers, exact, 1000)).toBe(trap("out-of-fuel"));
  });

  it("is counted for each outermost application", () => {
    expect(run(numbers, `(let ((s ${square})) (+ s (+ s ${square})))`, 100)).toBe(30_000);
  });

  it("is counted apart for closed terms inside lambdas, which run once", () => {
    const closed = "(fold (lambda (i j) (+ i (fold (lambda (k l) (+ k 1)) 0 (range n)))) 0 (range 100))";
    expect(run(numbers, closed, 500)).toBe(50_000);
  });

  it("cannot be saved by a branch that is not taken", () => {
    const both = `(if (< n 0) ${square} n)`;
    expect(run(numbers, both, 1000)).toBe(1000);
    expect(run(numbers, `(if (< 0 n) ${square} n)`, 1000)).toBe(trap("out-of-fuel"));
  });

  it("is spent on cells as well as on calls", () => {
    // Each call pays 999 + 1,000 cells for cons and 1,000 for length, and the fold one for each element.
    const grammar = compileGrammar(lists(), fn({ n: int, xs: list(int) }, int));
    const source = "(fold (lambda (i j) (length (cons j xs))) 0 (range n))";
    const xs = new Array(999).fill(7);
    expect(limits.cellFuel).toBe(1_000_000);
    expect(run(grammar, source, 333, xs)).toBe(1000);
    expect(run(grammar, source, 334, xs)).toBe(trap("out-of-fuel"));
    expect(run(grammar, `(+ ${source} ${source.replace("cons j", "cons i")})`, 333, xs)).toBe(2000);
  });

  it("that has run out stays so, whatever becomes of the trap", () => {
    const stubborn = defineLanguage({
      name: "stubborn",
      types: [int, list(int)],
      constants: [int],
      primitives: [
        ...lists().primitives,
        primitive("or-else", [a, a], a, (x, y) => (typeof x === "number" ? x : y), { strictParameters: 0 }),
      ],
    });
    const grammar = compileGrammar(stubborn, fn({ n: int, xs: list(int) }, int));
    const spent = (after: string): string =>
      `(fold (lambda (i j) (or-else (length (cons j xs)) ${after})) 0 (range n))`;
    const xs = new Array(999).fill(7);
    expect(run(grammar, spent("-1"), 333, xs)).toBe(1000);
    expect(run(grammar, spent("-1"), 334, xs)).toBe(trap("out-of-fuel"));
    expect(run(grammar, spent("(length (cons j (empty)))"), 334, xs)).toBe(trap("out-of-fuel"));
    expect(run(grammar, spent("(div i 0)"), 334, xs)).toBe(trap("divide-by-zero"));
    const inner = "(or-else (sum (map (lambda (k) (+ k (length (cons j xs)))) xs)) (div i 0))";
    expect(run(grammar, `(fold (lambda (i j) ${inner}) 0 (range n))`, 334, xs)).toBe(trap("divide-by-zero"));
  });

  it("ends large bodies on long lists soon", () => {
    const grammar = compileGrammar(lists(), fn({ n: int, xs: list(int) }, int));
    let body = "(cons j xs)";
    for (let k = 0; k < 190; k++) body = `(reverse (sort ${body}))`;
    const source = `(sum (map (lambda (i) (sum (map (lambda (j) (sum ${body})) xs))) (range n)))`;
    expect(
      run(
        grammar,
        source,
        20,
        Array.from({ length: 999 }, (_, i) => (i * 7919) % 503),
      ),
    ).toBe(trap("out-of-fuel"));
  });

  it("ends lambdas four deep soon", () => {
    const grammar = compileGrammar(lists(), fn({ n: int }, int));
    const deep =
      "(sum (map (lambda (a) (sum (map (lambda (b) (sum (map (lambda (c) (sum (map (lambda (d) (+ d (+ c (+ b a)))) (range n)))) (range n)))) (range n)))) (range n)))";
    expect(run(grammar, deep, 10)).toBe(180_000);
    expect(run(grammar, deep, 1000)).toBe(trap("out-of-fuel"));
  });
});

describe("size", () => {
  it("of strings is bounded", () => {
    const doubled = `(let ((a (concat s s)) (b (concat a a)) (c (concat b b))) ${"(concat c ".repeat(2)}c)))`;
    expect(run(strings, doubled, "x")).toBe("x".repeat(24));
    expect(run(strings, doubled, "x".repeat(50))).toBe(trap("too-long"));
    expect(run(strings, "(concat s s)", "x".repeat(500))).toBe("x".repeat(1000));
    expect(run(strings, "(concat s s)", "x".repeat(501))).toBe(trap("too-long"));
    expect(run(strings, "(length@string s)".replace("length@string", "upper"), "x".repeat(1001))).toBe(
      trap("too-long"),
    );
  });

  it("of lists is bounded", () => {
    const grammar = compileGrammar(lists(), fn({ n: int }, list(int)));
    expect(run(grammar, "(range n)", 1000)).toHaveLength(1000);
    expect(run(grammar, "(range n)", 1001)).toBe(trap("too-long"));
    expect(run(grammar, "(append (range n) (range n))", 501)).toBe(trap("too-long"));
    expect(run(grammar, "(fold (lambda (i j) (append i i)) (range n) (range n))", 12)).toBe(trap("too-long"));
    expect(run(grammar, "(take 1 (range n))", 1001)).toBe(trap("too-long"));
  });

  it("of nested values is bounded, by cells", () => {
    const grammar = compileGrammar(
      lists({ types: [list(list(int))] }),
      fn({ xs: list(int), n: int }, list(list(int))),
    );
    const rows = "(map (lambda (i) (cons i xs)) (range n))";
    const zeros = (count: number): number[] => new Array(count).fill(0);
    expect(limits.cells).toBe(20_000);
    expect(run(grammar, rows, zeros(998), 20)).toHaveLength(20);
    expect(run(grammar, rows, zeros(999), 20)).toBe(trap("too-large"));
    expect(run(grammar, "(map (lambda (i) xs) (range n))", zeros(1000), 1000)).toBe(trap("too-large"));
    // What an argument brings is left as it is; what is made of it is not.
    const squares = compileGrammar(
      lists({ types: [list(list(int))] }),
      fn({ xss: list(list(int)) }, list(list(int))),
    );
    const large = new Array(100).fill(zeros(1000));
    expect(run(squares, "xss", large)).toHaveLength(100);
    expect(run(squares, "(reverse xss)", large)).toBe(trap("too-large"));
    expect(run(squares, "(take 10 xss)", large)).toHaveLength(10);
  });

  it("of lists of strings and of pairs is bounded, by cells", () => {
    const p = pair(string, list(string));
    const language = defineLanguage({
      name: "pairs",
      types: [string, list(string), p],
      primitives: [
        primitive("pair", [a, variable("b")], pair(a, variable("b")), (x, y) => [x, y] as const),
        primitive("twice", [list(a)], list(a), (xs) => [...xs, ...xs]),
      ],
    });
    const words = (count: number, length: number): string[] => new Array(count).fill("x".repeat(length));
    const toList = compileGrammar(language, fn({ s: string, ss: list(string) }, list(string)));
    expect(run(toList, "(twice ss)", "", words(10, 999))).toHaveLength(20);
    expect(run(toList, "(twice ss)", "", words(10, 1000))).toBe(trap("too-large"));
    const toPair = compileGrammar(language, fn({ s: string, ss: list(string) }, p));
    // 2 + 97 + 19 × (1 + 1000) + 1 × (1 + 880) = 20,000 − 1.
    const most = [...words(19, 1000), ...words(1, 880)];
    expect(run(toPair, "(pair s ss)", "x".repeat(98), most)).toHaveLength(2);
    expect(run(toPair, "(pair s ss)", "x".repeat(99), most)).toBe(trap("too-large"));
  });

  it("of ints is bounded", () => {
    const power = "(fold (lambda (i j) (* i n)) 1 (range n))";
    expect(run(numbers, power, 13)).toBe(13 ** 13);
    expect(run(numbers, power, 14)).toBe(trap("overflow"));
    expect(run(numbers, "(* 0 (* n n))", 2 ** 40)).toBe(trap("overflow"));
  });

  it("of programs does not exhaust the stack", () => {
    const [n, negate] = parseProgram(numbers, "(neg n)").tokens as unknown as [number, number];
    const tokens = Int32Array.from({ length: 1024 }, (_, i) => (i === 0 ? n : negate));
    expect(run(numbers, { tokens, constants: new Float64Array() }, 5)).toBe(-5);
  });

  it("of a lambda's body does not exhaust the stack", () => {
    const source = "(fold (lambda (i j) (neg i)) n (range n))";
    const { tokens } = parseProgram(numbers, source);
    const at = tokens.indexOf(parseProgram(numbers, "(neg n)").tokens[1] as number);
    const long = [...tokens.slice(0, at), ...new Array(1001).fill(tokens[at]), ...tokens.slice(at + 1)];
    expect(run(numbers, { tokens: Int32Array.from(long), constants: new Float64Array() }, 3)).toBe(-3);
  });

  it("of shared terms does not multiply the work", () => {
    const [n, , smaller] = parseProgram(numbers, "(min n n)").tokens as unknown as [number, number, number];
    const shared: number[] = [n, n, smaller];
    // Each term is the smaller of the one before and, by a reference, the same.
    while (shared.length + 2 <= 1024) shared.push(-shared.length, smaller);
    expect(run(numbers, { tokens: Int32Array.from(shared), constants: new Float64Array() }, 4)).toBe(4);
  });
});

describe("memory", () => {
  it("for columns is bounded: a program that needs more is run on a part of the cases at a time", () => {
    const grammar = compileGrammar(lists(), fn({ xs: list(int) }, list(int)));
    let source = "xs";
    for (let k = 0; k < 60; k++) source = `(reverse (cons ${k} (tail ${source})))`;
    const program = parseProgram(grammar, source);
    const cases = Array.from({ length: 150 }, (_, i) => Array.from({ length: 850 + i }, (_, k) => i * k));
    const machine = createMachine(grammar, [cases], cases.length);
    const small = parseProgram(grammar, "(take 2 xs)");
    expect(machine.run(small)[149]).toEqual([0, 149]);
    const column = machine.run(program);
    expect(column).toHaveLength(cases.length);
    for (const i of [0, 1, 74, 75, 148, 149])
      expect(column[i]).toEqual(interpret(grammar, program, [cases[i] as number[]]));
    expect(machine.run(small)[149]).toEqual([0, 149]);
  });
});

describe("traps", () => {
  it("inside a lambda are those of the application, the first one met", () => {
    const grammar = compileGrammar(lists(), fn({ xs: list(int) }, list(int)));
    expect(run(grammar, "(map (lambda (i) (div 1 i)) xs)", [1, 0, 2])).toBe(trap("divide-by-zero"));
    expect(run(grammar, "(map (lambda (i) (if (< i 5) (element-at i xs) (div 1 0))) xs)", [9, 7])).toBe(
      trap("divide-by-zero"),
    );
    expect(run(grammar, "(map (lambda (i) (if (< i 5) (element-at i xs) (div 1 0))) xs)", [3, 9])).toBe(
      trap("out-of-range"),
    );
    expect(run(grammar, "(filter (lambda (i) (< 0 (div 1 i))) xs)", [0])).toBe(trap("divide-by-zero"));
    expect(run(grammar, "(map (lambda (i) (fold (lambda (j k) (mod j k)) i xs)) xs)", [2, 0])).toBe(
      trap("divide-by-zero"),
    );
  });

  it("inside an inner lambda can be passed over by a branch of the outer", () => {
    const grammar = compileGrammar(lists(), fn({ xs: list(int) }, list(int)));
    const guarded = "(map (lambda (i) (if (= i 0) 7 (sum (map (lambda (j) (div j i)) xs)))) xs)";
    expect(run(grammar, guarded, [0, 2])).toEqual([7, 1]);
    expect(run(grammar, "(if (= (length xs) 0) xs (map (lambda (i) (head xs)) xs))", [])).toEqual([]);
  });

  it("do not arise where a lambda is never called", () => {
    const grammar = compileGrammar(lists(), fn({ xs: list(int) }, list(int)));
    expect(run(grammar, "(map (lambda (i) (div 1 0)) xs)", [])).toEqual([]);
    expect(run(grammar, "(map (lambda (i) (div 1 0)) xs)", [1])).toBe(trap("divide-by-zero"));
  });
});

describe("primitives of one's own", () => {
  const throwing = defineLanguage({
    name: "throwing",
    types: [int, string, list(int), bool],
    constants: [int],
    primitives: [
      primitive("boom", [int], int, (n) => {
        if (n === 1) throw new Error("boom");
        if (n === 2) return undefined as never;
        if (n === 3) return "three" as never;
        if (n === 4) return 0.5;
        if (n === 5) return -0;
        if (n === 6) return Number.NaN;
        if (n === 7) return null as never;
        return n;
      }),
      primitive("call-then-throw", [func([int], int), int], int, (f, n) => {
        f(n);
        throw new Error("after the call");
      }),
      primitive("swallow", [func([int], int), int], int, (f, n) => {
        f(n);
        return 42;
      }),
      primitive("calls-forever", [func([int], int)], int, (f) => {
        let n = 0;
        for (let k = 0; k < 100_000; k++) n = f(n);
        return n;
      }),
      primitive("recover", [a, a], a, (x, y) => (x instanceof trap("threw").constructor ? y : x), {
        strictParameters: 0,
      }),
    ],
  });
  const grammar = compileGrammar(throwing, fn({ n: int }, int));

  it("give traps for exceptions and for results outside their type", () => {
    expect([0, 1, 2, 3, 4, 5, 6, 7].map((n) => outcomeText(run(grammar, "(boom n)", n)))).toEqual([
      "0",
      "trap: threw",
      "trap: threw",
      "trap: threw",
      "trap: overflow",
      "0",
      "trap: overflow",
      "trap: threw",
    ]);
    expect(Object.is(run(grammar, "(boom n)", 5), 0)).toBe(true);
  });

  it("cannot hide a trap of the function they call, and their own exception gives way to it", () => {
    expect(run(grammar, "(swallow (lambda (i) (boom i)) n)", 1)).toBe(trap("threw"));
    expect(run(grammar, "(swallow (lambda (i) (boom i)) n)", 4)).toBe(trap("overflow"));
    expect(run(grammar, "(swallow (lambda (i) (boom i)) n)", 0)).toBe(42);
    expect(run(grammar, "(call-then-throw (lambda (i) (boom i)) n)", 4)).toBe(trap("overflow"));
    expect(run(grammar, "(call-then-throw (lambda (i) i) n)", 0)).toBe(trap("threw"));
    expect(run(grammar, "(calls-forever (lambda (i) (boom 0)))", 0)).toBe(trap("out-of-fuel"));
  });

  it("see traps in parameters that are not strict", () => {
    expect(run(grammar, "(recover (boom n) 9)", 1)).toBe(9);
    expect(run(grammar, "(recover (boom n) 9)", 8)).toBe(8);
    expect(run(grammar, "(swallow (lambda (i) (recover (boom i) 3)) n)", 1)).toBe(42);
  });

  it("give NaN and false in languages over numbers, and go on with the next case", () => {
    const brittle = defineLanguage({
      name: "brittle",
      types: [bool],
      constants: [real],
      primitives: [
        primitive("+", [real, real], real, (x, y) => x + y),
        primitive("odd", [real], real, (x) => {
          if (x % 2 !== 0) throw new Error("odd");
          return x;
        }),
        primitive("if", [bool, real, real], real, (x, y, z) => (x ? y : z), { strictParameters: 1 }),
        primitive("positive", [real], bool, (x) => {
          if (x < 0) throw new Error("negative");
          return x === 0 ? trap("out-of-range") : true;
        }),
      ],
    });
    const reals = compileGrammar(brittle, fn({ x: real }, real));
    const xs = [1, 2, 3, 4, -6, 0];
    const machine = createMachine(reals, [xs], xs.length);
    // The sum's register is also where the row's results go.
    expect([...machine.run(parseProgram(reals, "(odd (+ x 1.0))"))]).toEqual([
      2,
      Number.NaN,
      4,
      Number.NaN,
      Number.NaN,
      Number.NaN,
    ]);
    expect([...machine.run(parseProgram(reals, "(odd (odd (+ (+ x 1.0) 2.0)))"))]).toEqual([
      4,
      Number.NaN,
      6,
      Number.NaN,
      Number.NaN,
      Number.NaN,
    ]);
    expect([...machine.run(parseProgram(reals, "(if (positive x) 1.0 x)"))]).toEqual([1, 1, 1, 1, -6, 0]);
    expect(interpret(reals, parseProgram(reals, "(if (positive x) 1.0 x)"), [0])).toBe(0);
  });

  it("are refused when the language could not be read or run", () => {
    const make =
      (...primitives: Parameters<typeof defineLanguage>[0]["primitives"]): (() => unknown) =>
      () =>
        defineLanguage({ name: "bad", primitives });
    expect(make(primitive("f", [func([], int)], int, () => 0))).toThrow(
      /functions of 1 to 4 parameters; got 0/,
    );
    expect(make(primitive("f", [int, int, int, int, int], int, () => 0))).toThrow(
      /at most 4 parameters; got 5/,
    );
    expect(
      make(
        primitive("f", [int], int, (x) => x),
        primitive("f", [int], int, (x) => x),
      ),
    ).toThrow(/listed twice/);
    expect(make(primitive("f", [int], int, (x) => x, { cost: -1 }))).toThrow(/cost must be/);
  });
});
