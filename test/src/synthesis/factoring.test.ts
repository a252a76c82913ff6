import { expect, it } from "vitest";
import { printProgram, readSygusTask } from "../../../dsl/index.ts";
import { programOf } from "../../../src/synthesis/answer.ts";
import { Enumeration } from "../../../src/synthesis/enumeration.ts";
import { factored } from "../../../src/synthesis/factoring.ts";
import type { Application } from "../../../src/synthesis/application.ts";
import { Terms } from "../../../src/synthesis/terms.ts";

it("makes a choice of the one argument in which the branches differ", () => {
  const { grammar } = readSygusTask(
    `(set-logic SLIA)
(synth-fun f ((a String)) String ((Start String (a "p" "r" (str.++ Start Start) (ite B Start Start)))
  (B Bool ((str.contains Start Start)))))
(constraint (= (f "") "x"))`,
    "choice.sl",
  );
  const examples = ["pq", "rs", "qq"].map((a) => ({ inputs: [a], output: "" }));
  const terms = new Terms(grammar, examples, 100);
  // The terms of one node: a, "p", "r" in this order.
  new Enumeration(terms, () => true, 1, false).grow(1000, 1000);
  const row = (name: string): Application =>
    terms.applications.find((one) => one.row.name === name) as Application;
  const [a, p, r] = [0, 1, 2];
  const has = (letter: number): number => terms.put(row("str.contains"), a, letter);
  const joined = (first: number, last: number): number =>
    terms.put(row("str.++"), first, terms.put(row("str.++"), last, last));
  const inner = terms.put(row("ite"), has(r), joined(a, r), joined(a, a));
  const nested = terms.put(row("ite"), has(p), joined(a, p), inner);
  const text = (of: number): string => printProgram(grammar, programOf(terms, grammar.resultType, of));
  expect(text(nested)).toMatch(/^\(ite/);
  expect(text(factored(terms, grammar.resultType, nested))).toBe(
    '(str.++ a (ite (str.contains a "p") (str.++ "p" "p") (ite (str.contains a "r") (str.++ "r" "r") (str.++ a a))))',
  );
});
