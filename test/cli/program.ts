import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, expect } from "vitest";
import { RunStore } from "../../src/index.ts";

/** The program as it is installed: the built one, started as a process of its own. */
const mainFile = fileURLToPath(new URL("../../dist/src/cli/main.js", import.meta.url));

/** Where the tests of a file keep what outlives runs: never in a person's home. */
const home = temporaryFolder();

/** How a process ended and what it said. */
export interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Running {
  readonly process: ChildProcess;
  readonly ended: Promise<Ended>;
  /** Waits until standard error contains a text; fails if the process ends before. */
  readonly says: (text: RegExp) => Promise<void>;
}

/** Starts `illume` in a folder, if wanted with another home, as the first of a process group of its own, or with a pipe to it. */
export function start(
  args: readonly string[],
  folder: string,
  illumeHome = home,
  hasOwnGroup = false,
  isAsked = false,
): Running {
  const env: NodeJS.ProcessEnv = { ...process.env, NO_COLOR: "1", ILLUME_HOME: illumeHome };
  for (const name of ["FORCE_COLOR", "NODE_OPTIONS", "NODE_ENV"]) delete env[name];
  const child = spawn(process.execPath, [mainFile, ...args], {
    cwd: folder,
    env,
    stdio: [isAsked ? "pipe" : "ignore", "pipe", "pipe"],
    detached: hasOwnGroup,
  });
  if (child.stdout === null || child.stderr === null) throw new Error("there must be pipes");
  let stdout = "";
  let stderr = "";
  let hasEnded = false;
  const waiting = new Set<() => void>();
  const look = (): void => {
    for (const check of waiting) check();
  };
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    stdout += text;
  });
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    stderr += text;
    look();
  });
  const ended = new Promise<Ended>((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code, signal) => {
      hasEnded = true;
      look();
      resolve({ code, signal, stdout, stderr });
    });
  });
  const says = (text: RegExp): Promise<void> =>
    new Promise((resolve, reject) => {
      const check = (): void => {
        const isThere = text.test(stderr);
        if (!isThere && !hasEnded) return;
        waiting.delete(check);
        if (isThere) resolve();
        else reject(new Error(`illume ${args.join(" ")} ended without saying ${text}: ${stderr}${stdout}`));
      };
      waiting.add(check);
      check();
    });
  return { process: child, ended, says };
}

/** Runs `illume` to its end. */
export const illume = (args: readonly string[], folder: string): Promise<Ended> => start(args, folder).ended;

/** What `--json` of run, resume and verify tells, as its readers know it. */
export interface Told {
  readonly run: string;
  readonly digest: string;
  readonly rollingDigest: string;
  readonly stop: string;
  readonly epochs: number;
  readonly candidates: number;
  readonly evaluations: number;
  readonly cacheHits: number;
  readonly sharedHits: number;
  readonly falseMergeRate: number | null;
  readonly failures: Readonly<Record<"notANumber" | "threw" | "timedOut" | "crashed", number>>;
  readonly quarantine: number;
  readonly coverage: number;
  readonly qdScore: number;
  readonly best: { readonly fitness: number; readonly program: string };
  readonly seconds: number;
  readonly workers: number;
  readonly islands: number;
  readonly verified?: boolean;
}

/** Runs `illume … --json`, which must succeed and write one line of JSON and nothing else; its content. */
export async function told<T = Told>(args: readonly string[], folder: string): Promise<T> {
  const { code, stdout, stderr } = await illume([...args, "--json"], folder);
  expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
  expect(stdout.trimEnd()).not.toContain("\n");
  return JSON.parse(stdout) as T;
}

/** `--set` options. */
export const settings = (values: Readonly<Record<string, string | number>>): string[] =>
  Object.entries(values).flatMap(([name, value]) => ["--set", `${name}=${value}`]);

/** A new empty folder, removed after the tests of the file. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "illume-"));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** The folder of the only run below a folder of runs; null before there is one. */
export function onlyRun(runs: string): string | null {
  let names: string[] = [];
  try {
    names = readdirSync(runs).filter(
      // A kill may leave a folder that was being made.
      (name) => !name.startsWith(".") && RunStore.exists(join(runs, name)),
    );
  } catch {
    // There are no runs yet.
  }
  return names.length === 1 ? join(runs, names[0] as string) : null;
}
