import type { Machine } from "./column.ts";
import type { Grammar, Production } from "./grammar.ts";
import { kernels, kernelTables } from "./kernels.ts";
import { MAXIMUM_TOKENS, type Program } from "./program.ts";
import type { Value } from "./value.ts";
import { vectorCode } from "./vector-code.ts";
import { vectorOperations } from "./vector-operations.ts";

/** Bytes of each column that go through all instructions before the next ones do: operands stay in the first-level cache. */
const BLOCK_BYTES = 2048;
const ALIGNMENT = 64;
const PAGE_BYTES = 65_536;
const DOUBLE_BYTES = 8;

interface Memory {
  readonly buffer: ArrayBuffer;
  readonly grow: (pages: number) => number;
}

/** What is used of WebAssembly, whose types belong to no library that this room may know. */
declare const WebAssembly: {
  readonly Module: new (code: Uint8Array) => object;
  readonly Instance: new (module: object, imports: object) => { readonly exports: unknown };
};

interface Interpreter {
  readonly memory: Memory;
  readonly heapBase: () => number;
  readonly kernelTable: (which: number) => number;
  readonly configure: (...addresses: number[]) => void;
  readonly run: (tokens: number, length: number, constants: number) => void;
}

let compiled: object | undefined;

function instantiate(): Interpreter {
  compiled ??= new WebAssembly.Module(Uint8Array.from(atob(vectorCode), (c) => c.charCodeAt(0)));
  const { exp, log, sin, cos, tan, tanh, pow } = kernels;
  const instance = new WebAssembly.Instance(compiled, {
    kernels: { exp, log, sin, cos, tan, tanh, pow },
  });
  return instance.exports as Interpreter;
}

/** Whether all rows of a grammar of reals have a kernel. */
export function isVectorGrammar(grammar: Grammar): boolean {
  return (
    grammar.types.every((t) => t.kind === "real") &&
    grammar.productions.every((p) => p.kind !== "primitive" || p.primitive?.vector !== undefined)
  );
}

const kinds = { argument: 0, constant: 1, literal: 2, square: 3, cube: 4, inverse: 5, unary: 6, binary: 7 };

function kindOf(production: Production): number {
  if (production.kind !== "primitive") return kinds[production.kind as "argument" | "constant" | "literal"];
  const vector = production.primitive?.vector;
  if (vector === "square" || vector === "cube" || vector === "inverse") return kinds[vector];
  return production.children.length === 1 ? kinds.unary : kinds.binary;
}

/**
 * The vector machine: a WebAssembly interpreter (assembly/) that runs a program's instructions over blocks of cases,
 * two doubles at a time. Gives the bits of the columnar machine, but for the payload of NaN.
 */
export class VectorMachine implements Machine {
  readonly caseCount: number;
  readonly #interpreter: Interpreter;
  readonly #integers: Int32Array;
  readonly #doubles: Float64Array;
  readonly #tokens: number;
  readonly #constants: number;
  readonly #result: Float64Array;

  constructor(
    grammar: Grammar,
    inputs: readonly (readonly Value[])[],
    caseCount: number,
    blockBytes = BLOCK_BYTES,
  ) {
    this.caseCount = caseCount;
    const interpreter = instantiate();
    this.#interpreter = interpreter;
    const { memory } = interpreter;
    let end = interpreter.heapBase();
    const take = (bytes: number): number => {
      const at = end;
      end += Math.ceil(bytes / ALIGNMENT) * ALIGNMENT;
      return at;
    };
    const columnBytes = Math.ceil((caseCount * DOUBLE_BYTES) / ALIGNMENT) * ALIGNMENT;
    const block = Math.min(blockBytes, columnBytes);
    const kindsAt = take(16 * grammar.productions.length);
    this.#tokens = take(4 * MAXIMUM_TOKENS);
    this.#constants = take(DOUBLE_BYTES * MAXIMUM_TOKENS);
    // A cube is two nodes, an inverse brings a constant of its own.
    const nodes = take(32 * 2 * MAXIMUM_TOKENS);
    const stack = take(2 * 4 * MAXIMUM_TOKENS);
    const instructions = take(48 * 2 * MAXIMUM_TOKENS);
    const constants = take(64 * 2 * MAXIMUM_TOKENS);
    const result = take(columnBytes);
    const columns = take(columnBytes * inputs.length);
    const registers = take(block * MAXIMUM_TOKENS);
    const pages = Math.ceil(end / PAGE_BYTES) - memory.buffer.byteLength / PAGE_BYTES;
    if (pages > 0) memory.grow(pages);
    this.#integers = new Int32Array(memory.buffer);
    this.#doubles = new Float64Array(memory.buffer);
    this.#result = this.#doubles.subarray(result / DOUBLE_BYTES, result / DOUBLE_BYTES + caseCount);

    [kernelTables.exp, kernelTables.log, kernelTables.sine].forEach((table, k) =>
      this.#doubles.set(table, interpreter.kernelTable(k) / DOUBLE_BYTES),
    );
    grammar.productions.forEach((production, id) => {
      const at = kindsAt + 16 * id;
      const kind = kindOf(production);
      this.#integers[at / 4] = kind;
      this.#integers[at / 4 + 1] =
        kind >= kinds.unary
          ? vectorOperations.indexOf(production.primitive?.vector as (typeof vectorOperations)[number])
          : production.index;
      this.#doubles[at / 8 + 1] = Number(production.value ?? 0);
    });
    inputs.forEach((values, k) => {
      const at = (columns + k * columnBytes) / DOUBLE_BYTES;
      // What lies behind the last case is computed and thrown away: it should be nothing unusual.
      for (let i = 0; i < columnBytes / DOUBLE_BYTES; i++)
        this.#doubles[at + i] = values[Math.min(i, caseCount - 1)] as number;
    });
    interpreter.configure(
      kindsAt,
      nodes,
      stack,
      instructions,
      constants,
      registers,
      columns,
      columnBytes,
      columnBytes,
      block,
      result,
    );
  }

  run(program: Program): Float64Array {
    const { tokens, constants } = program;
    this.#integers.set(tokens, this.#tokens / 4);
    if (constants.length > 0) this.#doubles.set(constants, this.#constants / DOUBLE_BYTES);
    this.#interpreter.run(this.#tokens, tokens.length, this.#constants);
    return this.#result;
  }
}
