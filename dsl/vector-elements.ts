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
  /** Writes the eight bytes of a column that holds one value only. */
  readonly writeConstant: (memory: ArrayBuffer, at: number, value: Value) => void;
}

const float64: VectorElement = {
  number: 0,
  bitsPerCase: 64,
  operations: realOperations,
  writeColumn: (memory, at, bytes, values) => {
    const column = new Float64Array(memory, at, bytes / 8);
    column.set(values as readonly number[]);
    // What lies behind the last case is computed and thrown away: it should be nothing unusual.
    column.fill((values.at(-1) ?? 0) as number, values.length);
  },
  writeConstant: (memory, at, value) => {
    new Float64Array(memory, at, 1)[0] = Number(value);
  },
};

/** The element type of a grammar whose rows all have a vector operation of it; undefined where there is none. */
export function elementOf(grammar: Grammar): VectorElement | undefined {
  return grammar.types.every((type) => type.kind === "real") &&
    grammar.productions.every((p) => p.kind !== "primitive" || p.primitive?.vector !== undefined)
    ? float64
    : undefined;
}
