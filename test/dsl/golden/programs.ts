import {
  arithmetic,
  bool,
  fn,
  int,
  type Language,
  list,
  lists,
  logic,
  real,
  type Signature,
  string,
  text,
} from "../../../dsl/index.ts";
import { arithmeticOperations } from "../rows.ts";

/** A program, and what it must give on some arguments; traps are written as outcomes are shown. */
export interface GoldenProgram {
  readonly language: Language;
  readonly signature: Signature;
  readonly text: string;
  /** Arguments → the outcome as `outcomeText` shows it. */
  readonly cases: readonly (readonly [args: readonly unknown[], expected: string])[];
}

const reals = arithmetic({ constants: true, operations: arithmeticOperations });
const bits = logic({ operations: ["and", "or", "not", "xor", "nand", "if"] });
const strings = text({ literals: ["", " ", "-", ",", "@", ".", "0", "Mr. "] });
const lisp = lists({ types: [list(list(int))] });

const formula = fn({ x: real }, real);
const circuit = fn({ a: bool, b: bool, c: bool }, bool);
const clean = fn({ s: string }, string);
const fromList = fn({ xs: list(int) }, int);
const betweenLists = fn({ xs: list(int) }, list(int));

export const goldenPrograms: readonly GoldenProgram[] = [
  {
    language: reals,
    signature: formula,
    text: "(+ (* x x) 1.0)",
    cases: [
      [[3], "10"],
      [[-0.5], "1.25"],
    ],
  },
  {
    language: reals,
    signature: formula,
    text: "(let ((s (* x x))) (let ((q (* s s))) (* q q)))",
    cases: [
      [[2], "256"],
      [[-1], "1"],
    ],
  },
  {
    language: reals,
    signature: formula,
    text: "(/ x 0.0)",
    cases: [
      [[1], "Infinity"],
      [[0], "NaN"],
      [[-1], "-Infinity"],
    ],
  },
  {
    language: reals,
    signature: formula,
    text: "(sqrt (- 1 (square x)))",
    cases: [
      [[0.6], "0.8"],
      [[2], "NaN"],
    ],
  },
  {
    language: reals,
    signature: formula,
    text: "(exp (log x))",
    cases: [
      [[1], "1"],
      [[-1], "NaN"],
    ],
  },
  {
    language: reals,
    signature: formula,
    text: "(min (inverse x) -1.5e2)",
    cases: [
      [[1], "-150"],
      [[-0.001], "-1000"],
    ],
  },
  {
    language: reals,
    signature: fn({ x: real, y: real }, real),
    text: "(let ((s1 (- x y)) (s2 (* s1 s1))) (+ s2 (max s1 s2)))",
    cases: [
      [[3, 1], "8"],
      [[1, 1.5], "0.5"],
    ],
  },
  {
    language: bits,
    signature: circuit,
    text: "(xor a (xor b c))",
    cases: [
      [[true, true, true], "true"],
      [[true, true, false], "false"],
    ],
  },
  {
    language: bits,
    signature: circuit,
    text: "(let ((ab (xor a b))) (or (and a b) (and c ab)))",
    cases: [
      [[true, false, true], "true"],
      [[true, false, false], "false"],
      [[true, true, false], "true"],
    ],
  },
  {
    language: bits,
    signature: circuit,
    text: "(if a b (nand c c))",
    cases: [
      [[false, true, true], "false"],
      [[true, true, false], "true"],
    ],
  },
  { language: bits, signature: circuit, text: "b", cases: [[[true, false, true], "false"]] },
  {
    language: strings,
    signature: clean,
    text: '(split-part s "@" 0)',
    cases: [
      [["ann@example.org"], '"ann"'],
      [["ann"], '"ann"'],
    ],
  },
  {
    language: strings,
    signature: clean,
    text: '(lower (split-part s "@" -1))',
    cases: [[["Ann@EXAMPLE.org"], '"example.org"']],
  },
  {
    language: strings,
    signature: clean,
    text: '(concat (split-part s " " 1) (concat "," (concat " " (split-part s " " 0))))',
    cases: [
      [["Ada Lovelace"], '"Lovelace, Ada"'],
      [["Ada"], '", Ada"'],
    ],
  },
  {
    language: strings,
    signature: clean,
    text: '(replace-all (trim s) "-" "")',
    cases: [[[" 555-12-34 "], '"5551234"']],
  },
  {
    language: strings,
    signature: clean,
    text: "(title-case (squeeze s))",
    cases: [[["  jOHN   smith "], '"John Smith"']],
  },
  {
    language: strings,
    signature: clean,
    text: '(if (starts-with s "Mr. ") (substring s (length "Mr. ") (length s)) s)',
    cases: [
      [["Mr. Fox"], '"Fox"'],
      [["Fox"], '"Fox"'],
      [[""], '""'],
    ],
  },
  {
    language: strings,
    signature: fn({ s: string, n: int }, string),
    text: '(pad-left (int-to-string (+ n (string-to-int s))) 3 "0")',
    cases: [
      [["7", 5], '"012"'],
      [["x", 1], '"000"'],
      [["9007199254740991", 1], "trap: overflow"],
    ],
  },
  {
    language: strings,
    signature: fn({ s: string }, bool),
    text: '(and (not (= s "")) (=@string s (reverse s)))',
    cases: [
      [["anna"], "true"],
      [["ann"], "false"],
      [[""], "false"],
    ],
  },
  {
    language: strings,
    signature: fn({ s: string }, int),
    text: '(index-of s "." (+ 1 (index-of s "." 0)))',
    cases: [
      [["a.b.c"], "3"],
      [["ab"], "-1"],
    ],
  },
  {
    language: lisp,
    signature: fromList,
    text: "(fold (lambda (i j) (+ i (* j j))) 0 xs)",
    cases: [
      [[[1, 2, 3]], "14"],
      [[[]], "0"],
    ],
  },
  {
    language: lisp,
    signature: fromList,
    text: "(div (sum xs) (length xs))",
    cases: [
      [[[1, 2, 4]], "2"],
      [[[-1, 0]], "-1"],
      [[[]], "trap: divide-by-zero"],
    ],
  },
  {
    language: lisp,
    signature: fromList,
    text: "(if (= (empty) xs) -1 (head xs))",
    cases: [
      [[[7]], "7"],
      [[[]], "-1"],
    ],
  },
  {
    language: lisp,
    signature: fromList,
    text: "(element-at (div (length xs) 2) (sort xs))",
    cases: [
      [[[9, 1, 5]], "5"],
      [[[]], "trap: out-of-range"],
    ],
  },
  {
    language: lisp,
    signature: betweenLists,
    text: "(map (lambda (i) (count (lambda (j) (< j i)) xs)) xs)",
    cases: [[[[3, 1, 2]], "[2 0 1]"]],
  },
  {
    language: lisp,
    signature: betweenLists,
    text: "(filter (lambda (i) (and (even i) (< 2 i))) xs)",
    cases: [[[[2, 4, 5, 6]], "[4 6]"]],
  },
  {
    language: lisp,
    signature: betweenLists,
    text: "(map (lambda (i) (div 6 i)) xs)",
    cases: [
      [[[1, 4]], "[6 1]"],
      [[[1, 0]], "trap: divide-by-zero"],
      [[[]], "[]"],
    ],
  },
  {
    // A let names a term, and one that is used only inside a lambda stands there: it cannot fail when that is not called.
    language: lisp,
    signature: betweenLists,
    text: "(let ((top (maximum xs))) (map (lambda (x) (- top x)) xs))",
    cases: [
      [[[1, 5, 2]], "[4 0 3]"],
      [[[]], "[]"],
    ],
  },
  {
    language: lisp,
    signature: fn({ xss: list(list(int)) }, list(int)),
    text: "(concat (map (lambda (xs) (reverse xs)) xss))",
    cases: [[[[[1, 2], [], [3]]], "[2 1 3]"]],
  },
  {
    // A multiplication table, the element of the inner list first: lambdas inside lambdas see each other's variables.
    language: lisp,
    signature: fn({ n: int }, list(list(int))),
    text: "(map (lambda (row) (map (lambda (column) (- (* row 10) column)) (range n))) (range n))",
    cases: [
      [[2], "[[0 -1] [10 9]]"],
      [[0], "[]"],
      [[2000], "trap: too-long"],
    ],
  },
  {
    // Written without sharing, since the lambda of `s` is first met at another depth than where it is defined.
    language: lisp,
    signature: betweenLists,
    text: "(let ((s (map (lambda (i) (+ i 1)) xs))) (map (lambda (j) (+ j (sum s))) xs))",
    cases: [[[[1, 2]], "[6 7]"]],
  },
  {
    language: lisp,
    signature: fromList,
    text: "(fold (lambda (best i) (if (< (count (lambda (j) (= best j)) xs) (count (lambda (j) (= i j)) xs)) i best)) 0 xs)",
    cases: [
      [[[4, 7, 7, 4, 7]], "7"],
      [[[]], "0"],
    ],
  },
];
