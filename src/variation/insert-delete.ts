import type { Production } from "../../dsl/index.ts";
import { fits } from "./hoist.ts";
import { liftTerm, pickNode, type VariationOperator } from "./variation-operator.ts";

/** Puts a primitive around a term: the term becomes one of its arguments, the others are small random ones. */
export const insertNode: VariationOperator = {
  name: "insert",
  vary: (graph, stream, { grower }) => {
    const { grammar } = graph;
    const place = pickNode(graph, stream);
    if (place < 0) return false;
    const type = graph.type(place);
    const candidates = grammar.productionsOfType[type] as Int32Array;
    for (let tries = 0; tries < 8; tries++) {
      const production = grammar.productions[
        candidates[stream.below(candidates.length)] as number
      ] as Production;
      if (production.kind !== "primitive") continue;
      const slots = production.children.reduce((n, t) => n + Number(t === type), 0);
      if (slots === 0) continue;
      let slot = stream.below(slots);
      const scope = graph.scope[place] as number;
      const boundCount = graph.boundCount[place] as number;
      const node = graph.add(production.id, scope, boundCount);
      if (node < 0) return false;
      for (let k = 0; k < production.children.length; k++) {
        const childType = production.children[k] as number;
        const child =
          childType === type && slot-- === 0
            ? graph.duplicate(place)
            : grower.grow(
                graph,
                stream,
                childType,
                scope,
                boundCount,
                (grammar.minimumSizeOfType[childType] as number) + stream.below(3),
              );
        if (child < 0) return false;
        graph.child[node * 4 + k] = child;
      }
      graph.become(place, node);
      return true;
    }
    return false;
  },
};

/** Takes a primitive away: one of its arguments of the same type takes its place. */
export const deleteNode: VariationOperator = {
  name: "delete",
  vary: (graph, stream) => {
    const place = pickNode(graph, stream);
    if (place < 0) return false;
    let chosen = -1;
    let seen = 0;
    const arity = graph.arity(place);
    for (let k = 0; k < arity; k++) {
      const child = graph.child[place * 4 + k] as number;
      if (fits(graph, child, place) && stream.below(++seen) === 0) chosen = child;
    }
    if (chosen < 0) return false;
    liftTerm(graph, place, chosen);
    return true;
  },
};
