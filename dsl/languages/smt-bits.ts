import { type Primitive, primitive } from "../primitive.ts";
import { bits, bool, type Type } from "../type.ts";
import { bitVectorRows } from "./bit-vectors.ts";
import { type Association, operation, type SmtOperation, type SmtRow } from "./smt-operation.ts";

// The theory of fixed-size bit-vectors of SMT-LIB and the functions that its logics add, for widths up to 64.

/** Rows of the language of bit-vectors that are SMT-LIB's, by name. */
const shared: Readonly<Record<string, Association>> = {
  bvnot: "none",
  bvneg: "none",
  bvand: "left",
  bvor: "left",
  bvxor: "left",
  bvadd: "left",
  bvmul: "left",
  bvsub: "none",
  bvudiv: "none",
  bvurem: "none",
  bvsdiv: "none",
  bvsrem: "none",
  bvshl: "none",
  bvlshr: "none",
  bvashr: "none",
  bvult: "none",
  bvule: "none",
  bvslt: "none",
  bvsle: "none",
};

const ofWidth = new Map<number, readonly SmtOperation[]>();

/** The functions of words of one width. */
function operationsOfWidth(width: number): readonly SmtOperation[] {
  const known = ofWidth.get(width);
  if (known !== undefined) return known;
  const word = bits(width);
  const cut = (value: bigint): bigint => BigInt.asUintN(width, value);
  const signed = (value: bigint): bigint => BigInt.asIntN(width, value);
  const cutText = (text: string): string => `BigInt.asUintN(${width}, ${text})`;
  const signedText = (argument: string): string => `BigInt.asIntN(${width}, ${argument})`;
  const [s, t] = [signedText("$0"), signedText("$1")];
  const operations = [
    ...bitVectorRows(width).flatMap((row: Primitive) => {
      const association = shared[row.name];
      return association === undefined ? [] : [operation(row, association)];
    }),
    operation(
      primitive("bvnand", [word, word], word, (a, b) => cut(~(a & b)), {
        commutative: true,
        javascript: cutText("~($0 & $1)"),
        documentation: "Bits not set in both.",
      }),
    ),
    operation(
      primitive("bvnor", [word, word], word, (a, b) => cut(~(a | b)), {
        commutative: true,
        javascript: cutText("~($0 | $1)"),
        documentation: "Bits set in neither.",
      }),
    ),
    operation(
      primitive("bvxnor", [word, word], word, (a, b) => cut(~(a ^ b)), {
        commutative: true,
        javascript: cutText("~($0 ^ $1)"),
        documentation: "Bits that are the same in both.",
      }),
    ),
    operation(
      primitive(
        "bvsmod",
        [word, word],
        word,
        (a, b) => {
          if (b === 0n) return a;
          const divisor = signed(b);
          const rest = signed(a) % divisor;
          return cut(rest !== 0n && rest < 0n !== divisor < 0n ? rest + divisor : rest);
        },
        {
          javascript: `($1 === 0n ? $0 : ${cutText(`${s} % ${t} !== 0n && ${s} % ${t} < 0n !== ${t} < 0n ? ${s} % ${t} + ${t} : ${s} % ${t}`)})`,
          documentation: "Remainder of signed numbers, with the sign of the second; by zero the first.",
        },
      ),
    ),
    operation(
      primitive("bvugt", [word, word], bool, (a, b) => a > b, {
        javascript: "($0 > $1)",
        documentation: "Whether the first is greater, as unsigned numbers.",
      }),
    ),
    operation(
      primitive("bvuge", [word, word], bool, (a, b) => a >= b, {
        javascript: "($0 >= $1)",
        documentation: "Whether the first is at least the second, as unsigned numbers.",
      }),
    ),
    operation(
      primitive("bvsgt", [word, word], bool, (a, b) => signed(a) > signed(b), {
        javascript: `(${s} > ${t})`,
        documentation: "Whether the first is greater, as signed numbers.",
      }),
    ),
    operation(
      primitive("bvsge", [word, word], bool, (a, b) => signed(a) >= signed(b), {
        javascript: `(${s} >= ${t})`,
        documentation: "Whether the first is at least the second, as signed numbers.",
      }),
    ),
    operation(
      primitive("bvcomp", [word, word], bits(1), (a, b) => (a === b ? 1n : 0n), {
        commutative: true,
        javascript: "($0 === $1 ? 1n : 0n)",
        documentation: "1 when all bits are the same, otherwise 0.",
      }),
    ),
  ];
  ofWidth.set(width, operations);
  return operations;
}

const ofWidths = new Map<string, Primitive>();

/** The row that a key stands for, made when it is first asked for: equal rows are one object. */
function once(key: string, make: () => Primitive): Primitive {
  const row = ofWidths.get(key) ?? make();
  ofWidths.set(key, row);
  return row;
}

const concatenation = (high: number, low: number): Primitive =>
  once(`concat ${high} ${low}`, () =>
    primitive("concat", [bits(high), bits(low)], bits(high + low), (a, b) => (a << BigInt(low)) | b, {
      javascript: `($0 << ${low}n | $1)`,
      documentation: "The first word above the second.",
    }),
  );

/** The functions of bit-vectors for arguments of some types. */
export function bitOperations(types: readonly Type[]): readonly SmtOperation[] {
  const [first, second] = types;
  if (first?.kind !== "bits") return [];
  const all = operationsOfWidth(first.width);
  return second?.kind === "bits" && types.length === 2 && first.width + second.width <= 64
    ? [...all, operation(concatenation(first.width, second.width))]
    : all;
}

export const indexedSymbols: ReadonlySet<string> = new Set([
  "extract",
  "zero_extend",
  "sign_extend",
  "rotate_left",
  "rotate_right",
]);

/** A function with numbers in its name, such as `(_ extract 7 0)`, of a word; null where the numbers do not fit the word. */
export function indexedOperation(
  symbol: string,
  indices: readonly number[],
  width: number,
): SmtOperation | null {
  const [first = 0, second = 0] = indices;
  const word = bits(width);
  const row = (result: number, apply: (a: bigint) => bigint, javascript: string, documentation: string) => {
    const name = `${[symbol, ...indices].join("_")}`;
    const make = (): SmtRow => ({
      ...primitive(name, [word], bits(result), apply, { javascript, documentation }),
      symbol: `(_ ${[symbol, ...indices].join(" ")})`,
    });
    return operation(once(`${name} ${width}`, make));
  };
  if (indices.length !== (symbol === "extract" ? 2 : 1)) return null;
  switch (symbol) {
    case "extract":
      if (first < second || first >= width) return null;
      return row(
        first - second + 1,
        (a) => BigInt.asUintN(first - second + 1, a >> BigInt(second)),
        `BigInt.asUintN(${first - second + 1}, $0 >> ${second}n)`,
        `Bits ${second} to ${first}.`,
      );
    case "zero_extend":
      if (width + first > 64) return null;
      return row(width + first, (a) => a, "$0", `Wider by ${first} bits that are zero.`);
    case "sign_extend":
      if (width + first > 64) return null;
      return row(
        width + first,
        (a) => BigInt.asUintN(width + first, BigInt.asIntN(width, a)),
        `BigInt.asUintN(${width + first}, BigInt.asIntN(${width}, $0))`,
        `Wider by ${first} copies of the sign.`,
      );
    case "rotate_left":
    case "rotate_right": {
      const left = symbol === "rotate_left" ? first % width : (width - (first % width)) % width;
      return row(
        width,
        (a) => BigInt.asUintN(width, a << BigInt(left)) | (a >> BigInt(width - left)),
        `(BigInt.asUintN(${width}, $0 << ${left}n) | $0 >> ${width - left}n)`,
        `Turned ${symbol === "rotate_left" ? "left" : "right"} by ${first}.`,
      );
    }
    default:
      return null;
  }
}
