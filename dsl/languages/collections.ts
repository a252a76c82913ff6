import { defineLanguage, type Language, type Literal } from "../language.ts";
import { type Primitive, primitive } from "../primitive.ts";
import { trap } from "../trap.ts";
import { bool, int, list, string, type Type, variable } from "../type.ts";
import { limits } from "../value.ts";
import { functionRows } from "./list-functions.ts";
import { listRows } from "./lists.ts";
import { nestingRows } from "./nesting.ts";
import { readOptions, selectRows } from "./selection.ts";
import { type TextOperation, textRows } from "./text.ts";

const a = variable("a");
const listOfA = list(a);

const moreRows = [
  primitive(
    "index-of",
    [a, listOfA],
    int,
    (x, xs) => {
      const same = (p: unknown, q: unknown): boolean =>
        p === q ||
        (p !== p && q !== q) ||
        (Array.isArray(p) && Array.isArray(q) && p.length === q.length && p.every((v, i) => same(v, q[i])));
      return xs.findIndex((y) => same(x, y));
    },
    { documentation: "First position of a value in the list; -1 where it is not in it." },
  ),
  primitive(
    "count-of",
    [a, listOfA],
    int,
    (x, xs) => {
      const same = (p: unknown, q: unknown): boolean =>
        p === q ||
        (p !== p && q !== q) ||
        (Array.isArray(p) && Array.isArray(q) && p.length === q.length && p.every((v, i) => same(v, q[i])));
      return xs.filter((y) => same(x, y)).length;
    },
    { documentation: "How often a value is in the list." },
  ),
  primitive(
    "from-to",
    [int, int],
    list(int),
    (from, to) => {
      if (to - from >= limits.listLength) return trap("too-long");
      const xs = [];
      for (let k = from; k <= to; k++) xs.push(k);
      return xs;
    },
    {
      javascript: `((from, to) => {
      if (to - from >= ${limits.listLength}) return trap("too-long");
      const xs = [];
      for (let k = from; k <= to; k++) xs.push(k);
      return xs;
    })($0, $1)`,
      documentation: "The ints from the first to the second, both included; none where the second is less.",
    },
  ),
  primitive(
    "repeat",
    [int, a],
    listOfA,
    (n, x) => (n > limits.listLength ? trap("too-long") : new Array(Math.max(0, n)).fill(x)),
    {
      javascript: `((n, x) => (n > ${limits.listLength} ? trap("too-long") : new Array(Math.max(0, n)).fill(x)))($0, $1)`,
      documentation: "A list of n times the same value; none for a negative n.",
    },
  ),
  // Euclid's algorithm.
  primitive(
    "gcd",
    [int, int],
    int,
    (x, y) => {
      let [p, q] = [Math.abs(x), Math.abs(y)];
      while (q > 0) [p, q] = [q, p % q];
      return p;
    },
    { commutative: true, documentation: "Greatest common divisor of two ints; 0 of 0 and 0." },
  ),
  primitive(
    "digits",
    [int, int],
    list(int),
    (base, n) => {
      if (base < 2) return trap("out-of-range");
      const digits = [];
      for (let rest = Math.abs(n); rest > 0 || digits.length === 0; rest = (rest - (rest % base)) / base)
        digits.push(rest % base);
      return digits.reverse();
    },
    {
      javascript: `((base, n) => {
        if (base < 2) return trap("out-of-range");
        const digits = [];
        for (let rest = Math.abs(n); rest > 0 || digits.length === 0; rest = (rest - (rest % base)) / base)
          digits.push(rest % base);
        return digits.reverse();
      })($0, $1)`,
      documentation:
        "The digits of the second int in the base of the first, the most significant first, without a sign; 0 for 0. Traps for a base below 2.",
    },
  ),
  primitive(
    "from-digits",
    [int, list(int)],
    int,
    (base, digits) => {
      let value = 0;
      for (const digit of digits) {
        if (digit < 0 || digit >= base) return trap("out-of-range");
        value = value * base + digit;
        if (!Number.isSafeInteger(value)) return Number.NaN;
      }
      return base < 2 ? trap("out-of-range") : value;
    },
    {
      javascript: `((base, digits) => {
        let value = 0;
        for (const digit of digits) {
          if (digit < 0 || digit >= base) return trap("out-of-range");
          value = value * base + digit;
          if (!Number.isSafeInteger(value)) return trap("overflow");
        }
        return base < 2 ? trap("out-of-range") : value;
      })($0, $1)`,
      documentation:
        "The int that digits write in a base, the most significant first; 0 for none. Traps for a base below 2 and for what is no digit of it.",
    },
  ),
  primitive(
    "every",
    [int, listOfA],
    listOfA,
    (n, xs) => (n < 1 ? trap("out-of-range") : xs.filter((_, k) => k % n === 0)),
    {
      javascript: '((n, xs) => (n < 1 ? trap("out-of-range") : xs.filter((_, k) => k % n === 0)))($0, $1)',
      documentation: "The first element and every n-th after it. Traps for n below 1.",
    },
  ),
] as const;

const stringRows = [
  primitive("join", [string, list(string)], string, (separator, xs) => xs.join(separator), {
    documentation: "The strings one after another, with the first string between them.",
  }),
  primitive(
    "split",
    [string, string],
    list(string),
    (separator, s) => (separator === "" ? [s] : s.split(separator)),
    {
      documentation: 'The parts of the second string between occurrences of the first; "" separates nothing.',
    },
  ),
  primitive(
    "sort-strings",
    [list(string)],
    list(string),
    (xs) => [...xs].sort((x, y) => (x < y ? -1 : x > y ? 1 : 0)),
    { documentation: "The strings in ascending order of their UTF-16 code units." },
  ),
] as const;

/** Rows of texts that lists have in their own way. */
const alike = ["length", "reverse", "contains", "concat", "digits"] as const;
type Alike = (typeof alike)[number];

/** Rows of texts that are of use for strings in lists; those that lists have, too, are told apart by their names. */
const fromText = textRows
  .filter(
    ({ parameters, name }) => parameters[0]?.kind === "string" && !["count-of", "index-of"].includes(name),
  )
  .map(
    (row): Primitive =>
      alike.includes(row.name as Alike) ? Object.assign({}, row, { name: `string-${row.name}` }) : row,
  );

/** What is less often meant counts more than one node: programs that make use of it by accident are many. */
const costs: Readonly<Record<string, number>> = {
  unique: 4,
  every: 2,
  digits: 2,
  "from-digits": 2,
  chunks: 2,
  transpose: 2,
  "concat-map": 2,
  iterate: 2,
  "iterate-while": 2,
  "drop-while": 2,
  product: 3,
  neg: 2,
  gcd: 2,
  fold: 2,
};

const table = [...listRows, ...functionRows, ...moreRows, ...nestingRows] as const;

/** Name of a row of the language of collections. */
export type CollectionOperation =
  | (typeof table)[number]["name"]
  | (typeof stringRows)[number]["name"]
  | Exclude<TextOperation, Alike>
  | `string-${Alike}`;

export interface CollectionOptions {
  /** Whether programs may carry int constants of their own; no unless told. */
  readonly constants?: boolean;
  /** Values that programs may name; 0, 1 and 2 unless told. */
  readonly literals?: readonly Literal[];
  /** Types beside int, bool and list<int>, such as `list(list(int))`; string brings the rows of texts. */
  readonly types?: readonly Type[];
  /** Rows that programs may use; all unless told. */
  readonly operations?: readonly CollectionOperation[];
  /** Nodes that rows which give lists count more; 0 unless told. */
  readonly listCost?: number;
}

/**
 * The language of lists with all that people expect of lists: searching, sorting by a key, running values, loops, digits, and strings.
 * @throws InputError for names that are not rows and for values that are not of their types
 */
export function collections(options: CollectionOptions = {}): Language {
  readOptions("collections", options, ["constants", "literals", "types", "operations", "listCost"]);
  const types = options.types ?? [];
  const hasStrings = types.some(({ kind }) => kind === "string");
  const rows = (hasStrings ? [...table, ...stringRows, ...fromText] : table).map(
    (row: Primitive): Primitive =>
      Object.assign({}, row, {
        cost: (costs[row.name] ?? row.cost) + (row.result.kind === "list" ? (options.listCost ?? 0) : 0),
      }),
  );
  return defineLanguage({
    name: "collections",
    primitives: options.operations === undefined ? rows : selectRows("collections", rows, options.operations),
    types: [int, bool, list(int), ...types],
    constants: options.constants === true ? [int] : [],
    literals: options.literals ?? [0, 1, 2].map((value) => ({ type: int, value })),
  });
}
