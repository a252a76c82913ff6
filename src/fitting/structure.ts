import type { Grammar, Program } from "../../dsl/index.ts";
import { Skeleton } from "./skeleton.ts";
import { SkeletonSignature } from "./skeleton-signature.ts";

/**
 * A descriptor coordinate in [0, 1) that scatters programs by what they compute, whatever their constants: programs of one skeleton have the
 * same, others probably another. Cut into bins it keeps a number of different programs side by side.
 */
export function structureCoordinate(grammar: Grammar): (program: Program) => number {
  const skeleton = new Skeleton(grammar);
  const signature = new SkeletonSignature(skeleton);
  return (program) => {
    const key = skeleton.read(program) ? signature.key() : null;
    return key === null ? 0 : (((key[0] as number) ^ (key[1] as number)) & 0xffff) / 0x10000;
  };
}
