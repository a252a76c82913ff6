import { describe, expect, it } from "vitest";
import {
  arithmetic,
  checkClaims,
  checkFile,
  type ClaimCheck,
  compileGrammar,
  type ExportClaims,
  type ExportLanguage,
  exportLanguages,
  exportProgram,
  float32,
  fn,
  formClaims,
  type Grammar,
  grammarClaims,
  headerLines,
  InputError,
  int,
  list,
  lists,
  logic,
  bool,
  parseProgram,
  programClaims,
  readArguments,
  readClaims,
  readLanguage,
  real,
  type Type,
} from "../../src/index.ts";

const VERSION = "1.2.3";
const reals = compileGrammar(
  arithmetic({ constants: true, operations: ["+", "*", "-", "exp"] }),
  fn({ x: real, "y,": real }, real),
);
const ofLists = compileGrammar(lists(), fn({ xs: list(int) }, int));

function fileOf(
  to: ExportLanguage,
  grammar: Grammar,
  text: string,
  more: Partial<ExportClaims> = {},
): string {
  const program = parseProgram(grammar, text);
  const claims: ExportClaims = {
    ...programClaims(grammar, program),
    ...grammarClaims(grammar),
    ...formClaims({ to, name: "found", version: VERSION }),
    ...more,
  };
  return exportProgram(grammar, program, { to, name: "found", header: headerLines(claims) });
}

/** Claims, and the text, on which a check came to a verdict. */
function claimsThat(
  verdict: ClaimCheck["verdict"],
  text: string,
  runGrammar: Grammar | null = null,
): string[] {
  const claims = readClaims(text);
  const file = checkFile(text, claims, VERSION, runGrammar);
  return [...checkClaims(claims, file.computed), file.text]
    .filter((check) => check.verdict === verdict)
    .map((check) => check.claim);
}

const all = "program,program digest,operations,language,arguments,result,code,function,illume,text".split(
  ",",
);
const formula = "(+ (* 0.7 x) 0.1)";

describe.each(exportLanguages)("a file exported to %s", (to) => {
  const text = fileOf(to, reals, formula, { question: "Which */ line?\n*\\/ \u202e\u001b[31m" });

  it("has every claim as computed", () => {
    expect(claimsThat("ok", text)).toEqual(all);
    expect(claimsThat("differs", text)).toEqual([]);
  });

  it("is found out where a constant of the code has another last digit", () => {
    const changed = text.replace(/^([^]*)0\.1(?!\d)/, "$10.10000000000000002");
    expect(changed).not.toBe(text);
    expect(claimsThat("differs", changed)).toEqual(["text"]);
    expect(claimsThat("not checked", changed)).toEqual(
      "question,language,arguments,result,code,function".split(","),
    );
  });

  it("is found out where the program differs: in the header alone, or everywhere", () => {
    const inHeader = text.replace(/^(.*program: .*)0\.1\b/m, "$10.2");
    expect(claimsThat("differs", inHeader)).toEqual(["program digest", "text"]);
    const everywhere = text.replaceAll(/\b0\.1\b/g, "0.2");
    expect(claimsThat("differs", everywhere)).toEqual(["program digest"]);
    const unknown = text.replace(/^(.*program: ).*$/m, "$1(tan x)");
    expect(claimsThat("differs", unknown)).toEqual(["program", "program digest", "text"]);
  });

  it("is found out where a claim of the header differs", () => {
    const differing = (key: string, value: string): string[] =>
      claimsThat("differs", text.replace(new RegExp(`^(.{1,3}${key}): .*$`, "m"), `$1: ${value}`));
    expect(differing("operations", "3")).toEqual(["operations"]);
    expect(differing("program digest", "0".repeat(32))).toEqual(["program digest"]);
    expect(differing("arguments", "y real, x real")).toEqual(["text"]);
    expect(
      differing("language", "arithmetic, precision f32, division ieee, constants yes, operations + * -"),
    ).toEqual(["program", "text"]);
    expect(differing("function", "other")).toEqual(["text"]);
    expect(differing("code", to === "c" ? "python" : "c")).toEqual(["text"]);
    expect(differing("arguments", "x real, y, real, x real")).toEqual(["arguments"]);
    expect(differing("code", "cobol")).toEqual(["program", "text"]);
  });

  it("is found out where a line was added, taken out, or ends otherwise", () => {
    for (const changed of [`${text}\n`, text.replaceAll("\n", "\r\n"), text.replace(/\n[^\n]*\n$/, "\n")])
      expect(claimsThat("differs", changed)).toEqual(["text"]);
  });
});

describe("what an exported file claims", () => {
  it("names the first line that differs", () => {
    const text = fileOf("c", reals, formula);
    const changed = text.replace("return (0.7", "return (0.8");
    expect(checkFile(changed, readClaims(changed), VERSION, null).text).toEqual({
      claim: "text",
      verdict: "differs",
      claimed: expect.stringMatching(/^line \d\d: " {2}return \(0\.8 \* x\) \+ 0\.1;"$/),
      computed: '"  return (0.7 * x) + 0.1;"',
    });
  });

  it("is not held against another version, but for the text", () => {
    const text = fileOf("python", reals, formula).replace("illume: 1.2.3", "illume: 1.2.2");
    expect(claimsThat("not checked", text)).toEqual(["illume"]);
    expect(claimsThat("ok", text)).toContain("text");
  });

  it("needs the run where a language is not made of options", () => {
    const text = fileOf("typescript", ofLists, "(sum xs)");
    expect(claimsThat("ok", text)).toEqual(["program digest", "illume"]);
    expect(claimsThat("ok", text, ofLists)).toEqual(all);
  });

  it("is compared with everything that is computed", () => {
    const claims = readClaims(fileOf("c", reals, formula, { seed: "1", cell: "3", run: "a" }));
    const verdicts = checkClaims(claims, {
      ...claims,
      seed: "2",
      run: undefined,
      cell: { unknown: "why" },
      birth: { unknown: "why" },
      question: "Which?",
      domain: undefined,
    }).filter((check) => check.verdict !== "ok");
    expect(verdicts).toEqual([
      { claim: "question", verdict: "differs", claimed: "nothing", computed: "Which?" },
      { claim: "seed", verdict: "differs", claimed: "1", computed: "2" },
      { claim: "run", verdict: "differs", claimed: "a", computed: "nothing" },
      { claim: "cell", verdict: "not checked", reason: "why" },
    ]);
    expect(checkClaims(claims, {}).every((check) => check.verdict === "not checked")).toBe(true);
  });

  it("is read from a comment of its form only", () => {
    const text = fileOf("python", reals, formula, { seed: "1" });
    const problems = (changed: string): readonly string[] => {
      try {
        readClaims(changed);
      } catch (error) {
        if (error instanceof InputError) return error.problems;
        throw error;
      }
      return [];
    };
    const none = [
      "file must begin with the header that illume export writes; it has none. Export the program again.",
    ];
    for (const other of [
      "",
      "\n",
      "# A program\n",
      `\n${text}`,
      text.replaceAll(/^#/gm, "%").slice(2),
      "\0\0",
    ])
      expect(problems(other)).toEqual(none);
    expect(problems(text.replace("# seed: 1", "# seed: 1\n# seed: 1\n# colour: red"))).toEqual([
      "header must have seed once; got it twice.",
      "header must have no line but those of illume export; got colour: red.",
    ]);
    expect(problems(text.replace("# seed: 1", "# __proto__: 1"))).toHaveLength(1);
    expect(problems(text.replace(/^# (function|code): .*\n/gm, ""))).toEqual([
      'header must have a line "code: …"; it is missing.',
      'header must have a line "function: …"; it is missing.',
    ]);
  });
});

describe("a language in a header", () => {
  it.each([
    ["plain arithmetic", arithmetic(), real],
    [
      "with all options",
      arithmetic({ precision: "f32", division: "protected", constants: true, operations: ["/", "cube"] }),
      float32,
    ],
    ["circuits", logic({ operations: ["nand", "if"] }), bool],
  ])("is read back as it is: %s", (_name, language, type) => {
    const grammar = compileGrammar(
      language,
      fn({ a: type as Type, "b,": type as Type, "c:d": type as Type }, type as Type),
    );
    const claims = grammarClaims(grammar);
    expect(readLanguage(claims.language)).toEqual(language);
    expect(readArguments(claims.arguments)).toEqual(
      ["a", "b,", "c:d"].map((name) => ({ name, type: type.kind })),
    );
  });

  it("is not read where it is something else", () => {
    const like = { ...arithmetic(), literals: [{ type: real, value: 2 }] };
    const [first, ...rest] = arithmetic().primitives;
    const other = {
      ...arithmetic(),
      primitives: [{ ...(first as object), apply: () => 1 }, ...rest] as never,
    };
    for (const language of [like, other, lists()]) {
      const { language: text } = grammarClaims(compileGrammar(language, fn({ x: real }, real)));
      expect(readLanguage(text)).toBeNull();
    }
    expect(
      readLanguage("arithmetic, precision f64, division ieee, constants no, operations + gamma"),
    ).toBeNull();
    for (const text of ["x", "x real y real", "x real, y", "", "x real, y real,"])
      expect(() => readArguments(text)).toThrow(InputError);
  });
});
