import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { beforeAll, describe, expect, it } from "vitest";
import { seal, unseal } from "../../src/checksum.ts";
import { type EpochMetrics, journalLine, readJournalLine } from "../../src/journal.ts";
import { packMessage, readMessage } from "../../src/plain-message.ts";
import { packRunState, readRunState } from "../../src/run-state-bytes.ts";
import type { RunState } from "../../src/search.ts";
import { illume, settings, start, temporaryFolder, told } from "./program.ts";

const fixture = (name: string): string => fileURLToPath(new URL(`fixtures/${name}.ts`, import.meta.url));

interface Verified {
  readonly verified: boolean;
  readonly checkedEpochs: number;
  readonly epochs: number;
}

describe("a long run with thinned states", () => {
  const folder = temporaryFolder();
  let name = "";
  let stored = { digest: "", rollingDigest: "" };

  beforeAll(async () => {
    const set = settings({ epochCandidates: 50, snapshotEpochs: 1, snapshotLimit: 4, polishEpochs: 1000 });
    const run = await told<{ run: string; digest: string; rollingDigest: string }>(
      ["run", "quickstart", "--budget", "10000", ...set],
      folder,
    );
    name = run.run;
    stored = run;
  }, 60_000);

  it("has a bounded number of states and verifies by sample and as a whole", async () => {
    const states = readdirSync(join(folder, "runs", name)).filter((file) => file.startsWith("state-"));
    expect(states.length).toBeLessThanOrEqual(6);
    const whole = await told<Verified>(["verify", name], folder);
    expect(whole).toMatchObject({ verified: true, epochs: 50, checkedEpochs: 50, digest: stored.digest });
    const sample = await illume(["verify", name, "--sample", "3", "--workers", "2"], folder);
    expect(sample).toMatchObject({ code: 0, stderr: "" });
    expect(sample.stdout).toMatch(
      new RegExp(
        `^verified     ${name}: 3 of 50 epochs, 600 candidates recomputed in \\d+\\.\\d s\nchecked      6\\.0 % of the epochs: one each after 0, 32, 49\ndigest       ${stored.digest}\n$`,
      ),
    );
  });

  it("replays a job in full, with threads and without", async () => {
    const text = await illume(["replay", name, "--epoch", "40", "--island", "2"], folder);
    expect(text).toMatchObject({ code: 0, stderr: "" });
    expect(text.stdout).toContain(`job          epoch 40, island 2 of ${name}\n`);
    expect(text.stdout).toMatch(/^digest {7}[0-9a-f]{32}, as stored$/m);

    type Told = { readonly reproduced: boolean; readonly candidates: { candidate: number; fate: string }[] };
    const job = ["replay", name, "--epoch", "0", "--island", "1", "--executor", "serial"];
    const all = await told<Told>([...job, "--all"], folder);
    expect(all.reproduced).toBe(true);
    expect(all.candidates).toHaveLength(50);
    const { candidate } = all.candidates.find((c) => c.fate === "improved") ?? { candidate: -1 };
    const one = await illume([...job, "--candidate", String(candidate)], folder);
    for (const line of ["program", "operator", "fitness", "cell", "met", "passes"])
      expect(one.stdout).toMatch(new RegExp(`^${line} {2,}\\S`, "m"));

    const { code, stderr } = await illume(["replay", name, "--epoch", "50", "--island", "0"], folder);
    expect({ code, stderr }).toEqual({
      code: 2,
      stderr: "illume: --epoch must be a whole number from 0 to 49; got 50.\n",
    });
  });

  it("is forked, and the fork is interrupted, resumed, shown, verified and forked again", async () => {
    const fork = ["fork", name, "--at", "20", "--seed", "b", "--budget", "13000", "--json"];
    const set = settings({ epochCandidates: 60, selector: "tournament" });
    const undisturbed = await told<{ run: string; digest: string; candidates: number }>(
      [...fork.slice(0, -1), ...set, "--runs", "runs"],
      folder,
    );
    expect(undisturbed).toMatchObject({ candidates: 13000, run: expect.stringMatching(/^quickstart-b-/) });

    const { config } = JSON.parse(
      readFileSync(join(folder, "runs", undisturbed.run, "run.json"), "utf8"),
    ) as { config: { origin: { rollingDigest: string } } };
    expect(config.origin).toMatchObject({ run: name, epochs: 20, candidates: 4000 });
    // The same fork again is the same run, whatever stops it meanwhile.
    const limited = await illume(
      [...fork, ...set, "--set", "patienceEpochs=900", "--minutes", "0.0001"],
      folder,
    );
    const half = JSON.parse(limited.stdout) as { run: string; stop: string };
    expect(half.stop).toBe("time");
    const running = start(["resume", half.run], folder);
    await running.says(/epoch \d+/);
    running.process.kill("SIGKILL");
    await running.ended;
    const resumed = await told<{ digest: string }>(["resume", half.run], folder);
    expect(resumed.digest).toBe(undisturbed.digest);

    const shown = await illume(["show", half.run], folder);
    expect(shown.stdout).toContain(`forked from  ${name} after 20 epochs\n`);
    const listed = await told<{ run: string; origin: unknown }[]>(["ls"], folder);
    expect(listed.find((row) => row.run === half.run)?.origin).toMatchObject({ run: name, epochs: 20 });

    const verified = await illume(["verify", half.run], folder);
    expect(verified).toMatchObject({ code: 0, stderr: "" });
    expect(verified.stdout).toContain(
      `begins       with the state after 20 epochs of ${name}, which verifies for itself\n`,
    );

    const again = await told<{ run: string }>(
      ["fork", half.run, "--at", "30", ...settings({ cache: "off" })],
      folder,
    );
    expect(await told<Verified>(["verify", again.run, "--sample", "2"], folder)).toMatchObject({
      verified: true,
      checkedEpochs: 2,
    });
    const before = await illume(["fork", half.run, "--at", "19"], folder);
    expect(before.code).toBe(2);
    expect(before.stderr).toMatch(
      /^illume: --at must be a whole number of epochs from 20 to \d+, of which 20, /,
    );
  });

  it("says which elite of a state was changed, and exits with 1", async () => {
    const copy = await told<{ run: string }>(
      ["fork", name, "--at", "40", "--seed", "c", ...settings({ snapshotLimit: 50 })],
      folder,
    );
    const path = join(folder, "runs", copy.run, "state-000000000044.bin");
    const parts = readMessage(unseal(readFileSync(path)) as Uint8Array) as { readonly state: Uint8Array };
    const state = readRunState(parts.state) as RunState;
    const { fitness, births } = (state.islands[2] as RunState["islands"][number]).elites;
    fitness[0] = 99;
    const [epoch, island, candidate] = births;
    writeFileSync(path, seal(packMessage({ ...parts, state: packRunState(state) })));
    const { code, stdout } = await illume(["verify", copy.run], folder);
    expect(code).toBe(1);
    expect(stdout).toContain(
      `not verified ${copy.run}: epoch ${epoch}, island ${island}, candidate ${candidate} differs first\n`,
    );
    expect(stdout).toMatch(/^ {2}stored {5}99 {2}\S/m);
    const json = await illume(["verify", copy.run, "--sample", "9", "--json"], folder);
    expect(json.code).toBe(1);
    expect(JSON.parse(json.stdout)).toMatchObject({
      verified: false,
      firstDifference: { of: "state", epoch, island, candidate, storedElite: { fitness: 99 } },
    });
  });

  it("gives the command that replays an epoch which does not come out as it is known", async () => {
    const run = await told<{ run: string }>(["fork", name, "--at", "45", "--seed", "d"], folder);
    const runFolder = join(folder, "runs", run.run);
    const journal = join(runFolder, "journal.log");
    const lines = readFileSync(journal, "utf8").trimEnd().split("\n");
    const last = readJournalLine(lines.pop() as string) as EpochMetrics;
    const islandDigests = last.islandDigests.with(3, "bad");
    writeFileSync(
      journal,
      `${[...lines, journalLine({ ...last, rollingDigest: "bad", islandDigests })].join("\n").trimEnd()}\n`,
    );
    writeFileSync(join(runFolder, "state-000000000050.bin"), "damaged");
    const { code, stderr } = await illume(["resume", run.run], folder);
    expect(code).toBe(1);
    expect(stderr).toContain(`illume verify ${run.run}\n`);
    expect(stderr).toContain(`illume replay ${run.run} --epoch 49 --island 3 --executor serial\n`);
    const replayed = await illume(["replay", run.run, "--epoch", "49", "--island", "3"], folder);
    expect(replayed.code).toBe(1);
    expect(replayed.stdout).toMatch(/^digest {7}[0-9a-f]{32}, but bad is stored$/m);
  });
});

describe("a replay of a fitness that fails", () => {
  const folder = temporaryFolder();
  const small = ["--islands", "1", "--budget", "500"];
  type Told = {
    readonly reproduced: boolean;
    readonly quarantine: { candidate: number; reason: string; isReproduced: boolean }[];
    readonly candidates: { candidate: number; fate: string; error: { message: string } | null }[];
  };

  it("shows what it threw", async () => {
    const set = settings({ epochCandidates: 250, cache: "off" });
    const run = await told<{ run: string }>(["run", fixture("throws"), ...small, ...set], folder);
    const job = ["replay", run.run, "--epoch", "0", "--island", "0"];
    const all = await told<Told>([...job, "--all"], folder);
    expect(all.reproduced).toBe(true);
    const listed = all.quarantine.find((c) => c.reason === "threw");
    expect(listed?.isReproduced).toBe(true);
    const one = await illume([...job, "--candidate", String(listed?.candidate)], folder);
    expect(one.stdout).toMatch(/^error {8}Error: twos are not wanted\n {4}at .*experiment-[0-9a-f]+\.mjs/m);
  });

  it("stops again what hung, and says that it does", async () => {
    const set = settings({ epochCandidates: 250, evaluationTimeoutMs: 150 });
    const run = await told<{ run: string }>(["run", fixture("hangs"), ...small, ...set], folder);
    const [entry] = await told<{ epoch: number; candidate: number; reason: string }[]>(
      ["show", run.run, "--quarantine"],
      folder,
    );
    expect(entry?.reason).toBe("timedOut");
    const job = ["replay", run.run, "--epoch", String(entry?.epoch), "--island", "0"];
    const text = await illume([...job, "--candidate", String(entry?.candidate)], folder);
    expect(text).toMatchObject({ code: 0, stderr: "" });
    expect(text.stdout).toMatch(
      new RegExp(`^quarantine   candidate ${entry?.candidate} timed out, reproduced: yes {3}\\(`, "m"),
    );
    expect(text.stdout).toMatch(/^fate {9}timed out$/m);
  });
});
