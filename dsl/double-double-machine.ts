import { DoubleDoubles, ONE } from "./double-double.ts";
import * as functions from "./double-double-functions.ts";
import type { Grammar, Production } from "./grammar.ts";
import { InputError } from "./input-error.ts";
import { compileOwn } from "./own-code.ts";
import { MAXIMUM_TOKENS, type Program, referencedPosition } from "./program.ts";
import type { RealOperation } from "./vector-operations.ts";

/** Cases that go through all instructions before the next ones do. */
const BLOCK = 64;

/** Numbers as unevaluated sums high + low, |low| ≤ ulp(high) / 2. */
export interface DoubleDoubleColumn {
  readonly high: Float64Array;
  readonly low: Float64Array;
}

/** Reads the pairs at the addresses a and b, or a alone, and writes the one at `out`. */
type Operation = (numbers: DoubleDoubles, out: number, a: number, b: number) => void;
type Loop = (
  numbers: DoubleDoubles,
  count: number,
  out: number,
  a: number,
  aStep: number,
  b: number,
  bStep: number,
) => void;

const operations: Readonly<Record<RealOperation, Operation>> = {
  add: (numbers, out, a, b) => numbers.add(out, a, b),
  subtract: (numbers, out, a, b) => numbers.subtract(out, a, b),
  multiply: (numbers, out, a, b) => numbers.multiply(out, a, b),
  divide: (numbers, out, a, b) => numbers.divide(out, a, b),
  minimum: (numbers, out, a, b) => numbers.minimum(out, a, b),
  maximum: (numbers, out, a, b) => numbers.maximum(out, a, b),
  "square-root": (numbers, out, a) => numbers.squareRoot(out, a),
  absolute: (numbers, out, a) => numbers.absolute(out, a),
  negate: (numbers, out, a) => numbers.negate(out, a),
  floor: (numbers, out, a) => numbers.floor(out, a),
  square: (numbers, out, a) => numbers.square(out, a),
  cube: (numbers, out, a) => numbers.cube(out, a),
  inverse: (numbers, out, a) => numbers.invert(out, a),
  power: functions.power,
  exponential: functions.exponential,
  logarithm: functions.logarithm,
  sine: functions.sine,
  cosine: functions.cosine,
  tangent: functions.tangent,
  "hyperbolic-tangent": functions.hyperbolicTangent,
  "exponential-less-one": functions.exponentialLessOne,
  "logarithm-of-sum": functions.logarithmOfSum,
  "cube-root": (numbers, out, a) => numbers.cubeRoot(out, a),
  "protected-divide": (numbers, out, a, b) => numbers.protectedDivide(out, a, b),
  "protected-inverse": (numbers, out, a) => numbers.protectedDivide(out, ONE, a),
};

function compileLoop(apply: Operation): Loop {
  return compileOwn(
    `function (numbers, count, out, a, aStep, b, bStep) {
      for (let i = 0; i < count; i++, out += 2, a += aStep, b += bStep) apply(numbers, out, a, b);
    }`,
    { apply },
  );
}

/**
 * Runs programs over reals in double-double arithmetic (about 31 decimal digits), to measure errors that doubles hide:
 * about 6 ns a case for + and ×, half a microsecond for exp and its like. A program means what it means on doubles, with
 * other rounding: see `DoubleDoubles` for accuracy, infinities and NaN. Constants and literals are the doubles they are.
 */
export class DoubleDoubleMachine {
  readonly caseCount: number;
  readonly #grammar: Grammar;
  readonly #numbers: DoubleDoubles;
  readonly #result: DoubleDoubleColumn;
  /** Production → the loop of its operation. */
  readonly #loops: (Loop | undefined)[];
  readonly #inputs: number;
  /** Where the constants of the program lie, by position of their token. */
  readonly #constants: number;
  /** A block for each position of a token. */
  readonly #registers: number;

  // Position → where its value lies, the step from case to case and whether it moves with the block.
  readonly #addresses = new Int32Array(MAXIMUM_TOKENS);
  readonly #steps = new Int32Array(MAXIMUM_TOKENS);
  readonly #moves = new Uint8Array(MAXIMUM_TOKENS);
  // The instructions: positions of the result and of the two operands.
  readonly #out = new Int32Array(MAXIMUM_TOKENS);
  readonly #a = new Int32Array(MAXIMUM_TOKENS);
  readonly #b = new Int32Array(MAXIMUM_TOKENS);
  readonly #stack = new Int32Array(MAXIMUM_TOKENS);

  /**
   * @param inputs a column for each argument, all `caseCount` long: doubles, or pairs
   * @throws InputError where a row of the grammar has no operation in double-double
   */
  constructor(
    grammar: Grammar,
    inputs: readonly (ArrayLike<number> | DoubleDoubleColumn)[],
    caseCount: number,
  ) {
    const isReal = grammar.types.every((type) => type.kind === "real");
    this.#loops = grammar.productions.map(({ kind, primitive }) => {
      if (kind === "argument" || kind === "constant" || kind === "literal") return undefined;
      const operation = isReal ? operations[primitive?.vector as RealOperation] : undefined;
      if (operation === undefined)
        throw new InputError(
          `${kind} "${primitive?.name ?? ""}" has no double-double operation. Use rows of the arithmetic language.`,
        );
      return compileLoop(operation);
    });
    this.#grammar = grammar;
    this.caseCount = caseCount;
    this.#inputs = DoubleDoubles.first;
    this.#constants = this.#inputs + 2 * caseCount * inputs.length;
    this.#registers = this.#constants + 2 * MAXIMUM_TOKENS;
    this.#numbers = new DoubleDoubles(caseCount * inputs.length + MAXIMUM_TOKENS + BLOCK * MAXIMUM_TOKENS);
    this.#result = { high: new Float64Array(caseCount), low: new Float64Array(caseCount) };
    inputs.forEach((column, k) => {
      for (let i = 0; i < caseCount; i++)
        this.#numbers.set(
          this.#inputs + 2 * (k * caseCount + i),
          ("high" in column ? column.high[i] : column[i]) as number,
          "high" in column ? (column.low[i] as number) : 0,
        );
    });
  }

  /** The program's column. It belongs to the machine and is valid until the next call. */
  run(program: Program): DoubleDoubleColumn {
    const { tokens } = program;
    const last = tokens.length - 1;
    const count = this.#read(program);
    for (let from = 0; from < this.caseCount; from += BLOCK) {
      const cases = Math.min(BLOCK, this.caseCount - from);
      for (let k = 0; k < count; k++) {
        const out = this.#out[k] as number;
        const a = this.#a[k] as number;
        const b = this.#b[k] as number;
        (this.#loops[tokens[out] as number] as Loop)(
          this.#numbers,
          cases,
          this.#addresses[out] as number,
          this.#addressOf(a, from),
          this.#steps[a] as number,
          this.#addressOf(b, from),
          this.#steps[b] as number,
        );
      }
      const step = this.#steps[last] as number;
      let at = this.#addressOf(last, from);
      for (let i = from; i < from + cases; i++, at += step) {
        this.#result.high[i] = this.#numbers.values[at] as number;
        this.#result.low[i] = this.#numbers.values[at + 1] as number;
      }
    }
    return this.#result;
  }

  #addressOf(position: number, from: number): number {
    return (this.#addresses[position] as number) + 2 * from * (this.#moves[position] as number);
  }

  /** Reads a program into instructions: their number. */
  #read({ tokens, constants }: Program): number {
    const { arity, productions } = this.#grammar;
    const stack = this.#stack;
    let top = 0;
    let count = 0;
    let constantCount = 0;
    for (let i = 0; i < tokens.length; i++) {
      const token = tokens[i] as number;
      if (token < 0) {
        stack[top++] = referencedPosition(token);
        continue;
      }
      const production = productions[token] as Production;
      const children = arity[token] as number;
      this.#steps[i] = 2;
      this.#moves[i] = 0;
      if (children > 0) {
        top -= children;
        this.#out[count] = i;
        this.#a[count] = stack[top] as number;
        this.#b[count] = stack[top + children - 1] as number;
        count++;
        this.#addresses[i] = this.#registers + 2 * BLOCK * i;
      } else if (production.kind === "argument") {
        this.#addresses[i] = this.#inputs + 2 * this.caseCount * production.index;
        this.#moves[i] = 1;
      } else {
        const value = production.kind === "constant" ? constants[constantCount++] : production.value;
        this.#addresses[i] = this.#constants + 2 * i;
        this.#steps[i] = 0;
        this.#numbers.set(this.#constants + 2 * i, Number(value));
      }
      stack[top++] = i;
    }
    return count;
  }
}
