import { execFileSync } from "node:child_process";
import { cpSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import type { ClaimCheck } from "../../src/index.ts";
import { illume, settings, temporaryFolder, type Told, told } from "./program.ts";

interface Verified {
  readonly file: string;
  readonly run: string | null;
  readonly verified: boolean;
  readonly checks: readonly ClaimCheck[];
}

const folder = temporaryFolder();
const endings = { typescript: "ts", c: "c", python: "py" } as const;
let quickstart: Told;
let lists: Told;
let own: Told;

const run = (experiment: string): Promise<Told> =>
  told(
    ["run", experiment, "--budget", "8000", ...settings({ epochCandidates: 1000 }), "--executor", "serial"],
    folder,
  );

/** A formula with a constant, in a run of one's own. */
const ownExperiment = `import { defineExperiment, fn, grid } from "illume";
import { arithmetic, real } from "illume/dsl";

const xs = Array.from({ length: 80 }, (_, i) => i / 40);
export default defineExperiment({
  name: "own-line",
  question: "Which line? */ \\u001b[31m",
  language: arithmetic({ constants: true, operations: ["+", "*", "-", "exp"] }),
  program: fn({ x: real }, real),
  cases: xs.map((x) => ({ input: { x }, output: 0.7 * x + 0.1 })),
  fitness: ({ cases, outcomes }) =>
    -Math.max(...cases.map((c, i) => Math.abs(c.output - (outcomes[i] as number)))),
  archive: grid({ size: [1, 10] }),
  seeds: ["(+ (* 0.7 x) 0.1)"],
});
`;

beforeAll(async () => {
  writeFileSync(join(folder, "own.ts"), ownExperiment);
  [quickstart, lists, own] = (await Promise.all(["quickstart", "lists", "./own.ts"].map(run))) as [
    Told,
    Told,
    Told,
  ];
  await Promise.all(
    Object.entries(endings).map(([to, ending]) =>
      illume(["export", own.run, "--to", to, "--out", `line.${ending}`], folder),
    ),
  );
}, 60_000);

/** What verify champion says of a file. */
async function checked(file: string, args: readonly string[] = []): Promise<Verified> {
  const { code, stdout, stderr } = await illume(["verify", "champion", file, ...args, "--json"], folder);
  expect(stderr).toBe("");
  const answer = JSON.parse(stdout) as Verified;
  expect(code).toBe(answer.verified ? 0 : 1);
  expect(answer.verified).toBe(answer.checks.every((check) => check.verdict !== "differs"));
  return answer;
}

const claimsThat = (verdict: ClaimCheck["verdict"], { checks }: Verified): string[] =>
  checks.filter((check) => check.verdict === verdict).map((check) => check.claim);

let copies = 0;

/** A copy of a file with its text changed. */
function changed(file: string, change: (text: string) => string): string {
  const before = readFileSync(join(folder, file), "utf8");
  const after = change(before);
  expect(after).not.toBe(before);
  const copy = `changed-${++copies}-${file}`;
  writeFileSync(join(folder, copy), after);
  return copy;
}

const withClaims = (file: string, claims: Readonly<Record<string, string>>): string =>
  changed(file, (text) =>
    Object.entries(claims).reduce(
      (before, [key, value]) =>
        before.replace(new RegExp(`^( \\*|#) ${key}: .*$`, "m"), `$1 ${key}: ${value}`),
      text,
    ),
  );

describe("illume verify champion", () => {
  it("prints a line for each claim, and what comes of them", async () => {
    const { code, stdout } = await illume(["verify", "champion", "line.c"], folder);
    expect(code).toBe(0);
    expect(stdout).toMatch(
      /^question +ok\nprogram +ok\nprogram digest +ok\noperations +ok\nfitness +ok\nmeasured +ok\n(.+ ok\n)+verified line\.c: 20 of 20 claims are as computed\n$/,
    );
    expect(readFileSync(join(folder, "line.c"), "utf8")).toContain(
      " * question: Which line? *\\/ \\u001b[31m\n",
    );
  });

  it("checks what can be checked where the run is not there", async () => {
    const result = await checked("line.py", ["--runs", "none"]);
    expect(result).toMatchObject({ verified: true, run: null });
    expect(claimsThat("ok", result)).toEqual(
      "program,program digest,operations,language,arguments,result,code,function,illume,text".split(","),
    );
    expect(result.checks).toContainEqual({
      claim: "fitness",
      verdict: "not checked",
      reason: `there is no run ${own.run} in none; --run or --runs says where it is`,
    });
  });

  it("finds a constant whose last digit was changed in the code", async () => {
    const file = changed("line.c", (text) => text.replace(/^([^]*)0\.1(?!\d)/, "$10.10000000000000002"));
    const { code, stdout } = await illume(["verify", "champion", file], folder);
    expect(code).toBe(1);
    expect(stdout.match(/^.*differs \(.*$/gm)).toEqual([
      expect.stringMatching(
        /^text +differs \(claimed line \d+: ".*0\.10000000000000002.*", computed ".*0\.1\b.*"\)$/,
      ),
    ]);
    expect(stdout).toMatch(
      /\nnot verified changed-\d+-line\.c: \d+ of 20 claims are as computed, 1 differs.*\n$/,
    );
  });

  it("does not verify a file that lacks what its kind claims, with the run or without", async () => {
    const text = readFileSync(join(folder, "line.c"), "utf8");
    for (const key of ["fitness", "measured", "domain", "run", "cell"]) {
      writeFileSync(join(folder, "lacking.c"), text.replace(new RegExp(`^ \\* ${key}: .*\n`, "m"), ""));
      for (const args of [[], ["--runs", "none"]]) {
        const { code, stdout } = await illume(["verify", "champion", "lacking.c", ...args], folder);
        expect(code).toBe(1);
        expect(stdout).toMatch(new RegExp(`\n${key} +differs \\(claimed nothing`));
        expect(stdout).toMatch(/\nnot verified lacking\.c: /);
      }
    }
  });

  it("says which claims were not checked, and what would check them", async () => {
    const { stdout } = await illume(["verify", "champion", "line.c", "--runs", "none"], folder);
    expect(stdout).toMatch(
      /\nverified line\.c: 10 of 20 claims are as computed, 10 NOT checked \(question, fitness, measured, domain, .*\); their run tells: give it with --run, or its folder with --runs\n$/,
    );
  });

  it("tells line ends of Windows as what they are", async () => {
    const text = readFileSync(join(folder, "line.c"), "utf8");
    writeFileSync(join(folder, "windows.c"), text.replaceAll("\n", "\r\n"));
    const { code, stdout } = await illume(["verify", "champion", "windows.c"], folder);
    expect(code).toBe(1);
    expect(stdout).toContain(
      "differs (claimed line ends CR LF, as of Windows, computed LF alone; nothing else differs)",
    );
  });

  it("finds claims that were changed", async () => {
    const claims = {
      question: "Which curve?",
      operations: "7",
      fitness: "0.5",
      measured: "R2, on 80 cases",
      domain: "x from 0 to 100",
      experiment: "other",
      seed: "2",
      "archive digest": "0".repeat(32),
      birth: "epoch 9, island 0, candidate 1",
    };
    expect(claimsThat("differs", await checked(withClaims("line.ts", claims)))).toEqual(Object.keys(claims));
    const ofCells = await Promise.all(["99", "nine"].map((cell) => checked(withClaims("line.ts", { cell }))));
    for (const result of ofCells) expect(claimsThat("differs", result)).toEqual(["cell"]);
  });

  it("finds a program that was changed in header and code alike", async () => {
    const file = changed("line.c", (text) => text.replaceAll(/\b0\.1\b/g, "0.2"));
    expect(claimsThat("differs", await checked(file))).toEqual(["program", "program digest"]);
  });

  it("says where a program comes from another run than is claimed", async () => {
    const result = await checked("line.ts", ["--run", quickstart.run]);
    expect(claimsThat("differs", result)).toEqual(
      expect.arrayContaining(["question", "experiment", "run", "archive digest", "language", "arguments"]),
    );
    expect(claimsThat("ok", result)).toContain("text");
  });

  it("takes a language that the header does not describe from the run", async () => {
    await illume(["export", lists.run, "--out", "lists.ts"], folder);
    const result = await checked("lists.ts");
    expect(claimsThat("ok", result)).toHaveLength(result.checks.length);
    expect(claimsThat("not checked", await checked("lists.ts", ["--runs", "none"]))).toContain("text");
  });

  it("executes nothing of a run that is somebody else's, and checks the lineage", async () => {
    const run = join(folder, "foreign", own.run);
    cpSync(join(folder, "runs", own.run), run, { recursive: true });
    for (const name of readdirSync(run).filter((file) => file.endsWith(".seal"))) rmSync(join(run, name));
    const result = await checked("line.ts", ["--runs", "foreign"]);
    expect(claimsThat("differs", result)).toEqual([]);
    expect(claimsThat("not checked", result)).toEqual(["fitness", "measured", "domain"]);
    const trusted = await checked("line.ts", ["--runs", "foreign", "--experiment", "own.ts"]);
    expect(claimsThat("ok", trusted)).toHaveLength(20);
    expect(
      await illume(["verify", "champion", "line.ts", "--runs", "foreign", "--experiment", "lists"], folder),
    ).toMatchObject({ code: 2, stderr: expect.stringMatching(/^illume: --experiment must be what run /) });
  });

  it("finds an earlier state of a run that has gone on", async () => {
    const terms = settings({ epochCandidates: 1000, snapshotEpochs: 1 });
    const begun = ["run", "quickstart", "--seed", "7", "--budget", "12000", "--minutes", "0.0001"];
    const { run: name } = await told([...begun, ...terms, "--executor", "serial"], folder);
    await illume(["export", name, "--out", "early.ts"], folder);
    await told(["resume", name, "--executor", "serial"], folder);
    expect(claimsThat("ok", await checked("early.ts"))).toHaveLength(20);
    // Now only the journal knows it.
    rmSync(join(folder, "runs", name, "state-000000000001.bin"));
    const result = await checked("early.ts");
    expect(claimsThat("differs", result)).toEqual([]);
    expect(claimsThat("ok", result)).toContain("archive digest");
  });

  it("keeps to the folder of runs, and prints nothing that a terminal would obey", async () => {
    const file = withClaims("line.ts", { run: "../runs/x", seed: "\u001b[2J" });
    const { code, stdout } = await illume(["verify", "champion", file], folder);
    expect(code).toBe(1);
    expect(stdout).toContain("not checked (there is no run ../runs/x in runs;");
    expect(stdout).not.toContain("\u001b");
  });

  it("refuses what is no exported file, in clear lines", async () => {
    const refuses = async (file: string, line: string | RegExp): Promise<void> => {
      const { code, stdout, stderr } = await illume(["verify", "champion", file], folder);
      expect({ code, stdout, stderr }).toEqual({
        code: 2,
        stdout: "",
        stderr: typeof line === "string" ? `illume: ${line}\n` : expect.stringMatching(line),
      });
    };
    writeFileSync(join(folder, "plain.py"), "# A program\nprint(1)\n");
    await Promise.all([
      refuses(
        "plain.py",
        "file must begin with the header that illume export writes; it has none. Export the program again.",
      ),
      refuses("nowhere.c", /^illume: file must be one that can be read; ENOENT.*\.\n$/),
    ]);
  });
});

describe("illume export", () => {
  it("writes the elite of a cell, whose file is verified as well", async () => {
    // The one program of a single node that is nearly right.
    const exported = await told<{ claims: Record<string, string>; program: string }>(
      ["export", quickstart.run, "--cell", "0,5", "--out", "cell.ts"],
      folder,
    );
    expect(exported.program).toBe("distance");
    expect(exported.claims["cell"]).toBe("0,5");
    expect(claimsThat("ok", await checked("cell.ts"))).toHaveLength(20);
  });

  it("writes a test beside the file", async () => {
    const { stdout } = await illume(
      ["export", quickstart.run, "--to", "javascript", "--out", "kepler.mjs", "--with-tests"],
      folder,
    );
    expect(stdout).toBe("written to kepler.mjs\nwritten to kepler.test.mjs\n");
    expect(
      execFileSync(process.execPath, ["--test", "kepler.test.mjs"], { cwd: folder, encoding: "utf8" }),
    ).toContain("# pass 1\n");
  });

  it("gives the tests of TypeScript and JavaScript names of their own", async () => {
    const out = (to: string, file: string): ReturnType<typeof illume> =>
      illume(["export", quickstart.run, "--to", to, "--out", file, "--with-tests"], folder);
    expect((await out("typescript", "both.ts")).stdout).toBe(
      "written to both.ts\nwritten to both.ts.test.mjs\n",
    );
    expect((await out("javascript", "both.js")).stdout).toBe(
      "written to both.js\nwritten to both.test.mjs\n",
    );
  });

  it("overwrites what holds something else only where that is wanted", async () => {
    const args = (...more: string[]): string[] => ["export", quickstart.run, "--out", "mine.ts", ...more];
    const refusal = (file: string): string =>
      `illume: --out must not lead to a file that holds something else; ${file} does. Give --force to overwrite it.\n`;
    writeFileSync(join(folder, "mine.ts"), "// my own\n");
    expect(await illume(args(), folder)).toMatchObject({ code: 2, stderr: refusal("mine.ts") });
    expect(readFileSync(join(folder, "mine.ts"), "utf8")).toBe("// my own\n");
    expect(await illume(args("--force"), folder)).toMatchObject({ code: 0 });
    // The same program again, with other options; then another program, and a test of one's own.
    expect(await illume(args("--name", "other"), folder)).toMatchObject({ code: 0 });
    expect(await illume(args("--cell", "0,5"), folder)).toMatchObject({
      code: 2,
      stderr: refusal("mine.ts"),
    });
    writeFileSync(join(folder, "mine.ts.test.mjs"), "// my own\n");
    expect(await illume(args("--with-tests"), folder)).toMatchObject({
      code: 2,
      stderr: refusal("mine.ts.test.mjs"),
    });
  });

  it("refuses in one line what it cannot write", async () => {
    const refuses = async (args: readonly string[], line: string | RegExp): Promise<void> => {
      const { code, stderr } = await illume(["export", ...args], folder);
      expect({ code, stderr }).toEqual({
        code: 2,
        stderr: typeof line === "string" ? `illume: ${line}\n` : expect.stringMatching(line),
      });
    };
    await Promise.all([
      refuses(
        [quickstart.run, "--to", "latex", "--out", "a.tex", "--with-tests"],
        "--with-tests must go with a language that runs; got --to latex.",
      ),
      refuses(
        [quickstart.run, "--with-tests"],
        "--with-tests must go with --out FILE; the test is written beside it.",
      ),
      refuses(
        [quickstart.run, "--cell", "0,19"],
        "--cell must be a cell with a program in it; 0,19 is empty.",
      ),
      refuses(
        [lists.run, "--to", "c"],
        /^illume: program must be over reals, floats and booleans to be exported to C; its language has list<int>.* Export it to typescript or javascript\.\n$/,
      ),
      refuses(
        [quickstart.run, "--to", "python", "--name", "lambda"],
        '--name must be a name that Python leaves free; got "lambda".',
      ),
    ]);
  });
});
