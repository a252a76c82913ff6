import type { Machine } from "./column.ts";
import type { Grammar, Production } from "./grammar.ts";
import { kernels, kernelTables } from "./kernels.ts";
import { MAXIMUM_TOKENS, type Program } from "./program.ts";
import type { Value } from "./value.ts";
import { vectorCode } from "./vector-code.ts";
import { vectorArity, type VectorOperation, vectorOperations } from "./vector-operations.ts";

/** Bytes of each column that go through all instructions before the next ones do: operands stay in the first-level cache. */
const BLOCK_BYTES = 2048;
const ALIGNMENT = 64;
const PAGE_BYTES = 65_536;
const DOUBLE_BYTES = 8;
/** Shortest columns of which a part is looked at first. */
const STAGED_BYTES = 4096;
/** To look for equal nodes costs a program about as much as this many node-evaluations of plain arithmetic. */
const SHARING_COST = 1500;
/** Where sharing did not pay, it is tried again after so many batches. */
const LOOK_AGAIN_BATCHES = 16;
/** Programs that are measured together at most. */
export const BATCH_PROGRAMS = 1024;
/** A batch stops taking in programs at 24,576 nodes; a cube is two, an inverse brings a constant of its own. */
const MAXIMUM_NODES = 24_576 + 2 * MAXIMUM_TOKENS;

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
  readonly setCases: (last: number) => void;
  readonly run: (tokens: number, length: number, constants: number, blockBytes: number) => void;
  readonly measureBatch: (
    programs: number,
    count: number,
    isShared: boolean,
    reduction: number,
    blockBytes: number,
    signatures: number,
    errors: number,
    thresholds: number,
  ) => number;
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

const kernelOperations: ReadonlySet<string | undefined> = new Set<VectorOperation>([
  "exponential",
  "logarithm",
  "sine",
  "cosine",
  "tangent",
  "hyperbolic-tangent",
  "power",
]);

const kinds = { argument: 0, constant: 1, literal: 2, square: 3, cube: 4, inverse: 5, unary: 6, binary: 7 };

function kindOf(production: Production): number {
  if (production.kind !== "primitive") return kinds[production.kind as "argument" | "constant" | "literal"];
  const vector = production.primitive?.vector;
  if (vector === "square" || vector === "cube" || vector === "inverse") return kinds[vector];
  return vectorArity(vector as VectorOperation) === 1 ? kinds.unary : kinds.binary;
}

/** How the errors of the cases become one: their sum, the sum of their squares, the largest. */
export type Reduction = "sum" | "squares" | "largest";

/** What a program's column is measured against. Relative errors are divided by the expected size, where it is not 0. */
export interface ErrorReduction {
  readonly error: "absolute" | "relative";
  readonly reduction: Reduction;
  readonly expected: readonly number[];
}

const reductions = ["sum", "squares", "largest"] as const;

/**
 * The vector machine: a WebAssembly interpreter (assembly/) that runs a program's instructions over blocks of cases,
 * two doubles at a time. Gives the bits of the columnar machine, but for the payload of NaN.
 */
export class VectorMachine implements Machine {
  readonly caseCount: number;
  readonly #interpreter: Interpreter;
  readonly #integers: Int32Array;
  readonly #doubles: Float64Array;
  readonly #blockBytes: number;
  readonly #reduction: number;
  /** Batch slot × (address of the tokens, their number, address of the constants). */
  readonly #programs: number;
  readonly #tokens: number;
  /** Bytes from program to program. */
  readonly #tokenStride: number;
  readonly #constantStride: number;
  readonly #constants: number;
  readonly #result: Float64Array;
  /** What a node costs on a case, against a node of plain arithmetic. */
  readonly #weight: number;
  #sharingPays = true;
  #unshared = 0;
  /** Whether programs are given up early: columns shorter than this are measured at once. */
  readonly isStaged: boolean;
  readonly #lengths = new Int32Array(BATCH_PROGRAMS);
  readonly #constantCounts = new Int32Array(BATCH_PROGRAMS);
  readonly #tokenViews: Int32Array[][] = Array.from({ length: BATCH_PROGRAMS }, () => []);
  readonly #constantViews: Float64Array[][] = Array.from({ length: BATCH_PROGRAMS }, () => []);
  /** Batch slot × 4 words: the signatures of the columns measured last. */
  readonly signatures: Int32Array;
  /** Place in the batch → error of the column measured last; NaN where no error is measured, −1 where it was given up. */
  readonly errors: Float64Array;
  /** Place in the batch → error above which a program need not be measured to the end. */
  readonly thresholds: Float64Array;

  /**
   * @param blockBytes bytes of a column that go through the instructions at once; a multiple of 64. Changes the speed only
   * @param maximumSize nodes of the largest program
   */
  constructor(
    grammar: Grammar,
    inputs: readonly (readonly Value[])[],
    caseCount: number,
    measured: ErrorReduction | null = null,
    blockBytes: number = BLOCK_BYTES,
    maximumSize: number = MAXIMUM_TOKENS,
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
    this.isStaged = measured !== null && columnBytes >= STAGED_BYTES;
    this.#blockBytes = Math.min(blockBytes, columnBytes);
    const kindsAt = take(16 * grammar.productions.length);
    this.#programs = take(12 * BATCH_PROGRAMS);
    const signatures = take(16 * BATCH_PROGRAMS);
    const errors = take(DOUBLE_BYTES * BATCH_PROGRAMS);
    const thresholds = take(DOUBLE_BYTES * BATCH_PROGRAMS);
    // Close together, so that a batch stays in the cache. Every child of a node may be a reference.
    const widest = grammar.productions.reduce((most, p) => Math.max(most, p.children.length), 1);
    const longest = Math.min(MAXIMUM_TOKENS, widest * maximumSize + 1);
    this.#tokenStride = Math.ceil((4 * longest) / ALIGNMENT) * ALIGNMENT;
    this.#constantStride = Math.ceil((DOUBLE_BYTES * Math.min(longest, maximumSize)) / ALIGNMENT) * ALIGNMENT;
    this.#tokens = take(this.#tokenStride * BATCH_PROGRAMS);
    this.#constants = take(this.#constantStride * BATCH_PROGRAMS);
    const nodes = take(32 * MAXIMUM_NODES);
    const table = take(4 * 65_536);
    const instructions = take(48 * (MAXIMUM_NODES + 2 * BATCH_PROGRAMS));
    const constants = take(64 * 3 * MAXIMUM_NODES);
    const free = take(4 * MAXIMUM_NODES);
    const slots = take(2 * 128 * BATCH_PROGRAMS);
    const result = take(columnBytes);
    const expected = take(columnBytes);
    const scale = take(columnBytes);
    const columns = take(columnBytes * inputs.length);
    // Untouched memory costs nothing: there is room for the most that could be needed.
    const registers = take(this.#blockBytes * MAXIMUM_NODES);
    const pages = Math.ceil(end / PAGE_BYTES) - memory.buffer.byteLength / PAGE_BYTES;
    if (pages > 0) memory.grow(pages);
    this.#integers = new Int32Array(memory.buffer);
    this.#doubles = new Float64Array(memory.buffer);
    this.#result = new Float64Array(memory.buffer, result, caseCount);
    this.signatures = new Int32Array(memory.buffer, signatures, 4 * BATCH_PROGRAMS);
    this.errors = new Float64Array(memory.buffer, errors, BATCH_PROGRAMS).fill(Number.NaN);
    this.thresholds = new Float64Array(memory.buffer, thresholds, BATCH_PROGRAMS).fill(
      Number.POSITIVE_INFINITY,
    );

    [kernelTables.exp, kernelTables.log, kernelTables.sine].forEach((values, k) =>
      this.#doubles.set(values, interpreter.kernelTable(k) / DOUBLE_BYTES),
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
    const put = (at: number, values: readonly Value[]): void => {
      // What lies behind the last case is computed and thrown away: it should be nothing unusual.
      for (let i = 0; i < columnBytes / DOUBLE_BYTES; i++)
        this.#doubles[at / DOUBLE_BYTES + i] = values[Math.min(i, caseCount - 1)] as number;
    };
    inputs.forEach((values, k) => put(columns + k * columnBytes, values));
    this.#reduction =
      measured === null
        ? 0
        : 1 +
          reductions.indexOf(measured.reduction) +
          (measured.error === "relative" ? reductions.length : 0);
    if (measured !== null) {
      put(expected, measured.expected);
      put(
        scale,
        measured.expected.map((value) => (value === 0 ? 1 : Math.abs(value))),
      );
    }
    for (let k = 0; k < BATCH_PROGRAMS; k++) {
      this.#integers[this.#programs / 4 + 3 * k] = this.#tokens + this.#tokenStride * k;
      this.#integers[this.#programs / 4 + 3 * k + 2] = this.#constants + this.#constantStride * k;
    }
    interpreter.configure(
      kindsAt,
      nodes,
      table,
      instructions,
      constants,
      registers,
      free,
      columns,
      columnBytes,
      slots,
      expected,
      scale,
      result,
    );
    this.#weight = grammar.productions.some((p) => kernelOperations.has(p.primitive?.vector)) ? 2 : 1;
    interpreter.setCases(caseCount % 8 === 0 ? 8 : caseCount % 8);
  }

  /** Puts a program into a slot of the batch, 0 ≤ slot < BATCH_PROGRAMS. */
  put(slot: number, { tokens, constants }: Program): void {
    this.#integers.set(tokens, (this.#tokens + this.#tokenStride * slot) / 4);
    if (constants.length > 0)
      this.#doubles.set(constants, (this.#constants + this.#constantStride * slot) / DOUBLE_BYTES);
    this.#integers[this.#programs / 4 + 3 * slot + 1] = tokens.length;
    this.#lengths[slot] = tokens.length;
    this.#constantCounts[slot] = constants.length;
  }

  /** The program in a slot; its arrays are the machine's own and valid until another is put there. */
  program(slot: number): Program {
    const tokens = this.#lengths[slot] as number;
    const constants = this.#constantCounts[slot] as number;
    return {
      tokens: viewOf(
        this.#tokenViews,
        slot,
        tokens,
        () => new Int32Array(this.#integers.buffer, this.#tokens + this.#tokenStride * slot, tokens),
      ),
      constants: viewOf(
        this.#constantViews,
        slot,
        constants,
        () =>
          new Float64Array(this.#integers.buffer, this.#constants + this.#constantStride * slot, constants),
      ),
    };
  }

  /** Makes the n-th program to be measured the one in a slot: by default the one in slot n. */
  refer(n: number, slot: number): void {
    const at = this.#programs / 4;
    this.#integers[at + 3 * n] = this.#tokens + this.#tokenStride * slot;
    this.#integers[at + 3 * n + 1] = this.#lengths[slot] as number;
    this.#integers[at + 3 * n + 2] = this.#constants + this.#constantStride * slot;
  }

  /**
   * Measures the first `count` programs of the batch.
   * @param isShared whether a term that several of them compute is computed once; unless told, where that pays. Changes
   * the speed only
   */
  measure(
    count: number,
    isShared: boolean = this.#sharingPays || ++this.#unshared % LOOK_AGAIN_BATCHES === 0,
  ): void {
    const distinct = this.#interpreter.measureBatch(
      this.#programs,
      count,
      isShared,
      this.#reduction,
      this.#blockBytes,
      this.signatures.byteOffset,
      this.errors.byteOffset,
      this.isStaged ? this.thresholds.byteOffset : 0,
    );
    if (!isShared) return;
    let nodes = 0;
    for (let n = 0; n < count; n++) nodes += this.#integers[this.#programs / 4 + 3 * n + 1] as number;
    const savedOnEach = (nodes - distinct) / Math.max(1, count);
    this.#sharingPays = savedOnEach * this.caseCount * this.#weight > SHARING_COST;
  }

  run(program: Program): Float64Array {
    this.put(0, program);
    return this.runPlaced(0);
  }

  /** Runs the program in a slot of the batch. */
  runPlaced(slot: number): Float64Array {
    if (this.caseCount > 0)
      this.#interpreter.run(
        this.#tokens + this.#tokenStride * slot,
        this.#lengths[slot] as number,
        this.#constants + this.#constantStride * slot,
        this.#blockBytes,
      );
    return this.#result;
  }
}

/** A view of a slot, made once for each length. */
function viewOf<T>(views: T[][], slot: number, length: number, make: () => T): T {
  const known = (views[slot] as T[])[length];
  if (known !== undefined) return known;
  const view = make();
  (views[slot] as T[])[length] = view;
  return view;
}
