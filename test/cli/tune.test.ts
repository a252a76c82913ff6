import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { illume, start, temporaryFolder } from "./program.ts";

const folder = temporaryFolder();
interface Told {
  readonly stop: string;
  readonly best: Readonly<Record<string, unknown>>;
  readonly bestId: number;
  readonly savedRuns: number;
  readonly evidence: readonly {
    readonly instance: string;
    readonly isTuned: boolean;
    readonly a12: number;
  }[];
  readonly failures: readonly { readonly failure: string; readonly count: number }[];
  readonly configurations: readonly {
    readonly configuration: Readonly<Record<string, unknown>>;
    readonly trials: number;
    readonly eliminated: unknown;
  }[];
  readonly importance: readonly { readonly name: string }[];
}
const tuned = async (words: readonly string[]): Promise<Told> => {
  const { code, stdout, stderr } = await illume(["tune", ...words, "--json"], folder);
  expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
  return JSON.parse(stdout) as Told;
};
/** What must not depend on how it came about. */
const outcome = ({ best, bestId, configurations, evidence, importance }: Told): unknown => ({
  best,
  bestId,
  configurations,
  evidence,
  importance,
});

describe("illume tune, of searches", () => {
  const words = [
    "quickstart",
    "--run-budget",
    "6000",
    "--budget",
    "8",
    "--evidence",
    "2",
    "--validate",
    "lists",
  ];
  const few = [...words, "--parameters", "selector,tournamentSize,maximumSize,epochCandidates,islands"];
  let whole: Told;

  it("tells the best settings, how all others fared, which matter, and shows it on fresh seeds", async () => {
    whole = await tuned([...few, "--out", "whole", "--runs", "whole-runs"]);
    expect(whole.stop).toBe("budget");
    expect(whole.configurations.length).toBeGreaterThan(3);
    expect(whole.configurations[0]?.eliminated).toBeNull();
    expect(whole.savedRuns).toBeGreaterThan(0);
    expect(whole.importance.map(({ name }) => name).sort()).toEqual([
      "epochCandidates",
      "islands",
      "maximumSize",
      "selector",
      "tournamentSize",
    ]);
    const shown = whole.evidence.map(({ instance, isTuned }) => [instance, isTuned]);
    if (whole.bestId > 0)
      expect(shown).toEqual([
        ["quickstart", true],
        ["lists", false],
      ]);
    const best = JSON.parse(readFileSync(join(folder, "whole", "best.json"), "utf8")) as { set: unknown };
    expect(best.set).toEqual(whole.best);
    expect(readFileSync(join(folder, "whole", "report.html"), "utf8")).toContain("<svg");
  });

  it("gives a configuration file that runs", async () => {
    const run = [
      "run",
      "quickstart",
      "--config",
      "whole/best.json",
      "--budget",
      "2000",
      "--runs",
      "other",
      "--json",
    ];
    expect(await illume(run, folder)).toMatchObject({ code: 0 });
  });

  it.each([1, 2, 3])("comes to the same after --hours and kills, with %d workers", async (workers) => {
    const own = [
      "--out",
      `killed-${workers}`,
      "--runs",
      `killed-${workers}-runs`,
      "--workers",
      String(workers),
    ];
    const journal = join(folder, `killed-${workers}`, "scores.log");
    const lines = (): number => (existsSync(journal) ? readFileSync(journal, "utf8").split("\n").length : 0);
    const ended = await tuned([...few, ...own, "--hours", "1e-5"]);
    expect(ended).toMatchObject({ stop: "time", evidence: [] });
    for (const least of [3, 9]) {
      const running = start(["tune", ...few, ...own, "--json"], folder);
      while (lines() < least && running.process.exitCode === null)
        await new Promise((resolve) => setTimeout(resolve, 20));
      running.process.kill("SIGKILL");
      await running.ended;
    }
    expect(outcome(await tuned([...few, ...own]))).toEqual(outcome(whole));
  });

  it("has carried runs on bit for bit: their digests are those of uninterrupted runs", async () => {
    const stored = JSON.parse(
      (await illume(["ls", "--runs", "whole-runs", "--json"], folder)).stdout,
    ) as readonly { readonly run: string; readonly stop: string | null }[];
    const finished = stored.filter(({ stop }) => stop === "budget" || stop === "solved").slice(0, 3);
    expect(finished.length).toBeGreaterThan(0);
    for (const { run } of finished)
      expect(await illume(["verify", run, "--runs", "whole-runs"], folder)).toMatchObject({ code: 0 });
  });

  it("refuses to go on with another question in the same folder", async () => {
    const { code, stderr } = await illume(["tune", ...few, "--out", "whole", "--seed", "2"], folder);
    expect({ code, stderr }).toEqual({
      code: 2,
      stderr: expect.stringContaining("of one with other options"),
    });
  });
});

describe("illume tune --command", () => {
  const space = {
    x: { kind: "real", from: 0, to: 10, default: 9 },
    n: { kind: "integer", from: 1, to: 100, scale: "log", default: 50 },
    how: { kind: "categorical", values: ["a b", "it's"], default: "a b" },
  };
  // Best at x = 3, n = 10 and the second way; some settings fail, each in its own manner.
  const program = `
const [x, n, how, seed, instance] = process.argv.slice(2);
const value = -Math.abs(x - 3) - Math.abs(Math.log(n / 10)) - (how === "it's" ? 0 : 2) + (seed % 7) / 50 + (instance === "far" ? 100 : 0);
if (x > 8.8 && x < 8.99) setInterval(() => {}, 1000);
else if (x > 7.5 && x < 8) process.exit(3);
else if (x > 7 && x < 7.5) console.log("");
else if (x > 6.5 && x < 7) console.log("NaN");
else console.log("result: " + value);
`;
  const words = [
    "--command",
    `${process.execPath} solver.cjs {x} {n} {how} {seed} {instance}`,
    "--space",
    "space.json",
    "--budget",
    "90",
    "--evidence",
    "5",
    "--instances",
    "near,far",
    "--timeout",
    "1",
  ];

  it("finds good values of any program, and says how runs failed", async () => {
    writeFileSync(join(folder, "space.json"), JSON.stringify(space));
    writeFileSync(join(folder, "solver.cjs"), program);
    const told = await tuned([...words, "--out", "command"]);
    expect(told.best).toMatchObject({ how: "it's" });
    expect(Math.abs((told.best.x as number) - 3)).toBeLessThan(2);
    expect(told.evidence.map(({ a12 }) => a12)).toEqual([1, 1]);
    for (const { failure } of told.failures)
      expect(failure).toMatch(/^(ended with exit code 3|printed nothing|printed NaN|took more than 1 s)$/);
    // From its journal alone.
    rmSync(join(folder, "solver.cjs"));
    expect(outcome(await tuned([...words, "--out", "command", "--workers", "3"]))).toEqual(outcome(told));
  });

  it.each([
    ["hangs", "setInterval(() => {}, 1000)", "took more than 1 s"],
    ["crashes", "process.exit(3)", "ended with exit code 3"],
    ["is ended", "process.kill(process.pid, 'SIGSEGV')", "was ended by SIGSEGV"],
    ["prints nothing", "0", "printed nothing"],
    ["prints NaN", "console.log(NaN)", "printed NaN"],
    ["prints words", "console.log('no idea')", "printed no idea"],
  ])("takes a program that always %s for the worst, and ends", async (what, code, failure) => {
    const file = `${what.replaceAll(" ", "-")}.cjs`;
    writeFileSync(join(folder, file), code);
    const command = `${process.execPath} ${file} {x} {n} {how} {seed}`;
    const told = await tuned([
      "--command",
      command,
      "--space",
      "space.json",
      "--budget",
      "4",
      "--timeout",
      "1",
      "--out",
      what,
    ]);
    expect(told.bestId).toBe(0);
    expect(told.failures.map((one) => one.failure)).toEqual([failure]);
  });

  it("runs settings once on each instance where the command has no seed, and says so", async () => {
    writeFileSync(
      join(folder, "one.json"),
      JSON.stringify({ x: { kind: "real", from: 0, to: 1, default: 0.5 } }),
    );
    const words = ["--command", "echo {x}", "--space", "one.json", "--budget", "20", "--out", "seedless"];
    const { code, stderr } = await illume(["tune", ...words], folder);
    expect(code).toBe(0);
    expect(stderr).toContain("the command has no {seed}: settings are run once on each instance");
    const told = JSON.parse(readFileSync(join(folder, "seedless", "tuning.json"), "utf8")) as Told;
    expect(Math.max(...told.configurations.map(({ trials }) => trials))).toBe(1);
  });

  it("ends with ctrl-C, also what it has started, and keeps no score of what was ended with it", async () => {
    const command = `${process.execPath} -e "setTimeout(() => {}, 60000)" {x} {n} {how} {seed}`;
    const running = start(["tune", "--command", command, "--space", "space.json", "--out", "ended"], folder);
    await running.says(/full runs at most/);
    await new Promise((resolve) => setTimeout(resolve, 500));
    running.process.kill("SIGINT");
    await running.says(/once more to stop at once/);
    running.process.kill("SIGINT");
    expect(await running.ended).toMatchObject({ code: 130 });
    const scores = readFileSync(join(folder, "ended", "scores.log"), "utf8")
      .trimEnd()
      .split("\n");
    expect(scores).toHaveLength(1);
  });

  it.each([
    ["no target", [], "an experiment must be named, or --command given"],
    ["--minimize of experiments", ["quickstart", "--minimize"], "--minimize must go with --command"],
    ["runs of nothing", ["quickstart", "--run-budget", "0"], "--run-budget must be a whole number"],
    ["a command without a space", ["--command", "true"], "--command must go with --space"],
    ["a command that lacks a parameter", ["--command", "solve {x} {n}", "--space", "space.json"], "{how}"],
    [
      "a command with another one",
      ["--command", "solve {x} {n} {how} {y}", "--space", "space.json"],
      "got {y}",
    ],
    [
      "an experiment given twice",
      ["quickstart", "--validate", "quickstart"],
      "each experiment must be given once",
    ],
    ["a folder of something else", ["quickstart", "--out", "foreign"], "is none of one"],
    ["both", ["quickstart", "--command", "true"], "--command must go without experiments"],
    [
      "a parameter that is none",
      ["quickstart", "--parameters", "speed"],
      "parameter speed must be one that can be tuned",
    ],
    ["a budget of nothing", ["quickstart", "--budget", "0"], "--budget must be"],
  ])("refuses %s in one line", async (_, given, said) => {
    mkdirSync(join(folder, "foreign"), { recursive: true });
    writeFileSync(join(folder, "foreign", "scores.log"), "somebody's own\n");
    const { code, stdout, stderr } = await illume(["tune", ...given], folder);
    expect({ code, stdout, lines: stderr.trimEnd().split("\n").length }).toEqual({
      code: 2,
      stdout: "",
      lines: 1,
    });
    expect(stderr).toContain(said);
  });
});
