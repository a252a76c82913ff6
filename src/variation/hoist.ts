import type { ProgramGraph } from "../../dsl/index.ts";
import { liftTerm, pickNode, type VariationOperator } from "./variation-operator.ts";

/** Whether a term may stand where another stood: same type, and no lambda between that would unbind its variables. */
export const fits = (graph: ProgramGraph, node: number, place: number): boolean =>
  graph.type(node) === graph.type(place) &&
  (graph.scope[node] === graph.scope[place] || graph.scope[node] === -1);

/** Replaces a term by one from inside it (Kinnear 1993). */
export const hoist: VariationOperator = {
  name: "hoist",
  vary: (graph, stream) => {
    const place = pickNode(graph, stream);
    if (place < 0 || graph.arity(place) === 0) return false;
    let chosen = -1;
    let seen = 0;
    // A shared term is visited once: the number of paths to it may be exponential.
    const visited = graph.tally();
    const visit = (node: number): void => {
      const arity = graph.arity(node);
      for (let k = 0; k < arity; k++) {
        const child = graph.child[node * 4 + k] as number;
        if ((visited[child] as number)++ > 0) continue;
        if (fits(graph, child, place) && stream.below(++seen) === 0) chosen = child;
        visit(child);
      }
    };
    visit(place);
    if (chosen < 0) return false;
    liftTerm(graph, place, chosen);
    return true;
  },
};
