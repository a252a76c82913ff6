import type { Machine } from "./column.ts";
import type { Grammar, Production } from "./grammar.ts";
import { compileOwn } from "./own-code.ts";
import { MAXIMUM_TOKENS, type Program, referencedPosition } from "./program.ts";
import type { Value } from "./value.ts";

/** Cases that go through all instructions before the next ones do: operands stay in the first-level cache. */
const BLOCK = 512;

type Operand = Float64Array | number;
type Loop = (out: Float64Array, count: number, a: Operand, b: Operand, c: Operand, d: Operand) => void;

/** Whether all values of a grammar are reals, floats and booleans, and no row takes functions: then columns are doubles. */
export function isNumberGrammar(grammar: Grammar): boolean {
  return grammar.types.every((t) => t.kind === "real" || t.kind === "float32" || t.kind === "bool");
}

const letters = ["a", "b", "c", "d"] as const;

/**
 * The loop of a primitive over columns of doubles. Bit k of `scalars` says that argument k is one number for all
 * cases. Booleans are 0 and 1. An exception gives NaN or false.
 */
function compileLoop(grammar: Grammar, production: Production, scalars: number): Loop {
  const kindOf = (type: number): string => grammar.types[type]?.kind as string;
  const args = production.children.map((type, k) => {
    const operand = (scalars >> k) & 1 ? `${letters[k]}` : `${letters[k]}[i]`;
    return kindOf(type) === "bool" ? `${operand} !== 0` : operand;
  });
  const kind = kindOf(production.type);
  const isBool = kind === "bool";
  const number = kind === "float32" ? "Math.fround(r)" : "r";
  const assign = isBool
    ? `out[i] = apply(${args.join(", ")}) === true ? 1 : 0;`
    : `const r = apply(${args.join(", ")}); out[i] = typeof r === "number" ? ${number} : NaN;`;
  // After an exception the loop goes on with the next case. It must not start anew: `out` may be one of the operands.
  return compileOwn(
    `function (out, count, a, b, c, d) {
      for (let i = 0; i < count; i++) {
        try {
          for (; i < count; i++) { ${assign} }
        } catch {
          out[i] = ${isBool ? "0" : "NaN"};
        }
      }
    }`,
    { apply: production.primitive?.apply },
  );
}

/**
 * The columnar machine over doubles: a block of cases at a time through the program's instructions, with a
 * specialised loop for each primitive and each pattern of constant arguments.
 */
export class NumberColumns implements Machine {
  readonly caseCount: number;
  readonly #grammar: Grammar;
  readonly #blockCount: number;
  /** Block × argument: the input's part. */
  readonly #inputBlocks: readonly (readonly Float64Array[])[];
  readonly #result: Float64Array;
  readonly #resultBlocks: readonly Float64Array[];
  readonly #registers: Float64Array[] = [];
  readonly #kept: Float64Array[] = [];
  readonly #one = new Float64Array(1);
  readonly #loops: (Loop | undefined)[];

  // The instructions of the program at hand.
  readonly #loopOf: Loop[] = [];
  readonly #operands: Operand[] = [];
  /** Instruction × 4 → argument index whose block is the operand, or −1. */
  readonly #inputOf = new Int32Array(MAXIMUM_TOKENS * 4);
  readonly #outputs: Float64Array[] = [];

  // While reading tokens: what lies on the stack, and where the value of each position is.
  readonly #stack = new Int32Array(MAXIMUM_TOKENS);
  readonly #uses = new Uint8Array(MAXIMUM_TOKENS);
  readonly #operandAt: Operand[] = [];
  readonly #inputAt = new Int32Array(MAXIMUM_TOKENS);

  constructor(grammar: Grammar, inputs: readonly (readonly Value[])[], caseCount: number) {
    this.#grammar = grammar;
    this.caseCount = caseCount;
    this.#blockCount = Math.ceil(caseCount / BLOCK);
    this.#result = new Float64Array(caseCount);
    this.#loops = Array.from({ length: grammar.productions.length * 16 });
    const columns = inputs.map((values) => Float64Array.from(values as readonly number[], Number));
    const part = (column: Float64Array, block: number): Float64Array =>
      column.subarray(block * BLOCK, Math.min((block + 1) * BLOCK, caseCount));
    const blocks = Array.from({ length: this.#blockCount }, (_, b) => b);
    this.#inputBlocks = blocks.map((b) => columns.map((column) => part(column, b)));
    this.#resultBlocks = blocks.map((b) => part(this.#result, b));
  }

  #register(registers: Float64Array[], index: number): Float64Array {
    while (registers.length <= index) registers.push(new Float64Array(Math.min(BLOCK, this.caseCount)));
    return registers[index] as Float64Array;
  }

  /** Runs a loop on the numbers among the operands from `base` on. */
  #scalar(loop: Loop, base: number): number {
    const operands = this.#operands;
    loop(
      this.#one,
      1,
      operands[base] as Operand,
      operands[base + 1] as Operand,
      operands[base + 2] as Operand,
      operands[base + 3] as Operand,
    );
    return this.#one[0] as number;
  }

  #loop(production: number, scalars: number): Loop {
    const key = production * 16 + scalars;
    let loop = this.#loops[key];
    if (loop === undefined) {
      loop = compileLoop(this.#grammar, this.#grammar.productions[production] as Production, scalars);
      this.#loops[key] = loop;
    }
    return loop;
  }

  run(program: Program): Float64Array {
    const { tokens, constants } = program;
    const { arity, productions } = this.#grammar;
    const stack = this.#stack;
    const operandAt = this.#operandAt;
    const inputAt = this.#inputAt;
    const operands = this.#operands;
    const uses = this.#uses;
    const last = tokens.length - 1;
    let shared = 0;
    for (let i = 0; i <= last; i++) {
      uses[i] = 0;
      const token = tokens[i] as number;
      if (token < 0) uses[referencedPosition(token)] = 1;
    }
    let top = 0;
    let constantCount = 0;
    let count = 0;
    for (let i = 0; i <= last; i++) {
      const token = tokens[i] as number;
      if (token < 0) {
        const target = referencedPosition(token);
        operandAt[i] = operandAt[target] as Operand;
        inputAt[i] = inputAt[target] as number;
        stack[top++] = i;
        continue;
      }
      inputAt[i] = -1;
      const children = arity[token] as number;
      if (children === 0) {
        const production = productions[token] as Production;
        if (production.kind === "argument") {
          inputAt[i] = production.index;
          operandAt[i] = this.#result;
        } else if (production.kind === "constant") operandAt[i] = constants[constantCount++] as number;
        else if (production.kind === "literal") operandAt[i] = Number(production.value);
        else operandAt[i] = this.#scalar(this.#loop(token, 0), 0);
      } else {
        top -= children;
        let scalars = 0;
        const base = count * 4;
        for (let k = 0; k < children; k++) {
          const from = stack[top + k] as number;
          const operand = operandAt[from] as Operand;
          operands[base + k] = operand;
          this.#inputOf[base + k] = inputAt[from] as number;
          if (typeof operand === "number") scalars |= 1 << k;
        }
        for (let k = children; k < 4; k++) {
          operands[base + k] = 0;
          this.#inputOf[base + k] = -1;
        }
        this.#loopOf[count] = this.#loop(token, scalars);
        // A term of constants alone is computed here once; the bits are those of the loop.
        if (scalars === (1 << children) - 1) {
          operandAt[i] = this.#scalar(this.#loopOf[count] as Loop, base);
        } else {
          // A register for each depth of the stack; a shared term keeps one of its own.
          const out =
            i === last
              ? this.#result
              : uses[i] === 1
                ? this.#register(this.#kept, shared++)
                : this.#register(this.#registers, top);
          this.#outputs[count] = out;
          operandAt[i] = out;
          count++;
        }
      }
      stack[top++] = i;
    }
    return this.#execute(count, operandAt[last] as Operand, inputAt[last] as number);
  }

  #execute(count: number, root: Operand, rootInput: number): Float64Array {
    const result = this.#result;
    if (count === 0 || root !== result || rootInput >= 0) {
      if (typeof root === "number") return result.fill(root);
      if (rootInput >= 0) {
        for (let b = 0; b < this.#blockCount; b++)
          result.set(this.#inputBlocks[b]?.[rootInput] as Float64Array, b * BLOCK);
        return result;
      }
    }
    const operands = this.#operands;
    const inputOf = this.#inputOf;
    for (let block = 0; block < this.#blockCount; block++) {
      const inputs = this.#inputBlocks[block] as readonly Float64Array[];
      const part = this.#resultBlocks[block] as Float64Array;
      const length = part.length;
      for (let i = 0; i < count; i++) {
        const at = i * 4;
        const out = this.#outputs[i] as Float64Array;
        const ia = inputOf[at] as number;
        const ib = inputOf[at + 1] as number;
        const ic = inputOf[at + 2] as number;
        const id = inputOf[at + 3] as number;
        (this.#loopOf[i] as Loop)(
          out === result ? part : out,
          length,
          ia >= 0 ? (inputs[ia] as Float64Array) : (operands[at] as Operand),
          ib >= 0 ? (inputs[ib] as Float64Array) : (operands[at + 1] as Operand),
          ic >= 0 ? (inputs[ic] as Float64Array) : (operands[at + 2] as Operand),
          id >= 0 ? (inputs[id] as Float64Array) : (operands[at + 3] as Operand),
        );
      }
    }
    return result;
  }
}
