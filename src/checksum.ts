import { digestOf } from "./digest.ts";

const MARK = "illume2\n";
const CHECKSUM_CHARACTERS = 32;
const HEADER_BYTES = MARK.length + CHECKSUM_CHARACTERS + 1;

/** Bytes with a mark and a checksum before them. */
export function seal(content: Uint8Array): Uint8Array {
  const sealed = new Uint8Array(HEADER_BYTES + content.length);
  sealed.set(new TextEncoder().encode(`${MARK}${digestOf(content)}\n`));
  sealed.set(content, HEADER_BYTES);
  return sealed;
}

/** Whether bytes begin as sealed ones do: what is something else need not be digested. */
const hasMark = (bytes: Uint8Array): boolean =>
  MARK.length <= bytes.length && [...MARK].every((character, i) => bytes[i] === character.charCodeAt(0));

/** The content of sealed bytes; null if they are not what was sealed. */
export function unseal(sealed: Uint8Array): Uint8Array | null {
  if (!hasMark(sealed) || sealed.length < HEADER_BYTES) return null;
  const content = sealed.subarray(HEADER_BYTES);
  const header = new TextDecoder("latin1").decode(sealed.subarray(0, HEADER_BYTES));
  return header === `${MARK}${digestOf(content)}\n` ? content : null;
}
