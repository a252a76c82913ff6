import { nearestValue, type Type } from "../../dsl/index.ts";
import { randomConstant } from "./grow.ts";
import type { VariationOperator } from "./variation-operator.ts";

/** Moves one constant: a little, a lot, to a round number, or anew. */
export const constantPerturbation: VariationOperator = {
  name: "constant-perturbation",
  vary: (graph, stream) => {
    const { grammar } = graph;
    const isConstant = (node: number): boolean => grammar.isConstant[graph.production[node] as number] === 1;
    let candidates = 0;
    for (let i = 0; i < graph.count; i++) if (isConstant(i)) candidates++;
    if (candidates === 0) return false;
    let node = -1;
    for (let left = stream.below(candidates); left >= 0; ) if (isConstant(++node)) left--;
    const type = graph.type(node);
    const value = graph.constant[node] as number;
    let moved: number;
    if (stream.chance(0.15)) moved = randomConstant(grammar, type, stream);
    else if (grammar.types[type]?.kind === "int")
      moved = value + (stream.chance(0.5) ? 1 : -1) * (1 + stream.below(stream.chance(0.8) ? 1 : 8));
    else if (stream.chance(0.1)) moved = Math.round(value);
    else {
      let scale = 0.3;
      for (let d = stream.below(5); d > 0; d--) scale /= 10;
      moved = stream.chance(0.8) ? value * (1 + scale * stream.bell()) : value + scale * stream.bell();
    }
    moved = nearestValue(grammar.types[type] as Type, moved);
    if (
      moved === value ||
      !Number.isFinite(moved) ||
      (grammar.types[type]?.kind === "int" && !Number.isSafeInteger(moved))
    )
      return false;
    graph.constant[node] = moved;
    return true;
  },
};
