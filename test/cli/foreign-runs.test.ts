import { execFileSync } from "node:child_process";
import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { afterEach, beforeAll, describe, expect, it } from "vitest";
import { digestOf, type RunConfig } from "../../src/index.ts";
import { journalLine, readJournalLine } from "../../src/journal.ts";
import { configText, readConfig } from "../../src/run-config.ts";
import { type Ended, settings, start, temporaryFolder, type Told } from "./program.ts";

const folder = temporaryFolder();
/** Somebody else's home. */
const theirs = join(folder, "their-home");
const mark = join(folder, "executed");
const foreign = join(folder, "foreign");

/** An experiment that leaves a mark when its code is executed, scaled so that answers need the cases. */
const experiment = `import { appendFileSync } from "node:fs";
import { defineExperiment, fn, grid } from "illume";
import { arithmetic, real } from "illume/dsl";

appendFileSync(${JSON.stringify(mark)}, "executed\\n");

export default defineExperiment({
  name: "marking",
  question: "What is it?",
  language: arithmetic({ constants: true, operations: ["+", "-", "*"] }),
  program: fn({ x: real }, real),
  cases: [0, 1, 2, 3].map((x) => ({ input: { x }, output: x * x + x + 1 })),
  fitness: "R2",
  scaling: "linear",
  offset: 0,
  archive: grid({ size: [1, 10], depth: [1, 5] }),
});
`;
const runArguments = ["--budget", "8000", ...settings({ epochCandidates: 1000 }), "--executor", "serial"];

const asThem = (args: readonly string[]): Promise<Ended> => start(args, folder, theirs).ended;
const asMe = (args: readonly string[]): Promise<Ended> => start(args, folder).ended;
const wasExecuted = (): boolean => {
  const was = existsSync(mark);
  rmSync(mark, { force: true });
  return was;
};

let theirRun = "";
let theirSummary: Told;
let codeName = "";
let copies = 0;

/** A copy of somebody else's run, as if it had been sent. */
function received(): string {
  const place = join(foreign, `copy-${copies++}`);
  cpSync(theirRun, place, { recursive: true });
  return place;
}

const contentOf = (place: string): Record<string, string> =>
  Object.fromEntries(
    readdirSync(place)
      .sort()
      .map((name) => [name, digestOf(readFileSync(join(place, name)))]),
  );

beforeAll(async () => {
  writeFileSync(join(folder, "marking.ts"), experiment);
  const { stdout } = await asThem(["run", "marking.ts", ...runArguments, "--json"]);
  theirSummary = JSON.parse(stdout) as Told;
  theirRun = join(folder, "runs", theirSummary.run);
  codeName = readdirSync(theirRun).find((name) => name.endsWith(".mjs")) as string;
  if (!wasExecuted()) throw new Error("the experiment leaves no mark");
}, 60_000);

afterEach(() => rmSync(mark, { force: true }));

describe("somebody else's run", () => {
  const refusal = (place: string): string =>
    `run ${place} must hold code that is known to be yours; ${join(place, codeName)} may be somebody else's and is not executed. Give its source: --experiment FILE; or read it, then: --trust.`;

  it("is listed and shown without executing anything", async () => {
    const place = received();
    const before = contentOf(place);
    const map = await asMe(["show", place]);
    expect(map).toMatchObject({ code: 0, stderr: "" });
    expect(map.stdout).toMatch(/│.*[█▓▒░·]/);
    expect(map.stdout).toContain(`digest       ${theirSummary.digest}\n`);
    expect(map.stdout).toContain(
      "without code: outcomes on the cases are left out, and programs are shown as they were bred, before they are scaled; to see them, the run must hold code that is known to be yours;",
    );
    const { best } = theirSummary;
    const champion = JSON.parse((await asMe(["show", place, "--champion", "--json"])).stdout) as {
      program: string;
      cell: readonly number[];
    };
    expect(champion).toMatchObject({ fitness: best.fitness, cases: null, casesPassed: null });
    // Before it was scaled, it is the inner term of their answer.
    expect(best.program).toContain(champion.program);
    const cell = await asMe(["show", place, "--cell", champion.cell.join(",")]);
    expect(cell.stdout).toContain(`program      ${champion.program}\n`);
    expect(cell.stdout).not.toContain("passes");
    expect(wasExecuted()).toBe(false);
    expect(contentOf(place)).toEqual(before);
  });

  it("is not verified, exported or gone on with, and it is said what to do", async () => {
    const place = received();
    const before = contentOf(place);
    for (const command of ["verify", "export", "resume"])
      expect(await asMe([command, place])).toEqual({
        code: 2,
        signal: null,
        stdout: "",
        stderr: `illume: ${refusal(place)}\n`,
      });
    expect(wasExecuted()).toBe(false);
    expect(contentOf(place)).toEqual(before);
  });

  it("is verified with its source, and no other one", async () => {
    const place = received();
    // What is executed is not what lies in the run's folder.
    rmSync(join(place, codeName));
    expect(await asMe(["verify", place, "--experiment", "marking.ts", "--executor", "serial"])).toMatchObject(
      {
        code: 0,
        stdout: expect.stringContaining("verified "),
      },
    );
    expect(wasExecuted()).toBe(true);
    const other = join(folder, "other.ts");
    writeFileSync(other, experiment.replace("x * x + x", "x * x"));
    const { code, stderr } = await asMe(["verify", place, "--experiment", other]);
    expect(code).toBe(2);
    expect(stderr).toMatch(
      /^illume: --experiment must be what run \S+ was started with, .*the run's is \w+\.\n$/,
    );
    expect(wasExecuted()).toBe(false);
  });

  it("is executed by who trusts it, and is theirs from then on, as long as it is the same code", async () => {
    const place = received();
    expect(await asMe(["verify", place, "--trust", "--workers", "2"])).toMatchObject({ code: 0, stderr: "" });
    expect(wasExecuted()).toBe(true);
    expect(await asMe(["show", place, "--champion"])).toMatchObject({
      code: 0,
      stdout: expect.stringContaining("passes       4 of 4 cases"),
    });
    expect(wasExecuted()).toBe(true);

    // Other code of the right digest, with the seal of what was trusted.
    const path = join(place, "run.json");
    const config = readConfig(readFileSync(path, "utf8")) as RunConfig;
    const code = readFileSync(join(place, codeName), "utf8").replace("executed", "harmed");
    const digest = digestOf(code);
    writeFileSync(join(place, `experiment-${digest}.mjs`), code);
    cpSync(join(place, codeName.replace("mjs", "seal")), join(place, `experiment-${digest}.seal`));
    writeFileSync(path, configText({ ...config, codeDigest: digest }));
    expect(await asMe(["verify", place])).toMatchObject({ code: 2 });
    expect(wasExecuted()).toBe(false);
  });

  it("may say what it likes: none of it is obeyed by a terminal", async () => {
    const place = join(foreign, "evil\u001b[2J\u009b2J'$(touch executed)'\nillume: all is well");
    cpSync(theirRun, place, { recursive: true });
    const attack = "\u001b]0;owned\u0007\u202e\u009b31m\r\nillume: fine";
    const parse = (name: string): any => JSON.parse(readFileSync(join(place, name), "utf8"));
    const { description } = parse("description.json");
    description.axes[0].name = attack;
    const form = JSON.parse(description.grammar);
    form.fingerprint = form.fingerprint.replace('"argument","real","x"', `"argument","real","x\\u001b[31m"`);
    description.grammar = JSON.stringify(form);
    writeFileSync(
      join(place, "description.json"),
      JSON.stringify({ checksum: digestOf(JSON.stringify(description)), description }),
    );
    const config = readConfig(readFileSync(join(place, "run.json"), "utf8")) as RunConfig;
    writeFileSync(
      join(place, "run.json"),
      configText({ ...config, question: attack, seed: attack, grammarDigest: digestOf(form.fingerprint) }),
    );
    const lines = readFileSync(join(place, "journal.log"), "utf8").trimEnd().split("\n");
    writeFileSync(
      join(place, "journal.log"),
      lines
        .map((line) => journalLine({ ...readJournalLine(line)!, bestProgram: attack }))
        .join("")
        .replace("{", "["),
    );
    for (const args of [
      ["ls", "--runs", foreign],
      ["ls", "--runs", foreign, "--json"],
      ["show", place],
      ["show", place, "--champion"],
      ["show", place, "--pareto", "--json"],
      ["show", place, "--cell", "nowhere"],
      ["verify", place],
      ["fork", place, "--at", "1"],
    ]) {
      const { code, stdout, stderr } = await asMe(args);
      expect(code).toBe(args[0] === "verify" || args[0] === "fork" || args.includes("nowhere") ? 2 : 0);
      expect(stdout + stderr).not.toMatch(/[^\P{Cc}\n]|\p{Bidi_Control}|^illume: (?:fine|all is well)/mu);
      if (args.includes("--champion")) expect(stdout).toContain("x\\u001b[31m");
    }
    rmSync(place, { recursive: true });
    expect(wasExecuted()).toBe(false);
  });
});

describe("somebody else's run of a shipped experiment", () => {
  it("is verified and exported with our own code, not with theirs", async () => {
    const { stdout } = await asThem(["run", "quickstart", ...runArguments, "--json"]);
    const { run, digest } = JSON.parse(stdout) as Told;
    const place = join(foreign, "shipped");
    cpSync(join(folder, "runs", run), place, { recursive: true });
    for (const name of readdirSync(place))
      if (name.endsWith(".mjs"))
        writeFileSync(
          join(place, name),
          `import("node:fs").then((fs) => fs.writeFileSync(${JSON.stringify(mark)}, ""))`,
        );
    expect(await asMe(["verify", place, "--workers", "2"])).toMatchObject({
      code: 0,
      stdout: expect.stringContaining(digest),
    });
    expect(await asMe(["export", place])).toMatchObject({
      code: 0,
      stdout: expect.stringContaining("export function quickstart("),
    });
    expect(wasExecuted()).toBe(false);
  });
});

describe("one's own run", () => {
  it("is one's own wherever it is moved", async () => {
    const place = received();
    const moved = join(folder, "moved");
    renameSync(place, moved);
    expect(await asThem(["verify", moved, "--executor", "serial"])).toMatchObject({ code: 0, stderr: "" });
    expect(wasExecuted()).toBe(true);
  });

  it("is usable with its source where nothing can be kept in a home", async () => {
    const runs = join(folder, "homeless");
    const homeless = (args: readonly string[]): Promise<Ended> =>
      start([...args, "--runs", runs], folder, "/dev/null/home").ended;
    const first = await homeless(["run", "marking.ts", ...runArguments, "--seed", "2"]);
    expect(first.code).toBe(0);
    expect(
      first.stderr.match(/code of runs cannot be marked as yours, since \/dev\/null\/home/g),
    ).toHaveLength(1);
    expect(await homeless(["run", "marking.ts", ...runArguments, "--seed", "2"])).toMatchObject({ code: 0 });
    const trusted = await homeless(["show", "marking", "--champion", "--trust"]);
    expect(trusted.stdout).toContain("passes       4 of 4 cases");
  });
});

describe("a folder from somebody else", () => {
  const pipe = (path: string): void => void execFileSync("mkfifo", [path]);

  it("may be full of links, pipes and things that are no runs", async () => {
    const runs = join(folder, "strange");
    mkdirSync(runs);
    cpSync(theirRun, join(runs, "good"), { recursive: true });
    symlinkSync(theirRun, join(runs, "linked"));
    symlinkSync("nowhere", join(runs, "dangling"));
    symlinkSync(".", join(runs, "self"));
    pipe(join(runs, "pipe"));
    for (let n = 0; n < 2000; n++) writeFileSync(join(runs, `file-${n}`), "");
    const strange = join(runs, "strange");
    mkdirSync(strange);
    for (const name of ["run.json", "journal.log", "state-000000000002.bin", codeName, "lock"])
      pipe(join(strange, name));
    const links = join(runs, "links");
    mkdirSync(links);
    for (const name of readdirSync(theirRun)) symlinkSync(join(theirRun, name), join(links, name));
    const { code, stdout, stderr } = await asMe(["ls", "--runs", runs]);
    expect(code).toBe(0);
    expect(stdout.trimEnd().split("\n").slice(1)).toEqual([expect.stringMatching(/^good /)]);
    expect(stderr.match(/^illume: run folder \S+ must hold a readable store; /gm)).toHaveLength(2);
    for (const [command, name] of [
      ["show", "linked"],
      ["resume", "links"],
      ["verify", "strange"],
    ] as const)
      expect(await asMe([command, name, "--runs", runs])).toMatchObject({ code: 2, stdout: "" });
    expect(wasExecuted()).toBe(false);
  });

  it("leads nowhere: neither code nor what is written goes through its links", async () => {
    const victim = join(folder, "victim");
    const victims = (): string[] => {
      for (const name of ["code", "journal", "draft", "seal"]) writeFileSync(join(victim, name), name);
      return readdirSync(victim);
    };
    mkdirSync(victim);
    victims();
    const place = received();
    cpSync(join(place, codeName), join(victim, "code.mjs"));
    rmSync(join(place, codeName));
    symlinkSync(join(victim, "code.mjs"), join(place, codeName));
    expect(await asMe(["verify", place, "--trust"])).toMatchObject({
      code: 2,
      stderr: expect.stringContaining("must hold its code"),
    });

    const other = received();
    const begun = readdirSync(other).filter((name) => name.startsWith("state-"));
    for (const name of begun) rmSync(join(other, name));
    for (const name of ["journal.log", "run.json.new", "journal.log.new", codeName.replace("mjs", "seal")]) {
      rmSync(join(other, name), { force: true });
      symlinkSync(join(victim, "journal"), join(other, name));
    }
    const names = Array.from({ length: 9 }, (_, n) => `state-${String(n).padStart(12, "0")}.bin.new`);
    for (const name of names) symlinkSync(join(victim, "draft"), join(other, name));
    const resumed = await asMe(["resume", other, "--trust", "--executor", "serial", "--json"]);
    expect(resumed).toMatchObject({ code: 0 });
    expect(JSON.parse(resumed.stdout)).toMatchObject({ digest: theirSummary.digest });
    for (const name of ["journal", "draft", "code"])
      expect(readFileSync(join(victim, name), "utf8")).toBe(name);
    expect(readdirSync(victim).sort()).toEqual(["code", "code.mjs", "draft", "journal", "seal"]);
  });
});
