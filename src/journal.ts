import * as z from "zod";
import { type Counters, counterNames } from "./counters.ts";
import { digestOf } from "./digest.ts";
import { stopReasons, type StopReason } from "./search.ts";

/** One epoch's figures. */
export interface EpochMetrics {
  readonly epoch: number;
  readonly counters: Counters;
  readonly coverage: number;
  readonly qdScore: number;
  /** Of cost against fitness; null where the map has no axis of cost. */
  readonly hypervolume: number | null;
  readonly bestFitness: number;
  readonly bestProgram: string;
  readonly bestSize: number;
  /** Digest of the archive after the epoch. */
  readonly digest: string;
  /** Digest of each island's elites after the epoch. */
  readonly islandDigests: readonly string[];
  /** Digest of this and all epochs before: equal for runs that went the same way. */
  readonly rollingDigest: string;
  /** Seconds that the run has worked, over all its sessions; for people only. */
  readonly seconds: number;
  readonly stop: StopReason | null;
}

const figure = z.number().nullable();
const digest = z.string().regex(/^[0-9a-f]{1,64}$/);

const metricsSchema = z.strictObject({
  epoch: z.number().int().min(0),
  counters: z.record(z.string().max(64), z.number()),
  coverage: z.number(),
  qdScore: figure,
  // Journals from before there was one have none.
  hypervolume: figure.default(null),
  bestFitness: figure,
  bestProgram: z.string().max(1 << 20),
  bestSize: z.number(),
  digest,
  islandDigests: z.array(digest).max(1024),
  rollingDigest: digest,
  seconds: z.number(),
  stop: z.enum(stopReasons).nullable(),
});

const NEWLINE = 10;
const MAXIMUM_LINE_BYTES = 4 << 20;
/** Lines that are read: more than a journal is ever given. */
const MAXIMUM_READ_LINES = 20_000;
const CHECKSUM_CHARACTERS = 16;
const checksum = (text: string): string => digestOf(text).slice(0, CHECKSUM_CHARACTERS);

// JSON has no infinities: what is none stands for the one that such a figure can be.
const finite = (value: number): number | null => (Number.isFinite(value) ? value : null);

/** Figures as a line of the journal: a checksum and JSON. */
export function journalLine(metrics: EpochMetrics): string {
  // In one order, so that a line that is written again is the same line.
  const text = JSON.stringify({
    epoch: metrics.epoch,
    rollingDigest: metrics.rollingDigest,
    digest: metrics.digest,
    islandDigests: metrics.islandDigests,
    bestFitness: finite(metrics.bestFitness),
    bestSize: metrics.bestSize,
    bestProgram: metrics.bestProgram,
    coverage: metrics.coverage,
    qdScore: finite(metrics.qdScore),
    hypervolume: metrics.hypervolume === null ? null : finite(metrics.hypervolume),
    counters: Object.fromEntries(counterNames.map((name) => [name, metrics.counters[name]])),
    seconds: metrics.seconds,
    stop: metrics.stop,
  } satisfies Record<keyof EpochMetrics, unknown>);
  return `${checksum(text)} ${text}\n`;
}

/** Reads a line of the journal, without its end; null if it is damaged. */
export function readJournalLine(line: string): EpochMetrics | null {
  const text = line.slice(CHECKSUM_CHARACTERS + 1);
  if (line.slice(0, CHECKSUM_CHARACTERS + 1) !== `${checksum(text)} `) return null;
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return null;
  }
  const parsed = metricsSchema.safeParse(value);
  if (!parsed.success) return null;
  const { counters, qdScore, bestFitness, ...rest } = parsed.data;
  return {
    ...rest,
    counters: Object.fromEntries(counterNames.map((name) => [name, counters[name] ?? 0])) as Counters,
    qdScore: qdScore ?? Number.NEGATIVE_INFINITY,
    bestFitness: bestFitness ?? Number.NEGATIVE_INFINITY,
  };
}

/** What a journal holds. */
export interface Journal {
  /** Figures of the epochs, ascending; of one that was written twice the last. */
  readonly entries: readonly EpochMetrics[];
  /** Lines, not counting the last one if it has no end, that cannot be read. */
  readonly damagedLines: number;
  /** Whether the file ends in a whole line. */
  readonly isWhole: boolean;
  readonly lines: number;
}

/** Reads a journal from bytes of whatever origin. */
export function readJournal(bytes: Uint8Array): Journal {
  const decoder = new TextDecoder();
  const entries = new Map<number, EpochMetrics>();
  let damagedLines = 0;
  let lines = 0;
  let from = 0;
  // Line by line: many short lines would take more memory than the file.
  for (let end = bytes.indexOf(NEWLINE); end >= 0; end = bytes.indexOf(NEWLINE, from)) {
    const isRead = end - from <= MAXIMUM_LINE_BYTES && lines < MAXIMUM_READ_LINES;
    const metrics = isRead ? readJournalLine(decoder.decode(bytes.subarray(from, end))) : null;
    if (metrics === null) damagedLines++;
    else entries.set(metrics.epoch, metrics);
    lines++;
    from = end + 1;
  }
  return {
    entries: [...entries.values()].sort((a, b) => a.epoch - b.epoch),
    damagedLines,
    isWhole: from === bytes.length,
    lines,
  };
}
