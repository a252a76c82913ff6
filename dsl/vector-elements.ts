import type { Grammar } from "./grammar.ts";
import type { Value } from "./value.ts";
import { type VectorOperation, realOperations } from "./vector-operations.ts";

/** How the values of a grammar lie in the columns of the vector machine. */
export interface VectorElement {
  /** Its number in assembly/elements.ts. */
  readonly number: number;
  readonly bitsPerCase: 64 | 32 | 1;
  /** Its operations, in the order of the assembly's. */
  readonly operations: readonly VectorOperation[];
  /** Writes a column, with what lies behind its last case. */
  readonly writeColumn: (memory: ArrayBuffer, at: number, bytes: number, values: readonly Value[]) => void;
  /** Errors are measured on doubles, which its values become. */
  readonly isWidened: boolean;
  /** Writes the eight bytes of a column that holds one value only. */
  readonly writeConstant: (memory: ArrayBuffer, at: number, value: Value) => void;
}

function fill(column: Float64Array | Float32Array, values: readonly Value[]): void {
  column.set(values as readonly number[]);
  // What lies behind the last case is computed and thrown away: it should be nothing unusual.
  column.fill((values.at(-1) ?? 0) as number, values.length);
}

/** Doubles: what errors are measured on. */
export const float64: VectorElement = {
  number: 0,
  bitsPerCase: 64,
  operations: realOperations,
  isWidened: false,
  writeColumn: (memory, at, bytes, values) => fill(new Float64Array(memory, at, bytes / 8), values),
  writeConstant: (memory, at, value) => fill(new Float64Array(memory, at, 1), [value]),
};

const float32: VectorElement = {
  number: 1,
  bitsPerCase: 32,
  operations: realOperations,
  isWidened: true,
  writeColumn: (memory, at, bytes, values) => fill(new Float32Array(memory, at, bytes / 4), values),
  writeConstant: (memory, at, value) => fill(new Float32Array(memory, at, 2), [value]),
};

/** The element type of a grammar whose rows all have a vector operation of it; undefined where there is none. */
export function elementOf(grammar: Grammar): VectorElement | undefined {
  const isVector = grammar.productions.every(
    (p) => p.kind !== "primitive" || p.primitive?.vector !== undefined,
  );
  if (!isVector) return undefined;
  if (grammar.types.every((type) => type.kind === "real")) return float64;
  return grammar.types.every((type) => type.kind === "float32") ? float32 : undefined;
}
