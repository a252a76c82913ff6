import type { ProgramGraph } from "../../dsl/index.ts";
import { randomConstant } from "./grow.ts";
import { pickNode, type VariationOperator } from "./variation-operator.ts";

const MAXIMUM_LENGTH = 3;
const MAXIMUM_NODES = 8;
const FRESH_CHANCE = 0.7;

/**
 * Does a segment of the program once more: a term, from its last operation down to something that enters it, is applied to its own
 * result, with other constants or the same. Continued fractions and iterations grow so.
 */
export const repeatSegment: VariationOperator = {
  name: "repeat-segment",
  vary: (graph, stream) => {
    const last = pickNode(graph, stream);
    if (last < 0 || graph.arity(last) === 0 || graph.scope[last] !== -1) return false;
    const entering = walkDown(graph, last, 1 + stream.below(MAXIMUM_LENGTH), (n) => stream.below(n));
    if (entering < 0 || graph.type(entering) !== graph.type(last)) return false;
    const isFresh = stream.chance(FRESH_CHANCE);
    const { count } = graph;
    const copies = new Map<number, number>();
    // Arguments are not shared: each place has a leaf of its own.
    const isArgument = graph.arity(entering) === 0;
    const enters = (node: number): boolean =>
      node === entering || (isArgument && graph.production[node] === graph.production[entering]);
    const isEnteredOf = new Map<number, boolean>();
    const isEntered = (node: number): boolean => {
      const known = isEnteredOf.get(node);
      if (known !== undefined) return known;
      let is = enters(node);
      for (let k = 0; k < graph.arity(node) && !is; k++) is = isEntered(graph.child[node * 4 + k] as number);
      isEnteredOf.set(node, is);
      return is;
    };
    const copyOf = (node: number): number => {
      if (enters(node)) return last;
      const known = copies.get(node);
      if (known !== undefined) return known;
      const { grammar } = graph;
      if (grammar.isConstant[graph.production[node] as number] === 1) {
        const constant = graph.duplicate(node);
        if (constant >= 0 && isFresh)
          graph.constant[constant] = randomConstant(grammar, graph.type(node), stream);
        return constant;
      }
      if (!isEntered(node)) return node;
      if (copies.size === MAXIMUM_NODES) return -1;
      const copy = graph.duplicate(node);
      if (copy < 0) return -1;
      copies.set(node, copy);
      for (let k = 0; k < graph.arity(node); k++) {
        const child = copyOf(graph.child[node * 4 + k] as number);
        if (child < 0) return -1;
        graph.child[copy * 4 + k] = child;
      }
      return copy;
    };
    const copy = copyOf(last);
    if (copy < 0) return false;
    if (graph.root === last) graph.root = copy;
    for (let parent = 0; parent < count; parent++)
      for (let k = 0; k < graph.arity(parent); k++)
        if (graph.child[parent * 4 + k] === last) graph.child[parent * 4 + k] = copy;
    return true;
  },
};

/** A node some steps below another, along operations and arguments; −1 where there is none. */
function walkDown(
  graph: ProgramGraph,
  from: number,
  steps: number,
  below: (bound: number) => number,
): number {
  let node = from;
  for (let step = 0; step < steps; step++) {
    let next = -1;
    let seen = 0;
    for (let k = 0; k < graph.arity(node); k++) {
      const child = graph.child[node * 4 + k] as number;
      const isConstant = graph.grammar.isConstant[graph.production[child] as number] === 1;
      if (!isConstant && graph.scope[child] === -1 && below(++seen) === 0) next = child;
    }
    if (next < 0) break;
    node = next;
  }
  return node === from ? -1 : node;
}
