import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { InputError } from "../../dsl/index.ts";
import { table } from "../../src/table.ts";

const problemsOf = (
  text: string,
  columns: Readonly<Record<string, "number" | "string">>,
): readonly string[] => {
  try {
    table(text, columns, { name: "data.csv" });
  } catch (error) {
    if (error instanceof InputError) return error.problems;
    throw error;
  }
  return [];
};

describe("a table", () => {
  it("is read into rows with the wanted columns, typed, whatever their order", () => {
    const text = "body,period,mass\nMercury,87.97,3e23\nVenus,224.7,-4.8e24\n";
    expect(table(text, { mass: "number", body: "string" })).toEqual([
      { mass: 3e23, body: "Mercury" },
      { mass: -4.8e24, body: "Venus" },
    ]);
  });

  it("is the same with CRLF, without a last line break, with a byte order mark", () => {
    const wanted = [
      { a: 1, b: "x" },
      { a: 2, b: "" },
    ];
    for (const text of [
      "a,b\n1,x\n2,\n",
      "a,b\r\n1,x\r\n2,\r\n",
      "a,b\n1,x\n2,",
      "\uFEFFa,b\n1,x\n2,",
      "a,b\n\n1,x\n\n2,\n\n",
    ])
      expect(table(text, { a: "number", b: "string" })).toEqual(wanted);
  });

  it("takes quoted cells with commas, quotes and line breaks in them", () => {
    const text = 'name,"note, with comma"\n"Ada ""Countess"" L.","first\r\nsecond"\n"",plain\n';
    expect(table(text, { name: "string", "note, with comma": "string" })).toEqual([
      { name: 'Ada "Countess" L.', "note, with comma": "first\r\nsecond" },
      { name: "", "note, with comma": "plain" },
    ]);
  });

  it("skips lines that begin with #, but not cells", () => {
    const text = '# a table, with "a quote\na,b\n# 1,2\n3,#4\n#';
    expect(table(text, { a: "number", b: "string" })).toEqual([{ a: 3, b: "#4" }]);
  });

  it("gives back what was written, for any strings", () => {
    const cells = fc.string({ unit: fc.constantFrom("a", '"', ",", "\n", "\r", "#", " ", "é") });
    fc.assert(
      fc.property(fc.array(fc.tuple(cells, cells)), (rows) => {
        const quote = (cell: string): string => `"${cell.replaceAll('"', '""')}"`;
        const text = `a,b\n${rows.map((row) => row.map(quote).join(",")).join("\n")}`;
        expect(table(text, { a: "string", b: "string" })).toEqual(rows.map(([a, b]) => ({ a, b })));
      }),
    );
  });

  it("takes very long quoted cells", () => {
    const long = "x".repeat(5_000_000);
    expect(table(`a,b\n"${long}",1`, { a: "string" })[0]?.a.length).toBe(long.length);
  });

  it("takes very many quotes", () => {
    const text = `a\n"${'""'.repeat(1_000_000)}"\n`;
    expect(table(text, { a: "string" })[0]?.a).toBe('"'.repeat(1_000_000));
    expect(problemsOf(`a\n${'"'.repeat(9_999_999)}`, { a: "string" })).toEqual([
      "data.csv, line 2 must be CSV; a quote is out of place.",
    ]);
  });

  it("is bounded in its cells and what messages show of them", () => {
    expect(problemsOf(`a${",".repeat(10_000)}\n`, { a: "string" })).toEqual([
      "data.csv, line 1 must have at most 10000 cells; got more.",
    ]);
    expect(problemsOf(`a\n"${"x".repeat(10_000_000)}"`, { a: "string" })).toEqual([
      "data.csv, line 2 must have cells of at most 10000000 characters; got 10000002.",
    ]);
    const lines = `${",".repeat(9_999)}\n`.repeat(1001);
    expect(problemsOf(lines, { "": "string" })).toEqual([
      "data.csv must have at most 10000000 cells; got more, in line 1001.",
    ]);
    expect(problemsOf(`a\n${"x".repeat(1000)}`, { a: "number" })).toEqual([
      `data.csv, line 2, column "a" must be a number; got "${"x".repeat(100)}…".`,
    ]);
    expect(problemsOf("a\r1\r", { a: "number" })).toEqual([
      "data.csv, line 1 must be CSV; a carriage return is out of place.",
    ]);
  });

  it("without a wanted column is refused, with what it has", () => {
    expect(problemsOf("a,b\n1,2", { c: "number", d: "string" })).toEqual([
      'data.csv must have a column "c"; got a, b.',
      'data.csv must have a column "d"; got a, b.',
    ]);
    expect(problemsOf("", { a: "number" })).toEqual([
      "data.csv must have a line of column names; got nothing.",
    ]);
    expect(problemsOf("# only\n\n", { a: "number" })).toHaveLength(1);
  });

  it("with text in a column of numbers is refused, cell by cell with its line", () => {
    const text = 'a,b\n1,"two\nlines"\n# comment\nx,y\n,z\n1e999,\n';
    expect(problemsOf(text, { a: "number", b: "string" })).toEqual([
      'data.csv, line 5, column "a" must be a number; got "x".',
      'data.csv, line 6, column "a" must be a number; got "".',
      'data.csv, line 7, column "a" must be a number; got "1e999".',
    ]);
  });

  it("with rows of other lengths is refused", () => {
    expect(problemsOf("a,b\n1\n1,2,3\n", { a: "number" })).toEqual([
      "data.csv, line 2 must have 2 cells; got 1.",
      "data.csv, line 3 must have 2 cells; got 3.",
    ]);
  });

  it("with a quote out of place is refused, and at most 20 problems are listed", () => {
    expect(problemsOf('a,b\n1,x"y\n', { a: "number" })).toEqual([
      "data.csv, line 2 must be CSV; a quote is out of place.",
    ]);
    expect(problemsOf('a\n"never closed\n', { a: "string" })).toHaveLength(1);
    expect(problemsOf(`a\n${"x\n".repeat(500)}`, { a: "number" })).toHaveLength(20);
  });
});
