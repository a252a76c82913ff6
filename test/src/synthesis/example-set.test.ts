import { describe, expect, it } from "vitest";
import { parseProgram, typeText } from "../../../dsl/index.ts";
import { exampleGrammar, examplesOfCsv, examplesOfJson, InputError } from "../../../src/index.ts";

const problemsOf = (read: () => unknown): readonly string[] => {
  try {
    read();
  } catch (error) {
    if (error instanceof InputError) return error.problems;
    throw error;
  }
  return [];
};

describe("examples of a CSV file", () => {
  it("have a column for each input, and the outputs in the last or a named one", () => {
    const csv = "full name,year,big\nJan Kotas,1984,true\nAnne Hellung,2001,false\n";
    const { signature, examples } = examplesOfCsv(csv, "a.csv");
    expect(signature.argumentNames).toEqual(["full-name", "year"]);
    expect([...signature.argumentTypes, signature.result].map(({ kind }) => kind)).toEqual([
      "string",
      "int",
      "bool",
    ]);
    expect(examples[1]).toEqual({ inputs: ["Anne Hellung", 2001], output: false, place: "line 3" });
    expect(examplesOfCsv(csv, "a.csv", "full name").examples[0]).toMatchObject({
      inputs: [1984, true],
      output: "Jan Kotas",
    });
  });

  it("may begin with a #, below the names of the columns, and have columns that no program could name", () => {
    const { signature, examples } = examplesOfCsv("# tags\nx2,日 本,out\n#a,b,1\nc,#d,2\n", "a.csv");
    expect(new Set(signature.argumentNames).size).toBe(2);
    expect(examples).toHaveLength(2);
  });

  it("may have semicolons or tabs between cells, with commas in them", () => {
    for (const separator of [";", "\t"]) {
      const lines = [
        ["name", "price"],
        ["Jan", "1,5"],
        ['"A;B"', "2,0"],
      ];
      const csv = lines.map((cells) => cells.join(separator)).join("\n");
      const { signature, examples } = examplesOfCsv(csv, "a.csv");
      expect(signature.argumentNames).toHaveLength(1);
      expect(examples.map(({ inputs, output }) => [...inputs, output])).toEqual([
        ["Jan", "1,5"],
        ["A;B", "2,0"],
      ]);
    }
  });

  it("are texts where numbers begin with 0, and each is told once", () => {
    const { signature, examples } = examplesOfCsv("a,b\n007,1\n7,2\n7,2\n", "a.csv");
    expect(signature.argumentTypes[0]?.kind).toBe("string");
    expect(examples).toHaveLength(2);
  });

  it.each([
    ["a\n1\n", undefined, "a.csv must have a line of column names"],
    ["a,b\n1\n", undefined, "a.csv, line 2 must have 2 cells; got 1."],
    ["a,b\n", undefined, "a.csv must have at least one example; it has none."],
    ["a,b\n1,2\n", "c", 'a.csv must have a column "c"; got a, b.'],
    [
      "a,b\n1,2\n3,4\n1,5\n",
      undefined,
      "a.csv, line 2 and line 4: examples must not contradict each other; for 1 the outputs are 2 and 5.",
    ],
  ])("are refused in one line: %j", (csv, target, said) => {
    const problems = problemsOf(() => examplesOfCsv(csv, "a.csv", target));
    expect(problems).toHaveLength(1);
    expect(problems[0]).toContain(said);
  });
});

describe("examples of a JSON file", () => {
  it("have inputs by name, in a list, or one", () => {
    const read = (json: unknown) => examplesOfJson(JSON.stringify(json), "a.json");
    expect(read([{ input: { a: 1, b: "x" }, output: true }]).signature.argumentNames).toEqual(["a", "b"]);
    expect(read({ examples: [{ input: [1, 2], output: 3 }] }).signature.argumentNames).toEqual(["x1", "x2"]);
    expect(read([{ input: "a", output: "b" }]).examples).toEqual([
      { inputs: ["a"], output: "b", place: "example 1" },
    ]);
    expect(
      read([
        { input: { a: 1, b: 2 }, output: 3 },
        { input: { b: 5, a: 4 }, output: 9 },
      ]).examples[1]?.inputs,
    ).toEqual([4, 5]);
  });

  it.each([
    ["{", "a.json, line 1, column 2 must be JSON"],
    ["", "a.json must have examples; it is empty."],
    ['[\n{"input":[1}]', "a.json, line 2, column 12 must be JSON"],
    ["3", "a.json must be a list of examples"],
    ["[]", "a.json must have at least one example"],
    ["[3]", "a.json, example 1 must be an object such as"],
    ['[{"input":1}]', "a.json, example 1 must be an object such as"],
    [
      '[{"input":{"a":1},"output":1},{"input":{"b":1},"output":1}]',
      "a.json, example 2 must have the inputs of the first one, a; got b.",
    ],
    [
      '[{"input":null,"output":1}]',
      "a.json, example 1: input x must be a text, a number, true or false, or a list of values of one such type; got null.",
    ],
    [
      '[{"input":{"xs":[1]},"output":1},{"input":{"xs":["a"]},"output":1}]',
      "a.json, example 2: input xs must be of type list<int>, as in the first example; got",
    ],
    [
      '[{"input":{"xs":[1,"a"]},"output":1}]',
      "a.json, example 1: input xs must be a text, a number, true or false, or a list of values of one such type; got",
    ],
    [
      '[{"input":1,"output":1},{"input":"b","output":2}]',
      "a.json, example 2: input x must be of type int, as in the first example",
    ],
    [
      '[{"input":1,"output":1},{"input":1,"output":2}]',
      "a.json, example 1 and example 2: examples must not contradict",
    ],
  ])("are refused in one line: %s", (json, said) => {
    const problems = problemsOf(() => examplesOfJson(json, "a.json"));
    expect(problems).toHaveLength(1);
    expect(problems[0]).toContain(said);
  });
});

describe("lists in a JSON file", () => {
  const typesOf = (json: unknown): string[] => {
    const { signature } = examplesOfJson(JSON.stringify(json), "a.json");
    return [...signature.argumentTypes, signature.result].map(typeText);
  };

  it("have the type of their elements, which empty ones leave open", () => {
    expect(
      typesOf([
        { input: { xs: [], yss: [[]], w: [] }, output: [] },
        { input: { xs: [1, 2], yss: [[], ["a"]], w: [true] }, output: [3] },
      ]),
    ).toEqual(["list<int>", "list<list<string>>", "list<bool>", "list<int>"]);
    expect(typesOf([{ input: { xs: [] }, output: 1 }])).toEqual(["list<int>", "int"]);
  });

  it("are the one input where they are of several lengths, and the inputs where they are of one", () => {
    expect(
      typesOf([
        { input: [1, 2], output: 3 },
        { input: [1], output: 1 },
      ]),
    ).toEqual(["list<int>", "int"]);
    expect(typesOf([{ input: [1, 2], output: 3 }])).toEqual(["int", "int", "int"]);
  });

  it("have a language of lists, decimals one of arithmetic, and texts alone one of texts", () => {
    const languageOf = (json: unknown): string =>
      exampleGrammar(examplesOfJson(JSON.stringify(json), "a.json")).language.name;
    expect(languageOf([{ input: { xs: ["a"] }, output: "a" }])).toBe("collections");
    expect(languageOf([{ input: 1, output: 2 }])).toBe("collections");
    expect(languageOf([{ input: 1, output: 2.5 }])).toBe("arithmetic");
    expect(languageOf([{ input: "a", output: 2 }])).toBe("text");
    expect(() => languageOf([{ input: "a", output: 2.5 }])).toThrow(InputError);
  });
});

describe("the grammar of examples", () => {
  const literalsOf = (pairs: readonly (readonly [string, string])[]): unknown[] =>
    exampleGrammar(
      examplesOfJson(JSON.stringify(pairs.map(([input, output]) => ({ input, output }))), "a.json"),
    ).language.literals.map(({ value }) => value);

  it("has the signs between words, and words that several outputs have and their inputs have not", () => {
    const literals = literalsOf([
      ["Jan Kotas", "Dr. Kotas"],
      ["Anne-Marie Smith", "Dr. Smith"],
      ["Lee", "Lee Once"],
    ]);
    expect(literals).toEqual(expect.arrayContaining(["", " ", ".", "-", "Dr"]));
    expect(literals).not.toContain("Kotas");
    expect(literals).not.toContain("Once");
    expect(literals).not.toContain("Dr. Kotas");
  });

  it("has outputs that come again", () => {
    const kinds = ["a.png", "b.txt", "c.png", "d.txt"].map(
      (file) => [file, file.endsWith("png") ? "a picture" : "a text"] as const,
    );
    expect(literalsOf(kinds)).toEqual(expect.arrayContaining(["a picture", "a text"]));
  });

  const ints = (of: readonly (readonly [unknown, unknown])[]): unknown[] =>
    exampleGrammar(
      examplesOfJson(JSON.stringify(of.map(([input, output]) => ({ input, output }))), "a.json"),
    ).language.literals.flatMap(({ value }) => (typeof value === "number" ? [value] : []));

  it("has the ints at which outputs change, unless they change all the time", () => {
    const ages = [3, 40, 12, 17, 18, 66].map((age) => [age, age < 18 ? "child" : "adult"] as const);
    expect(ints(ages)).toContain(18);
    expect(ints(ages)).not.toContain(40);
    const squares = [30, 40, 50, 60, 70, 80].map((n) => [n, `${n * n}`] as const);
    expect(ints(squares)).not.toContain(50);
  });

  it("lets rows look for patterns of the list only", () => {
    const grammar = exampleGrammar(examplesOfJson('[{"input":"a 1","output":"1"}]', "a.json"));
    expect(() => parseProgram(grammar, '(match x "[0-9]+" 0)')).not.toThrow();
    expect(() => parseProgram(grammar, '(match x " " 0)')).toThrow(/" "/);
    expect(() => parseProgram(grammar, '(concat x "[0-9]+")')).toThrow(/0-9/);
  });
});
