import { childOf, pickEdge, pickOperand, ROOT, setChild } from "./operands.ts";
import type { VariationOperator } from "./variation-operator.ts";

/** Leads one edge of the program to a constant, an argument or another term (Real et al. 2023). */
export const reRoute: VariationOperator = {
  name: "re-route",
  vary: (graph, stream, { grower }) => {
    const edge = pickEdge(graph, stream);
    if (edge === null || edge === ROOT) return false;
    const old = childOf(graph, edge);
    const operand = pickOperand(graph, stream, grower, graph.type(old), edge >> 2);
    if (operand < 0 || operand === old) return false;
    setChild(graph, edge, operand);
    return true;
  },
};
