import { describe, expect, it } from "vitest";
import { illume, settings, temporaryFolder, told } from "./program.ts";

interface ToldApproximation {
  readonly run: string;
  readonly pareto: readonly unknown[];
  readonly baselines: readonly unknown[];
}

const folder = temporaryFolder();

describe("experiments that approximate", () => {
  it.each([
    ["exp2", "relative", "x from 0 to 1", "found_exp2"],
    ["log2", "absolute", "x from 1 to 2", "found_log2"],
    ["sin", "relative", `x from 0 to ${Math.PI / 2}`, "found_sin"],
    ["erf", "relative", "x from 0 to 2", "found_erf"],
    ["airy", "absolute", "x from 0 to 1", "airy"],
  ])("%s runs, and is exported under a name that C leaves free", async (experiment, error, domain, name) => {
    const tiny = ["--budget", "100", ...settings({ islands: 1 }), "--executor", "serial"];
    const { run, pareto, baselines } = await told<ToldApproximation>(["run", experiment, ...tiny], folder);
    expect(pareto.length).toBeGreaterThan(0);
    expect(baselines.length).toBeGreaterThan(0);
    const exported = await told<{ name: string; claims: Record<string, string> }>(
      ["export", run, "--to", "c"],
      folder,
    );
    expect(exported.name).toBe(name);
    expect(exported.claims["domain"]?.replace(", 0 excluded", "")).toBe(domain);
    expect(exported.claims["error"]).toMatch(new RegExp(`^${error}, sampled at 10001 `));
  });

  it("are listed with the others", async () => {
    const { stdout } = await illume(["run", "--help"], folder);
    for (const name of ["quickstart", "parity", "dates", "lists", "exp2", "log2", "sin", "erf", "airy"])
      expect(stdout).toContain(name);
  });
});
