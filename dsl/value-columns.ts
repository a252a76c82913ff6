import type { Machine } from "./column.ts";
import type { Grammar, Production } from "./grammar.ts";
import { Layout, MAXIMUM_TOKENS, type Program, referencedPosition } from "./program.ts";
import { type ColumnLoop, compileChecked, compileColumnLoop } from "./row-code.ts";
import { type Trap, isTrap, trap } from "./trap.ts";
import type { Type } from "./type.ts";
import { limits, type Outcome, type Value } from "./value.ts";

type Closure = () => Outcome;
type Checked = ReturnType<typeof compileChecked>;

/** Outcomes kept for terms seen before; beyond it the table starts anew. */
const KEPT_OUTCOMES = 2_000_000;
const MAXIMUM_NODES = 1 << 13;

const scratch = new Float64Array(1);
const scratchWords = new Int32Array(scratch.buffer);

/** What a lambda gives while a trap is on its way out of the primitive that called it. */
function dummyValue(type: Type): Value {
  switch (type.kind) {
    case "bool":
      return false;
    case "bits":
      return 0n;
    case "string":
      return "";
    case "char":
      return " ";
    case "list":
      return [];
    case "pair":
      return [dummyValue(type.first), dummyValue(type.second)];
    default:
      return 0;
  }
}

/**
 * The columnar machine over values of any type. Every term is hash-consed: the same operation on the same terms is
 * one node, whichever programs it comes from, and a closed node (one without bound variables of a lambda around it)
 * runs once, over all cases. Bodies of lambdas run element by element, reading the columns of the closed terms in
 * them.
 *
 * Fuel: an outermost application of a primitive to a lambda may spend `limits.fuel` lambda calls on one case, those
 * of nested lambdas included, and becomes the trap `out-of-fuel` beyond. So a node's outcomes depend on nothing but
 * the node and the case.
 */
export class ValueColumns implements Machine {
  readonly caseCount: number;
  readonly #grammar: Grammar;
  readonly #inputs: readonly (readonly Outcome[])[];
  readonly #layout = new Layout();
  readonly #hasLambdas: boolean;
  /** Production → 1 if an argument of it is a function. */
  readonly #takesFunctions: Uint8Array;

  // Nodes. `mask` has a bit for each level of bound variable that the node needs from outside.
  readonly #capacity: number;
  #count = 0;
  readonly #production: Int32Array;
  /** Node × 4: children, for leaves and lambdas the words that tell them apart. */
  readonly #children: Int32Array;
  readonly #constants: Float64Array;
  readonly #mask: Uint8Array;
  readonly #hasTraps: Uint8Array;
  readonly #columns: (readonly Outcome[] | undefined)[];
  readonly #closures: (Closure | undefined)[];
  readonly #functions: (((...values: Value[]) => Value) | undefined)[];
  readonly #table: Int32Array;
  readonly #tableMask: number;

  // Code of productions.
  readonly #checked: (Checked | undefined)[] = [];
  readonly #loops: (ColumnLoop | undefined)[] = [];

  // While a closed application runs over its cases.
  #row = 0;
  #fuel = 0;
  #pending: Trap | null = null;
  readonly #bound: Value[] = Array.from({ length: limits.boundVariables }, () => 0);

  readonly #stack = new Int32Array(MAXIMUM_TOKENS);
  readonly #nodeAt = new Int32Array(MAXIMUM_TOKENS);

  constructor(grammar: Grammar, inputs: readonly (readonly Value[])[], caseCount: number) {
    this.#grammar = grammar;
    this.#inputs = inputs;
    this.caseCount = caseCount;
    this.#hasLambdas = grammar.isLambda.includes(1);
    this.#takesFunctions = Uint8Array.from(grammar.productions, (p) =>
      Number(p.children.some((type) => grammar.types[type]?.kind === "function")),
    );
    const wanted = Math.floor(KEPT_OUTCOMES / Math.max(1, caseCount));
    this.#capacity = Math.max(2 * MAXIMUM_TOKENS, Math.min(MAXIMUM_NODES, wanted));
    let slots = 1;
    while (slots < 2 * this.#capacity) slots *= 2;
    this.#production = new Int32Array(this.#capacity);
    this.#children = new Int32Array(this.#capacity * 4);
    this.#constants = new Float64Array(this.#capacity);
    this.#mask = new Uint8Array(this.#capacity);
    this.#hasTraps = new Uint8Array(this.#capacity);
    this.#columns = Array.from({ length: this.#capacity });
    this.#closures = Array.from({ length: this.#capacity });
    this.#functions = Array.from({ length: this.#capacity });
    this.#table = new Int32Array(slots).fill(-1);
    this.#tableMask = slots - 1;
  }

  run(program: Program): readonly Outcome[] {
    if (this.#count + program.tokens.length > this.#capacity) this.#forget();
    const { tokens, constants } = program;
    const { arity, isConstant, isLambda } = this.#grammar;
    if (this.#hasLambdas) this.#layout.read(this.#grammar, program);
    const stack = this.#stack;
    const nodeAt = this.#nodeAt;
    let top = 0;
    let constantCount = 0;
    for (let i = 0; i < tokens.length; i++) {
      const token = tokens[i] as number;
      let node: number;
      if (token < 0) node = nodeAt[referencedPosition(token)] as number;
      else {
        const children = arity[token] as number;
        top -= children;
        if (children === 0) {
          if (isConstant[token] === 1) {
            const value = constants[constantCount++] as number;
            scratch[0] = value;
            node = this.#intern(token, scratchWords[0] as number, scratchWords[1] as number, -1, -1, value);
          } else node = this.#intern(token, -1, -1, -1, -1, 0);
        } else if (isLambda[token] === 1)
          node = this.#intern(token, stack[top] as number, this.#layout.boundCount[i] as number, -1, -1, 0);
        else
          node = this.#intern(
            token,
            stack[top] as number,
            children > 1 ? (stack[top + 1] as number) : -1,
            children > 2 ? (stack[top + 2] as number) : -1,
            children > 3 ? (stack[top + 3] as number) : -1,
            0,
          );
      }
      nodeAt[i] = node;
      stack[top++] = node;
    }
    return this.#columns[stack[0] as number] as readonly Outcome[];
  }

  #forget(): void {
    this.#count = 0;
    this.#table.fill(-1);
    this.#columns.fill(undefined);
    this.#closures.fill(undefined);
    this.#functions.fill(undefined);
  }

  /** The node of a production and its children, made and, if closed, run, when it is new. */
  #intern(production: number, a: number, b: number, c: number, d: number, constant: number): number {
    let hash = Math.imul(production + 1, 0x9e3779b1);
    hash = Math.imul(hash ^ (hash >>> 15) ^ a, 0x85ebca6b);
    hash = Math.imul(hash ^ (hash >>> 13) ^ b, 0xc2b2ae35);
    hash = Math.imul(hash ^ (hash >>> 16) ^ c, 0x27d4eb2f);
    hash = Math.imul(hash ^ (hash >>> 15) ^ d, 0x165667b1);
    hash ^= hash >>> 14;
    const children = this.#children;
    const table = this.#table;
    let slot = hash & this.#tableMask;
    for (let node = table[slot] as number; node >= 0; node = table[slot] as number) {
      const at = node * 4;
      if (
        this.#production[node] === production &&
        children[at] === a &&
        children[at + 1] === b &&
        children[at + 2] === c &&
        children[at + 3] === d
      )
        return node;
      slot = (slot + 1) & this.#tableMask;
    }
    const node = this.#count++;
    table[slot] = node;
    this.#production[node] = production;
    const at = node * 4;
    children[at] = a;
    children[at + 1] = b;
    children[at + 2] = c;
    children[at + 3] = d;
    this.#constants[node] = constant;
    this.#fill(node, this.#grammar.productions[production] as Production);
    return node;
  }

  #fill(node: number, production: Production): void {
    const { caseCount } = this;
    const at = node * 4;
    this.#hasTraps[node] = 0;
    this.#mask[node] = 0;
    switch (production.kind) {
      case "argument":
        this.#columns[node] = this.#inputs[production.index] as readonly Outcome[];
        return;
      case "constant":
        this.#columns[node] = new Array<Outcome>(caseCount).fill(this.#constants[node] as number);
        return;
      case "literal":
        this.#columns[node] = new Array<Outcome>(caseCount).fill(production.value as Value);
        return;
      case "bound":
        this.#mask[node] = 1 << production.index;
        return;
      case "lambda": {
        const own = ((1 << production.parameterTypes.length) - 1) << (this.#children[at + 1] as number);
        this.#mask[node] = (this.#mask[this.#children[at] as number] as number) & ~own;
        return;
      }
      case "primitive": {
        let mask = 0;
        for (let k = 0; k < production.children.length; k++)
          mask |= this.#mask[this.#children[at + k] as number] as number;
        this.#mask[node] = mask;
        if (mask === 0) this.#runClosed(node, production);
      }
    }
  }

  #runClosed(node: number, production: Production): void {
    const { caseCount } = this;
    const at = node * 4;
    const out = new Array<Outcome>(caseCount);
    this.#columns[node] = out;
    if (this.#takesFunctions[production.id] === 1) {
      const closure = this.#closure(node, true);
      let traps = 0;
      for (let row = 0; row < caseCount; row++) {
        this.#row = row;
        this.#fuel = limits.fuel;
        this.#pending = null;
        const outcome = closure();
        out[row] = outcome;
        if (isTrap(outcome)) traps = 1;
      }
      this.#hasTraps[node] = traps;
      return;
    }
    const arity = production.children.length;
    const children = this.#children;
    let dirty = 0;
    for (let k = 0; k < arity; k++) dirty |= this.#hasTraps[children[at + k] as number] as number;
    const key = production.id * 2 + (dirty === 0 ? 1 : 0);
    let loop = this.#loops[key];
    if (loop === undefined) {
      loop = compileColumnLoop(this.#grammar, production, dirty === 0);
      this.#loops[key] = loop;
    }
    const columns = this.#columns;
    const traps = loop(
      out,
      caseCount,
      arity > 0 ? columns[children[at] as number] : undefined,
      arity > 1 ? columns[children[at + 1] as number] : undefined,
      arity > 2 ? columns[children[at + 2] as number] : undefined,
      arity > 3 ? columns[children[at + 3] as number] : undefined,
    );
    this.#hasTraps[node] = traps ? 1 : 0;
  }

  /** The node as a function of the case at hand and the bound variables. `applied`: run it although it has a column to be filled. */
  #closure(node: number, applied = false): Closure {
    const known = this.#closures[node];
    if (known !== undefined && !applied) return known;
    const production = this.#grammar.productions[this.#production[node] as number] as Production;
    let closure: Closure;
    if (this.#mask[node] === 0 && !applied) {
      const column = this.#columns[node] as readonly Outcome[];
      closure = () => column[this.#row] as Outcome;
    } else if (production.kind === "bound") {
      const level = production.index;
      const bound = this.#bound;
      closure = () => bound[level] as Value;
    } else closure = this.#application(node, production);
    if (!applied) this.#closures[node] = closure;
    return closure;
  }

  #application(node: number, production: Production): Closure {
    let checked = this.#checked[production.id];
    if (checked === undefined) {
      checked = compileChecked(this.#grammar, production);
      this.#checked[production.id] = checked;
    }
    const apply = checked;
    const isFunction = production.children.map((type) => this.#grammar.types[type]?.kind === "function");
    const args = production.children.map((_, k): Closure => {
      const child = this.#children[node * 4 + k] as number;
      if (isFunction[k] !== true) return this.#closure(child);
      const lambda = this.#lambda(child) as unknown as Outcome;
      return () => lambda;
    });
    const [a, b, c, d] = args as [Closure, Closure, Closure, Closure];
    const call: Closure =
      args.length === 1
        ? () => apply(a())
        : args.length === 2
          ? () => apply(a(), b())
          : args.length === 3
            ? () => apply(a(), b(), c())
            : () => apply(a(), b(), c(), d());
    if (!isFunction.includes(true)) return call;
    return () => {
      const outer = this.#pending;
      this.#pending = null;
      const outcome = call();
      const trapped = this.#pending;
      this.#pending = outer;
      return trapped ?? outcome;
    };
  }

  /** A lambda node as a JavaScript function for a primitive's `apply`. After a trap it gives dummies; the application is that trap. */
  #lambda(node: number): (...values: Value[]) => Value {
    const known = this.#functions[node];
    if (known !== undefined) return known;
    const production = this.#grammar.productions[this.#production[node] as number] as Production;
    const level = this.#children[node * 4 + 1] as number;
    const body = this.#closure(this.#children[node * 4] as number);
    const dummy = dummyValue(this.#grammar.types[production.children[0] as number] as Type);
    const bound = this.#bound;
    const outOfFuel = trap("out-of-fuel");
    const call = (...values: Value[]): Value => {
      if (this.#pending !== null) return dummy;
      if (--this.#fuel < 0) {
        this.#pending = outOfFuel;
        return dummy;
      }
      for (let k = 0; k < production.parameterTypes.length; k++) bound[level + k] = values[k] as Value;
      const outcome = body();
      if (isTrap(outcome)) {
        this.#pending = outcome;
        return dummy;
      }
      return outcome;
    };
    this.#functions[node] = call;
    return call;
  }
}
