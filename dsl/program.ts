import type { Grammar, Production } from "./grammar.ts";
import type { GrammarForm } from "./grammar-form.ts";

/**
 * A program: postfix tokens with its numeric constants beside them. A token of at least 0 is a production id of the
 * grammar; a negative token −(1 + p) refers back to the term that ends at position p (*sharing*): that term runs
 * once. Only terms with children that stand outside every lambda may be referred to, so a reference means the same
 * wherever it stands. The k-th constant token, from the left, takes constants[k]. Programs are values: never mutated.
 */
export interface Program {
  readonly tokens: Int32Array;
  readonly constants: Float64Array;
}

/** Longest program that any part of Illume handles, in tokens. */
export const MAXIMUM_TOKENS = 1024;

/** The token that refers back to the term ending at a position. */
export const referenceTo = (position: number): number => -1 - position;

/** The position that a reference token refers to. */
export const referencedPosition = (token: number): number => -1 - token;

/** Number of nodes: every token that is not a reference. */
export function programSize(program: Program): number {
  let size = 0;
  for (let i = 0; i < program.tokens.length; i++) if ((program.tokens[i] as number) >= 0) size++;
  return size;
}

/** Order of programs by their tokens, then the bits of their constants: negative, 0 or positive. Total and machine-independent. */
export function comparePrograms(a: Program, b: Program): number {
  if (a.tokens.length !== b.tokens.length) return a.tokens.length - b.tokens.length;
  for (let i = 0; i < a.tokens.length; i++) {
    const difference = (a.tokens[i] as number) - (b.tokens[i] as number);
    if (difference !== 0) return difference;
  }
  if (a.constants.length !== b.constants.length) return a.constants.length - b.constants.length;
  for (let i = 0; i < a.constants.length; i++) {
    const x = a.constants[i] as number;
    const y = b.constants[i] as number;
    if (x < y) return -1;
    if (x > y) return 1;
    if (x !== y || x === 0) {
      const order = Number(Object.is(y, -0)) - Number(Object.is(x, -0)) || Number(x !== x) - Number(y !== y);
      if (order !== 0) return order;
    }
  }
  return 0;
}

/** Where the parts of a program lie. Filled by `read`, also from program to program. */
export class Layout {
  /** Position → first position of the term that ends there. */
  readonly start: Int32Array;
  /** Position → position of the innermost lambda token around it, or −1. */
  readonly scope: Int32Array;
  /** Position → bound variables in scope there. */
  readonly boundCount: Int32Array;
  /** Position → index of the first constant of the term that ends there. */
  readonly firstConstant: Int32Array;
  readonly #stack: Int32Array;

  /** @param capacity tokens of the longest program: one that is read once needs its own number only */
  constructor(capacity: number = MAXIMUM_TOKENS) {
    this.start = new Int32Array(capacity);
    this.scope = new Int32Array(capacity);
    this.boundCount = new Int32Array(capacity);
    this.firstConstant = new Int32Array(capacity);
    this.#stack = new Int32Array(capacity);
  }

  read(grammar: GrammarForm, program: Program): void {
    const { tokens } = program;
    const { arity, isConstant, isLambda } = grammar;
    const { start, scope, boundCount, firstConstant } = this;
    const stack = this.#stack;
    let top = 0;
    let constants = 0;
    let lambdas = false;
    for (let i = 0; i < tokens.length; i++) {
      const token = tokens[i] as number;
      scope[i] = -1;
      boundCount[i] = 0;
      const children = token < 0 ? 0 : (arity[token] as number);
      if (children === 0) {
        start[i] = i;
        firstConstant[i] = constants;
        if (token >= 0 && isConstant[token] === 1) constants++;
      } else {
        top -= children;
        const first = stack[top] as number;
        start[i] = start[first] as number;
        firstConstant[i] = firstConstant[first] as number;
        if (isLambda[token] === 1) lambdas = true;
      }
      stack[top++] = i;
    }
    if (!lambdas) return;
    for (let i = tokens.length - 1; i >= 0; i--) {
      const token = tokens[i] as number;
      if (token < 0 || isLambda[token] === 0) continue;
      const count = (boundCount[i] as number) + (grammar.productions[token]?.parameterTypes.length as number);
      for (let j = start[i] as number; j < i; j++) {
        scope[j] = i;
        boundCount[j] = count;
      }
    }
  }
}

/** Longest path from the root to a leaf, in nodes; lambdas count, references stand for their term. */
export function programDepth(grammar: Grammar, program: Program): number {
  const { tokens } = program;
  const depth = new Int32Array(tokens.length);
  const stack: number[] = [];
  for (let i = 0; i < tokens.length; i++) {
    const token = tokens[i] as number;
    if (token < 0) depth[i] = depth[referencedPosition(token)] as number;
    else {
      let deepest = 0;
      for (let c = grammar.arity[token] as number; c > 0; c--)
        deepest = Math.max(deepest, depth[stack.pop() as number] as number);
      depth[i] = deepest + 1;
    }
    stack.push(i);
  }
  return depth[tokens.length - 1] ?? 0;
}

/** Sum of the costs of the program's nodes; a shared node counts once. */
export function programCost(grammar: Grammar, program: Program): number {
  let cost = 0;
  for (const token of program.tokens) if (token >= 0) cost += grammar.productions[token]?.cost as number;
  return cost;
}

/**
 * Number of applications of primitives that depend on an argument or a bound variable; a shared one counts once. What is computed of
 * constants alone is free, as a compiler does it beforehand.
 */
export function programOperations(grammar: GrammarForm, program: Program): number {
  const { tokens } = program;
  const depends = new Uint8Array(tokens.length);
  const stack: number[] = [];
  let operations = 0;
  for (let i = 0; i < tokens.length; i++) {
    const token = tokens[i] as number;
    if (token < 0) depends[i] = depends[referencedPosition(token)] as number;
    else {
      const children = grammar.arity[token] as number;
      const { kind } = grammar.productions[token] as Production;
      depends[i] = kind === "argument" || kind === "bound" ? 1 : 0;
      for (let c = children; c > 0; c--) if (depends[stack.pop() as number] === 1) depends[i] = 1;
      if (children > 0 && kind !== "lambda") operations += depends[i] as number;
    }
    stack.push(i);
  }
  return operations;
}
