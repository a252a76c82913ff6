import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { illume, settings, temporaryFolder, told } from "./program.ts";

const fixture = (name: string): string => fileURLToPath(new URL(`fixtures/${name}.ts`, import.meta.url));
const none = { notANumber: 0, threw: 0, timedOut: 0, crashed: 0 };
const some = expect.any(Number);

/** What each fitness does to some programs, and how it is counted. A failure is remembered, and hits on it are no numbers. */
const hostile = [
  { name: "throws", does: "throws", counted: { ...none, notANumber: some, threw: some }, kind: "threw" },
  {
    name: "not-a-number",
    does: "gives NaN",
    counted: { ...none, notANumber: some },
    kind: "notANumber",
  },
  {
    name: "hangs",
    does: "never ends",
    counted: { ...none, notANumber: some, timedOut: some },
    kind: "timedOut",
    parameters: { evaluationTimeoutMs: 150 },
  },
  {
    name: "devours",
    does: "takes all memory",
    counted: { ...none, notANumber: some, crashed: some },
    kind: "crashed",
    parameters: { workerMemoryMb: 64, evaluationTimeoutMs: 30_000 },
  },
  {
    name: "exits",
    does: "ends its process",
    counted: { ...none, notANumber: some, crashed: some },
    kind: "crashed",
  },
] as const;

describe.each(hostile)("a fitness that $does", ({ name, counted, kind, ...more }) => {
  const folder = temporaryFolder();
  const run = ["run", fixture(name), "--islands", "2", "--budget", "2000"];
  const set = settings({ epochCandidates: 250, ...("parameters" in more ? more.parameters : {}) });

  it("does not keep the run from its budget, and is counted", async () => {
    const result = await told([...run, ...set, "--workers", "2"], folder);
    expect(result).toMatchObject({ stop: "budget", epochs: 4, candidates: 2000, failures: counted });
    expect(result.failures[kind]).toBeGreaterThan(0);
    expect(result.best.fitness).toBeGreaterThan(6);
    const shown = await illume(["show", result.run], folder);
    expect(shown).toMatchObject({ code: 0, stderr: "" });
    expect(shown.stdout).toMatch(new RegExp(`^failures .*${kind} \\d`, "m"));
    // With another number of workers the same again.
    expect(await told(["verify", result.run, "--workers", "1"], folder)).toMatchObject({
      verified: true,
      digest: result.digest,
    });
  });
});

describe("a fitness that never ends", () => {
  const folder = temporaryFolder();

  it("does not spoil a run that is stopped and goes on", async () => {
    const run = ["run", fixture("hangs"), "--islands", "2", "--budget", "1500"];
    const set = settings({ epochCandidates: 250, evaluationTimeoutMs: 150 });
    const undisturbed = await told([...run, ...set, "--runs", "one"], folder);
    const stopped = await told([...run, ...set, "--runs", "two", "--minutes", "0.0001"], folder);
    expect(stopped).toMatchObject({ stop: "time", epochs: 1 });
    expect(await told(["resume", stopped.run, "--runs", "two"], folder)).toMatchObject({
      digest: undisturbed.digest,
      stop: "budget",
    });
  });
});
