import { describe, expect, it } from "vitest";
import {
  interpret,
  printSygusProgram,
  type Program,
  readSygusTask,
  type SygusTask,
  type Value,
} from "../../../dsl/index.ts";
import { Synthesis } from "../../../src/synthesis/synthesis.ts";

const strings = `(set-logic SLIA)
(synth-fun f ((name String)) String
 ((Start String (ntString))
  (ntString String (name "" " " "." "-" (str.++ ntString ntString) (str.replace ntString ntString ntString)
   (str.at ntString ntInt) (ite ntBool ntString ntString) (str.substr ntString ntInt ntInt)))
  (ntInt Int (0 1 2 (+ ntInt ntInt) (- ntInt ntInt) (str.len ntString) (str.indexof ntString ntString ntInt)))
  (ntBool Bool (true false (= ntInt ntInt) (str.prefixof ntString ntString) (str.contains ntString ntString)))))
`;
const task = (text: string, pairs: readonly (readonly [string, string])[]): SygusTask =>
  readSygusTask(
    `${text}${pairs.map(([a, b]) => `(constraint (= (f ${a}) ${b}))`).join("\n")}\n(check-synth)`,
    "test.sl",
  );
const quoted = (pairs: readonly (readonly [string, string])[]) =>
  pairs.map(([a, b]) => [JSON.stringify(a), JSON.stringify(b)] as const);

/** Half a round. */
function takeTurn(synthesis: Synthesis): void {
  do synthesis.next();
  while (synthesis.isWithinTurn);
}

/** The answer after some rounds, which must give every example. */
function solved(
  of: SygusTask,
  rounds: number,
): { readonly size: number; readonly text: (...inputs: Value[]) => unknown } {
  const examples = of.examples ?? [];
  const synthesis = new Synthesis(of.grammar, examples);
  for (let round = 0; round < rounds; round++) takeTurn(synthesis);
  const { answer } = synthesis;
  if (answer === null) throw new Error("no answer");
  for (const { inputs, output } of examples)
    expect(interpret(of.grammar, answer.program, inputs)).toEqual(output);
  return { size: answer.size, text: (...inputs) => interpret(of.grammar, answer.program, inputs) };
}

describe("programs from examples", () => {
  it("are found by joining parts of the goal", () => {
    const names = task(
      strings,
      quoted([
        ["Nancy FreeHafer", "N.F."],
        ["Andrew Cencici", "A.C."],
        ["Jan Kotas", "J.K."],
      ]),
    );
    expect(solved(names, 4).text("Laura Giussani")).toBe("L.G.");
  });

  it("decide where examples are of several kinds", () => {
    const kinds = task(
      strings,
      quoted([
        ["a-b", "a.b"],
        ["c-d", "c.d"],
        ["abc", "abc."],
        ["xyz", "xyz."],
      ]),
    );
    expect(solved(kinds, 4).size).toBeLessThan(16);
  });

  it("are found from the goal where an argument lies deep in the bank", () => {
    const pairs = quoted([
      ["+106 769-858-438", "769"],
      ["+83 973-757-831", "973"],
      ["+62 647-787-775", "647"],
      ["+6 775-969-238", "775"],
    ]);
    const numbers = solved(task(strings, pairs), 6);
    expect(numbers.text("+1 123-456-789")).toBe("123");
    // (str.substr name (+ 1 (str.indexof name " " 0)) (+ 1 2))
    expect(numbers.size).toBeLessThanOrEqual(11);
  });

  it("get smaller in later rounds, and are the same each time", () => {
    const pairs = quoted([
      ["+1 938-242-504", "938.242"],
      ["+1 308-916-545", "308.916"],
    ]);
    const sizes = [2, 3, 5].map((rounds) => solved(task(strings, pairs), rounds).size);
    expect(sizes).toEqual([...sizes].sort((a, b) => b - a));
    expect(solved(task(strings, pairs), 3).size).toBe(sizes[1]);
  });

  it("are right on all of many examples, of which a few are looked at to begin with", () => {
    const words = Array.from({ length: 60 }, (_, n) => `${String.fromCharCode(97 + (n % 26))}${n} x${n * n}`);
    const many = task(
      strings,
      quoted(
        words.map((word, n) => [
          word,
          n < 40 ? word.slice(0, word.indexOf(" ")) : (word.split(" ")[0] as string),
        ]),
      ),
    );
    expect(solved(many, 4).text("hello world")).toBe("hello");
  });

  it("have constants where any may be used", () => {
    const of = readSygusTask(
      `(set-logic LIA)
(synth-fun f ((x Int) (y Int)) Int)
(constraint (= (f 1 2) 103))
(constraint (= (f 5 3) 101))
(constraint (= (f 2 9) 116))
(constraint (= (f 9 1) 93))
(constraint (= (f 0 100) 300))
(constraint (= (f 0 0) 100))
(check-synth)`,
      "test.sl",
    );
    const f = solved(of, 8).text;
    expect(f(7, 1)).toBe(95);
  });

  it("are found for words, with a choice by a word", () => {
    const words = `(set-logic BV)
(define-fun im ((x (_ BitVec 64)) (y (_ BitVec 64)) (z (_ BitVec 64))) (_ BitVec 64) (ite (= x #x0000000000000001) y z))
(synth-fun f ((x (_ BitVec 64))) (_ BitVec 64)
 ((Start (_ BitVec 64) (#x0000000000000000 #x0000000000000001 x (bvnot Start) (bvand Start Start) (bvadd Start Start) (im Start Start Start)))))
`;
    const hex = (n: bigint): string => `#x${BigInt.asUintN(64, n).toString(16).padStart(16, "0")}`;
    const of = task(
      words,
      [5n, 8n, 0x123456789abcdefn, 0xffff_0000_ffff_0000n, 77n, 1024n].map((n) => [
        hex(n),
        hex(n % 2n === 1n ? ~n : n + n),
      ]),
    );
    const { text } = solved(of, 3);
    expect(text(11n)).toBe(BigInt.asUintN(64, ~11n));
    expect(text(12n)).toBe(24n);
  });

  const bits = (signature: string, constraints: string): SygusTask =>
    readSygusTask(`(set-logic BV)\n${signature}\n${constraints}\n(check-synth)`, "test.sl");

  it("decide inside of other terms, and take functions without arguments", () => {
    const inside = readSygusTask(
      `(set-logic LIA)
(define-fun seven () Int 7)
(synth-fun f ((x Int)) Int ((Start Int ((+ A A))) (A Int (x 0 1 seven (ite B A A))) (B Bool ((<= A A)))))
(constraint (= (f (- 3)) (- 3)))
(constraint (= (f (- 1)) (- 1)))
(constraint (= (f 2) 9))
(constraint (= (f 5) 12))
(check-synth)`,
      "test.sl",
    );
    expect(solved(inside, 8).text(6)).toBe(13);
  });

  it("come to an end where few behaviours are possible", () => {
    const narrow = bits(
      `(synth-fun f ((x (_ BitVec 4))) (_ BitVec 4) ((S (_ BitVec 4) (x #x0 #x2 (bvadd S S) (bvand S S)))))`,
      "(constraint (= (f #x4) #x5))\n(constraint (= (f #x2) #x2))",
    );
    const synthesis = new Synthesis(narrow.grammar, narrow.examples ?? []);
    for (let half = 0; half < 100 && !synthesis.isOver; half++) takeTurn(synthesis);
    expect(synthesis).toMatchObject({ isOver: true, answer: null, best: { passed: 1 } });
  });

  it("keep words of several widths apart", () => {
    const widths = bits(
      `(synth-fun f ((x (_ BitVec 8))) (_ BitVec 24) ((S (_ BitVec 24)) (A (_ BitVec 8)) (B (_ BitVec 16)))
 ((S (_ BitVec 24) ((concat A B))) (A (_ BitVec 8) (#x01 #x02)) (B (_ BitVec 16) (#x0001 #x0002))))`,
      "(constraint (= (f #x01) #x010002))",
    );
    const synthesis = new Synthesis(widths.grammar, widths.examples ?? []);
    for (let half = 0; half < 6; half++) takeTurn(synthesis);
    expect(printSygusProgram(widths, synthesis.answer?.program as Program)).toContain("(concat #x01 #x0002)");
  });

  it("count what fails as no output, also of words", () => {
    const traps = readSygusTask(
      `(set-logic ALL)
(define-fun g ((x Int)) (_ BitVec 8) (ite (= (div 4 x) 2) #x01 #x00))
(synth-fun f ((x Int)) (_ BitVec 8) ((S (_ BitVec 8) ((g I) (bvnot S))) (I Int (x))))
(constraint (= (f 2) #xfe))
(constraint (= (f 0) #xff))
(check-synth)`,
      "test.sl",
    );
    const synthesis = new Synthesis(traps.grammar, traps.examples ?? []);
    for (let half = 0; half < 30 && !synthesis.isOver; half++) takeTurn(synthesis);
    expect(synthesis).toMatchObject({ answer: null, best: { passed: 1 } });
  });
});
