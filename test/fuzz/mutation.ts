import type { RandomStream } from "../../src/random-stream.ts";

// Damaged copies of good inputs, and noise.

/** Longest input that is made. */
const MAXIMUM_LENGTH = 200_000;

const pick = <T>(random: RandomStream, items: ArrayLike<T>): T => items[random.below(items.length)] as T;

/** What breaks readers: brackets, quotes, escapes, ends of lines, numbers at the edge, keys of prototypes, halves of characters. */
const nasty: readonly string[] = [
  ..."()[]{}\"'`,;:#\\|/=.-+*@%&\0\u0001\t\n\r\u007f \u2028\uFEFF\uFFFF\uD800\uDC00é€",
  "\r\n",
  '""',
  '\\"',
  "'''",
  "\\u0000",
  "\\ud800",
  "#x",
  '#"',
  "1e999",
  "-1e999",
  "1e-999",
  "-0",
  "-0.0",
  "NaN",
  "Infinity",
  "null",
  "true",
  "false",
  "undefined",
  "9007199254740993",
  "-9223372036854775809",
  "0x10",
  "1_0",
  "__proto__",
  "constructor",
  "toString",
  "hasOwnProperty",
  "let",
  "lambda",
  "(let ((a a)) a)",
  "(lambda (i) i)",
  '{"__proto__":{"a":1}}',
  "[[[[",
  "))))",
];

/** Words, numbers, quoted texts and single characters: the parts that a text is mutated by. */
const partsOf = (text: string): string[] => text.match(/"(?:[^"\\]|\\.)*"|[\p{L}\d_]+|\s+|[^]/gu) ?? [];

/** A text that is like those of a corpus but damaged, or noise. */
export function mutatedText(random: RandomStream, corpus: readonly string[]): string {
  if (random.chance(0.03)) return noise(random);
  const parts = partsOf(pick(random, corpus));
  for (let count = 1 + random.below(4); count > 0; count--) mutateParts(random, parts, corpus);
  const text = parts.join("");
  if (random.chance(0.05)) return text.slice(0, random.below(text.length + 1));
  return text.slice(0, MAXIMUM_LENGTH);
}

function mutateParts(random: RandomStream, parts: string[], corpus: readonly string[]): void {
  const at = random.below(parts.length + 1);
  const length = random.below(4);
  switch (random.below(8)) {
    case 0:
      parts.splice(at, length);
      break;
    case 1:
      parts.splice(at, 0, pick(random, nasty));
      break;
    case 2:
      parts.splice(at, 1, pick(random, nasty));
      break;
    case 3: {
      const others = partsOf(pick(random, corpus));
      const from = random.below(others.length + 1);
      parts.splice(at, length, ...others.slice(from, from + random.below(12)));
      break;
    }
    case 4:
      parts.splice(at, 0, ...parts.slice(at, at + 1 + random.below(8)));
      break;
    case 5: {
      const other = random.below(parts.length + 1);
      const moved = parts.splice(at, length);
      parts.splice(Math.min(other, parts.length), 0, ...moved);
      break;
    }
    case 6: {
      const part = parts[at] ?? "x";
      const inside = random.below(part.length + 1);
      parts.splice(at, 1, part.slice(0, inside) + pick(random, nasty) + part.slice(inside));
      break;
    }
    default: {
      // Seldom, since it is slow: the same again and again, to go deep or long.
      const times = random.chance(0.02) ? random.below(20_000) : random.below(20);
      const repeated = parts.slice(at, at + 1 + random.below(3)).join("") || pick(random, nasty);
      parts.splice(at, 0, repeated.repeat(Math.min(times, Math.floor(MAXIMUM_LENGTH / repeated.length))));
    }
  }
}

/** Random characters: of any code unit, of ASCII, or of what breaks readers. */
function noise(random: RandomStream): string {
  const kind = random.below(3);
  return Array.from({ length: random.below(60) }, () =>
    kind === 0
      ? String.fromCharCode(random.below(65_536))
      : kind === 1
        ? String.fromCharCode(random.below(128))
        : pick(random, nasty),
  ).join("");
}

/** Bytes that are like those of a corpus but damaged, or noise. */
export function mutatedBytes(random: RandomStream, corpus: readonly Uint8Array[]): Uint8Array {
  if (random.chance(0.03)) return randomBytes(random, random.below(200));
  let bytes = Uint8Array.from(pick(random, corpus));
  for (let count = 1 + random.below(4); count > 0; count--) {
    const at = random.below(bytes.length + 1);
    /** The bytes with some from `at` on replaced by others. */
    const replaced = (length: number, others: Uint8Array): Uint8Array<ArrayBuffer> =>
      Uint8Array.from(Buffer.concat([bytes.subarray(0, at), others, bytes.subarray(at + length)]));
    switch (random.below(6)) {
      case 0:
        if (at < bytes.length) bytes[at] = (bytes[at] as number) ^ (1 << random.below(8));
        break;
      case 1:
        if (at < bytes.length) bytes[at] = pick(random, [0, 1, 127, 128, 254, 255]);
        break;
      case 2:
        bytes = replaced(random.below(9), randomBytes(random, random.below(4)));
        break;
      case 3:
        bytes = replaced(0, bytes.slice(at, at + random.below(16)));
        break;
      case 4: {
        const other = pick(random, corpus);
        const from = random.below(other.length + 1);
        bytes = replaced(random.below(17), other.subarray(from, from + random.below(17)));
        break;
      }
      default:
        if (random.chance(0.2)) bytes = bytes.slice(0, at);
    }
  }
  return bytes;
}

const randomBytes = (random: RandomStream, length: number): Uint8Array =>
  Uint8Array.from({ length }, () => random.below(256));
