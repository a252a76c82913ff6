import type { Program, ProgramGraph } from "../../dsl/index.ts";
import type { RandomStream } from "../random-stream.ts";
import type { Grower } from "./grow.ts";

/** What an operator may draw on beside the parent. */
export interface VariationContext {
  readonly grower: Grower;
  /** A second graph, for another parent. */
  readonly other: ProgramGraph;
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

/**
 * Makes `replacement` stand wherever `node` stood. (The graph still holds the old node; it disappears when the program
 * is written.)
 */
export function replaceNode(graph: ProgramGraph, node: number, replacement: number, existing: number): void {
  if (graph.root === node) graph.root = replacement;
  for (let parent = 0; parent < existing; parent++) {
    const arity = graph.arity(parent);
    for (let k = 0; k < arity; k++)
      if (graph.child[parent * 4 + k] === node) graph.child[parent * 4 + k] = replacement;
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
