import type { Value } from "../dsl/index.ts";
import {
  ascending,
  digitsOf,
  type Draw,
  type Ints,
  type Lists,
  some,
  someWords,
  type Strings,
  TaskList,
  type TextbookTask,
  total,
  upTo,
  words,
} from "./textbook-task.ts";

const list = new TaskList();

const divisors = (n: number): number[] => upTo(n).filter((d) => n % d === 0);
const quotient = (a: number, b: number): number => Math.floor(a / b);
const gcd = (a: number, b: number): number => (b === 0 ? a : gcd(b, a % b));
const collatz = (n: number): number => (n % 2 === 0 ? n / 2 : 3 * n + 1);
const isLeapYear = (y: number): boolean => (y % 4 === 0 && y % 100 !== 0) || y % 400 === 0;
const someLists = (draw: Draw, least: number, from = 0): number[][] =>
  Array.from({ length: draw(least, 5) }, () => some(draw, from, 4));
const notEmpty = (d: Draw): Ints => some(d, 1, 8);

list.ofList("sum", total, [[1, 2, 3], [], [5], [4, -1, 7], [10, 20, 30, 40]]);
list.ofList(
  "product",
  (xs) => xs.reduce((p, x) => p * x, 1),
  [[1, 2, 3], [], [5], [4, -1, 7], [2, 0, 9], [3, 3, 2, 5]],
  (d) => some(d, 0, 5, -5, 9),
);
list.ofList(
  "maximum",
  (xs) => Math.max(...xs),
  [[1, 2, 3], [5], [4, -1, 7, 2], [-3, -8], [9, 1, 9, 4, 0]],
  notEmpty,
);
list.ofList(
  "minimum",
  (xs) => Math.min(...xs),
  [[1, 2, 3], [5], [4, -1, 7, 2], [-3, -8], [9, 1, 9, 4, 0]],
  notEmpty,
);
list.ofList(
  "spread",
  (xs) => Math.max(...xs) - Math.min(...xs),
  [[1, 2, 3], [5], [4, -1, 7, 2], [-3, -8], [9, 1, 9, 4, 0], [2, 2]],
  notEmpty,
);
list.ofList("length", (xs) => xs.length, [[1, 2, 3], [], [5], [4, -1, 7, 2], [9, 9, 9, 9, 9, 9]]);
list.ofList("reverse", (xs) => xs.toReversed(), [[1, 2, 3], [], [5], [4, -1, 7, 2], [1, 1, 2]]);
list.ofList("sort", ascending, [[3, 1, 2], [], [5], [4, -1, 7, 2, 4], [1, 2, 3]]);
list.ofList("sort-descending", (xs) => ascending(xs).toReversed(), [
  [3, 1, 2],
  [],
  [5],
  [4, -1, 7, 2, 4],
  [1, 2, 3],
]);
list.ofList(
  "second-largest",
  (xs) => ascending(xs).at(-2) as number,
  [
    [3, 1, 2],
    [5, 8],
    [4, -1, 7, 2, 4],
    [1, 2, 3, 9],
    [10, -5, 6, 7, 1, 0],
    [-4, -2, -9],
  ],
  (d) => some(d, 2, 8),
);
list.ofList(
  "remove-duplicates",
  (xs) => [...new Set(xs)],
  [[1, 2, 1], [], [5, 5, 5], [4, 1, 4, 2, 1], [3, 1, 2]],
  (d) => some(d, 0, 8, 0, 6),
);
list.ofList("count-evens", (xs) => xs.filter((x) => x % 2 === 0).length, [
  [1, 2, 3, 4],
  [],
  [5],
  [4, 0, 6],
  [7, 9, 2],
  [-2, -3, 8],
]);
list.ofList("keep-positives", (xs) => xs.filter((x) => x > 0), [
  [1, -2, 3],
  [],
  [-5],
  [0, 4, -1, 7],
  [2, 1],
  [-6, 0, -3, 12],
]);
list.ofList("squares", (xs) => xs.map((x) => x * x), [[1, 2, 3], [], [5], [0, -4, 10], [7, 7]]);
list.ofList("running-sums", (xs) => xs.map((_, k) => total(xs.slice(0, k + 1))), [
  [1, 2, 3],
  [],
  [5],
  [4, -1, 7, 2],
  [10, 0, 10],
]);
list.ofList(
  "differences",
  (xs) => xs.slice(1).map((x, k) => x - (xs[k] as number)),
  [[1, 2, 4], [5], [4, -1, 7, 2], [10, 10], [1, 4, 9, 16, 25]],
  notEmpty,
);
list.task<[Ints, Ints]>(
  "list",
  "dot-product",
  "xs ys",
  (xs, ys) => total(xs.map((x, k) => x * (ys[k] as number))),
  [
    [
      [1, 2, 3],
      [4, 5, 6],
    ],
    [[], []],
    [[5], [-2]],
    [
      [1, 0, 2, 7],
      [3, 9, 1, 1],
    ],
    [
      [2, 2],
      [10, 1],
    ],
  ],
  (d) => {
    const n = d(0, 6);
    return [some(d, n, n), some(d, n, n)];
  },
);
list.task<[Ints, Ints]>(
  "list",
  "interleave",
  "xs ys",
  (xs, ys) => xs.flatMap((x, k) => [x, ys[k] as number]),
  [
    [
      [1, 2, 3],
      [4, 5, 6],
    ],
    [[], []],
    [[5], [-2]],
    [
      [1, 0, 2, 7],
      [3, 9, 1, 1],
    ],
    [
      [2, 2],
      [10, 1],
    ],
  ],
  (d) => {
    const n = d(0, 6);
    return [some(d, n, n), some(d, n, n)];
  },
);
list.task<[Ints, number]>(
  "list",
  "rotate-left",
  "xs n",
  (xs, n) => [...xs.slice(n), ...xs.slice(0, n)],
  [
    [[1, 2, 3], 1],
    [[1, 2, 3, 4, 5], 2],
    [[7], 0],
    [[4, 1, 9, 2], 3],
    [[8, 6, 3], 0],
    [[5, 2], 2],
  ],
  (d) => {
    const xs = some(d, 0, 8);
    return [xs, d(0, xs.length)];
  },
);
list.ofList(
  "take-while-positive",
  (xs) => {
    const end = xs.findIndex((x) => x <= 0);
    return end < 0 ? xs : xs.slice(0, end);
  },
  [[1, 2, -3, 4], [], [-5, 6], [3, 0, 2], [7, 8, 9], [2, 4, 6, -1, -2, 5]],
);
list.ofList("every-second", (xs) => xs.filter((_, k) => k % 2 === 0), [
  [1, 2, 3, 4],
  [],
  [5],
  [9, 8, 7],
  [2, 2, 3, 3, 4],
  [6, 1],
]);
list.task<[Ints, Ints]>(
  "list",
  "zip-sums",
  "xs ys",
  (xs, ys) => xs.map((x, k) => x + (ys[k] as number)),
  [
    [
      [1, 2, 3],
      [4, 5, 6],
    ],
    [[], []],
    [[5], [-2]],
    [
      [1, 0, 2, 7],
      [3, 9, 1, 1],
    ],
    [
      [2, 2],
      [10, 1],
    ],
  ],
  (d) => {
    const n = d(0, 6);
    return [some(d, n, n), some(d, n, n)];
  },
);
list.ofList("add-index", (xs) => xs.map((x, k) => x + k), [[1, 2, 3], [], [5], [0, 0, 0, 0], [10, 4, -7]]);
list.ofList(
  "is-sorted",
  (xs) => xs.every((x, k) => k === 0 || (xs[k - 1] as number) <= x),
  [[1, 2, 3], [], [5], [4, 1, 7], [2, 2, 9], [1, 5, 3, 8], [9, 8], [0, 3, 6, 6]],
  (d) => (d(0, 1) === 0 ? ascending(some(d, 0, 6)) : some(d, 1, 5)),
);
list.ofList(
  "is-palindrome",
  (xs) => xs.every((x, k) => x === xs.at(-1 - k)),
  [[1, 2, 1], [], [5], [4, 1, 7], [2, 2], [1, 5, 5, 1], [9, 8], [3, 6, 1, 3]],
  (d) => {
    const xs = some(d, 0, 4, 0, 6);
    return d(0, 1) === 0 ? [...xs, ...xs.toReversed().slice(d(0, 1))] : some(d, 1, 5, 0, 3);
  },
);
const listAndElement = (d: Draw): [Ints, number] => [some(d, 0, 8, 0, 6), d(0, 6)];
list.task<[Ints, number]>(
  "list",
  "contains",
  "xs x",
  (xs, x) => xs.includes(x),
  [
    [[1, 2, 3], 2],
    [[1, 2, 3], 4],
    [[], 1],
    [[5], 5],
    [[4, 0, 7], 0],
    [[9, 9], 8],
  ],
  listAndElement,
);
list.task<[Ints, number]>(
  "list",
  "index-of",
  "xs x",
  (xs, x) => xs.indexOf(x),
  [
    [[1, 2, 3], 2],
    [[1, 2, 3], 4],
    [[], 1],
    [[5], 5],
    [[4, 0, 7, 0], 0],
    [[9, 6, 3, 8], 8],
  ],
  listAndElement,
);
list.task<[Ints, number]>(
  "list",
  "count-of",
  "xs x",
  (xs, x) => xs.filter((y) => y === x).length,
  [
    [[1, 2, 1], 1],
    [[1, 2, 3], 4],
    [[], 1],
    [[5, 5, 5], 5],
    [[4, 0, 7, 0], 0],
    [[9, 6, 3, 8], 8],
  ],
  listAndElement,
);
list.task<[Ints, number]>(
  "list",
  "remove-all",
  "xs x",
  (xs, x) => xs.filter((y) => y !== x),
  [
    [[1, 2, 1], 1],
    [[1, 2, 3], 4],
    [[], 1],
    [[5, 5, 5], 5],
    [[4, 0, 7, 0], 0],
    [[9, 6, 3, 8], 8],
  ],
  listAndElement,
);
list.task<[Ints, number, number]>(
  "list",
  "replace",
  "xs x y",
  (xs, x, y) => xs.map((z) => (z === x ? y : z)),
  [
    [[1, 2, 1], 1, 9],
    [[1, 2, 3], 4, 5],
    [[], 1, 2],
    [[5, 5, 5], 5, 0],
    [[4, 0, 7, 0], 0, 7],
    [[9, 6, 3, 8], 8, 1],
  ],
  (d) => [...listAndElement(d), d(0, 9)],
);
list.task<[Ints, number]>(
  "list",
  "drop-last-n",
  "xs n",
  (xs, n) => xs.slice(0, Math.max(0, xs.length - n)),
  [
    [[1, 2, 3], 1],
    [[1, 2, 3, 4, 5], 2],
    [[7], 0],
    [[4, 1, 9, 2], 3],
    [[8, 6, 3], 0],
    [[5, 2], 2],
    [[1], 3],
  ],
  (d) => [some(d, 0, 8), d(0, 5)],
);
list.task<[Ints, number]>(
  "list",
  "insert-into-sorted",
  "xs x",
  (xs, x) => ascending([...xs, x]),
  [
    [[1, 3, 5], 4],
    [[], 2],
    [[7], 9],
    [[7], 1],
    [[2, 2, 8], 2],
    [[-3, 0, 4, 10], 6],
  ],
  (d) => [ascending(some(d, 0, 7)), d(-9, 20)],
);
list.task<[Ints, Ints]>(
  "list",
  "merge-sorted",
  "xs ys",
  (xs, ys) => ascending([...xs, ...ys]),
  [
    [
      [1, 3, 5],
      [2, 4, 6],
    ],
    [[], []],
    [[7], []],
    [
      [1, 8],
      [0, 1, 9],
    ],
    [[2, 2], [2]],
  ],
  (d) => [ascending(some(d, 0, 6)), ascending(some(d, 0, 6))],
);
const ofLists = (
  name: string,
  reference: (xss: Lists) => Value,
  shown: readonly Lists[],
  draw: (draw: Draw) => Lists,
): void =>
  list.task<[Lists]>(
    "list",
    name,
    "xss",
    reference,
    shown.map((xss) => [xss]),
    (d) => [draw(d)],
  );
ofLists(
  "flatten",
  (xss) => xss.flat(),
  [[[1, 2], [3]], [], [[]], [[5], [], [6, 7]], [[1], [1], [2, 0, 4]]],
  (d) => someLists(d, 0),
);
ofLists(
  "lengths-of-lists",
  (xss) => xss.map((xs) => xs.length),
  [[[1, 2], [3]], [], [[]], [[5], [], [6, 7]], [[1], [1], [2, 0, 4]]],
  (d) => someLists(d, 0),
);
ofLists(
  "maxima-of-lists",
  (xss) => xss.map((xs) => Math.max(...xs)),
  [[[1, 2], [3]], [], [[-4]], [[5], [9, 0], [6, 7]], [[1], [1], [2, 0, 4]]],
  (d) => someLists(d, 0, 1),
);
ofLists(
  "transpose",
  (xss) => (xss[0] as Ints).map((_, k) => xss.map((xs) => xs[k] as number)),
  [
    [
      [1, 2],
      [3, 4],
    ],
    [[5]],
    [[1, 2, 3]],
    [[1], [2], [3]],
    [
      [1, 2, 3],
      [4, 5, 6],
    ],
    [
      [7, 0],
      [8, -1],
      [9, 2],
    ],
  ],
  (d) => {
    const width = d(1, 4);
    return Array.from({ length: d(1, 4) }, () => some(d, width, width));
  },
);
list.task<[Ints, number]>(
  "list",
  "chunk-sums",
  "xs n",
  (xs, n) => Array.from({ length: Math.ceil(xs.length / n) }, (_, k) => total(xs.slice(k * n, k * n + n))),
  [
    [[1, 2, 3, 4], 2],
    [[], 3],
    [[5, 6, 7], 1],
    [[1, 1, 1, 1, 1], 2],
    [[10, 20, 30, 40, 50, 60], 3],
    [[4, 9], 5],
  ],
  (d) => [some(d, 0, 9), d(1, 4)],
);
list.ofList(
  "largest-gap",
  (xs) => Math.max(...xs.slice(1).map((x, k) => Math.abs(x - (xs[k] as number)))),
  [
    [1, 2, 4],
    [5, 1],
    [4, -1, 7, 2],
    [10, 10],
    [1, 4, 9, 16, 25],
    [20, 3, 5],
  ],
  (d) => some(d, 2, 8),
);
list.ofList(
  "median",
  (xs) => ascending(xs)[xs.length >> 1] as number,
  [[3, 1, 2], [5], [4, -1, 7, 2, 4], [9, 8, 1], [10, 60, 20, 50, 30, 40, 0], [1, 1, 6]],
  (d) => {
    const n = 2 * d(0, 4) + 1;
    return some(d, n, n);
  },
);
const mode = (xs: Ints): number => {
  const times = (x: number): number => xs.filter((y) => y === x).length;
  return xs.reduce((best, x) => (times(x) > times(best) ? x : best));
};
list.ofList(
  "mode",
  mode,
  [[1, 2, 1], [5], [4, 7, 7, 2, 4, 7], [9, 8, 8], [3, 1, 3, 1, 1], [6, 6, 2, 2, 6]],
  (d) => {
    // One value comes most often, the others once.
    const others = upTo(d(0, 6)).map((k) => k + 6);
    const x = d(0, 6);
    const turn = d(1, 10);
    return [x, ...others, x, x]
      .map((value, k) => [value, (k * turn) % 11] as const)
      .toSorted((a, b) => a[1] - b[1])
      .map(([value]) => value);
  },
);
list.task<[Strings]>(
  "list",
  "join",
  "words",
  (ws) => ws.join(", "),
  [[["pear", "fig"]], [[]], [["apple"]], [["a", "b", "c"]], [["lime", "kiwi", "plum", "date"]]],
  (d) => [someWords(d, 0, 5)],
);
list.task<[Strings]>(
  "list",
  "string-lengths",
  "words",
  (ws) => ws.map((w) => w.length),
  [[["pear", "fig"]], [[]], [["apple"]], [["a", "bc", ""]], [["lime", "banana", "plum"]]],
  (d) => [someWords(d, 0, 5)],
);
list.task<[Strings, string]>(
  "list",
  "with-prefix",
  "words prefix",
  (ws, p) => ws.filter((w) => w.startsWith(p)),
  [
    [["pear", "fig", "plum"], "p"],
    [[], "a"],
    [["apple", "apricot", "pear"], "ap"],
    [["lime", "melon"], "x"],
    [["banana", "lime", "orange"], "ban"],
    [["papaya", "apple", "pear"], "pa"],
  ],
  (d) => [someWords(d, 0, 7), (words[d(0, words.length - 1)] as string).slice(0, d(1, 2))],
);
list.task<[Strings]>(
  "list",
  "sort-by-length",
  "words",
  (ws) => ws.toSorted((a, b) => a.length - b.length),
  [
    [["pear", "fig"]],
    [[]],
    [["apple"]],
    [["banana", "kiwi", "fig", "plum"]],
    [["lime", "orange", "date", "grape"]],
  ],
  (d) => [someWords(d, 0, 6)],
);
list.task<[Strings]>(
  "list",
  "longest-string",
  "words",
  (ws) => ws.reduce((best, w) => (w.length > best.length ? w : best)),
  [
    [["pear", "fig"]],
    [["apple"]],
    [["fig", "banana", "kiwi", "plum"]],
    [["lime", "orange", "date", "grape"]],
    [["kiwi", "plum", "pear"]],
  ],
  (d) => [someWords(d, 1, 6)],
);
list.ofList("running-maximum", (xs) => xs.map((_, k) => Math.max(...xs.slice(0, k + 1))), [
  [1, 3, 2],
  [],
  [5],
  [4, -1, 7, 2, 9],
  [10, 0, 10],
  [-5, -7, -2],
]);
list.ofList(
  "mean-rounded-down",
  (xs) => quotient(total(xs), xs.length),
  [[1, 2, 3], [5], [4, 1, 7, 2], [10, 20], [9, 1, 9, 4, 0]],
  (d) => some(d, 1, 8, 0, 30),
);
list.ofList("sum-of-odd-squares", (xs) => total(xs.filter((x) => x % 2 !== 0).map((x) => x * x)), [
  [1, 2, 3],
  [],
  [5],
  [4, 6],
  [7, 2, -1, 8],
  [3, 3, 10],
]);
list.ofList(
  "all-positive",
  (xs) => xs.every((x) => x > 0),
  [[1, 2, 3], [], [-5], [4, -1, 7, 2], [0, 3], [8, 1, 9, 6], [12]],
  (d) => (d(0, 1) === 0 ? some(d, 0, 6, 1, 20) : some(d, 1, 6)),
);
list.ofList(
  "swap-ends",
  (xs) => (xs.length < 2 ? xs : [xs.at(-1) as number, ...xs.slice(1, -1), xs[0] as number]),
  [
    [1, 2, 3],
    [5, 8],
    [4, -1, 7, 2],
    [10, 0, 10, 3, 1],
    [6, 6, 9],
  ],
  (d) => some(d, 2, 8),
);
list.ofList("duplicate-each", (xs) => xs.flatMap((x) => [x, x]), [[1, 2, 3], [], [5], [4, -1], [7, 7, 0]]);
list.task<[Ints, number]>(
  "list",
  "largest-n",
  "xs n",
  (xs, n) => ascending(xs).toReversed().slice(0, n),
  [
    [[1, 2, 3], 1],
    [[1, 5, 3, 4, 2], 2],
    [[7], 0],
    [[4, 1, 9, 2], 3],
    [[8, 6, 3], 3],
    [[5, 5, 2, 5], 2],
  ],
  (d) => [some(d, 0, 8), d(0, 4)],
);
list.task<[Ints, Ints]>(
  "list",
  "intersection",
  "xs ys",
  (xs, ys) => xs.filter((x) => ys.includes(x)),
  [
    [
      [1, 2, 3],
      [2, 3, 4],
    ],
    [[], [1]],
    [[5], []],
    [
      [4, 7, 1],
      [1, 9, 7],
    ],
    [
      [6, 8],
      [5, 3],
    ],
  ],
  (d) => [some(d, 0, 7, 0, 9), some(d, 0, 7, 0, 9)],
);
list.task<[Ints, Ints]>(
  "list",
  "without",
  "xs ys",
  (xs, ys) => xs.filter((x) => !ys.includes(x)),
  [
    [
      [1, 2, 3],
      [2, 3, 4],
    ],
    [[], [1]],
    [[5], []],
    [
      [4, 7, 1],
      [1, 9, 7],
    ],
    [
      [6, 8],
      [5, 3],
    ],
  ],
  (d) => [some(d, 0, 7, 0, 9), some(d, 0, 7, 0, 9)],
);
list.ofList("alternating-sum", (xs) => total(xs.map((x, k) => (k % 2 === 0 ? x : -x))), [
  [1, 2, 3],
  [],
  [5],
  [4, -1],
  [10, 2, 3, 1],
  [7, 7, 7, 7, 7],
]);
list.ofList(
  "remove-adjacent-duplicates",
  (xs) => xs.filter((x, k) => k === 0 || x !== xs[k - 1]),
  [[1, 1, 2], [], [5], [4, 4, 4], [1, 2, 1], [3, 3, 6, 6, 3], [7, 8, 8, 9]],
  (d) => some(d, 0, 8, 0, 2),
);
list.ofList(
  "position-of-maximum",
  (xs) => xs.indexOf(Math.max(...xs)),
  [[1, 2, 3], [5], [4, -1, 7, 2], [9, 1, 9, 4, 0], [-3, -8], [0, 6, 6]],
  notEmpty,
);
list.task<[Ints, number, number]>(
  "list",
  "clamp-all",
  "xs low high",
  (xs, low, high) => xs.map((x) => Math.min(high, Math.max(low, x))),
  [
    [[1, 5, 9], 2, 7],
    [[], 0, 1],
    [[-5, 3], 0, 10],
    [[4, 4, 12], 5, 6],
    [[8, 6, 3, 0, 20], 3, 8],
  ],
  (d) => {
    const low = d(-5, 8);
    return [some(d, 0, 7), low, low + d(0, 8)];
  },
);
list.ofList(
  "evens-before-odds",
  (xs) => [...xs.filter((x) => x % 2 === 0), ...xs.filter((x) => x % 2 !== 0)],
  [[1, 2, 3], [], [5], [4, 6], [7, 2, -1, 8], [3, 3, 10]],
);

list.ofInt("absolute-value", (n) => Math.abs(n), [3, -4, 0, -10, 7], -50, 50);
list.ofInts<[number, number, number]>(
  "largest-of-three",
  "a b c",
  (a, b, c) => Math.max(a, b, c),
  [
    [1, 2, 3],
    [9, 4, 2],
    [5, 8, 6],
    [-1, -2, -3],
    [7, 7, 1],
  ],
  (d) => [d(-20, 20), d(-20, 20), d(-20, 20)],
);
list.ofInts<[number, number, number]>(
  "clamp",
  "x low high",
  (x, low, high) => Math.min(high, Math.max(low, x)),
  [
    [5, 0, 10],
    [-3, 0, 10],
    [12, 0, 10],
    [4, 4, 6],
    [9, 2, 6],
    [1, 2, 6],
  ],
  (d) => {
    const low = d(-9, 9);
    return [d(-20, 20), low, low + d(0, 15)];
  },
);
list.ofInt("sign", (n) => Math.sign(n) + 0, [3, -4, 0, -10, 7, 1, -1], -9, 9);
list.ofInt("is-even", (n) => n % 2 === 0, [3, 4, 0, 10, 7, -2], -50, 50);
list.ofInts<[number, number]>(
  "greatest-common-divisor",
  "a b",
  gcd,
  [
    [12, 18],
    [7, 5],
    [10, 5],
    [36, 24],
    [9, 9],
    [1, 8],
    [14, 21],
  ],
  (d) => {
    const factor = d(1, 6);
    return [factor * d(1, 9), factor * d(1, 9)];
  },
);
list.ofInts<[number, number]>(
  "least-common-multiple",
  "a b",
  (a, b) => (a * b) / gcd(a, b),
  [
    [4, 6],
    [7, 5],
    [10, 5],
    [3, 3],
    [1, 8],
    [6, 9],
    [8, 12],
  ],
  (d) => {
    const factor = d(1, 4);
    return [factor * d(1, 6), factor * d(1, 6)];
  },
);
list.ofInt("factorial", (n) => upTo(n).reduce((p, k) => p * k, 1), [0, 1, 2, 3, 5, 6], 0, 12);
list.ofInt(
  "fibonacci",
  (n) => {
    let [a, b] = [0, 1];
    for (let k = 0; k < n; k++) [a, b] = [b, a + b];
    return a;
  },
  [0, 1, 2, 3, 4, 5, 6, 10],
  0,
  25,
);
list.ofInt("triangular-number", (n) => (n * (n + 1)) / 2, [0, 1, 2, 3, 5, 10], 0, 40);
list.ofInts<[number, number]>(
  "power",
  "x n",
  (x, n) => x ** n,
  [
    [2, 3],
    [5, 0],
    [3, 2],
    [10, 4],
    [1, 7],
    [0, 2],
  ],
  (d) => [d(0, 9), d(0, 6)],
);
list.ofInt("digit-sum", (n) => total(digitsOf(n)), [0, 7, 12, 305, 999, 1234], 0, 99_999);
list.ofInt("digit-count", (n) => digitsOf(n).length, [1, 7, 12, 305, 999, 1000, 45_678], 1, 99_999);
list.ofInt(
  "reverse-digits",
  (n) => Number(digitsOf(n).toReversed().join("")),
  [0, 7, 12, 305, 120, 1234],
  0,
  99_999,
);
list.ofInt("is-prime", (n) => divisors(n).length === 2, [1, 2, 3, 4, 5, 9, 11, 15, 17, 25], 1, 60);
list.ofInt("divisor-count", (n) => divisors(n).length, [1, 2, 4, 6, 7, 12, 16], 1, 60);
list.ofInt("divisor-sum", (n) => total(divisors(n)), [1, 2, 4, 6, 7, 12, 10], 1, 60);
list.ofInt("is-leap-year", isLeapYear, [2024, 2023, 1900, 2000, 2022, 1996, 2100, 2001, 1600], 1583, 2400);
list.ofInts<[number, number]>(
  "days-in-month",
  "month year",
  (month, year) => (month === 2 ? (isLeapYear(year) ? 29 : 28) : [4, 6, 9, 11].includes(month) ? 30 : 31),
  [
    [1, 2023],
    [2, 2023],
    [2, 2024],
    [4, 2023],
    [7, 2024],
    [8, 2023],
    [9, 2022],
    [11, 2021],
    [12, 2024],
    [2, 1900],
  ],
  (d) => [d(1, 12), d(1890, 2110)],
);
list.ofInt("integer-square-root", (n) => Math.floor(Math.sqrt(n)), [0, 1, 3, 4, 8, 10, 25, 35], 0, 200);
list.ofInt("collatz-step", collatz, [1, 2, 3, 6, 7, 10, 27], 1, 100);
list.ofInt(
  "collatz-length",
  (n) => {
    let steps = 0;
    for (let at = n; at !== 1; at = collatz(at)) steps++;
    return steps;
  },
  [1, 2, 3, 4, 6, 7, 8, 9],
  1,
  60,
);
list.ofInt("binary-length", (n) => n.toString(2).length, [1, 2, 3, 4, 7, 8, 100, 255], 1, 1000);
list.ofInt(
  "count-of-ones",
  (n) => n.toString(2).replaceAll("0", "").length,
  [0, 1, 2, 3, 4, 7, 10, 255],
  0,
  1000,
);
list.ofInt("nth-even", (n) => 2 * (n - 1), [1, 2, 3, 7, 20], 1, 100);
list.ofInts<[number, number, number]>(
  "middle-of-three",
  "a b c",
  (a, b, c) => ascending([a, b, c])[1] as number,
  [
    [1, 2, 3],
    [9, 4, 2],
    [5, 8, 6],
    [-1, -3, -2],
    [7, 7, 1],
    [2, 9, 5],
    [4, 1, 3],
  ],
  (d) => [d(-20, 20), d(-20, 20), d(-20, 20)],
);
list.ofInt("is-square", (n) => Number.isInteger(Math.sqrt(n)), [0, 1, 2, 4, 8, 9, 12, 16, 20, 25], 0, 60);
list.ofInts<[number, number]>(
  "division-rounded-up",
  "a b",
  (a, b) => Math.ceil(a / b),
  [
    [7, 2],
    [6, 3],
    [1, 5],
    [0, 4],
    [10, 4],
    [9, 9],
  ],
  (d) => [d(0, 60), d(1, 9)],
);
list.ofInt("sum-of-squares", (n) => total(upTo(n).map((k) => k * k)), [0, 1, 2, 3, 4, 10], 0, 30);
list.ofInt("round-to-ten", (n) => 10 * Math.floor((n + 5) / 10), [3, 5, 12, 27, 40, 99, 0], 0, 200);

/** Ninety functions: sixty of lists, thirty of ints. */
export const textbookTasks: readonly TextbookTask[] = list.tasks;
