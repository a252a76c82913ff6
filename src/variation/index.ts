import { constantPerturbation } from "./constant-perturbation.ts";
import { continueFraction } from "./continue-fraction.ts";
import { doubleRoot } from "./double-root.ts";
import { hoist } from "./hoist.ts";
import { deleteNode, insertNode } from "./insert-delete.ts";
import { insertOnEdge } from "./insert-on-edge.ts";
import { pointMutation } from "./point-mutation.ts";
import { reRoute } from "./re-route.ts";
import { repeatSegment } from "./repeat-segment.ts";
import { share, unshare } from "./sharing.ts";
import { subtreeCrossover } from "./subtree-crossover.ts";
import { subtreeMutation } from "./subtree-mutation.ts";
import type { VariationOperator } from "./variation-operator.ts";

/** What programs are varied as: terms, or graphs of a few nodes whose values are used again. */
export type VariationStyle = "terms" | "graphs";

/** Every variation operator with its weights, in the order that lineage records refer to. */
export const variationOperators: readonly {
  readonly operator: VariationOperator;
  readonly weights: Readonly<Record<VariationStyle, number>>;
}[] = [
  { operator: subtreeMutation, weights: { terms: 20, graphs: 0 } },
  { operator: pointMutation, weights: { terms: 15, graphs: 15 } },
  { operator: hoist, weights: { terms: 8, graphs: 0 } },
  { operator: insertNode, weights: { terms: 15, graphs: 0 } },
  { operator: deleteNode, weights: { terms: 12, graphs: 12 } },
  { operator: share, weights: { terms: 3, graphs: 0 } },
  { operator: unshare, weights: { terms: 1, graphs: 0 } },
  { operator: constantPerturbation, weights: { terms: 12, graphs: 20 } },
  { operator: subtreeCrossover, weights: { terms: 20, graphs: 0 } },
  { operator: insertOnEdge, weights: { terms: 0, graphs: 36 } },
  { operator: reRoute, weights: { terms: 0, graphs: 18 } },
  { operator: doubleRoot, weights: { terms: 0, graphs: 10 } },
  { operator: repeatSegment, weights: { terms: 0, graphs: 9 } },
  { operator: continueFraction, weights: { terms: 0, graphs: 9 } },
];
