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
} from "./textbook-task.ts";

const list = new TaskList();

const shuffled = (draw: Draw, xs: Ints): number[] =>
  xs
    .map((x) => [x, draw(0, 999)] as const)
    .toSorted((a, b) => a[1] - b[1])
    .map(([x]) => x);
list.ofList(
  "last-element",
  (xs) => xs.at(-1) as number,
  [[1, 2, 3], [5], [4, -1, 7, 2], [9, 1, 9, 4, 0], [3, -8]],
  (d) => some(d, 1, 8),
);
list.task<[Ints, number]>(
  "list",
  "sum-of-first-n",
  "xs n",
  (xs, n) => total(xs.slice(0, n)),
  [
    [[1, 2, 3], 2],
    [[4, -1, 7, 2], 3],
    [[5, 6], 0],
    [[], 1],
    [[10, 20, 30], 3],
    [[4, 9], 5],
  ],
  (d) => [some(d, 0, 8), d(0, 6)],
);
list.task<[Ints, number]>(
  "list",
  "multiply-all",
  "xs n",
  // Plus 0, since there is no negative zero among the ints.
  (xs, n) => xs.map((x) => x * n + 0),
  [
    [[1, 2, 3], 2],
    [[], 4],
    [[5, -4], 3],
    [[7, 0, 9], -1],
    [[6, 8], 0],
    [[10], 10],
  ],
  (d) => [some(d, 0, 7), d(-4, 9)],
);
list.task<[Ints, number]>(
  "list",
  "count-greater-than",
  "xs x",
  (xs, x) => xs.filter((y) => y > x).length,
  [
    [[1, 5, 3], 2],
    [[], 1],
    [[4, 4, 6], 4],
    [[-3, 0, -8, 2], -5],
    [[2, 1], 9],
    [[12, 7, 15, 20, 3], 6],
  ],
  (d) => [some(d, 0, 8), d(-5, 15)],
);
list.task<[Strings, number]>(
  "list",
  "words-longer-than",
  "words n",
  (ws, n) => ws.filter((w) => w.length > n),
  [
    [["pear", "fig", "apple"], 3],
    [[], 2],
    [["banana", "kiwi", "cherry", "plum"], 5],
    [["lime", "date"], 4],
    [["orange", "fig", "grape", "papaya"], 4],
    [["avocado"], 2],
  ],
  (d) => [someWords(d, 0, 7), d(2, 6)],
);
list.task<[Strings]>(
  "list",
  "initials",
  "words",
  (ws) => ws.map((w) => w.slice(0, 1)).join(""),
  [[["pear", "fig"]], [[]], [["apple"]], [["lime", "kiwi", "lime"]], [["banana", "orange", "date", "plum"]]],
  (d) => [someWords(d, 1, 6)],
);
list.ofList(
  "all-equal",
  (xs) => xs.every((x) => x === xs[0]),
  [[4, 4, 4], [], [5], [1, 2], [7, 7, 3], [3, 7, 7], [2, 9, 2], [0, 0], [6, 6, 6, 6], [8, 8, 1, 8]],
  (d) => {
    const x = d(-9, 20);
    const equal = Array.from({ length: d(0, 5) }, () => x);
    return d(0, 1) === 0 ? equal : shuffled(d, [...equal, ...some(d, 1, 3)]);
  },
);
list.ofList(
  "has-duplicates",
  (xs) => new Set(xs).size < xs.length,
  [[1, 2, 1], [], [5], [4, 4], [3, 1, 2], [9, 2, 7, 0, 2], [8, 6], [5, -5, 1, 10]],
  (d) => some(d, 1, 7, 0, 12),
);
list.task<[Ints, Ints]>(
  "list",
  "are-anagrams",
  "xs ys",
  (xs, ys) => ascending(xs).join(" ") === ascending(ys).join(" "),
  [
    [
      [1, 2, 3],
      [3, 1, 2],
    ],
    [
      [1, 2, 3],
      [1, 2, 4],
    ],
    [[], []],
    [[5], []],
    [
      [1, 1, 2],
      [1, 2, 2],
    ],
    [
      [1, 4],
      [2, 3],
    ],
    [
      [7, 0, 7, 6],
      [6, 7, 7, 0],
    ],
    [
      [8, 9],
      [9, 8, 8],
    ],
    [
      [2, 5],
      [2, 5],
    ],
  ],
  (d) => {
    const xs = some(d, 0, 6, 0, 9);
    const way = d(0, 3);
    // Other elements, one of them another or one too many, or the same ones.
    if (way === 0) return [xs, some(d, 0, 6, 0, 9)];
    if (way === 1) return [xs, shuffled(d, [...xs.slice(d(0, 1)), d(0, 9)])];
    return [xs, shuffled(d, xs)];
  },
);
list.task<[Ints, Ints]>(
  "list",
  "union",
  "xs ys",
  (xs, ys) => [...xs, ...ys.filter((y) => !xs.includes(y))],
  [
    [
      [1, 2, 3],
      [2, 3, 4],
    ],
    [[], [1]],
    [[5], []],
    [
      [4, 7, 1],
      [9, 1, 0, 7],
    ],
    [
      [8, 6],
      [5, 3],
    ],
    [
      [2, 9],
      [9, 2],
    ],
  ],
  // Neither list has an element twice.
  (d) => [[...new Set(some(d, 0, 6, 0, 9))], [...new Set(some(d, 0, 6, 0, 9))]],
);
list.task<[Ints, Ints]>(
  "list",
  "hamming-distance",
  "xs ys",
  (xs, ys) => xs.filter((x, k) => x !== ys[k]).length,
  [
    [
      [1, 2, 3],
      [1, 5, 3],
    ],
    [[], []],
    [[4], [9]],
    [
      [1, 0, 1, 1],
      [0, 0, 1, 0],
    ],
    [
      [7, 8],
      [7, 8],
    ],
    [
      [6, 2, 6],
      [2, 6, 9],
    ],
  ],
  (d) => {
    const xs = some(d, 1, 7, 0, 9);
    return [xs, xs.map((x) => (d(0, 1) === 0 ? x : d(0, 9)))];
  },
);
list.ofList(
  "number-from-digits",
  (xs) => xs.reduce((number, digit) => 10 * number + digit, 0),
  [[1, 2, 3], [7], [4, 0], [9, 0, 5, 2], [0, 8], [3, 3, 1, 6, 4]],
  (d) => some(d, 1, 6, 0, 9),
);
list.ofList(
  "move-zeros-to-end",
  (xs) => [...xs.filter((x) => x !== 0), ...xs.filter((x) => x === 0)],
  [[0, 1, 2], [], [5], [0, 0], [4, 0, -1, 0, 7], [3, 2, 1], [0, 9, 0, 6, 8, 0]],
  (d) => shuffled(d, [...some(d, 0, 5), ...some(d, 0, 3, 0, 0)]),
);
list.ofList(
  "above-average",
  (xs) => xs.filter((x) => x * xs.length > total(xs)),
  [[1, 2, 3], [5], [4, 10, 7, 2], [6, 6, 6], [20, 1, 2], [-4, -1, 8, 9], [3, 4]],
  (d) => some(d, 1, 8),
);
list.task<[Ints, number]>(
  "list",
  "intersperse",
  "xs x",
  (xs, x) => xs.flatMap((y, k) => (k === 0 ? [y] : [x, y])),
  [
    [[1, 2, 3], 0],
    [[], 4],
    [[5], 9],
    [[7, 8], 1],
    [[6, -2, 6, 3], 10],
  ],
  (d) => [some(d, 0, 6), d(0, 9)],
);
list.ofList(
  "sum-without-extremes",
  (xs) => total(xs) - Math.max(...xs) - Math.min(...xs),
  [
    [1, 2, 3],
    [9, 4, 7, 8],
    [6, 6, 6],
    [10, 3, 5, 10, 0],
    [8, 3, 3, 5],
    [2, 9],
  ],
  (d) => some(d, 3, 8, 0, 10),
);
list.task<[Lists]>(
  "list",
  "diagonal-sum",
  "xss",
  (xss) => total(xss.map((xs, k) => xs[k] as number)),
  [
    [
      [
        [1, 2],
        [3, 4],
      ],
    ],
    [[[5]]],
    [
      [
        [1, 2, 3],
        [4, 5, 6],
        [7, 8, 9],
      ],
    ],
    [
      [
        [0, 9],
        [8, -3],
      ],
    ],
    [
      [
        [2, 0, 7],
        [1, 6, 1],
        [4, 4, -5],
      ],
    ],
  ],
  (d) => {
    const width = d(1, 4);
    return [Array.from({ length: width }, () => some(d, width, width))];
  },
);
list.task<[Ints, number]>(
  "list",
  "polynomial-value",
  "coefficients x",
  // The constant comes first.
  (coefficients, x) => coefficients.reduceRight((value, coefficient) => value * x + coefficient, 0),
  [
    [[1, 2, 3], 2],
    [[], 5],
    [[7], 3],
    [[4, -1], 6],
    [[0, 0, 1], 5],
    [[3, 0, 2, 1], 10],
    [[6, 5, 8], 0],
    [[2, 1, 1], -1],
  ],
  (d) => [some(d, 0, 5, -5, 9), d(-3, 6)],
);
list.ofList(
  "longest-run",
  (xs) => {
    let [longest, length] = [0, 0];
    for (const [k, x] of xs.entries()) {
      length = k > 0 && x === xs[k - 1] ? length + 1 : 1;
      longest = Math.max(longest, length);
    }
    return longest;
  },
  [[1, 1, 2], [], [5], [4, 4, 4], [1, 2, 1], [3, 6, 6, 6, 3, 3], [7, 8, 8, 9, 8], [2, 2, 0, 2, 2]],
  (d) => some(d, 0, 9, 0, 2),
);
list.ofList(
  "count-peaks",
  (xs) =>
    xs.filter((x, k) => k > 0 && k < xs.length - 1 && x > (xs[k - 1] as number) && x > (xs[k + 1] as number))
      .length,
  [[1, 3, 2], [], [5], [1, 2, 3], [9, 4, 8], [0, 6, 1, 7, 2], [2, 5, 5, 1], [3, 8, 6, 4, -1, 0, -2], [4, 1]],
  (d) => some(d, 2, 9),
);

list.ofInts<[number, number]>(
  "distance",
  "a b",
  (a, b) => Math.abs(a - b),
  [
    [3, 7],
    [9, 2],
    [5, 5],
    [-4, 6],
    [0, -8],
    [-3, -10],
  ],
  (d) => [d(-30, 30), d(-30, 30)],
);
list.ofInt(
  "century-of-year",
  (n) => Math.ceil(n / 100),
  [1, 100, 101, 1492, 1900, 1901, 2000, 2024],
  1,
  2200,
);
list.ofInt("twelve-hour-clock", (n) => (n % 12 === 0 ? 12 : n % 12), [0, 1, 7, 11, 12, 13, 18, 23], 0, 23);
list.ofInts<[number, number]>(
  "sum-from-to",
  "a b",
  (a, b) => total(upTo(b - a + 1).map((k) => a + k - 1)),
  [
    [1, 3],
    [4, 6],
    [5, 5],
    [0, 10],
    [7, 8],
    [-2, 4],
  ],
  (d) => {
    const a = d(-9, 20);
    return [a, a + d(0, 15)];
  },
);
list.ofInts<[number, number, number]>(
  "is-triangle",
  "a b c",
  (a, b, c) => a < b + c && b < a + c && c < a + b,
  [
    [3, 4, 5],
    [1, 2, 3],
    [1, 1, 5],
    [2, 9, 4],
    [8, 3, 4],
    [6, 6, 6],
    [7, 3, 5],
    [4, 10, 6],
    [5, 9, 8],
    [9, 5, 4],
  ],
  (d) => [d(1, 12), d(1, 12), d(1, 12)],
);
list.ofInt(
  "sum-of-digit-squares",
  (n) => total(digitsOf(n).map((digit) => digit * digit)),
  [0, 7, 12, 305, 99, 1234],
  0,
  99_999,
);
list.ofInt(
  "smallest-prime-factor",
  (n) => upTo(n).find((k) => k > 1 && n % k === 0) as number,
  [2, 3, 4, 9, 12, 15, 25, 35, 13, 49],
  2,
  100,
);
list.ofInts<[number]>(
  "is-power-of-two",
  "n",
  (n) => Number.isInteger(Math.log2(n)),
  [[1], [2], [3], [4], [6], [7], [8], [12], [32], [100]],
  (d) => [d(0, 1) === 0 ? 1 << d(0, 8) : d(1, 100)],
);
list.ofInts<[number, number]>(
  "binomial-coefficient",
  "n k",
  (n, k) => upTo(k).reduce((ways, j) => (ways * (n - j + 1)) / j, 1),
  [
    [4, 2],
    [5, 0],
    [3, 3],
    [5, 1],
    [5, 3],
    [6, 2],
    [0, 0],
    [7, 4],
  ],
  (d) => {
    const n = d(3, 10);
    return [n, d(0, n)];
  },
);
list.ofInt(
  "digital-root",
  (n) => {
    let root = n;
    while (root > 9) root = total(digitsOf(root));
    return root;
  },
  [0, 5, 9, 10, 18, 38, 99, 123, 4567],
  0,
  99_999,
);

/** Thirty functions that were written after the search was made, by someone who had not seen its language: twenty of lists, ten of ints. */
export const freshTextbookTasks: readonly TextbookTask[] = list.tasks;
