import { defineLanguage, type Language } from "../language.ts";
import { primitive } from "../primitive.ts";
import { trap } from "../trap.ts";
import { bool, int, string } from "../type.ts";
import { limits } from "../value.ts";
import { decisions } from "./decisions.ts";
import { readOptions, selectRows } from "./selection.ts";

// Every row has a value for all arguments, that of SMT-LIB's theory of strings where it has the function. Positions
// and lengths count UTF-16 code units. Upper and lower case are those of ASCII letters only: toUpperCase and
// toLowerCase follow the Unicode version of the Node release, so the same run would differ between machines.
export const textRows = [
  primitive("concat", [string, string], string, (a, b) => a + b, {
    inverse: {
      order: [0, 1],
      last: (result: string, a: string) => (result.startsWith(a) ? result.slice(a.length) : undefined),
      part: (result: string, value: string) => value !== "" && result.includes(value),
    },
    javascript: "($0 + $1)",
    python: "_string($0 + $1)",
    documentation: "The first string followed by the second.",
  }),
  primitive("length", [string], int, (s) => s.length, {
    python: "len($0)",
    documentation: "Number of UTF-16 code units.",
  }),
  primitive(
    "substring",
    [string, int, int],
    string,
    (s, start, count) => (start < 0 || count <= 0 ? "" : s.slice(start, start + count)),
    {
      inverse: {
        order: [0, 1, 2],
        possible: (result: string, s: string, start?: number) =>
          start === undefined ? s.includes(result) : result === "" || s.startsWith(result, start),
      },
      python: "_substring($0, $1, $2)",
      documentation: 'Up to count characters from start; "" when start is outside or count is not positive.',
    },
  ),
  primitive("char-at", [string, int], string, (s, index) => s.charAt(index), {
    inverse: {
      order: [0, 1],
      possible: (result: string, s: string) => result.length <= 1 && s.includes(result),
    },
    python: "_char_at($0, $1)",
    documentation: 'Character at a position as a string; "" outside.',
  }),
  primitive(
    "index-of",
    [string, string, int],
    int,
    (s, part, start) => (start < 0 || start > s.length ? -1 : s.indexOf(part, start)),
    {
      python: "_index_of($0, $1, $2)",
      documentation: "First position of the second string in the first from start on; -1 when there is none.",
    },
  ),
  primitive("last-index-of", [string, string], int, (s, part) => s.lastIndexOf(part), {
    python: "_last_index_of($0, $1)",
    documentation: "Last position of the second string in the first; -1 when there is none.",
  }),
  // A function as replacement, since "$&" and its like have a meaning in a string.
  primitive("replace-first", [string, string, string], string, (s, from, to) => s.replace(from, () => to), {
    inverse: {
      order: [0, 1, 2],
      possible: (result: string, s: string, from?: string) => {
        if (from === undefined) return true;
        const at = s.indexOf(from);
        const after = s.length - at - from.length;
        return at < 0
          ? s === result
          : result.length >= at + after &&
              result.startsWith(s.slice(0, at)) &&
              result.endsWith(s.slice(at + from.length));
      },
      // Where nothing is replaced, any will do: as well the one that is nothing.
      last: (result: string, s: string, from: string) => {
        const at = s.indexOf(from);
        return at < 0 ? "" : result.slice(at, result.length - (s.length - at - from.length));
      },
    },
    python: "_replace_first($0, $1, $2)",
    documentation: 'The first occurrence of the second string replaced by the third; "" occurs at the start.',
  }),
  primitive(
    "replace-all",
    [string, string, string],
    string,
    (s, from, to) => {
      if (from === "") return s;
      const parts = s.split(from);
      const length = s.length + (parts.length - 1) * (to.length - from.length);
      return length > limits.stringLength ? trap("too-long") : parts.join(to);
    },
    {
      javascript: `((s, from, to) => {
        if (from === "") return s;
        const parts = s.split(from);
        const length = s.length + (parts.length - 1) * (to.length - from.length);
        return length > ${limits.stringLength} ? trap("too-long") : parts.join(to);
      })($0, $1, $2)`,
      python: "_replace_all($0, $1, $2)",
      documentation: 'All occurrences of the second string replaced by the third; "" occurs nowhere.',
    },
  ),
  primitive("count-of", [string, string], int, (s, part) => (part === "" ? 0 : s.split(part).length - 1), {
    python: "_count_of($0, $1)",
    documentation: 'How often the second string occurs in the first, without overlaps; "" occurs nowhere.',
  }),
  primitive("upper", [string], string, (s) => s.replace(/[a-z]+/g, (part) => part.toUpperCase()), {
    python: "_upper($0)",
    documentation: "ASCII letters in upper case; others stay.",
  }),
  primitive("lower", [string], string, (s) => s.replace(/[A-Z]+/g, (part) => part.toLowerCase()), {
    python: "_lower($0)",
    documentation: "ASCII letters in lower case; others stay.",
  }),
  // A word is a run of anything but white space, control characters and ASCII punctuation; apostrophes may be in it.
  primitive(
    "title-case",
    [string],
    string,
    (s) =>
      s.replace(
        /[0-9A-Za-z\u00aa-\u1fff\u2c00-\ufdff][0-9A-Za-z'\u2019\u00aa-\u1fff\u2c00-\ufdff]*/g,
        (word) => {
          const rest = word.slice(1).replace(/[A-Z]+/g, (part) => part.toLowerCase());
          return word.charAt(0).replace(/[a-z]/, (letter) => letter.toUpperCase()) + rest;
        },
      ),
    {
      python: "_title_case($0)",
      documentation:
        "Each word's first letter in upper case and the others in lower case, ASCII letters only.",
    },
  ),
  primitive("trim", [string], string, (s) => s.trim(), {
    python: "_trim($0)",
    documentation: "Without white space at both ends.",
  }),
  primitive("squeeze", [string], string, (s) => s.trim().replace(/\s+/g, " "), {
    python: "_squeeze($0)",
    documentation: "Without white space at both ends, and each run of it inside as one space.",
  }),
  primitive("digits", [string], string, (s) => s.replace(/[^0-9]+/g, ""), {
    python: "_digits($0)",
    documentation: "Only the digits 0 to 9 of the string.",
  }),
  primitive("reverse", [string], string, (s) => s.split("").reverse().join(""), {
    python: "$0[::-1]",
    documentation: "The code units in reverse order.",
  }),
  primitive(
    "pad-left",
    [string, int, string],
    string,
    (s, length, fill) =>
      length > limits.stringLength && length > s.length && fill !== ""
        ? trap("too-long")
        : s.padStart(length, fill),
    {
      javascript: `((s, length, fill) =>
        length > ${limits.stringLength} && length > s.length && fill !== "" ? trap("too-long") : s.padStart(length, fill)
      )($0, $1, $2)`,
      python: "_pad_left($0, $1, $2)",
      documentation: 'Filled up to a length at the left with the repeated third string; as it is for "".',
    },
  ),
  primitive(
    "pad-right",
    [string, int, string],
    string,
    (s, length, fill) =>
      length > limits.stringLength && length > s.length && fill !== ""
        ? trap("too-long")
        : s.padEnd(length, fill),
    {
      javascript: `((s, length, fill) =>
        length > ${limits.stringLength} && length > s.length && fill !== "" ? trap("too-long") : s.padEnd(length, fill)
      )($0, $1, $2)`,
      python: "_pad_right($0, $1, $2)",
      documentation: 'Filled up to a length at the right with the repeated third string; as it is for "".',
    },
  ),
  primitive(
    "split-part",
    [string, string, int],
    string,
    (s, separator, index) => (separator === "" ? [s] : s.split(separator)).at(index) ?? "",
    {
      python: "_split_part($0, $1, $2)",
      documentation:
        'Part of the first string between separators, from 0, negative from the end; "" outside. "" separates nothing.',
    },
  ),
  primitive("starts-with", [string, string], bool, (s, part) => s.startsWith(part), {
    python: "_starts_with($0, $1)",
    documentation: "Whether the first string begins with the second.",
  }),
  primitive("ends-with", [string, string], bool, (s, part) => s.endsWith(part), {
    python: "_ends_with($0, $1)",
    documentation: "Whether the first string ends with the second.",
  }),
  primitive("contains", [string, string], bool, (s, part) => s.includes(part), {
    python: "_contains($0, $1)",
    documentation: "Whether the second string occurs in the first.",
  }),
  primitive("string-to-int", [string], int, (s) => (/^[0-9]+$/.test(s) ? Number(s) : -1), {
    python: "_string_to_int($0)",
    documentation: "The number that a string of digits writes; -1 for any other string.",
  }),
  primitive("int-to-string", [int], string, (n) => (n < 0 ? "" : String(n)), {
    python: "_int_to_string($0)",
    documentation: 'The digits of an int; "" for a negative one.',
  }),
  primitive("+", [int, int], int, (a, b) => a + b, {
    inverse: { order: [0, 1], last: (result: number, a: number) => result - a },
    commutative: true,
    javascript: "($0 + $1)",
    python: "_int($0 + $1)",
    documentation: "Sum of two ints.",
  }),
  primitive("-", [int, int], int, (a, b) => a - b, {
    inverse: { order: [0, 1], last: (result: number, a: number) => a - result },
    javascript: "($0 - $1)",
    python: "_int($0 - $1)",
    documentation: "Difference of two ints.",
  }),
  ...decisions,
] as const;

/** Name of a row of the text language. */
export type TextOperation = (typeof textRows)[number]["name"];

export interface TextOptions {
  /** Strings that programs may name; the empty string and a space unless told. */
  readonly literals?: readonly string[];
  /** Ints that programs may name; 0, 1, 2, 3 and −1 unless told. */
  readonly ints?: readonly number[];
  /** Rows that programs may use; all unless told. */
  readonly operations?: readonly TextOperation[];
}

/**
 * The language of strings, ints and booleans.
 * @throws InputError for names that are not rows and for numbers that are not ints
 */
export function text(options: TextOptions = {}): Language {
  readOptions("text", options, ["literals", "ints", "operations"]);
  return defineLanguage({
    name: "text",
    primitives:
      options.operations === undefined ? textRows : selectRows("text", textRows, options.operations),
    types: [string, int, bool],
    literals: [
      ...(options.literals ?? ["", " "]).map((value) => ({ type: string, value })),
      ...(options.ints ?? [0, 1, 2, 3, -1]).map((value) => ({ type: int, value })),
    ],
  });
}
