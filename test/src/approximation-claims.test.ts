import { describe, expect, it } from "vitest";
import {
  approximationClaims,
  arithmetic,
  type ArithmeticOperation,
  checkClaims,
  checkFile,
  type ClaimCheck,
  compileGrammar,
  exportProgram,
  fn,
  formClaims,
  grammarClaims,
  headerLines,
  parseProgram,
  programClaims,
  readClaims,
  real,
} from "../../src/index.ts";

const VERSION = "1.2.3";
const operations: readonly ArithmeticOperation[] = ["+", "-", "*", "/"];
const grammar = compileGrammar(arithmetic({ constants: true, operations }), fn({ x: real }, real));

const claimsOf = (text: string, target: string, from: number, to: number, error: "relative" | "absolute") =>
  approximationClaims(grammar, parseProgram(grammar, text), { target, from, to, error, precision: "f64" });

describe("what is claimed of an approximation", () => {
  it("is the function, the interval and the largest error, with and without rounding", () => {
    expect(claimsOf("(+ 1.0 x)", "2^x", 1, 2, "absolute")).toEqual({
      target: "2^x",
      domain: "x from 1 to 2",
      error: "absolute, sampled at 10001 Chebyshev points",
      "largest error": "1e+0 in exact arithmetic (double-double)",
      "largest error as run": "1e+0 in doubles, at 200000 points",
    });
    // Rounding hides how near this is, and then it is all there is.
    const near = claimsOf("(* x (+ 1.0 (* 1e-20 x)))", "x", 1, 2, "relative");
    expect(near["largest error"]).toBe("2e-20 in exact arithmetic (double-double)");
    expect(near["largest error as run"]).toBe("0e+0 in doubles, at 200000 points");
    expect(claimsOf("(+ 1.0 (- x 1.0))", "x", 1, 2, "relative")["largest error as run"]).toBe(
      "0e+0 in doubles, at 200000 points",
    );
    const rounded = claimsOf("(+ (* x (+ 3.0 x)) 1e-9)", "x^2 + 3*x + 1e-9", 0.1, 2, "relative");
    expect(Number(rounded["largest error as run"].split(" ")[0])).toBeGreaterThan(1e-16);
    expect(Number(rounded["largest error"].split(" ")[0])).toBeLessThan(1e-24);
  });

  it("has 0 in it, where that is an end, if the program is as near there", () => {
    const zero = (text: string, target: string, error: "relative" | "absolute", from = 0, to = 1) => {
      const { domain, error: kind } = claimsOf(text, target, from, to, error);
      expect(kind.endsWith(" and 0")).toBe(!domain.includes("excluded"));
      return domain;
    };
    expect(zero("(+ 1.0 x)", "2^x", "relative")).toBe("x from 0 to 1");
    // The largest error of all is at 0.
    expect(claimsOf("(+ 1.5 (* 0.5 x))", "2^x", 0, 0.1, "absolute")["largest error"]).toMatch(/^5e-1 /);
    // Zero where the target is, which is all that relative errors ask for there.
    expect(zero("x", "sin(x)", "relative")).toBe("x from 0 to 1");
    expect(zero("(+ x (* 0.0 x))", "sin(x)", "relative", -1, 0)).toBe("x from -1 to 0");
    expect(zero("(+ x 1e-30)", "sin(x)", "relative")).toBe("x from 0 to 1, 0 excluded");
    expect(zero("(/ (* x x) x)", "sin(x)", "absolute")).toBe("x from 0 to 1, 0 excluded");
    expect(zero("1.0", "sin(x)/x", "relative")).toBe("x from 0 to 1, 0 excluded");
  });

  it("is measured at 0 and beside it, where that is inside the interval", () => {
    const { domain, error } = claimsOf("(+ 1.0 x)", "2^x", -1, 1, "relative");
    expect([domain, error]).toEqual([
      "x from -1 to 1",
      "relative, sampled at 10003 points, Chebyshev's and beside 0, and 0",
    ]);
    expect(claimsOf("(+ x 1e-30)", "sin(x)", -1, 1, "relative").domain).toBe("x from -1 to 1, 0 excluded");
    expect(claimsOf("(- x (/ -0.0001 x))", "sin(x)", -1, 1, "absolute")["largest error"]).toMatch(
      /^Infinity /,
    );
  });

  it("is infinite where the program has no value", () => {
    expect(claimsOf("(/ 1.0 (- x x))", "2^x", 0, 1, "relative")).toMatchObject({
      "largest error": "Infinity in exact arithmetic (double-double)",
      "largest error as run": "Infinity in doubles, at 200000 points",
    });
  });
});

const formula = "(+ 0.9999 (* x (+ 0.6565 (* 0.3437 x))))";

function fileOf(text: string): string {
  const program = parseProgram(grammar, text);
  const header = headerLines({
    ...programClaims(grammar, program),
    ...approximationClaims(grammar, program, {
      target: "2^x",
      from: 0,
      to: 1,
      error: "relative",
      precision: "f64",
    }),
    ...grammarClaims(grammar),
    ...formClaims({ to: "c", name: "found", version: VERSION }),
  });
  return exportProgram(grammar, program, { to: "c", name: "found", header });
}

/** Claims by verdict, of a file alone. */
function verdictsOf(text: string): Readonly<Record<ClaimCheck["verdict"], readonly string[]>> {
  const claims = readClaims(text);
  const file = checkFile(text, claims, VERSION, null);
  const checks = [...checkClaims(claims, file.computed), file.text];
  const claimsThat = (verdict: ClaimCheck["verdict"]): readonly string[] =>
    checks.filter((check) => check.verdict === verdict).map(({ claim }) => claim);
  return {
    ok: claimsThat("ok"),
    differs: claimsThat("differs"),
    "not checked": claimsThat("not checked"),
  };
}

describe("an exported approximation", () => {
  const text = fileOf(formula);
  const all = [
    ..."program,program digest,operations,target,domain,error,largest error,largest error as run".split(","),
    ..."language,arguments,result,code,function,illume,text".split(","),
  ];
  /** What comes of changing a line of the header. */
  const withLine = (key: string, value: string): ReturnType<typeof verdictsOf> => {
    const changed = text.replace(new RegExp(`^ \\* ${key}: .*$`, "m"), ` * ${key}: ${value}`);
    expect(changed).not.toBe(text);
    return verdictsOf(changed);
  };
  const errors = ["largest error", "largest error as run"];

  it("is checked from its header alone", () => {
    expect(verdictsOf(text)).toEqual({ ok: all, differs: [], "not checked": [] });
  });

  it("is found out where a constant has another last digit", () => {
    const everywhere = text.replaceAll("0.6565", "0.6566");
    expect(verdictsOf(everywhere).differs).toEqual(["program digest", ...errors]);
    const inCode = text.replace(/^([^]*)0\.6565/, "$10.6566");
    expect(verdictsOf(inCode).differs).toEqual(["text"]);
  });

  it("is found out where an error is claimed otherwise", () => {
    const [exact = "", asRun = ""] = errors.map((key) => new RegExp(`${key}: (\\S+) `).exec(text)?.[1]);
    expect(
      withLine("largest error", `${Number(exact) / 2} in exact arithmetic (double-double)`).differs,
    ).toEqual(["largest error"]);
    expect(withLine("largest error as run", `${asRun} in singles`).differs).toEqual(["largest error as run"]);
    expect(withLine("error", "relative, sampled at 2 Chebyshev points").differs).toEqual(["error"]);
    expect(withLine("error", "relative, proven").differs).toEqual(["error"]);
    expect(withLine("error", "absolute, sampled at 10001 Chebyshev points and 0").differs).toEqual(errors);
  });

  it("is found out where it is said to be of another function or for another interval", () => {
    for (const [key, value] of [
      ["target", "2^x + x/1000000"],
      ["domain", "x from 0 to 2"],
      ["domain", "x from -1 to 1"],
    ] as const) {
      const { differs, "not checked": unchecked } = withLine(key, value);
      expect(differs.filter((claim) => claim.startsWith("largest"))).toEqual(errors);
      expect(unchecked).toEqual(["target", "domain"]);
    }
    expect(withLine("domain", "x from 0 to 1, 0 excluded").differs).toEqual(["domain"]);
  });

  it("is found out where there is nothing to compare with", () => {
    for (const [key, value] of [
      ["target", "2^y"],
      ["target", "import(x)"],
      ["target", "sqrt(0-1-x)"],
      ["domain", "y from 0 to 1"],
      ["domain", "x from 1 to 0"],
      ["domain", "x from -Infinity to 1"],
      ["domain", "everywhere"],
      ["error", "small"],
    ] as const) {
      const { differs, "not checked": unchecked } = withLine(key, value);
      expect(differs).toEqual(["target"]);
      expect(unchecked).toEqual(["domain", "error", ...errors]);
    }
    const without = text.replace(/^ \* target: .*\n/m, "");
    expect(verdictsOf(without).differs).toEqual(["error", ...errors]);
    const claimless = text.replace(/^ \* largest error: .*\n/m, "");
    expect(verdictsOf(claimless).differs).toEqual(["largest error"]);
  });
});
