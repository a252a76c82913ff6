import { InputError } from "../../dsl/index.ts";
import type { Disk } from "../../src/disk.ts";
import type { RandomStream } from "../../src/random-stream.ts";
import type { Schedule } from "./schedule.ts";
import type { Trace } from "./trace.ts";

/** What the process that was killed hears of; it is never to be seen by anybody else. */
export class Killed extends Error {
  constructor() {
    super("the simulated process was killed");
    this.name = "Killed";
  }
}

/** A file's content. The node stays the same while bytes are appended, and is another after it was replaced. */
interface SimulatedFile {
  readonly node: number;
  readonly bytes: Uint8Array;
  /** Bytes that were on the medium before it got its name. */
  readonly safeBytes: number;
}

/** What goes wrong with the disk, from an operation on. */
export interface DiskTrouble {
  readonly kind: "kill" | "full" | "unplugged" | "low" | "almost full";
  /** Number of the operation in the session. */
  readonly atOperation: number;
}

const PLENTY_BYTES = 1e12;
const LOW_BYTES = 40e6;
const ALMOST_NONE_BYTES = 10e6;
const DRAFT = ".new";

const systemError = (code: string, text: string): Error =>
  Object.assign(new Error(`${code}: ${text}`), { code });

/** A folder in memory that knows what of it is on the medium and what a loss of power would take. */
export class SimulatedDisk {
  /** What processes see. */
  #files = new Map<string, SimulatedFile>();
  /** What is sure to outlive a loss of power. */
  #medium = new Map<string, SimulatedFile>();
  #nodes = 0;
  readonly #stream: RandomStream;
  readonly #trace: Trace;

  constructor(stream: RandomStream, trace: Trace) {
    this.#stream = stream;
    this.#trace = trace;
  }

  /** Files, drafts included. */
  get names(): readonly string[] {
    return [...this.#files.keys()].sort();
  }

  /** The disk as a process sees it until it is dead. */
  connect(schedule: Schedule, trouble: DiskTrouble | null, slowestSync: number): DiskConnection {
    return new DiskConnection(this, schedule, this.#stream, this.#trace, trouble, slowestSync);
  }

  get(name: string): SimulatedFile | undefined {
    return this.#files.get(name);
  }

  put(name: string, bytes: Uint8Array): void {
    this.#files.set(name, { node: this.#nodes++, bytes, safeBytes: 0 });
  }

  extend(name: string, bytes: Uint8Array): void {
    const file = this.#files.get(name);
    if (file === undefined) this.put(name, bytes);
    else this.#files.set(name, { ...file, bytes: Buffer.concat([file.bytes, bytes]) });
  }

  rename(from: string, to: string): void {
    this.#files.set(to, this.#files.get(from) as SimulatedFile);
    this.#files.delete(from);
  }

  delete(name: string): void {
    this.#files.delete(name);
  }

  /** Puts the content of a file on the medium, its name not yet. */
  secure(name: string): void {
    const file = this.#files.get(name) as SimulatedFile;
    this.#files.set(name, { ...file, safeBytes: file.bytes.length });
  }

  /** Begins to put files and the names of all on the medium, and gives back what ends it. */
  beginSync(names: readonly string[]): () => void {
    const files = names.map((name) => [name, this.#files.get(name)] as const);
    const gone = [...this.#medium.keys()].filter((name) => !this.#files.has(name));
    return () => {
      for (const name of gone) this.#medium.delete(name);
      for (const [name, file] of files) if (file !== undefined) this.#medium.set(name, file);
    };
  }

  /** What was not synced is as before, as after, cut, or full of zeros: all files alike, or each as chance has it. */
  losePower(): void {
    const stream = this.#stream;
    const fates = stream.chance(0.5) ? [stream.below(4)] : [0, 1, 2, 3];
    const left = new Map<string, SimulatedFile>();
    for (const name of [...new Set([...this.#files.keys(), ...this.#medium.keys()])].sort()) {
      const before = this.#medium.get(name);
      const after = this.#files.get(name);
      const isSafe = before?.node === after?.node && before?.bytes.length === after?.bytes.length;
      const chosen = fates[stream.below(fates.length)] as number;
      const fate = isSafe ? 1 : after === undefined ? chosen % 2 : chosen;
      let file = fate === 0 ? before : after;
      if (after !== undefined && fate >= 2) {
        const safeBytes = before?.node === after.node ? before.bytes.length : after.safeBytes;
        const length = safeBytes + stream.below(after.bytes.length - safeBytes + 1);
        const bytes = after.bytes.slice(0, fate === 2 ? length : undefined);
        if (fate === 3) bytes.fill(0, length);
        file = { node: this.#nodes++, bytes, safeBytes: 0 };
      }
      if (!isSafe) this.#trace.add(`  ${name} is ${["as before", "as after", "cut", "zeros"][fate]}`);
      if (file !== undefined) left.set(name, file);
    }
    this.#files = left;
    this.#medium = new Map(left);
  }

  /** Damages one file on the medium. */
  harm(): { readonly name: string; readonly how: "flipped" | "cut" | "missing" } | null {
    const stream = this.#stream;
    const { names } = this;
    const name = names[stream.below(Math.max(1, names.length))];
    const file = name === undefined ? undefined : this.#files.get(name);
    if (name === undefined || file === undefined || file.bytes.length === 0) return null;
    const how = (["flipped", "cut", "missing"] as const)[stream.below(3)] as "flipped" | "cut" | "missing";
    const at = stream.below(file.bytes.length);
    const bytes = file.bytes.slice(0, how === "cut" ? at : undefined);
    if (how === "flipped") bytes[at] = (bytes[at] as number) ^ (1 << stream.below(8));
    const harmed = { node: this.#nodes++, bytes, safeBytes: 0 };
    for (const files of [this.#files, this.#medium])
      if (how === "missing") files.delete(name);
      else files.set(name, harmed);
    this.#trace.add(`${name} is ${how}${how === "missing" ? "" : ` at byte ${at} of ${file.bytes.length}`}`);
    return { name, how };
  }

  clear(): void {
    this.#files.clear();
    this.#medium.clear();
  }
}

/** What one process has of a disk. */
export class DiskConnection implements Disk {
  readonly place = "simulation";
  isDead = false;
  operations = 0;
  readonly #disk: SimulatedDisk;
  readonly #schedule: Schedule;
  readonly #stream: RandomStream;
  readonly #trace: Trace;
  readonly #trouble: DiskTrouble | null;
  readonly #slowestSync: number;

  constructor(
    disk: SimulatedDisk,
    schedule: Schedule,
    stream: RandomStream,
    trace: Trace,
    trouble: DiskTrouble | null,
    slowestSync: number,
  ) {
    this.#disk = disk;
    this.#schedule = schedule;
    this.#stream = stream;
    this.#trace = trace;
    this.#trouble = trouble;
    this.#slowestSync = slowestSync;
  }

  /** Whether something has gone wrong, and so the session may end with an InputError. */
  isTroubledBy(kind: DiskTrouble["kind"]): boolean {
    return this.#trouble?.kind === kind && this.operations >= this.#trouble.atOperation;
  }

  kill(): void {
    this.isDead = true;
  }

  /** Carries an operation out in steps; a kill in it leaves the first of them done, and a full disk refuses it. */
  #operate<T>(what: string, steps: readonly (() => T)[], refused?: () => void): T {
    if (this.isDead) throw new Killed();
    this.operations++;
    if (this.isTroubledBy("unplugged")) throw systemError("EIO", `i/o error, ${what}`);
    if (refused !== undefined && this.isTroubledBy("full")) {
      this.#trace.add(`no space: ${what}`);
      refused();
      throw systemError("ENOSPC", `no space left on device, ${what}`);
    }
    const isLast = this.isTroubledBy("kill");
    const count = isLast ? this.#stream.below(steps.length + 1) : steps.length;
    let result: T | undefined;
    for (const step of steps.slice(0, count)) result = step();
    if (!isLast) return result as T;
    this.#trace.add(`killed in ${what} after ${count} of ${steps.length} steps`);
    this.isDead = true;
    throw new Killed();
  }

  list(): string[] {
    return this.#operate("list", [() => this.#disk.names.filter((name) => !name.endsWith(DRAFT))]);
  }

  read(name: string, maximumBytes: number): Uint8Array | null {
    return this.#operate(`read ${name}`, [
      () => {
        const file = this.#disk.get(name);
        if (file !== undefined && file.bytes.length > maximumBytes) throw new InputError("too long");
        return file?.bytes.slice() ?? null;
      },
    ]);
  }

  replace(name: string, bytes: Uint8Array, isSynced = false): void {
    const own = bytes.slice();
    const draft = name + DRAFT;
    this.#operate(
      `replace ${name}`,
      [
        () => this.#disk.put(draft, own.subarray(0, this.#stream.below(own.length + 1))),
        () => this.#disk.put(draft, own),
        () => {
          if (isSynced) this.#disk.secure(draft);
          this.#disk.rename(draft, name);
        },
      ],
      () => {},
    );
  }

  append(name: string, bytes: Uint8Array): void {
    const part = this.#stream.below(bytes.length + 1);
    const begin = (): void => this.#disk.extend(name, bytes.slice(0, part));
    this.#operate(`append to ${name}`, [begin, () => this.#disk.extend(name, bytes.slice(part))], begin);
  }

  remove(name: string): void {
    this.#operate(`remove ${name}`, [() => this.#disk.delete(name)]);
  }

  async sync(names: readonly string[]): Promise<void> {
    const end = this.#operate("sync", [() => this.#disk.beginSync(names)]);
    await this.#schedule.sleep(this.#stream.below(this.#slowestSync));
    // What the kernel had begun goes on after a kill, or not.
    if (this.isTroubledBy("unplugged")) throw systemError("EIO", "i/o error, sync");
    if (!this.isDead) end();
  }

  freeBytes(): number {
    return this.#operate("statfs", [
      () =>
        this.isTroubledBy("almost full")
          ? ALMOST_NONE_BYTES
          : this.isTroubledBy("low")
            ? LOW_BYTES
            : PLENTY_BYTES,
    ]);
  }
}
