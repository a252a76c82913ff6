import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  arithmetic,
  bool,
  checkProgram,
  compileGrammar,
  defineLanguage,
  float32,
  fn,
  type Grammar,
  InputError,
  int,
  list,
  lists,
  parseProgram,
  primitive,
  printProgram,
  type Program,
  programSize,
  real,
  string,
  text,
  variable,
} from "../../dsl/index.ts";

const formulas = compileGrammar(arithmetic({ constants: true }), fn({ x: real, y: real }, real));
const strings = compileGrammar(text(), fn({ s: string }, string));
const lisp = compileGrammar(lists(), fn({ xs: list(int) }, list(int)));

/** What the program's text is after reading and writing. */
const again = (grammar: Grammar, source: string): string =>
  printProgram(grammar, parseProgram(grammar, source));

function problemsOf(grammar: Grammar, source: string): readonly string[] {
  try {
    parseProgram(grammar, source);
  } catch (error) {
    if (error instanceof InputError) return error.problems;
    throw error;
  }
  return [];
}

describe("reading and writing", () => {
  it("keeps programs as they are written", () => {
    for (const source of [
      "x",
      "1.0",
      "-0.0",
      "(+ x y)",
      "(- (* x 2.5) 1e-7)",
      "(let ((s1 (* x x))) (+ s1 s1))",
    ])
      expect(again(formulas, source)).toBe(source);
  });

  it("gives every finite real back to the bit", () => {
    for (const value of [
      0,
      -0,
      0.1,
      5e-324,
      1.7976931348623157e308,
      -1e21,
      123456789012345680000,
      1 / 3,
      1e-7,
    ]) {
      const program: Program = {
        tokens: parseProgram(formulas, "1.0").tokens,
        constants: Float64Array.of(value),
      };
      const back = parseProgram(formulas, printProgram(formulas, program));
      expect(back.constants[0]).toBe(value);
    }
  });

  it("writes floats with the fewest decimals that give them back to the bit", () => {
    const floats = compileGrammar(
      arithmetic({ precision: "f32", constants: true }),
      fn({ x: float32 }, float32),
    );
    for (const source of [
      "0.1",
      "-0.0",
      "16777216.0",
      "1.0000001",
      "3.4028235e+38",
      "1e-45",
      "(+ x 0.33333334)",
    ])
      expect(again(floats, source)).toBe(source);
    expect(again(floats, "0.1000000001")).toBe("0.1");
    expect(parseProgram(floats, "0.1").constants[0]).toBe(Math.fround(0.1));
    expect(problemsOf(floats, "3.5e38")).toHaveLength(1);
    fc.assert(
      fc.property(fc.float({ noDefaultInfinity: true, noNaN: true }), (value) => {
        const program: Program = {
          tokens: parseProgram(floats, "1.0").tokens,
          constants: Float64Array.of(value),
        };
        expect(parseProgram(floats, printProgram(floats, program)).constants[0]).toBe(value);
      }),
    );
  });

  it("accepts numbers in other spellings", () => {
    expect(again(formulas, "(+ 1 -2e3)")).toBe("(+ 1.0 -2000.0)");
    expect(problemsOf(formulas, "1e999")).toHaveLength(1);
    expect(problemsOf(formulas, "NaN")).toHaveLength(1);
    expect(problemsOf(formulas, ".5")).toHaveLength(1);
  });

  it("ignores white space and comments", () => {
    expect(again(formulas, "; first\n( +  x ; the sum (\n\t y )\n; end")).toBe("(+ x y)");
    expect(again(strings, '(concat s "; no comment")'.replace("; no comment", " "))).toBe('(concat s " ")');
  });

  it("names strings by their JSON text", () => {
    const odd = 'tab\t quote" back\\ ; ( ) \n \u2028 \ud800 😀';
    const grammar = compileGrammar(text({ literals: [odd] }), fn({ s: string }, string));
    const written = again(grammar, JSON.stringify(odd));
    expect(written).toBe(JSON.stringify(odd));
    expect(problemsOf(grammar, '"other"')).toEqual([
      'program text, line 1, column 1, must be a term of type string; got "other".',
    ]);
  });

  it("shares let terms and writes what is used once in its place", () => {
    expect(again(formulas, "(let ((a (+ x y)) (b (* a a))) (- b x))")).toBe(
      "(let ((s1 (+ x y))) (- (* s1 s1) x))",
    );
    expect(programSize(parseProgram(formulas, "(let ((a (+ x y))) (* a a))"))).toBe(4);
    expect(again(formulas, "(let ((a x) (b a)) (+ b b))")).toBe("(+ x x)");
    expect(again(formulas, "(let ((x y)) (+ x x))")).toBe("(+ y y)");
    expect(again(formulas, "(+ (let ((a (* x x))) (+ a a)) (let ((a (* y y))) (+ a a)))")).toBe(
      "(let ((s1 (* x x)) (s2 (* y y))) (+ (+ s1 s1) (+ s2 s2)))",
    );
  });

  it("names the variables of lambdas by their level", () => {
    expect(again(lisp, "(map (lambda (value) (+ value 1)) xs)")).toBe("(map (lambda (i) (+ i 1)) xs)");
    expect(again(lisp, "(map (lambda (a) (fold (lambda (b c) (+ b (* a c))) 0 xs)) xs)")).toBe(
      "(map (lambda (i) (fold (lambda (j k) (+ j (* i k))) 0 xs)) xs)",
    );
  });

  it("moves a let term to the depth where it is used", () => {
    const inside = again(
      lisp,
      "(let ((s (map (lambda (i) (+ i 1)) xs))) (map (lambda (j) (+ j (sum s))) xs))",
    );
    expect(inside).toBe("(map (lambda (i) (+ i (sum (map (lambda (j) (+ j 1)) xs)))) xs)");
    const outside = again(
      lisp,
      "(let ((s (map (lambda (i) (+ i 1)) xs))) (append s (map (lambda (j) (+ j (sum s))) xs)))",
    );
    expect(outside).toBe(
      "(let ((s1 (map (lambda (i) (+ i 1)) xs))) (append s1 (map (lambda (i) (+ i (sum s1))) xs)))",
    );
    const within = again(
      lisp,
      "(map (lambda (a) (let ((b (* a a))) (fold (lambda (c d) (+ b (+ c d))) b xs))) xs)",
    );
    expect(within).toBe("(map (lambda (i) (fold (lambda (j k) (+ (* i i) (+ j k))) (* i i) xs)) xs)");
  });

  it("takes names for variables that collide with nothing", () => {
    const grammar = compileGrammar(lists(), fn({ i: list(int), j: int, s1: int, i_: int }, list(int)));
    const source = "(let ((t (+ j s1))) (map (lambda (v) (+ v (* t t))) i))";
    const written = again(grammar, source);
    expect(written).toBe("(map (lambda (i__) (+ i__ (* (+ j s1) (+ j s1)))) i)");
    expect(again(grammar, written)).toBe(written);
  });

  it("reads overloads by their arguments or by what stands after @", () => {
    const grammar = compileGrammar(text(), fn({ s: string, n: int }, bool));
    expect(again(grammar, '(= s "")')).toBe('(=@string s "")');
    expect(again(grammar, "(= n 1)")).toBe("(=@int n 1)");
    expect(again(grammar, "(=@bool (= n 1) (< n 2))")).toBe("(=@bool (=@int n 1) (< n 2))");
    expect(problemsOf(grammar, "(=@int s 1)")).toEqual([
      "program text, line 1, column 8, must be a term of type int; got s.",
    ]);
  });

  it("tells overloads of separate rows apart", () => {
    const language = defineLanguage({
      name: "overloads",
      types: [int, real, bool],
      constants: [int, real],
      primitives: [
        primitive("=", [real, real], bool, (x, y) => x === y),
        primitive("=", [int, int], bool, (x, y) => x === y),
        primitive("-", [int], int, (x) => -x),
        primitive("-", [int, int], int, (x, y) => x - y),
      ],
    });
    const grammar = compileGrammar(language, fn({ n: int }, bool));
    for (const source of ["(=@int,int 1 2)", "(=@real,real 1.0 2.0)", "(=@int,int (- n) (- n 1))"])
      expect(again(grammar, source)).toBe(source);
    const a = variable("a");
    const b = variable("b");
    const mixed = defineLanguage({
      name: "mixed",
      primitives: [primitive("=", [int, int], bool, () => true), primitive("=", [a, a], bool, () => false)],
    });
    const both = compileGrammar(mixed, fn({ n: int }, bool));
    for (const source of ["(=@int,int n n)", "(=@int n n)"]) expect(again(both, source)).toBe(source);
    const clash = defineLanguage({
      name: "clash",
      primitives: [primitive("=", [a, b], bool, () => true), primitive("=", [int, int], bool, () => true)],
    });
    expect(() => compileGrammar(clash, fn({ n: int }, bool))).toThrow(
      /must have one primitive "=" of \(int,int\)/,
    );
  });

  it("tells literals from constants, and writes list literals as JSON", () => {
    const grammar = compileGrammar(lists({ ints: [1, -2] }), fn({ xs: list(int) }, int));
    expect(again(grammar, "(+ 1 #1)")).toBe("(+ 1 #1)");
    expect(parseProgram(grammar, "(+ 1 #-2)").constants).toHaveLength(1);
    expect(problemsOf(grammar, "#3")).toHaveLength(1);
    const withLists = defineLanguage({
      name: "list literals",
      primitives: [],
      literals: [{ type: list(string), value: ["a", ') ";'] }],
    });
    const quoted = compileGrammar(withLists, fn({}, list(string)));
    const written = printProgram(quoted, { tokens: Int32Array.of(0), constants: new Float64Array() });
    expect(written).toBe(`#${JSON.stringify(JSON.stringify(["a", ') ";']))}`);
    expect(again(quoted, written)).toBe(written);
  });

  it("reads the deepest program back that there may be", () => {
    const grammar = compileGrammar(lists(), fn({ xs: list(int) }, list(int)));
    const [xs, reverse] = parseProgram(grammar, "(reverse xs)").tokens as unknown as [number, number];
    const program = {
      tokens: Int32Array.from({ length: 1024 }, (_, i) => (i === 0 ? xs : reverse)),
      constants: new Float64Array(),
    };
    expect(checkProgram(grammar, program)).toEqual([]);
    expect(parseProgram(grammar, printProgram(grammar, program))).toEqual(program);
  });

  it("reads the deepest shared program back that there may be", () => {
    const [x, , plus] = parseProgram(formulas, "(+ x y)").tokens as unknown as [number, number, number];
    const tokens = [x, x, plus];
    while (tokens.length + 2 <= 1024) tokens.push(-tokens.length, plus);
    const program = { tokens: Int32Array.from(tokens), constants: new Float64Array() };
    expect(checkProgram(formulas, program)).toEqual([]);
    expect(parseProgram(formulas, printProgram(formulas, program))).toEqual(program);
  });
});

describe("errors in a program's text", () => {
  const one = (grammar: Grammar, source: string): string => {
    const problems = problemsOf(grammar, source);
    expect({ source, problems }).toEqual({ source, problems: [expect.any(String)] });
    return problems[0] as string;
  };

  it("come with line and column, all at once", () => {
    expect(problemsOf(formulas, "(+ (* x z)\n   (- w y))")).toEqual([
      "program text, line 1, column 9, must be a term of type real; got z.",
      "program text, line 2, column 7, must be a term of type real; got w.",
    ]);
  });

  it("say what is wrong with parentheses and quotes", () => {
    expect(one(formulas, "")).toBe("program text must contain a program; got nothing.");
    expect(one(formulas, " ; nothing")).toBe("program text must contain a program; got nothing.");
    expect(one(formulas, "(+ x\n(* y y)")).toBe(
      "program text, line 1, column 1, must close its parenthesis; the text ends before.",
    );
    expect(one(formulas, "(+ x y))")).toBe(
      "program text, line 1, column 8, must not close a parenthesis that is not open.",
    );
    expect(one(formulas, "x\n y")).toBe(
      "program text, line 2, column 2, must be the end; got a second expression.",
    );
    expect(one(formulas, "()")).toBe(
      "program text, line 1, column 1, must begin with a name; got a parenthesis.",
    );
    expect(one(formulas, "((+ x y))")).toBe(
      "program text, line 1, column 1, must begin with a name; got a parenthesis.",
    );
    expect(one(strings, '(concat s "abc)')).toBe(
      "program text, line 1, column 11, must close its quotation mark; the text ends before.",
    );
  });

  it("say which primitive does not fit", () => {
    expect(one(formulas, "(+ x y x)")).toContain("no primitive + of 3 arguments yields one");
    expect(one(formulas, "(sin x)")).toContain(
      "must be a term of type real; no primitive sin of 1 arguments yields one",
    );
    expect(one(strings, "(concat s (length s))")).toContain(
      "line 1, column 11, must be a term of type string; no primitive length",
    );
    expect(one(strings, "(if (= s (length s)) s s)")).toMatch(/line 1, column (8|10)/);
  });

  it("say how let and lambda are written", () => {
    expect(one(formulas, "(let (a x) a)")).toContain("column 7, must be (name term).");
    expect(one(formulas, "(let ((a x)))")).toContain("must be (let ((name term) …) term).");
    expect(one(formulas, "(let ((1 x)) x)")).toContain("column 8, must be a name");
    expect(one(formulas, "(let ((a a)) a)")).toContain("column 10, must be a term of type real; got a.");
    expect(one(formulas, "(lambda (a) a)")).toContain("must be a term of type real; got a lambda.");
    expect(one(lisp, "(map (lambda (i j) i) xs)")).toContain("must name 1 parameters; got 2.");
    expect(one(lisp, "(filter (lambda ((i)) true) xs)")).toContain("column 18, must be a name");
    expect(one(lisp, "(filter (lambda (i)) xs)")).toContain("must be (lambda (name …) term).");
    expect(one(lisp, "(filter (lambda (i) (even xs)) xs)")).toContain(
      "column 27, must be a term of type int; got xs.",
    );
    expect(one(lisp, "(filter (lambda (i) i) xs)")).toContain("must be of type bool; i is of type int.");
    expect(one(lisp, "(filter (even 2) xs)")).toContain("must be a term of type fn<int,bool>");
  });

  it("say that lambdas are nested too deep", () => {
    const nested =
      "(map (lambda (a) (length (map (lambda (b) (length (map (lambda (c) (fold (lambda (d e) d) c xs)) xs))) xs))) xs)";
    expect(problemsOf(lisp, nested).join()).toContain("must leave at most 4 variables in scope; got 5.");
    const byLet =
      "(let ((s (fold (lambda (d e) (+ d e)) 0 xs))) (map (lambda (a) (length (map (lambda (b) (length (map (lambda (c) (+ c s)) xs))) xs))) xs))";
    expect(problemsOf(lisp, byLet).join()).toContain("must leave at most 4 variables in scope; got 5");
  });

  it("bound what they read", () => {
    expect(one(formulas, "x".repeat(1_000_001))).toContain("at most 1000000 characters");
    expect(one(formulas, "(".repeat(5000))).toContain("must be nested at most");
    expect(one(formulas, `${"(+ x ".repeat(1000)}y${")".repeat(1000)}`)).toContain("at most 1024 tokens");
    const names = Array.from({ length: 5000 }, (_, i) => `(a${i + 1} x)`).join(" ");
    expect(one(formulas, `(let (${names}) x)`)).toContain("at most 1024 names in scope");
    const chain = Array.from({ length: 1000 }, (_, i) => `(a${i + 1} a${i})`).join(" ");
    expect(again(formulas, `(let ((a0 x) ${chain}) a1000)`)).toBe("x");
    const steep = Array.from({ length: 1000 }, (_, i) => `(a${i + 1} (+ y (+ y a${i})))`).join(" ");
    expect(one(formulas, `(let ((a0 x) ${steep}) a1000)`)).toContain("terms deep");
    const doubling = Array.from({ length: 40 }, (_, i) => `(a${i + 1} (+ a${i} a${i}))`).join(" ");
    expect(programSize(parseProgram(formulas, `(let ((a0 (+ x y)) ${doubling}) a40)`))).toBe(43);
    const inLambda = `(map (lambda (a0) (let (${doubling}) a40)) xs)`;
    expect(one(lisp, inLambda)).toContain("at most 1024 tokens");
    const ambiguous = `${"(= (if ".repeat(14)}zzz${" 1 1) 1)".repeat(14)}`;
    expect(problemsOf(compileGrammar(lists(), fn({}, bool)), ambiguous).join()).toContain(
      "too many readings",
    );
    // Without an end, and each of its quotes might begin one.
    expect(one(strings, `"${'\\"'.repeat(499_000)}`)).toContain("must close its quotation mark");
    expect(one(strings, `"${"a".repeat(999_000)}"`).length).toBeLessThan(250);
    const wrong = `${"\n".repeat(700_000)}${"(append ".repeat(900)}q${" q)".repeat(900)}`;
    const append = compileGrammar(lists(), fn({ xs: list(int) }, list(int)));
    expect(problemsOf(append, wrong).at(0)).toContain(
      "line 700001, column 7201, must be a term of type list<int>",
    );
    expect(problemsOf(formulas, `(let ((a (+ ${"q ".repeat(2)})))${" (+ a a)"})`).length).toBeLessThanOrEqual(
      100,
    );
  });
});

describe("names", () => {
  it("of arguments are ones that the text can tell apart", () => {
    for (const name of ["let", "true", "1st", "a b", "x@y", "#n", "-1", 'a"b', "a;b", ""])
      expect(() => compileGrammar(arithmetic(), fn({ [name]: real }, real))).toThrow(InputError);
    for (const name of ["x1", "größe", "a-b", "-x", "π", "$0", "a.b/c"]) {
      const grammar = compileGrammar(arithmetic(), fn({ [name]: real }, real));
      expect(again(grammar, `(+ ${name} ${name})`)).toBe(`(+ ${name} ${name})`);
    }
  });

  it("of primitives too", () => {
    for (const name of ["lambda", "a;b", "#", "2x", "a b", "-2"])
      expect(() =>
        defineLanguage({ name: "n", primitives: [primitive(name, [real], real, (x) => x)] }),
      ).toThrow(InputError);
  });
});
