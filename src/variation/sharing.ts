import { pickNode, type VariationOperator } from "./variation-operator.ts";

/** Re-routes an argument to a term that the program computes elsewhere anyway, so that it is computed once. */
export const share: VariationOperator = {
  name: "share",
  vary: (graph, stream) => {
    for (let tries = 0; tries < 6; tries++) {
      const parent = pickNode(graph, stream);
      const target = pickNode(graph, stream);
      if (parent < 0 || target < 0 || graph.arity(parent) === 0) continue;
      if (graph.arity(target) === 0 || graph.scope[target] !== -1) continue;
      const slot = parent * 4 + stream.below(graph.arity(parent));
      const old = graph.child[slot] as number;
      if (old === target || graph.type(old) !== graph.type(target) || graph.reaches(target, parent)) continue;
      graph.child[slot] = target;
      return true;
    }
    return false;
  },
};

/**
 * Gives one of the places that share a term a node of its own, so that the two can change apart. What lies below stays
 * shared.
 */
export const unshare: VariationOperator = {
  name: "unshare",
  vary: (graph, stream) => {
    const parents = graph.tally();
    let slot = -1;
    let seen = 0;
    const { count } = graph;
    for (let parent = 0; parent < count; parent++) {
      const arity = graph.arity(parent);
      for (let at = parent * 4; at < parent * 4 + arity; at++)
        if ((parents[graph.child[at] as number] as number)++ > 0 && stream.below(++seen) === 0) slot = at;
    }
    if (slot < 0) return false;
    const copy = graph.duplicate(graph.child[slot] as number);
    if (copy < 0) return false;
    graph.child[slot] = copy;
    return true;
  },
};
