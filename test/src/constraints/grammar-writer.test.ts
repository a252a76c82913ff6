import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { interpret, readSygusTask } from "../../../dsl/index.ts";
import { GrammarWriter } from "../../../src/constraints/grammar-writer.ts";
import { constantOf, sum, valueAt, variableOf } from "../../../src/constraints/linear.ts";

const grammars = {
  "all of linear arithmetic": "",
  "sums and differences of 0 and 1":
    "((S Int (x y z 0 1 (+ S S) (- S S))) (B Bool ((<= S S) (not B) (and B B))))",
  "constants and products": "((S Int ((Constant Int) x y z (+ S S) (* (Constant Int) S))))",
} as const;
const coefficients = fc.tuple(...[0, 1, 2, 3].map(() => fc.integer({ min: -6, max: 6 })));

describe.each(Object.entries(grammars))("terms written with %s", (_, grammar) => {
  const task = readSygusTask(
    `(set-logic LIA)(synth-fun f ((x Int) (y Int) (z Int)) Int ${grammar})(declare-var x Int)(constraint (= (f x x x) x))`,
    "test.sl",
  );
  const writer = new GrammarWriter(task.grammar);

  it("come to what the form does", () => {
    fc.assert(
      fc.property(coefficients, fc.tuple(...[0, 1, 2].map(() => fc.integer())), ([a, b, c, d], point) => {
        const form = [a, b, c].reduce(
          (total, factor, k) => sum(total, variableOf(k), factor),
          constantOf(d as number),
        );
        const written = writer.linear(writer.start, form);
        if (written === null) throw new Error("not written");
        expect(interpret(task.grammar, writer.programOf(written), point)).toBe(
          valueAt(form, (k) => point[k] as number),
        );
      }),
    );
  });
});

describe("terms that a grammar has not", () => {
  it("are not written", () => {
    const task = readSygusTask(
      "(set-logic LIA)(synth-fun f ((x Int)) Int ((S Int (x (+ S S)))))(declare-var x Int)(constraint (= (f x) x))",
      "test.sl",
    );
    const writer = new GrammarWriter(task.grammar);
    expect(writer.linear(writer.start, constantOf(1))).toBe(null);
    expect(writer.linear(writer.start, sum(constantOf(0), variableOf(0), -1))).toBe(null);
    expect(writer.linear(writer.start, sum(constantOf(0), variableOf(0), 5))?.tokens.length).toBe(9);
  });
});
