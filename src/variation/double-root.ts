import type { VariationOperator } from "./variation-operator.ts";

/** Gives the program's result to a primitive as both of its arguments: most of all, squares it. */
export const doubleRoot: VariationOperator = {
  name: "double-root",
  vary: (graph, stream) => {
    const { grammar, root } = graph;
    const type = graph.type(root);
    if (graph.arity(root) === 0 || graph.scope[root] !== -1) return false;
    const twofold = [...(grammar.productionsOfType[type] as Int32Array)].filter((id) => {
      const row = grammar.productions[id];
      return row?.kind === "primitive" && row.children.length === 2 && row.children.every((t) => t === type);
    });
    // A difference or quotient of two that are the same says nothing.
    const products = twofold.filter((id) => grammar.productions[id]?.primitive?.vector === "multiply");
    const rows = products.length > 0 ? products : twofold;
    if (rows.length === 0) return false;
    const node = graph.add(rows[stream.below(rows.length)] as number, -1, 0);
    if (node < 0) return false;
    graph.child[node * 4] = root;
    graph.child[node * 4 + 1] = root;
    graph.root = node;
    return true;
  },
};
