import {
  type Grammar,
  limits,
  nearestValue,
  type Production,
  type ProgramGraph,
  type Type,
} from "../../dsl/index.ts";
import type { RandomStream } from "../random-stream.ts";

/** Random typed terms. A term of a size is grown from the grammar table, so it cannot be ill-typed. */
export class Grower {
  readonly #grammar: Grammar;
  /** Type → productions without children, arguments first. */
  readonly #leaves: readonly Int32Array[];
  readonly #argumentCount: Int32Array;
  /** Type → productions with children, by least size. */
  readonly #inner: readonly Int32Array[];
  /** Production → variables that it or a lambda directly below it binds. */
  readonly #functionParameters: Int32Array;

  constructor(grammar: Grammar) {
    this.#grammar = grammar;
    const { productions } = grammar;
    const leaf = (id: number): boolean => grammar.arity[id] === 0;
    const isArgument = (id: number): boolean => productions[id]?.kind === "argument";
    this.#leaves = grammar.productionsOfType.map((ids) =>
      Int32Array.from(
        [...ids].filter(leaf).sort((a, b) => Number(isArgument(b)) - Number(isArgument(a)) || a - b),
      ),
    );
    this.#argumentCount = Int32Array.from(this.#leaves, (ids) => ids.filter(isArgument).length);
    this.#inner = grammar.productionsOfType.map((ids) =>
      Int32Array.from(
        [...ids]
          .filter((id) => !leaf(id))
          .sort((a, b) => (grammar.minimumSize[a] as number) - (grammar.minimumSize[b] as number) || a - b),
      ),
    );
    this.#functionParameters = Int32Array.from(productions, (p) =>
      p.children.reduce<number>((most, type) => {
        const t = grammar.types[type];
        return t?.kind === "function" ? Math.max(most, t.parameters.length) : most;
      }, p.parameterTypes.length),
    );
  }

  /** Grows a term of about `size` nodes inside a scope of the graph; −1 when the graph is full or too many variables are bound. */
  grow(
    graph: ProgramGraph,
    stream: RandomStream,
    type: number,
    scope: number,
    boundCount: number,
    size: number,
  ): number {
    const production = this.#choose(graph, stream, type, scope, boundCount, size);
    const node = production < 0 ? -1 : graph.add(production, scope, boundCount);
    if (node < 0) return -1;
    const row = this.#grammar.productions[production] as Production;
    if (row.kind === "constant") graph.constant[node] = randomConstant(this.#grammar, row.type, stream);
    const isLambda = row.kind === "lambda";
    const innerScope = isLambda ? node : scope;
    const innerCount = isLambda ? boundCount + row.parameterTypes.length : boundCount;
    let slack = size - (this.#grammar.minimumSize[production] as number);
    for (let k = 0; k < row.children.length; k++) {
      const child = row.children[k] as number;
      const extra = slack <= 0 ? 0 : k === row.children.length - 1 ? slack : stream.below(slack + 1);
      slack -= extra;
      const grown = this.grow(
        graph,
        stream,
        child,
        innerScope,
        innerCount,
        (this.#grammar.minimumSizeOfType[child] as number) + extra,
      );
      if (grown < 0) return -1;
      graph.child[node * 4 + k] = grown;
    }
    return node;
  }

  #choose(
    graph: ProgramGraph,
    stream: RandomStream,
    type: number,
    scope: number,
    boundCount: number,
    size: number,
  ): number {
    if (size > 1) {
      const inner = this.#inner[type] as Int32Array;
      let usable = inner.length;
      while (usable > 0 && (this.#grammar.minimumSize[inner[usable - 1] as number] as number) > size)
        usable--;
      for (let tries = usable > 0 ? 4 : 0; tries > 0; tries--) {
        const id = inner[stream.below(usable)] as number;
        if (boundCount + (this.#functionParameters[id] as number) <= limits.boundVariables) return id;
      }
    }
    const bound = this.#boundVariable(graph, stream, type, scope, boundCount);
    if (bound >= 0 && stream.chance(0.6)) return bound;
    const leaves = this.#leaves[type] as Int32Array;
    if (leaves.length === 0) return bound >= 0 ? bound : this.#smallest(type, boundCount);
    const argumentCount = this.#argumentCount[type] as number;
    if (argumentCount > 0 && stream.chance(0.5)) return leaves[stream.below(argumentCount)] as number;
    return leaves[stream.below(leaves.length)] as number;
  }

  /** A bound variable of the type in scope, or −1. */
  #boundVariable(
    graph: ProgramGraph,
    stream: RandomStream,
    type: number,
    scope: number,
    boundCount: number,
  ): number {
    let found = -1;
    let seen = 0;
    for (let level = 0; level < boundCount; level++)
      if (graph.boundType(scope, level) === type && stream.below(++seen) === 0)
        found = (this.#grammar.boundVariables[type] as Int32Array)[level] as number;
    return found;
  }

  /** The production of the smallest closed term that does not bind too many variables; −1 if there is none. */
  #smallest(type: number, boundCount: number): number {
    const inner = this.#inner[type] as Int32Array;
    for (const id of inner)
      if (boundCount + (this.#functionParameters[id] as number) <= limits.boundVariables) return id;
    return -1;
  }
}

/** A constant as people use them: half small whole numbers, half of any magnitude within a few decades. */
export function randomConstant(grammar: Grammar, type: number, stream: RandomStream): number {
  if (grammar.types[type]?.kind === "int")
    return stream.chance(0.8) ? stream.below(8) - 2 : Math.trunc(stream.bell() * 20) + 0;
  if (stream.chance(0.5)) return stream.below(11) - 5;
  let value = stream.bell();
  const decades = stream.below(5) - 2;
  for (let d = 0; d < decades; d++) value *= 10;
  for (let d = 0; d > decades; d--) value /= 10;
  return nearestValue(grammar.types[type] as Type, value);
}
