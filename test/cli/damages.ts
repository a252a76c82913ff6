import { execFileSync } from "node:child_process";
import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { hostname } from "node:os";
import { basename, dirname, join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { folderDisk, RunStore } from "../../src/index.ts";
import { type Ended, illume, settings, temporaryFolder, type Told, told } from "./program.ts";

const EPOCHS = 8;
/** Where the run that is not at its end stands. */
const STORED_EPOCHS = 5;

const run = [
  "run",
  "quickstart",
  "--islands",
  "3",
  "--budget",
  String(EPOCHS * 3 * 100),
  ...settings({ epochCandidates: 100, polishEpochs: 1000, snapshotEpochs: 2 }),
];

const states = (folder: string): string[] =>
  readdirSync(folder)
    .filter((name) => name.startsWith("state-"))
    .sort();

/** Files of a run's folder: what people call them, and where they lie. */
export const files = {
  configuration: () => "run.json",
  journal: () => "journal.log",
  "last state": (folder: string) => states(folder).at(-1) as string,
  "state before the last": (folder: string) => states(folder).at(-2) as string,
  "first state": (folder: string) => states(folder)[0] as string,
  code: (folder: string) => readdirSync(folder).find((name) => name.endsWith(".mjs")) as string,
  lock: () => "lock",
} as const satisfies Record<string, (folder: string) => string>;
export type File = keyof typeof files;
export const allFiles = Object.keys(files) as File[];

const rewrite = (path: string, change: (bytes: Buffer) => Uint8Array): void =>
  writeFileSync(path, change(readFileSync(path)));
const cut = (length: (whole: number) => number) => (path: string) =>
  rewrite(path, (bytes) => bytes.subarray(0, length(bytes.length)));
const flip = (share: number) => (path: string) =>
  rewrite(path, (bytes) => {
    const at = Math.floor(share * (bytes.length - 1));
    bytes[at] = (bytes[at] as number) ^ 16;
    return bytes;
  });
/** Moves the file beside the folder. */
const away = (path: string): string => {
  const other = join(dirname(dirname(path)), `${basename(dirname(path))} ${basename(path)}`);
  renameSync(path, other);
  return other;
};

/** What may happen to a file. */
export const harms = {
  "truncated to nothing": cut(() => 0),
  "truncated to one byte": cut(() => 1),
  "cut in the middle": cut((whole) => whole >> 1),
  "cut by its last byte": cut((whole) => whole - 1),
  "flipped in its first byte": flip(0),
  "flipped in the first half": flip(0.3),
  "flipped in the second half": flip(0.8),
  "flipped in its last byte": flip(1),
  lost: (path: string) => rmSync(path),
  "a folder": (path: string) => {
    rmSync(path);
    mkdirSync(path);
  },
  "a folder with something in it": (path: string) => {
    rmSync(path);
    mkdirSync(join(path, "folder"), { recursive: true });
  },
  "a link to where it is now": (path: string) => symlinkSync(away(path), path),
  "a link to nowhere": (path: string) => {
    rmSync(path);
    symlinkSync("/nowhere/at-all", path);
  },
  "a link to itself": (path: string) => {
    rmSync(path);
    symlinkSync(basename(path), path);
  },
  "a pipe": (path: string) => {
    rmSync(path);
    execFileSync("mkfifo", [path]);
  },
  "of a later format": (path: string) =>
    rewrite(path, (bytes) =>
      Buffer.from(
        bytes
          .toString("latin1")
          .replace(/^illume2/, "illume3")
          .replace('"format": 3', '"format": 4'),
        "latin1",
      ),
    ),
  "something else": (path: string) =>
    writeFileSync(path, Buffer.from(Array.from({ length: 5000 }, (_, i) => (i * 31) & 255))),
  "another text": (path: string) => writeFileSync(path, '{"format":2}\n'),
} as const satisfies Record<string, (path: string) => void>;
export type Harm = keyof typeof harms;
export const allHarms = Object.keys(harms) as Harm[];

/** What a process of this machine leaves behind when it is killed. */
function lockOfTheDead(): string {
  const of = (path: string): string => (existsSync(path) ? readFileSync(path, "utf8").trim() : "");
  const space = existsSync("/proc/self/ns/pid") ? readlinkSync("/proc/self/ns/pid") : "";
  const boot = of("/proc/sys/kernel/random/boot_id");
  return `${JSON.stringify({ pid: 999_999_999, host: hostname(), boot, space, started: "1" })}\n`;
}

/** One clear message, or none: no fault of Illume's, no trace. */
function isClear({ code, signal, stderr }: Ended, codes: readonly number[]): void {
  expect({ stderr, signal, code: codes.includes(code as number) ? "as it may be" : code }).toEqual({
    stderr,
    signal: null,
    code: "as it may be",
  });
  expect(stderr).not.toMatch(/internal fault|^ +at |node:internal/m);
  // What was found damaged is said in a line of its own.
  if (code === 2) expect(stderr).toMatch(/^(illume: .*\.\n){1,2}$/);
}

/** Damages files of a run in many ways, and holds the program to what it promises. */
export function describeDamages(
  damages: readonly (readonly [File, Harm])[],
  options: { readonly readers: readonly (readonly string[])[]; readonly isEnded: boolean },
): void {
  describe(`a run ${options.isEnded ? "that has ended" : "that is not at its end"}`, () => {
    const folder = temporaryFolder();
    let end: Told;
    let base = "";

    beforeAll(async () => {
      end = await told([...run, "--executor", "serial"], folder);
      const whole = join(folder, "runs", end.run);
      base = join(folder, "base");
      cpSync(whole, base, { recursive: true });
      writeFileSync(join(base, "lock"), lockOfTheDead());
      if (options.isEnded) return;
      const args = [...run, "--executor", "serial", "--minutes", "1e-9", "--runs", "stopped"];
      for (let epochs = 1; epochs <= STORED_EPOCHS; epochs++)
        expect(await told(args, folder)).toMatchObject({ epochs, stop: "time" });
      rmSync(base, { recursive: true });
      cpSync(join(folder, "stopped", end.run), base, { recursive: true });
      writeFileSync(join(base, "lock"), lockOfTheDead());
    }, 60_000);

    it.each(damages)("whose %s is %s", async (file, harm) => {
      const runs = join(folder, `${file}, ${harm}`);
      const damaged = join(runs, end.run);
      cpSync(base, damaged, { recursive: true });
      const path = join(damaged, files[file](damaged));
      harms[harm](path);
      const inRuns = ["--runs", runs];

      for (const reader of options.readers) isClear(await illume([...reader, ...inRuns], folder), [0, 1, 2]);

      const resumed = await illume(["resume", end.run, ...inRuns, "--json"], folder);
      isClear(resumed, [0, 2]);
      if (resumed.code === 2) expect(resumed.stdout).toBe("");
      else {
        const { digest, rollingDigest, epochs } = JSON.parse(resumed.stdout) as Told;
        expect({ digest, rollingDigest, epochs }).toEqual({
          digest: end.digest,
          rollingDigest: end.rollingDigest,
          epochs: EPOCHS,
        });
        const store = RunStore.open(folderDisk(damaged), { readOnly: true });
        expect(store.damage).toEqual([]);
        expect(store.latest?.rollingDigest).toBe(end.rollingDigest);
      }
    });
  });
}
