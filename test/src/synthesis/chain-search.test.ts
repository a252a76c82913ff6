import { expect, it } from "vitest";
import { readSygusTask } from "../../../dsl/index.ts";
import { valueOn } from "../../../src/synthesis/answer.ts";
import { ChainSearch } from "../../../src/synthesis/chain-search.ts";
import { Terms } from "../../../src/synthesis/terms.ts";

it("writes a goal as a chain of parts, however many states there are between", () => {
  const { grammar } = readSygusTask(
    `(set-logic SLIA)
(synth-fun f ((p String) (q String) (r String) (s String)) String ((Start String (p q r s (str.++ Start Start)))))
(constraint (= (f "" "" "" "") "x"))`,
    "chain.sl",
  );
  // Of one letter, so that a state is how many are left in each example: thousands of triples.
  const lengths = [
    [1, 2, 3],
    [2, 1, 1],
    [3, 1, 2],
    [1, 3, 1],
  ];
  const uses = [3, 4, 5, 2];
  const examples = [0, 1, 2].map((e) => ({
    inputs: lengths.map((each) => "a".repeat(each[e] as number)),
    output: "a".repeat(lengths.reduce((sum, each, k) => sum + (each[e] as number) * (uses[k] as number), 0)),
  }));
  const terms = new Terms(grammar, examples, 100);
  for (const { kind, type, id, index } of grammar.productions) {
    if (kind !== "argument") continue;
    examples.forEach(({ inputs }, e) => {
      terms.column[e] = terms.numberOf(type, inputs[index]);
    });
    terms.bank(type).insert(terms.column, id, 1, 0, 0, 0, 0, true);
  }
  const bank = terms.bank(grammar.resultType);
  const chain = new ChainSearch(terms, terms.applications[0] as Terms["applications"][number]);
  const row = chain.search(
    terms.goal(),
    [0, 1, 2],
    (wanted) => bank.find(wanted),
    Number.POSITIVE_INFINITY,
    1_000_000,
  );
  for (const { inputs, output } of examples)
    expect(valueOn(terms, grammar.resultType, row, inputs)).toBe(output);
  expect(bank.size[row]).toBe(2 * (3 + 4 + 5 + 2) - 1);
});
