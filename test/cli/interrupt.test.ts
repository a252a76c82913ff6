import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { type EpochMetrics, journalLine, readJournalLine } from "../../src/journal.ts";
import { describeInterruptions } from "./interruptions.ts";
import { illume, settings, temporaryFolder, told } from "./program.ts";

// Every experiment, number of workers and moment: test/long/interrupt.test.ts.
describeInterruptions("quickstart", { epochCandidates: 1200, workers: 2, isShort: true });

describe("illume verify", () => {
  const folder = temporaryFolder();
  let name = "";

  beforeAll(async () => {
    const options = settings({ epochCandidates: 200, snapshotEpochs: 2, polishEpochs: 1000 });
    name = (await told(["run", "quickstart", "--budget", "6400", ...options], folder)).run;
  }, 60_000);

  it("passes from the seed and from a snapshot, with threads and without", async () => {
    for (const options of [
      ["--executor", "serial"],
      ["--from", "2", "--workers", "3"],
      ["--from", "6", "--executor", "serial"],
    ]) {
      const { code, stdout } = await illume(["verify", name, ...options], folder);
      expect({ code, stdout }).toMatchObject({ code: 0 });
      const epochs = 8 - (options[0] === "--from" ? Number(options[1]) : 0);
      expect(stdout).toContain(`verified     ${name}: ${epochs} epochs`);
    }
  });

  it("says which epochs are stored if it cannot begin where it should", async () => {
    const { code, stdout, stderr } = await illume(["verify", name, "--from", "3"], folder);
    expect({ code, stdout, stderr }).toEqual({
      code: 2,
      stdout: "",
      stderr: "illume: --from must be a stored epoch before the last: 2, 4, 6, 7; got 3.\n",
    });
  });

  it("says which epoch differs in a store that has been changed", async () => {
    const wrong = "0".repeat(32);
    const journal = join(folder, "runs", name, "journal.log");
    const lines = readFileSync(journal, "utf8").split("\n");
    lines[5] = journalLine({
      ...(readJournalLine(lines[5] as string) as EpochMetrics),
      digest: wrong,
    }).trimEnd();
    writeFileSync(journal, lines.join("\n"));
    const { code, stdout, stderr } = await illume(["verify", name], folder);
    expect({ code, stderr }).toEqual({ code: 1, stderr: "" });
    expect(stdout).toMatch(
      new RegExp(
        `^not verified ${name}: epoch 5 differs first\nstored {7}${wrong}, epoch 5\ncomputed {5}[0-9a-f]{32}\nequal {8}up to epoch 4\n`,
      ),
    );
    const json = await illume(["verify", name, "--json"], folder);
    expect(json.code).toBe(1);
    expect(JSON.parse(json.stdout)).toMatchObject({
      verified: false,
      firstDifference: { epoch: 5, stored: wrong },
    });
    // After the epoch that was changed all is well.
    expect((await illume(["verify", name, "--from", "6"], folder)).code).toBe(0);
    expect(readdirSync(join(folder, "runs"))).toContain(name);
  });
});
