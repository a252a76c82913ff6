import type { Grammar, Production } from "./grammar.ts";
import type { Column } from "./column.ts";
import { type ErrorReduction, type NumberError, numberErrors } from "./errors.ts";
import type { Type } from "./type.ts";
import type { Value } from "./value.ts";
import {
  booleanOperations,
  isComposed,
  realOperations,
  type VectorOperation,
  wordOperations,
} from "./vector-operations.ts";

/** How the values of a grammar lie in the columns of the vector machine. */
export interface VectorElement {
  /** Its number in assembly/elements.ts. */
  readonly number: number;
  readonly bitsPerCase: 64 | 32 | 1;
  /** Bytes of each column that go through all instructions before the next ones do: operands stay in the first-level cache. */
  readonly blockBytes: number;
  /** Bits of a word that count. */
  readonly width: number;
  /** Its operations, in the order of the assembly's. */
  readonly operations: readonly VectorOperation[];
  /** What can be measured of its columns. */
  readonly errors: readonly ErrorReduction["error"][];
  /** Writes a column, with what lies behind its last case. */
  readonly writeColumn: (memory: ArrayBuffer, at: number, bytes: number, values: readonly Value[]) => void;
  /** Errors are measured on doubles, which its values become. */
  readonly isWidened: boolean;
  /** Writes the eight bytes of a column that holds one value only. */
  readonly writeConstant: (memory: ArrayBuffer, at: number, value: Value) => void;
  /** A function that gives the column in the memory as it then is, of values of a type. */
  readonly columnAt: (memory: ArrayBuffer, at: number, caseCount: number, type: Type) => () => Column;
}

function fill(column: Float64Array | Float32Array, values: readonly Value[]): void {
  column.set(values as readonly number[]);
  // What lies behind the last case is computed and thrown away: it should be nothing unusual.
  column.fill((values.at(-1) ?? 0) as number, values.length);
}

const numberErrorNames = Object.keys(numberErrors) as NumberError[];

/** Doubles: what errors are measured on. */
export const float64: VectorElement = {
  number: 0,
  bitsPerCase: 64,
  blockBytes: 2048,
  width: 64,
  operations: realOperations,
  errors: numberErrorNames,
  isWidened: false,
  writeColumn: (memory, at, bytes, values) => fill(new Float64Array(memory, at, bytes / 8), values),
  writeConstant: (memory, at, value) => fill(new Float64Array(memory, at, 1), [value]),
  columnAt: (memory, at, caseCount) => {
    const column = new Float64Array(memory, at, caseCount);
    return () => column;
  },
};

const float32: VectorElement = {
  number: 1,
  bitsPerCase: 32,
  blockBytes: 4096,
  width: 32,
  operations: realOperations,
  errors: numberErrorNames,
  isWidened: true,
  writeColumn: (memory, at, bytes, values) => fill(new Float32Array(memory, at, bytes / 4), values),
  writeConstant: (memory, at, value) => fill(new Float32Array(memory, at, 2), [value]),
  columnAt: (memory, at, caseCount) => {
    const column = new Float32Array(memory, at, caseCount);
    return () => column;
  },
};

/** A boolean is all ones or all zeros. */
const wordOf = (value: Value): bigint =>
  typeof value === "boolean" ? (value ? 0xffff_ffff_ffff_ffffn : 0n) : (value as bigint);

const wordOfWidth = (width: number): VectorElement => ({
  number: 2,
  bitsPerCase: 64,
  blockBytes: 2048,
  width,
  operations: wordOperations,
  errors: ["passed"],
  isWidened: false,
  writeColumn: (memory, at, bytes, values) => {
    const column = new BigUint64Array(memory, at, bytes / 8);
    values.forEach((value, i) => {
      column[i] = wordOf(value);
    });
    column.fill(wordOf(values.at(-1) ?? 0n), values.length);
  },
  writeConstant: (memory, at, value) => {
    new BigUint64Array(memory, at, 1)[0] = wordOf(value);
  },
  columnAt: (memory, at, caseCount, type) => {
    const words = new BigUint64Array(memory, at, caseCount);
    if (type.kind === "bits") return () => words;
    const low = new Int32Array(memory, at, 2 * caseCount);
    const booleans = new Float64Array(caseCount);
    return () => {
      for (let i = 0; i < caseCount; i++) booleans[i] = (low[2 * i] as number) & 1;
      return booleans;
    };
  },
});

const bit: VectorElement = {
  number: 3,
  bitsPerCase: 1,
  blockBytes: 2048,
  width: 1,
  operations: booleanOperations,
  errors: ["passed"],
  isWidened: false,
  writeColumn: (memory, at, bytes, values) => {
    const column = new Uint8Array(memory, at, bytes).fill(values.at(-1) === true ? 0xff : 0);
    for (let i = 0; i < values.length; i++)
      if (values[i] === true) column[i >> 3] = (column[i >> 3] as number) | (1 << (i & 7));
      else column[i >> 3] = (column[i >> 3] as number) & ~(1 << (i & 7));
  },
  writeConstant: (memory, at, value) => {
    new Uint8Array(memory, at, 8).fill(value === true ? 0xff : 0);
  },
  columnAt: (memory, at, caseCount) => {
    const packed = new Uint8Array(memory, at, Math.ceil(caseCount / 8));
    const booleans = new Float64Array(caseCount);
    return () => {
      for (let i = 0; i < caseCount; i++) booleans[i] = ((packed[i >> 3] as number) >> (i & 7)) & 1;
      return booleans;
    };
  },
};

/** The element type for values of some types; undefined where there is none. */
function elementFor(types: readonly Type[]): VectorElement | undefined {
  if (types.every((type) => type.kind === "real")) return float64;
  if (types.every((type) => type.kind === "float32")) return float32;
  if (types.every((type) => type.kind === "bool")) return bit;
  const widths = new Set(types.flatMap((type) => (type.kind === "bits" ? [type.width] : [])));
  const [width] = widths;
  return width !== undefined &&
    widths.size === 1 &&
    types.every((type) => type.kind === "bits" || type.kind === "bool")
    ? wordOfWidth(width)
    : undefined;
}

/** The element type of a grammar whose rows all have a vector operation of it; undefined where there is none. */
export function elementOf(grammar: Grammar): VectorElement | undefined {
  const element = elementFor(grammar.types);
  const runs = ({ kind, primitive }: Production): boolean =>
    kind !== "primitive" ||
    (primitive?.vector !== undefined &&
      (element?.operations.includes(primitive.vector) === true ||
        ((element === float64 || element === float32) && isComposed(primitive.vector))));
  return grammar.productions.every(runs) ? element : undefined;
}
