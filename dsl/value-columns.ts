import { type CellCounter, cellCounter } from "./cells.ts";
import type { Machine } from "./column.ts";
import { dummyValue } from "./dummy-value.ts";
import type { Grammar, Production } from "./grammar.ts";
import { Layout, MAXIMUM_TOKENS, type Program, referencedPosition } from "./program.ts";
import { type CellMeter, type ColumnLoop, compileChecked, compileColumnLoop } from "./row-code.ts";
import { type Trap, isTrap, trap } from "./trap.ts";
import type { Type } from "./type.ts";
import { limits, type Outcome, type Value } from "./value.ts";

type Closure = () => Outcome;
type Checked = ReturnType<typeof compileChecked>;

/** Terms kept, for those seen before, and the cells in their columns; beyond either the table starts anew. */
const MAXIMUM_NODES = 1 << 13;
const MAXIMUM_CELLS = 16_000_000;
const noCells: CellCounter = () => 0;
const nothing: Closure = () => 0;

const scratch = new Float64Array(1);
const scratchWords = new Int32Array(scratch.buffer);

/**
 * The columnar machine over values of any type. Every term is hash-consed: the same operation on the same terms is
 * one node, whichever programs it comes from, and a closed node (one without bound variables of a lambda around it)
 * runs once, over all cases. Bodies of lambdas run element by element, reading the columns of the closed terms in
 * them.
 *
 * Fuel: an outermost application of a primitive to a lambda may spend `limits.fuel` lambda calls on one case, those
 * of nested lambdas included, and `limits.cellFuel` cells of what the applications in it take and give; it becomes the
 * trap `out-of-fuel` beyond. So a node's outcomes depend on nothing but the node and the case.
 *
 * Memory: columns hold at most MAXIMUM_CELLS. A program that needs more is run on a part of the cases at a time, in
 * the end on one, which the limits on values bound.
 */
export class ValueColumns implements Machine {
  readonly caseCount: number;
  readonly #grammar: Grammar;
  readonly #inputs: readonly (readonly Outcome[])[];
  /** The cases at hand: all, or a part while a large program runs. */
  #caseInputs: readonly (readonly Outcome[])[];
  #cases: number;
  readonly #layout = new Layout();
  readonly #hasLambdas: boolean;
  /** Production → 1 if an argument of it is a function. */
  readonly #takesFunctions: Uint8Array;

  // Nodes. `mask` has a bit for each level of bound variable that the node needs from outside.
  #count = 0;
  #meter: CellMeter = { cells: 0, most: 0 };
  readonly #production = new Int32Array(MAXIMUM_NODES);
  /** Node × 4: children, for leaves and lambdas the words that tell them apart. */
  readonly #children = new Int32Array(MAXIMUM_NODES * 4);
  readonly #constants = new Float64Array(MAXIMUM_NODES);
  readonly #mask = new Uint8Array(MAXIMUM_NODES);
  readonly #hasTraps = new Uint8Array(MAXIMUM_NODES);
  readonly #columns: (readonly Outcome[] | undefined)[] = Array.from({ length: MAXIMUM_NODES });
  readonly #closures: (Closure | undefined)[] = Array.from({ length: MAXIMUM_NODES });
  readonly #functions: (((...values: Value[]) => Value) | undefined)[] = Array.from({
    length: MAXIMUM_NODES,
  });
  readonly #table = new Int32Array(2 * MAXIMUM_NODES);

  // Code of productions.
  readonly #checked: (Checked | undefined)[] = [];
  readonly #loops: (ColumnLoop | undefined)[] = [];

  // While a closed application runs over its cases.
  #row = 0;
  #fuel = 0;
  #cellFuel = 0;
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
    this.#caseInputs = inputs;
    this.#cases = caseCount;
    this.#forget();
  }

  run(program: Program): readonly Outcome[] {
    if (this.#count + program.tokens.length > MAXIMUM_NODES || this.#meter.cells > MAXIMUM_CELLS)
      this.#forget();
    return this.#runOnCases(program) ?? this.#runInParts(program);
  }

  /** Runs a program on as many cases at a time as there is room for. */
  #runInParts(program: Program): readonly Outcome[] {
    const { caseCount } = this;
    const outcomes: Outcome[] = [];
    let size = caseCount;
    while (outcomes.length < caseCount) {
      const from = outcomes.length;
      size = Math.min(size, caseCount - from);
      this.#cases = size;
      this.#caseInputs = this.#inputs.map((column) => column.slice(from, from + size));
      this.#forget();
      const column = this.#runOnCases(program);
      if (column === null) size = Math.ceil(size / 2);
      else for (const outcome of column) outcomes.push(outcome);
    }
    this.#cases = caseCount;
    this.#caseInputs = this.#inputs;
    this.#forget();
    return outcomes;
  }

  /** A program's column on the cases at hand; null where they are several and it needs too many cells. */
  #runOnCases(program: Program): readonly Outcome[] | null {
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
      if (this.#meter.cells > this.#meter.most) return null;
    }
    return this.#columns[stack[0] as number] as readonly Outcome[];
  }

  #forget(): void {
    this.#count = 0;
    this.#meter = { cells: 0, most: this.#cases === 1 ? Number.POSITIVE_INFINITY : MAXIMUM_CELLS };
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
    const tableMask = table.length - 1;
    let slot = hash & tableMask;
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
      slot = (slot + 1) & tableMask;
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
    const caseCount = this.#cases;
    const at = node * 4;
    this.#hasTraps[node] = 0;
    this.#mask[node] = 0;
    switch (production.kind) {
      case "argument":
        this.#columns[node] = this.#caseInputs[production.index] as readonly Outcome[];
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
    const caseCount = this.#cases;
    const meter = this.#meter;
    const at = node * 4;
    const out = new Array<Outcome>(caseCount);
    this.#columns[node] = out;
    if (this.#takesFunctions[production.id] === 1) {
      const closure = this.#closure(node, true);
      const cellsOf = cellCounter(this.#grammar.types[production.type] as Type) ?? noCells;
      let traps = 0;
      meter.cells += caseCount;
      for (let row = 0; row < caseCount && meter.cells <= meter.most; row++) {
        this.#row = row;
        this.#fuel = limits.fuel;
        this.#cellFuel = limits.cellFuel;
        this.#pending = null;
        const outcome = closure();
        out[row] = outcome;
        meter.cells += cellsOf(outcome, MAXIMUM_CELLS);
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
      meter,
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
    const counters = [...production.children, production.type].map((type) =>
      cellCounter(this.#grammar.types[type] as Type),
    );
    const call = counters.every((counter) => counter === null)
      ? freeCall(apply, args)
      : this.#paidCall(apply, args, counters);
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

  /** An application that pays for the cells of its arguments, then for those of its result. */
  #paidCall(apply: Checked, args: readonly Closure[], counters: readonly (CellCounter | null)[]): Closure {
    const [a = nothing, b = nothing, c = nothing, d = nothing] = args;
    const inner = counters.slice(0, -1);
    const [countA, countB, countC, countD] = [0, 1, 2, 3].map((k) => inner[k] ?? noCells) as [
      CellCounter,
      CellCounter,
      CellCounter,
      CellCounter,
    ];
    const countResult = counters.at(-1) ?? noCells;
    const most = limits.cellFuel;
    const outOfFuel = trap("out-of-fuel");
    return () => {
      const x = a();
      const y = b();
      const z = c();
      const w = d();
      this.#cellFuel -= countA(x, most) + countB(y, most) + countC(z, most) + countD(w, most);
      if (this.#cellFuel < 0) return outOfFuel;
      const outcome = apply(x, y, z, w);
      if (this.#pending !== null) return outcome;
      this.#cellFuel -= countResult(outcome, most);
      return this.#cellFuel < 0 ? outOfFuel : outcome;
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

function freeCall(apply: Checked, args: readonly Closure[]): Closure {
  const [a, b, c, d] = args as [Closure, Closure, Closure, Closure];
  if (args.length === 1) return () => apply(a());
  if (args.length === 2) return () => apply(a(), b());
  if (args.length === 3) return () => apply(a(), b(), c());
  return () => apply(a(), b(), c(), d());
}
