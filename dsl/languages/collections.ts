import { defineLanguage, type Language, type Literal } from "../language.ts";
import { type Primitive, primitive } from "../primitive.ts";
import { trap } from "../trap.ts";
import { bool, func, int, list, string, type Type, variable } from "../type.ts";
import { limits, sameOutcome } from "../value.ts";
import { callsOf, listRows } from "./lists.ts";
import { readOptions, selectRows } from "./selection.ts";
import { type TextOperation, textRows } from "./text.ts";

const a = variable("a");
const b = variable("b");
const listOfA = list(a);

const moreRows = [
  primitive("find", [func([a], bool), listOfA], a, (f, xs) => xs.find((x) => f(x)) ?? trap("empty"), {
    javascript: '((f, xs) => xs.find((x) => f(x)) ?? trap("empty"))($0, $1)',
    demand: (y, xs) => {
      const at = xs.findIndex((x: never) => sameOutcome(x, y));
      return at < 0 ? undefined : callsOf([xs], [...xs.slice(0, at).map(() => false), true]);
    },
    documentation: "The first element on which the function is true; traps where there is none.",
  }),
  primitive(
    "take-while",
    [func([a], bool), listOfA],
    listOfA,
    (f, xs) => {
      const end = xs.findIndex((x) => !f(x));
      return end < 0 ? xs : xs.slice(0, end);
    },
    {
      demand: (ys, xs) =>
        sameOutcome(xs.slice(0, ys.length), ys)
          ? callsOf([xs], [...ys.map(() => true), false].slice(0, xs.length))
          : undefined,
      documentation: "The first elements, as long as the function is true on them.",
    },
  ),
  primitive(
    "drop-while",
    [func([a], bool), listOfA],
    listOfA,
    (f, xs) => {
      const start = xs.findIndex((x) => !f(x));
      return start < 0 ? [] : xs.slice(start);
    },
    {
      demand: (ys, xs) => {
        const start = xs.length - ys.length;
        return start >= 0 && sameOutcome(xs.slice(start), ys)
          ? callsOf([xs], [...xs.slice(0, start).map(() => true), false].slice(0, xs.length))
          : undefined;
      },
      documentation: "What is left after the first elements on which the function is true.",
    },
  ),
  primitive(
    "concat-map",
    [func([a], list(b)), listOfA],
    list(b),
    (f, xs) => {
      const ys = [];
      for (const x of xs) {
        ys.push(...f(x));
        if (ys.length > limits.listLength) return trap("too-long");
      }
      return ys;
    },
    {
      javascript: `((f, xs) => {
        const ys = [];
        for (const x of xs) {
          ys.push(...f(x));
          if (ys.length > ${limits.listLength}) return trap("too-long");
        }
        return ys;
      })($0, $1)`,
      // Where all lists that the function gives are as long.
      demand: (ys, xs) => {
        const length = ys.length / xs.length;
        return xs.length === 0
          ? ys.length === 0
            ? []
            : undefined
          : Number.isInteger(length)
            ? callsOf(
                [xs],
                xs.map((_: unknown, k: number) => ys.slice(k * length, k * length + length)),
              )
            : [];
      },
      documentation: "The elements of the lists that the function gives on the elements, in order.",
    },
  ),
  primitive(
    "scan",
    [func([b, a], b), b, listOfA],
    list(b),
    (f, initial, xs) => {
      let accumulator = initial;
      return xs.map((x) => (accumulator = f(accumulator, x)));
    },
    {
      demand: (ys, initial, xs) =>
        ys.length === xs.length ? callsOf([[initial, ...ys], xs], ys) : undefined,
      documentation: "What fold has after each element: the values so far, without the initial one.",
    },
  ),
  primitive(
    "iterate",
    [func([a], a), a, int],
    a,
    (f, x, n) => {
      if (n > limits.listLength) return trap("out-of-fuel");
      let value = x;
      for (let k = 0; k < n; k++) value = f(value);
      return value;
    },
    {
      javascript: `((f, x, n) => {
        if (n > ${limits.listLength}) return trap("out-of-fuel");
        let value = x;
        for (let k = 0; k < n; k++) value = f(value);
        return value;
      })($0, $1, $2)`,
      demand: (y, x, n) => (n <= 0 ? (sameOutcome(x, y) ? [] : undefined) : n === 1 ? [[[x], y]] : []),
      documentation:
        "The value after n applications of the function, one to another's value; n is 1,000 at most.",
    },
  ),
  primitive(
    "iterate-while",
    [func([a], bool), func([a], a), a],
    listOfA,
    (p, f, x) => {
      const values = [];
      for (let value = x; p(value); value = f(value)) {
        if (values.length >= limits.listLength) return trap("too-long");
        values.push(value);
      }
      return values;
    },
    {
      javascript: `((p, f, x) => {
        const values = [];
        for (let value = x; p(value); value = f(value)) {
          if (values.length >= ${limits.listLength}) return trap("too-long");
          values.push(value);
        }
        return values;
      })($0, $1, $2)`,
      documentation:
        "A value, the second function's value of it, and so on, as long as the first function is true on them.",
    },
  ),
  primitive(
    "sort-by",
    [func([a], int), listOfA],
    listOfA,
    (f, xs) => {
      const keys = xs.map((x) => f(x));
      return [...keys.keys()].sort((i, j) => (keys[i] as number) - (keys[j] as number)).map((k) => xs[k]);
    },
    {
      javascript: `((f, xs) => {
        const keys = xs.map((x) => f(x));
        return [...keys.keys()].sort((i, j) => keys[i] - keys[j]).map((k) => xs[k]);
      })($0, $1)`,
      documentation:
        "The elements in ascending order of the function's values; those of one value stay in their order.",
    },
  ),
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
        value = value * base + digit;
        if (!Number.isSafeInteger(value)) return Number.NaN;
      }
      return value;
    },
    { documentation: "The int that digits write in a base, the most significant first; 0 for none." },
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
  primitive(
    "chunks",
    [int, listOfA],
    list(listOfA),
    (n, xs) =>
      n < 1
        ? trap("out-of-range")
        : Array.from({ length: Math.ceil(xs.length / n) }, (_, k) => xs.slice(k * n, k * n + n)),
    {
      javascript: `((n, xs) =>
        n < 1
          ? trap("out-of-range")
          : Array.from({ length: Math.ceil(xs.length / n) }, (_, k) => xs.slice(k * n, k * n + n))
      )($0, $1)`,
      documentation: "The elements in lists of n, in order; the last may be shorter. Traps for n below 1.",
    },
  ),
  primitive(
    "transpose",
    [list(listOfA)],
    list(listOfA),
    (xss) => {
      const width = xss.reduce((least, xs) => Math.min(least, xs.length), xss[0]?.length ?? 0);
      return Array.from({ length: width }, (_, k) => xss.map((xs) => xs[k]));
    },
    {
      documentation:
        "The first elements of all lists, then the second ones and so on, as long as the shortest list.",
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
  product: 2,
};

const table = [...listRows, ...moreRows] as const;

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
}

/**
 * The language of lists with all that people expect of lists: searching, sorting by a key, running values, loops, digits, and strings.
 * @throws InputError for names that are not rows and for values that are not of their types
 */
export function collections(options: CollectionOptions = {}): Language {
  readOptions("collections", options, ["constants", "literals", "types", "operations"]);
  const types = options.types ?? [];
  const hasStrings = types.some(({ kind }) => kind === "string");
  const rows = (hasStrings ? [...table, ...stringRows, ...fromText] : table).map(
    (row: Primitive): Primitive => Object.assign({}, row, { cost: costs[row.name] ?? row.cost }),
  );
  return defineLanguage({
    name: "collections",
    primitives: options.operations === undefined ? rows : selectRows("collections", rows, options.operations),
    types: [int, bool, list(int), ...types],
    constants: options.constants === true ? [int] : [],
    literals: options.literals ?? [0, 1, 2].map((value) => ({ type: int, value })),
  });
}
