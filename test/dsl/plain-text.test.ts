import { describe, expect, it } from "vitest";
import {
  collections,
  compileGrammar,
  int,
  list,
  parseProgram,
  printPlainly,
  printProgram,
  string,
} from "../../dsl/index.ts";

const grammar = compileGrammar(collections({ types: [list(list(int))] }), {
  argumentNames: ["xs"],
  argumentTypes: [list(int)],
  result: list(int),
});

describe("the plain text of a program", () => {
  it("has bare names where it is read as the same program", () => {
    const program = parseProgram(grammar, "(map@int,int (lambda (i) (* i i)) xs)");
    expect(printProgram(grammar, program)).toContain("@");
    expect(printPlainly(grammar, program)).toBe("(map (lambda (i) (* i i)) xs)");
    expect(parseProgram(grammar, printPlainly(grammar, program))).toEqual(program);
  });

  it("tells types where a bare name is read as another program", () => {
    const text = "(map@list<int>,int (lambda (i) 1) (chunks 2 xs))";
    const other = "(map@int,int (lambda (i) 1) (empty))";
    expect(printPlainly(grammar, parseProgram(grammar, text))).toBe(text.replace("@list<int>,int", ""));
    expect(printPlainly(grammar, parseProgram(grammar, other))).toBe(other);
  });

  it("leaves literals as they are", () => {
    const value = "(map@int xs)";
    const texts = compileGrammar(collections({ types: [string], literals: [{ type: string, value }] }), {
      argumentNames: [],
      argumentTypes: [],
      result: string,
    });
    expect(printPlainly(texts, parseProgram(texts, JSON.stringify(value)))).toBe(JSON.stringify(value));
  });
});
