import { execFileSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import type { ClaimCheck } from "../../src/index.ts";
import { illume, settings, temporaryFolder, type Told, told } from "./program.ts";

interface Measured {
  readonly operations: number;
  readonly error: number;
  readonly program: string;
}

interface ToldFront {
  readonly pareto: readonly Measured[];
  readonly baselines: readonly (Measured & { readonly method: string })[];
}

type ToldApproximation = Told & ToldFront & { readonly hypervolume: number };

const folder = temporaryFolder();
const small = ["--max-ops", "4", "--budget", "600", ...settings({ islands: 2, epochCandidates: 150 })];
const exp2 = ["approximate", "2^x", "--from", "0", "--to", "1", ...small];
const serial = ["--executor", "serial"];
let found: ToldApproximation;

beforeAll(async () => {
  found = await told<ToldApproximation>([...exp2, ...serial], folder);
}, 60_000);

describe("illume approximate", () => {
  it("tells the programs nearest to the function for each number of operations, and what is known", () => {
    const { run, stop, epochs, pareto, baselines, hypervolume } = found;
    expect({ run, stop, epochs }).toEqual({
      run: expect.stringMatching(/^approximate-2-x-1-[0-9a-f]{8}$/),
      stop: "budget",
      epochs: 2,
    });
    expect(pareto.length).toBeGreaterThan(3);
    pareto.slice(1).forEach(({ operations, error }, i) => {
      const before = pareto[i] as Measured;
      expect(operations).toBeGreaterThan(before.operations);
      expect(error).toBeLessThan(before.error);
    });
    // 0.97 · (1 + x) is the best product.
    expect(pareto.find(({ operations }) => operations === 2)?.error).toBeCloseTo(0.02983, 4);
    expect(baselines.map(({ method }) => method)).toContain("rational minimax");
    for (const { operations, error } of baselines) {
      expect(operations).toBeLessThanOrEqual(4);
      expect(error).toBeLessThan(1);
    }
    expect(hypervolume).toBeGreaterThan(0);
  });

  it("prints them as a table, and does not search again where operations are written otherwise", async () => {
    // What a link in a run's folder leads to is nobody's to overwrite.
    const picture = join(folder, "runs", found.run, "front.svg");
    rmSync(picture);
    writeFileSync(join(folder, "elsewhere"), "mine");
    symlinkSync(join(folder, "elsewhere"), picture);
    const { code, stdout, stderr } = await illume([...exp2, "--ops", "+", "-", "*", "/", ...serial], folder);
    expect({ code, stderr }).toEqual({
      code: 0,
      stderr: expect.stringMatching(/^this run is there already and has ended;/),
    });
    const [title, head, ...rows] = stdout.trimStart().split("\n");
    expect(title).toBe("2^x from 0 to 1 with + - * /, largest relative error at 10,001 points");
    expect(head).toMatch(/^operations {2}error {7}best baseline, its operations +better +program$/);
    found.pareto.forEach(({ operations, error, program }, i) => {
      const row = rows[i] as string;
      expect(row.slice(0, 20).trimEnd()).toBe(
        `${String(operations).padStart(10)}  ${error.toExponential(2)}`,
      );
      expect(program.startsWith(row.slice((head as string).indexOf("program")).replace("…", ""))).toBe(true);
    });
    expect(rows[found.pareto.length]).toBe("");
    expect(stdout).toContain(`picture      runs/${found.run}/front.svg\n`);
    expect(readFileSync(join(folder, "elsewhere"), "utf8")).toBe("mine");
  });

  it("draws them into the run's folder", () => {
    const picture = readFileSync(join(folder, "runs", found.run, "front.svg"), "utf8");
    expect(picture).toMatch(/^<svg xmlns="http:\/\/www\.w3\.org\/2000\/svg" viewBox="0 0 \d+ \d+" /);
    expect(picture).toContain("<title>2^x from 0 to 1</title>");
    for (const name of ["found by Illume", ...found.baselines.map(({ method }) => method)])
      expect(picture).toContain(`>${name}</text>`);
    const open: string[] = [];
    const rest = picture.replaceAll(
      /<(\/?)([a-z]+)(?: [a-z-]+="[^"<]*"| xmlns="[^"]*")*(\/?)>/gi,
      (_, end: string, name: string, isEmpty: string) => {
        if (end === "/") expect(open.pop()).toBe(name);
        else if (isEmpty === "") open.push(name);
        return "";
      },
    );
    expect(open).toEqual([]);
    expect(rest).not.toMatch(/[<>]|&(?!amp;|lt;|gt;|quot;|apos;)/);
  });

  it("is shown again from the stored run", async () => {
    const { pareto, baselines } = found;
    expect(await told<ToldFront>(["show", found.run, "--pareto"], folder)).toEqual({ pareto, baselines });
  });

  it("shows the fittest program of a number of operations", async () => {
    const two = await told<Measured>(["show", found.run, "--operations", "2"], folder);
    expect(two).toMatchObject({
      operations: 2,
      program: found.pareto.find(({ operations }) => operations === 2)?.program,
    });
  });
});

describe("what a run of illume approximate hands out", () => {
  const best = () => found.pareto.at(-1) as Measured;
  const question = "2^x from 0 to 1, relative error, at most 4 operations";

  it("is the last row of the table: as the best, as the champion and in exported code", async () => {
    const { best: handedOut } = found as unknown as { readonly best: Measured };
    expect(handedOut).toMatchObject({ program: best().program, error: best().error, errorKind: "relative" });
    const champion = await told<Measured>(["show", found.run, "--champion"], folder);
    expect(champion).toMatchObject({ program: best().program, error: best().error });
    const { claims } = await told<{ claims: Record<string, string> }>(["export", found.run], folder);
    expect(claims).toMatchObject({
      program: best().program,
      "largest error": expect.stringContaining(best().error.toExponential()),
    });
  });

  it("comes with the question and its largest error, wherever it is shown", async () => {
    const shown = best().error.toExponential(2);
    const list = await illume(["ls"], folder);
    expect(list.stdout).toMatch(new RegExp(`^${found.run} +budget +600 of 600 +${shown}$`, "m"));
    expect(list.stdout).toContain(`\n  ${question}\n`);
    const [listed] = await told<readonly { bestError: number; question: object }[]>(["ls"], folder);
    expect(listed).toMatchObject({ bestError: best().error, question: { target: "2^x", from: 0, to: 1 } });
    for (const option of [[], ["--champion"], ["--operations", String(best().operations)]]) {
      const { stdout } = await illume(["show", found.run, ...option], folder);
      expect(stdout).toContain(`question     ${question}\n`);
      expect(stdout).toMatch(new RegExp(`^(best|error) +${shown} largest relative error( |$)`, "m"));
      expect(stdout).not.toMatch(/^passes/m);
    }
  });

  it("is told with a warning where it is named by its cell and is infinite somewhere", async () => {
    const source = `import { approximation, grid } from "illume";
export default {
  ...approximation({ name: "poles", target: "x - x^3/8", from: 0.1, to: 0.5, error: "absolute", maximumOperations: 7 }),
  archive: grid({ operations: [1, 7], structure: { from: 0, to: 1, bins: 1 } }),
  seeds: [
    "(* x (- 1.0 (* 0.125 (* x x))))",
    "(+ (/ 1e-12 (- x 0.30000123)) (* x (- 1.0 (* 0.125 (* x x)))))",
  ],
};
`;
    writeFileSync(join(folder, "poles.ts"), source);
    const set = settings({ islands: 1, constantFitting: "off", initialCandidates: 2 });
    const { run } = await told<Told>(["run", "poles.ts", "--budget", "2", ...set, ...serial], folder);
    const named = await illume(["export", run, "--cell", "6,0"], folder);
    expect(named.stdout).toContain("largest error: Infinity in exact");
    expect(named).toMatchObject({
      code: 0,
      stderr:
        "illume: this program is infinite or undefined somewhere from 0.1 to 0.5: its largest error is infinite. Without --cell the nearest one is exported.\n",
    });
    const chosen = await illume(["export", run], folder);
    expect(chosen.stderr).toBe("");
    expect(chosen.stdout).toContain("program: (* x (- 1.0 (* 0.125 (* x x))))\n");
    const { code, stderr } = await illume(["show", run, "--operations", "7"], folder);
    expect({ code, stderr }).toEqual({
      code: 2,
      stderr:
        "illume: --operations must be those of a program in the table: 4; got 7. Fewer do better: no program of 7 that was found is nearer than that of --operations 4.\n",
    });
  });

  it("is looked at again by the commands that are printed, as they stand, wherever the runs are", async () => {
    const tiny = ["--max-ops", "2", "--budget", "20", ...settings({ islands: 1, epochCandidates: 20 })];
    const question = ["approximate", "2^x", "--from", "0", "--to", "1", ...tiny];
    const { stdout } = await illume([...question, ...serial, "--runs", "my runs"], folder);
    expect(stdout).toMatch(/^stop +budget after 1 epoch, 20 candidates, /m);
    expect(stdout).toMatch(/^speed .* with 1 worker on 1 island$/m);
    const printed = [...stdout.matchAll(/illume ((?:show|export) .*?)(?= {3}|$)/gm)].map(
      ([, words]) => words,
    );
    expect(printed).toHaveLength(2);
    for (const words of printed) {
      const args = [...(words as string).matchAll(/'([^']*)'|(\S+)/g)].map(
        ([, quoted, word]) => quoted ?? word,
      );
      expect(await illume(args as string[], folder)).toMatchObject({ code: 0, stderr: "" });
    }
  });
});

describe("a run of illume approximate", () => {
  it("is stopped and resumed, verified and replayed as any other, with any number of workers", async () => {
    const stopped = await told<ToldApproximation>(
      [...exp2, "--workers", "2", "--runs", "stopped", "--minutes", "0.0001"],
      folder,
    );
    expect(stopped).toMatchObject({ run: found.run, stop: "time", epochs: 1 });
    const resumed = await told<ToldApproximation>(
      ["resume", stopped.run, "--workers", "2", "--runs", "stopped"],
      folder,
    );
    const { digest, rollingDigest, pareto, hypervolume } = found;
    expect(resumed).toMatchObject({ digest, rollingDigest, pareto, hypervolume });
    const [verified, replayed] = await Promise.all([
      told(["verify", found.run, ...serial], folder),
      illume(["replay", found.run, "--epoch", "1", "--island", "1", "--all", ...serial], folder),
    ]);
    expect(verified).toMatchObject({ verified: true, digest });
    expect(replayed).toMatchObject({ code: 0, stderr: "" });
    expect(readdirSync(join(folder, "runs", found.run))).toEqual(
      expect.arrayContaining(["front.svg", "journal.log", "run.json"]),
    );
  });

  it("takes formulas for the ends of the interval, and a minus before them", async () => {
    const tiny = ["--max-ops", "2", "--budget", "200", ...settings({ islands: 1 }), ...serial];
    const cosine = ["--from", "-pi/2", "--to", "pi/4", "--error", "absolute", "-cos(x)"];
    const { code, stdout } = await illume(["approximate", ...cosine, "--ops", "- square", ...tiny], folder);
    expect(code).toBe(0);
    expect(stdout).toContain(
      `-cos(x) from ${-Math.PI / 2} to ${Math.PI / 4} with - square, largest absolute error at 10,004 points\n`,
    );
  });
});

/** Claims of a file by verdict, from the file alone or with its run. */
async function checked(file: string, runs = "none"): Promise<Record<ClaimCheck["verdict"], string[]>> {
  const { stdout, stderr } = await illume(["verify", "champion", file, "--runs", runs, "--json"], folder);
  expect(stderr).toBe("");
  const { checks } = JSON.parse(stdout) as { readonly checks: readonly ClaimCheck[] };
  const claimsThat = (verdict: ClaimCheck["verdict"]): string[] =>
    checks.filter((check) => check.verdict === verdict).map(({ claim }) => claim);
  return {
    ok: claimsThat("ok"),
    differs: claimsThat("differs"),
    "not checked": claimsThat("not checked"),
  };
}

describe("an exported approximation", () => {
  const errors = ["largest error", "largest error as run"];
  const ofRun = "question fitness measured experiment seed run,archive digest,cell birth".split(
    /[ ,](?!digest)/,
  );

  const isThere = (command: string): boolean => {
    try {
      execFileSync(command, ["--version"], { stdio: "ignore" });
      return true;
    } catch {
      return false;
    }
  };

  const languages: readonly [to: string, out: string, test: readonly string[]][] = [
    ["typescript", "four.ts", []],
    ["javascript", "four.mjs", [process.execPath, "--test", "four.test.mjs"]],
    ["c", "four.c", ["sh", "-c", "cc -std=c99 -O2 -ffp-contract=off -o four test_four.c -lm && ./four"]],
    ["python", "four.py", ["python3", "test_four.py"]],
    ["latex", "four.tex", []],
  ];

  it("claims in each language what can be checked from the file alone, and passes its test", async () => {
    const { operations, program } = found.pareto.at(-1) as Measured;
    const check = async ([to, out, test]: (typeof languages)[number]): Promise<void> => {
      const options = ["--to", to, "--operations", String(operations), "--out", out];
      const exported = await told<{ claims: Record<string, string> }>(
        ["export", found.run, ...options, ...(test.length === 0 ? [] : ["--with-tests"])],
        folder,
      );
      expect(exported.claims).toMatchObject({
        program,
        operations: String(operations),
        target: "2^x",
        domain: "x from 0 to 1",
        error: "relative, sampled at 10001 Chebyshev points and 0",
        "largest error": expect.stringMatching(/^\d\S*e-\d+ in exact arithmetic \(double-double\)$/),
        "largest error as run": expect.stringMatching(/^\d\S*e-\d+ in doubles, at 200000 points$/),
      });
      expect(await checked(out)).toMatchObject({ differs: [], "not checked": ofRun });
      const [command, ...args] = test;
      if (command !== undefined && isThere(to === "c" ? "cc" : command))
        execFileSync(command, args, { cwd: folder, stdio: "pipe" });
    };
    await Promise.all(languages.map(check));
  });

  it("is held against its run as well", async () => {
    expect(await checked("four.c", "runs")).toMatchObject({ differs: [], "not checked": [] });
    const text = readFileSync(join(folder, "four.c"), "utf8");
    const changed = text
      .replace("target: 2^x", "target: 2^x + x/10^9")
      .replace(/x from 0 to 1$/m, "x from 0 to 1.5")
      .replace(/largest error: \S+/, "largest error: 1e-9");
    writeFileSync(join(folder, "changed.c"), changed);
    expect((await checked("changed.c", "runs")).differs).toEqual(["target", "domain", "largest error"]);
    writeFileSync(join(folder, "without.c"), text.replace(/ \* target: .*\n/, ""));
    expect((await checked("without.c", "runs")).differs).toEqual(["target"]);
  });

  it("is found out from the file alone where its claims were changed", async () => {
    const text = readFileSync(join(folder, "four.py"), "utf8");
    const [, constant = ""] = /(\d\.\d{9,})/.exec(text) ?? [];
    const next = String(Number(constant) * (1 + Number.EPSILON));
    const changes: readonly [string, string, string[]][] = [
      [text.replaceAll(constant, next), "constant", ["program digest", "largest error"]],
      [text.replace("target: 2^x", "target: e^x"), "target", errors],
      [text.replace("domain: x from 0 to 1", "domain: x from 0 to 2"), "domain", errors],
      [text.replace(/largest error: \d/, "largest error: 0"), "error", ["largest error"]],
    ];
    const check = async ([changed, name, differing]: (typeof changes)[number]): Promise<void> => {
      expect(changed).not.toBe(text);
      writeFileSync(join(folder, `${name}.py`), changed);
      expect((await checked(`${name}.py`)).differs).toEqual(expect.arrayContaining(differing));
    };
    await Promise.all(changes.map(check));
  });
});

describe("illume approximate refuses in one line", () => {
  const MORE = " illume --help lists commands and options.";
  const interval = ["--from", "0", "--to", "1"];
  const refusals: readonly [string, readonly string[], string | RegExp][] = [
    [
      "an interval that is empty",
      ["2^x", "--from", "1", "--to", "1"],
      "--from and --to must be from a number to a greater one; got [1,1]. An empty interval has nothing to approximate.",
    ],
    [
      "a function that is infinite at an end",
      ["1/x", ...interval],
      "approximation, target must be finite on the interval from 0 to 1; 1/x is Infinity at x = 0. Choose another interval.",
    ],
    [
      "a function that is infinite inside",
      ["1/(x - 0.3)", ...interval],
      "approximation, target must be finite on the interval from 0 to 1; 1/(x - 0.3) grows without bound near x = 0.3. Choose another interval.",
    ],
    [
      "relative errors of a function that is 0 inside the interval",
      ["sin(x)", "--from", "1", "--to", "4"],
      "approximation, target must have no zero inside the interval from 1 to 4 for relative errors, which grow without bound beside it; sin(x) is 0 at x = 3.14159. Choose error absolute (--error absolute), or an interval that ends at 3.14159.",
    ],
    [
      "an unknown name",
      ["sinn(x)", ...interval],
      /^formula, column 1, must be a function that is known: one of .*; got "sinn"\. .*sin.*$/,
    ],
    ["a formula without an end", ["2^", ...interval], /^formula, column 3, must be a number, .*$/],
    ["a constant", ["7", ...interval], /^approximation, target must depend on x; 7 is 7 .*$/],
    [
      "operations that give lines alone",
      ["2^x", ...interval, "--ops", "+", "-"],
      '--ops must be able to follow a curve; got "+ -". These give straight lines alone; add * or /.',
    ],
    [
      "operations that add no constant",
      ["2^x", ...interval, "--ops", "*", "/"],
      '--ops must be able to follow a curve; got "* /". Without + or - no constant can be added; add one.',
    ],
    [
      "unknown operations",
      ["2^x", ...interval, "--ops", "+", "plus"],
      /^language "arithmetic" operations must be among \+ - \* \/ .*; got "plus"\.$/,
    ],
    ["no operations", ["2^x", ...interval, "--ops"], `--ops must have a value.${MORE}`],
    [
      "ends that are no numbers",
      ["2^x", "--from", "zero", "--to", "1"],
      '--from must be a number, or a formula of numbers such as pi/2; got "zero".',
    ],
    ["an end that is missing", ["2^x", "--from", "0"], `--to must be given.${MORE}`],
    [
      "a number of operations that is none",
      ["2^x", ...interval, "--max-ops", "99"],
      "--max-ops must be a whole number from 1 to 24; got 99. 12 are usual; the more there are, the longer a search takes.",
    ],
    [
      "an unknown kind of error",
      ["2^x", ...interval, "--error", "small"],
      /^--error, given as "small", must be one of "relative", "absolute".*$/,
    ],
    [
      "a budget that is none",
      ["2^x", ...interval, "--budget", "-3"],
      "--budget must be a whole number of candidates of at least 1; got -3.",
    ],
  ];

  const refuses = async (args: readonly string[], line: string | RegExp): Promise<void> => {
    const { code, stdout, stderr } = await illume(args, folder);
    expect({ code, stdout, lines: stderr.match(/\n/g)?.length }).toEqual({ code: 2, stdout: "", lines: 1 });
    expect(stderr).toMatch(/^illume: .*\n$/);
    const said = stderr.slice("illume: ".length, -1);
    if (typeof line === "string") expect(said).toBe(line);
    else expect(said).toMatch(line);
  };

  it.concurrent.each(refusals)("%s", async (_what, args, line) => {
    await refuses(["approximate", ...args, "--runs", "refused"], line);
    expect(existsSync(join(folder, "refused"))).toBe(false);
  });

  it("an elite of operations that no program has, or on a map without them", async () => {
    for (const command of ["show", "export"])
      await refuses(
        [command, found.run, "--operations", "9"],
        /^--operations must be those of a program in the table: (\d, )*4; got 9\. Fewer do better: no program of 9 that was found is nearer than that of --operations 4\.$/,
      );
    await told(["run", "dates", "--budget", "200", ...settings({ islands: 1 }), ...serial], folder);
    await refuses(
      ["export", "dates", "--operations", "3"],
      "--operations must go with a map that has an axis of operations; this one has size, fitness. --cell names a cell of any map.",
    );
    await refuses(
      ["show", found.run, "--operations", "3", "--cell", "1,1"],
      `--cell and --operations exclude one another.${MORE}`,
    );
  });
});
