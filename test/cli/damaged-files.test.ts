import { execFileSync } from "node:child_process";
import { cpSync, mkdirSync, readFileSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { beforeAll, describe, expect, it } from "vitest";
import { describeDamages } from "./damages.ts";
import { mount } from "./mount.ts";
import { illume, onlyRun, settings, start, temporaryFolder, type Told, told } from "./program.ts";

const show = [["show", "quickstart"]];

// Every file in every way: test/long/damaged-files.test.ts.
describeDamages(
  [
    ["configuration", "truncated to nothing"],
    ["configuration", "of a later format"],
    ["journal", "cut in the middle"],
    ["journal", "a folder"],
    ["last state", "flipped in the second half"],
    ["code", "a folder"],
    ["lock", "a folder with something in it"],
  ],
  { readers: show, isEnded: false },
);
describeDamages(
  [
    ["last state", "cut in the middle"],
    ["journal", "something else"],
  ],
  { readers: show, isEnded: true },
);

describe("a run whose last state is damaged", () => {
  const folder = temporaryFolder();

  it("is shown with the state before it and the figures of that, and not at all without any", async () => {
    const run = ["run", "quickstart", "--budget", "1200", "--executor", "serial"];
    const name = (await told([...run, ...settings({ epochCandidates: 100, polishEpochs: 1000 })], folder))
      .run;
    const path = join(folder, "runs", name);
    const [before, last] = readFileSync(join(path, "journal.log"), "utf8")
      .trimEnd()
      .split("\n")
      .slice(-2)
      .map((line) => JSON.parse(line.slice(17)) as { digest: string; counters: { candidates: number } });
    writeFileSync(join(path, "state-000000000003.bin"), "");
    const shown = await illume(["show", name, "--json"], folder);
    expect(shown.code).toBe(0);
    expect(shown.stderr).toMatch(
      /state-000000000003\.bin is damaged\.\n.*the last state that can be read is that after 2 epochs/,
    );
    expect(JSON.parse(shown.stdout)).toMatchObject({
      epochs: 2,
      digest: before?.digest,
      candidates: before?.counters.candidates,
    });
    const exported = await illume(["export", name], folder);
    expect(exported.stdout).toContain(`archive digest: ${before?.digest}`);
    expect(exported.stdout).not.toContain(last?.digest);
    writeFileSync(join(path, "state-000000000002.bin"), "");
    const none = await illume(["show", name], folder);
    expect({ code: none.code, stdout: none.stdout }).toEqual({ code: 2, stdout: "" });
    expect(none.stderr).toContain(
      `illume: run ${name} must have a state that can be read. What is lost is computed again: illume resume ${name}`,
    );
  });
});

describe("a run and several processes", () => {
  const folder = temporaryFolder();
  const run = [
    "run",
    "quickstart",
    "--budget",
    "160000",
    ...settings({ epochCandidates: 1000, polishEpochs: 1000 }),
  ];
  let end: Told;

  beforeAll(async () => {
    end = await told([...run, "--executor", "serial", "--runs", "undisturbed"], folder);
  }, 60_000);

  it("is carried on by one of them, whatever the others try", async () => {
    const first = start([...run, "--workers", "2", "--runs", "shared", "--json"], folder);
    const early: string[] = [];
    void first.ended.then(({ stdout, stderr }) => early.push(stdout + stderr));
    const shared = join(folder, "shared");
    // The lock is there as soon as the run is at work; then it is held up, so that the others come while it is.
    while (!hasLock(onlyRun(shared)) && early.length === 0) await setTimeout(5);
    expect(early).toEqual([]);
    first.process.kill("SIGSTOP");
    const place = onlyRun(shared) as string;
    const others = await Promise.all([
      illume(["resume", end.run, "--runs", "shared"], folder),
      illume([...run, "--runs", "shared"], folder),
    ]);
    for (const { code, stdout, stderr } of others) {
      expect({ code, stdout, stderr }).toMatchObject({ code: 2, stdout: "" });
      expect(stderr).toBe(
        `illume: run ${place} must be carried on by one process at a time; process ${first.process.pid} has it. Wait for it, or stop it with ctrl-C or kill -INT.\n`,
      );
    }
    // To look is allowed.
    for (const command of ["ls", "show"])
      expect(
        (await illume([command, ...(command === "ls" ? [] : [end.run]), "--runs", "shared"], folder)).stderr,
      ).not.toMatch(/internal fault|damaged/);
    first.process.kill("SIGCONT");
    const { code, stdout, stderr } = await first.ended;
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(JSON.parse(stdout)).toMatchObject({ digest: end.digest, rollingDigest: end.rollingDigest });
  });

  it("is left to a process on another machine while that shows signs of life", async () => {
    cpSync(join(folder, "undisturbed"), join(folder, "elsewhere"), { recursive: true });
    const place = join(folder, "elsewhere", end.run);
    const lock = join(place, "lock");
    writeFileSync(lock, '{"pid":7,"host":"elsewhere","boot":"b","space":"s","started":"1"}\n');
    const resume = ["resume", end.run, "--runs", "elsewhere"];
    expect(await illume(resume, folder)).toMatchObject({
      code: 2,
      stdout: "",
      stderr: `illume: run ${place} must be carried on by one process at a time; process 7 on elsewhere has it. Wait for it, or stop it with ctrl-C or kill -INT.\n`,
    });
    const past = new Date(2020, 1, 1);
    utimesSync(lock, past, past);
    expect(await told(resume, folder)).toMatchObject({ rollingDigest: end.rollingDigest });
  });

  it("can be looked at where nothing can be written, and is not carried on there", async (context) => {
    const locked = join(folder, "locked");
    mkdirSync(locked);
    if (!mount(locked, "size=32m")) context.skip();
    cpSync(join(folder, "undisturbed"), locked, { recursive: true });
    execFileSync("mount", ["-o", "remount,ro", locked]);
    for (const command of [["ls"], ["show", end.run], ["verify", end.run, "--executor", "serial"]])
      expect(await illume([...command, "--runs", locked], folder)).toMatchObject({ code: 0, stderr: "" });
    const resumed = await illume(["resume", end.run, "--runs", locked], folder);
    expect({ code: resumed.code, stdout: resumed.stdout }).toEqual({ code: 2, stdout: "" });
    expect(resumed.stderr).toMatch(/^illume: run folder \S+ must be writable; EROFS: .*\.\n$/);
  });
});

function hasLock(place: string | null): boolean {
  try {
    return place !== null && readFileSync(join(place, "lock"), "utf8") !== "";
  } catch {
    return false;
  }
}
