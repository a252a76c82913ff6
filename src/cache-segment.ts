import { seal, unseal } from "./checksum.ts";
import { digestOf } from "./digest.ts";
import type { Evaluations } from "./evaluation-list.ts";

/**
 * A segment: evaluations of one key as sealed bytes, never changed once written: version, values of an entry,
 * entries, 0; 16 bytes of key; then the signatures, then the values, in the byte order of the machine (which the key
 * names). Its name is the digest of that, so two processes that write the same content write the same file.
 */
const VERSION = 1;
const KEY_AT = 16;
const HEADER_BYTES = 32;

/** Most that one key may hold, and so one segment. */
const KEY_BYTES = 64 << 20;
const KEY_ENTRIES = 1 << 20;
const MAXIMUM_VALUES = 1024;

const entryBytes = (valueCount: number): number => 16 + 8 * valueCount;

/** Entries that one key may hold. */
export const keyEntries = (valueCount: number): number =>
  Math.min(KEY_ENTRIES, Math.floor(KEY_BYTES / entryBytes(valueCount)));

/** Largest file that is read at all. */
export const MAXIMUM_SEGMENT_BYTES = 1024 + KEY_BYTES;

export const segmentName = /^[0-9a-f]{32}\.seg$/;

const nameOf = (content: Uint8Array): string => `${digestOf(content)}.seg`;

/**
 * @param key digest of the key, 32 hexadecimal digits
 * @param evaluations at most `keyEntries` entries
 */
export function encodeSegment(
  key: string,
  valueCount: number,
  evaluations: Evaluations,
): { readonly name: string; readonly bytes: Uint8Array } {
  const { signatures, values } = evaluations;
  const content = Buffer.concat([
    new Uint8Array(Uint32Array.of(VERSION, valueCount, signatures.length / 4, 0).buffer),
    Buffer.from(key, "hex"),
    new Uint8Array(signatures.buffer, signatures.byteOffset, signatures.byteLength),
    new Uint8Array(values.buffer, values.byteOffset, values.byteLength),
  ]);
  return { name: nameOf(content), bytes: seal(content) };
}

/** What a segment holds; null unless every byte is as it was written, under this name and for this key. */
export function decodeSegment(
  name: string,
  key: string,
  bytes: Uint8Array,
): (Evaluations & { readonly valueCount: number }) | null {
  const content = unseal(bytes);
  if (content === null || content.length < HEADER_BYTES || nameOf(content) !== name) return null;
  const [version, valueCount = 0, count = 0] = new Uint32Array(
    new Uint8Array(content.subarray(0, KEY_AT)).buffer,
  );
  if (version !== VERSION || valueCount < 1 || valueCount > MAXIMUM_VALUES) return null;
  if (count > keyEntries(valueCount)) return null;
  if (content.length !== HEADER_BYTES + count * entryBytes(valueCount)) return null;
  if (Buffer.from(content.subarray(KEY_AT, HEADER_BYTES)).toString("hex") !== key) return null;
  const body = new Uint8Array(content.subarray(HEADER_BYTES)).buffer;
  return {
    valueCount,
    signatures: new Int32Array(body, 0, 4 * count),
    values: new Float64Array(body, 16 * count, valueCount * count),
  };
}
