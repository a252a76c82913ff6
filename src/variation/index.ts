import { constantPerturbation } from "./constant-perturbation.ts";
import { hoist } from "./hoist.ts";
import { deleteNode, insertNode } from "./insert-delete.ts";
import { pointMutation } from "./point-mutation.ts";
import { share, unshare } from "./sharing.ts";
import { subtreeCrossover } from "./subtree-crossover.ts";
import { subtreeMutation } from "./subtree-mutation.ts";
import type { VariationOperator } from "./variation-operator.ts";

/** Every variation operator with its weight, in the order that lineage records refer to. */
export const variationOperators: readonly {
  readonly operator: VariationOperator;
  readonly weight: number;
}[] = [
  { operator: subtreeMutation, weight: 20 },
  { operator: pointMutation, weight: 15 },
  { operator: hoist, weight: 8 },
  { operator: insertNode, weight: 15 },
  { operator: deleteNode, weight: 12 },
  { operator: share, weight: 3 },
  { operator: unshare, weight: 1 },
  { operator: constantPerturbation, weight: 12 },
  { operator: subtreeCrossover, weight: 20 },
];
