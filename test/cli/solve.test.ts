import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { smtFunction } from "../dsl/sygus/smt-evaluator.ts";
import { illume, start, temporaryFolder } from "./program.ts";

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
/** No program of a size that is reached in minutes gives these. */
const outputs = { 17: 85123, 3: 71231, 9: -56112, 5: 23441, 61: 1081 };
writeFileSync(
  join(folder, "odd.json"),
  JSON.stringify(Object.entries(outputs).map(([n, output]) => ({ input: { n: Number(n) }, output }))),
);

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

  it("has no program beside the answer that is smaller", async () => {
    const table = join(folder, "slug.csv");
    const rows = [
      ["Hello World", "hello-world"],
      ["Rock & Roll", "rock-roll"],
      ["A Tale of Two Cities", "a-tale-of-two-cities"],
      ["What is New?", "what-is-new"],
    ];
    writeFileSync(table, ["title,slug", ...rows.map((row) => row.join(","))].join("\n"));
    const { stdout } = await illume(["solve", "slug.csv", "--more", "0.5", "--json"], folder);
    const { answer, runnersUp } = JSON.parse(stdout) as {
      readonly answer: { readonly size: number };
      readonly runnersUp: readonly { readonly size: number }[];
    };
    expect(runnersUp.filter(({ size }) => size < answer.size)).toEqual([]);
  });

  it("shows what is right on all examples but one where one is of another kind", async () => {
    const rows = ["Jan Kotas,J.", "Ann Lee,A.", "Mia Wood,M.", "Bob Ray,#%@?"];
    writeFileSync(join(folder, "odd.csv"), `name,short\n${rows.join("\n")}\n`);
    const words = ["solve", "odd.csv", "--budget", "300000", "--emitters", "enumeration"];
    const { code, stdout } = await illume(words, folder);
    expect(code).toBe(1);
    expect(stdout).toMatch(/^not found within the budget; the best passes 3 of 4 examples\n/);
  });

  it("ends at ctrl-C with the best that it has", async () => {
    const running = start(["solve", "odd.json", "--seconds", "600"], folder);
    await running.says(/best passes \d of 5/);
    running.process.kill("SIGINT");
    const { code, stdout } = await running.ended;
    expect({ code, first: stdout.split("\n")[0] }).toEqual({
      code: 130,
      first: expect.stringMatching(/^not found before it was interrupted; the best passes \d of 5 examples$/),
    });
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

  const clamp = `(set-logic LIA)
(synth-fun clamp ((x Int) (low Int) (high Int)) Int)
(declare-var x Int)(declare-var low Int)(declare-var high Int)
(constraint (=> (<= low high) (and (>= (clamp x low high) low) (<= (clamp x low high) high))))
(constraint (=> (and (<= low x) (<= x high)) (= (clamp x low high) x)))
(constraint (=> (and (<= low high) (< x low)) (= (clamp x low high) low)))
(constraint (=> (and (<= low high) (> x high)) (= (clamp x low high) high)))
`;

  it("proves what it finds for constraints, and writes it as a function", async () => {
    task("clamp.sl", clamp);
    const out = join(folder, "clamp.mjs");
    const [plain, json] = await Promise.all([
      illume(["solve", "clamp.sl", "--to", "javascript", "--out", out], folder),
      illume(["solve", "clamp.sl", "--json"], folder),
    ]);
    expect(plain).toMatchObject({ code: 0, stderr: "" });
    expect(plain.stdout).toMatch(
      /^\(define-fun clamp .*\)\n\nholds for all integers; \d+ counterexamples? on the way\n\n\d+ nodes, /,
    );
    const f = ((await import(out)) as { readonly clamp: (...values: readonly number[]) => number }).clamp;
    expect([f(5, 1, 3), f(0, 1, 3), f(2, 1, 3), f(-7, -9, -8)]).toEqual([3, 1, 2, -8]);
    expect(JSON.parse(json.stdout)).toMatchObject({
      stop: "solved",
      checked: "all integers",
      constraints: 4,
      impossible: null,
      answer: { size: 11 },
    });
  });

  it("says that no function can do it, and for which values", async () => {
    task(
      "impossible.sl",
      `${clamp}(constraint (=> (and (<= low high) (> low 7)) (> (clamp x low high) (+ high 1))))`,
    );
    const [plain, json] = await Promise.all([
      illume(["solve", "impossible.sl"], folder),
      illume(["solve", "impossible.sl", "--json"], folder),
    ]);
    expect(plain).toMatchObject({ code: 1, stderr: "" });
    expect(plain.stdout).toMatch(
      /^no function satisfies the constraints: for x = -?\d+, low = \d+, high = \d+ they rule out every output\n/,
    );
    const { impossible, stop } = JSON.parse(json.stdout) as {
      readonly impossible: { readonly low: number; readonly high: number };
      readonly stop: string;
    };
    expect(stop).toBe("impossible");
    expect(impossible.low).toBeGreaterThan(7);
    expect(impossible.high).toBeGreaterThanOrEqual(impossible.low);
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
      "constraints about strings",
      `${grammar}(declare-var x String)\n(constraint (= (initials x) x))`,
      "bad.sl, line 7, column 1: constraints that are no examples must be of linear arithmetic over Int and Bool, which can be proved; got x of sort String.",
    ],
    [
      "products of variables",
      "(set-logic NIA)(synth-fun f ((x Int)) Int)(declare-var x Int)\n(constraint (> (f x) (* x x)))",
      "bad.sl, line 2, column 1: constraints that are no examples must be of linear arithmetic over Int and Bool, which can be proved; got a product of two terms that are not constant.",
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
    // Known before the search, which would take an hour here.
    ["lists in Python", ["odd.json", "--to", "python", "--seconds", "3600"], "to be exported to Python"],
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
