import type { ProgramGraph } from "../../dsl/index.ts";
import type { RandomStream } from "../random-stream.ts";
import type { Grower } from "./grow.ts";
import { randomConstant } from "./grow.ts";
import { childOf, pickEdge, pickLeaf, pickTerm, ROOT, setChild } from "./operands.ts";
import type { VariationOperator } from "./variation-operator.ts";

/**
 * Adds a fraction to a term v or a constant on one edge: v + c / (t + d), with a term t of the program. Such steps make continued
 * fractions; each of the three operations alone makes little better.
 */
export const continueFraction: VariationOperator = {
  name: "continue-fraction",
  vary: (graph, stream, { grower }) => {
    const edge = pickEdge(graph, stream);
    if (edge === null) return false;
    const below = childOf(graph, edge);
    const type = graph.type(below);
    const [sum, quotient] = ["add", "divide"].map((vector) => binary(graph, type, vector)) as [
      number,
      number,
    ];
    const constant = pickLeaf(graph, stream, type, "constant");
    if (sum < 0 || quotient < 0 || constant < 0) return false;
    const term = termOf(graph, stream, grower, type, edge === ROOT ? -1 : edge >> 2);
    if (term < 0) return false;
    const leaf = (): number => {
      const node = graph.add(constant, -1, 0);
      if (node >= 0) graph.constant[node] = randomConstant(graph.grammar, type, stream);
      return node;
    };
    const apply = (production: number, a: number, b: number): number => {
      const node = a < 0 || b < 0 ? -1 : graph.add(production, -1, 0);
      if (node < 0) return -1;
      graph.child[node * 4] = a;
      graph.child[node * 4 + 1] = b;
      return node;
    };
    const fraction = apply(quotient, leaf(), apply(sum, term, leaf()));
    const whole = apply(sum, below, fraction);
    if (whole < 0) return false;
    setChild(graph, edge, whole);
    return true;
  },
};

const ARGUMENT_SHARE = 0.6;

/** An argument, or a term that is not above the edge. */
function termOf(
  graph: ProgramGraph,
  stream: RandomStream,
  grower: Grower,
  type: number,
  above: number,
): number {
  const term = stream.chance(ARGUMENT_SHARE) ? -1 : pickTerm(graph, stream, type, above);
  if (term >= 0) return term;
  const argument = pickLeaf(graph, stream, type, "argument");
  return argument < 0
    ? grower.grow(graph, stream, type, -1, 0, graph.grammar.minimumSizeOfType[type] as number)
    : graph.add(argument, -1, 0);
}

/** The production of a type that does an operation on two values of it; −1 where there is none. */
function binary({ grammar }: ProgramGraph, type: number, vector: string): number {
  for (const id of grammar.productionsOfType[type] as Int32Array) {
    const row = grammar.productions[id];
    if (row?.primitive?.vector === vector && row.children.every((child) => child === type)) return id;
  }
  return -1;
}
