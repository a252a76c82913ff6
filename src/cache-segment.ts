import { createHash } from "node:crypto";
import type { Evaluations } from "./evaluation-list.ts";

/**
 * A segment: evaluations of one key as bytes, never changed once written. A header of 64 bytes, then the signatures,
 * then the values, in the byte order of the machine (which the key names). Its name is its checksum, so two
 * processes that write the same content write the same file.
 */

/** "ILLUMEEV", then version, values of an entry, entries, 0; 16 bytes of key; 16 bytes of checksum; 8 bytes of 0. */
const MAGIC = "ILLUMEEV";
const VERSION = 1;
const HEADER_BYTES = 64;
const CHECKSUM_AT = 40;
const CHECKSUM_BYTES = 16;

/** Most that one key may hold, and so one segment. */
const KEY_BYTES = 64 << 20;
const KEY_ENTRIES = 1 << 20;
const MAXIMUM_VALUES = 1024;

const entryBytes = (valueCount: number): number => 16 + 8 * valueCount;

/** Entries that one key may hold. */
export const keyEntries = (valueCount: number): number =>
  Math.min(KEY_ENTRIES, Math.floor(KEY_BYTES / entryBytes(valueCount)));

/** Largest file that is read at all. */
export const MAXIMUM_SEGMENT_BYTES = HEADER_BYTES + KEY_BYTES;

export const segmentName = /^[0-9a-f]{32}\.seg$/;

function checksumOf(bytes: Uint8Array): Buffer {
  return createHash("sha256")
    .update(bytes.subarray(0, CHECKSUM_AT))
    .update(bytes.subarray(CHECKSUM_AT + CHECKSUM_BYTES))
    .digest()
    .subarray(0, CHECKSUM_BYTES);
}

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
  const bytes = Buffer.alloc(HEADER_BYTES + signatures.byteLength + values.byteLength);
  bytes.write(MAGIC, "latin1");
  bytes.set(
    new Uint8Array(Uint32Array.of(VERSION, valueCount, signatures.length / 4, 0).buffer),
    MAGIC.length,
  );
  bytes.write(key, 24, "hex");
  bytes.set(new Uint8Array(signatures.buffer, signatures.byteOffset, signatures.byteLength), HEADER_BYTES);
  bytes.set(
    new Uint8Array(values.buffer, values.byteOffset, values.byteLength),
    HEADER_BYTES + signatures.byteLength,
  );
  const checksum = checksumOf(bytes);
  bytes.set(checksum, CHECKSUM_AT);
  return { name: `${checksum.toString("hex")}.seg`, bytes };
}

/** What a segment holds; null unless every byte is as it was written, under this name and for this key. */
export function decodeSegment(
  name: string,
  key: string,
  bytes: Uint8Array,
): (Evaluations & { readonly valueCount: number }) | null {
  if (bytes.length < HEADER_BYTES) return null;
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (text.toString("latin1", 0, MAGIC.length) !== MAGIC) return null;
  const [version, valueCount = 0, count = 0] = new Uint32Array(
    new Uint8Array(bytes.subarray(MAGIC.length, 24)).buffer,
  );
  if (version !== VERSION || valueCount < 1 || valueCount > MAXIMUM_VALUES) return null;
  if (count > keyEntries(valueCount)) return null;
  if (bytes.length !== HEADER_BYTES + count * entryBytes(valueCount)) return null;
  if (text.toString("hex", 24, CHECKSUM_AT) !== key) return null;
  const checksum = checksumOf(bytes);
  if (!checksum.equals(text.subarray(CHECKSUM_AT, CHECKSUM_AT + CHECKSUM_BYTES))) return null;
  if (`${checksum.toString("hex")}.seg` !== name) return null;
  const body = new Uint8Array(bytes.subarray(HEADER_BYTES)).buffer;
  return {
    valueCount,
    signatures: new Int32Array(body, 0, 4 * count),
    values: new Float64Array(body, 16 * count, valueCount * count),
  };
}
