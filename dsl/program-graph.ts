import type { Grammar, Production } from "./grammar.ts";
import { Layout, MAXIMUM_TOKENS, type Program, referencedPosition, referenceTo } from "./program.ts";
import { limits } from "./value.ts";

/**
 * A program opened up for change: nodes with child links, where a shared term has several parents. Variation reads a
 * program in, relinks nodes, and writes postfix out; what is no longer reached disappears. Buffers are reused; a
 * graph holds one program at a time.
 */
export class ProgramGraph {
  readonly grammar: Grammar;
  count = 0;
  root = 0;
  readonly production: Int32Array = new Int32Array(CAPACITY);
  readonly constant: Float64Array = new Float64Array(CAPACITY);
  /** Node × 4 → child nodes. */
  readonly child: Int32Array = new Int32Array(CAPACITY * 4);
  /** Node → bound variables in scope at the node. */
  readonly boundCount: Int32Array = new Int32Array(CAPACITY);
  /** Node → innermost lambda node around it, or −1. */
  readonly scope: Int32Array = new Int32Array(CAPACITY).fill(-1);

  readonly #layout = new Layout();
  readonly #stack = new Int32Array(MAXIMUM_TOKENS);
  readonly #nodeAt = new Int32Array(MAXIMUM_TOKENS);
  readonly #hasLambdas: boolean;
  /** While a term is grafted or written: level of a bound variable in the nodes → level at the new place. */
  readonly #levels = new Int32Array(limits.boundVariables);

  readonly #arity: Uint8Array;
  /** Production → how it is written. */
  readonly #kinds: Uint8Array;

  // Written programs: views of one buffer, one for each length, so that writing allocates nothing.
  readonly #tokens = new Int32Array(MAXIMUM_TOKENS);
  readonly #constants = new Float64Array(MAXIMUM_TOKENS);
  readonly #tokenViews: Int32Array[] = [];
  readonly #constantViews: Float64Array[] = [];
  readonly #positionOf = new Int32Array(CAPACITY);
  #length = 0;
  #constantCount = 0;
  #size = 0;
  #maximumSize = 0;
  #sharesValues = true;

  constructor(grammar: Grammar) {
    this.grammar = grammar;
    this.#arity = grammar.arity;
    this.#kinds = Uint8Array.from(grammar.productions, ({ kind }) =>
      kind === "constant" ? CONSTANT : kind === "bound" ? BOUND : kind === "lambda" ? LAMBDA : PLAIN,
    );
    this.#hasLambdas = grammar.isLambda.includes(1);
  }

  /** Makes the graph empty. */
  clear(): void {
    this.count = 0;
  }

  /** Opens a program. Node ids are those of its nodes from left to right; the root is the last. */
  read(program: Program): void {
    const { tokens, constants } = program;
    const { arity, isConstant } = this.grammar;
    const { production, child, constant } = this;
    const nodeAt = this.#nodeAt;
    const stack = this.#stack;
    const layout = this.#layout;
    if (this.#hasLambdas) layout.read(this.grammar, program);
    const length = tokens.length;
    let top = 0;
    let constantCount = 0;
    let count = 0;
    for (let i = 0; i < length; i++) {
      const token = tokens[i] as number;
      if (token < 0) {
        stack[top++] = nodeAt[referencedPosition(token)] as number;
        continue;
      }
      const node = count++;
      nodeAt[i] = node;
      production[node] = token;
      const children = arity[token] as number;
      if (children === 0) {
        if (isConstant[token] === 1) constant[node] = constants[constantCount++] as number;
      } else {
        top -= children;
        const at = node * 4;
        child[at] = stack[top] as number;
        for (let k = 1; k < children; k++) child[at + k] = stack[top + k] as number;
      }
      stack[top++] = node;
    }
    this.count = count;
    this.root = stack[0] as number;
    if (!this.#hasLambdas) return;
    for (let i = 0; i < tokens.length; i++) {
      if ((tokens[i] as number) < 0) continue;
      const node = nodeAt[i] as number;
      this.boundCount[node] = layout.boundCount[i] as number;
      const lambda = layout.scope[i] as number;
      this.scope[node] = lambda < 0 ? -1 : (nodeAt[lambda] as number);
    }
  }

  /** Adds a node without children set; −1 when the graph is full. */
  add(production: number, scope: number, boundCount: number): number {
    if (this.count >= CAPACITY) return -1;
    const node = this.count++;
    this.production[node] = production;
    this.scope[node] = scope;
    this.boundCount[node] = boundCount;
    return node;
  }

  arity(node: number): number {
    return this.grammar.arity[this.production[node] as number] as number;
  }

  type(node: number): number {
    return this.grammar.typeOf[this.production[node] as number] as number;
  }

  /** Type id of the bound variable of a level inside a scope, or −1. */
  boundType(scope: number, level: number): number {
    for (let lambda = scope; lambda >= 0; lambda = this.scope[lambda] as number) {
      const outer = this.boundCount[lambda] as number;
      if (level >= outer)
        return (
          (this.grammar.productions[this.production[lambda] as number] as Production).parameterTypes[
            level - outer
          ] ?? -1
        );
    }
    return -1;
  }

  /** A number for each node, all 0, for whoever walks over the nodes; theirs until the next call of the graph. */
  tally(): Int32Array {
    return this.#positionOf.fill(0, 0, this.count);
  }

  /** Whether `target` is `node` or below it. Looks at every node once: the paths through shared terms may be exponentially many. */
  reaches(node: number, target: number): boolean {
    const seen = this.tally();
    const visit = (at: number): boolean => {
      if (at === target) return true;
      seen[at] = 1;
      const arity = this.arity(at);
      for (let k = 0; k < arity; k++) {
        const child = this.child[at * 4 + k] as number;
        if (seen[child] === 0 && visit(child)) return true;
      }
      return false;
    };
    return visit(node);
  }

  /** A second node with the content and the children of one; −1 when the graph is full. */
  duplicate(node: number): number {
    const copy = this.add(
      this.production[node] as number,
      this.scope[node] as number,
      this.boundCount[node] as number,
    );
    if (copy >= 0) this.become(copy, node);
    return copy;
  }

  /** Gives a node the content and the children of a term that was made for its scope: the term stands wherever the node stood. */
  become(node: number, term: number): void {
    const { production, constant, child } = this;
    production[node] = production[term] as number;
    constant[node] = constant[term] as number;
    for (let k = 0; k < 4; k++) child[node * 4 + k] = child[term * 4 + k] as number;
  }

  /**
   * Copies the term that ends at a position of a program of the same grammar to a place inside `scope`. What the term
   * shares stays shared. −1 when a variable of the term is not bound alike there, or the graph is full.
   */
  graft(program: Program, position: number, scope: number): number {
    const layout = this.#layout;
    layout.read(this.grammar, program);
    const origin = layout.boundCount[position] as number;
    for (let level = 0; level < limits.boundVariables; level++)
      this.#levels[level] = level < origin ? level : -1;
    this.#nodeAt.fill(-1, 0, position + 1);
    return this.#graft(program, position, scope);
  }

  #innerCount(lambda: number): number {
    const p = this.grammar.productions[this.production[lambda] as number] as Production;
    return (this.boundCount[lambda] as number) + p.parameterTypes.length;
  }

  #graft(program: Program, position: number, scope: number): number {
    let production = program.tokens[position] as number;
    // What is referred to is closed: it is made for no scope, and may stand in any.
    if (production < 0) return this.#graft(program, referencedPosition(production), -1);
    if (scope < 0 && (this.#nodeAt[position] as number) >= 0) return this.#nodeAt[position] as number;
    const kind = this.#kinds[production] as number;
    const boundCount = scope < 0 ? 0 : this.#innerCount(scope);
    if (kind === BOUND) {
      const row = this.grammar.productions[production] as Production;
      const level = this.#levels[row.index] as number;
      if (level < 0 || this.boundType(scope, level) !== row.type) return -1;
      production = (this.grammar.boundVariables[row.type] as Int32Array)[level] as number;
    }
    const node = this.add(production, scope, boundCount);
    if (node < 0) return -1;
    if (scope < 0) this.#nodeAt[position] = node;
    if (kind === CONSTANT)
      this.constant[node] = program.constants[this.#layout.firstConstant[position] as number] as number;
    if (kind === LAMBDA) {
      const row = this.grammar.productions[production] as Production;
      const origin = this.#layout.boundCount[position] as number;
      const body = this.#insideLambda(row, origin, boundCount, () =>
        this.#graft(program, position - 1, node),
      );
      if (body === null || body < 0) return -1;
      this.child[node * 4] = body;
      return node;
    }
    let end = position - 1;
    for (let k = (this.#arity[production] as number) - 1; k >= 0; k--) {
      const child = this.#graft(program, end, scope);
      if (child < 0) return -1;
      this.child[node * 4 + k] = child;
      end = (this.#layout.start[end] as number) - 1;
    }
    return node;
  }

  /** Runs `visit` for a lambda's body with the levels of its parameters renamed from `origin` to `place`; null if too deep. */
  #insideLambda<T>(lambda: Production, origin: number, place: number, visit: () => T): T | null {
    const parameters = lambda.parameterTypes.length;
    if (place + parameters > limits.boundVariables) return null;
    const outer = this.#levels.slice(origin, origin + parameters);
    for (let k = 0; k < parameters; k++) this.#levels[origin + k] = place + k;
    const result = visit();
    this.#levels.set(outer, origin);
    return result;
  }

  /**
   * Writes the program down.
   * @param sharesValues whether a term with several parents is written once; otherwise it is written for each
   * @returns the program, whose arrays are the graph's own and valid until the next call; null when it has more than
   * `maximumSize` nodes
   */
  write(maximumSize: number, sharesValues = true): Program | null {
    this.#sharesValues = sharesValues;
    this.#length = 0;
    this.#constantCount = 0;
    this.#size = 0;
    this.#maximumSize = Math.min(maximumSize, MAXIMUM_TOKENS / 2);
    this.#positionOf.fill(-1, 0, this.count);
    if (!this.#write(this.root, 0)) return null;
    return {
      tokens: view(this.#tokenViews, this.#tokens, this.#length),
      constants: view(this.#constantViews, this.#constants, this.#constantCount),
    };
  }

  /** `depth`: bound variables in scope at the place that is being written. */
  #write(node: number, depth: number): boolean {
    const known = this.#positionOf[node] as number;
    if (known >= 0 && this.#sharesValues) return this.#put(referenceTo(known));
    if (++this.#size > this.#maximumSize) return false;
    const production = this.production[node] as number;
    const kind = this.#kinds[production] as number;
    if (kind === PLAIN) {
      const at = node * 4;
      const children = this.#arity[production] as number;
      for (let k = 0; k < children; k++) if (!this.#write(this.child[at + k] as number, depth)) return false;
      if (depth === 0 && children > 0) this.#positionOf[node] = this.#length;
      return this.#put(production);
    }
    if (kind === CONSTANT) {
      this.#constants[this.#constantCount++] = this.constant[node] as number;
      return this.#put(production);
    }
    const row = this.grammar.productions[production] as Production;
    // A term may stand deeper than where it was made (shared from inside a lambda first): variables are renamed.
    if (kind === BOUND)
      return this.#put(
        (this.grammar.boundVariables[row.type] as Int32Array)[this.#levels[row.index] as number] as number,
      );
    const inner = depth + row.parameterTypes.length;
    return (
      this.#insideLambda(row, this.boundCount[node] as number, depth, () =>
        this.#write(this.child[node * 4] as number, inner),
      ) === true && this.#put(production)
    );
  }

  #put(token: number): boolean {
    if (this.#length >= MAXIMUM_TOKENS) return false;
    this.#tokens[this.#length++] = token;
    return true;
  }
}

const PLAIN = 0;
const CONSTANT = 1;
const BOUND = 2;
const LAMBDA = 3;

/** Nodes a graph holds: a program, and terms grown beside it. */
const CAPACITY = 4 * MAXIMUM_TOKENS;

function view<T extends Int32Array | Float64Array>(views: T[], buffer: T, length: number): T {
  let known = views[length];
  if (known === undefined) {
    known = buffer.subarray(0, length) as T;
    views[length] = known;
  }
  return known;
}
