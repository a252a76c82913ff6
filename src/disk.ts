import {
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
  type Stats,
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

/**
 * Opens a plain file without following a link and without waiting for the other end of a pipe.
 * @param flags of node:fs; without O_CREAT
 * @returns its descriptor and status; null where there is no plain file
 */
function openPlain(path: string, flags: number): { readonly file: number; readonly status: Stats } | null {
  let file: number;
  try {
    file = openSync(path, flags | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    // A link, a pipe that nobody reads, a socket, a folder that is to be written.
    if (["ENOENT", "ELOOP", "EMLINK", "ENXIO", "EISDIR"].includes(code ?? "")) return null;
    throw error;
  }
  const status = fstatSync(file);
  if (status.isFile()) return { file, status };
  closeSync(file);
  return null;
}

/**
 * Reads a plain file; whoever made it, no link is followed and no pipe waited for.
 * @returns null where there is no plain file
 * @throws InputError if it is longer than `maximumBytes`
 */
export function readPlainFile(path: string, maximumBytes: number): Uint8Array | null {
  const opened = openPlain(path, constants.O_RDONLY);
  if (opened === null) return null;
  const { file, status } = opened;
  try {
    if (status.size > maximumBytes)
      throw new InputError(`file ${path} must have at most ${maximumBytes} bytes; got ${status.size}.`);
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
}

/**
 * Writes a file that is not there, or is replaced by one of its own: what a link leads to stays as it is.
 * @param options.mode permissions
 * @param options.isSynced whether the content is on the medium when this returns
 */
export function writeNewFile(
  path: string,
  content: string | Uint8Array,
  { mode = 0o666, isSynced = false }: { readonly mode?: number; readonly isSynced?: boolean } = {},
): void {
  rmSync(path, { force: true });
  const file = openSync(path, "wx", mode);
  try {
    writeAll(file, typeof content === "string" ? Buffer.from(content) : content);
    if (isSynced) fsyncSync(file);
  } finally {
    closeSync(file);
  }
}

function writeAll(file: number, bytes: Uint8Array): void {
  let written = 0;
  while (written < bytes.length) written += writeSync(file, bytes, written);
}

/** The files of a folder. Links are not followed: a name stands for a file in the folder or for nothing. */
export function folderDisk(folder: string): Disk {
  const pathOf = (name: string): string => join(folder, name);
  const replace = (name: string, bytes: Uint8Array, isSynced = false): void => {
    const draft = pathOf(name + DRAFT);
    try {
      writeNewFile(draft, bytes, { isSynced });
      renameSync(draft, pathOf(name));
    } catch (error) {
      rmSync(draft, { force: true });
      throw error;
    }
  };
  return {
    place: folder,
    list: () =>
      readdirSync(folder, { withFileTypes: true })
        .filter((entry) => entry.isFile() && !entry.name.endsWith(DRAFT))
        .map((entry) => entry.name)
        .sort(),
    read: (name, maximumBytes) => readPlainFile(pathOf(name), maximumBytes),
    replace,
    append: (name, bytes) => {
      const opened = openPlain(pathOf(name), constants.O_WRONLY | constants.O_APPEND);
      // A file that is shared with another folder (a hard link) is left to it: this one gets a copy.
      if (opened?.status.nlink !== 1) {
        if (opened !== null) closeSync(opened.file);
        const before = readPlainFile(pathOf(name), Number.MAX_SAFE_INTEGER) ?? new Uint8Array(0);
        replace(name, Buffer.concat([before, bytes]));
        return;
      }
      try {
        writeAll(opened.file, bytes);
      } finally {
        closeSync(opened.file);
      }
    },
    remove: (name) => rmSync(pathOf(name), { force: true }),
    sync: async (names) => {
      for (const path of [...names.map(pathOf), folder]) {
        let file: number;
        try {
          // Some systems sync only what may be written.
          const flags = path === folder ? constants.O_RDONLY : constants.O_RDWR | constants.O_NOFOLLOW;
          file = openSync(path, flags | constants.O_NONBLOCK);
        } catch (error) {
          // Removed meanwhile; some systems do not open folders.
          const { code } = error as NodeJS.ErrnoException;
          if (path === folder || code === "ENOENT" || code === "ELOOP") continue;
          throw error;
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
