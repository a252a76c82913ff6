import type { Program, ProgramGraph } from "../../dsl/index.ts";
import type { RandomStream } from "../random-stream.ts";
import type { Grower } from "./grow.ts";

/** What an operator may draw on beside the parent. */
export interface VariationContext {
  readonly grower: Grower;
  /** Selects another parent; null when there is none. */
  readonly selectMate: () => Program | null;
}

/**
 * Changes the program in a graph in place, keeping it well-typed; false when it found nothing to change: then the
 * program is as before, though unfinished nodes may lie behind it, which the caller drops.
 */
export interface VariationOperator {
  readonly name: string;
  readonly vary: (graph: ProgramGraph, stream: RandomStream, context: VariationContext) => boolean;
}

/** Makes a term from below a node stand wherever the node stood. (The node disappears when the program is written.) */
export function liftTerm(graph: ProgramGraph, node: number, term: number): void {
  const { child, count } = graph;
  if (graph.root === node) graph.root = term;
  for (let parent = 0; parent < count; parent++) {
    const arity = graph.arity(parent);
    for (let k = 0; k < arity; k++) if (child[parent * 4 + k] === node) child[parent * 4 + k] = term;
  }
}

/** A node of the program that is no lambda, uniformly; −1 if eight draws gave lambdas. */
export function pickNode(graph: ProgramGraph, stream: RandomStream): number {
  for (let tries = 0; tries < 8; tries++) {
    const node = stream.below(graph.count);
    if (graph.grammar.isLambda[graph.production[node] as number] === 0) return node;
  }
  return -1;
}
