import { primitive } from "../primitive.ts";
import { trap } from "../trap.ts";
import { bool, func, int, list, variable } from "../type.ts";
import { limits, sameOutcome } from "../value.ts";
import { callsOf } from "./lists.ts";

const a = variable("a");
const b = variable("b");
const listOfA = list(a);

/** Rows that take functions, beside those of the language of lists. */
export const functionRows = [
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
    "max-by",
    [func([a], int), listOfA],
    a,
    (f, xs) => (xs.length === 0 ? trap("empty") : xs.reduce((p, q) => (f(q) > f(p) ? q : p))),
    {
      javascript:
        '((f, xs) => (xs.length === 0 ? trap("empty") : xs.reduce((p, q) => (f(q) > f(p) ? q : p))))($0, $1)',
      documentation: "The first element for which the function is largest; traps on the empty list.",
    },
  ),
  primitive(
    "min-by",
    [func([a], int), listOfA],
    a,
    (f, xs) => (xs.length === 0 ? trap("empty") : xs.reduce((p, q) => (f(q) < f(p) ? q : p))),
    {
      javascript:
        '((f, xs) => (xs.length === 0 ? trap("empty") : xs.reduce((p, q) => (f(q) < f(p) ? q : p))))($0, $1)',
      documentation: "The first element for which the function is smallest; traps on the empty list.",
    },
  ),
] as const;
