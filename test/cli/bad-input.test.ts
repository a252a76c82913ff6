import { deepStrictEqual } from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import {
  chmodSync,
  cpSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statfsSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { afterEach, beforeAll, describe, expect, it } from "vitest";
import { FORMAT_VERSION, parameterTable } from "../../src/index.ts";
import { mount } from "./mount.ts";
import { illume, onlyRun, settings, start, temporaryFolder, told } from "./program.ts";

const folder = temporaryFolder();
const runs = join(folder, "runs");
const MORE = " illume --help lists commands and options.";

/** An experiment as a user might write it, with a line that may be replaced. */
const good = `import { defineExperiment, fn, grid } from "illume";
import { arithmetic, real } from "illume/dsl";

export default defineExperiment({
  name: "square",
  language: arithmetic(),
  program: fn({ x: real }, real),
  cases: [1, 2, 3].map((x) => ({ input: { x }, output: x * x })),
  fitness: "cases passed",
  archive: grid({ size: [1, 10] }),
  budget: 2000,
});
`;

const write = (name: string, text: string): void => writeFileSync(join(folder, name), text);
/** Writes the experiment with one part replaced by another. */
const writeWith = (name: string, part: string, other: string): void => {
  expect(good).toContain(part);
  write(name, good.replace(part, other));
};

/** Everything that is stored: names of runs and the bytes of their stores. */
const contentOfRuns = (): Record<string, string> =>
  Object.fromEntries(
    readdirSync(runs)
      .filter((name) => !name.startsWith("."))
      .map((name) => [
        name,
        createHash("sha256")
          .update(readFileSync(join(runs, name, "journal.log")))
          .update(readdirSync(join(runs, name)).join())
          .digest("hex"),
      ]),
  );

/** Runs a command that is wrong: exit code 2, exactly these lines, nothing on standard output. */
async function refuses(args: readonly string[], ...lines: readonly string[]): Promise<void> {
  expect(await illume(args, folder)).toEqual({
    code: 2,
    signal: null,
    stdout: "",
    stderr: lines.map((line) => `illume: ${line}\n`).join(""),
  });
}

let run = "";
let before: Record<string, string> = {};

beforeAll(async () => {
  write("square.ts", good);
  run = (await told(["run", "square.ts", "--executor", "serial"], folder)).run;
  before = contentOfRuns();
}, 60_000);

afterEach(() => {
  deepStrictEqual(contentOfRuns(), before, "a stored run has changed");
});

describe("a wrong command line", () => {
  it("without a command", () => refuses([], "a command is needed. illume --help lists them."));

  it("with an unknown command", async () => {
    await refuses(["frobnicate"], `command, option or argument unknown: frobnicate.${MORE}`);
    await refuses(["ruin", "square.ts"], `command unknown; did you mean run?${MORE}`);
  });

  it("with unknown options and arguments", async () => {
    await refuses(
      ["run", "square.ts", "--sede", "4"],
      `command, option or argument unknown: sede; did you mean --seed?${MORE}`,
    );
    await refuses(["run", "square.ts", "--a", "--b"], `options or arguments unknown: a, b.${MORE}`);
    await refuses(["run", "square.ts", "more"], `command, option or argument unknown: more.${MORE}`);
  });

  it("with an option that goes with another one", () =>
    refuses(["show", "square", "--time"], `--time must go with --pareto.${MORE}`));

  it("with names of files for an unquoted *", async () => {
    const question = ["approximate", "1/x", "--from", "1", "--to", "2", "--ops", "+", "-"];
    const quote =
      'They are names of files: the shell puts them in the place of a * without quotes. Quote it: --ops "+ - * /".';
    await refuses(
      [...question, "square.ts"],
      `command, option or argument unknown: square.ts. ${quote}${MORE}`,
    );
  });

  it("with arguments or values missing", async () => {
    await refuses(["run"], `the command needs more arguments: got 0, need at least 1.${MORE}`);
    await refuses(["run", "square.ts", "--seed"], `--seed must have a value.${MORE}`);
    await refuses(["run", "square.ts", "--seed="], `--seed must have a value.${MORE}`);
    await refuses(["run", "square.ts", "--budget"], `--budget must have a value.${MORE}`);
  });

  it("with the same option twice", () =>
    refuses(
      ["run", "square.ts", "--seed", "1", "--seed", "2"],
      `--seed must be given once; got 1, 2.${MORE}`,
    ));

  it("with options that exclude one another", () =>
    refuses(["show", run, "--champion", "--pareto"], `--champion and --pareto exclude one another.${MORE}`));

  it.each([
    [["--budget", "many"], `--budget must be a number.${MORE}`],
    [["--budget", "0"], "--budget must be a whole number of candidates of at least 1; got 0."],
    [["--budget", "1.5"], "--budget must be a whole number of candidates of at least 1; got 1.5."],
    [["--minutes", "0"], "--minutes must be a number above 0; got 0."],
    [["--workers", "0"], "--workers must be auto or a whole number from 1 to 256; got 0."],
    [["--workers", "all"], "--workers must be auto or a whole number from 1 to 256; got all."],
    [["--executor", "cloud"], `--executor, given as "cloud", must be one of "threads", "serial".${MORE}`],
    [["--set", "islands"], "--set must be name=value; got islands."],
    [["--set", "colour=red"], `parameter colour must be one of ${Object.keys(parameterTable).join(", ")}.`],
    [["--set", "islands=0"], "parameter islands must be at least 1 (number of islands); got 0."],
    [
      ["--set", "selector=best"],
      'parameter selector must be one of auto, uniform, tournament, lexicase, epsilon-lexicase, stratified (how parents are chosen; stratified: evenly over the bins of the first axis, the fittest of a bin most often; auto: epsilon-lexicase, or tournament where there are more than 100 cases, the fitness is your own or the cache lossy); got "best".',
    ],
    [
      ["--set", "mantissaBits=40"],
      "parameter mantissaBits must be 52 with cache=exact; got 40. Set cache=lossy.",
    ],
  ])("run square.ts %j", (options, line) => refuses(["run", "square.ts", ...options], line));

  it("all parameters that are wrong at once", async () => {
    const { code, stderr } = await illume(
      ["run", "square.ts", ...settings({ colour: 1, islands: -1, cacheEntries: 5 })],
      folder,
    );
    expect(code).toBe(2);
    expect(stderr.trimEnd().split("\n")).toEqual([
      expect.stringMatching(/^illume: parameter colour must be one of /),
      expect.stringMatching(/^illume: parameter islands must be at least 1 .* got -1/),
      expect.stringMatching(/^illume: parameter cacheEntries must be a power of two .* got 5/),
    ]);
  });

  it("with a cell that is none", async () => {
    await refuses(["show", run, "--cell", "10"], "--cell must be a bin of size from 0 to 9; got 10.");
    await refuses(["show", run, "--cell", "1,2"], "--cell must be a bin of size from 0 to 9; got 1,2.");
  });

  it("with an export that is not possible", async () => {
    await refuses(
      ["export", run, "--to", "cobol"],
      `--to, given as "cobol", must be one of "typescript", "javascript", "c", "python", "latex".${MORE}`,
    );
    await refuses(
      ["export", run, "--name", "two words"],
      "--name must be a name of letters, digits and _ that begins with no digit; got two words.",
    );
    await refuses(
      ["export", run, "--out", "nowhere/square.ts"],
      "--out must be a file that can be written; ENOENT: no such file or directory, open 'nowhere/square.ts'.",
    );
  });
});

describe("a wrong experiment", () => {
  it("that is not there", async () => {
    await refuses(
      ["run", "kepler"],
      "experiment must be a file or one of airy, dates, erf, exp2, lists, log2, parity, quickstart, sin; got kepler. A file is named with its ending: kepler.ts.",
    );
    await refuses(
      ["run", "kepler.ts"],
      "experiment must be a TypeScript or JavaScript file (.ts, .mts, .js, .mjs); got kepler.ts, which does not exist.",
    );
  });

  it("with a syntax error, by line and column", async () => {
    writeWith("wrong.ts", "output: x * x })),", "output: x * * x })),");
    await refuses(["run", "wrong.ts"], 'wrong.ts, line 8, column 60 must compile; Unexpected "*".');
  });

  it("that imports what is not there", async () => {
    write("wrong.ts", `import data from "./orbits.csv";\n${good.replace("[1, 2, 3]", "[...data]")}`);
    await refuses(
      ["run", "wrong.ts"],
      'wrong.ts, line 1, column 18 must compile; Could not resolve "./orbits.csv".',
    );
  });

  it("that throws when it is loaded", async () => {
    write("wrong.ts", `${good}throw new RangeError("no data today");\n`);
    await refuses(["run", "wrong.ts"], "experiment must load; it threw RangeError: no data today.");
  });

  it("without a default export", async () => {
    writeWith("wrong.ts", "export default", "export const experiment =");
    await refuses(
      ["run", "wrong.ts"],
      "experiment must be the default export of its file: export default defineExperiment({ … }).",
    );
  });

  it("without cases, or with a wrong name", async () => {
    writeWith("wrong.ts", "cases:", "examples:");
    await refuses(["run", "wrong.ts"], "experiment must have cases; got examples.");
    writeWith("wrong.ts", "cases:", "budgets: 3, cases:");
    await refuses(
      ["run", "wrong.ts"],
      "experiment must have no key but name, question, language, program, cases, fitness, outputRemainders, outputUnits, approximates, scaling, archive, probe, target, offset, budget, seeds, parameters; got budgets.",
    );
    writeWith("wrong.ts", '"square"', '"a/b"');
    await refuses(
      ["run", "wrong.ts"],
      'experiment name must be letters, digits, "-", "_" or "."; got "a/b".',
    );
  });

  it("with an empty range of a descriptor", async () => {
    writeWith("wrong.ts", "size: [1, 10]", "size: { from: 5, to: 5, bins: 2 }");
    await refuses(
      ["run", "wrong.ts"],
      'experiment "square", archive axis size must be a range that is not empty; got 5 to 5.',
    );
  });

  it("with an axis that nobody can compute, and no cells", async () => {
    writeWith("wrong.ts", "size: [1, 10]", "beauty: [1, 10]");
    await refuses(
      ["run", "wrong.ts"],
      'experiment "square", archive axis beauty must be size, depth, operations, cost, constants, primitiveSet, structure, passed, fitness, or have a measure function.',
    );
    writeWith("wrong.ts", "size: [1, 10]", "");
    await refuses(["run", "wrong.ts"], 'experiment "square", archive must have at least one axis.');
  });

  it("with cases of wrong types", async () => {
    writeWith("wrong.ts", "output: x * x", "output: String(x)");
    await refuses(
      ["run", "wrong.ts"],
      ...[1, 2, 3].map((n) => `experiment "square", case ${n}, output must be of type real; got "${n}".`),
    );
    writeWith("wrong.ts", "input: { x }", "input: { y: x }");
    await refuses(
      ["run", "wrong.ts"],
      ...[1, 2, 3].map((n) => `experiment "square", case ${n}, input x must be of type real; got undefined.`),
    );
  });

  it("with text in a column of numbers, by line and column", async () => {
    write("swings.csv", "# measured in the cellar\nlength,period\n0.5,1.42\n1.0,two\n,2.84\n");
    write(
      "wrong.ts",
      `import swings from "./swings.csv";
import { table } from "illume";
${good.replace("[1, 2, 3].map((x)", 'table(swings, { length: "number", period: "number" }, { name: "swings.csv" }).map(({ length: x })')}`,
    );
    await refuses(
      ["run", "wrong.ts"],
      'swings.csv, line 4, column "period" must be a number; got "two".',
      'swings.csv, line 5, column "length" must be a number; got "".',
    );
  });
});

describe("a wrong configuration file", () => {
  it("that is not there", () =>
    refuses(
      ["run", "square.ts", "--config", "night.json"],
      "--config must be a JSON file; got night.json, which does not exist.",
    ));

  it("that is no JSON", async () => {
    write("night.json", '{ "seed": 1,\n');
    const { code, stdout, stderr } = await illume(["run", "square.ts", "--config", "night.json"], folder);
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    expect(stderr).toMatch(/^illume: night\.json must be JSON; .+\.\n$/);
  });

  it("with unknown and wrong entries, by name", async () => {
    write("night.json", JSON.stringify({ sede: 1, budget: "many", workers: 0 }));
    const { code, stdout, stderr } = await illume(["run", "square.ts", "--config", "night.json"], folder);
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    expect(stderr).toContain(
      "illume: night.json, budget: Invalid input: expected number, received string.\n",
    );
    expect(stderr).toContain('illume: night.json, top level: Unrecognized key: "sede".\n');
    expect(stderr).toMatch(/^illume: night\.json, workers: /m);
  });

  it("which is also read where it has its usual name", async () => {
    const other = join(folder, "configured");
    mkdirSync(other);
    writeFileSync(join(other, "square.ts"), good);
    writeFileSync(
      join(other, "illume.config.json"),
      JSON.stringify({ seed: 5, runs: "elsewhere", set: { islands: 2 } }),
    );
    expect(await told(["run", "square.ts", "--executor", "serial"], other)).toMatchObject({
      run: expect.stringMatching(/^square-5-/),
      islands: 2,
    });
    expect(onlyRun(join(other, "elsewhere"))).not.toBeNull();
    writeFileSync(join(other, "illume.config.json"), '{ "sede": 5 }');
    expect(await illume(["ls"], other)).toMatchObject({
      code: 2,
      stderr: 'illume: illume.config.json, top level: Unrecognized key: "sede".\n',
    });
  });
});

describe("a wrong run", () => {
  const other = join(folder, "other-runs");
  /** A copy of the run that may be damaged. */
  const copy = (name: string): string => {
    const place = join(other, name);
    cpSync(join(runs, run), place, { recursive: true });
    return place;
  };

  it("that is not there", async () => {
    const line = "run must be the name or folder of a stored run; got nowhere. illume ls shows the runs.";
    for (const command of ["resume", "show", "verify", "export"]) await refuses([command, "nowhere"], line);
    await refuses(
      ["resume", "nowhere", "--runs", "no-runs-here"],
      line.replace("illume ls", "illume ls --runs no-runs-here"),
    );
  });

  it("whose name is not unique", async () => {
    copy("square-one");
    copy("square-two");
    await refuses(
      ["show", "square", "--runs", other],
      "run must be named so that it is unique; square may be square-one, square-two.",
    );
  });

  it("of another version of the format, which does not hide the others", async () => {
    const place = copy("of-tomorrow");
    const config = join(place, "run.json");
    const text = readFileSync(config, "utf8");
    writeFileSync(config, text.replace(/"format": \d+/, `"format": ${FORMAT_VERSION + 1}`));
    const line = `run ${place} must be of format ${FORMAT_VERSION}; got ${FORMAT_VERSION + 1}. Use the version of Illume that made it.`;
    for (const command of ["resume", "show", "verify", "export"]) await refuses([command, place], line);
    const { code, stdout, stderr } = await illume(["ls", "--runs", other], folder);
    expect({ code, stderr }).toEqual({ code: 0, stderr: `illume: ${line}\n` });
    expect(stdout).toMatch(/^square-one /m);
  });

  it("whose store is something else", async () => {
    const place = copy("damaged");
    for (const name of readdirSync(place))
      writeFileSync(join(place, name), "This was a run once.\n".repeat(1000));
    await refuses(
      ["resume", place],
      `run folder ${place} must hold a readable store; run.json is damaged or something else, and there is no state that can be read. Run the experiment again: the same seed gives the same result.`,
    );
  });

  it("whose code is missing or not the code that it was started with", async () => {
    const place = copy("changed");
    const code = join(place, readdirSync(place).find((name) => name.endsWith(".mjs")) as string);
    writeFileSync(code, `${readFileSync(code, "utf8")}\n`);
    await refuses(
      ["verify", place],
      `run ${place} must hold the code that it was started with; ${code} has changed. Give its source: --experiment FILE.`,
    );
    rmSync(code);
    await refuses(
      ["verify", place],
      `run ${place} must hold its code ${code}; it is missing. Give its source: --experiment FILE.`,
    );
  });

  it("that has no finished epoch yet", async () => {
    const begun = join(folder, "begun");
    const running = start(
      ["run", "quickstart", "--runs", begun, "--islands", "1", ...settings({ epochCandidates: 1000000 })],
      folder,
    );
    await running.says(/\?/);
    running.process.kill("SIGKILL");
    await running.ended;
    const name = onlyRun(begun)?.split("/").at(-1) as string;
    await refuses(
      ["show", name, "--runs", begun],
      `run ${name} must have a finished epoch; it has none yet. illume resume begun/${name}`,
    );
    await refuses(
      ["verify", name, "--runs", begun],
      `run ${name} must have a finished epoch; it has none yet.`,
    );
    await refuses(
      ["export", name, "--runs", begun],
      `run ${name} must have found a program; it has none yet.`,
    );
    expect((await illume(["ls", "--runs", begun], folder)).stdout).toMatch(/unfinished {3}0 of 1,000,000/);
  });
});

describe("a folder of runs", () => {
  it("that is a file", async () => {
    await refuses(
      ["run", "square.ts", "--runs", "square.ts"],
      `--runs must be a folder that can be written; got square.ts: EEXIST: file already exists, mkdir '${join(folder, "square.ts")}'.`,
    );
    await refuses(["ls", "--runs", "square.ts"], "--runs must be a folder; got square.ts.");
  });

  it("that cannot be written", async (context) => {
    const locked = join(folder, "locked");
    mkdirSync(locked);
    chmodSync(locked, 0o555);
    // Permissions do not hold root back; a file system that is mounted for reading does.
    if (process.getuid?.() === 0 && !mount(locked, "size=1m,ro")) context.skip();
    const { code, stdout, stderr } = await illume(["run", "square.ts", "--runs", locked], folder);
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    expect(stderr).toMatch(/^illume: --runs must be a folder that can be written; got \S+: E[A-Z]+: .*\.\n$/);
  });

  it("that cannot be written by init", async (context) => {
    const locked = join(folder, "locked-init");
    mkdirSync(locked);
    if (!mount(locked, "size=1m,ro")) context.skip();
    const { code, stdout, stderr } = await illume(["init"], locked);
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    expect(stderr).toMatch(/^illume: \S+ must be a file that can be written; E[A-Z]+: .*\.\n$/);
  });
});

describe("a full disk", () => {
  const freeBytes = (place: string): number => {
    const { bavail, bsize } = statfsSync(place);
    return bavail * bsize;
  };
  const command = [
    "run",
    "quickstart",
    "--budget",
    "320000",
    ...settings({ epochCandidates: 400, polishEpochs: 1000 }),
  ];

  it("stops the run, loses nothing, and the run goes on when there is space", async (context) => {
    const disk = join(folder, "disk");
    mkdirSync(disk);
    if (!mount(disk, "size=96m")) context.skip();
    const undisturbed = await told([...command, "--executor", "serial"], temporaryPlace());
    const onDisk = ["--runs", join(disk, "runs")];

    const running = start([...command, ...onDisk, "--workers", "2"], folder);
    await running.says(/^epoch 1 /m);
    const name = onlyRun(join(disk, "runs"))?.split("/").at(-1) as string;
    const ballast = join(disk, "ballast");
    writeFileSync(ballast, Buffer.alloc(freeBytes(disk) - (32 << 20)));
    const stopped = await running.ended;
    expect(stopped.code).toBe(75);
    expect(stopped.stdout).toMatch(/^stop {9}disk after \d+ epochs?/m);
    expect(stopped.stderr).toMatch(
      /^illume: disk of \S+ is nearly full; the run has stopped in order and lost nothing\. Free some space, then: illume resume \S+$/m,
    );

    // Full: a clear line before anything is written, and what is stored can be looked at.
    writeFileSync(join(disk, "more-ballast"), Buffer.alloc(freeBytes(disk) - (4 << 20)));
    const message =
      /^illume: disk of \S+ must have \d+ MB free; got \d+ MB\. Free some space, then: illume resume\. Nothing stored is lost\.\n$/m;
    const still = await illume(["resume", name, ...onDisk], folder);
    expect(still).toMatchObject({ code: 2, stdout: "" });
    expect(still.stderr).toMatch(message);
    expect(await illume(["show", name, ...onDisk], folder)).toMatchObject({ code: 0, stderr: "" });
    expect(await told(["verify", name, ...onDisk, "--executor", "serial"], folder)).toMatchObject({
      verified: true,
    });

    rmSync(ballast);
    rmSync(join(disk, "more-ballast"));
    expect(await told(["resume", name, ...onDisk], folder)).toMatchObject({
      digest: undisturbed.digest,
      epochs: undisturbed.epochs,
    });
  });

  it("is told of before a run begins", async (context) => {
    const disk = join(folder, "full-disk");
    mkdirSync(disk);
    if (!mount(disk, "size=1m")) context.skip();
    const begin = [...command, "--runs", join(disk, "runs")];
    const little = await illume(begin, folder);
    expect(little).toMatchObject({ code: 2, stdout: "" });
    expect(little.stderr).toMatch(/^illume: disk of \S+ must have 17 MB free; got \d MB\. .*\n$/);
    writeFileSync(join(disk, "ballast"), Buffer.alloc(freeBytes(disk)));
    const none = await illume([...begin, "--seed", "2"], folder);
    expect({ code: none.code, stdout: none.stdout }).toEqual({ code: 2, stdout: "" });
    execFileSync("mount", ["-o", "remount,size=128m", disk]);
    expect(await told([...command, "--runs", join(disk, "runs")], folder)).toMatchObject({
      candidates: 320000,
    });
  });

  let places = 0;
  /** A folder of its own on the usual disk. */
  function temporaryPlace(): string {
    const place = join(folder, `place-${++places}`);
    mkdirSync(place);
    return place;
  }
});
