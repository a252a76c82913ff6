import { describe, expect, it } from "vitest";
import {
  evaluateTerm,
  exportProgram,
  interpret,
  isTrap,
  limits,
  literalText,
  bits,
  int,
  type Outcome,
  parseProgram,
  printSygusProgram,
  readSygusAnswer,
  readSygusTask,
  sameOutcome,
  string,
  type SygusTask,
  type Value,
} from "../../../dsl/index.ts";
import { randomProgram, randomStream, randomValue } from "../random-programs.ts";
import { smtFunction } from "./smt-evaluator.ts";
import { hasSygusFiles, sygusFiles } from "./sygus-files.ts";

const version1 = `(set-logic SLIA)
(synth-fun f ((s String) (n Int)) String
  ((Start String (S))
   (S String (s "" "a ""b""" "\\u{e9}" (str.++ S S) (str.replace S S S) (str.at S I) (str.substr S I I) (int.to.str I) (ite B S S)))
   (I Int (n 0 1 -1 (+ I I) (- I I) (str.len S) (str.to.int S) (str.indexof S S I) (ite B I I)))
   (B Bool (true false (= I I) (< I I) (str.prefixof S S) (str.suffixof S S) (str.contains S S)))))
(constraint (= (f "a" 1) "b"))`;

const version2 = `(set-logic ALL)
(define-fun next ((k Int)) Int (let ((one 1)) (+ k one)))
(define-fun ten () Int 10)
(synth-fun f ((x Int) (s String) (b Bool)) Int
  ((I Int) (J Int) (S String) (B Bool))
  ((I Int (x (- 2) ten (next J) (- I) (* J 3) (div J (abs I)) (mod I J) (ite B I J) (str.to_code S) (str.to_int S)))
   (J Int (I 7 (Constant Int) (+ I J 1)))
   (S String (s "x" "\\u{5c}u{41}" (str.++ S S) (str.replace_all S S "-") (str.from_code J) (str.from_int I)))
   (B Bool (b true (and B B) (=> B B) (xor B B) (not B) (distinct I J) (= S S) (str.< S S) (str.<= S S) (str.is_digit S) (>= I J)))))
(constraint (= (f 1 "a" true) 1))`;

const words = `(set-logic BV)
(define-fun half ((x (_ BitVec 12))) (_ BitVec 12) (bvlshr x #x001))
(synth-fun f ((x (_ BitVec 12)) (y (_ BitVec 5))) (_ BitVec 12)
  ((W (_ BitVec 12)) (V (_ BitVec 5)) (B Bool))
  ((W (_ BitVec 12) (x #x0ff (half W) (bvneg W) (bvnot W) (bvsdiv W W) (bvsrem W W) (bvsmod W W) (bvudiv W W) (bvurem W W)
     (bvnand W W) (bvnor W W) (bvxnor W W) (bvmul W W) (bvsub W W) (bvashr W W) (bvshl W W) (concat ((_ extract 7 1) W) V)
     ((_ zero_extend 7) V) ((_ sign_extend 7) V) ((_ rotate_left 5) W) ((_ rotate_right 3) W) (ite B W W)))
   (V (_ BitVec 5) (y #b10101 ((_ extract 8 4) W) (bvadd V V)))
   (B Bool ((bvult W W) (bvuge V V) (bvsgt W W) (bvsge V V) (bvsle V V) (bvugt W W) (= V V)))))
(constraint (= (f #x001 #b00001) #x001))`;

/** What the second reading gives, where programs give no trap. */
const sameElsewhere = (outcome: Outcome, compute: () => Value): boolean =>
  isTrap(outcome) || sameOutcome(outcome, compute());

describe.each([
  ["SyGuS 1", version1],
  ["SyGuS 2", version2],
  ["bit-vectors", words],
])("answers to a task of %s", (_, text) => {
  const task = readSygusTask(text, "file.sl");

  it("are functions that give what the programs give, as read here and by a second reader", () => {
    const random = randomStream(6);
    let values = 0;
    for (let i = 0; i < 600; i++) {
      const program = randomProgram(task.grammar, random, 1 + Math.floor(random() * 40));
      const answer = printSygusProgram(task, program);
      const read = readSygusAnswer(task, answer);
      const second = smtFunction(answer, text);
      for (let k = 0; k < 5; k++) {
        const args = task.signature.argumentTypes.map((type) => randomValue(type, random));
        const expected = interpret(task.grammar, program, args);
        const environment = new Map(task.signature.argumentNames.map((name, j) => [name, args[j] as Value]));
        const got = evaluateTerm(read.body, environment);
        if (!sameOutcome(got, expected)) throw new Error(`${answer} of ${args.join(", ")} is ${String(got)}`);
        if (!isTrap(expected)) values++;
        if (!sameElsewhere(expected, () => second(...args)))
          throw new Error(`${answer} of ${args.join(", ")} is ${String(expected)}`);
      }
    }
    expect(values).toBeGreaterThan(1500);
  });

  it("are exported to JavaScript that gives what the programs give", async () => {
    const random = randomStream(8);
    const programs = Array.from({ length: 60 }, () => randomProgram(task.grammar, random, 25));
    for (const program of programs) {
      const source = exportProgram(task.grammar, program, { to: "javascript", name: "answer", header: [] });
      const { answer } = (await import(`data:text/javascript,${encodeURIComponent(source)}`)) as {
        answer: (...args: readonly Value[]) => Value;
      };
      for (let k = 0; k < 5; k++) {
        const args = task.signature.argumentTypes.map((type) => randomValue(type, random));
        const expected = interpret(task.grammar, program, args);
        let got: Outcome | string;
        try {
          got = answer(...args);
        } catch (error) {
          got = (error as Error).message;
        }
        if (!sameOutcome(got as Outcome, isTrap(expected) ? expected.toString() : expected))
          throw new Error(
            `${printSygusProgram(task, program)} of ${args.join(", ")}: ${String(got)}, not ${String(expected)}\n${source}`,
          );
      }
    }
  });
});

const answerOf = (task: SygusTask, program: string): string =>
  printSygusProgram(task, parseProgram(task.grammar, program));

describe("an answer", () => {
  it("is written as the version writes it", () => {
    const first = readSygusTask(version1, "file.sl");
    expect(answerOf(first, '(str.substr s -1 (str.len "a \\"b\\""))')).toBe(
      '(define-fun f ((s String) (n Int)) String (str.substr s -1 (str.len "a ""b""")))',
    );
    const second = readSygusTask(version2, "file.sl");
    expect(answerOf(second, "(ite (= s s) -2 (+ (+ x -5) 1))")).toBe(
      "(define-fun f ((x Int) (s String) (b Bool)) Int (ite (= s s) (- 2) (+ (+ x (- 5)) 1)))",
    );
    expect(answerOf(second, "(next (ten))")).toContain("(next ten)");
    const third = readSygusTask(words, "file.sl");
    expect(answerOf(third, "(concat (extract_7_1 #xff) #x15)")).toContain(
      "(concat ((_ extract 7 1) #x0ff) #b10101)",
    );
  });

  it("has shared terms written out, and names for them only where that would be long", () => {
    const task = readSygusTask(version1, "file.sl");
    expect(answerOf(task, "(let ((a (str.++ s s))) (str.++ a a))")).toContain(
      "(str.++ (str.++ s s) (str.++ s s))",
    );
    const doublings = Array.from({ length: 12 }, (__, k) => `(a${k + 1} (str.++ a${k} a${k}))`).join(" ");
    const long = answerOf(task, `(let ((a0 (str.++ s s)) ${doublings}) a12)`);
    expect(long.length).toBeLessThan(1000);
    expect(long).toContain("(let ((s1 (str.++ s s))) (let ((s2 (str.++ s1 s1)))");
    const read = readSygusAnswer(task, long);
    expect(
      evaluateTerm(
        read.body,
        new Map<string, Value>([
          ["s", ""],
          ["n", 0],
        ]),
      ),
    ).toBe("");
    expect(smtFunction(long)("", 0)).toBe("");
    expect(limits.stringLength).toBeGreaterThan(0);
  });

  it("has names that are no simple ones between bars", () => {
    const task = readSygusTask(
      `(synth-fun |g[1]| ((|x,y| Int) (|_| Int)) Int ((S Int (|x,y| |_| (+ S S)))))
       (constraint (= (|g[1]| 1 2) 3))`,
      "file.sl",
    );
    const answer = answerOf(task, "(+ x,y _)");
    expect(answer).toBe("(define-fun |g[1]| ((|x,y| Int) (|_| Int)) Int (+ |x,y| |_|))");
    expect(smtFunction(answer)(1, 2)).toBe(3);
    expect(readSygusAnswer(task, answer).row.apply(1, 2)).toBe(3);
  });

  it("is refused when it answers something else", () => {
    const task = readSygusTask(version1, "file.sl");
    expect(() => readSygusAnswer(task, "")).toThrow("answer: must be one (define-fun …); got nothing.");
    expect(() => readSygusAnswer(task, "(define-fun g ((s String) (n Int)) String s)")).toThrow(
      "must define f of (String Int) String; got g of (String Int) String.",
    );
    expect(() => readSygusAnswer(task, "(define-fun f ((s String)) String s)")).toThrow(
      "got f of (String) String",
    );
    expect(() => readSygusAnswer(task, "(define-fun f ((s String) (n Int)) String n)")).toThrow(
      "answer, line 1, column 43: must be of sort String; got Int.",
    );
  });
});

describe("literals", () => {
  it.each([
    [int, -5, 1, "-5"],
    [int, -5, 2, "(- 5)"],
    [bits(8), 1n, 2, "#x01"],
    [bits(64), 1n, 2, "#x0000000000000001"],
    [bits(5), 3n, 2, "#b00011"],
    [string, 'a "é" \\u \\x \n', 2, '"a ""\\u{e9}"" \\u{5c}u \\x \\u{a}"'],
  ] as const)("%j %s in version %i", (type, value, version, text) => {
    expect(literalText(type, value, version)).toBe(text);
  });
});

describe.skipIf(!hasSygusFiles)("answers to the competition's tasks", () => {
  it("mean the same to a second reader", () => {
    const random = randomStream(7);
    for (const { name, text } of sygusFiles()) {
      const task = readSygusTask(text, name);
      for (let i = 0; i < 10; i++) {
        const program = randomProgram(task.grammar, random, 1 + Math.floor(random() * 30));
        const answer = printSygusProgram(task, program);
        const second = smtFunction(answer, text);
        const read = readSygusAnswer(task, answer);
        for (const { inputs } of (task.examples ?? []).slice(0, 5)) {
          const expected = interpret(task.grammar, program, inputs);
          const environment = new Map(
            task.signature.argumentNames.map((argument, j) => [argument, inputs[j] as Value]),
          );
          expect(sameOutcome(evaluateTerm(read.body, environment), expected)).toBe(true);
          if (!sameElsewhere(expected, () => second(...inputs)))
            throw new Error(`${name}: ${answer} of ${inputs.join(", ")} is ${String(expected)}`);
        }
      }
    }
  });
});
