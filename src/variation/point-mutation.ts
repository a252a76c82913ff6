import type { Grammar } from "../../dsl/index.ts";
import { pickNode, type VariationOperator } from "./variation-operator.ts";

const classesOf = new WeakMap<Grammar, readonly Int32Array[]>();

/** Production → productions of the same type with the same children: those it can be exchanged for in place. */
function exchangeClasses(grammar: Grammar): readonly Int32Array[] {
  let classes = classesOf.get(grammar);
  if (classes === undefined) {
    const key = (id: number): string =>
      `${grammar.typeOf[id]}:${grammar.productions[id]?.children.join(",")}`;
    const groups = new Map<string, number[]>();
    for (const ids of grammar.productionsOfType)
      for (const id of ids)
        if (grammar.isLambda[id] === 0 && grammar.isConstant[id] === 0)
          groups.set(key(id), [...(groups.get(key(id)) ?? []), id]);
    classes = grammar.productions.map((p) => Int32Array.from(groups.get(key(p.id)) ?? []));
    classesOf.set(grammar, classes);
  }
  return classes;
}

/** Exchanges one primitive, argument or literal for another of the same signature. */
export const pointMutation: VariationOperator = {
  name: "point-mutation",
  vary: (graph, stream) => {
    const node = pickNode(graph, stream);
    if (node < 0) return false;
    const production = graph.production[node] as number;
    const others = exchangeClasses(graph.grammar)[production] as Int32Array;
    if (others.length === 0) return false;
    const chosen = others[stream.below(others.length)] as number;
    if (chosen === production) return false;
    graph.production[node] = chosen;
    return true;
  },
};
