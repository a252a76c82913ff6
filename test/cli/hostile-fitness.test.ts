import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { plainBreeding } from "../src/small-tasks.ts";
import { illume, settings, temporaryFolder, told } from "./program.ts";

// Each alone is in test/long.
const fixture = fileURLToPath(new URL("fixtures/everything.ts", import.meta.url));

describe("a fitness that throws, exits, never ends, gives no number and takes 10 GB", () => {
  const folder = temporaryFolder();
  const run = ["run", fixture, "--islands", "2", "--budget", "1000"];
  const set = settings({
    ...plainBreeding,
    broodSize: 1,
    epochCandidates: 250,
    evaluationTimeoutMs: 1000,
    workerMemoryMb: 64,
  });

  it("does not keep the run from its budget, and all of it is listed", async () => {
    const whole = await told([...run, ...set, "--runs", "one", "--workers", "2"], folder);
    expect(whole).toMatchObject({ stop: "budget", epochs: 2, candidates: 1000 });
    expect(whole.best.fitness).toBeGreaterThan(6);
    const listed = await told<{ reason: string; program: string }[]>(
      ["show", whole.run, "--quarantine", "--runs", "one"],
      folder,
    );
    expect(listed.length).toBe(whole.quarantine);
    for (const [reason, program] of [
      ["threw", "(- (+ x x) (+ x x))"],
      ["crashed", "(/ x x)"],
      ["timedOut", "(+ x x)"],
      ["notANumber", "(* x x)"],
    ])
      expect(listed).toContainEqual(expect.objectContaining({ island: 0, epoch: 0, reason, program }));

    expect((await illume(["show", whole.run, "--runs", "one"], folder)).stdout).toMatch(
      /^quarantine +\d+ of these are listed: illume show \S+ --quarantine$/m,
    );
  });
});
