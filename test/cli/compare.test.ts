import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { illume, temporaryFolder } from "./program.ts";

const folder = temporaryFolder();
interface Told {
  readonly measure: string;
  readonly notes: readonly string[];
  readonly variants: readonly {
    readonly name: string;
    readonly runs: number;
    readonly curve: readonly unknown[];
  }[];
  readonly pairs: readonly {
    readonly first: string;
    readonly second: string;
    readonly p: number;
    readonly isPaired: boolean;
  }[];
}
const compared = async (words: readonly string[]): Promise<{ readonly told: Told; readonly csv: string }> => {
  const { code, stdout, stderr } = await illume(["compare", ...words, "--json"], folder);
  expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
  const out = words[words.indexOf("--out") + 1] as string;
  return { told: JSON.parse(stdout) as Told, csv: readFileSync(join(folder, out, "runs.csv"), "utf8") };
};
/** What a table says, but for the times. */
const untimed = (csv: string): string[] =>
  csv.split("\n").map((line) => line.replace(/,[\d.]+,(\w+)$/, ",$1"));
const small = [
  "parity",
  "--budget",
  "3000",
  "--set",
  "islands=2,epochCandidates=500",
  "--set",
  "selector=uniform",
];

describe("illume compare", () => {
  it("runs variants and controls with the same seeds, and writes figures, runs and curves", async () => {
    const { told, csv } = await compared([...small, "--seeds", "3", "--out", "first"]);
    expect(told.measure).toBe("best");
    expect(told.variants.map(({ name, runs }) => [name, runs])).toEqual([
      ["parity", 3],
      ["islands=2,epochCandidates=500", 3],
      ["selector=uniform", 3],
      ["random search", 3],
      ["best of 4 restarts", 3],
    ]);
    expect(told.pairs).toHaveLength(3 + 3 * 2);
    expect(told.pairs.every(({ isPaired }) => isPaired)).toBe(true);
    expect(csv.trimEnd().split("\n")).toHaveLength(1 + 5 * 3);
    const curves = readFileSync(join(folder, "first", "curves.svg"), "utf8");
    expect(curves).toContain("selector=uniform");
    expect(curves).not.toContain("NaN");
  });

  it("gives the same figures with other workers, from runs that are there and from new ones", async () => {
    const { told, csv } = await compared([...small, "--seeds", "3", "--out", "first", "--workers", "1"]);
    const anew = await compared([
      ...small,
      "--seeds",
      "3",
      "--out",
      "anew",
      "--workers",
      "3",
      "--runs",
      "others",
    ]);
    expect(untimed(anew.csv)).toEqual(untimed(csv));
    expect(anew.told.pairs).toEqual(told.pairs);
  });

  it("counts what a run was where it would have been paused, though another command has carried it further", async () => {
    const words = [
      "parity",
      "--set",
      "selector=uniform,islands=1,epochCandidates=500",
      "--seeds",
      "2",
      "--no-controls",
    ];
    const run = async (evaluations: string, out: string): Promise<string> => {
      const own = ["--evaluations", evaluations, "--out", out, "--runs", "shared"];
      return (await compared([...words, ...own])).csv;
    };
    const before = await run("3000", "few");
    await run("12000", "many");
    expect(untimed(await run("3000", "again"))).toEqual(untimed(before));
  });

  it("has variants that are the same as a control, one after the other", async () => {
    const words = ["parity", "--budget", "1500", "--set", "randomShare=1", "--seeds", "1", "--out", "same"];
    const { told } = await compared([...words, "--workers", "4"]);
    expect(told.variants).toHaveLength(4);
  });

  it("says where targets are looked for in steps that differ", async () => {
    const words = ["quickstart", "--budget", "20000", "--seeds", "2", "--no-controls"];
    const { told } = await compared([...words, "--set", "epochCandidates=1000", "--out", "steps"]);
    expect(told.notes.join(" ")).toMatch(/every 20,000 or 4,000 candidates: a variant with shorter steps/);
  });

  it("takes stored runs, those that differ in their seeds as one variant", async () => {
    const names = readFileSync(join(folder, "first", "runs.csv"), "utf8")
      .split("\n")
      .filter((line) => /^(parity|selector=uniform),/.test(line))
      .map((line) => line.split(",")[2] as string);
    const { told } = await compared([...names, "--out", "stored"]);
    expect(told.variants.map(({ name, runs }) => [name, runs])).toEqual([
      ["selector=lexicase", 3],
      ["selector=uniform", 3],
    ]);
  });

  it("takes configuration files, and says in words what may be concluded", async () => {
    writeFileSync(join(folder, "small.json"), JSON.stringify({ set: { maximumSize: 10 } }));
    const words = ["compare", "parity", "small.json", "--budget", "2000", "--seeds", "2", "--no-controls"];
    const { code, stdout, stderr } = await illume(words, folder);
    expect({ code }).toEqual({ code: 0 });
    expect(stderr).toContain("2 variants, 2 seeds: 4 runs");
    expect(stdout).toMatch(/Nothing may be concluded about parity and small\.json by best fitness/);
  });

  it.each([
    ["one variant", ["parity"], "two variants must be there to be compared"],
    ["no experiment", ["small.json"], "an experiment must be named"],
    ["an experiment that is none", ["parity", "nothing"], "experiment must be a file or one of"],
    [
      "settings with two experiments",
      ["parity", "lists", "--set", "islands=2"],
      "must go with one experiment",
    ],
    ["a setting that is none", ["parity", "--set", "isles=2"], "parameter isles must be one of"],
    ["seeds that are none", ["parity", "--set", "islands=2", "--seeds", "some"], "--seeds must be how many"],
    ["an effect of nothing", ["parity", "--set", "islands=2", "--effect", "0.5"], "--effect must be an A12"],
    [
      "different measures of fitness",
      ["parity", "quickstart", "--budget", "1000"],
      "must have the same fitness",
    ],
    ["runs beside experiments", ["parity", "FIRST"], "stored runs must be compared with stored runs"],
    ["a run given twice", ["FIRST", "FIRST"], "each run must be given once"],
    ["runs of one variant", ["FIRST"], "runs must be of two variants at least"],
    ["seeds of stored runs", ["FIRST", "--seeds", "3"], "--seeds must go with searches"],
  ])("refuses %s in one line", async (_, words, said) => {
    const first = readFileSync(join(folder, "first", "runs.csv"), "utf8")
      .split("\n")[1]
      ?.split(",")[2] as string;
    const { code, stdout, stderr } = await illume(
      ["compare", ...words.map((word) => (word === "FIRST" ? first : word))],
      folder,
    );
    expect({ code, stdout, lines: stderr.trimEnd().split("\n").length }).toEqual({
      code: 2,
      stdout: "",
      lines: 1,
    });
    expect(stderr).toContain(said);
  });
});
