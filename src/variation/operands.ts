import type { ProgramGraph } from "../../dsl/index.ts";
import type { RandomStream } from "../random-stream.ts";
import { type Grower, randomConstant } from "./grow.ts";

const CONSTANT_SHARE = 0.4;
const ARGUMENT_SHARE = 0.25;

/** An edge from a parent to a child: parent × 4 + which child; ROOT for the one into the root. */
export const ROOT = -1;

/** An edge of the program outside lambdas, uniformly; null if eight draws gave none. */
export function pickEdge(graph: ProgramGraph, stream: RandomStream): number | null {
  for (let tries = 0; tries < 8; tries++) {
    const node = stream.below(graph.count);
    if (graph.scope[node] !== -1 || graph.grammar.isLambda[graph.production[node] as number] === 1) continue;
    const arity = graph.arity(node);
    // Every operation has its edges, and the root one more.
    const edge = stream.below(arity + 1);
    if (edge < arity) return node * 4 + edge;
    if (node === graph.root) return ROOT;
  }
  return null;
}

export const childOf = (graph: ProgramGraph, edge: number): number =>
  edge === ROOT ? graph.root : (graph.child[edge] as number);

export function setChild(graph: ProgramGraph, edge: number, child: number): void {
  if (edge === ROOT) graph.root = child;
  else graph.child[edge] = child;
}

/** A production of a kind without children, uniformly; −1 where there is none. */
export function pickLeaf(
  { grammar }: ProgramGraph,
  stream: RandomStream,
  type: number,
  kind: "constant" | "argument",
): number {
  let chosen = -1;
  let seen = 0;
  for (const id of grammar.productionsOfType[type] as Int32Array)
    if (grammar.productions[id]?.kind === kind && stream.below(++seen) === 0) chosen = id;
  return chosen;
}

/** A term of the program outside lambdas that does not contain `above`; −1 if four draws gave none. */
export function pickTerm(graph: ProgramGraph, stream: RandomStream, type: number, above: number): number {
  for (let tries = 0; tries < 4; tries++) {
    const term = stream.below(graph.count);
    if (
      graph.arity(term) > 0 &&
      graph.scope[term] === -1 &&
      graph.type(term) === type &&
      (above < 0 || !graph.reaches(term, above))
    )
      return term;
  }
  return -1;
}

/**
 * What an operation may be given outside lambdas: a constant, an argument, or a term of the program that does not contain
 * `above`; −1 when the graph is full.
 */
export function pickOperand(
  graph: ProgramGraph,
  stream: RandomStream,
  grower: Grower,
  type: number,
  above: number,
): number {
  const { grammar } = graph;
  const draw = stream.uniform();
  if (draw >= CONSTANT_SHARE + ARGUMENT_SHARE) {
    const term = pickTerm(graph, stream, type, above);
    if (term >= 0) return term;
  } else if (draw >= CONSTANT_SHARE) {
    const argument = pickLeaf(graph, stream, type, "argument");
    if (argument >= 0) return graph.add(argument, -1, 0);
  } else {
    const constant = pickLeaf(graph, stream, type, "constant");
    if (constant >= 0) {
      const node = graph.add(constant, -1, 0);
      if (node >= 0) graph.constant[node] = randomConstant(grammar, type, stream);
      return node;
    }
  }
  return grower.grow(graph, stream, type, -1, 0, graph.grammar.minimumSizeOfType[type] as number);
}
