import { defineLanguage, type Language } from "../language.ts";
import { primitive } from "../primitive.ts";
import { bits, bool } from "../type.ts";
import { readOptions, selectRows } from "./selection.ts";

/** The rows for a width, with the meaning of SMT-LIB's theory of fixed-size bit-vectors (Barrett, Fontaine, Tinelli 2017). */
export function bitVectorRows(width: number) {
  const word = bits(width);
  const cut = (value: bigint): bigint => BigInt.asUintN(width, value);
  const signed = (value: bigint): bigint => BigInt.asIntN(width, value);
  const large = BigInt(width);
  const shift = (by: number): string => `BigInt.asUintN(${width}, $0 << ${by}n)`;
  return [
    primitive("bvand", [word, word], word, (a, b) => a & b, {
      vector: "and",
      commutative: true,
      javascript: "($0 & $1)",
      documentation: "Bits set in both.",
    }),
    primitive("bvor", [word, word], word, (a, b) => a | b, {
      vector: "or",
      commutative: true,
      javascript: "($0 | $1)",
      documentation: "Bits set in at least one.",
    }),
    primitive("bvxor", [word, word], word, (a, b) => a ^ b, {
      vector: "xor",
      commutative: true,
      javascript: "($0 ^ $1)",
      documentation: "Bits set in exactly one.",
    }),
    primitive("bvnot", [word], word, (a) => cut(~a), {
      vector: "complement",
      javascript: `BigInt.asUintN(${width}, ~$0)`,
      documentation: "Bits that are not set.",
    }),
    primitive("bvneg", [word], word, (a) => cut(-a), {
      vector: "negate",
      javascript: `BigInt.asUintN(${width}, - $0)`,
      documentation: "Two's complement.",
    }),
    primitive("bvadd", [word, word], word, (a, b) => cut(a + b), {
      vector: "add",
      commutative: true,
      javascript: `BigInt.asUintN(${width}, $0 + $1)`,
      documentation: "Sum, modulo 2 to the power of the width.",
    }),
    primitive("bvsub", [word, word], word, (a, b) => cut(a - b), {
      vector: "subtract",
      javascript: `BigInt.asUintN(${width}, $0 - $1)`,
      documentation: "Difference, modulo 2 to the power of the width.",
    }),
    primitive("bvmul", [word, word], word, (a, b) => cut(a * b), {
      vector: "multiply",
      commutative: true,
      javascript: `BigInt.asUintN(${width}, $0 * $1)`,
      documentation: "Product, modulo 2 to the power of the width.",
    }),
    primitive("bvudiv", [word, word], word, (a, b) => (b === 0n ? cut(-1n) : a / b), {
      vector: "divide",
      javascript: `BigInt.asUintN(${width}, $1 === 0n ? -1n : $0 / $1)`,
      documentation: "Quotient of unsigned numbers; by zero all ones.",
    }),
    primitive("bvurem", [word, word], word, (a, b) => (b === 0n ? a : a % b), {
      vector: "remainder",
      javascript: "($1 === 0n ? $0 : $0 % $1)",
      documentation: "Remainder of unsigned numbers; by zero the first.",
    }),
    primitive(
      "bvsdiv",
      [word, word],
      word,
      (a, b) => cut(b === 0n ? (signed(a) < 0n ? 1n : -1n) : signed(a) / signed(b)),
      {
        vector: "divide-signed",
        javascript: `BigInt.asUintN(${width}, $1 === 0n ? (BigInt.asIntN(${width}, $0) < 0n ? 1n : -1n) : BigInt.asIntN(${width}, $0) / BigInt.asIntN(${width}, $1))`,
        documentation:
          "Quotient of signed numbers, rounded towards zero; by zero 1 if negative, otherwise all ones.",
      },
    ),
    primitive("bvsrem", [word, word], word, (a, b) => (b === 0n ? a : cut(signed(a) % signed(b))), {
      vector: "remainder-signed",
      javascript: `($1 === 0n ? $0 : BigInt.asUintN(${width}, BigInt.asIntN(${width}, $0) % BigInt.asIntN(${width}, $1)))`,
      documentation: "Remainder of signed numbers, with the sign of the first; by zero the first.",
    }),
    primitive("bvshl", [word, word], word, (a, b) => (b < large ? cut(a << b) : 0n), {
      vector: "shift-left",
      javascript: `($1 < ${width}n ? BigInt.asUintN(${width}, $0 << $1) : 0n)`,
      documentation: "Shifted left by the second; by the width and more zero.",
    }),
    primitive("bvlshr", [word, word], word, (a, b) => (b < large ? a >> b : 0n), {
      vector: "shift-right",
      javascript: `($1 < ${width}n ? $0 >> $1 : 0n)`,
      documentation: "Shifted right by the second, with zeros from above; by the width and more zero.",
    }),
    primitive("bvashr", [word, word], word, (a, b) => cut(signed(a) >> (b < large ? b : large)), {
      vector: "shift-right-signed",
      javascript: `BigInt.asUintN(${width}, BigInt.asIntN(${width}, $0) >> ($1 < ${width}n ? $1 : ${width}n))`,
      documentation: "Shifted right by the second, with copies of the sign from above.",
    }),
    primitive("shl1", [word], word, (a) => cut(a << 1n), {
      vector: "shift-left-1",
      javascript: shift(1),
      documentation: "Shifted left by one.",
    }),
    primitive("shr1", [word], word, (a) => a >> 1n, {
      vector: "shift-right-1",
      javascript: "($0 >> 1n)",
      documentation: "Shifted right by one, with a zero from above.",
    }),
    primitive("shr4", [word], word, (a) => a >> 4n, {
      vector: "shift-right-4",
      javascript: "($0 >> 4n)",
      documentation: "Shifted right by four, with zeros from above.",
    }),
    primitive("shr16", [word], word, (a) => a >> 16n, {
      vector: "shift-right-16",
      javascript: "($0 >> 16n)",
      documentation: "Shifted right by sixteen, with zeros from above.",
    }),
    primitive("if0", [word, word, word], word, (a, b, c) => (a === 1n ? b : c), {
      vector: "if-one",
      javascript: "($0 === 1n ? $1 : $2)",
      documentation: "The second when the first is 1, otherwise the third (the if0 of SyGuS).",
    }),
    primitive("bvult", [word, word], bool, (a, b) => a < b, {
      vector: "less",
      javascript: "($0 < $1)",
      documentation: "Whether the first is less, as unsigned numbers.",
    }),
    primitive("bvule", [word, word], bool, (a, b) => a <= b, {
      vector: "at-most",
      javascript: "($0 <= $1)",
      documentation: "Whether the first is at most the second, as unsigned numbers.",
    }),
    primitive("bvslt", [word, word], bool, (a, b) => signed(a) < signed(b), {
      vector: "less-signed",
      javascript: `(BigInt.asIntN(${width}, $0) < BigInt.asIntN(${width}, $1))`,
      documentation: "Whether the first is less, as signed numbers.",
    }),
    primitive("bvsle", [word, word], bool, (a, b) => signed(a) <= signed(b), {
      vector: "at-most-signed",
      javascript: `(BigInt.asIntN(${width}, $0) <= BigInt.asIntN(${width}, $1))`,
      documentation: "Whether the first is at most the second, as signed numbers.",
    }),
    primitive("=", [word, word], bool, (a, b) => a === b, {
      vector: "equal",
      commutative: true,
      javascript: "($0 === $1)",
      documentation: "Whether all bits are the same.",
    }),
    primitive("and", [bool, bool], bool, (a, b) => a && b, {
      vector: "and",
      commutative: true,
      javascript: "($0 && $1)",
      documentation: "True when both are true.",
    }),
    primitive("or", [bool, bool], bool, (a, b) => a || b, {
      vector: "or",
      commutative: true,
      javascript: "($0 || $1)",
      documentation: "True when at least one is true.",
    }),
    primitive("not", [bool], bool, (a) => !a, {
      vector: "not",
      javascript: "(!$0)",
      documentation: "True when it is false.",
    }),
    primitive("if", [bool, word, word], word, (a, b, c) => (a ? b : c), {
      vector: "if",
      javascript: "($0 ? $1 : $2)",
      documentation: "The second when the first is true, otherwise the third.",
    }),
  ] as const;
}

/** Name of a row of the bit-vector language. */
export type BitVectorOperation = ReturnType<typeof bitVectorRows>[number]["name"];

export interface BitVectorOptions {
  /** Bits of a word, 1 to 64; 64 unless told. */
  readonly width?: number;
  /** Rows that programs may use; `bvand bvor bvxor bvnot bvadd shl1 shr1 shr4 shr16 if0` unless told. */
  readonly operations?: readonly BitVectorOperation[];
  /** Words that programs may name; 0 and 1 unless told. */
  readonly literals?: readonly bigint[];
}

/**
 * The language of words of one width, with the names and meanings of SMT-LIB, all of them total, and the helpers of
 * the SyGuS competition's bit-vector tasks. A comparison brings booleans into it.
 * @throws InputError for names that are not rows, and widths and literals that are none
 */
export function bitVectors(options: BitVectorOptions = {}): Language {
  readOptions("bit vectors", options, ["width", "operations", "literals"]);
  const word = bits(options.width ?? 64);
  const primitives = selectRows(
    "bit vectors",
    bitVectorRows(options.width ?? 64),
    options.operations ?? [
      "bvand",
      "bvor",
      "bvxor",
      "bvnot",
      "bvadd",
      "shl1",
      "shr1",
      "shr4",
      "shr16",
      "if0",
    ],
  );
  return defineLanguage({
    name: "bit vectors",
    primitives,
    types: primitives.some((row) => [...row.parameters, row.result].includes(bool)) ? [word, bool] : [word],
    literals: (options.literals ?? [0n, 1n]).map((value) => ({ type: word, value })),
  });
}
