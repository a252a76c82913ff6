import {
  type Grammar,
  type Production,
  type Program,
  referencedPosition,
  referenceTo,
} from "../../dsl/index.ts";
import { ADD, DIVIDE, fieldOperations, MULTIPLY, SQUARE, SUBTRACT } from "./field-operations.ts";

/** Operations that a skeleton may have, and constants. */
export const MAXIMUM_NODES = 64;
export const MAXIMUM_CONSTANTS = 32;

/** How a constant enters a term: c + u, c − u, c · u, c / u. */
export type Step = typeof ADD | typeof SUBTRACT | typeof MULTIPLY | typeof DIVIDE;

/**
 * A program over reals with its constants set apart: what is left are operations that depend on an argument. Constant terms are
 * computed; constants that meet are put together; each constant stands in one place. Two programs whose skeletons are alike
 * differ in constants alone. Buffers are reused: it holds one program at a time.
 *
 * An operand of at least 0 is a node, which comes before; −1 − a is argument a; below them, −1 − arguments − c is constant c.
 */
export class Skeleton {
  readonly grammar: Grammar;
  readonly argumentCount: number;
  /** Production → its operation (field-operations.ts). */
  readonly operationOf: Uint8Array;
  count = 0;
  constantCount = 0;
  /** Node → production. */
  readonly production: Int32Array = new Int32Array(MAXIMUM_NODES);
  /** Node → operands; the second is that of the first where there is one. */
  readonly a: Int32Array = new Int32Array(MAXIMUM_NODES);
  readonly b: Int32Array = new Int32Array(MAXIMUM_NODES);
  readonly constants: Float64Array = new Float64Array(MAXIMUM_CONSTANTS);
  /** What is left of constants that are sums of two doubles. */
  readonly remainders: Float64Array = new Float64Array(MAXIMUM_CONSTANTS);
  /** Node → how many operands it is. */
  readonly uses: Int32Array = new Int32Array(MAXIMUM_NODES);

  readonly #sharesValues: boolean;
  readonly #operandAt = new Int32Array(1024);
  readonly #stack = new Int32Array(1024);
  // What was read: constants that are computed make more.
  #readCount = 0;
  readonly #readValues = new Float64Array(1024);
  readonly #readLow = new Float64Array(1024);
  readonly #hash = new Int32Array(MAXIMUM_NODES);
  readonly #hasConstant = new Uint8Array(MAXIMUM_NODES);
  #isMerged = false;
  readonly #placed = new Int32Array(MAXIMUM_NODES);
  readonly #fromProduction = new Int32Array(MAXIMUM_NODES);
  readonly #fromA = new Int32Array(MAXIMUM_NODES);
  readonly #fromB = new Int32Array(MAXIMUM_NODES);
  readonly #positions = new Int32Array(MAXIMUM_NODES);
  readonly #sum: number;
  readonly #times: number;
  readonly #constantProduction: number;
  readonly #argumentProductions: Int32Array;

  /** @param sharesValues whether a term that is used twice is one; otherwise skeletons are trees */
  constructor(grammar: Grammar, sharesValues = true) {
    this.grammar = grammar;
    this.#sharesValues = sharesValues;
    this.operationOf = fieldOperations(grammar);
    const idOf = (test: (production: Production) => boolean): number =>
      grammar.productions.find(test)?.id ?? -1;
    this.argumentCount = grammar.signature.argumentNames.length;
    this.#sum = idOf(({ primitive }) => primitive?.vector === "add");
    this.#times = idOf(({ primitive }) => primitive?.vector === "multiply");
    this.#constantProduction = idOf(({ kind }) => kind === "constant");
    this.#argumentProductions = Int32Array.from({ length: this.argumentCount }, (_, k) =>
      idOf(({ kind, index }) => kind === "argument" && index === k),
    );
  }

  /** The constant that an operand is, or −1. */
  constantOf(operand: number): number {
    const constant = -1 - this.argumentCount - operand;
    return constant >= 0 ? constant : -1;
  }

  /** The operation of a node. */
  operation(node: number): number {
    return this.operationOf[this.production[node] as number] as number;
  }

  /** Whether a node has two operands. */
  isBinary(node: number): boolean {
    return this.grammar.arity[this.production[node] as number] === 2;
  }

  /** Whether constants can be written as sums of two. */
  get hasSums(): boolean {
    return this.#sum >= 0;
  }

  /**
   * Reads a program and brings it into order.
   * @returns false where it is no operation on arguments, has too many, or comes to a constant that is not finite
   */
  read(program: Program): boolean {
    return this.#open(program) && this.#order() && this.#absorb() && this.isFinite();
  }

  /** Whether all constants are finite, as those of programs must be. */
  isFinite(): boolean {
    for (let k = 0; k < this.constantCount; k++) if (!Number.isFinite(this.constants[k])) return false;
    return true;
  }

  #constant(value: number, low: number): number {
    this.#readValues[this.#readCount] = value;
    this.#readLow[this.#readCount] = low;
    return -1 - this.argumentCount - this.#readCount++;
  }

  #open({ tokens, constants }: Program): boolean {
    const { arity, productions } = this.grammar;
    const [stack, operandAt] = [this.#stack, this.#operandAt];
    let top = 0;
    let constant = 0;
    this.count = 0;
    this.#readCount = 0;
    for (let i = 0; i < tokens.length; i++) {
      const token = tokens[i] as number;
      if (token < 0) {
        stack[top++] = operandAt[referencedPosition(token)] as number;
        continue;
      }
      const children = arity[token] as number;
      const row = productions[token] as Production;
      let operand: number;
      if (children === 0)
        operand =
          row.kind === "argument"
            ? -1 - row.index
            : this.#constant(
                row.kind === "constant" ? (constants[constant++] as number) : Number(row.value),
                0,
              );
      else {
        top -= children;
        const a = stack[top] as number;
        const b = stack[top + children - 1] as number;
        if (this.constantOf(a) >= 0 && this.constantOf(b) >= 0) operand = this.#fold(row, a, b);
        else {
          if (this.count === MAXIMUM_NODES) return false;
          operand = this.count++;
          this.production[operand] = token;
          this.a[operand] = a;
          this.b[operand] = b;
        }
      }
      operandAt[i] = operand;
      stack[top++] = operand;
    }
    return (stack[0] as number) >= 0;
  }

  /** Computes an operation on constants. A sum keeps what its double leaves over. */
  #fold(row: Production, a: number, b: number): number {
    const x = this.#readValues[this.constantOf(a)] as number;
    const y = this.#readValues[this.constantOf(b)] as number;
    if (row.id !== this.#sum)
      return this.#constant((row.primitive as { apply: (...values: number[]) => number }).apply(x, y), 0);
    const sum = x + y;
    const part = sum - x;
    const low = x - (sum - part) + (y - part);
    return this.#constant(sum, low - low === 0 ? low : 0);
  }

  /**
   * Writes the nodes anew as they are reached from the root, operands of commutative operations in a fixed order, terms of arguments
   * alone once, and every constant by itself.
   */
  #order(): boolean {
    const { count, production, a, b } = this;
    const hash = this.#hash;
    const hasConstant = this.#hasConstant;
    this.#countUses();
    const varies = (operand: number): number =>
      operand >= 0 ? (hasConstant[operand] as number) : Number(operand < -this.argumentCount);
    const hashOf = (operand: number): number =>
      operand >= 0 ? (hash[operand] as number) : operand >= -this.argumentCount ? operand : -0x7ffffff;
    for (let i = 0; i < count; i++) {
      const row = production[i] as number;
      const isCommutative = this.grammar.productions[row]?.primitive?.commutative === true;
      if (isCommutative && hashOf(a[i] as number) > hashOf(b[i] as number)) {
        const first = a[i] as number;
        a[i] = b[i] as number;
        b[i] = first;
      }
      // Terms alike are told apart by how often they are used, but those that are going to be one.
      hasConstant[i] = varies(a[i] as number) | varies(b[i] as number);
      const uses = hasConstant[i] === 1 ? (this.uses[i] as number) : 1;
      hash[i] = mixed(hashOf(a[i] as number), hashOf(b[i] as number), row + (uses << 16));
    }
    this.#fromProduction.set(production);
    this.#fromA.set(a);
    this.#fromB.set(b);
    this.#placed.fill(-1, 0, count);
    const root = count - 1;
    this.count = 0;
    this.constantCount = 0;
    this.#isMerged = false;
    const isPlaced = this.#place(root) >= 0;
    this.#countUses();
    // Then some are used more often.
    return this.#isMerged && isPlaced ? this.#orderAgain() : isPlaced;
  }

  #orderAgain(): boolean {
    this.#readValues.set(this.constants);
    this.#readLow.set(this.remainders);
    return this.#order();
  }

  /** How often each node is an operand of those that the root needs. */
  #countUses(): void {
    const { a, b, count, uses } = this;
    uses.fill(0, 0, count);
    for (let i = count - 1; i >= 0; i--) {
      if (i < count - 1 && uses[i] === 0) continue;
      const [x, y] = [a[i] as number, b[i] as number];
      if (x >= 0) uses[x] = (uses[x] as number) + 1;
      if (y >= 0 && this.isBinary(i)) uses[y] = (uses[y] as number) + 1;
    }
  }

  /** The new number of a node; −1 where there are too many constants. */
  #place(node: number): number {
    const known = this.#placed[node] as number;
    if (known >= 0 && this.#sharesValues) return known;
    if (this.count === MAXIMUM_NODES) return -1;
    const row = this.#fromProduction[node] as number;
    const isBinary = this.grammar.arity[row] === 2;
    const operand = (from: number): number => {
      if (from >= 0) {
        const placed = this.#place(from);
        return placed < 0 ? Number.NaN : placed;
      }
      const constant = this.constantOf(from);
      if (constant < 0) return from;
      if (this.constantCount === MAXIMUM_CONSTANTS) return Number.NaN;
      this.constants[this.constantCount] = this.#readValues[constant] as number;
      this.remainders[this.constantCount] = this.#readLow[constant] as number;
      return -1 - this.argumentCount - this.constantCount++;
    };
    const a = operand(this.#fromA[node] as number);
    // What failed is not placed again: shared terms would be tried again and again.
    if (a !== a) return -1;
    const b = isBinary ? operand(this.#fromB[node] as number) : a;
    if (b !== b) return -1;
    for (let i = 0; this.#sharesValues && i < this.count; i++)
      if (this.production[i] === row && this.a[i] === a && this.b[i] === b) {
        this.#placed[node] = i;
        this.#isMerged = true;
        return i;
      }
    if (this.count === MAXIMUM_NODES) return -1;
    const place = this.count++;
    this.production[place] = row;
    this.a[place] = a;
    this.b[place] = b;
    this.#placed[node] = place;
    return place;
  }

  /** How a constant enters a node, or −1 where none does by itself. */
  stepOf(node: number): Step | -1 {
    if (!this.isBinary(node)) return -1;
    const operation = this.operation(node);
    const ofA = this.constantOf(this.a[node] as number) >= 0;
    const ofB = this.constantOf(this.b[node] as number) >= 0;
    if (operation === ADD || operation === MULTIPLY) return ofA || ofB ? operation : -1;
    return ofA && (operation === SUBTRACT || operation === DIVIDE) ? operation : -1;
  }

  /** The constant of a step, and what it is applied to. */
  stepConstant(node: number): number {
    const constant = this.constantOf(this.a[node] as number);
    return constant >= 0 ? constant : this.constantOf(this.b[node] as number);
  }
  stepOperand(node: number): number {
    return (this.constantOf(this.a[node] as number) >= 0 ? this.b[node] : this.a[node]) as number;
  }

  /** Puts constants together that meet, u − c as −c + u and u / c as 1/c · u; then orders what is left. */
  #absorb(): boolean {
    let isChanged = false;
    for (let i = 0; i < this.count; i++) {
      const operation = this.operation(i);
      const divisor = this.isBinary(i) ? this.constantOf(this.b[i] as number) : -1;
      if (divisor >= 0 && operation === SUBTRACT && this.#sum >= 0) {
        this.production[i] = this.#sum;
        this.constants[divisor] = -(this.constants[divisor] as number);
        this.remainders[divisor] = -(this.remainders[divisor] as number);
        isChanged = true;
      } else if (divisor >= 0 && operation === DIVIDE && this.#times >= 0) {
        this.production[i] = this.#times;
        this.constants[divisor] = 1 / (this.constants[divisor] as number);
        this.remainders[divisor] = 0;
        isChanged = true;
      }
      const outer = this.stepOf(i);
      const inner = outer < 0 ? -1 : this.stepOperand(i);
      if (inner < 0 || this.uses[inner] !== 1) continue;
      const step = this.stepOf(inner);
      const isSum = (s: number): boolean => s === ADD || s === SUBTRACT;
      if (step < 0 || isSum(outer) !== isSum(step)) continue;
      // c ∘ (d ∘ u): the two constants become that of the outer one.
      const opposite = outer === SUBTRACT || outer === DIVIDE;
      // Twice the other way round is the first way again.
      const isTurned = opposite !== (step === SUBTRACT || step === DIVIDE);
      const row = isTurned
        ? opposite
          ? (this.production[i] as number)
          : (this.production[inner] as number)
        : isSum(outer)
          ? this.#sum
          : this.#times;
      if (row < 0) continue;
      const c = this.stepConstant(i);
      const x = this.constants[c] as number;
      const y = this.constants[this.stepConstant(inner)] as number;
      this.constants[c] = isSum(outer) ? (opposite ? x - y : x + y) : opposite ? x / y : x * y;
      this.remainders[c] = 0;
      const constant = -1 - this.argumentCount - c;
      const operand = this.stepOperand(inner);
      this.production[i] = row;
      this.a[i] = constant;
      this.b[i] = operand;
      this.uses[inner] = 0;
      isChanged = true;
    }
    return !isChanged || this.#orderAgain();
  }

  /** Whether a node is the square of another. */
  isSquareOf(node: number, other: number): boolean {
    const operation = this.operation(node);
    return (
      this.a[node] === other && (operation === SQUARE || (operation === MULTIPLY && this.b[node] === other))
    );
  }

  /**
   * The program that ends with a node, the last unless told, with its constants in the skeleton's order; those with remainders as sums
   * of two.
   */
  write(root: number = this.count - 1): Program {
    const tokens: number[] = [];
    const constants: number[] = [];
    this.#positions.fill(-1, 0, this.count);
    const put = (operand: number): void => {
      if (operand >= 0) {
        const position = this.#positions[operand] as number;
        if (position >= 0) {
          tokens.push(referenceTo(position));
          return;
        }
        put(this.a[operand] as number);
        if (this.isBinary(operand)) put(this.b[operand] as number);
        tokens.push(this.production[operand] as number);
        this.#positions[operand] = tokens.length - 1;
        return;
      }
      const constant = this.constantOf(operand);
      if (constant < 0) {
        tokens.push(this.#argumentProductions[-1 - operand] as number);
        return;
      }
      tokens.push(this.#constantProduction);
      constants.push(this.constants[constant] as number);
      const low = this.remainders[constant] as number;
      if (low === 0) return;
      tokens.push(this.#constantProduction, this.#sum);
      constants.push(low);
    };
    put(root);
    return { tokens: Int32Array.from(tokens), constants: Float64Array.from(constants) };
  }
}

/** A number for an operation on operands of known numbers. */
function mixed(a: number, b: number, operation: number): number {
  let h =
    Math.imul(a ^ (a >>> 15), 0x85ebca6b) +
    Math.imul(b ^ (b >>> 13), 0xc2b2ae35) +
    Math.imul(operation + 1, 0x27d4eb2f);
  h ^= h >>> 16;
  return Math.imul(h, 0x165667b1);
}
