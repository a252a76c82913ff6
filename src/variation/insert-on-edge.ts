import type { Production } from "../../dsl/index.ts";
import { childOf, pickEdge, pickOperand, ROOT, setChild } from "./operands.ts";
import type { VariationOperator } from "./variation-operator.ts";

/** Puts a primitive on one edge of the program: other places that share the term below keep it as it is (Real et al. 2023). */
export const insertOnEdge: VariationOperator = {
  name: "insert-on-edge",
  vary: (graph, stream, { grower }) => {
    const { grammar } = graph;
    const edge = pickEdge(graph, stream);
    if (edge === null) return false;
    const below = childOf(graph, edge);
    const above = edge === ROOT ? -1 : edge >> 2;
    const type = graph.type(below);
    const candidates = grammar.productionsOfType[type] as Int32Array;
    for (let tries = 0; tries < 8; tries++) {
      const production = grammar.productions[
        candidates[stream.below(candidates.length)] as number
      ] as Production;
      const slots = production.children.reduce((n, t) => n + Number(t === type), 0);
      if (production.kind !== "primitive" || slots === 0) continue;
      let slot = stream.below(slots);
      // Before the new node is there, which must not come below itself.
      const children = production.children.map((childType) =>
        childType === type && slot-- === 0 ? below : pickOperand(graph, stream, grower, childType, above),
      );
      const node = graph.add(production.id, -1, 0);
      if (node < 0 || children.includes(-1)) return false;
      children.forEach((child, k) => {
        graph.child[node * 4 + k] = child;
      });
      setChild(graph, edge, node);
      return true;
    }
    return false;
  },
};
