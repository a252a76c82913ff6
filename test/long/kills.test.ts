import { readdirSync, readFileSync, watch } from "node:fs";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { afterAll, describe, expect, it } from "vitest";
import { type EpochMetrics, folderDisk, RunStore } from "../../src/index.ts";
import { readJournal } from "../../src/journal.ts";
import { shippedExperiments } from "../cli/interruptions.ts";
import { onlyRun, type Running, settings, start, temporaryFolder, told } from "../cli/program.ts";
import { randomStream } from "../dsl/random-programs.ts";

const KILLS_PER_RUN = 10;
const EPOCHS = 60;

/** What differs between the runs of an experiment. */
const variants = [
  { seed: "1", parameters: { islands: 4 } },
  { seed: "2", parameters: { islands: 5, topology: "ring", cache: "lossy" } },
  { seed: "3", parameters: { islands: 3, topology: "isolated", snapshotEpochs: 1, snapshotLimit: 3 } },
] as const;

const runs = shippedExperiments.flatMap((experiment) =>
  variants.map(({ seed, parameters }) => ({
    name: `${experiment} ${seed}`,
    experiment,
    seed,
    // Lexicase selection, which parity uses, knows no lossy cache.
    parameters: { ...parameters, ...(seed === "2" && experiment === "parity" ? { cache: "off" } : {}) },
  })),
);

/** When a process is killed. */
type Moment = "at a random time" | "while it starts" | "at a line of progress" | "at a write";
const moments: readonly Moment[] = [
  "at a random time",
  "at a random time",
  "while it starts",
  "at a line of progress",
  "at a write",
];

/** A kill: how, and where it fell. */
interface Kill {
  readonly moment: Moment;
  /** Time from the start of the process. */
  readonly afterMs: number;
  /** Epochs in the store. */
  readonly epochs: number;
  /** Whether a file had been begun and not finished. */
  readonly isDraftLeft: boolean;
}
const kills: Kill[] = [];
let resumedRight = 0;

/** Resolves when something in a run's folder is about to be replaced for the n-th time from now, or the process ends. */
async function nthWrite(running: Running, runsFolder: string, n: number): Promise<void> {
  let folder = onlyRun(runsFolder);
  while (folder === null && running.process.exitCode === null) {
    await setTimeout(2);
    folder = onlyRun(runsFolder);
  }
  if (folder === null) return;
  const place = folder;
  await new Promise<void>((resolve) => {
    let seen = 0;
    const watcher = watch(place, (_, name) => {
      if (name?.startsWith("state-") === true && name.endsWith(".new") && ++seen >= n) done();
    });
    const done = (): void => {
      watcher.close();
      resolve();
    };
    running.process.once("close", done);
  });
}

/** The lines of a run's journal as they are now; none before there is one. */
function journalOf(runsFolder: string): readonly EpochMetrics[] {
  const folder = onlyRun(runsFolder);
  try {
    return folder === null ? [] : readJournal(readFileSync(join(folder, "journal.log"))).entries;
  } catch {
    return [];
  }
}

describe("a run that is killed again and again", () => {
  afterAll(() => {
    const times = kills.map((kill) => Math.round(kill.afterMs)).sort((a, b) => a - b);
    const at = (share: number): number | undefined => times[Math.floor(share * (times.length - 1))];
    const lines = [
      `kills: ${resumedRight} of ${kills.length} resumed to the undisturbed digest, with every reported epoch stored, in ${runs.length} runs`,
      ...[...new Set(moments)].map((moment) => {
        const of = kills.filter((kill) => kill.moment === moment);
        return `  ${moment}: ${of.length}; epochs in the store: ${of.map((kill) => kill.epochs).join(" ")}`;
      }),
      `  time from the start of the process: ${at(0)} to ${at(1)} ms, median ${at(0.5)} ms; before the first epoch: ${kills.filter((kill) => kill.epochs === 0).length}; with a file half written: ${kills.filter((kill) => kill.isDraftLeft).length}`,
    ];
    process.stdout.write(`${lines.join("\n")}\n`);
  });

  it.each(runs)("$name comes to the undisturbed end", async ({ name, experiment, seed, parameters }) => {
    const folder = temporaryFolder();
    const random = randomStream(1 + runs.findIndex((run) => run.name === name));
    const pick = <T>(of: readonly T[]): T => of[Math.floor(random() * of.length)] as T;
    const epochCandidates = experiment === "parity" ? 100 : 400;
    const candidates = EPOCHS * parameters.islands * epochCandidates;
    const run = [
      "run",
      experiment,
      "--seed",
      seed,
      "--budget",
      String(candidates),
      ...settings({ epochCandidates, polishEpochs: 1000, ...parameters }),
    ];
    const undisturbed = await told([...run, "--executor", "serial"], folder);
    expect(undisturbed).toMatchObject({ epochs: EPOCHS, candidates });
    const way = RunStore.open(folderDisk(join(folder, "runs", undisturbed.run)), { readOnly: true }).metrics;
    const end = { digest: undisturbed.digest, rollingDigest: undisturbed.rollingDigest, epochs: EPOCHS };

    // How long a process lives that nobody disturbs, and how long it is at work before its first epoch.
    const before = performance.now();
    const timed = start([...run, "--workers", "2", "--runs", "timed"], folder);
    await timed.says(/^epoch 1 /m);
    const startMs = performance.now() - before;
    expect(await timed.ended).toMatchObject({ code: 0 });
    const wholeMs = performance.now() - before;

    let place = 0;
    let reported = 0;
    let pending = 0;
    for (let killed = 0; killed < KILLS_PER_RUN; ) {
      const runsFolder = join(folder, `runs-${place}`);
      const stored = onlyRun(runsFolder);
      const command = stored !== null && random() < 0.5 ? ["resume", stored] : [...run, "--runs", runsFolder];
      const isGroup = random() < 0.5;
      const moment = pick(moments);
      const since = performance.now();
      const running = start(
        [...command, "--workers", String(pick([1, 2, 2, 2, 3, 8]))],
        folder,
        undefined,
        isGroup,
      );
      if (moment === "at a line of progress") {
        await Promise.race([running.says(/^epoch /m), running.ended]);
        await setTimeout(random() * 3);
      } else if (moment === "at a write") await nthWrite(running, runsFolder, 1 + Math.floor(random() * 12));
      else
        await Promise.race([
          running.ended,
          setTimeout(random() * (moment === "while it starts" ? startMs : wholeMs)),
        ]);
      const lines = journalOf(runsFolder);
      const pid = running.process.pid as number;
      if (running.process.exitCode === null && running.process.signalCode === null)
        process.kill(isGroup ? -pid : pid, "SIGKILL");
      const afterMs = performance.now() - since;
      const { code, signal, stderr } = await running.ended;

      const said = [...stderr.matchAll(/^epoch (\d+) /gm)].map((match) => Number(match[1]));
      reported = Math.max(reported, (lines.at(-1)?.epoch ?? -1) + 1, ...said);
      const found = onlyRun(runsFolder);
      let epochs = 0;
      if (found === null) expect(reported).toBe(0);
      else {
        const store = RunStore.open(folderDisk(found), { readOnly: true });
        epochs = store.state?.epochs ?? 0;
        expect(store.damage).toEqual([]);
        expect(epochs).toBeGreaterThanOrEqual(reported);
        // Every epoch is known, and is that of the undisturbed run.
        expect(store.metrics.map((m) => m.rollingDigest)).toEqual(
          way.slice(0, epochs).map((m) => m.rollingDigest),
        );
        reported = epochs;
      }
      if (signal === "SIGKILL") {
        killed++;
        pending++;
        const isDraftLeft =
          found !== null && readdirSync(found).some((file) => /^(state-|journal|run).*\.new$/.test(file));
        kills.push({ moment, afterMs, epochs, isDraftLeft });
        if (killed < KILLS_PER_RUN) continue;
      } else expect({ code, stderr }).toMatchObject({ code: 0 });
      // It was quicker than the kill, or has been killed enough: it ends, and another one begins.
      expect(await told([...run, "--workers", "2", "--runs", runsFolder], folder)).toMatchObject(end);
      expect(readdirSync(onlyRun(runsFolder) as string)).not.toContain("lock");
      resumedRight += pending;
      pending = 0;
      reported = 0;
      place++;
    }
  });

  it("was killed a hundred times at least, and went on every time", () => {
    expect(kills.length).toBeGreaterThanOrEqual(100);
    expect(resumedRight).toBe(kills.length);
  });
});
