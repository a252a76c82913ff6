import { closeSync, existsSync, mkdirSync, openSync, readSync, statfsSync } from "node:fs";
import { join } from "node:path";
import { open, type RootDatabase } from "lmdb";
import { Packr } from "msgpackr";
import { InputError } from "../dsl/index.ts";
import type { Counters } from "./counters.ts";
import type { RunState, StopReason } from "./search.ts";

/** What determines a run: the same configuration gives the same archive. */
export interface RunConfig {
  readonly experiment: string;
  readonly question: string;
  readonly seed: string;
  readonly budgetCandidates: number;
  /** Values of all parameters. */
  readonly parameters: Readonly<Record<string, unknown>>;
  /** Digest of the bundled code; the bundle lies beside the store. */
  readonly codeDigest: string;
  /** Digest of the compiled grammar: tokens mean the same only under the same one. */
  readonly grammarDigest: string;
}

/** One epoch's figures. */
export interface EpochMetrics {
  readonly epoch: number;
  readonly counters: Counters;
  readonly coverage: number;
  readonly qdScore: number;
  readonly bestFitness: number;
  readonly bestProgram: string;
  readonly bestSize: number;
  readonly digest: string;
  /** Seconds that the run has worked, over all its sessions; for people only. */
  readonly seconds: number;
  readonly stop: StopReason | null;
}

/** Version of what is written here; another one is refused. */
export const FORMAT_VERSION = 1;

// moreTypes keeps typed arrays what they are; without it they come back as something else.
const packr = new Packr({ moreTypes: true, structuredClone: true });
const pack = (value: unknown): Uint8Array => packr.pack(value);
const unpack = <T>(bytes: Uint8Array): T => packr.unpack(bytes) as T;

const epochKey = (kind: string, epoch: number): string => `${kind}/${String(epoch).padStart(12, "0")}`;

/** Bytes that must stay free on the disk beside what is about to be written. */
const RESERVE_BYTES = 16 << 20;

/**
 * The store of one run: an LMDB environment in the run's folder. Each finished epoch is one transaction, so a kill at
 * any moment leaves the state after some finished epoch.
 */
export class RunStore {
  readonly folder: string;
  readonly #database: RootDatabase<Uint8Array, string>;

  private constructor(folder: string, database: RootDatabase<Uint8Array, string>) {
    this.folder = folder;
    this.#database = database;
  }

  /** Whether a folder holds a run. */
  static exists(folder: string): boolean {
    return existsSync(join(folder, "store.mdb"));
  }

  /**
   * Makes the store of a new run.
   * @throws InputError if the folder cannot be written
   */
  static async create(folder: string, config: RunConfig): Promise<RunStore> {
    try {
      mkdirSync(folder, { recursive: true });
    } catch (error) {
      throw new InputError(`run folder ${folder} must be writable; ${(error as Error).message}.`);
    }
    assertSpace(folder, 0);
    const store = new RunStore(folder, openDatabase(folder, false));
    await store.#database.transaction(() => {
      void store.#database.put("format", pack(FORMAT_VERSION));
      void store.#database.put("config", pack(config));
    });
    return store;
  }

  /**
   * Opens the store of a run.
   * @throws InputError if the folder holds no run, or one of another format
   */
  static open(folder: string, options: { readonly readOnly?: boolean } = {}): RunStore {
    if (!RunStore.exists(folder))
      throw new InputError(`run must be a folder with a run in it; got ${folder}. illume ls shows the runs.`);
    if (!isEnvironment(join(folder, "store.mdb")))
      throw new InputError(
        `run folder ${folder} must hold a readable store; store.mdb is damaged or something else.`,
      );
    const store = new RunStore(folder, openDatabase(folder, options.readOnly === true));
    const bytes = store.#database.get("format");
    const version = bytes === undefined ? "none" : unpack<number>(bytes);
    if (version !== FORMAT_VERSION) {
      void store.close();
      throw new InputError(
        `run ${folder} must be of format ${FORMAT_VERSION}; got ${version}. Use the version of Illume that made it.`,
      );
    }
    return store;
  }

  get config(): RunConfig {
    return unpack(this.#database.get("config") as Uint8Array);
  }

  /** The state after the last finished epoch; null before the first. */
  get state(): RunState | null {
    const bytes = this.#database.get("state");
    return bytes === undefined ? null : unpack(bytes);
  }

  /** Figures of the last finished epoch; null before the first. */
  get latest(): EpochMetrics | null {
    const bytes = this.#database.get("latest");
    return bytes === undefined ? null : unpack(bytes);
  }

  /** Figures of every finished epoch, in order. */
  get metrics(): EpochMetrics[] {
    return [...this.#database.getRange({ start: "metrics/", end: "metrics0" })].map(({ value }) =>
      unpack<EpochMetrics>(value),
    );
  }

  /** Epochs whose islands are kept for good. */
  get snapshots(): number[] {
    return [...this.#database.getKeys({ start: "snapshot/", end: "snapshot0" })].map((key) =>
      Number(key.slice("snapshot/".length)),
    );
  }

  snapshot(epochs: number): RunState | null {
    const bytes = this.#database.get(epochKey("snapshot", epochs));
    return bytes === undefined ? null : unpack(bytes);
  }

  /**
   * Writes a finished epoch in one transaction.
   * @throws InputError before the disk is full, with the store as it was
   */
  async write(state: RunState, metrics: EpochMetrics, isSnapshot: boolean): Promise<void> {
    const bytes = pack(state);
    assertSpace(this.folder, 3 * bytes.length);
    const figures = pack(metrics);
    try {
      await this.#database.transaction(() => {
        void this.#database.put("state", bytes);
        void this.#database.put("latest", figures);
        void this.#database.put(epochKey("metrics", metrics.epoch), figures);
        if (isSnapshot) void this.#database.put(epochKey("snapshot", state.epochs), bytes);
      });
    } catch (error) {
      throw new InputError(
        `run folder ${this.folder} must be writable; ${(error as Error).message}. Everything up to epoch ${metrics.epoch - 1} is stored.`,
      );
    }
  }

  /** Waits until everything is on the disk, and closes. */
  async close(): Promise<void> {
    await this.#database.flushed;
    await this.#database.close();
  }
}

/** Whether a file begins as an LMDB environment does: both meta pages with their mark. LMDB itself dies on other files. */
function isEnvironment(path: string): boolean {
  const page = Buffer.alloc(52);
  const file = openSync(path, "r");
  try {
    for (let n = 0, pageBytes = 0; n < 2; n++) {
      if (
        readSync(file, page, 0, page.length, n * pageBytes) < page.length ||
        page.readUInt32LE(24) !== 0xbeefc0de
      )
        return false;
      pageBytes = page.readUInt32LE(48);
    }
    return true;
  } finally {
    closeSync(file);
  }
}

function openDatabase(folder: string, readOnly: boolean): RootDatabase<Uint8Array, string> {
  try {
    return open<Uint8Array, string>({
      path: join(folder, "store.mdb"),
      encoding: "binary",
      noSubdir: true,
      readOnly,
    });
  } catch (error) {
    throw new InputError(`run folder ${folder} must hold a readable store; ${(error as Error).message}.`);
  }
}

function assertSpace(folder: string, bytes: number): void {
  const { bavail, bsize } = statfsSync(folder);
  const free = bavail * bsize;
  if (free < bytes + RESERVE_BYTES)
    throw new InputError(
      `disk of ${folder} must have ${Math.ceil((bytes + RESERVE_BYTES) / 1e6)} MB free; got ${Math.floor(free / 1e6)} MB. Free some space, then: illume resume. Nothing stored is lost.`,
    );
}
