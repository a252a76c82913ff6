import { primitive } from "../primitive.ts";
import { trap } from "../trap.ts";
import { int, list, variable } from "../type.ts";

const a = variable("a");
const listOfA = list(a);

/** Rows that put elements together in lists of lists. */
export const nestingRows = [
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
  primitive(
    "zip",
    [listOfA, listOfA],
    list(listOfA),
    (xs, ys) => (xs.length <= ys.length ? xs : xs.slice(0, ys.length)).map((x, k) => [x, ys[k]]),
    { documentation: "Lists of two, the elements at the same position, as long as the shorter list." },
  ),
  primitive(
    "group",
    [listOfA],
    list(listOfA),
    (xs) => {
      const same = (p: unknown, q: unknown): boolean =>
        p === q ||
        (p !== p && q !== q) ||
        (Array.isArray(p) && Array.isArray(q) && p.length === q.length && p.every((v, i) => same(v, q[i])));
      const groups: unknown[][] = [];
      for (const [k, x] of xs.entries())
        if (k > 0 && same(x, xs[k - 1])) (groups.at(-1) as unknown[]).push(x);
        else groups.push([x]);
      return groups;
    },
    { documentation: "The elements in lists of neighbours that are equal, in order." },
  ),
] as const;
