import { pickNode, type VariationOperator } from "./variation-operator.ts";

/** Replaces a term by one of the same type from another parent (Koza 1992; Montana 1995 for types). */
export const subtreeCrossover: VariationOperator = {
  name: "subtree-crossover",
  vary: (graph, stream, { selectMate }) => {
    const mate = selectMate();
    if (mate === null) return false;
    const place = pickNode(graph, stream);
    if (place < 0) return false;
    const { typeOf } = graph.grammar;
    const { tokens } = mate;
    const type = graph.type(place);
    const isCandidate = (token: number): boolean => token >= 0 && typeOf[token] === type;
    let candidates = 0;
    for (let i = 0; i < tokens.length; i++) if (isCandidate(tokens[i] as number)) candidates++;
    if (candidates === 0) return false;
    let donor = -1;
    for (let left = stream.below(candidates); left >= 0; ) if (isCandidate(tokens[++donor] as number)) left--;
    const grafted = graph.graft(mate, donor, graph.scope[place] as number);
    if (grafted < 0) return false;
    graph.become(place, grafted);
    return true;
  },
};
