// What is measured of a column is kept in a slot of two lines of 64 bytes: eight lanes of the signature, eight of the error.
import { clearSignature } from "./signatures";

export const SLOT_BYTES: usize = 128;
export const ERROR: usize = 64;

/** Ones for what belongs to cases in the last 64 bytes of a column, zeros behind. */
export const tailMask: usize = memory.data(64, 64);
/** Offset of the last 64 bytes where they are not all cases; otherwise beyond the end. */
export let tailAt: usize = ~0;

/** Bytes of a column, as it is measured, up to the last 64 that have a case. */
export let measuredBytes: usize = 0;

/** Says how many bits of the last 64 bytes belong to cases; 512: all. */
export function setTail(columnBytes: usize, bits: i32): void {
  measuredBytes = columnBytes;
  tailAt = bits === 512 ? ~0 : columnBytes - 64;
  for (let k = 0; k < 512; k += 8) {
    const left = min(max(bits - k, 0), 8);
    store<u8>(tailMask + (k >> 3), <u8>((<u32>1 << <u32>left) - 1));
  }
}

export function clearSlot(slot: usize): void {
  clearSignature(slot);
  memory.fill(slot + ERROR, 0, 64);
}
