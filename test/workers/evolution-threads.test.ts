import { expect, it } from "vitest";
import { readSygusTask } from "../../dsl/index.ts";
import { exampleGrammar, examplesOfCsv, type Grammar, JointSynthesis } from "../../src/index.ts";
import { threadsEvolution } from "../../workers/index.ts";

const text = `(set-logic SLIA)
(synth-fun f ((x String)) String
 ((Start String (x "." "-" (str.++ Start Start) (str.at Start I) (str.replace Start Start Start)))
  (I Int (0 1 (+ I I) (str.len Start)))))
(constraint (= (f "a-b-c") "a.b."))
(constraint (= (f "d-e-f") "d.e."))
(check-synth)`;
const task = readSygusTask(text, "test.sl");
const set = examplesOfCsv("name,short\nJan Kotas,J. K.\nAnn Lee,A. L.\n", "names.csv");

it.each([
  ["a task of SyGuS", task.grammar, task.examples ?? [], { kind: "sygus", fileName: "test.sl", text }],
  ["a table", exampleGrammar(set), set.examples, { kind: "examples", ...set }],
] as const)(
  "epochs of %s on threads give what they give in one thread",
  async (_, grammar, examples, source) => {
    const search = async (workers: number) => {
      const executor = workers === 1 ? null : threadsEvolution(source, grammar, examples, workers, 0);
      const options = executor === null ? {} : { executor };
      const synthesis = new JointSynthesis(grammar, examples, { emitters: "evolution", ...options });
      for (let turn = 0; turn < 20; turn++) await synthesis.next();
      await executor?.close();
      return { digest: synthesis.digest, answer: synthesis.answer };
    };
    const one = await search(1);
    expect(await search(2)).toEqual(one);
  },
);

it("a thread with another grammar is told", async () => {
  const other: Grammar = readSygusTask(text.replace('"." "-"', '"-" "."'), "test.sl").grammar;
  const examples = task.examples ?? [];
  const executor = threadsEvolution({ kind: "sygus", fileName: "test.sl", text }, other, examples, 2, 0);
  const synthesis = new JointSynthesis(other, examples, { emitters: "evolution", executor });
  await expect(async () => {
    for (let turn = 0; turn < 20; turn++) await synthesis.next();
  }).rejects.toThrow("the grammar of a thread must be the one of the search");
  await executor.close();
});
