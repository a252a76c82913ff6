import {
  appendFileSync,
  closeSync,
  constants,
  fstatSync,
  fsync,
  fsyncSync,
  mkdirSync,
  openSync,
  readdirSync,
  readSync,
  renameSync,
  rmSync,
  statfsSync,
  writeSync,
} from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { InputError } from "../dsl/index.ts";

/**
 * Where the files of one run lie: names in one folder. What a method has done when it returns outlives the process;
 * what was synced outlives the loss of power. The simulation has one that fails in every way that a disk can.
 */
export interface Disk {
  /** What people call it. */
  readonly place: string;
  /** Names of the files, sorted. */
  list(): string[];
  /**
   * The content of a file; null where there is no plain file of that name.
   * @throws InputError if it is longer than `maximumBytes`
   */
  read(name: string, maximumBytes: number): Uint8Array | null;
  /**
   * Replaces a file as a whole: at any moment it is the old one or the new one.
   * @param isSynced whether that holds for a loss of power too; otherwise one may leave anything in its place
   */
  replace(name: string, bytes: Uint8Array, isSynced?: boolean): void;
  /** Adds to the end of a file. If this fails, a part of the bytes may be there. */
  append(name: string, bytes: Uint8Array): void;
  /** Removes a file, if it is there. */
  remove(name: string): void;
  /** Resolves when the content of the files and their names are on the medium; rejects if that failed. */
  sync(names: readonly string[]): Promise<void>;
  freeBytes(): number;
}

const sync = promisify(fsync);

/** What a system says when it could not keep what was written before. */
const LOSSES: ReadonlySet<string> = new Set(["EIO", "ENOSPC", "EDQUOT"]);

/** What a file that is being written ends in, until it takes its place. */
const DRAFT = ".new";

/** The files of a folder. Links are not followed: a name stands for a file in the folder or for nothing. */
export function folderDisk(folder: string): Disk {
  const pathOf = (name: string): string => join(folder, name);
  return {
    place: folder,
    list: () =>
      readdirSync(folder, { withFileTypes: true })
        .filter((entry) => entry.isFile() && !entry.name.endsWith(DRAFT))
        .map((entry) => entry.name)
        .sort(),
    read: (name, maximumBytes) => {
      let file: number;
      try {
        // Not blocking, or the end of a pipe that somebody put here would be waited for.
        file = openSync(pathOf(name), constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
      } catch (error) {
        const { code } = error as NodeJS.ErrnoException;
        if (code === "ENOENT" || code === "ELOOP" || code === "ENXIO") return null;
        throw error;
      }
      try {
        const status = fstatSync(file);
        if (!status.isFile()) return null;
        if (status.size > maximumBytes)
          throw new InputError(
            `file ${pathOf(name)} must have at most ${maximumBytes} bytes; got ${status.size}.`,
          );
        const bytes = new Uint8Array(status.size);
        let length = 0;
        while (length < bytes.length) {
          const count = readSync(file, bytes, length, bytes.length - length, length);
          if (count === 0) break;
          length += count;
        }
        return bytes.subarray(0, length);
      } finally {
        closeSync(file);
      }
    },
    replace: (name, bytes, isSynced = false) => {
      const draft = pathOf(name + DRAFT);
      try {
        const file = openSync(draft, "w");
        try {
          let written = 0;
          while (written < bytes.length) written += writeSync(file, bytes, written);
          if (isSynced) fsyncSync(file);
        } finally {
          closeSync(file);
        }
        renameSync(draft, pathOf(name));
      } catch (error) {
        rmSync(draft, { force: true });
        throw error;
      }
    },
    append: (name, bytes) => appendFileSync(pathOf(name), bytes),
    remove: (name) => rmSync(pathOf(name), { force: true }),
    sync: async (names) => {
      for (const path of [...names.map(pathOf), folder]) {
        let file: number;
        try {
          file = openSync(path, "r");
        } catch {
          // Replaced or removed meanwhile; some systems do not open folders.
          continue;
        }
        try {
          await sync(file);
        } catch (error) {
          // Not every file system can; then what it says of itself is all there is.
          if (LOSSES.has((error as NodeJS.ErrnoException).code ?? "")) throw error;
        } finally {
          closeSync(file);
        }
      }
    },
    freeBytes: () => {
      const { bavail, bsize } = statfsSync(folder);
      return bavail * bsize;
    },
  };
}

/**
 * Makes a folder with all above it.
 * @throws InputError if it cannot be made
 */
export function makeFolder(folder: string): void {
  try {
    mkdirSync(folder, { recursive: true });
  } catch (error) {
    throw new InputError(`run folder ${folder} must be writable; ${(error as Error).message}.`);
  }
}
