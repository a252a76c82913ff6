import {
  linkSync,
  readFileSync,
  readlinkSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import { InputError } from "../dsl/index.ts";
import { readPlainFile, writeNewFile } from "./disk.ts";

const LOCK = "lock";
/** How often the owner shows that it is alive, and how long it may be silent, where nobody can look it up. */
const BEAT_MS = 10_000;
const SILENCE_MS = 60_000;
const MAXIMUM_BYTES = 64 << 10;

/** A process, named so that no other one has the same name. */
interface Owner {
  readonly pid: number;
  readonly host: string;
  /** Which start of the machine it is; "" where the system does not tell. */
  readonly boot: string;
  /** Within which the pid counts. */
  readonly space: string;
  /** When the process was started, where the system tells. */
  readonly started: string;
}

const firstLine = (path: string): string => {
  try {
    return readFileSync(path, "utf8").split("\n", 1)[0] as string;
  } catch {
    return "";
  }
};
const linkOf = (path: string): string => {
  try {
    return readlinkSync(path);
  } catch {
    return "";
  }
};

/** When a process was started, in ticks since the machine was; "" where the system does not tell or there is none. */
const startOf = (pid: number): string =>
  // After the name, which is in brackets and may hold anything, the start is the twentieth field.
  firstLine(`/proc/${pid}/stat`).split(") ").at(-1)?.split(" ")[19] ?? "";

const self = (): Owner => ({
  pid: process.pid,
  host: hostname(),
  boot: firstLine("/proc/sys/kernel/random/boot_id"),
  space: linkOf("/proc/self/ns/pid"),
  started: startOf(process.pid),
});

/** The text of a lock; null where there is none. */
function readLock(path: string): string | null {
  const bytes = readPlainFile(path, MAXIMUM_BYTES);
  return bytes === null ? null : new TextDecoder().decode(bytes);
}

function readOwner(path: string): Owner | null {
  try {
    const owner = JSON.parse(readLock(path) ?? "null") as Partial<Owner> | null;
    return Number.isSafeInteger(owner?.pid) && (owner?.pid as number) > 0 ? (owner as Owner) : null;
  } catch {
    return null;
  }
}

function isAlive(owner: Owner, path: string): boolean {
  const here = self();
  if (owner.host === here.host && owner.boot !== here.boot) return false;
  if (owner.host === here.host && owner.space === here.space) {
    if (owner.started !== "" && here.started !== "") return startOf(owner.pid) === owner.started;
    try {
      process.kill(owner.pid, 0);
      return true;
    } catch (error) {
      return (error as NodeJS.ErrnoException).code === "EPERM";
    }
  }
  // Elsewhere, or in another container: it is alive if it has shown so by the clock of the disk they share.
  const probe = `${path}.${process.pid}.clock`;
  try {
    writeNewFile(probe, "");
    return statSync(probe).mtimeMs - statSync(path).mtimeMs < SILENCE_MS;
  } catch {
    return false;
  } finally {
    rmSync(probe, { force: true });
  }
}

/** Where the owner of a lock is, if that is not here. */
const elsewhere = (owner: Owner | null): string =>
  owner === null || owner.host === hostname() || !/^[\w.-]{1,255}$/.test(owner.host)
    ? ""
    : ` on ${owner.host}`;

function linkOrWrite(draft: string, path: string, text: string): void {
  try {
    linkSync(draft, path);
  } catch (error) {
    // Some file systems know no links.
    if (!["EPERM", "ENOTSUP", "ENOSYS"].includes((error as NodeJS.ErrnoException).code ?? "")) throw error;
    writeFileSync(path, text, { flag: "wx" });
  }
}

/** The right of one process to write a run. */
export interface RunLock {
  /** Whether nobody has taken it away. */
  isHeld(): boolean;
  release(): void;
}

/**
 * Takes the right to write a run's folder. It ends with `release`, or with the process, however that ends.
 * @throws InputError if another process that is alive has it, or the folder cannot be written
 */
export function lockRun(folder: string): RunLock {
  const path = join(folder, LOCK);
  const draft = join(folder, `${LOCK}.${process.pid}.new`);
  const text = `${JSON.stringify({ ...self(), place: folder })}\n`;
  for (let attempt = 0; ; attempt++) {
    try {
      writeNewFile(draft, text);
      // Unlike a rename, a link fails where there is a file already; and there is never half a lock.
      linkOrWrite(draft, path, text);
      break;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EEXIST")
        throw new InputError(`run folder ${folder} must be writable; ${(error as Error).message}.`);
      const owner = readOwner(path);
      if (attempt === 10 || (owner !== null && isAlive(owner, path)))
        throw new InputError(
          `run ${folder} must be carried on by one process at a time; process ${owner?.pid ?? "unknown"}${elsewhere(owner)} has it. Wait for it, or stop it with ctrl-C or kill -INT.`,
        );
      // Whoever else finds the same dead owner removes the same file or none: the name is that of the lock it read.
      const stale = join(folder, `${LOCK}.${process.pid}.stale`);
      try {
        renameSync(path, stale);
        const moved = readOwner(stale);
        // Somebody was quicker: what was moved is a new lock, and goes back where it was.
        if (moved !== null && isAlive(moved, stale)) linkSync(stale, path);
      } catch {
        // It is gone, or there is a new one: look again.
      }
      rmSync(stale, { force: true, recursive: true });
    } finally {
      rmSync(draft, { force: true, recursive: true });
    }
  }
  const isHeld = (): boolean => {
    try {
      return readLock(path) === text;
    } catch {
      return false;
    }
  };
  const beat = setInterval(() => {
    const now = new Date(); // clock: a sign of life only
    try {
      if (isHeld()) utimesSync(path, now, now);
    } catch {
      // The disk may be gone for a while.
    }
  }, BEAT_MS);
  beat.unref();
  return {
    isHeld,
    release: () => {
      clearInterval(beat);
      if (isHeld()) rmSync(path, { force: true });
    },
  };
}
