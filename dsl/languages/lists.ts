import { defineLanguage, type Language } from "../language.ts";
import { type Call, primitive } from "../primitive.ts";
import { trap } from "../trap.ts";
import { bool, func, int, list, type Type, variable } from "../type.ts";
import { limits, sameOutcome, type Value } from "../value.ts";
import { decisions } from "./decisions.ts";
import { intRows } from "./ints.ts";
import { readOptions, selectRows } from "./selection.ts";

const a = variable("a");
const b = variable("b");
const c = variable("c");
const listOfA = list(a);

/** The calls of a function on the elements of lists, and their values. */
export const callsOf = (lists_: readonly (readonly unknown[])[], values: readonly unknown[]): Call[] =>
  values.map((value, k) => [lists_.map((xs) => xs[k]), value]);

/** An element is kept or not, wherever it stands. */
function filterDemand(ys: readonly Value[], xs: readonly Value[]): Call[] | undefined {
  const isKept = xs.map((x) => ys.some((y) => sameOutcome(x, y)));
  const kept = xs.filter((_, k) => isKept[k]);
  return sameOutcome(kept, ys) ? callsOf([xs], isKept) : undefined;
}

// Templates are there where a row gives traps: exported programs have a `trap` of their own, which throws.
export const listRows = [
  primitive("map", [func([a], b), listOfA], list(b), (f, xs) => xs.map((x) => f(x)), {
    demand: (ys, xs) => (ys.length === xs.length ? callsOf([xs], ys) : undefined),
    documentation: "The function's values on the elements.",
  }),
  primitive("filter", [func([a], bool), listOfA], listOfA, (f, xs) => xs.filter((x) => f(x)), {
    demand: filterDemand,
    documentation: "The elements on which the function is true.",
  }),
  primitive(
    "fold",
    [func([b, a], b), b, listOfA],
    b,
    (f, initial, xs) => {
      let accumulator = initial;
      for (const x of xs) accumulator = f(accumulator, x);
      return accumulator;
    },
    {
      demand: (y, initial, [x, ...others]) =>
        x === undefined
          ? sameOutcome(y, initial)
            ? []
            : undefined
          : others.length === 0
            ? [[[initial, x], y]]
            : [],
      documentation:
        "From the initial value on, the function's value of the value so far and the next element.",
    },
  ),
  primitive(
    "zip-with",
    [func([a, b], c), listOfA, list(b)],
    list(c),
    (f, xs, ys) => (xs.length <= ys.length ? xs : xs.slice(0, ys.length)).map((x, i) => f(x, ys[i])),
    {
      demand: (zs, xs, ys) =>
        zs.length === Math.min(xs.length, ys.length) ? callsOf([xs, ys], zs) : undefined,
      documentation: "The function's values on elements at the same position, as long as the shorter list.",
    },
  ),
  primitive("any", [func([a], bool), listOfA], bool, (f, xs) => xs.some((x) => f(x)), {
    demand: (isSome, xs) =>
      isSome
        ? xs.length === 0
          ? undefined
          : []
        : callsOf(
            [xs],
            xs.map(() => false),
          ),
    documentation: "Whether the function is true on some element.",
  }),
  primitive("all", [func([a], bool), listOfA], bool, (f, xs) => xs.every((x) => f(x)), {
    demand: (isEach, xs) =>
      isEach
        ? callsOf(
            [xs],
            xs.map(() => true),
          )
        : xs.length === 0
          ? undefined
          : [],
    documentation: "Whether the function is true on every element.",
  }),
  primitive("count", [func([a], bool), listOfA], int, (f, xs) => xs.filter((x) => f(x)).length, {
    demand: (n, xs) =>
      n < 0 || n > xs.length
        ? undefined
        : n === 0 || n === xs.length
          ? callsOf(
              [xs],
              xs.map(() => n > 0),
            )
          : [],
    documentation: "Number of elements on which the function is true.",
  }),
  primitive("length", [listOfA], int, (xs) => xs.length, { documentation: "Number of elements." }),
  primitive("head", [listOfA], a, (xs) => (xs.length === 0 ? trap("empty") : xs[0]), {
    javascript: '((xs) => (xs.length === 0 ? trap("empty") : xs[0]))($0)',
    documentation: "First element; traps on the empty list.",
  }),
  primitive("last", [listOfA], a, (xs) => (xs.length === 0 ? trap("empty") : xs[xs.length - 1]), {
    javascript: '((xs) => (xs.length === 0 ? trap("empty") : xs[xs.length - 1]))($0)',
    documentation: "Last element; traps on the empty list.",
  }),
  primitive("tail", [listOfA], listOfA, (xs) => xs.slice(1), {
    documentation: "All elements but the first; empty for the empty list.",
  }),
  primitive("init", [listOfA], listOfA, (xs) => xs.slice(0, -1), {
    documentation: "All elements but the last; empty for the empty list.",
  }),
  primitive("take", [int, listOfA], listOfA, (n, xs) => xs.slice(0, Math.max(0, n)), {
    inverse: {
      order: [1, 0],
      last: (ys, xs) => (sameOutcome(xs.slice(0, ys.length), ys) ? ys.length : undefined),
    },
    documentation: "The first n elements, or all; none for a negative n.",
  }),
  primitive("drop", [int, listOfA], listOfA, (n, xs) => xs.slice(Math.max(0, n)), {
    inverse: {
      order: [1, 0],
      last: (ys, xs) => {
        const n = xs.length - ys.length;
        return n >= 0 && sameOutcome(xs.slice(n), ys) ? n : undefined;
      },
    },
    documentation: "All but the first n elements; all for a negative n.",
  }),
  primitive(
    "element-at",
    [int, listOfA],
    a,
    (n, xs) => (n >= 0 && n < xs.length ? xs[n] : trap("out-of-range")),
    {
      javascript: '((n, xs) => (n >= 0 && n < xs.length ? xs[n] : trap("out-of-range")))($0, $1)',
      documentation: "Element at a position from 0; traps outside.",
    },
  ),
  primitive("reverse", [listOfA], listOfA, (xs) => xs.slice().reverse(), {
    documentation: "The elements in reverse order.",
  }),
  primitive("append", [listOfA, listOfA], listOfA, (xs, ys) => xs.concat(ys), {
    inverse: {
      order: [0, 1],
      last: (result, xs) =>
        sameOutcome(result.slice(0, xs.length), xs) ? result.slice(xs.length) : undefined,
    },
    documentation: "The elements of the first list, then those of the second.",
  }),
  primitive("cons", [a, listOfA], listOfA, (x, xs) => [x, ...xs], {
    inverse: {
      order: [0, 1],
      last: (result, x) => (result.length > 0 && sameOutcome(result[0], x) ? result.slice(1) : undefined),
    },
    documentation: "The list with an element before its first.",
  }),
  primitive("empty", [], listOfA, () => [], { documentation: "The list without elements." }),
  primitive(
    "concat",
    [list(listOfA)],
    listOfA,
    (xss) => {
      let length = 0;
      for (const xs of xss) length += xs.length;
      return length > limits.listLength ? trap("too-long") : xss.flat(1);
    },
    {
      javascript: `((xss) => {
        let length = 0;
        for (const xs of xss) length += xs.length;
        return length > ${limits.listLength} ? trap("too-long") : xss.flat(1);
      })($0)`,
      documentation: "The elements of all lists of a list, in order.",
    },
  ),
  primitive(
    "contains",
    [a, listOfA],
    bool,
    (x, xs) => {
      const same = (p: unknown, q: unknown): boolean =>
        p === q ||
        (p !== p && q !== q) ||
        (Array.isArray(p) && Array.isArray(q) && p.length === q.length && p.every((v, i) => same(v, q[i])));
      return xs.some((y) => same(x, y));
    },
    { documentation: "Whether a value is among the elements; lists are compared by their elements." },
  ),
  // A set holds numbers, strings and booleans apart exactly as equality does; lists are told apart by a text of theirs.
  primitive(
    "unique",
    [listOfA],
    listOfA,
    (xs) => {
      if (!Array.isArray(xs[0])) return [...new Set(xs)];
      const keyOf = (p: unknown): string =>
        Array.isArray(p)
          ? `[${p.map(keyOf).join(",")}]`
          : typeof p === "string"
            ? JSON.stringify(p)
            : String(p);
      const seen = new Set<string>();
      return xs.filter((x) => seen.size < seen.add(keyOf(x)).size);
    },
    { documentation: "Each element once, in the order of first appearance." },
  ),
  primitive("sort", [list(int)], list(int), (xs) => [...xs].sort((x, y) => x - y), {
    documentation: "The ints in ascending order.",
  }),
  // NaN is no int, so it becomes the trap `overflow`: as soon as a partial result is too large, not only the last.
  primitive(
    "sum",
    [list(int)],
    int,
    (xs) => {
      let total = 0;
      for (const x of xs) {
        total += x;
        if (!Number.isSafeInteger(total)) return Number.NaN;
      }
      return total;
    },
    { documentation: "Sum of the ints; 0 for the empty list." },
  ),
  primitive(
    "product",
    [list(int)],
    int,
    (xs) => {
      let total = 1;
      for (const x of xs) {
        total *= x;
        if (!Number.isSafeInteger(total)) return Number.NaN;
      }
      return total;
    },
    { documentation: "Product of the ints; 1 for the empty list." },
  ),
  primitive(
    "maximum",
    [list(int)],
    int,
    (xs) => (xs.length === 0 ? trap("empty") : xs.reduce((x, y) => Math.max(x, y))),
    {
      javascript: '((xs) => (xs.length === 0 ? trap("empty") : xs.reduce((x, y) => Math.max(x, y))))($0)',
      documentation: "Largest of the ints; traps on the empty list.",
    },
  ),
  primitive(
    "minimum",
    [list(int)],
    int,
    (xs) => (xs.length === 0 ? trap("empty") : xs.reduce((x, y) => Math.min(x, y))),
    {
      javascript: '((xs) => (xs.length === 0 ? trap("empty") : xs.reduce((x, y) => Math.min(x, y))))($0)',
      documentation: "Smallest of the ints; traps on the empty list.",
    },
  ),
  primitive(
    "range",
    [int],
    list(int),
    (n) => {
      if (n > limits.listLength) return trap("too-long");
      const xs = [];
      for (let k = 0; k < n; k++) xs.push(k);
      return xs;
    },
    {
      javascript: `((n) => {
      if (n > ${limits.listLength}) return trap("too-long");
      const xs = [];
      for (let k = 0; k < n; k++) xs.push(k);
      return xs;
    })($0)`,
      documentation: "The ints from 0 to n - 1; none for a negative n.",
    },
  ),
  ...intRows,
  ...decisions,
] as const;

/** Name of a row of the list language. */
export type ListOperation = (typeof listRows)[number]["name"];

export interface ListOptions {
  /** Whether programs may carry int constants of their own; true unless told. */
  readonly constants?: boolean;
  /** Ints that programs may name, beside constants or in their place; none unless told. */
  readonly ints?: readonly number[];
  /** Types beside int, bool and list<int>, such as `list(list(int))`. */
  readonly types?: readonly Type[];
  /** Rows that programs may use; all unless told. */
  readonly operations?: readonly ListOperation[];
}

/**
 * The language of lists, ints and booleans, with lambdas.
 * @throws InputError for names that are not rows and for numbers that are not ints
 */
export function lists(options: ListOptions = {}): Language {
  readOptions("lists", options, ["constants", "ints", "types", "operations"]);
  return defineLanguage({
    name: "lists",
    primitives:
      options.operations === undefined ? listRows : selectRows("lists", listRows, options.operations),
    types: [int, bool, list(int), ...(options.types ?? [])],
    constants: options.constants === false ? [] : [int],
    literals: (options.ints ?? []).map((value) => ({ type: int, value })),
  });
}
