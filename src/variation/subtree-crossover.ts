import { pickNode, replaceNode, type VariationOperator } from "./variation-operator.ts";

/** Replaces a term by one of the same type from another parent (Koza 1992; Montana 1995 for types). */
export const subtreeCrossover: VariationOperator = {
  name: "subtree-crossover",
  vary: (graph, stream, { other, selectMate }) => {
    const mate = selectMate();
    if (mate === null) return false;
    const place = pickNode(graph, stream);
    if (place < 0) return false;
    other.read(mate);
    const type = graph.type(place);
    let candidates = 0;
    for (let node = 0; node < other.count; node++) if (other.type(node) === type) candidates++;
    if (candidates === 0) return false;
    let donor = -1;
    for (let left = stream.below(candidates); left >= 0; ) if (other.type(++donor) === type) left--;
    const existing = graph.count;
    const copy = graph.copy(other, donor, graph.scope[place] as number);
    if (copy < 0) return false;
    replaceNode(graph, place, copy, existing);
    return true;
  },
};
