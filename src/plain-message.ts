// Not "msgpackr" itself, which looks for a compiled addon whenever the program starts.
import { Packr } from "msgpackr/pack";
import { Unpackr } from "msgpackr/unpack";

/** What messages hold: numbers, texts, truth values, bytes, lists, and records of these. */
export type PlainValue =
  | null
  | boolean
  | number
  | string
  | Uint8Array
  | readonly PlainValue[]
  | { readonly [name: string]: PlainValue };

const MAXIMUM_DEPTH = 8;
/** Values in one message: each takes memory, however few its bytes. */
const MAXIMUM_VALUES = 1 << 19;

const packr = new Packr({ useRecords: false });
const unpackr = new Unpackr({ useRecords: false, mapsAsObjects: true, int64AsType: "number" });

/** Packs a value as MessagePack; −0 becomes 0, but in bytes. */
export const packMessage = (value: PlainValue): Uint8Array => packr.pack(value);

/**
 * Reads MessagePack from anybody: null for bytes that are no plain value. MessagePack as such can claim lengths that
 * are not there and name types that a reader is to construct; both are found before anything is made.
 */
export function readMessage(bytes: Uint8Array): PlainValue {
  if (!isPlain(bytes)) return null;
  return unpackr.unpack(bytes) as PlainValue;
}

/** Whether bytes are one MessagePack value without extensions, with texts as names and with nothing claimed that is not there. */
function isPlain(bytes: Uint8Array): boolean {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let at = 0;
  let values = 0;
  /** Passes over a number of bytes; false beyond the end. */
  const pass = (count: number): boolean => {
    at += count;
    return at <= bytes.length;
  };
  /** Reads an unsigned length of 1, 2 or 4 bytes; −1 beyond the end. */
  const length = (width: 1 | 2 | 4): number => {
    const from = at;
    if (!pass(width)) return -1;
    return width === 1 ? view.getUint8(from) : width === 2 ? view.getUint16(from) : view.getUint32(from);
  };
  const passLong = (count: number): boolean => count >= 0 && pass(count);
  const passText = (head: number): boolean => {
    if (head >= 0xa0 && head <= 0xbf) return pass(head & 0x1f);
    if (head === 0xd9) return passLong(length(1));
    if (head === 0xda) return passLong(length(2));
    if (head === 0xdb) return passLong(length(4));
    return false;
  };
  const passMany = (count: number, isMap: boolean, depth: number): boolean => {
    if (count < 0 || depth >= MAXIMUM_DEPTH || count > bytes.length - at) return false;
    for (let i = 0; i < count; i++) {
      if (isMap && !(at < bytes.length && passText(view.getUint8(at++)))) return false;
      if (!passValue(depth + 1)) return false;
    }
    return true;
  };
  const passValue = (depth: number): boolean => {
    if (at >= bytes.length || ++values > MAXIMUM_VALUES) return false;
    const head = view.getUint8(at++);
    if (head <= 0x7f || head >= 0xe0) return true;
    if (head <= 0x8f) return passMany(head & 0x0f, true, depth);
    if (head <= 0x9f) return passMany(head & 0x0f, false, depth);
    switch (head) {
      case 0xc0:
      case 0xc2:
      case 0xc3:
        return true;
      case 0xc4:
        return passLong(length(1));
      case 0xc5:
        return passLong(length(2));
      case 0xc6:
        return passLong(length(4));
      case 0xca:
      case 0xce:
      case 0xd2:
        return pass(4);
      case 0xcb:
      case 0xcf:
      case 0xd3:
        return pass(8);
      case 0xcc:
      case 0xd0:
        return pass(1);
      case 0xcd:
      case 0xd1:
        return pass(2);
      case 0xdc:
        return passMany(length(2), false, depth);
      case 0xdd:
        return passMany(length(4), false, depth);
      case 0xde:
        return passMany(length(2), true, depth);
      case 0xdf:
        return passMany(length(4), true, depth);
      default:
        return passText(head);
    }
  };
  return passValue(0) && at === bytes.length;
}
