import { describe, expect, it } from "vitest";
import {
  bits,
  bool,
  checkProgram,
  contradictions,
  createMachine,
  definitionOf,
  elementOf,
  evaluateTerm,
  InputError,
  int,
  interpret,
  outcomeText,
  parseProgram,
  printProgram,
  readSygusTask,
  sameOutcome,
  string,
  trap,
  type Value,
} from "../../../dsl/index.ts";
import { randomProgram, randomStream, randomValue } from "../random-programs.ts";
import { hasSygusFiles, sygusFiles } from "./sygus-files.ts";

const read = (text: string) => readSygusTask(text, "file.sl");

const first = `; SyGuS 1
(set-logic SLIA)
(synth-fun f ((name String) (n Int)) String
  ((Start String (ntString))
   (ntString String (name " " "a""b" (str.++ ntString ntString) (int.to.str ntInt) (ite ntBool ntString ntString)))
   (ntInt Int (n 1 -1 1 (+ ntInt ntInt) (str.len ntString)))
   (ntBool Bool (true false (= ntInt ntInt)))))
(declare-var name String)
(constraint (= (f "x" 1) "x 1"))
(constraint (= "y 2" (f "y" 2)))
(constraint (= (f "x" 1) "x 1"))
(check-synth)
`;

const second = `
(set-info :source "nobody")
(set-logic BV)
(define-fun twice ((x (_ BitVec 8))) (_ BitVec 8) (bvshl x #x01))
(define-fun odd ((x (_ BitVec 8)) (y (_ BitVec 8))) (_ BitVec 8) (let ((z (bvadd x y)) (x y)) (bvsub z x)))
(synth-fun f ((x (_ BitVec 8))) (_ BitVec 8)
  ((Start (_ BitVec 8)) (Two (_ BitVec 8)))
  ((Start (_ BitVec 8) (x #x01 (twice Start) (odd Start Two) (bvand Start (bvnot Two))))
   (Two (_ BitVec 8) (Start (_ bv2 8) (bvor Two Two Two)))))
(constraint (= (f #x01) #x02))
(check-synth)
`;

const linear = `
(set-logic LIA)
(synth-fun g ((x Int) (y Int)) Int)
(declare-var x Int)
(declare-var y Int)
(define-fun bound ((k Int)) Bool (<= (g k k) 10))
(define-fun three () Int 3)
(constraint (>= (g x y) x))
(constraint (=> (< x y three) (bound (- 2))))
(constraint (let ((z (g x y))) (or (= z x) (= z y))))
(check-synth)
`;

describe("a task of SyGuS 1", () => {
  const task = read(first);

  it("has signature, version and logic", () => {
    expect(task).toMatchObject({ fileName: "file.sl", version: 1, logic: "SLIA", functionName: "f" });
    expect(task.signature).toEqual({
      argumentNames: ["name", "n"],
      argumentTypes: [string, int],
      result: string,
    });
    expect(task.hasOwnGrammar).toBe(true);
  });

  it("has the grammar of its rules, without names for the same terms", () => {
    expect(task.grammar.nonterminals).toEqual(["ntString", "ntInt", "ntBool"]);
    const text = '(str.++ name (ite (= (+ n -1) 1) "a\\"b" (int.to.str n)))';
    expect(printProgram(task.grammar, parseProgram(task.grammar, text))).toBe(text);
    expect(() => parseProgram(task.grammar, "(str.at name n)")).toThrow(InputError);
    expect(() => parseProgram(task.grammar, '"c"')).toThrow(InputError);
  });

  it("has its constraints as examples, each once, in either order", () => {
    expect(task.constraints).toHaveLength(3);
    expect(task.examples).toEqual([
      { inputs: ["x", 1], output: "x 1", line: 9, column: 1 },
      { inputs: ["y", 2], output: "y 2", line: 10, column: 1 },
    ]);
  });
});

describe("a task of SyGuS 2", () => {
  const task = read(second);

  it("has two nonterminals of one sort", () => {
    expect(task.version).toBe(2);
    expect(task.grammar.nonterminals.slice(0, 2)).toEqual(["Start", "Two"]);
    const text = "(odd (twice x) (bvor (bvor #x2 x) (bvand #x1 (bvnot #x2))))";
    const program = parseProgram(task.grammar, text);
    expect(checkProgram(task.grammar, program)).toEqual([]);
    expect(printProgram(task.grammar, program)).toBe(text);
  });

  it("has its definitions as rows that run their bodies", () => {
    const [twice, odd] = task.definedFunctions;
    expect(twice).toMatchObject({
      name: "twice",
      parameters: [{ name: "x", type: bits(8) }],
      result: bits(8),
    });
    expect(twice?.row.vector).toBe("shift-left-1");
    expect(twice?.row.apply(0x81n)).toBe(2n);
    expect(odd?.row.apply(0xffn, 3n)).toBe(0xffn);
    expect(definitionOf(odd?.row as never)?.body.kind).toBe("let");
    expect(task.grammar.productions.some((p) => p.primitive === twice?.row)).toBe(true);
  });

  it("tells grammars apart by the bodies of definitions", () => {
    const other = read(second.replace("(bvshl x #x01)", "(bvshl x #x02)"));
    expect(other.grammar.fingerprint).not.toBe(task.grammar.fingerprint);
  });

  it("runs on the vector machine where each definition is one of its operations", () => {
    const pre = read(`
      (define-fun ehad ((x (BitVec 64))) (BitVec 64) (bvlshr x #x0000000000000001))
      (define-fun arba ((x (BitVec 64))) (BitVec 64) (bvlshr x #x0000000000000004))
      (define-fun shesh ((x (BitVec 64))) (BitVec 64) (bvlshr x #x0000000000000010))
      (define-fun smol ((x (BitVec 64))) (BitVec 64) (bvshl x #x0000000000000001))
      (define-fun im ((x (BitVec 64)) (y (BitVec 64)) (z (BitVec 64))) (BitVec 64) (ite (= x #x0000000000000001) y z))
      (synth-fun f ((x (BitVec 64))) (BitVec 64)
        ((Start (BitVec 64) (x #x0000000000000001 (ehad Start) (arba Start) (shesh Start) (smol Start) (im Start Start Start)))))
      (constraint (= (f #x0000000000000001) #x0000000000000001))`);
    expect(pre.version).toBe(1);
    expect(elementOf(pre.grammar)?.width).toBe(64);
  });
});

describe("a task of linear arithmetic", () => {
  const task = read(linear);

  it("has all terms of its logic where it gives no grammar", () => {
    expect(task.hasOwnGrammar).toBe(false);
    for (const text of [
      "(ite (and (<= x y) (not (= x 5))) y (+ x (* 3 (- y -7))))",
      "(ite (or (< x y) (> x y)) (ite (>= x 1) x y) 0)",
    ])
      expect(printProgram(task.grammar, parseProgram(task.grammar, text))).toBe(text);
    expect(() => parseProgram(task.grammar, "(* x y)")).toThrow(InputError);
  });

  it("has constraints that can be asked about a function", () => {
    const holds = (g: (x: number, y: number) => number, x: number, y: number): unknown[] =>
      task.constraints.map(({ term }) =>
        evaluateTerm(
          term,
          new Map([
            ["x", x],
            ["y", y],
          ]),
          (a, b) => g(a as number, b as number),
        ),
      );
    expect(task.examples).toBeNull();
    expect(task.variables).toEqual([
      { name: "x", type: int },
      { name: "y", type: int },
    ]);
    expect(holds(Math.max, 1, 2)).toEqual([true, true, true]);
    expect(holds(Math.min, 3, 2)).toEqual([false, true, true]);
    expect(holds((x, y) => x + y + 20, 1, 2)).toEqual([true, false, false]);
    expect(holds((x, y) => x + y + 20, 2, 1)).toEqual([true, true, false]);
  });

  it("passes failures on", () => {
    const sum = read("(synth-fun f ((x Int)) Int)(declare-var x Int)(constraint (= (f x) (+ x 1)))");
    const [constraint] = sum.constraints;
    const ask = (x: number): unknown => evaluateTerm(constraint?.term as never, new Map([["x", x]]), () => 1);
    expect(ask(0)).toBe(true);
    expect(ask(Number.MAX_SAFE_INTEGER)).toBe(trap("overflow"));
  });
});

describe("tasks", () => {
  it("may name sorts, list all constants and variables of a sort, and read let with sorts", () => {
    const task = read(`
      (set-option :produce-models true)
      (set-feature :grammars true)
      (define-sort Number () Int)
      (declare-primed-var z Int)
      (synth-fun f ((x Number) (y Int)) Number
        ((S Number ((Constant Int) (Variable Int) (- S S) (ite (< S S) S (- 1))))))
      (declare-var x Int)
      (constraint (let ((a Int (f x 1)) (b Int x)) (distinct a b 7)))
      (check-synth)`);
    const text = "(ite (< x y) (- 5 x) -1)";
    expect(printProgram(task.grammar, parseProgram(task.grammar, text))).toBe(text);
    const [constraint] = task.constraints;
    const ask = (x: number, value: number): unknown =>
      evaluateTerm(constraint?.term as never, new Map([["x", x]]), () => value);
    expect([ask(1, 2), ask(1, 1), ask(1, 7), ask(7, 2)]).toEqual([true, false, false, false]);
  });

  it("have examples of predicates", () => {
    const task = read(`(synth-fun p ((x Int)) Bool ((S Bool (true (= I I))) (I Int (x 0))))
      (constraint (p 0)) (constraint (not (p 1))) (constraint (= (p 2) false))`);
    expect(task.examples?.map(({ inputs, output }) => [...inputs, output])).toEqual([
      [0, true],
      [1, false],
      [2, false],
    ]);
  });

  it("have contradictory examples told with their lines", () => {
    const task = read(`(synth-fun f ((x Int)) Int ((S Int (x))))
      (constraint (= (f 1) 1))
      (constraint (= (f 2) 1))
      (constraint (= (f 1) 3))`);
    const pairs = contradictions(task.examples ?? []);
    expect(pairs.map(([a, b]) => [a.line, b.line, a.output, b.output])).toEqual([[2, 4, 1, 3]]);
    expect(contradictions(read(first).examples ?? [])).toEqual([]);
  });

  it("have strings with escapes of SMT-LIB", () => {
    const task =
      read(String.raw`(synth-fun f ((s String)) String ((S String (s "\u{e9}\u0041\x" "\u{5c}u{41}"))))
      (constraint (= (f "é") "A"))`);
    const values = task.grammar.productions.flatMap((p) => (p.kind === "literal" ? [p.value] : []));
    expect(values).toEqual(["éA\\x", "\\u{41}"]);
    expect(task.examples?.[0]?.inputs).toEqual(["é"]);
  });

  it.each(["SLIA", "BV", "NIA"])("of %s without a grammar have a default one", (logic) => {
    const sort = { SLIA: "String", BV: "(_ BitVec 8)", NIA: "Int" }[logic];
    const task = read(
      `(set-logic ${logic})(synth-fun f ((x ${sort})) ${sort})(constraint (= (f x) (f x)))`.replace(
        "(constraint",
        `(declare-var x ${sort})(constraint`,
      ),
    );
    const random = randomStream(9);
    for (let i = 0; i < 50; i++) {
      const program = randomProgram(task.grammar, random, 20);
      expect(parseProgram(task.grammar, printProgram(task.grammar, program))).toEqual(program);
    }
  });
});

describe("terms", () => {
  const constraintOf = (term: string) =>
    read(`(synth-fun f ((x Int)) Int ((S Int (x))))(declare-var x Int)(constraint (= (f x) ${term}))`)
      .constraints[0]?.term;
  const ask = (term: string): unknown =>
    evaluateTerm(constraintOf(term) as never, new Map([["x", 1]]), () => 900);

  it("may be as deep as brackets may be, and sums as long", () => {
    expect(ask(`${"(+ 1 ".repeat(899)}x${")".repeat(899)}`)).toBe(true);
    expect(ask(`(+ ${"1 ".repeat(900)})`)).toBe(true);
    expect(ask(`(+ ${"0 ".repeat(1400)} 900)`)).toBe(true);
  });

  it("are refused where they are deeper", () => {
    expect(() => ask(`(+ ${"1 ".repeat(2000)})`)).toThrow("must be at most 1500 terms deep");
    expect(() => ask(`(+ ${"1 ".repeat(200_000)})`)).toThrow("must be at most 1500 terms deep");
  });

  it("may use definitions that call the function often", () => {
    const chain = Array.from(
      { length: 40 },
      (_, k) => `(define-fun g${k + 1} ((y Int)) Int (+ (g${k} y) (g${k} y)))`,
    );
    const task = read(`(synth-fun f ((x Int)) Int ((S Int (x))))(define-fun g0 ((y Int)) Int (f y))
      ${chain.join("\n")}(declare-var x Int)(constraint (= (g3 x) 8))`);
    expect(evaluateTerm(task.constraints[0]?.term as never, new Map([["x", 1]]), () => 1)).toBe(true);
  });
});

const head = "(synth-fun f ((x Int)) Int ((S Int (x 1 (+ S S)))))\n";
const end = "(constraint (= (f 1) 1))";

describe("a task is refused, with its place,", () => {
  it.each([
    [
      "an unknown command",
      `${head}(constrain (= (f 1) 1))`,
      "line 2, column 2: must be a known command; got constrain. Did you mean constraint?",
    ],
    [
      "a command that is not supported",
      `${head}(synth-inv f ((x Int)))`,
      "line 2, column 1: must be a supported command; synth-inv is not supported.",
    ],
    ["no command", `${head}x`, "line 2, column 1: must be a command such as (constraint …); got x."],
    [
      "an unknown function",
      `${head}(constraint (= (g 1) 1))`,
      "line 2, column 16: must name a known function; got g.",
    ],
    [
      "an unknown function in a grammar",
      `(synth-fun f ((x String)) String ((S String (x (str.concat S S)))))`,
      "line 1, column 48: must name a known function; got str.concat.",
    ],
    [
      "a wrong number of arguments",
      `${head}(constraint (= (f 1 2) 1))`,
      "line 2, column 16: must give f 1 argument, (Int); got 2.",
    ],
    [
      "a wrong number in a grammar",
      `(synth-fun f ((x Int)) Int ((S Int (x (mod S)))))`,
      "line 1, column 39: must give mod 2 arguments, (Int Int); got 1.",
    ],
    [
      "a wrong type",
      `${head}(constraint (= (f "a") 1))`,
      "line 2, column 16: must give f arguments (Int); got (String).",
    ],
    [
      "a rule of a wrong type",
      `(synth-fun f ((x String)) Int ((S Int (x))))`,
      "line 1, column 40: must be of sort Int, as S is; got String.",
    ],
    [
      "a grammar of a wrong type",
      `(synth-fun f ((x String)) Int ((S String (x))))`,
      "line 1, column 1: grammar",
    ],
    [
      "a constraint that is none",
      `${head}(constraint (f 1))`,
      "line 2, column 13: must be of sort Bool; got Int.",
    ],
    [
      "an unknown variable",
      `${head}(constraint (= (f y) 1))`,
      "line 2, column 19: must name a known variable; got y. Declare it first.",
    ],
    [
      "an unknown name in a grammar",
      `(synth-fun f ((value Int)) Int ((S Int (valeu))))`,
      "must name a nonterminal, an argument or a constant; got valeu. Did you mean value?",
    ],
    ["an open bracket", `${head}(constraint (= (f 1) 1)`, "line 2, column 1: must close this bracket"],
    ["no function to find", "(set-logic LIA)", "must have a function to find, (synth-fun …); got none."],
    ["no constraint", `${head}(check-synth)`, "file.sl: must have a constraint"],
    [
      "two functions to find",
      `${head}${head}`,
      "line 2, column 1: must be the only function to find; f is one already, and several are not supported.",
    ],
    [
      "a nonterminal without rules",
      `(synth-fun f ((x Int)) Int ((S Int ())))${end}`,
      "line 1, column 36: must have a rule for S; got none.",
    ],
    [
      "a nonterminal declared without rules",
      `(synth-fun f ((x Int)) Int ((S Int) (T Int)) ((S Int (x))))${end}`,
      "line 1, column 46: must have rules for nonterminal T; got none.",
    ],
    [
      "rules of what is not declared",
      `(synth-fun f ((x Int)) Int ((S Int)) ((S Int (x)) (T Int (x))))${end}`,
      "must be among the nonterminals declared before; got T.",
    ],
    [
      "a grammar without programs",
      `(synth-fun f ((x Int)) Int ((S Int ((+ S S)))))${end}`,
      'line 1, column 1: grammar "f" must have a program; no term without nonterminals follows from S.',
    ],
    [
      "real numbers",
      `${head}(constraint (= (f 1) 1.5))`,
      "line 2, column 22: must be of a supported sort; got the real 1.5.",
    ],
    [
      "a sort that is not supported",
      "(declare-var x (Array Int Int))",
      "line 1, column 16: must be a sort among Int, Bool, String and (_ BitVec n); got (Array Int Int), which is not supported.",
    ],
    ["wide bit-vectors", "(declare-var x (_ BitVec 65))", "must have bit-vectors of 1 to 64 bits; got 65."],
    [
      "large integers",
      `${head}(constraint (= (f 9007199254740993) 1))`,
      "must be an integer within ±(2^53 − 1); got 9007199254740993.",
    ],
    [
      "quantifiers",
      `${head}(constraint (forall ((y Int)) (= (f y) 1)))`,
      "line 2, column 14: must have no forall; it is not supported.",
    ],
    [
      "any constant among strings",
      "(synth-fun f () String ((S String ((Constant String)))))",
      "line 1, column 36: must list the constants of sort String",
    ],
    [
      "comparisons of three in a grammar",
      "(synth-fun f ((x Int)) Bool ((B Bool ((< S S S))) (S Int (x))))",
      "must give < two arguments; a comparison of more is not supported in a grammar.",
    ],
    [
      "a rule that is long",
      `(synth-fun f ((x Int)) Int ((S Int (x (+ ${"S ".repeat(1000)})))))`,
      "line 1, column 39: must be at most 200 terms deep",
    ],
    [
      "functions of many arguments in a grammar",
      "(define-fun g ((a Int) (b Int) (c Int) (d Int) (e Int)) Int a)(synth-fun f ((x Int)) Int ((S Int (x (g S S S S S)))))",
      "must have functions of at most 4 arguments in a grammar; g has 5, which is not supported.",
    ],
    [
      "definitions of one name",
      "(define-fun g () Int 1)(define-fun g () Int 2)",
      "line 1, column 36: must define each function once; got g again.",
    ],
    [
      "definitions of SMT-LIB's names",
      "(define-fun abs ((x Int)) Int x)",
      "line 1, column 13: must have a name of its own; abs is SMT-LIB's.",
    ],
    [
      "definitions of another sort",
      '(define-fun g () Int "a")',
      "line 1, column 22: must be of sort Int; got String.",
    ],
    [
      "a definition that calls itself",
      "(define-fun g ((x Int)) Int (g x))",
      "must name a known function; got g.",
    ],
    [
      "parameters of one name",
      "(define-fun g ((x Int) (x Int)) Int x)",
      "line 1, column 25: must name parameters apart; got x twice.",
    ],
    [
      "a variable twice",
      "(declare-var x Int)(declare-var x Int)",
      "line 1, column 33: must declare each variable once; got x again.",
    ],
    [
      "characters above U+FFFF",
      `${head}(constraint (= (f 1) (str.len "\\u{1F600}")))`,
      "must have characters up to U+FFFF",
    ],
    ["names that programs cannot have", "(synth-fun f ((|a b| Int)) Int)", "must have a name without spaces"],
    ["nothing", "", "must have a function to find"],
  ])("%s", (_, text, message) => {
    expect(() => read(text)).toThrow(InputError);
    expect(() => read(text)).toThrow(message);
  });
});

describe("a task that was changed anyhow", () => {
  it("is read or refused in one way", () => {
    const random = randomStream(11);
    const below = (n: number): number => Math.floor(random() * n);
    const wordsOf = (text: string): string[] => text.match(/"[^"]*"|[()]|[^\s()"]+/g) ?? [];
    const all = [first, second, linear].flatMap(wordsOf);
    const strange = [
      "-1",
      "(- 1)",
      "#b1",
      "#x0000000000000000f",
      "(_ bv300 8)",
      "((_ extract 0 9) x)",
      '"',
      "|",
      "()",
      "let",
      "(Constant Int)",
      "(Variable Int)",
      "1.5",
      "9".repeat(30),
      "(_ BitVec 0)",
      "!",
      "ite",
      "=",
      "-",
      "@",
      "x'y",
    ];
    let refused = 0;
    for (let i = 0; i < 6000; i++) {
      const words = wordsOf([first, second, linear][below(3)] as string);
      for (let k = below(3); k >= 0; k--) {
        const at = below(words.length);
        const other = (random() < 0.3 ? strange[below(strange.length)] : all[below(all.length)]) as string;
        words.splice(at, below(3), ...(random() < 0.7 ? [other] : []));
      }
      const text = words.join(" ");
      try {
        const { grammar } = read(text);
        const program = randomProgram(grammar, random, 12);
        const written = printProgram(grammar, program);
        if (printProgram(grammar, parseProgram(grammar, written)) !== written) throw new Error(written);
      } catch (error) {
        if (!(error instanceof InputError)) throw new Error(text, { cause: error });
        refused++;
        expect(error.problems.every((problem) => problem.startsWith("file.sl"))).toBe(true);
      }
    }
    expect(refused).toBeGreaterThan(3000);
  });
});

describe.skipIf(!hasSygusFiles)("the competition's tasks", () => {
  it("are read, with examples where they are programming by example", () => {
    for (const { kind, name, text } of sygusFiles()) {
      const task = readSygusTask(text, name);
      expect(task.grammar.productions.length).toBeGreaterThan(0);
      expect(task.hasOwnGrammar).toBe(kind !== "clia");
      const isByExample = kind !== "clia" && name !== "max3.sl";
      expect(task.examples !== null).toBe(isByExample);
      // Three of them contradict themselves.
      expect(contradictions(task.examples ?? [])).toHaveLength(/^univ_[456]-long-repeat/.test(name) ? 2 : 0);
      expect(elementOf(task.grammar) !== undefined).toBe(kind === "bitvectors");
    }
  });

  it("have programs that are printed, read back, and run by machines as by the reference", () => {
    const random = randomStream(10);
    for (const { name, text } of sygusFiles()) {
      const { grammar, signature, examples } = readSygusTask(text, name);
      const cases = (examples ?? []).slice(0, 5).map(({ inputs }) => inputs);
      while (cases.length < 5) cases.push(signature.argumentTypes.map((type) => randomValue(type, random)));
      const columns = signature.argumentTypes.map((_, k) => cases.map((inputs) => inputs[k] as Value));
      const machine = createMachine(grammar, columns, cases.length);
      for (let i = 0; i < 20; i++) {
        const program = randomProgram(grammar, random, 1 + Math.floor(random() * 30));
        expect(checkProgram(grammar, program)).toEqual([]);
        const written = printProgram(grammar, program);
        expect(parseProgram(grammar, written)).toEqual(program);
        const column = machine.run(program);
        cases.forEach((inputs, c) => {
          const expected = interpret(grammar, program, inputs);
          const given = column[c] as Value;
          const got = grammar.types[grammar.resultType] === bool && given === 1 ? true : given;
          if (!sameOutcome(got, expected)) throw new Error(`${name} ${written}: ${outcomeText(got)}`);
        });
      }
    }
  });
});
