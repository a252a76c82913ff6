import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { printedBy } from "../../src/cli/oracle-process.ts";
import { splitExamples } from "../../src/cli/solve-holdout.ts";
import { checkExport } from "../../src/cli/solve-export.ts";
import { readQuestion } from "../../src/cli/solve-question.ts";
import { readAnswer } from "../../src/cli/solve-person.ts";
import { openOracle } from "../../src/cli/solve-oracle.ts";
import { bits, bool, type InputError, int, string } from "../../src/index.ts";
import { type Ended, illume, start, temporaryFolder } from "./program.ts";

const folder = temporaryFolder();
const file = (name: string, text: string): string => {
  writeFileSync(join(folder, name), text);
  return name;
};
const names = file("names.csv", "name,initial\nNancy FreeHafer,F.\nAndrew Cencici,C.\nJan Kotas,K.\n");
const sums = file(
  "sums.json",
  JSON.stringify([
    { input: { a: 2, b: 2 }, output: 2 },
    { input: { a: 5, b: 5 }, output: 5 },
  ]),
);
/** The first letter of the last word. */
const initial = (name: string): string => `${name.split(" ").at(-1)?.slice(0, 1)}.`;

interface Answered {
  readonly answer: { readonly program: string };
  readonly learned: readonly { readonly inputs: readonly unknown[]; readonly output: unknown }[];
  readonly told: number;
  readonly agreed: number;
  readonly complete: boolean;
}

/** Runs `illume solve … --ask` and answers its questions about names. */
const asked = (words: readonly string[], answer: (name: string) => string): Promise<Ended> =>
  askedOf(words, (input) => answer(JSON.parse(input.replace(/^name = /, "")) as string));

/** The same about anything; a question is answered anew each time the prompt comes. */
async function askedOf(words: readonly string[], answer: (input: string) => string): Promise<Ended> {
  const { process: child, ended, says } = start(["solve", ...words, "--ask"], folder, undefined, false, true);
  let heard = "";
  let answered = 0;
  child.stderr?.on("data", (text: string) => {
    heard += text;
    const prompts = [...heard.matchAll(/output \(nothing[^>]*> /g)];
    for (; answered < prompts.length; answered++) {
      const before = heard.slice(0, prompts[answered]?.index);
      const input = [...before.matchAll(/question \d+: what is the output for (.*)\?\n/g)].at(-1)?.[1];
      child.stdin?.write(`${answer(input as string)}\n`);
    }
  });
  await says(/question 1: /);
  return ended;
}

describe("illume solve --ask", () => {
  it("asks where programs that give every example differ, and goes on with what it is told", async () => {
    let questions = 0;
    const { code, stdout } = await asked([names, "--more", "0", "--json", "--save", "more.json"], (name) =>
      ++questions <= 3 ? initial(name) : "end",
    );
    expect(code).toBe(0);
    const { learned, told, agreed, complete } = JSON.parse(stdout) as Answered;
    expect(learned.length).toBeGreaterThan(0);
    for (const { inputs, output } of learned) expect(output).toBe(initial(inputs[0] as string));
    expect({ told, learned: learned.length }).toEqual({ told: agreed, learned: told });
    expect(complete || told === 3).toBe(true);
    const saved = JSON.parse(readFileSync(join(folder, "more.json"), "utf8")) as unknown[];
    expect(saved.length).toBe(3 + learned.length);
    expect(saved.at(-1)).toEqual({
      input: { name: learned.at(-1)?.inputs[0] },
      output: learned.at(-1)?.output,
    });
  });

  it("asks again where an answer is none, and keeps what was told before", async () => {
    let questions = 0;
    const given = ["three", "3", "end"];
    const { code, stdout, stderr } = await askedOf([sums, "--more", "0", "--save", "sums-more.json"], () =>
      String(given[questions++]),
    );
    expect(code).toBe(0);
    expect(stderr).toContain("an answer must be a whole number; got three.");
    expect(stdout).toContain(" → 3\n");
    expect(JSON.parse(readFileSync(join(folder, "sums-more.json"), "utf8"))).toHaveLength(3);
  });

  it("prints what was found and learned where a file may not be written", async () => {
    writeFileSync(join(folder, "held.json"), "something else");
    const { code, stdout, stderr } = await askedOf([sums, "--more", "0", "--save", "held.json"], () => "end");
    expect(code).toBe(2);
    expect(stderr).toContain("--save must not lead to a file that holds something else; held.json does.");
    expect(stdout).toMatch(/^ok {5}2, 2 → 2\nok {5}5, 5 → 5$/m);
    expect(readFileSync(join(folder, "held.json"), "utf8")).toBe("something else");
  });

  it("asks on after an empty line, and no more after end", async () => {
    let questions = 0;
    const { code, stdout, stderr } = await asked([names, "--more", "0"], () =>
      ++questions === 1 ? "" : "end",
    );
    expect(code).toBe(0);
    expect(stdout).toContain(
      "\n0 outputs were told, and the answer gives 0 of them; there was more to ask\n",
    );
    const inputs = [...stderr.matchAll(/name = (".*")\?/g)].map(([, name]) => name);
    expect(inputs.length).toBe(2);
    expect(inputs[0]).not.toBe(inputs[1]);
  });

  it.each([
    [string, "a b ", "a b "],
    [string, '"a\\nb"', "a\nb"],
    [string, '""', ""],
    [int, " -3", -3],
    [bool, "true", true],
    [bits(8), '"#x1f"', 31n],
  ] as const)("reads an answer of type %j from %j", (type, line, value) => {
    expect(readAnswer(type, line)).toBe(value);
  });

  it.each([
    [int, "3.5", "an answer must be a whole number; got 3.5."],
    [bool, "yes", "an answer must be true or false; got yes."],
    [string, '"a', 'an answer must be a text, or one in quotes as in JSON, such as "a b"; got "a.'],
    [bits(8), '"#x100"', 'an answer must be bits such as "#x1f"; got "#x100".'],
  ] as const)("refuses an answer of type %j from %j", (type, line, problem) => {
    expect(() => readAnswer(type, line)).toThrow(problem);
  });
});

describe("illume solve --oracle", () => {
  it("asks the function that a file exports until answer and function agree", async () => {
    const oracle = file(
      "oracle.ts",
      'export default (name: string): string => { console.log("asked"); return `${name.split(" ").at(-1)?.slice(0, 1)}.`; };\n',
    );
    const { code, stdout } = await illume(
      ["solve", names, "--oracle", oracle, "--more", "0", "--json"],
      folder,
    );
    expect(code).toBe(0);
    const { learned, told, agreed, complete } = JSON.parse(stdout) as Answered;
    for (const { inputs, output } of learned) expect(output).toBe(initial(inputs[0] as string));
    expect({ told, complete }).toEqual({ told: agreed, complete: true });
    expect(told).toBeGreaterThanOrEqual(50);
  });

  it("asks a program that reads a line of JSON and prints one", async () => {
    file(
      "oracle.sh",
      "IFS='[],' read _ a b _\nif [ $a -gt 100 ]; then echo null; else echo $((a + a - b)); fi\n",
    );
    const { code, stdout } = await illume(
      ["solve", sums, "--oracle", "sh 'oracle.sh'", "--more", "0", "--json"],
      folder,
    );
    expect(code).toBe(0);
    const { answer, learned, complete } = JSON.parse(stdout) as Answered;
    expect(learned.length).toBeGreaterThan(0);
    for (const { inputs, output } of learned) {
      const [a, b] = inputs as [number, number];
      expect(output).toBe(2 * a - b);
    }
    expect({ complete, length: answer.program.length }).toEqual({
      complete: true,
      length: "(- a (- b a))".length,
    });
  });

  const signature = { argumentNames: ["name"], argumentTypes: [string], result: string };
  const cases: readonly (readonly [string, string, string])[] = [
    [
      "that is not there",
      "./none",
      "--oracle must be a program or a file that is there; got ./none, which could not be started",
    ],
    [
      "in a file that is not there",
      "none.ts",
      "--oracle must be a program or a file that is there; got none.ts.",
    ],
    [
      "that fails",
      "sh -c 'echo no such name >&2; exit 3'",
      "sh ended with exit code 3, saying no such name.",
    ],
    [
      "that prints no output",
      "echo hello",
      "echo must print one line of JSON, a value of type string; got hello.",
    ],
    ["that prints nothing", "true", "true must print one line of JSON, a value of type string; got nothing."],
    [
      "of code that throws",
      file("throws.ts", 'export default () => { throw new RangeError("too far"); };'),
      "throws.ts failed; RangeError: too far.",
    ],
    [
      "of code that ends its process",
      file("exits.mjs", "export default () => process.exit(1);"),
      "exits.mjs failed; it ended its process.",
    ],
    [
      "of code that gives something else",
      file("gives.ts", "export default () => 7;"),
      "gives.ts must give a value of type string; got 7.",
    ],
    [
      "of code without a function",
      file("without.ts", "export default 3;"),
      "--oracle must load; without.ts: Error: it must have a function as its default export.",
    ],
    [
      "of code that does not compile",
      file("broken.ts", "export default ("),
      "broken.ts, line 1, column 17 must compile",
    ],
  ];
  it.each(cases)("refuses one %s, naming the input", async (_, oracle, said) => {
    const words = oracle.replace(/^(?=\w+\.(?:m?js|ts)$)/, `${folder}/`);
    const error: unknown = await (async () => {
      const opened = await openOracle(words, signature);
      try {
        return await opened.outputOf(["Jan Kotas"], []);
      } finally {
        await opened.close();
      }
    })().catch((problem: unknown) => problem);
    const { problems } = error as InputError;
    expect(problems.length).toBe(1);
    expect(problems[0]?.replaceAll(`${folder}/`, "")).toContain(said);
    if (!said.includes("must load") && !said.includes("must be") && !said.includes("compile"))
      expect(problems[0]).toContain('--oracle, for "Jan Kotas": ');
  });

  it("says so in one line", async () => {
    const { code, stdout, stderr } = await illume(
      ["solve", names, "--oracle", "./none", "--more", "0"],
      folder,
    );
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    expect(stderr).toMatch(/^illume: --oracle must be a program .*\n$/);
  });

  it("ends a program that hangs, with what it started", async () => {
    const told = await printedBy(["sh", "-c", "sleep 100 & sleep 100"], "[]", 100);
    expect(told).toEqual({ problem: "took longer than 0.1 s" });
  });
});

describe("illume solve --holdout", () => {
  const examples = Array.from({ length: 10 }, (_, k) => ({ inputs: [k], output: k }));
  it.each([
    [1, [5]],
    [0.3, [1, 5, 8]],
    [9, [0, 1, 2, 3, 5, 6, 7, 8, 9]],
  ])("keeps %d back, evenly spread", (wanted, kept) => {
    const { training, heldOut } = splitExamples(examples, wanted);
    expect(heldOut.map(({ output }) => output)).toEqual(kept);
    expect([...training, ...heldOut].length).toBe(10);
  });

  it.each([
    [10, "--holdout must leave examples to search with; there are 10, and 10 would be kept back."],
    [0.99, "--holdout must leave examples to search with; there are 10, and 10 would be kept back."],
    [0, "--holdout must be a number of examples, or a share of them such as 0.3; got 0."],
    [1.5, "--holdout must be a number of examples, or a share of them such as 0.3; got 1.5."],
  ])("cannot be %d of 10", (wanted, problem) => {
    expect(() => splitExamples(examples, wanted)).toThrow(problem);
  });

  it("tells how many of those that were kept back the answer gives, and which it does not", async () => {
    const odd = file(
      "odd.csv",
      "name,initial\nNancy FreeHafer,F.\nAndrew Cencici,C.\nJan Kotas,?\nAnne Lee,L.\n",
    );
    const words = ["solve", odd, "--holdout", "0.5", "--more", "0"];
    const [plain, json] = await Promise.all([illume(words, folder), illume([...words, "--json"], folder)]);
    const { examples: used, holdout } = JSON.parse(json.stdout) as {
      readonly examples: number;
      readonly holdout: { readonly examples: number; readonly passed: number };
    };
    expect([plain.code, used, holdout.examples]).toEqual([0, 2, 2]);
    const lines = plain.stdout.split("\n");
    const at = lines.indexOf(`${holdout.passed} of 2 examples that were kept back are right`);
    expect(lines.slice(at + 1).filter((line) => line.startsWith("wrong ")).length).toBe(2 - holdout.passed);
  });
});

describe("illume solve of an experiment", () => {
  it("is refused where its fitness is not about outputs that are right or wrong", async () => {
    await expect(readQuestion("quickstart", undefined)).rejects.toThrow(
      'experiment "quickstart" must have a fitness by examples to be solved',
    );
  });

  it("takes its language and its cases", async () => {
    const { code, stdout } = await illume(["solve", "dates", "--more", "0", "--to", "text"], folder);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^\(concat .*note.*\)\n$/);
  });
});

describe("exports of illume solve", () => {
  it("have tests that hold", async () => {
    const { code, stdout } = await illume(
      ["solve", names, "--more", "0", "--to", "javascript", "--out", "initial.mjs", "--with-tests", "--json"],
      folder,
    );
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ stop: "solved" });
    const said = execFileSync(process.execPath, ["--test", "initial.test.mjs"], {
      cwd: folder,
      encoding: "utf8",
    });
    expect(said).toMatch(/pass 1\n/);
    expect(existsSync(join(folder, "initial.mjs"))).toBe(true);
  });

  it.each([
    [
      "a file that holds something else",
      ["--to", "text", "--out", "names.csv"],
      "--out must not lead to a file",
    ],
    ["two who are asked", ["--ask", "--oracle", "true"], "--ask and --oracle must not be given together"],
  ] as const)("refuse %s in one line", async (_, words, said) => {
    const { code, stderr } = await illume(["solve", names, "--more", "0", ...words], folder);
    expect({ code, lines: stderr.trimEnd().split("\n").length }).toEqual({ code: 2, lines: 1 });
    expect(stderr).toContain(said);
  });

  const wish = { to: undefined, out: undefined, withTests: false, json: false } as const;
  it.each([
    [
      "tests of what does not run",
      { to: "text", out: "a.txt", withTests: true },
      "--with-tests must go with a language",
    ],
    ["tests without a file", { to: "javascript", withTests: true }, "--with-tests must go with --out FILE"],
    ["SyGuS of something else", { to: "sl" }, "--to sl must go with a task of SyGuS-IF"],
    ["two things on standard output", { to: "text", json: true }, "--json and --to must go with --out"],
    [
      "a folder that is not there",
      { to: "text", out: "none/a.txt" },
      "--out must lead to a folder that is there",
    ],
  ] as const)("refuse %s before anything is searched", async (_, given, said) => {
    const question = await readQuestion(join(folder, names), undefined);
    if (!("isSygus" in question)) throw new Error("a table has examples");
    expect(() => checkExport({ ...wish, ...given }, question)).toThrow(said);
  });
});
