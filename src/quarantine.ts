import type { Program } from "../dsl/index.ts";

/** What a person's own code did on a program. In the order of their numbers in the flat buffers. */
export const quarantineReasons = ["timedOut", "crashed", "threw", "notANumber"] as const;
export type QuarantineReason = (typeof quarantineReasons)[number];

/** Entries of each reason that an island lists: the first ones. */
const MAXIMUM_OF_REASON = 32;

/** Entries that an island lists at most. */
export const MAXIMUM_QUARANTINE = MAXIMUM_OF_REASON * quarantineReasons.length;

/** The programs on which the code of a task's author failed, as flat buffers, in the order of being listed. */
export interface QuarantineState {
  /** Entry × (epoch, candidate, reason). */
  readonly entries: Int32Array;
  /** Entry × 4 words: the signature of what the program does on the probe set. */
  readonly signatures: Int32Array;
  /** Entry → end of its tokens. */
  readonly tokenEnds: Int32Array;
  readonly tokens: Int32Array;
  readonly constantEnds: Int32Array;
  readonly constants: Float64Array;
}

/** One listed program. */
export interface QuarantineEntry {
  readonly epoch: number;
  readonly candidate: number;
  readonly reason: QuarantineReason;
  readonly program: Program;
}

/** A list without entries, with buffers of its own. */
export const emptyQuarantine = (): QuarantineState => pack([]);

/** The entries of a list. */
export const quarantineEntries = (state: QuarantineState): QuarantineEntry[] => unpack(state);

interface SignedEntry extends QuarantineEntry {
  readonly signature: Int32Array;
}

function unpack(state: QuarantineState): SignedEntry[] {
  const part = <T extends Int32Array | Float64Array>(values: T, ends: Int32Array, n: number): T =>
    values.slice(n === 0 ? 0 : ends[n - 1], ends[n]) as T;
  return Array.from({ length: state.tokenEnds.length }, (_, n) => ({
    epoch: state.entries[3 * n] as number,
    candidate: state.entries[3 * n + 1] as number,
    reason: quarantineReasons[state.entries[3 * n + 2] as number] as QuarantineReason,
    signature: state.signatures.slice(4 * n, 4 * n + 4),
    program: {
      tokens: part(state.tokens, state.tokenEnds, n),
      constants: part(state.constants, state.constantEnds, n),
    },
  }));
}

function pack(list: readonly SignedEntry[]): QuarantineState {
  let tokens = 0;
  let constants = 0;
  return {
    entries: Int32Array.from(
      list.flatMap((e) => [e.epoch, e.candidate, quarantineReasons.indexOf(e.reason)]),
    ),
    signatures: Int32Array.from(list.flatMap((e) => [...e.signature])),
    tokenEnds: Int32Array.from(list, (e) => (tokens += e.program.tokens.length)),
    tokens: Int32Array.from(list.flatMap((e) => [...e.program.tokens])),
    constantEnds: Int32Array.from(list, (e) => (constants += e.program.constants.length)),
    constants: Float64Array.from(list.flatMap((e) => [...e.program.constants])),
  };
}

/**
 * The quarantine of an island during an epoch. A behaviour is listed once, at its first failure: an exact cache cannot
 * know it by then, so the list is the same with and without the cache and for any resumption.
 */
export class Quarantine {
  readonly #list: SignedEntry[];
  readonly #epoch: number;
  readonly #counts = new Int32Array(quarantineReasons.length);
  /** Whether any behaviour is barred from being evaluated again. */
  bars = false;

  constructor(state: QuarantineState, epoch: number) {
    this.#list = [];
    this.#epoch = epoch;
    for (const entry of unpack(state)) this.#push(entry);
  }

  #push(entry: SignedEntry): void {
    this.#list.push(entry);
    const reason = quarantineReasons.indexOf(entry.reason);
    this.#counts[reason] = (this.#counts[reason] as number) + 1;
    if (isFatal(entry.reason)) this.bars = true;
  }

  /** Whether no more is listed of a reason. */
  isFull(reason: QuarantineReason): boolean {
    return this.#counts[quarantineReasons.indexOf(reason)] === MAXIMUM_OF_REASON;
  }

  /** Whether the author's code is known to hang or to kill its worker on a behaviour. */
  isBarred(signature: Int32Array): boolean {
    return this.#list.some((e) => isFatal(e.reason) && isSame(e.signature, signature));
  }

  /** Lists a program unless its behaviour is listed already or the list is full. */
  add(candidate: number, reason: QuarantineReason, signature: Int32Array, program: Program): void {
    if (this.isFull(reason) || this.#list.some((e) => isSame(e.signature, signature))) return;
    this.#push({
      epoch: this.#epoch,
      candidate,
      reason,
      signature: signature.slice(),
      program: { tokens: program.tokens.slice(), constants: program.constants.slice() },
    });
  }

  /** The list as flat buffers of its own. */
  release(): QuarantineState {
    return pack(this.#list);
  }
}

const isFatal = (reason: QuarantineReason): boolean => reason === "timedOut" || reason === "crashed";

const isSame = (a: Int32Array, b: Int32Array): boolean =>
  a[0] === b[0] && a[1] === b[1] && a[2] === b[2] && a[3] === b[3];
