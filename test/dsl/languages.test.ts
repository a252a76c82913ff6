import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  arithmetic,
  InputError,
  isTrap,
  isValueOf,
  kernels,
  limits,
  lists,
  logic,
  type Outcome,
  outcomeText,
  type Production,
  sameOutcome,
  text,
  trap,
  type TrapReason,
  type Type,
  type TypeShape,
  typeText,
  type Value,
} from "../../dsl/index.ts";
import { compileChecked } from "../../dsl/row-code.ts";
import { applications, exportedRow, grammars } from "./rows.ts";

type Row = readonly [name: string, args: readonly unknown[], expected: Outcome];

const large = Number.MAX_SAFE_INTEGER;
const { NaN: nan, POSITIVE_INFINITY: infinity } = Number;
const tenth = Math.fround(0.1);
const isPositive = (x: number): boolean => x > 0;
const plus = (x: number, y: number): number => x + y;

const golden: Readonly<Record<Exclude<keyof typeof grammars, "collections">, readonly Row[]>> = {
  arithmetic: [
    ["+", [0.1, 0.2], 0.30000000000000004],
    ["+", [infinity, -infinity], nan],
    ["-", [1, 3], -2],
    ["*", [0, infinity], nan],
    ["*", [-1, 0], -0],
    ["/", [1, 0], infinity],
    ["/", [1, -0], -infinity],
    ["/", [0, 0], nan],
    ["sqrt", [2], Math.SQRT2],
    ["sqrt", [-1], nan],
    ["sqrt", [-0], -0],
    ["exp", [1], kernels.exp(1)],
    ["exp", [-infinity], 0],
    ["log", [1], 0],
    ["log", [0], -infinity],
    ["log", [-1], nan],
    ["sin", [0.5], kernels.sin(0.5)],
    ["cos", [0], 1],
    ["tan", [0], 0],
    ["tanh", [1e9], 1],
    ["pow", [2, 10], 1024],
    ["pow", [-8, 1 / 3], nan],
    ["log1p", [1e-300], 1e-300],
    ["log1p", [-1], -infinity],
    ["log1p", [-2], nan],
    ["expm1", [-1e-300], -1e-300],
    ["expm1", [-infinity], -1],
    ["cbrt", [-27], -3],
    ["floor", [-0.5], -1],
    ["floor", [-0], -0],
    ["floor", [infinity], infinity],
    ["abs", [-0], 0],
    ["abs", [-2.5], 2.5],
    ["min", [0, -0], -0],
    ["min", [-0, 0], -0],
    ["min", [nan, 1], nan],
    ["min", [1, nan], nan],
    ["max", [0, -0], 0],
    ["max", [-0, 0], 0],
    ["max", [nan, 1], nan],
    ["max", [1, 2], 2],
    ["square", [-3], 9],
    ["cube", [-2], -8],
    ["neg", [0], -0],
    ["neg", [-1.5], 1.5],
    ["inverse", [4], 0.25],
    ["inverse", [-0], -infinity],
  ],
  // What C gives for float operands, each result a float.
  "single arithmetic": [
    ["+", [tenth, Math.fround(0.2)], 0.30000001192092896],
    ["+", [16_777_216, 1], 16_777_216],
    ["-", [1, 2 ** -25], 1],
    ["*", [tenth, tenth], 0.010000000707805157],
    ["*", [1e30, 1e30].map(Math.fround), infinity],
    ["*", [1e-30, -1e-30].map(Math.fround), -0],
    ["/", [1, 3], 0.3333333432674408],
    ["/", [0, 0], nan],
    ["sqrt", [2], 1.4142135381698608],
    ["exp", [1], 2.7182817459106445],
    ["exp", [89], infinity],
    ["log", [2], 0.6931471824645996],
    ["sin", [0.5], 0.4794255495071411],
    ["cos", [0], 1],
    ["tan", [0], 0],
    ["tanh", [10], 1],
    ["pow", [2, -149], 2 ** -149],
    ["pow", [2, -150], 0],
    ["abs", [-0], 0],
    ["min", [0, -0], -0],
    ["max", [nan, 1], nan],
    ["square", [tenth], 0.010000000707805157],
    // Rounded twice: once would give 4.913000583648682.
    ["cube", [Math.fround(1.7)], 4.913000106811523],
    ["neg", [0], -0],
    ["inverse", [3], 0.3333333432674408],
    ["inverse", [2 ** -149], infinity],
    ["log1p", [-1], -infinity],
    ["log1p", [1], Math.fround(0.6931471805599453)],
    ["expm1", [-infinity], -1],
    ["cbrt", [2], Math.fround(1.2599210498948732)],
    ["floor", [-0.5], -1],
  ],
  logic: [
    ["and", [true, true], true],
    ["and", [true, false], false],
    ["or", [false, true], true],
    ["or", [false, false], false],
    ["not", [true], false],
    ["nand", [true, true], false],
    ["nand", [true, false], true],
    ["nor", [false, false], true],
    ["nor", [false, true], false],
    ["xor", [true, false], true],
    ["xor", [true, true], false],
    ["xnor", [false, false], true],
    ["xnor", [false, true], false],
    ["if", [true, false, true], false],
    ["if", [false, false, true], true],
    ["implies", [true, false], false],
    ["implies", [false, false], true],
    ["implies", [true, true], true],
  ],
  "bit vectors": [
    ["bvand", [0xf0n, 0x3cn], 0x30n],
    ["bvor", [0xf0n, 0x3cn], 0xfcn],
    ["bvxor", [0xf0n, 0x3cn], 0xccn],
    ["bvnot", [0x0fn], 0xf0n],
    ["bvneg", [1n], 0xffn],
    ["bvneg", [0n], 0n],
    ["bvneg", [0x80n], 0x80n],
    ["bvadd", [0xffn, 2n], 1n],
    ["bvsub", [1n, 2n], 0xffn],
    ["bvmul", [0x10n, 0x11n], 0x10n],
    ["bvudiv", [200n, 7n], 28n],
    ["bvudiv", [0n, 0n], 0xffn],
    ["bvurem", [200n, 7n], 4n],
    ["bvurem", [200n, 0n], 200n],
    ["bvsdiv", [0xf9n, 2n], 0xfdn],
    ["bvsdiv", [7n, 0xfen], 0xfdn],
    ["bvsdiv", [0x80n, 0xffn], 0x80n],
    ["bvsdiv", [5n, 0n], 0xffn],
    ["bvsdiv", [0xfbn, 0n], 1n],
    ["bvsrem", [0xf9n, 2n], 0xffn],
    ["bvsrem", [7n, 0xfen], 1n],
    ["bvsrem", [0x80n, 0xffn], 0n],
    ["bvsrem", [0xfbn, 0n], 0xfbn],
    ["bvshl", [0x81n, 1n], 2n],
    ["bvshl", [1n, 7n], 0x80n],
    ["bvshl", [1n, 8n], 0n],
    ["bvshl", [1n, 64n], 0n],
    ["bvlshr", [0x81n, 1n], 0x40n],
    ["bvlshr", [0x81n, 8n], 0n],
    ["bvashr", [0x81n, 1n], 0xc0n],
    ["bvashr", [0x81n, 200n], 0xffn],
    ["bvashr", [0x71n, 8n], 0n],
    ["shl1", [0xc1n], 0x82n],
    ["shr1", [0xc1n], 0x60n],
    ["shr4", [0xc1n], 0x0cn],
    ["shr16", [0xc1n], 0n],
    ["if0", [1n, 5n, 6n], 5n],
    ["if0", [0n, 5n, 6n], 6n],
    ["if0", [3n, 5n, 6n], 6n],
    ["bvult", [1n, 0xffn], true],
    ["bvult", [1n, 1n], false],
    ["bvule", [1n, 1n], true],
    ["bvule", [0xffn, 1n], false],
    ["bvslt", [0xffn, 1n], true],
    ["bvslt", [1n, 1n], false],
    ["bvsle", [0x80n, 0x7fn], true],
    ["bvsle", [2n, 1n], false],
    ["=", [7n, 7n], true],
    ["=", [7n, 0x87n], false],
    ["and", [true, false], false],
    ["or", [false, true], true],
    ["not", [true], false],
    ["if", [true, 1n, 2n], 1n],
    ["if", [false, 1n, 2n], 2n],
  ],
  text: [
    ["concat", ["ab", "c"], "abc"],
    ["concat", ["a".repeat(600), "b".repeat(600)], trap("too-long")],
    ["concat", ["a", trap("overflow")], trap("overflow")],
    ["length", ["héllo"], 5],
    ["length", ["😀"], 2],
    ["substring", ["hello", 1, 3], "ell"],
    ["substring", ["hello", 3, 100], "lo"],
    ["substring", ["hello", 5, 1], ""],
    ["substring", ["hello", -1, 3], ""],
    ["substring", ["hello", 1, 0], ""],
    ["substring", ["hello", 1, -2], ""],
    ["substring", ["hello", 1, large], "ello"],
    ["char-at", ["abc", 2], "c"],
    ["char-at", ["abc", 3], ""],
    ["char-at", ["abc", -1], ""],
    ["index-of", ["banana", "an", 0], 1],
    ["index-of", ["banana", "an", 2], 3],
    ["index-of", ["banana", "x", 0], -1],
    ["index-of", ["banana", "b", -1], -1],
    ["index-of", ["banana", "b", 7], -1],
    ["index-of", ["banana", "", 6], 6],
    ["index-of", ["banana", "", 7], -1],
    ["index-of", ["", "", 0], 0],
    ["last-index-of", ["banana", "an"], 3],
    ["last-index-of", ["banana", "x"], -1],
    ["last-index-of", ["banana", ""], 6],
    ["replace-first", ["a-b-c", "-", "+"], "a+b-c"],
    ["replace-first", ["abc", "", "x"], "xabc"],
    ["replace-first", ["abc", "b", "$&$&$1$$"], "a$&$&$1$$c"],
    ["replace-first", ["a.c", ".", "!"], "a!c"],
    ["replace-first", ["abc", "x", "y"], "abc"],
    ["replace-all", ["a-b-c", "-", ""], "abc"],
    ["replace-all", ["abc", "", "x"], "abc"],
    ["replace-all", ["aaa", "aa", "b"], "ba"],
    ["replace-all", ["a.c", ".", "$&"], "a$&c"],
    ["replace-all", ["a".repeat(1000), "a", "b".repeat(1000)], trap("too-long")],
    ["count-of", ["banana", "an"], 2],
    ["count-of", ["aaa", "aa"], 1],
    ["count-of", ["abc", ""], 0],
    ["upper", ["straße é x1"], "STRAßE é X1"],
    ["lower", ["İ ABC É"], "İ abc É"],
    ["title-case", ["hello WORLD, o'neil-smith 2nd élan don't"], "Hello World, O'neil-Smith 2nd élan Don't"],
    ["title-case", ["'quoted' a.b"], "'Quoted' A.B"],
    ["trim", ["  a b\t\n"], "a b"],
    ["trim", ["\u00a0x"], "x"],
    ["squeeze", ["  a \t b  c "], "a b c"],
    ["digits", ["+1 (555) 01-23"], "15550123"],
    ["reverse", ["abc"], "cba"],
    ["pad-left", ["7", 3, "0"], "007"],
    ["pad-left", ["7", 6, "ab"], "ababa7"],
    ["pad-left", ["7", 6, ""], "7"],
    ["pad-left", ["1234", 3, "0"], "1234"],
    ["pad-left", ["7", -5, "0"], "7"],
    ["pad-left", ["7", large, "0"], trap("too-long")],
    ["pad-left", ["7", large, ""], "7"],
    ["pad-right", ["7", 3, " "], "7  "],
    ["pad-right", ["7", 1001, "0"], trap("too-long")],
    ["split-part", ["a,b,c", ",", 1], "b"],
    ["split-part", ["a,b,c", ",", -1], "c"],
    ["split-part", ["a,b,c", ",", -3], "a"],
    ["split-part", ["a,b,c", ",", 3], ""],
    ["split-part", ["a,b,c", ",", -4], ""],
    ["split-part", ["abc", "", 0], "abc"],
    ["split-part", ["abc", "", 1], ""],
    ["split-part", ["a,,c", ",", 1], ""],
    ["starts-with", ["abc", "ab"], true],
    ["starts-with", ["abc", ""], true],
    ["ends-with", ["abc", "bc"], true],
    ["ends-with", ["abc", "ab"], false],
    ["contains", ["abc", "b"], true],
    ["contains", ["abc", ""], true],
    ["contains", ["abc", "ac"], false],
    ["string-to-int", ["0042"], 42],
    ["string-to-int", [""], -1],
    ["string-to-int", ["-1"], -1],
    ["string-to-int", ["1.5"], -1],
    ["string-to-int", [" 1"], -1],
    ["string-to-int", ["1\n"], -1],
    ["string-to-int", ["١"], -1],
    ["string-to-int", ["9007199254740993"], trap("overflow")],
    ["string-to-int", ["9".repeat(400)], trap("overflow")],
    ["int-to-string", [120], "120"],
    ["int-to-string", [0], "0"],
    ["int-to-string", [-1], ""],
    ["int-to-string", [large], "9007199254740991"],
    ["+", [2, -5], -3],
    ["+", [large, 1], trap("overflow")],
    ["-", [2, 5], -3],
    ["-", [-large, 1], trap("overflow")],
    ["=", ["a", "a"], true],
    ["=", ["a", "A"], false],
    ["=", [1, 1], true],
    ["=", [true, false], false],
    ["<", [1, 2], true],
    ["<", [2, 2], false],
    ["<=", [2, 2], true],
    ["<=", [3, 2], false],
    ["if", [true, "a", "b"], "a"],
    ["if", [false, 1, 2], 2],
    ["if", [true, "a", trap("too-long")], "a"],
    ["if", [trap("too-long"), "a", "b"], trap("too-long")],
    ["and", [true, false], false],
    ["and", [false, trap("overflow")], false],
    ["and", [true, trap("overflow")], trap("overflow")],
    ["or", [false, true], true],
    ["or", [true, trap("overflow")], true],
    ["or", [trap("overflow"), true], trap("overflow")],
    ["not", [true], false],
  ],
  lists: [
    ["map", [(x: number) => x * 2, [1, 2]], [2, 4]],
    ["map", [isPositive, [1, -2]], [true, false]],
    ["filter", [isPositive, [1, -2, 3]], [1, 3]],
    ["fold", [plus, 10, [1, 2]], 13],
    ["fold", [(acc: number[], x: number) => [x, ...acc], [], [1, 2]], [2, 1]],
    ["fold", [(acc: number, x: number) => acc - x, 0, []], 0],
    ["zip-with", [plus, [1, 2, 3], [10, 20]], [11, 22]],
    ["zip-with", [plus, [1], [10, 20]], [11]],
    ["any", [isPositive, [-1, 1]], true],
    ["any", [isPositive, []], false],
    ["all", [isPositive, [-1, 1]], false],
    ["all", [isPositive, []], true],
    ["count", [isPositive, [1, -1, 2]], 2],
    ["length", [[1, 2]], 2],
    ["head", [[3, 4]], 3],
    ["head", [[]], trap("empty")],
    ["last", [[3, 4]], 4],
    ["last", [[]], trap("empty")],
    ["tail", [[3, 4]], [4]],
    ["tail", [[]], []],
    ["init", [[3, 4]], [3]],
    ["init", [[]], []],
    ["take", [2, [1, 2, 3]], [1, 2]],
    ["take", [-1, [1, 2, 3]], []],
    ["take", [large, [1, 2, 3]], [1, 2, 3]],
    ["drop", [2, [1, 2, 3]], [3]],
    ["drop", [-1, [1, 2, 3]], [1, 2, 3]],
    ["drop", [4, [1, 2, 3]], []],
    ["element-at", [1, [5, 6]], 6],
    ["element-at", [2, [5, 6]], trap("out-of-range")],
    ["element-at", [-1, [5, 6]], trap("out-of-range")],
    ["reverse", [[1, 2, 3]], [3, 2, 1]],
    ["append", [[1], [2, 3]], [1, 2, 3]],
    ["append", [[[1]], [[2, 3]]], [[1], [2, 3]]],
    ["append", [new Array(600).fill(1), new Array(600).fill(1)], trap("too-long")],
    ["cons", [1, [2]], [1, 2]],
    ["cons", [0, new Array(1000).fill(1)], trap("too-long")],
    ["empty", [], []],
    ["concat", [[[1], [], [2, 3]]], [1, 2, 3]],
    ["concat", [new Array(1000).fill(new Array(1000).fill(1))], trap("too-long")],
    ["contains", [2, [1, 2]], true],
    ["contains", [3, [1, 2]], false],
    ["contains", [[1], [[2], [1]]], true],
    ["contains", [nan, [nan]], true],
    ["unique", [[2, 1, 2, 1]], [2, 1]],
    ["unique", [[[1], [2], [1]]], [[1], [2]]],
    ["unique", [[]], []],
    ["sort", [[10, 9, -1, 2]], [-1, 2, 9, 10]],
    ["sum", [[1, 2, 3]], 6],
    ["sum", [[]], 0],
    ["sum", [[large, large, -large]], trap("overflow")],
    ["product", [[2, 3]], 6],
    ["product", [[]], 1],
    ["product", [[large, large, 0]], trap("overflow")],
    ["maximum", [[1, 3, 2]], 3],
    ["maximum", [[]], trap("empty")],
    ["minimum", [[3, 1, 2]], 1],
    ["minimum", [[]], trap("empty")],
    ["range", [3], [0, 1, 2]],
    ["range", [0], []],
    ["range", [-5], []],
    ["range", [limits.listLength + 1], trap("too-long")],
    ["range", [large], trap("too-long")],
    ["+", [2, 3], 5],
    ["-", [2, 3], -1],
    ["*", [2, -3], -6],
    ["*", [0, -3], 0],
    ["*", [large, 2], trap("overflow")],
    ["div", [7, 2], 3],
    ["div", [-7, 2], -4],
    ["div", [7, -2], -4],
    ["div", [-7, -2], 3],
    ["div", [0, -5], 0],
    ["div", [large, -3], -3002399751580331],
    ["div", [large - 1, large], 0],
    ["div", [-1, large], -1],
    ["div", [7, 0], trap("divide-by-zero")],
    ["mod", [7, 2], 1],
    ["mod", [-7, 2], 1],
    ["mod", [7, -2], -1],
    ["mod", [-6, 2], 0],
    ["mod", [-1, large], large - 1],
    ["mod", [7, 0], trap("divide-by-zero")],
    ["min", [2, 3], 2],
    ["max", [2, 3], 3],
    ["abs", [-3], 3],
    ["neg", [3], -3],
    ["neg", [0], 0],
    ["even", [-2], true],
    ["even", [3], false],
    ["odd", [-3], true],
    ["odd", [2], false],
    ["=", [1, 1], true],
    [
      "=",
      [
        [1, 2],
        [1, 2],
      ],
      true,
    ],
    ["=", [[1, 2], [1]], false],
    ["=", [true, false], false],
    ["=", [0, -0], true],
    ["<", [1, 2], true],
    ["<=", [2, 1], false],
    ["if", [true, [1], [2]], [1]],
    ["if", [false, trap("empty"), 1], 1],
    ["and", [true, true], true],
    ["and", [false, trap("empty")], false],
    ["or", [false, false], false],
    ["or", [true, trap("empty")], true],
    ["not", [false], true],
  ],
};

/** Rows that collections have beside those of lists and texts. */
const ofCollections: readonly Row[] = [
  ["find", [isPositive, [-1, 3, 4]], 3],
  ["find", [isPositive, [-1]], trap("empty")],
  ["find", [(xs: number[]) => xs.length > 0, [[], [2]]], [2]],
  ["take-while", [isPositive, [2, 1, -1, 3]], [2, 1]],
  ["take-while", [isPositive, [2, 1]], [2, 1]],
  ["drop-while", [isPositive, [2, 1, -1, 3]], [-1, 3]],
  ["drop-while", [isPositive, [2, 1]], []],
  ["concat-map", [(x: number) => [x, -x], [1, 2]], [1, -1, 2, -2]],
  ["concat-map", [(x: number) => new Array(600).fill(x), [1, 2]], trap("too-long")],
  ["scan", [plus, 10, [1, 2, 3]], [11, 13, 16]],
  ["scan", [plus, 10, []], []],
  ["iterate", [(x: number) => x * 2, 3, 4], 48],
  ["iterate", [(x: number) => x * 2, 3, -1], 3],
  ["iterate", [(x: number) => x, 3, 1001], trap("out-of-fuel")],
  ["iterate-while", [(x: number) => x < 20, (x: number) => x * 2, 3], [3, 6, 12]],
  ["iterate-while", [(x: number) => x < 0, (x: number) => x * 2, 3], []],
  ["iterate-while", [() => true, (x: number) => x, 3], trap("too-long")],
  ["sort-by", [(x: number) => -x, [1, 3, 2]], [3, 2, 1]],
  ["sort-by", [(x: string) => x.length, ["bb", "a", "cc", ""]], ["", "a", "bb", "cc"]],
  ["index-of", [3, [1, 3, 3]], 1],
  ["index-of", [4, [1, 3]], -1],
  ["index-of", [[1], [[2], [1]]], 1],
  ["count-of", [3, [1, 3, 3]], 2],
  ["count-of", [[1], [[2], [1]]], 1],
  ["from-to", [2, 4], [2, 3, 4]],
  ["from-to", [2, 1], []],
  ["from-to", [1, 1001], trap("too-long")],
  ["from-to", [-large, large], trap("too-long")],
  ["digits", [10, 305], [3, 0, 5]],
  ["digits", [2, -6], [1, 1, 0]],
  ["digits", [10, 0], [0]],
  ["digits", [1, 5], trap("out-of-range")],
  ["from-digits", [10, [3, 0, 5]], 305],
  ["from-digits", [2, []], 0],
  ["from-digits", [1, []], trap("out-of-range")],
  ["from-digits", [2, [1, 2]], trap("out-of-range")],
  ["from-digits", [10, [-1]], trap("out-of-range")],
  ["from-digits", [10, new Array(20).fill(9)], trap("overflow")],
  ["every", [2, [1, 2, 3, 4, 5]], [1, 3, 5]],
  ["every", [1, []], []],
  ["every", [0, [1]], trap("out-of-range")],
  ["chunks", [2, [1, 2, 3]], [[1, 2], [3]]],
  ["chunks", [2, []], []],
  ["chunks", [0, [1]], trap("out-of-range")],
  [
    "transpose",
    [
      [
        [1, 2],
        [3, 4, 5],
      ],
    ],
    [
      [1, 3],
      [2, 4],
    ],
  ],
  ["transpose", [[]], []],
  [
    "zip",
    [
      [1, 2, 3],
      [4, 5],
    ],
    [
      [1, 4],
      [2, 5],
    ],
  ],
  ["zip", [[], [1]], []],
  ["group", [[1, 1, 2, 1]], [[1, 1], [2], [1]]],
  ["group", [[]], []],
  ["max-by", [(x: number) => x * x, [1, -3, 3]], -3],
  ["max-by", [(x: number) => x, []], trap("empty")],
  ["min-by", [(x: string) => x.length, ["bb", "a", "c"]], "a"],
  ["min-by", [(x: number) => x, []], trap("empty")],
  ["repeat", [3, 7], [7, 7, 7]],
  ["repeat", [-1, 7], []],
  ["repeat", [1001, 7], trap("too-long")],
  ["gcd", [12, -18], 6],
  ["gcd", [0, 5], 5],
  ["gcd", [0, 0], 0],
  ["join", [", ", ["a", "b"]], "a, b"],
  ["join", [", ", []], ""],
  ["split", [",", "a,b,"], ["a", "b", ""]],
  ["split", ["", "ab"], ["ab"]],
  ["sort-strings", [["b", "a", "B"]], ["B", "a", "b"]],
];

const renamed = (name: string): string =>
  ["length", "reverse", "contains", "concat", "digits"].includes(name) ? `string-${name}` : name;

/** Those of lists and texts that collections take in. */
const goldenOf = (language: keyof typeof grammars): readonly Row[] => {
  if (language !== "collections") return golden[language];
  const ofTexts = golden.text
    .filter(([name, args]) => typeof args[0] === "string" && !["=", "index-of", "count-of"].includes(name))
    .map(([name, args, expected]): Row => [renamed(name), args, expected]);
  const known = new Set(grammars.collections.language.primitives.map(({ name }) => name));
  const isOfReals = (args: readonly unknown[]): boolean => args.flat(9).includes(nan);
  return [...golden.lists.filter(([, args]) => !isOfReals(args)), ...ofTexts, ...ofCollections].filter(
    ([name]) => known.has(name),
  );
};

const languages = Object.keys(grammars) as (keyof typeof grammars)[];

/** The application of a row that takes these arguments. */
function applicationFor(
  language: keyof typeof grammars,
  name: string,
  args: readonly unknown[],
  expected: Outcome,
): Production {
  const grammar = grammars[language];
  const fits = (type: TypeShape, value: unknown): boolean =>
    type.kind === "function" ? typeof value === "function" : isTrap(value) || isValueOf(type, value);
  const found = applications(grammar).find((p) => {
    const row = p.primitive;
    const argumentsFit = p.children.every((type, k) => fits(grammar.types[type] as Type, args[k]));
    return (
      row?.name === name &&
      p.children.length === args.length &&
      argumentsFit &&
      fits(grammar.types[p.type] as Type, expected)
    );
  });
  if (found === undefined) throw new Error(`no application of ${name}`);
  return found;
}

describe.each(languages)("rows of %s", (language) => {
  const grammar = grammars[language];
  const rows = goldenOf(language);

  it.each(rows.map(([name, args, expected]) => [name, args.map(shown).join(" "), args, expected] as const))(
    "(%s %s)",
    (name, _shown, args, expected) => {
      const production = applicationFor(language, name, args, expected);
      const outcome = compileChecked(grammar, production)(...(args as Outcome[]));
      const same =
        typeof expected === "number" ? Object.is(outcome, expected) : sameOutcome(outcome, expected);
      expect(same ? "" : `got ${outcomeText(outcome)}; expected ${outcomeText(expected)}`).toBe("");
    },
  );

  it("have golden cases, all of them", () => {
    const named = new Set(rows.map(([name]) => name));
    expect(grammar.language.primitives.map((p) => p.name).filter((name) => !named.has(name))).toEqual([]);
  });

  it("have documentation of one line and names of their own", () => {
    const names = grammar.language.primitives.map((p) => p.name);
    expect(new Set(names).size).toBe(names.length);
    for (const { documentation } of grammar.language.primitives)
      expect(documentation).toMatch(/^\S[^\n]{8,}\.$/);
  });

  it("commute where they say so", () => {
    const commutative = applications(grammar).filter((p) => p.primitive?.commutative === true);
    expect(commutative.length).toBeGreaterThan(0);
    for (const production of commutative) {
      const apply = compileChecked(grammar, production);
      const values = (k: number): fc.Arbitrary<unknown> =>
        valuesOf(grammar.types[production.children[k] as number] as Type);
      fc.assert(
        fc.property(values(0), values(1), (x, y) => {
          expect(sameOutcome(apply(x as Outcome, y as Outcome), apply(y as Outcome, x as Outcome))).toBe(
            true,
          );
        }),
        { numRuns: 30, seed: 20_240_607 },
      );
    }
  });

  const productions = applications(grammar);
  it.each(productions.map((p) => [signatureText(p), p] as const))(
    "%s is total, and its exported code agrees",
    (_label, production) => {
      const checked = compileChecked(grammar, production);
      const exported = exportedRow(production);
      const result = grammar.types[production.type] as Type;
      fc.assert(
        fc.property(
          fc.tuple(...production.children.map((c) => valuesOf(grammar.types[c] as Type))),
          (args) => {
            args.forEach(deepFreeze);
            const outcome = checked(...(args as Outcome[]));
            const isTotal = isTrap(outcome) ? outcome.reason !== "threw" : isValueOf(result, outcome);
            expect(isTotal ? "" : `${outcomeText(outcome)} is no ${typeText(result)}`).toBe("");
            // The limits of ints, strings and lists are the machines' to check; other traps are the row's own.
            const isLimit = outcome === trap("overflow") || outcome === trap("too-long");
            expect(isLimit || sameOutcome(outcomeOf(exported, args), outcome)).toBe(true);
          },
        ),
        { numRuns: 60, seed: 20_240_607 },
      );
    },
  );

  function signatureText(production: Production): string {
    const parameters = production.children.map((c) => typeText(grammar.types[c] as Type));
    return `${production.primitive?.name} : (${parameters.join(", ")}) → ${typeText(grammar.types[production.type] as Type)}`;
  }
});

/** What exported code gives, an exception read as the trap it is named after. */
function outcomeOf(exported: (...args: unknown[]) => unknown, args: readonly unknown[]): Outcome {
  try {
    return exported(...args) as Outcome;
  } catch (error) {
    return trap((error as Error).message as TrapReason);
  }
}

function shown(value: unknown): string {
  const line = typeof value === "function" ? value.toString() : outcomeText(value as Value);
  return line.length > 40 ? `${line.slice(0, 40)}…` : line;
}

function deepFreeze(value: unknown): void {
  if (!Array.isArray(value)) return;
  Object.freeze(value);
  value.forEach(deepFreeze);
}

/** Values of a type with everything that is unusual; a function's values depend on nothing but its arguments. */
function valuesOf(type: TypeShape): fc.Arbitrary<unknown> {
  switch (type.kind) {
    case "real":
      return fc.oneof(fc.double(), fc.constantFrom(0, -0, nan, infinity, -infinity, 1e308, 5e-324));
    case "float32":
      return fc.oneof(
        fc.float(),
        fc.constantFrom(0, -0, nan, infinity, -infinity, 2 ** 127, 2 ** -126, 2 ** -149),
      );
    case "int":
      return fc.oneof(
        fc.integer({ min: -5, max: 12 }),
        fc.constantFrom(0, -1, 1000, 1001, 2 ** 31, large, -large),
        fc.maxSafeInteger(),
      );
    case "bits":
      return fc.oneof(fc.bigInt(0n, 2n ** BigInt(type.width) - 1n), fc.constantFrom(0n, 1n));
    case "bool":
      return fc.boolean();
    case "string":
      return fc.oneof(
        fc.string(),
        fc.string({ unit: "binary" }),
        fc.constantFrom(
          "",
          " ",
          "$&",
          "$1",
          "-",
          "aaaa",
          "\ud800",
          "9".repeat(400),
          "x".repeat(1000),
          "a b-c, d'e",
        ),
        fc.nat().map(String),
      );
    case "list":
      return fc.oneof(
        fc.array(valuesOf(type.element), { maxLength: 8 }),
        fc.constant([]),
        fc.array(valuesOf(type.element), { maxLength: 2 }),
      );
    case "function":
      return fc.array(valuesOf(type.result), { minLength: 1, maxLength: 4 }).map((results) => {
        deepFreeze(results);
        return (...args: unknown[]): unknown => results[JSON.stringify(args).length % results.length];
      });
    default:
      throw new Error(`no values of ${type.kind}`);
  }
}

describe("options of the languages", () => {
  it("refuse unknown names, listing the known ones", () => {
    expect(() => arithmetic({ operations: ["+", "plus", "sine"] as never })).toThrow(InputError);
    expect(() => arithmetic({ operations: ["plus"] as never })).toThrow(
      /among \+ - \* \/ sqrt exp .*; got "plus"/,
    );
    expect(() => logic({ operations: ["iff"] as never })).toThrow(/among and or not nand .*; got "iff"/);
    expect(() => text({ operations: ["toUpper"] as never })).toThrow(/got "toUpper"/);
    expect(() => lists({ operations: [undefined] as never })).toThrow(/got undefined/);
    expect(() => arithmetic({ operations: ["plus", "sine"] as never })).toThrow(/"plus"[^]*"sine"/);
  });

  it("divide by zero as IEEE 754 says, or to 1 where division is protected", () => {
    const operations = ["/", "inverse"] as const;
    const of = (division: "ieee" | "protected") =>
      arithmetic({ operations, division }).primitives.map((row) => row.apply);
    const [divide, inverse] = of("protected");
    for (const x of [0, -0, 1, -3, nan, infinity])
      for (const zero of [0, -0]) {
        expect(divide?.(x, zero)).toBe(1);
        expect(inverse?.(zero)).toBe(1);
      }
    expect(divide?.(1, 4)).toBe(0.25);
    expect(divide?.(1, nan)).toBe(nan);
    expect(inverse?.(-4)).toBe(-0.25);
    expect(of("ieee").map((apply) => apply(-0))).toEqual([nan, -infinity]);
    expect(arithmetic({ operations }).primitives).toEqual(
      arithmetic({ operations, division: "ieee" }).primitives,
    );
    expect(() => arithmetic({ division: "safe" as never })).toThrow(
      'language "arithmetic" division must be "ieee" or "protected"; got "safe".',
    );
    expect(() => arithmetic({ division: "safe" as never })).toThrow(InputError);
  });

  it("refuse literals that are not of their type", () => {
    expect(() => text({ ints: [0.5] })).toThrow(/finite value of type int; got 0.5/);
    expect(() => text({ literals: [5 as never] })).toThrow(/type string; got 5/);
    expect(() => lists({ ints: [2 ** 53] })).toThrow(/type int/);
  });

  it("choose rows in the table's order, with documented defaults", () => {
    const names = (language: { readonly primitives: readonly { readonly name: string }[] }): string[] =>
      language.primitives.map((p) => p.name);
    expect(names(arithmetic())).toEqual(["+", "-", "*", "/"]);
    expect(names(arithmetic({ operations: ["exp", "+", "exp"] }))).toEqual(["+", "exp"]);
    expect(arithmetic().constants).toEqual([]);
    expect(names(logic())).toEqual(["and", "or", "not"]);
    expect(names(text({ operations: ["length", "concat"] }))).toEqual(["concat", "length"]);
    expect(text().literals.map((l) => l.value)).toEqual(["", " ", 0, 1, 2, 3, -1]);
    expect(lists().constants).toHaveLength(1);
    expect(lists({ constants: false }).constants).toHaveLength(0);
  });
});
