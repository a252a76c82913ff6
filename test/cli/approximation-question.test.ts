import { describe, expect, it } from "vitest";
import { questionOf } from "../../src/cli/approximation-question.ts";
import { withJoinedOperations } from "../../src/cli/joined-operations.ts";

const argv = { formula: "2^x", from: "0", to: "1" };

describe("operations on the command line", () => {
  it("are those of the question, however they are written", () => {
    for (const ops of ["+ - * /", "+,-,*,/", "+-*/", "+, -, *, /", "+ - * / +"])
      expect(questionOf({ ...argv, ops }).operations).toEqual(["+", "-", "*", "/"]);
    expect(questionOf({ ...argv, ops: "+*sqrt,log1p" }).operations).toEqual(["+", "*", "sqrt", "log1p"]);
    expect(questionOf(argv)).toEqual({ target: "2^x", from: 0, to: 1 });
  });

  it("are one word for yargs, which ends where something else begins", () => {
    const joined = (line: string): string[] =>
      withJoinedOperations(["approximate", ...line.split(" ")]).slice(1);
    expect(joined("2^x --ops + - * / --from 0")).toEqual(["2^x", "--ops=+ - * /", "--from", "0"]);
    expect(joined("--ops + - sqrt 2^x --to 1")).toEqual(["--ops=+ - sqrt", "2^x", "--to", "1"]);
    expect(joined("--ops +-*/ --to 1")).toEqual(["--ops", "+-*/", "--to", "1"]);
    expect(joined("2^x --ops")).toEqual(["2^x", "--ops"]);
    expect(joined("2^x --ops --to 1")).toEqual(["2^x", "--ops", "--to", "1"]);
    expect(withJoinedOperations(["show", "--ops", "-"])).toEqual(["show", "--ops", "-"]);
  });
});

describe("formulas on the command line", () => {
  it("may begin with a minus, and stand for the ends of the interval", () => {
    expect(withJoinedOperations(["approximate", "-x^2", "--from", "-pi/2", "--to", "-0.5", "-o"])).toEqual([
      "approximate",
      " -x^2",
      "--from=-pi/2",
      "--to=-0.5",
      "-o",
    ]);
    for (const words of [
      ["approximate", "-h"],
      ["approximate", "--help"],
      ["approximate", "--from", "--to", "1"],
      ["approximate"],
    ])
      expect(withJoinedOperations(words)).toEqual(words);
    expect(questionOf({ formula: " -x^2", from: "-pi/2", to: "1e-3" })).toEqual({
      target: "-x^2",
      from: -Math.PI / 2,
      to: 0.001,
    });
  });
});
