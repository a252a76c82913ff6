import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { smtFunction } from "../dsl/sygus/smt-evaluator.ts";
import { illume, temporaryFolder } from "./program.ts";

const folder = temporaryFolder();
const grammar = `(set-logic SLIA)
(synth-fun initials ((name String)) String
 ((Start String (ntString))
  (ntString String (name "" " " "." (str.++ ntString ntString) (str.at ntString ntInt) (str.substr ntString ntInt ntInt)))
  (ntInt Int (0 1 2 (+ ntInt ntInt) (- ntInt ntInt) (str.len ntString) (str.indexof ntString ntString ntInt)))))
`;
const names = [
  ["Nancy FreeHafer", "N.F."],
  ["Andrew Cencici", "A.C."],
  ["Jan Kotas", "J.K."],
] as const;
const constraints = (pairs: readonly (readonly [string, string])[], name = "initials"): string =>
  pairs.map(([a, b]) => `(constraint (= (${name} ${JSON.stringify(a)}) ${JSON.stringify(b)}))`).join("\n");

/** A file of a task. */
function task(name: string, text: string): string {
  writeFileSync(join(folder, name), `${text}\n(check-synth)\n`);
  return name;
}
const solved = task("initials.sl", grammar + constraints(names));

describe("illume solve", () => {
  it("prints a program, and what it does on every example", async () => {
    const { code, stdout, stderr } = await illume(["solve", solved, "--more", "0"], folder);
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    const [answer = "", , ...lines] = stdout.split("\n");
    const f = smtFunction(answer);
    for (const [name, output] of [...names, ["Laura Giussani", "L.G."] as const])
      expect(f(name)).toBe(output);
    expect(lines.slice(0, 3)).toEqual(names.map(([name, output]) => `ok     "${name}" → "${output}"`));
    // A runner-up gives every output, and something else where it says so.
    const other =
      /\n {2}(\(define-fun .*)\n {4}\d+ nodes; "(.*)" → "(.*)"; the answer gives "(.*)"\n/.exec(stdout) ?? [];
    const [, text = "", input, given, ofAnswer] = other;
    const runnerUp = smtFunction(text);
    for (const [name, output] of names) expect(runnerUp(name)).toBe(output);
    expect([runnerUp(input as string), f(input as string)]).toEqual([given, ofAnswer]);
    expect(given).not.toBe(ofAnswer);
    expect(stdout).toMatch(/\n\d+ nodes, [\d,]+ candidates in \d+\.\d\d s, [\d,]+ a second\n$/);
  });

  it("gives the same program for the same budget, as one object", async () => {
    const words = ["solve", solved, "--more", "100", "--seconds", "100", "--budget", "400000", "--json"];
    const [one, two] = await Promise.all([illume(words, folder), illume(words, folder)]);
    const [first, second] = [one, two].map(({ stdout }) => JSON.parse(stdout) as Record<string, unknown>);
    expect(first).toMatchObject({ file: "initials.sl", stop: "solved", examples: 3 });
    const told = ({ answer, best, candidates }: Record<string, unknown> = {}) => ({
      answer,
      best,
      candidates,
    });
    expect(told(first)).toEqual(told(second));
    expect((first?.["answer"] as { size: number }).size).toBeLessThan(20);
  });

  it("takes tables and JSON, and writes the answer as a function", async () => {
    writeFileSync(
      join(folder, "names.csv"),
      "name,short\nNancy FreeHafer,N.F.\nAndrew Cencici,A.C.\nJan Kotas,J.K.\n",
    );
    writeFileSync(
      join(folder, "sums.json"),
      JSON.stringify(
        [
          [1, 2],
          [5, 9],
          [7, 1],
        ].map(([a = 0, b = 0]) => ({ input: { a, b }, output: a + a - b })),
      ),
    );
    const out = join(folder, "short.mjs");
    const [exported, sums] = await Promise.all([
      illume(["solve", "names.csv", "--more", "0", "--to", "javascript", "--out", out], folder),
      illume(["solve", "sums.json", "--json"], folder),
    ]);
    expect(exported).toMatchObject({ code: 0, stderr: "" });
    const { solution } = (await import(out)) as { readonly solution: (name: string) => string };
    expect(["Nancy FreeHafer", "Laura Giussani"].map(solution)).toEqual(["N.F.", "L.G."]);
    expect(JSON.parse(sums.stdout)).toMatchObject({
      stop: "solved",
      answer: { size: 5 },
      best: { passed: 3 },
    });
  });

  it.each([
    ["within the budget", grammar, ["--budget", "20000"]],
    ["within the time", grammar, ["--seconds", "0.01"]],
    [
      "within the bounds of the search",
      grammar.replace(/ \(str\.\+\+.*?\)\)\)/, " (str.at ntString ntInt)))"),
      [],
    ],
  ] as const)("says how near it came where nothing was found %s", async (why, text, words) => {
    const file = task(
      `not${why.replaceAll(/\W+/g, "-")}.sl`,
      text +
        constraints([
          ["ab", "a"],
          ["cd", "c"],
          ["ef", "xyz"],
        ]),
    );
    const { code, stdout } = await illume(["solve", file, ...words], folder);
    expect(code).toBe(1);
    expect(stdout).toMatch(/^not found[^;]*; the best passes 2 of 3 examples\n\(define-fun initials /);
    expect(stdout.replace(" within", "within")).toMatch(new RegExp(`^not found${why};`));
    expect(stdout).toContain('", not "xyz"\n');
  });

  const cases: readonly (readonly [string, string, string])[] = [
    [
      "examples that contradict each other",
      grammar +
        constraints([
          ["a", "b"],
          ["c", "d"],
          ["a", "c"],
        ]),
      'bad.sl, line 6 and line 8: examples must not contradict each other; for "a" the outputs are "b" and "c".',
    ],
    ["no examples", grammar, "bad.sl"],
    [
      "an unknown function",
      grammar.replace("str.at", "str.att") + constraints(names),
      "bad.sl, line 4, column",
    ],
    ["a bracket too few", `${grammar}(constraint (= (initials "a") "b")`, "bad.sl, line"],
    [
      "a wrong number of arguments",
      `${grammar}(constraint (= (initials "a" "b") "b"))`,
      "bad.sl, line 6, column",
    ],
    [
      "other constraints",
      `${grammar}(declare-var x String)(constraint (= (initials x) x))`,
      "bad.sl must tell",
    ],
  ];
  it.each(cases)("refuses %s in one line", async (what, text, said) => {
    const file = `${what.replaceAll(" ", "-")}.sl`;
    task(file, text);
    const { code, stdout, stderr } = await illume(["solve", file], folder);
    expect({ code, stdout, lines: stderr.trimEnd().split("\n").length }).toEqual({
      code: 2,
      stdout: "",
      lines: 1,
    });
    expect(stderr).toContain(said.replace("bad.sl", file));
  });

  it.each([
    ["a file that is missing", ["none.sl"], "none.sl"],
    ["a file of another kind", ["examples.txt"], "must end in .sl (SyGuS-IF), .json, .csv or .ts"],
    ["a column where there are none", [solved, "--target", "a"], "--target names a column of a .csv file"],
    ["no time", [solved, "--seconds", "0"], "--seconds must be"],
    ["a budget that is none", [solved, "--budget", "-3"], "--budget must be"],
  ] as const)("refuses %s in one line", async (_, words, said) => {
    const { code, stdout, stderr } = await illume(["solve", ...words], folder);
    expect({ code, stdout, lines: stderr.trimEnd().split("\n").length }).toEqual({
      code: 2,
      stdout: "",
      lines: 1,
    });
    expect(stderr).toContain(said);
  });
});
