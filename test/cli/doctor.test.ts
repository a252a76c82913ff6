import { readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import type { Finding } from "../../src/index.ts";
import { illume, temporaryFolder } from "./program.ts";

const fixture = (name: string): string => fileURLToPath(new URL(`fixtures/${name}.ts`, import.meta.url));
const folder = temporaryFolder();

interface Told {
  readonly experiment: string;
  readonly findings: readonly Finding[];
  readonly estimate: {
    readonly candidatesPerSecond: number;
    readonly plannedSeconds: number;
    readonly finish: string;
    readonly until: { readonly candidates: number } | null;
    readonly memory: { readonly fullBytes: number };
    readonly disk: { readonly bytes: number };
  };
}

async function examined(args: readonly string[]): Promise<{ readonly code: number | null } & Told> {
  const { code, stdout, stderr } = await illume(
    ["doctor", ...args, "--workers", "2", "--seconds", "1", "--json"],
    folder,
  );
  expect(stderr).toBe("");
  expect(stdout.trimEnd()).not.toContain("\n");
  return { code, ...(JSON.parse(stdout) as Told) };
}

const verdictsOf = (findings: readonly Finding[], check: string): string[] =>
  findings.filter((f) => f.check === check).map((f) => f.verdict);

describe("illume doctor", () => {
  it("finds the quickstart healthy, says when it ends, and leaves nothing behind", async () => {
    const { code, stdout, stderr } = await illume(
      ["doctor", "quickstart", "--workers", "2", "--until", "7:00", "--seconds", "1"],
      folder,
    );
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    for (const check of ["non-determinism", "digest", "fitness", "memory", "disk", "cache"])
      expect(stdout).toMatch(new RegExp(`^ok    ${check} `, "m"));
    expect(stdout).toMatch(/the run ends (on \S+ )?at \d\d:\d\d at the latest/);
    expect(readdirSync(folder)).toEqual([]);
  });

  it("finds a fitness that goes by chance", async () => {
    const { code, experiment, findings, estimate } = await examined([fixture("by-chance")]);
    expect({ code, experiment }).toEqual({ code: 1, experiment: "by-chance" });
    expect(verdictsOf(findings, "non-determinism")).toEqual(["bad"]);
    expect(verdictsOf(findings, "digest")).toEqual(["bad"]);
    const found = findings.find((f) => f.check === "non-determinism");
    expect(found?.message).toContain("Even judged first in a fresh worker it differs");
    expect(found?.advice).toContain("mentions Math.random");
    expect(found?.figures["program"]).toEqual(expect.any(String));
    expect(found?.figures["first"]).not.toBe(found?.figures["second"]);
    expect(estimate.candidatesPerSecond).toBeGreaterThan(0);
    expect(Date.parse(estimate.finish)).toBeGreaterThan(0);
    expect(estimate.until).toBeNull();
    expect(estimate.memory.fullBytes).toBeGreaterThan(0);
    expect(estimate.disk.bytes).toBeGreaterThan(0);
  });

  it("finds what is kept between calls, an axis that is saturated, and one that is constant", async () => {
    const { code, findings } = await examined([fixture("ill")]);
    expect(code).toBe(1);
    expect(findings.find((f) => f.check === "non-determinism")).toMatchObject({
      verdict: "bad",
      message: expect.stringContaining("something is kept between calls"),
    });
    const messages = findings.filter((f) => f.check === "descriptor").map((f) => f.message);
    expect(messages).toContainEqual(
      expect.stringMatching(/^axis size: saturated: .* above 4, in the last bin$/),
    );
    expect(messages).toContain("axis answers: every program gives 3, so it tells none apart");
  });

  it("refuses a time that is none", async () => {
    const { code, stderr } = await illume(["doctor", "quickstart", "--until", "25:00"], folder);
    expect({ code, stderr }).toEqual({
      code: 2,
      stderr: "illume: --until must be a time of day such as 07:00; got 25:00.\n",
    });
  });
});
