import { pickNode, type VariationOperator } from "./variation-operator.ts";

/** Replaces a term by a random one of its type, of 1 to 8 nodes, small ones more often (Koza 1992; Montana 1995 for types). */
export const subtreeMutation: VariationOperator = {
  name: "subtree-mutation",
  vary: (graph, stream, { grower }) => {
    const node = pickNode(graph, stream);
    if (node < 0) return false;
    const size = 1 + Math.min(stream.below(8), stream.below(8));
    const grown = grower.grow(
      graph,
      stream,
      graph.type(node),
      graph.scope[node] as number,
      graph.boundCount[node] as number,
      size,
    );
    if (grown < 0) return false;
    graph.become(node, grown);
    return true;
  },
};
