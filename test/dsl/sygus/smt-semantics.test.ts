import { describe, expect, it } from "vitest";
import {
  bits,
  bool,
  compileRules,
  createMachine,
  elementOf,
  fn,
  int,
  limits,
  outcomeAt,
  parseProgram,
  smtOperation,
  string,
  trap,
  type Type,
  type Value,
} from "../../../dsl/index.ts";
import { randomStream, randomValue } from "../random-programs.ts";

const typeOf = (value: Value): Type =>
  typeof value === "number" ? int : typeof value === "string" ? string : bool;

function operationOf(symbol: string, types: readonly Type[], indices: readonly number[] = []) {
  const found = smtOperation(symbol, indices, types);
  if ("problem" in found) throw new Error(found.problem);
  return found;
}

/** What a function gives for lists of arguments, through a machine, which looks after overflow and signs of zero. */
function valuesOf(
  symbol: string,
  rows: readonly (readonly Value[])[],
  types: readonly Type[],
  indices: readonly number[] = [],
): unknown[] {
  const { row } = operationOf(symbol, types, indices);
  const names = types.map((_, k) => `a${k}`);
  const grammar = compileRules({
    name: "one",
    signature: { argumentNames: names, argumentTypes: types, result: row.result as Type },
    start: "S",
    nonterminals: [
      {
        name: "S",
        type: row.result as Type,
        rules: [{ kind: "application", row, arguments: names.map((name) => ({ kind: "argument", name })) }],
      },
    ],
  });
  const argumentOf = (k: number) =>
    grammar.productions.findIndex((p) => p.kind === "argument" && p.index === k);
  const application = grammar.productions.findIndex((p) => p.kind === "primitive");
  const tokens = Int32Array.from([...names.map((_, k) => argumentOf(k)), application]);
  const inputs = names.map((_, k) => rows.map((args) => args[k] as Value));
  const column = createMachine(grammar, inputs, rows.length).run({ tokens, constants: new Float64Array(0) });
  return rows.map((_, i) => outcomeAt(grammar, column, i));
}

const valueOf = (
  symbol: string,
  args: readonly Value[],
  types = args.map(typeOf),
  indices: readonly number[] = [],
): unknown => valuesOf(symbol, [args], types, indices)[0];

// Written out from the theories of SMT-LIB 2.6: Core, Ints, UnicodeStrings.
const cases: readonly (readonly [string, readonly Value[], unknown])[] = [
  ["not", [true], false],
  ["and", [true, false], false],
  ["and", [true, true], true],
  ["or", [false, true], true],
  ["xor", [true, true], false],
  ["xor", [true, false], true],
  ["=>", [false, false], true],
  ["=>", [true, false], false],
  ["=", [1, 1], true],
  ["=", ["a", "b"], false],
  ["=", [true, true], true],
  ["=", [true, false], false],
  ["distinct", [1, 2], true],
  ["distinct", ["a", "a"], false],
  ["ite", [true, 1, 2], 1],
  ["ite", [false, "a", "b"], "b"],
  ["ite", [false, true, false], false],
  ["+", [2, 3], 5],
  ["+", [Number.MAX_SAFE_INTEGER, 1], trap("overflow")],
  ["-", [2, 3], -1],
  ["-", [5], -5],
  ["-", [0], 0],
  ["*", [-3, 4], -12],
  ["*", [0, -4], 0],
  ["*", [2 ** 30, 2 ** 30], trap("overflow")],
  ["div", [7, 2], 3],
  ["div", [-7, 2], -4],
  ["div", [7, -2], -3],
  ["div", [-7, -2], 4],
  ["div", [0, -5], 0],
  ["div", [6, -3], -2],
  ["div", [Number.MAX_SAFE_INTEGER, 2], 2 ** 52 - 1],
  ["div", [-Number.MAX_SAFE_INTEGER, 2], -(2 ** 52)],
  ["div", [1, 0], trap("divide-by-zero")],
  ["mod", [7, 2], 1],
  ["mod", [-7, 2], 1],
  ["mod", [7, -2], 1],
  ["mod", [-7, -2], 1],
  ["mod", [-4, 2], 0],
  ["mod", [1, 0], trap("divide-by-zero")],
  ["abs", [-3], 3],
  ["<", [1, 1], false],
  ["<=", [1, 1], true],
  [">", [2, 1], true],
  [">=", [1, 2], false],
  ["str.++", ["a", "b"], "ab"],
  ["str.++", ["a".repeat(600), "b".repeat(600)], trap("too-long")],
  ["str.len", ["abc"], 3],
  ["str.len", [""], 0],
  ["str.at", ["abc", 0], "a"],
  ["str.at", ["abc", 2], "c"],
  ["str.at", ["abc", 3], ""],
  ["str.at", ["abc", -1], ""],
  ["str.substr", ["hello", 1, 3], "ell"],
  ["str.substr", ["hello", 3, 9], "lo"],
  ["str.substr", ["hello", -1, 3], ""],
  ["str.substr", ["hello", 5, 1], ""],
  ["str.substr", ["hello", 1, 0], ""],
  ["str.substr", ["hello", 1, -1], ""],
  ["str.substr", ["hello", 1, Number.MAX_SAFE_INTEGER], "ello"],
  ["str.indexof", ["abcab", "ab", 0], 0],
  ["str.indexof", ["abcab", "ab", 1], 3],
  ["str.indexof", ["abcab", "ab", 4], -1],
  ["str.indexof", ["abcab", "x", 0], -1],
  ["str.indexof", ["abc", "", 0], 0],
  ["str.indexof", ["abc", "", 3], 3],
  ["str.indexof", ["abc", "", 4], -1],
  ["str.indexof", ["abc", "a", -1], -1],
  ["str.indexof", ["", "", 0], 0],
  ["str.replace", ["abcab", "ab", "x"], "xcab"],
  ["str.replace", ["abc", "", "x"], "xabc"],
  ["str.replace", ["abc", "d", "x"], "abc"],
  ["str.replace", ["abc", "b", "$&$1$$"], "a$&$1$$c"],
  ["str.replace", ["a.c", ".", "x"], "axc"],
  ["str.replace_all", ["abcab", "ab", "x"], "xcx"],
  ["str.replace_all", ["aaa", "aa", "b"], "ba"],
  ["str.replace_all", ["abc", "", "x"], "abc"],
  ["str.replace_all", ["a.c", ".", "$&"], "a$&c"],
  ["str.prefixof", ["ab", "abc"], true],
  ["str.prefixof", ["abc", "ab"], false],
  ["str.prefixof", ["", "a"], true],
  ["str.suffixof", ["bc", "abc"], true],
  ["str.suffixof", ["abc", "bc"], false],
  ["str.contains", ["abc", "bc"], true],
  ["str.contains", ["bc", "abc"], false],
  ["str.contains", ["abc", ""], true],
  ["str.<", ["a", "b"], true],
  ["str.<", ["a", "a"], false],
  ["str.<", ["", "a"], true],
  ["str.<", ["Z", "a"], true],
  ["str.<=", ["a", "a"], true],
  ["str.<=", ["b", "a"], false],
  ...["str.to_int", "str.to.int"].flatMap((name): (readonly [string, readonly Value[], unknown])[] => [
    [name, ["12"], 12],
    [name, ["007"], 7],
    [name, [""], -1],
    [name, ["-5"], -1],
    [name, ["1 "], -1],
    [name, ["1\n"], -1],
    [name, ["1e3"], -1],
    [name, ["0x1"], -1],
    [name, ["９"], -1],
    [name, ["9007199254740993"], trap("overflow")],
  ]),
  ...["str.from_int", "int.to.str"].flatMap((name): (readonly [string, readonly Value[], unknown])[] => [
    [name, [12], "12"],
    [name, [0], "0"],
    [name, [-5], ""],
    [name, [Number.MAX_SAFE_INTEGER], "9007199254740991"],
  ]),
  ["str.to_code", ["a"], 97],
  ["str.to_code", ["ab"], -1],
  ["str.to_code", [""], -1],
  ["str.from_code", [97], "a"],
  ["str.from_code", [-1], ""],
  ["str.from_code", [0x30000], ""],
  ["str.from_code", [0x10000], trap("out-of-range")],
  ["str.is_digit", ["7"], true],
  ["str.is_digit", ["77"], false],
  ["str.is_digit", [""], false],
];

describe("Core, Ints and Strings of SMT-LIB", () => {
  it.each(cases)("%s of %j", (symbol, args, expected) => {
    expect(valueOf(symbol, args)).toBe(expected);
  });

  it("gives no strings beyond the limit", () => {
    expect(limits.stringLength).toBeLessThan(1200);
  });

  it("is lazy where a condition has decided", () => {
    const grammar = compileRules({
      name: "guard",
      signature: fn({ x: int }, int),
      start: "S",
      nonterminals: [
        {
          name: "S",
          type: int,
          rules: [
            { kind: "argument", name: "x" },
            { kind: "literal", value: 0 },
            ...[operationOf("div", [int, int]), operationOf("ite", [bool, int, int])].map(({ row }) => ({
              kind: "application" as const,
              row,
              arguments: row.parameters.map((type) => ({
                kind: "nonterminal" as const,
                name: type.kind === "bool" ? "B" : "S",
              })),
            })),
          ],
        },
        {
          name: "B",
          type: bool,
          rules: [
            {
              kind: "application",
              row: operationOf("=", [int, int]).row,
              arguments: [
                { kind: "nonterminal", name: "S" },
                { kind: "nonterminal", name: "S" },
              ],
            },
          ],
        },
      ],
    });
    const machine = createMachine(grammar, [[0, 4]], 2);
    expect([...machine.run(parseProgram(grammar, "(ite (= x 0) 0 (div x x))"))]).toEqual([0, 1]);
  });
});

// Written out from the theory FixedSizeBitVectors and the logic QF_BV, for four bits.
const nibbles: readonly (readonly [string, readonly bigint[], bigint | boolean])[] = [
  ["bvnot", [0b0101n], 0b1010n],
  ["bvneg", [1n], 15n],
  ["bvneg", [8n], 8n],
  ["bvand", [12n, 10n], 8n],
  ["bvor", [12n, 10n], 14n],
  ["bvxor", [12n, 10n], 6n],
  ["bvnand", [12n, 10n], 7n],
  ["bvnor", [12n, 10n], 1n],
  ["bvxnor", [12n, 10n], 9n],
  ["bvadd", [15n, 2n], 1n],
  ["bvsub", [1n, 2n], 15n],
  ["bvmul", [7n, 7n], 1n],
  ["bvudiv", [13n, 4n], 3n],
  ["bvudiv", [13n, 0n], 15n],
  ["bvurem", [13n, 4n], 1n],
  ["bvurem", [13n, 0n], 13n],
  ["bvsdiv", [9n, 2n], 13n],
  ["bvsdiv", [7n, 14n], 13n],
  ["bvsdiv", [9n, 0n], 1n],
  ["bvsdiv", [7n, 0n], 15n],
  ["bvsdiv", [8n, 15n], 8n],
  ["bvsrem", [9n, 2n], 15n],
  ["bvsrem", [7n, 14n], 1n],
  ["bvsrem", [9n, 0n], 9n],
  ["bvsmod", [9n, 2n], 1n],
  ["bvsmod", [7n, 14n], 15n],
  ["bvsmod", [9n, 14n], 15n],
  ["bvsmod", [7n, 2n], 1n],
  ["bvsmod", [6n, 14n], 0n],
  ["bvsmod", [9n, 0n], 9n],
  ["bvshl", [3n, 1n], 6n],
  ["bvshl", [3n, 3n], 8n],
  ["bvshl", [3n, 4n], 0n],
  ["bvshl", [3n, 15n], 0n],
  ["bvlshr", [12n, 2n], 3n],
  ["bvlshr", [12n, 4n], 0n],
  ["bvashr", [12n, 1n], 14n],
  ["bvashr", [12n, 9n], 15n],
  ["bvashr", [4n, 9n], 0n],
  ["bvult", [7n, 8n], true],
  ["bvule", [8n, 8n], true],
  ["bvugt", [7n, 8n], false],
  ["bvuge", [8n, 8n], true],
  ["bvslt", [8n, 7n], true],
  ["bvsle", [8n, 8n], true],
  ["bvsgt", [7n, 8n], true],
  ["bvsge", [8n, 7n], false],
  ["bvcomp", [5n, 5n], 1n],
  ["bvcomp", [5n, 4n], 0n],
  ["=", [5n, 5n], true],
  ["distinct", [5n, 5n], false],
];

describe("bit-vectors of SMT-LIB", () => {
  it.each(nibbles)("%s of %s", (symbol, args, expected) => {
    const types = args.map(() => bits(4));
    expect(valueOf(symbol, args, types)).toBe(expected);
  });

  it.each([
    ["concat", [], [5n, 10n], [bits(4), bits(4)], 0x5an],
    ["extract", [6, 3], [0b0101_1000n], [bits(8)], 0b1011n],
    ["zero_extend", [4], [0xfn], [bits(4)], 0xfn],
    ["sign_extend", [4], [0x9n], [bits(4)], 0xf9n],
    ["rotate_left", [1], [0b1001n], [bits(4)], 0b0011n],
    ["rotate_right", [5], [0b1001n], [bits(4)], 0b1100n],
  ] as const)("%s %j", (symbol, indices, args, types, expected) => {
    expect(valueOf(symbol, args, [...types], indices)).toBe(expected);
  });

  it("runs on the vector machine as its rows mean it, at widths from 1 to 64", () => {
    const random = randomStream(5);
    const names =
      "bvnot bvneg bvand bvor bvxor bvadd bvsub bvmul bvudiv bvurem bvsdiv bvsrem bvshl bvlshr bvashr bvult bvule bvslt bvsle =";
    for (const width of [1, 7, 8, 32, 63, 64])
      for (const symbol of names.split(" ")) {
        const count = symbol === "bvnot" || symbol === "bvneg" ? 1 : 2;
        const types = Array.from({ length: count }, () => bits(width));
        const { row } = operationOf(symbol, types);
        expect(row.vector).toBeDefined();
        const rows = Array.from({ length: 20 }, () => types.map((type) => randomValue(type, random)));
        expect(valuesOf(symbol, rows, types)).toEqual(rows.map((args) => row.apply(...args)));
      }
  });

  it("chooses between words on the vector machine", () => {
    const word = bits(8);
    const { row } = operationOf("ite", [bool, word, word]);
    const grammar = compileRules({
      name: "choice",
      signature: fn({ c: bool, x: word, y: word }, word),
      start: "S",
      nonterminals: [
        {
          name: "S",
          type: word,
          rules: [
            {
              kind: "application",
              row,
              arguments: ["c", "x", "y"].map((name) => ({ kind: "argument", name })),
            },
          ],
        },
      ],
    });
    expect(elementOf(grammar)).toBeDefined();
    expect(valueOf("ite", [true, 1n, 2n], [bool, word, word])).toBe(1n);
  });
});

describe("functions of SMT-LIB", () => {
  it.each([
    ["str.length", [string], "must name a known function; got str.length. Did you mean str.len?"],
    ["str.len", [string, string], "must give str.len 1 argument, (String); got 2."],
    ["str.len", [int], "must give str.len arguments (String); got (Int)."],
    ["ite", [bool, int, string], "must give ite arguments (Bool String String); got (Bool Int String)."],
    ["bvadd", [int, int], "must give bvadd bit-vectors"],
    ["bvadd", [bits(4), bits(8)], "must give bvadd arguments ((_ BitVec 4) (_ BitVec 4))"],
    ["+", [], "must give + 2 arguments, (Int Int); got 0."],
    ["-", [string], "must give - arguments (Int Int) or (Int); got (String)."],
  ] as const)("%s is refused for %j", (symbol, types, message) => {
    const found = smtOperation(symbol, [], types);
    expect("problem" in found && found.problem).toContain(message);
  });

  it("takes more arguments where SMT-LIB says how they are read", () => {
    const associations = ["+", "-", "and", "=>", "<", "distinct", "str.++"].map((symbol) => {
      const type = symbol === "str.++" ? string : ["and", "=>"].includes(symbol) ? bool : int;
      return operationOf(symbol, [type, type, type]).association;
    });
    expect(associations).toEqual(["left", "left", "left", "right", "chain", "pairwise", "left"]);
  });

  it("has one row for one function", () => {
    expect(operationOf("=", [bits(9), bits(9)]).row).toBe(operationOf("=", [bits(9), bits(9)]).row);
    expect(operationOf("concat", [bits(9), bits(3)]).row).toBe(operationOf("concat", [bits(9), bits(3)]).row);
  });
});
