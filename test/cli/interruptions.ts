import { readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { beforeAll, describe, expect, it } from "vitest";
import { illume, onlyRun, type Running, settings, start, temporaryFolder, told } from "./program.ts";

export type ShippedExperiment = "quickstart" | "parity" | "dates" | "lists";

export const shippedExperiments: readonly ShippedExperiment[] = ["quickstart", "parity", "dates", "lists"];

const EPOCHS = 24;
const ISLANDS = 4;
const SNAPSHOT_EPOCHS = 4;

/** A run that goes on to its budget and takes long enough to be interrupted several times. */
const runOf = (experiment: ShippedExperiment, epochCandidates: number): string[] => [
  "run",
  experiment,
  "--islands",
  String(ISLANDS),
  "--budget",
  String(EPOCHS * ISLANDS * epochCandidates),
  ...settings({ epochCandidates, polishEpochs: 1000, snapshotEpochs: SNAPSHOT_EPOCHS }),
];

/** Lines of a file; 0 while there is none. */
function linesOf(path: string): number {
  try {
    return readFileSync(path, "utf8").split("\n").length - 1;
  } catch {
    return 0;
  }
}

/** Waits until a run has stored a number of epochs. */
async function stored(running: Running, runs: string, epochs: number): Promise<void> {
  while (running.process.exitCode === null && running.process.signalCode === null) {
    const folder = onlyRun(runs);
    if (folder !== null && linesOf(join(folder, "journal.log")) >= epochs) return;
    await setTimeout(5);
  }
  const { code, stderr } = await running.ended;
  throw new Error(`the run ended with ${code} before epoch ${epochs} was stored: ${stderr}`);
}

/** Moments at which a run is interrupted: what is waited for. */
const moments: Readonly<Record<string, (running: Running, runs: string) => Promise<void>>> = {
  "before the first epoch is stored": (running) => running.says(/\?/),
  "at the first line of progress": (running) => running.says(/^epoch 1 /m),
  "when four epochs are stored": (running, runs) => stored(running, runs, 4),
};

/** Stops a run at different moments and in different ways; each time it must go on as if nothing had been. */
export function describeInterruptions(
  experiment: ShippedExperiment,
  options: { readonly epochCandidates: number; readonly workers: number; readonly isShort?: boolean },
): void {
  describe(`an interrupted run of ${experiment} with ${options.workers} workers`, () => {
    const folder = temporaryFolder();
    const run = runOf(experiment, options.epochCandidates);
    const workers = ["--workers", String(options.workers)];
    let undisturbed = "";
    let cases = 0;
    const nextRuns = (): string => join(folder, `runs-${++cases}`);

    beforeAll(async () => {
      const all = await told([...run, "--executor", "serial"], folder);
      expect(all).toMatchObject({ epochs: EPOCHS, candidates: EPOCHS * ISLANDS * options.epochCandidates });
      undisturbed = all.digest;
    }, 600_000);

    /** What must hold after any interruption. */
    const goesOn = async (runs: string): Promise<void> => {
      const resumed = await told(["resume", onlyRun(runs) as string, ...workers], folder);
      expect(resumed).toMatchObject({
        digest: undisturbed,
        epochs: EPOCHS,
        candidates: EPOCHS * ISLANDS * options.epochCandidates,
      });
    };

    const chosen = options.isShort === true ? Object.entries(moments).slice(-1) : Object.entries(moments);
    describe.each(chosen)("%s", (_, moment) => {
      it("stops at ctrl-C, says how to go on, and goes on", async () => {
        const runs = nextRuns();
        const running = start([...run, ...workers, "--runs", runs], folder);
        await moment(running, runs);
        running.process.kill("SIGINT");
        const { code, stdout, stderr } = await running.ended;
        expect({ code, stderr }).toMatchObject({ code: 130 });
        expect(stderr).toContain("ending the epoch and storing; once more to stop at once");
        expect(stdout).toMatch(/^stop {9}interrupted after \d+ epochs?/m);
        const name = /^run {10}(\S+)$/m.exec(stdout)?.[1];
        expect(stdout).toMatch(new RegExp(`^to go on: {4}illume resume (\\S+/)?${name}$`, "m"));
        await goesOn(runs);
      });

      it("survives kill -9", async () => {
        const runs = nextRuns();
        const running = start([...run, ...workers, "--runs", runs], folder);
        await moment(running, runs);
        running.process.kill("SIGKILL");
        expect(await running.ended).toMatchObject({ signal: "SIGKILL" });
        await goesOn(runs);
      });
    });

    it("stops at once at the second ctrl-C, with nothing lost", async () => {
      const runs = nextRuns();
      const running = start([...run, ...workers, "--runs", runs], folder);
      await running.says(/^epoch 1 /m);
      running.process.kill("SIGINT");
      await running.says(/once more/);
      running.process.kill("SIGINT");
      expect(await running.ended).toMatchObject({ code: 130 });
      await goesOn(runs);
    });

    it("reaches its end though it is killed again and again", async () => {
      const runs = nextRuns();
      for (const epochs of [0, 3, 8]) {
        const running = start([...run, ...workers, "--runs", runs], folder);
        await stored(running, runs, epochs);
        running.process.kill("SIGKILL");
        await running.ended;
      }
      const end = await told([...run, ...workers, "--runs", runs], folder);
      expect(end).toMatchObject({ digest: undisturbed, epochs: EPOCHS });
      for (const from of [[], ["--from", String(2 * SNAPSHOT_EPOCHS)]])
        expect(await told(["verify", end.run, "--runs", runs, ...workers, ...from], folder)).toMatchObject({
          verified: true,
          digest: undisturbed,
        });
    });

    it("can be begun again when it was killed while it was begun", async () => {
      const runs = nextRuns();
      for (const delayMs of [200, 300, 400]) {
        const running = start([...run, ...workers, "--runs", runs], folder);
        await Promise.race([running.ended, setTimeout(delayMs)]);
        running.process.kill("SIGKILL");
        await running.ended;
      }
      expect(await illume(["ls", "--runs", runs], folder)).toMatchObject({ code: 0 });
      expect(await told([...run, ...workers, "--runs", runs], folder)).toMatchObject({ digest: undisturbed });
    });
  });
}
