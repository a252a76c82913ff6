import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import {
  arithmetic,
  compileGrammar,
  createMachine,
  fn,
  outcomeAt,
  parseProgram,
  real,
} from "../../src/index.ts";
import { shippedExperiments } from "./interruptions.ts";
import { illume, settings, temporaryFolder, told } from "./program.ts";

describe("illume run quickstart", () => {
  const folder = temporaryFolder();

  it("finds the law and tells of it in one JSON object", async () => {
    const { code, stdout, stderr } = await illume(["run", "quickstart", "--workers", "2", "--json"], folder);
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(stdout).toMatch(/^\{.*\}\n$/);
    const result = JSON.parse(stdout) as Record<string, unknown>;
    expect(result).toMatchObject({
      run: expect.stringMatching(/^quickstart-1-[0-9a-f]{8}$/),
      digest: expect.stringMatching(/^[0-9a-f]{32}$/),
      stop: "solved",
      epochs: expect.any(Number),
      candidates: expect.any(Number),
      evaluations: expect.any(Number),
      cacheHits: expect.any(Number),
      coverage: expect.any(Number),
      qdScore: expect.any(Number),
      best: { fitness: expect.any(Number), program: expect.any(String) },
      seconds: expect.any(Number),
      workers: 2,
      islands: 4,
    });
    expect(result["evaluations"] as number).toBe(
      (result["candidates"] as number) - (result["cacheHits"] as number),
    );
    expect(result["coverage"]).toBeGreaterThan(0.2);
    expect(result["coverage"]).toBeLessThanOrEqual(1);

    // period = distance · √(distance / mass), however it is written
    const { fitness, program } = result["best"] as { fitness: number; program: string };
    expect(fitness).toBeGreaterThanOrEqual(3);
    const grammar = compileGrammar(
      arithmetic({ operations: ["+", "-", "*", "/", "sqrt"] }),
      fn({ distance: real, mass: real }, real),
    );
    const distances = [4, 1, 9, 0.01, 30];
    const masses = [1, 4, 2, 0.001, 1];
    const column = createMachine(grammar, [distances, masses], 5).run(parseProgram(grammar, program));
    distances.forEach((distance, i) => {
      const law = distance * Math.sqrt(distance / (masses[i] as number));
      expect(Math.abs((outcomeAt(grammar, column, i) as number) / law - 1)).toBeLessThan(0.01);
    });

    // The same again: it says so, and nothing is searched.
    const again = await illume(["run", "quickstart", "--workers", "2"], folder);
    expect(again).toMatchObject({
      code: 0,
      stderr:
        "this run is there already and has ended; this is what it found (another --seed makes another run)\n",
    });
    expect(again.stdout).toContain(`digest       ${result["digest"]}\n`);
    expect(again.stdout).toContain(`best         ${fitness}`.slice(0, 18));
    const resumed = await told(["resume", "quickstart"], folder);
    expect({ ...resumed, seconds: 0, workers: 0 }).toEqual({ ...result, seconds: 0, workers: 0 });
    const listed = await told<unknown[]>(["ls"], folder);
    expect(listed).toMatchObject([
      { run: result["run"], seed: "1", stop: "solved", epochs: result["epochs"], digest: result["digest"] },
    ]);
  });

  it("writes plain lines of progress where there is no terminal", async () => {
    const { code, stdout, stderr } = await illume(
      ["run", "quickstart", "--seed", "a word", "--budget", "8000", ...settings({ epochCandidates: 500 })],
      folder,
    );
    expect(code).toBe(0);
    const [question, ...lines] = stderr.trimEnd().split("\n");
    expect(question).toBe(
      "How long does a body take around its centre? (Kepler found it for the planets, Newton for all)",
    );
    for (const line of lines)
      expect(line).toMatch(
        /^epoch \d+ {2}[\d,]+ candidates {2}[\d,]+\/s {2}coverage \d+\.\d % {2}QD-score [\d.]+ {2}digest [0-9a-f]{8} {2}best -?[\d.]+ {2}\S.*$/,
      );
    expect(lines[0]).toMatch(/^epoch 1 {2}2,000 candidates/);
    expect(lines.at(-1)).toMatch(/^epoch 4 {2}8,000 candidates/);
    // oxlint-disable-next-line no-control-regex -- no colours and no cursor movements
    expect(stdout + stderr).not.toMatch(/\u001B/);
    expect(stdout).toMatch(/^run {10}quickstart-a_word-[0-9a-f]{8}$/m);
  });
});

describe("the same archive", () => {
  const folder = temporaryFolder();
  // Five islands, so that no number of workers divides them; the last epoch is a part of one.
  const small = ["--islands", "5", "--budget", "4001", ...settings({ epochCandidates: 200 })];

  describe.each(shippedExperiments)("of %s", (experiment) => {
    it("for any number of workers, and for none", async () => {
      const digestWith = async (...options: readonly string[]): Promise<string> => {
        const args = [
          "run",
          experiment,
          ...small,
          ...options,
          "--runs",
          `${experiment} ${options.join(" ")}`,
        ];
        const { digest, rollingDigest, epochs, candidates, islands } = await told(args, folder);
        expect(islands).toBe(5);
        if (experiment !== "quickstart")
          expect({ epochs, candidates }).toEqual({ epochs: 5, candidates: 4001 });
        return `${digest} ${rollingDigest}`;
      };
      const serial = await digestWith("--executor", "serial");
      // All numbers for all of them: test/long/workers.test.ts.
      for (const workers of experiment === "quickstart" ? ["1", "2", "3", "8"] : ["3"])
        expect(await digestWith("--workers", workers)).toBe(serial);
    });
  });

  it("not for another seed, and not for another number of islands, but each verifies", async () => {
    const run = ["run", "lists", "--budget", "2000", ...settings({ epochCandidates: 250 })];
    const digests = new Set<string>();
    for (const options of [
      ["--islands", "1"],
      ["--islands", "4"],
      ["--islands", "4", "--seed", "2"],
    ]) {
      const { run: name, digest, islands } = await told([...run, ...options], folder);
      expect(islands).toBe(Number(options[1]));
      digests.add(digest);
      expect(await told(["verify", name], folder)).toMatchObject({ verified: true, digest });
    }
    expect(digests.size).toBe(3);
  });

  it("with time limits and without", async () => {
    const run = ["run", "lists", "--budget", "4800", ...settings({ epochCandidates: 100 })];
    const undisturbed = await told([...run, "--runs", "without"], folder);
    const limited = [...run, "--runs", "with", "--minutes", "0.0001"];
    const first = await told(limited, folder);
    expect(first).toMatchObject({ stop: "time", epochs: 1 });
    // The same command goes on, and says so.
    const second = await illume(limited, folder);
    expect(second.code).toBe(0);
    expect(second.stderr).toContain("this run is there already; it goes on after epoch 1\n");
    expect(second.stdout).toContain(`to go on:    illume resume with/${first.run}\n`);
    expect(await told<unknown[]>(["ls", "--runs", "with"], folder)).toMatchObject([
      { stop: "time", epochs: 2 },
    ]);
    const resumed = await told(["resume", first.run, "--runs", "with"], folder);
    expect(resumed).toMatchObject({
      run: undisturbed.run,
      digest: undisturbed.digest,
      stop: undisturbed.stop,
      epochs: undisturbed.epochs,
      candidates: undisturbed.candidates,
      best: undisturbed.best,
    });
  });

  it("with the exact cache and without, where hits are counted", async () => {
    const run = ["run", "lists", "--budget", "5000", ...settings({ epochCandidates: 1250 })];
    const exact = await told([...run, "--set", "cache=exact"], folder);
    const off = await told([...run, "--set", "cache=off"], folder);
    expect(exact.digest).toBe(off.digest);
    expect(exact.cacheHits).toBeGreaterThan(1000);
    expect(exact.falseMergeRate).toBeNull();
    expect(off).toMatchObject({ cacheHits: 0, evaluations: 5000 });
  });
});

describe("a lossy cache", () => {
  const folder = temporaryFolder();

  it("tells how often it was wrong, and verifies after a stop", async () => {
    const run = ["run", "lists", "--budget", "4000"];
    const lossy = settings({
      islands: 4,
      epochCandidates: 250,
      cache: "lossy",
      probeCases: 2,
      auditShare: 0.5,
    });
    const undisturbed = await told([...run, ...lossy, "--runs", "one"], folder);
    expect(undisturbed.falseMergeRate).toBeGreaterThan(0);
    expect(undisturbed.falseMergeRate).toBeLessThan(1);
    const stopped = await told([...run, ...lossy, "--runs", "two", "--minutes", "0.0001"], folder);
    expect(stopped.stop).toBe("time");
    const resumed = await told(["resume", stopped.run, "--runs", "two", "--executor", "serial"], folder);
    // Its content is part of the islands, so that even the counts are the same.
    for (const key of ["digest", "evaluations", "cacheHits", "falseMergeRate"] as const)
      expect(resumed[key]).toBe(undisturbed[key]);
    const shown = await illume(["run", ...run.slice(1), ...lossy, "--runs", "two"], folder);
    expect(shown.stdout).toMatch(
      /^evaluations  [\d,]+, cache .* % hits, false merges \d+\.\d % of audited hits$/m,
    );
  });
});

describe("help", () => {
  const folder = temporaryFolder();

  it("lists every command", async () => {
    const { code, stdout, stderr } = await illume(["--help"], folder);
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    for (const command of ["run", "resume", "ls", "show", "verify", "export", "cache", "init", "parameters"])
      expect(stdout).toContain(`illume ${command}`);
    const run = await illume(["run", "--help"], folder);
    expect(run).toMatchObject({ code: 0, stderr: "" });
    for (const option of ["--seed", "--budget", "--workers", "--minutes", "--set", "--runs", "--json"])
      expect(run.stdout).toContain(option);
  });

  it("tells the version of the package", async () => {
    const manifest = new URL("../../package.json", import.meta.url);
    const { version } = JSON.parse(readFileSync(manifest, "utf8")) as { version: string };
    expect(await illume(["--version"], folder)).toEqual({
      code: 0,
      signal: null,
      stdout: `${version}\n`,
      stderr: "",
    });
  });

  it("lists the parameters that --set takes", async () => {
    const { code, stdout } = await illume(["parameters"], folder);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^islands +4 +number of islands$/m);
    const rows = await told<{ name: string }[]>(["parameters"], folder);
    expect(rows.map((row) => row.name)).toContain("cacheEntries");
    expect(stdout.trimEnd().split("\n")).toHaveLength(rows.length);
  });
});
