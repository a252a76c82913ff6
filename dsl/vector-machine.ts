import type { Column, Machine } from "./column.ts";
import type { Grammar, Production } from "./grammar.ts";
import { type ErrorReduction, errorScale, type NumberError, type Reduction } from "./errors.ts";
import { InputError } from "./input-error.ts";
import { kernels, kernelTables } from "./kernels.ts";
import { MAXIMUM_TOKENS, type Program } from "./program.ts";
import type { Type } from "./type.ts";
import type { Value } from "./value.ts";
import { vectorCode } from "./vector-code.ts";
import { elementOf, float64, type VectorElement } from "./vector-elements.ts";
import { vectorArity, type VectorOperation } from "./vector-operations.ts";

/** Columns, and the parts of the memory, begin at lines of the cache. */
const LINE_BYTES = 64;
const DOUBLE_BYTES = 8;
/** Shortest columns that are measured in stages. */
const STAGED_BYTES = 2048;
/** Columns that are scaled together take no more room. */
const KEPT_BYTES = 1 << 22;
/** To look for equal nodes costs a program about as much as this many node-evaluations of plain arithmetic. */
const SHARING_COST = 4000;
/** What sharing saves where programs are given up: half of the cases are not looked at, and what is shared thins out. */
const STAGED_SHARE = 0.25;
/** Where sharing did not pay, it is tried again after so many batches. */
const LOOK_AGAIN_BATCHES = 16;
const LOOK_AGAIN_AT_MOST_BATCHES = 1024;
/** Programs that are measured together at most. */
export const BATCH_PROGRAMS = 4096;
/** A part of a batch stops taking in programs at so many nodes. */
const SHARED_NODES = 98_304;
/** A cube is two nodes, an inverse brings a constant of its own. */
const MAXIMUM_NODES = SHARED_NODES + 2 * MAXIMUM_TOKENS;

interface Memory {
  readonly buffer: ArrayBuffer;
}

/** What is used of WebAssembly, whose types belong to no library that this room may know. */
declare const WebAssembly: {
  readonly Module: new (code: Uint8Array) => object;
  readonly Instance: new (module: object, imports: object) => { readonly exports: unknown };
};

/** A global of the interpreter. */
interface Address {
  readonly value: number;
}

export interface Interpreter {
  readonly memory: Memory;
  readonly kernelTable: (which: number) => number;
  /** False where there is not enough memory. */
  readonly configure: (...sizes: number[]) => boolean | number;
  readonly fillTruthTables: () => void;
  readonly run: (tokens: number, length: number, constants: number) => void;
  readonly placeDerivatives: (maximumNodes: number, maximumConstants: number) => boolean | number;
  readonly differentiate: (
    tokens: number,
    length: number,
    constants: number,
    expected: number,
    weight: number,
  ) => void;
  readonly runDerivatives: (constants: number, wanted: number) => void;
  readonly descend: (
    constants: number,
    count: number,
    maximumSteps: number,
    patience: number,
    firstDamping: number,
    least: number,
    probation: number,
    hope: number,
  ) => number;
  readonly measureBatch: (count: number, isShared: boolean, isStaged: boolean) => number;
  readonly kinds: Address;
  readonly programs: Address;
  readonly signatures: Address;
  readonly errors: Address;
  readonly thresholds: Address;
  readonly tokens: Address;
  readonly constants: Address;
  readonly columns: Address;
  readonly expected: Address;
  readonly scale: Address;
  readonly result: Address;
  readonly GIVEN_UP: Address;
  readonly jacobian: Address;
  readonly products: Address;
  readonly triedSteps: Address;
}

let compiled: object | undefined;

/** An interpreter with a memory of its own. */
export function instantiate(): Interpreter {
  compiled ??= new WebAssembly.Module(Uint8Array.from(atob(vectorCode), (c) => c.charCodeAt(0)));
  const { exp, expm1, log, log1p, pow, cbrt, sin, cos, tan } = kernels;
  const instance = new WebAssembly.Instance(compiled, {
    kernels: { exp, expm1, log, log1p, pow, cbrt, sin, cos, tan },
  });
  return instance.exports as Interpreter;
}

const costly: ReadonlySet<VectorOperation | undefined> = new Set<VectorOperation>([
  "exponential",
  "logarithm",
  "sine",
  "cosine",
  "tangent",
  "hyperbolic-tangent",
  "exponential-less-one",
  "logarithm-of-sum",
  "cube-root",
  "power",
]);

const kinds = { argument: 0, constant: 1, literal: 2, square: 3, cube: 4, inverse: 5, operation: 5 };

/** What assembly/grammar.ts calls a production: for operations 5 + the number of operands. */
function kindOf({ kind, primitive }: Production): number {
  if (kind !== "primitive") return kinds[kind as "argument" | "constant" | "literal"];
  const vector = primitive?.vector as VectorOperation;
  if (vector === "square" || vector === "cube" || vector === "inverse") return kinds[vector];
  return kinds.operation + vectorArity(vector);
}

/** @throws InputError unless there was enough memory */
export function checkMemory(isEnough: boolean | number, caseCount: number, columns: number): void {
  if (!isEnough)
    throw new InputError(
      `The vector machine must hold its columns in 2 GiB; got ${caseCount} cases in ${columns} columns. Use fewer.`,
    );
}

/** Writes the kernels' tables and the kind of each production into the memory of a configured interpreter. */
export function writeGrammar(interpreter: Interpreter, grammar: Grammar, element: VectorElement): void {
  const { buffer } = interpreter.memory;
  const integers = new Int32Array(buffer);
  const doubles = new Float64Array(buffer);
  [kernelTables.exp, kernelTables.log, kernelTables.sine].forEach((values, k) =>
    doubles.set(values, interpreter.kernelTable(k) / DOUBLE_BYTES),
  );
  grammar.productions.forEach((production, id) => {
    const at = interpreter.kinds.value + 16 * id;
    const kind = kindOf(production);
    integers[at / 4] = kind;
    integers[at / 4 + 1] =
      kind > kinds.operation
        ? element.operations.indexOf(production.primitive?.vector as VectorOperation)
        : production.index;
    if (production.value !== undefined) element.writeConstant(buffer, at + 8, production.value);
  });
}

/** What can be measured: the order is that of assembly/errors.ts, from 1 on. */
const measurements: readonly string[] = [
  "sum of absolute",
  "squares of absolute",
  "largest of absolute",
  "sum of relative",
  "squares of relative",
  "largest of relative",
  "sum of log-cosh",
  "sum of Huber",
  "sum of class",
  "sum of balanced class",
  "sum of logistic",
  "sum of hinge",
] satisfies readonly `${Reduction} of ${NumberError}`[];

export interface VectorMachineOptions {
  /** What batches of programs are measured against. Unless told, they are given signatures. */
  readonly measured?: ErrorReduction | null;
  /** Whether a program is left alone once its error is above its threshold, or no number. */
  readonly givesUp?: boolean;
  /** Bytes of a column that go through the instructions at once; a multiple of 64. Changes the speed only. */
  readonly blockBytes?: number;
  /** Nodes of the largest program. */
  readonly maximumSize?: number;
}

/**
 * The vector machine: a WebAssembly interpreter (assembly/) that runs a program's instructions over blocks of cases,
 * a vector of 16 bytes at a time. Gives the bits of the columnar machine, but for the payload of NaN.
 */
export class VectorMachine implements Machine {
  readonly caseCount: number;
  readonly #interpreter: Interpreter;
  readonly #integers: Int32Array;
  readonly #doubles: Float64Array;
  /** Batch slot × (address of the tokens, their number, address of the constants). */
  readonly #programs: number;
  readonly #tokens: number;
  /** Bytes from program to program. */
  readonly #tokenBytes: number;
  readonly #constantBytes: number;
  readonly #constants: number;
  readonly #result: () => Column;
  /** What a node costs on a case, against a node of plain arithmetic. */
  readonly #weight: number;
  #sharingPays = true;
  /** Batches until sharing is tried again, and how many they were at first: each time in vain twice as many. */
  #unshared = 0;
  #patience = LOOK_AGAIN_BATCHES;
  /** Whether programs are given up early: short columns are measured at once. */
  readonly isStaged: boolean;
  readonly #lengths = new Int32Array(BATCH_PROGRAMS);
  readonly #constantCounts = new Int32Array(BATCH_PROGRAMS);
  /** Place in the batch × 4 words: the signatures of the columns measured last, where no errors are measured. */
  readonly signatures: Int32Array;
  /** Place in the batch → error of the column measured last, where errors are measured. */
  readonly errors: Float64Array;
  /** Place in the batch → error above which a program need not be measured to the end. */
  readonly thresholds: Float64Array;

  /** @param grammar has an element type (vector-elements.ts) */
  constructor(
    grammar: Grammar,
    inputs: readonly (readonly Value[])[],
    caseCount: number,
    { measured = null, givesUp = true, blockBytes, maximumSize = MAXIMUM_TOKENS }: VectorMachineOptions = {},
  ) {
    this.caseCount = caseCount;
    const element = elementOf(grammar) as VectorElement;
    const interpreter = instantiate();
    this.#interpreter = interpreter;
    const bits = caseCount * element.bitsPerCase;
    const columnBytes = Math.ceil(bits / (8 * LINE_BYTES)) * LINE_BYTES;
    // The fit of some cases says nothing sure about the fit of all.
    this.isStaged = measured !== null && measured.isScaled !== true && givesUp && columnBytes >= STAGED_BYTES;
    // Close together, so that a batch stays in the cache. Every child of a node may be a reference.
    const widest = grammar.productions.reduce((most, p) => Math.max(most, p.children.length), 1);
    const longest = Math.min(MAXIMUM_TOKENS, widest * maximumSize + 1);
    const wholeLines = (bytes: number): number => Math.ceil(bytes / LINE_BYTES) * LINE_BYTES;
    this.#tokenBytes = wholeLines(4 * longest);
    this.#constantBytes = wholeLines(DOUBLE_BYTES * Math.min(longest, maximumSize));
    const isEnough = interpreter.configure(
      element.number,
      element.width,
      measured === null
        ? 0
        : 1 + Math.max(0, measurements.indexOf(`${measured.reduction} of ${measured.error}`)),
      grammar.productions.length,
      inputs.length,
      columnBytes,
      bits % (8 * LINE_BYTES) === 0 ? 8 * LINE_BYTES : bits % (8 * LINE_BYTES),
      Math.min(blockBytes ?? element.blockBytes, columnBytes),
      BATCH_PROGRAMS,
      MAXIMUM_TOKENS,
      this.#tokenBytes,
      this.#constantBytes,
      SHARED_NODES,
      MAXIMUM_NODES,
      caseCount,
      measured?.isScaled === true
        ? Math.min(BATCH_PROGRAMS, Math.max(1, Math.floor(KEPT_BYTES / columnBytes)))
        : 0,
    );
    checkMemory(isEnough, caseCount, inputs.length);
    const { buffer } = interpreter.memory;
    this.#integers = new Int32Array(buffer);
    this.#doubles = new Float64Array(buffer);
    this.#programs = interpreter.programs.value;
    this.#tokens = interpreter.tokens.value;
    this.#constants = interpreter.constants.value;
    const resultType = grammar.types[grammar.resultType] as Type;
    this.#result = element.columnAt(buffer, interpreter.result.value, caseCount, resultType);
    this.signatures = new Int32Array(buffer, interpreter.signatures.value, 4 * BATCH_PROGRAMS);
    const perProgram = (at: Address, value: number): Float64Array =>
      new Float64Array(buffer, at.value, BATCH_PROGRAMS).fill(value);
    this.errors = perProgram(interpreter.errors, Number.NaN);
    this.thresholds = perProgram(interpreter.thresholds, Number.POSITIVE_INFINITY);

    writeGrammar(interpreter, grammar, element);
    inputs.forEach((values, k) =>
      element.writeColumn(buffer, interpreter.columns.value + k * columnBytes, columnBytes, values),
    );
    if (measured !== null) {
      const by = element.isWidened ? float64 : element;
      const bytes = (columnBytes * by.bitsPerCase) / element.bitsPerCase;
      by.writeColumn(buffer, interpreter.expected.value, bytes, measured.expected);
      if (measured.error !== "passed")
        by.writeColumn(
          buffer,
          interpreter.scale.value,
          bytes,
          measured.scale ?? errorScale(measured.error, measured.expected as readonly number[]),
        );
    }
    interpreter.fillTruthTables();
    for (let k = 0; k < BATCH_PROGRAMS; k++) this.refer(k, k);
    this.#weight = grammar.productions.some((p) => costly.has(p.primitive?.vector)) ? 2 : 1;
  }

  /**
   * Puts a program into a slot of the batch, 0 ≤ slot < BATCH_PROGRAMS.
   * @throws InputError if it is larger than `maximumSize` allows
   */
  put(slot: number, { tokens, constants }: Program): void {
    if (4 * tokens.length > this.#tokenBytes || DOUBLE_BYTES * constants.length > this.#constantBytes)
      throw new InputError(
        `A program for this machine must have at most ${this.#tokenBytes / 4} tokens and ${this.#constantBytes / DOUBLE_BYTES} constants; got ${tokens.length} and ${constants.length}. Raise maximumSize.`,
      );
    // Programs are short: a loop is quicker than a copy of typed arrays.
    let at = (this.#tokens + this.#tokenBytes * slot) / 4;
    for (let i = 0; i < tokens.length; i++) this.#integers[at++] = tokens[i] as number;
    at = (this.#constants + this.#constantBytes * slot) / DOUBLE_BYTES;
    for (let i = 0; i < constants.length; i++) this.#doubles[at++] = constants[i] as number;
    this.#integers[this.#programs / 4 + 3 * slot + 1] = tokens.length;
    this.#lengths[slot] = tokens.length;
    this.#constantCounts[slot] = constants.length;
  }

  /** A copy of the program in a slot. */
  program(slot: number): Program {
    const tokens = (this.#tokens + this.#tokenBytes * slot) / 4;
    const constants = (this.#constants + this.#constantBytes * slot) / DOUBLE_BYTES;
    return {
      tokens: this.#integers.slice(tokens, tokens + (this.#lengths[slot] as number)),
      constants: this.#doubles.slice(constants, constants + (this.#constantCounts[slot] as number)),
    };
  }

  /** Makes the n-th program to be measured the one in a slot: by default the one in slot n. */
  refer(n: number, slot: number): void {
    const at = this.#programs / 4;
    this.#integers[at + 3 * n] = this.#tokens + this.#tokenBytes * slot;
    this.#integers[at + 3 * n + 1] = this.#lengths[slot] as number;
    this.#integers[at + 3 * n + 2] = this.#constants + this.#constantBytes * slot;
  }

  /**
   * Measures the first `count` programs of the batch.
   * @param isShared whether a term that several of them compute is computed once; unless told, where that pays. Changes
   * the speed only
   */
  measure(count: number, isShared: boolean = this.#sharingPays || --this.#unshared <= 0): void {
    const distinct = this.#interpreter.measureBatch(count, isShared, this.isStaged);
    if (!isShared) return;
    let nodes = 0;
    for (let n = 0; n < count; n++) nodes += this.#integers[this.#programs / 4 + 3 * n + 1] as number;
    const savedOnEach = (nodes - distinct) / Math.max(1, count);
    const before = this.#sharingPays;
    const cases = this.caseCount * (this.isStaged ? STAGED_SHARE : 1);
    this.#sharingPays = savedOnEach * cases * this.#weight > SHARING_COST;
    this.#patience =
      before || this.#sharingPays
        ? LOOK_AGAIN_BATCHES
        : Math.min(2 * this.#patience, LOOK_AGAIN_AT_MOST_BATCHES);
    this.#unshared = this.#patience;
  }

  /** Whether the n-th program measured last was given up, since its error is above its threshold. */
  isGivenUp(n: number): boolean {
    return this.errors[n] === this.#interpreter.GIVEN_UP.value;
  }

  run(program: Program): Column {
    this.put(0, program);
    return this.runPlaced(0);
  }

  /** Runs the program in a slot of the batch. */
  runPlaced(slot: number): Column {
    if (this.caseCount > 0)
      this.#interpreter.run(
        this.#tokens + this.#tokenBytes * slot,
        this.#lengths[slot] as number,
        this.#constants + this.#constantBytes * slot,
      );
    return this.#result();
  }
}
