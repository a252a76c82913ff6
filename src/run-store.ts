import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { InputError } from "../dsl/index.ts";
import type { Disk } from "./disk.ts";
import { type EpochMetrics, journalLine, readJournal } from "./journal.ts";
import { completeParameters } from "./parameters.ts";
import { configText, FORMAT_VERSION, readConfig, type RunConfig } from "./run-config.ts";
import type { RunState } from "./search.ts";
import { readStoredState, sealedState, type StoredState } from "./stored-state.ts";
import { strideOf } from "./thinning.ts";
import { counted } from "./counted.ts";

const CONFIG = "run.json";
const JOURNAL = "journal.log";
/** The store of format 1. */
const OLD_STORE = "store.mdb";

/** Bytes that must stay free on the disk beside what is about to be written. */
const RESERVE_BYTES = 16 << 20;
/** Free space, beside four more states, below which a run ends of itself. */
const LOW_BYTES = 48 << 20;

const MAXIMUM_CONFIG_BYTES = 16 << 20;
const MAXIMUM_JOURNAL_BYTES = 1 << 28;
const MAXIMUM_STATE_BYTES = 2 ** 31;
/** States, and bytes of them, that are tried, the last ones first; where so many are damaged, the rest are not worth the time. */
const MAXIMUM_TRIED_STATES = 64;
const MAXIMUM_TRIED_BYTES = MAXIMUM_STATE_BYTES;

/** States beside the snapshots that are kept: if the last one is damaged, there is one before it. */
const RECENT_STATES = 2;
/** Epochs that may be stored and not yet be safe from a loss of power. */
const MAXIMUM_UNSYNCED = 8;
/** Lines of the journal that are kept whatever their epoch, and others, evenly spread. */
const RECENT_LINES = 1000;
const SPREAD_LINES = 2000;
const MAXIMUM_LINES = 6000;

const stateName = (epochs: number): string => `state-${String(epochs).padStart(12, "0")}.bin`;
const epochsOfName = (name: string): number | null => {
  const digits = /^state-(\d{12})\.bin$/.exec(name)?.[1];
  return digits === undefined ? null : Number(digits);
};

const encoder = new TextEncoder();
const decoder = new TextDecoder();

/**
 * The store of one run: run.json with its configuration, journal.log with a line for each finished epoch, and a file
 * for each state that is kept: the last two and snapshots, evenly spread and bounded in number. Every file carries a
 * checksum; states are replaced as a whole. So a kill at any moment leaves the state after some finished epoch, and
 * what is damaged is found: the state before it is used, and the journal says what must come out of going on from it.
 */
export class RunStore {
  readonly config: RunConfig;
  /** What was found to be damaged, in words. */
  readonly damage: string[] = [];
  readonly #disk: Disk;
  readonly #isHeld: () => boolean;
  readonly #unitEpochs: number;
  readonly #snapshotLimit: number;
  readonly #stored: StoredState | null;
  /** Epoch → figures, ascending. */
  #journal: EpochMetrics[];
  #journalLines: number;
  #latest: StoredState | null;
  /** Epochs of the states there are, ascending. */
  #states: number[];
  /** Bytes of states that were read. */
  #readBytes = 0;
  /** Epochs up to which this session knows all to be safe from a loss of power. */
  #safeEpochs = 0;
  #syncing: Promise<void> | null = null;
  /** What kept the store from being made safe. */
  #syncFailure: unknown = null;

  private constructor(disk: Disk, isWritable: boolean, isHeld: () => boolean) {
    this.#disk = disk;
    this.#isHeld = isHeld;
    const config = this.#readConfig();
    this.#states = statesOn(disk);
    let stored: StoredState | null = null;
    let tried = 0;
    for (let at = this.#states.length - 1; at >= 0 && tried < MAXIMUM_TRIED_STATES; at--, tried++) {
      if (this.#readBytes > MAXIMUM_TRIED_BYTES) break;
      const epochs = this.#states[at] as number;
      stored = this.#readState(epochs);
      if (stored !== null) break;
      const now = statesOn(disk);
      if (now.includes(epochs)) this.damage.push(`${stateName(epochs)} is damaged`);
      else {
        // Who reads a run that goes on may find a state replaced by later ones.
        this.#states = now;
        at = now.length;
      }
    }
    this.config = config ?? stored?.config ?? this.#fail();
    this.#stored = stored;
    this.#latest = stored;
    const { snapshotEpochs, snapshotLimit } = completeParameters(this.config.parameters);
    this.#unitEpochs = snapshotEpochs;
    this.#snapshotLimit = snapshotLimit;

    const bytes = disk.read(JOURNAL, MAXIMUM_JOURNAL_BYTES);
    const journal = readJournal(bytes ?? new Uint8Array(0));
    this.#journal = [...journal.entries];
    this.#journalLines = journal.lines;
    if (journal.damagedLines > 0)
      this.damage.push(`${JOURNAL} has ${journal.damagedLines} damaged lines, which are left out`);
    // The state is written first: a kill between the two leaves a line to be written.
    const last = stored?.metrics ?? null;
    const before = this.#journal.at(-1)?.epoch ?? (this.config.origin?.epochs ?? 0) - 1;
    const isBehind = last !== null && before < last.epoch;
    if (isBehind) {
      this.#journal.push(last);
      const lost = last.epoch - before - 1;
      if (lost > 0) this.damage.push(`${JOURNAL} has lost the lines of ${counted(lost, "epoch")}`);
    }
    const isRecomputed = (this.#journal.at(-1)?.epoch ?? -1) + 1 > (stored?.state.epochs ?? 0);
    if (isRecomputed)
      this.damage.push(
        `${stored === null ? "no state can be read" : `the last state that can be read is that after ${counted(stored.state.epochs, "epoch")}`}; the epochs after it are computed again when the run goes on, and compared with the journal`,
      );
    if (!isWritable) return;
    if (config === null) disk.replace(CONFIG, encoder.encode(configText(this.config)), true);
    if (isBehind || !journal.isWhole || journal.damagedLines > 0) this.#rewriteJournal();
  }

  /** Whether a folder holds a run. */
  static exists(folder: string): boolean {
    if ([CONFIG, JOURNAL, OLD_STORE].some((name) => existsSync(join(folder, name)))) return true;
    try {
      return readdirSync(folder).some((name) => epochsOfName(name) !== null);
    } catch {
      return false;
    }
  }

  /**
   * Makes the store of a new run.
   * @param start the state that a fork begins with
   * @throws InputError if the disk is full or cannot be written
   */
  static async create(disk: Disk, config: RunConfig, start?: RunState): Promise<void> {
    const consequence = "Nothing is lost.";
    guarded(disk, consequence, () => {
      assertSpace(disk, 0);
      if (start !== undefined) disk.replace(stateName(start.epochs), sealedState(start, null, config));
      disk.replace(CONFIG, encoder.encode(configText(config)));
    });
    try {
      await disk.sync([...(start === undefined ? [] : [stateName(start.epochs)]), CONFIG]);
    } catch (error) {
      throw inputErrorOf(disk, consequence, error);
    }
  }

  /**
   * Opens the store of a run. One that is opened for writing must belong to this process alone.
   * @param options.isHeld asked before anything is written: whether the run still belongs to this process
   * @throws InputError if there is no run, one of another format, or nothing of it that can be read
   */
  static open(
    disk: Disk,
    options: { readonly readOnly?: boolean; readonly isHeld?: () => boolean } = {},
  ): RunStore {
    try {
      return new RunStore(disk, options.readOnly !== true, options.isHeld ?? (() => true));
    } catch (error) {
      // A RangeError is of files that claim more than memory holds.
      const isOutside = (error as NodeJS.ErrnoException).code !== undefined || error instanceof RangeError;
      if (error instanceof InputError || !isOutside) throw error;
      throw new InputError(
        `run folder ${disk.place} must hold a readable store; ${(error as Error).message}.`,
      );
    }
  }

  #readConfig(): RunConfig | null {
    const { place } = this.#disk;
    const bytes = this.#disk.read(CONFIG, MAXIMUM_CONFIG_BYTES);
    if (bytes === null && this.#disk.list().includes(OLD_STORE))
      throw new InputError(
        `run ${place} must be of format ${FORMAT_VERSION}; got 1. Use the version of Illume that made it, or run the experiment again.`,
      );
    const config = bytes === null ? null : readConfig(decoder.decode(bytes));
    if (config === null)
      this.damage.push(`${CONFIG} is ${bytes === null ? "missing" : "damaged"}; the last state has a copy`);
    else if ("format" in config)
      throw new InputError(
        `run ${place} must be of format ${FORMAT_VERSION}; got ${config.format}. Use the version of Illume that made it.`,
      );
    return config;
  }

  #fail(): never {
    const { place } = this.#disk;
    throw new InputError(
      `run folder ${place} must hold a readable store; ${CONFIG} is damaged or something else, and there is no state that can be read. Run the experiment again: the same seed gives the same result.`,
    );
  }

  #readState(epochs: number): StoredState | null {
    const sealed = this.#disk.read(stateName(epochs), MAXIMUM_STATE_BYTES);
    this.#readBytes += sealed?.length ?? 0;
    return sealed === null ? null : readStoredState(sealed, epochs);
  }

  /** The last state that can be read; null before the first epoch. */
  get state(): RunState | null {
    return this.#latest?.state ?? null;
  }

  /** Figures of the last finished epoch; null before the first. */
  get latest(): EpochMetrics | null {
    return this.#journal.at(-1) ?? null;
  }

  /** Figures of the epoch that `state` is of: an earlier one than the last where a state was damaged; null where it is of none. */
  get stateMetrics(): EpochMetrics | null {
    return this.#latest?.metrics ?? null;
  }

  /** Figures of finished epochs, in order: of the last thousand, and of older ones evenly spread. */
  get metrics(): readonly EpochMetrics[] {
    return this.#journal;
  }

  /** After how many epochs there are states to go back to, ascending. */
  get snapshots(): readonly number[] {
    return this.#states;
  }

  /** The state after a number of epochs; null where it is not kept, or damaged. */
  snapshot(epochs: number): RunState | null {
    if (!this.#states.includes(epochs)) return null;
    const stored = guarded(this.#disk, "Nothing is lost.", () => this.#readState(epochs));
    // A run that goes on may have thinned it out meanwhile.
    if (stored === null && statesOn(this.#disk).includes(epochs))
      this.damage.push(`${stateName(epochs)} is damaged`);
    return stored?.state ?? null;
  }

  /** Whether the disk is so nearly full that the run should end while it can do so in order. */
  get isDiskLow(): boolean {
    const free = guarded(this.#disk, this.#consequence(this.#latest?.state.epochs ?? 0), () =>
      this.#disk.freeBytes(),
    );
    return free < LOW_BYTES + 4 * this.#stateBytes;
  }

  #stateBytes = 0;

  #consequence = (epochs: number): string => `Everything up to epoch ${epochs} is stored.`;

  /**
   * Writes a finished epoch. When it resolves, no kill of the process can lose it; a loss of power can lose the last
   * eight at most.
   * @throws InputError before the disk is full, with the store as it was
   */
  async write(state: RunState, metrics: EpochMetrics): Promise<void> {
    const { place } = this.#disk;
    const consequence = this.#consequence(metrics.epoch);
    if (!this.#isHeld())
      throw new InputError(
        `run ${place} must be carried on by one process; another one has taken it. ${consequence}`,
      );
    this.#assertSynced();
    // What a session before this one wrote counts as well.
    const written = this.#latest?.state.epochs ?? 0;
    while (this.#safeEpochs < written && state.epochs - this.#safeEpochs > MAXIMUM_UNSYNCED) {
      await (this.#syncing ?? this.#sync(written));
      this.#assertSynced();
    }
    const bytes = sealedState(state, metrics, this.config);
    this.#stateBytes = bytes.length;
    guarded(this.#disk, consequence, () => {
      assertSpace(this.#disk, 2 * bytes.length);
      this.#disk.replace(stateName(state.epochs), bytes);
      if (this.#states.at(-1) !== state.epochs)
        this.#states = [...new Set([...this.#states, state.epochs])].sort((a, b) => a - b);
      this.#latest = { state, metrics, config: this.config };
      // Epochs that are computed again after damage have their line already, unless that was damaged, too.
      const last = this.#journal.at(-1)?.epoch ?? -1;
      if (metrics.epoch <= last - RECENT_LINES) return;
      const at = this.#journal.findLastIndex(({ epoch }) => epoch <= metrics.epoch);
      if (this.#journal[at]?.epoch === metrics.epoch) return;
      this.#journal.splice(at + 1, 0, metrics);
      if (++this.#journalLines > MAXIMUM_LINES || metrics.epoch < last) this.#rewriteJournal();
      else this.#disk.append(JOURNAL, encoder.encode(journalLine(metrics)));
    });
    this.#syncing ??= this.#sync(state.epochs);
  }

  /** Makes what is written safe from a loss of power, then removes the states that it makes superfluous. */
  async #sync(epochs: number): Promise<void> {
    try {
      await this.#disk.sync([stateName(epochs), JOURNAL]);
      this.#safeEpochs = epochs;
      const stride = strideOf(epochs, this.#unitEpochs, this.#snapshotLimit);
      const recent = new Set(this.#states.filter((e) => e <= epochs).slice(-RECENT_STATES));
      const isKept = (e: number): boolean =>
        e > epochs || recent.has(e) || e % stride === 0 || e === this.config.origin?.epochs;
      const kept = this.#states.filter(isKept);
      if (this.#isHeld())
        for (const e of this.#states) if (!kept.includes(e)) this.#disk.remove(stateName(e));
      this.#states = kept;
    } catch (error) {
      // Nobody may be waiting; who writes or closes next is told.
      this.#syncFailure = error;
    }
    this.#syncing = null;
  }

  #assertSynced(): void {
    if (this.#syncFailure === null) return;
    throw inputErrorOf(this.#disk, this.#consequence(this.#safeEpochs), this.#syncFailure);
  }

  /** Leaves out lines of long ago, but for those that are evenly spread or beside a snapshot. */
  #rewriteJournal(): void {
    const last = this.#journal.at(-1)?.epoch ?? 0;
    const stride = strideOf(last, 1, SPREAD_LINES);
    const beside = new Set(this.#states.flatMap((epochs) => [epochs - 1, epochs]));
    this.#journal = this.#journal.filter(
      ({ epoch }) => epoch > last - RECENT_LINES || (epoch + 1) % stride === 0 || beside.has(epoch),
    );
    this.#journalLines = this.#journal.length;
    this.#disk.replace(JOURNAL, encoder.encode(this.#journal.map(journalLine).join("")), true);
  }

  /** Waits until everything is on the disk. */
  async close(): Promise<void> {
    await this.#syncing;
    if (this.#latest !== null && this.#latest !== this.#stored) await this.#sync(this.#latest.state.epochs);
    this.#assertSynced();
  }
}

/** After how many epochs there are states, ascending. */
const statesOn = (disk: Disk): number[] =>
  disk
    .list()
    .map(epochsOfName)
    .filter((epochs) => epochs !== null)
    .sort((a, b) => a - b);

/** Does what reads or writes; what the system refuses becomes an InputError. */
function guarded<T>(disk: Disk, consequence: string, action: () => T): T {
  try {
    return action();
  } catch (error) {
    throw inputErrorOf(disk, consequence, error);
  }
}

/** What the system refuses as an InputError; other errors as they are. */
function inputErrorOf(disk: Disk, consequence: string, error: unknown): unknown {
  if ((error as NodeJS.ErrnoException).code === undefined) return error;
  return new InputError(
    `run folder ${disk.place} must be writable; ${(error as Error).message}. ${consequence}`,
  );
}

function assertSpace(disk: Disk, bytes: number): void {
  const free = disk.freeBytes();
  if (free < bytes + RESERVE_BYTES)
    throw new InputError(
      `disk of ${disk.place} must have ${Math.ceil((bytes + RESERVE_BYTES) / 1e6)} MB free; got ${Math.floor(free / 1e6)} MB. Free some space, then: illume resume. Nothing stored is lost.`,
    );
}
