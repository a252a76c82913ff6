import {
  closeSync,
  constants,
  type Dirent,
  fstatSync,
  lstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmdirSync,
  statfsSync,
  unlinkSync,
  writeFileSync,
} from "node:fs";
import { join, resolve } from "node:path";
import {
  decodeSegment,
  encodeSegment,
  keyEntries,
  MAXIMUM_SEGMENT_BYTES,
  segmentName,
} from "./cache-segment.ts";
import type { Evaluations } from "./evaluation-list.ts";
import { EvaluationTable } from "./evaluation-table.ts";
import { homeFolder } from "./home-folder.ts";

/** Bytes on disk that the cache of all experiments may have. */
export const CACHE_BYTES = 256 << 20;
/** Segments that a key may have before they are merged into one. */
const MAXIMUM_SEGMENTS = 16;
/** Segments of a key that are read, the newest first; far more than merging leaves. */
const MAXIMUM_READ_SEGMENTS = 256;
/** Bytes that must stay free on the disk. */
const RESERVE_BYTES = 64 << 20;
/** A draft that is so much older than what was just written has lost its writer. */
const ABANDONED_MS = 3_600_000;
const MAXIMUM_DRAFTS = 1000;
const MAXIMUM_ATTEMPTS = 5;
const BLOCK_BYTES = 4096;
const MAXIMUM_ABOUT_BYTES = 64 << 10;

const keyName = /^[0-9a-f]{32}$/;
const draftName = /^\.draft-\d+-\d+$/;
const ABOUT = "key.json";

/** The folder of the cache that all runs share. */
export const cacheFolder = (): string => join(homeFolder(), "cache");

/** What is stored for one key. */
export interface CacheListing {
  /** Digest of the key: the folder's name. */
  readonly key: string;
  /** Null where that is not to be read. */
  readonly experiment: string | null;
  readonly parts: Readonly<Record<string, string | number>>;
  readonly segments: number;
  /** Evaluations; what several segments hold counts once. */
  readonly entries: number;
  /** Behaviours with two different evaluations: the fitness is not the same every time. They are not used. */
  readonly contradictions: number;
  /** On the disk, in whole blocks. */
  readonly bytes: number;
  /** Files that are damaged or no segments; they are not used. */
  readonly damaged: readonly string[];
  /** Time of the newest segment, in milliseconds since 1970; null where there is none. */
  readonly newestMs: number | null;
}

interface StoredFile {
  readonly path: string;
  readonly name: string;
  readonly bytes: number;
  readonly writtenMs: number;
}

/**
 * Evaluations of behaviours that outlive runs: a folder for each key, in it immutable segments. A process writes
 * files of its own, whole, through a draft and a rename, and never changes another's, so any number of them may use
 * the folder at once without locks: the worst that can happen is that something is evaluated again. What cannot be
 * read is left out.
 */
export class CacheStore {
  readonly folder: string;
  readonly #limitBytes: number;

  /** @param limitBytes bytes on disk for all keys; the oldest segments make room */
  constructor(folder: string = cacheFolder(), limitBytes: number = CACHE_BYTES) {
    this.folder = folder;
    this.#limitBytes = limitBytes;
  }

  /** Everything known under a key. */
  read(key: string, valueCount: number): EvaluationTable {
    return this.#readSegments(key, valueCount).table;
  }

  #readSegments(
    key: string,
    valueCount: number,
  ): { readonly table: EvaluationTable; readonly read: readonly string[] } {
    const table = new EvaluationTable(valueCount, keyEntries(valueCount));
    const read: string[] = [];
    for (const { path, name } of this.#segmentsOf(key).slice(0, MAXIMUM_READ_SEGMENTS)) {
      const segment = readSegment(path, name, key);
      if (segment === null || segment.valueCount !== valueCount) continue;
      read.push(path);
      table.insertAll(segment);
    }
    return { table, read };
  }

  /** Segments of a key by name and age, the newest first; not yet looked into. */
  #segmentsOf(key: string): StoredFile[] {
    return filesOf(join(this.folder, key))
      .filter(({ name }) => segmentName.test(name))
      .sort((a, b) => b.writtenMs - a.writtenMs || (a.name < b.name ? -1 : 1));
  }

  /**
   * Adds a segment, then keeps the cache within its bounds.
   * @param about what `illume cache` tells of the key
   * @throws Error if the folder cannot be written or the disk is nearly full
   */
  write(
    key: string,
    valueCount: number,
    evaluations: Evaluations,
    about: Readonly<Record<string, unknown>>,
  ): void {
    const folder = join(this.folder, key);
    let written: number;
    for (let attempt = 0; ; attempt++)
      try {
        mkdirSync(folder, { recursive: true, mode: 0o700 });
        written = writeSegment(folder, key, valueCount, evaluations);
        if (!filesOf(folder).some(({ name }) => name === ABOUT))
          writeWhole(folder, ABOUT, Buffer.from(JSON.stringify(about)));
        break;
      } catch (error) {
        // Somebody may have emptied the cache in the meantime.
        if ((error as NodeJS.ErrnoException).code !== "ENOENT" || attempt === MAXIMUM_ATTEMPTS) throw error;
      }
    if (this.#segmentsOf(key).length > MAXIMUM_SEGMENTS) this.#merge(key, valueCount);
    this.#makeRoom(this.#limitBytes, written);
  }

  /** Puts a key's segments into one. Who does the same at the same time writes the same file. */
  #merge(key: string, valueCount: number): void {
    const { table, read } = this.#readSegments(key, valueCount);
    if (read.length < 2) return;
    const folder = join(this.folder, key);
    const merged = encodeSegment(key, valueCount, table.list());
    writeWhole(folder, merged.name, merged.bytes);
    for (const path of read) if (path !== join(folder, merged.name)) remove(path);
  }

  /** Removes the oldest segments until the rest fits, and drafts that nobody finishes. */
  #makeRoom(limitBytes: number, nowMs: number): void {
    const segments: StoredFile[] = [];
    let bytes = 0;
    for (const key of this.#keys())
      for (const file of filesOf(join(this.folder, key))) {
        if (draftName.test(file.name) && nowMs - file.writtenMs > ABANDONED_MS) {
          remove(file.path);
          continue;
        }
        bytes += file.bytes;
        if (segmentName.test(file.name)) segments.push(file);
      }
    segments.sort((a, b) => a.writtenMs - b.writtenMs || (a.path < b.path ? -1 : 1));
    for (const segment of segments) {
      if (bytes <= limitBytes) return;
      bytes -= segment.bytes;
      remove(segment.path);
      bytes -= removeIfEmpty(resolve(segment.path, ".."));
    }
  }

  #keys(): string[] {
    return entriesOf(this.folder)
      .filter((entry) => entry.isDirectory() && keyName.test(entry.name))
      .map((entry) => entry.name)
      .sort();
  }

  /** What the cache holds, every file checked. */
  list(): CacheListing[] {
    return this.#keys().map((key) => this.#listing(key));
  }

  #listing(key: string): CacheListing {
    const folder = join(this.folder, key);
    const files = filesOf(folder);
    const damaged: string[] = [];
    let table: EvaluationTable | null = null;
    let valueCount = 0;
    let segments = 0;
    let newestMs: number | null = null;
    for (const { path, name, writtenMs } of files) {
      if (name === ABOUT || draftName.test(name)) continue;
      const segment = segmentName.test(name) ? readSegment(path, name, key) : null;
      if (segment === null || (table !== null && segment.valueCount !== valueCount)) {
        damaged.push(path);
        continue;
      }
      valueCount = segment.valueCount;
      table ??= new EvaluationTable(valueCount, keyEntries(valueCount));
      table.insertAll(segment);
      segments++;
      newestMs = Math.max(newestMs ?? 0, writtenMs);
    }
    const entries = (table?.list().signatures.length ?? 0) / 4;
    return {
      key,
      ...readAbout(join(folder, ABOUT)),
      segments,
      entries,
      contradictions: (table?.count ?? 0) - entries,
      bytes: files.reduce((sum, file) => sum + file.bytes, 0),
      damaged,
      newestMs,
    };
  }

  /** Removes damaged files that the cache's own were once, then the oldest segments until at most `limitBytes` are left. */
  trim(limitBytes: number, nowMs: number): void {
    for (const { damaged } of this.list())
      for (const path of damaged) if (segmentName.test(path.split(/[/\\]/).at(-1) as string)) remove(path);
    this.#makeRoom(limitBytes, nowMs);
    for (const key of this.#keys()) removeIfEmpty(join(this.folder, key));
  }

  /** Removes everything that the cache has written; other files stay. */
  clear(): void {
    for (const key of this.#keys()) {
      for (const { path, name } of filesOf(join(this.folder, key)))
        if (segmentName.test(name) || draftName.test(name)) remove(path);
      removeIfEmpty(join(this.folder, key));
    }
  }
}

/** What a folder holds; nothing where it cannot be read. */
function entriesOf(folder: string): Dirent[] {
  try {
    return readdirSync(folder, { withFileTypes: true });
  } catch {
    return [];
  }
}

function filesOf(folder: string): StoredFile[] {
  return entriesOf(folder).flatMap(({ name }) => {
    const path = join(folder, name);
    try {
      const { size, mtimeMs } = lstatSync(path);
      return [{ path, name, bytes: Math.ceil(size / BLOCK_BYTES) * BLOCK_BYTES, writtenMs: mtimeMs }];
    } catch {
      return [];
    }
  });
}

/** The content of a plain file of at most `limitBytes`; null for anything else. Links are not followed, pipes not waited for. */
function readPlain(path: string, limitBytes: number): Uint8Array | null {
  let file: number;
  try {
    file = openSync(path, constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0));
  } catch {
    return null;
  }
  try {
    const status = fstatSync(file);
    return status.isFile() && status.size <= limitBytes ? readFileSync(file) : null;
  } catch {
    return null;
  } finally {
    closeSync(file);
  }
}

function readSegment(path: string, name: string, key: string): ReturnType<typeof decodeSegment> {
  const bytes = readPlain(path, MAXIMUM_SEGMENT_BYTES);
  return bytes === null ? null : decodeSegment(name, key, bytes);
}

/** What a key's folder says about itself, for people; believed in nothing else. */
function readAbout(path: string): Pick<CacheListing, "experiment" | "parts"> {
  const parts: Record<string, string | number> = {};
  let experiment: string | null = null;
  try {
    const about = JSON.parse(Buffer.from(readPlain(path, MAXIMUM_ABOUT_BYTES) ?? []).toString()) as Record<
      string,
      unknown
    > | null;
    for (const [name, value] of Object.entries(about ?? {}).slice(0, 20))
      if (/^[a-z]{1,20}$/i.test(name) && (typeof value === "number" || isPlainText(value))) {
        if (name === "experiment") experiment = String(value);
        else parts[name] = value;
      }
  } catch {
    // It says nothing.
  }
  return { experiment, parts };
}

const isPlainText = (value: unknown): value is string =>
  typeof value === "string" && /^[\w .:+-]{1,64}$/.test(value);

/** Writes a segment and gives the time at which the disk says it was written. */
function writeSegment(folder: string, key: string, valueCount: number, evaluations: Evaluations): number {
  const { name, bytes } = encodeSegment(key, valueCount, evaluations);
  const { bavail, bsize } = statfsSync(folder);
  if (bavail * bsize < bytes.length + RESERVE_BYTES)
    throw new Error(`the disk has less than ${RESERVE_BYTES >> 20} MB free`);
  writeWhole(folder, name, bytes);
  return lstatSync(join(folder, name)).mtimeMs;
}

/** Writes a file so that it is there as a whole or not at all. */
function writeWhole(folder: string, name: string, bytes: Uint8Array): void {
  for (let n = 0; ; n++) {
    const draft = join(folder, `.draft-${process.pid}-${n}`);
    try {
      writeFileSync(draft, bytes, { flag: "wx", mode: 0o600 });
    } catch (error) {
      const isTaken = (error as NodeJS.ErrnoException).code === "EEXIST";
      // Another thread's, or left over.
      if (isTaken && n < MAXIMUM_DRAFTS) continue;
      if (!isTaken) remove(draft);
      throw error;
    }
    try {
      renameSync(draft, join(folder, name));
      return;
    } catch (error) {
      remove(draft);
      throw error;
    }
  }
}

/** Removes a file, unless that cannot be or somebody else was faster. */
function remove(path: string): void {
  try {
    unlinkSync(path);
  } catch {
    // It stays, or it is gone.
  }
}

/** Removes a key's folder in which nothing but its description is left; gives the bytes freed. */
function removeIfEmpty(folder: string): number {
  const files = filesOf(folder);
  if (files.some(({ name }) => name !== ABOUT)) return 0;
  for (const { path } of files) remove(path);
  try {
    rmdirSync(folder);
  } catch {
    // Somebody has put something into it.
  }
  return files.reduce((sum, { bytes }) => sum + bytes, 0);
}
