import { describe, expect, it } from "vitest";
import { readSExpressions, type SExpression } from "../../../dsl/index.ts";

const read = (text: string): readonly SExpression[] => readSExpressions(text, "file.sl");

/** Kinds, texts and places, written shortly. */
const shape = (expression: SExpression): unknown =>
  expression.kind === "group"
    ? expression.items.map(shape)
    : `${expression.kind} ${expression.text} ${expression.line}:${expression.column}`;

describe("s-expressions", () => {
  it("have atoms of every kind with their places", () => {
    expect(read('(a "b ""c"" ;"\n  |d e| -1 12 1.5 #x0F\n#b01) ; end').map(shape)).toEqual([
      [
        "symbol a 1:2",
        'string b "c" ; 1:4',
        "symbol d e 2:3",
        "numeral -1 2:9",
        "numeral 12 2:12",
        "decimal 1.5 2:15",
        "bits #x0F 2:19",
        "bits #b01 3:1",
      ],
    ]);
  });

  it("have places after comments, strings of several lines and Windows line ends", () => {
    const [first, second] = read('; one\r\n"a\nb" (x)');
    expect(first).toMatchObject({ kind: "string", text: "a\nb", line: 2, column: 1 });
    expect(second).toMatchObject({ kind: "group", line: 3, column: 4 });
  });

  it("take signs and dots for names unless a digit follows", () => {
    expect(read("- -x + str.++ => <= _").map((e) => e.kind)).toEqual(
      Array.from({ length: 7 }, () => "symbol"),
    );
  });

  it("may be as deep as the bound and no deeper", () => {
    const nested = (depth: number): string => `${"(".repeat(depth)}${")".repeat(depth)}`;
    expect(read(nested(1000))).toHaveLength(1);
    expect(() => read(nested(1001))).toThrow("file.sl, line 1, column 1001: must have at most 1000 brackets");
    expect(() => read("(".repeat(1_000_000))).toThrow("at most 1000 brackets");
  });

  it("may be long", () => {
    expect(read(`"${"a".repeat(2_000_000)}" ${"x ".repeat(200_000)}`)).toHaveLength(200_001);
  });

  it.each([
    ["(a\n  (b)", "file.sl, line 1, column 1: must close this bracket; the file ends before."],
    ["(a\n  (b", "file.sl, line 2, column 3: must close this bracket"],
    ["(a)\n )", "file.sl, line 2, column 2: must not close a bracket that is not open"],
    ['(a "b)', "file.sl, line 1, column 4: must close this quotation mark"],
    ["(a |b)", "file.sl, line 1, column 4: must close this |"],
    ["#xg", "file.sl, line 1, column 1: must be bits such as #x1f or #b101; got #xg."],
    ["#", "must be bits"],
    ["12a", "must be a number or a name, which begins with no digit; got 12a."],
  ])("are refused: %s", (text, message) => {
    expect(() => read(text)).toThrow(message);
  });
});
