import { createHash } from "node:crypto";
import type { Archive } from "./archive/archive.ts";
import { type PackedElites, packElites } from "./packed-elites.ts";

/** Digest of any bytes or text: the first 128 bits of SHA-256, in hexadecimal. */
export const digestOf = (...parts: readonly (string | Uint8Array)[]): string => {
  const hash = createHash("sha256");
  for (const part of parts) hash.update(part);
  return hash.digest("hex").slice(0, 32);
};

/** The first place where two lists of digests differ, or −1. */
export const firstDifferent = (a: readonly string[], b: readonly string[]): number =>
  b.findIndex((digest, i) => digest !== a[i]);

/** Digest of an archive: of every cell's elite with fitness, descriptor, program, constants and birth, to the last bit. */
export function archiveDigest(archive: Archive): string {
  return elitesDigest(packElites(archive, archive.filledCells), archive.space.cellCount);
}

/** Digest of the packed elites of a whole archive: the archive's own. */
export function elitesDigest(packed: PackedElites, cellCount: number): string {
  const hash = createHash("sha256");
  hash.update(`illume archive 1 ${cellCount} ${packed.cells.length}`);
  for (const values of Object.values(packed) as (Int32Array | Float64Array)[])
    hash.update(new Uint8Array(values.buffer, values.byteOffset, values.byteLength));
  return hash.digest("hex").slice(0, 32);
}
