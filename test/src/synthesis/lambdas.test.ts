import { describe, expect, it } from "vitest";
import { int, interpret, limits, list, printProgram, sameOutcome, type Value } from "../../../dsl/index.ts";
import { exampleGrammar, examplesOfJson, Synthesis } from "../../../src/index.ts";
import { textbookTasks } from "../../../bench/textbook-tasks.ts";
import { exampleFile } from "../../../bench/textbook.ts";
import { lambdaContexts } from "../../../src/synthesis/lambda-contexts.ts";

/** What is found within so many candidates. */
function solved(
  examples: readonly { readonly input: Value | object; readonly output: Value }[],
  budget: number,
) {
  const set = examplesOfJson(JSON.stringify(examples), "a.json");
  const grammar = exampleGrammar(set);
  const synthesis = new Synthesis(grammar, set.examples);
  while (synthesis.answer === null && !synthesis.isOver && synthesis.steps < budget) synthesis.next();
  const { answer } = synthesis;
  if (answer === null) throw new Error("no answer");
  return {
    text: printProgram(grammar, answer.program),
    grammar,
    program: answer.program,
    examples: set.examples,
  };
}

describe("programs with lambdas", () => {
  it.each(["keep-positives", "squares"])(
    "are found from the examples of a textbook function, and give what it does elsewhere: %s",
    (name) => {
      const task = textbookTasks.find((one) => one.name === name);
      if (task === undefined) throw new Error("no such task");
      const { grammar, program } = solved(JSON.parse(exampleFile(task)) as never, 20_000_000);
      for (const { inputs, output } of [...task.examples, ...task.hidden])
        expect(sameOutcome(interpret(grammar, program, inputs), output)).toBe(true);
    },
  );

  it("have lambdas whose bodies decide", () => {
    const cut = (xs: readonly number[], n: number): number[] => xs.map((x) => (x < n ? 0 : x));
    const inputs = [
      { xs: [3, 9, 4], n: 5 },
      { xs: [], n: 2 },
      { xs: [8, 1, 7, 2], n: 2 },
      { xs: [6, 5], n: 9 },
    ];
    const { text, grammar, program } = solved(
      inputs.map((input) => ({ input, output: cut(input.xs, input.n) })),
      20_000_000,
    );
    expect(text).toContain("(if ");
    expect(interpret(grammar, program, [[1, 2, 3, 4], 3])).toEqual([0, 0, 3, 4]);
  });

  it("are the same each time", () => {
    const once = (): string =>
      solved(
        [
          { input: { xs: [1, 2, 3] }, output: [3, 4, 5] },
          { input: { xs: [7] }, output: [9] },
        ],
        5_000_000,
      ).text;
    expect(once()).toBe(once());
  });

  it("end soon where a loop would be long", () => {
    expect(() =>
      solved(
        [
          { input: 9_007_199_254_740_000, output: 17 },
          { input: -9_007_199_254_740_000, output: 23 },
          { input: 5, output: 11 },
        ],
        300_000,
      ),
    ).toThrow("no answer");
    expect(limits.fuel).toBeGreaterThan(2000);
  });
});

describe("contexts of the bodies of lambdas", () => {
  it("are bounded, each once, with parts of the inputs and small ints as values", () => {
    const around = Array.from({ length: 12 }, (_, k) => ({ inputs: [[k, k + 1, 40 + k]] as Value[] }));
    const contexts = lambdaContexts(around, [int, int]);
    expect(contexts.length).toBeLessThanOrEqual(120);
    expect(contexts.length).toBeGreaterThan(40);
    const keys = contexts.map(({ around: from, bound }) => JSON.stringify([from, bound]));
    expect(new Set(keys).size).toBe(keys.length);
    expect(contexts.some(({ bound }) => bound?.includes(40))).toBe(true);
    expect(lambdaContexts([{ inputs: [3] }], [list(list(int))])).toEqual([]);
  });
});
