import { normalQuantile, normalTail } from "./normal-distribution.ts";

/** What a difference is to be seen with. */
export interface Aim {
  /** How often a test may see a difference where there is none. */
  readonly significance: number;
  /** How often it is to see one that is there. */
  readonly power: number;
}

export const usualAim: Aim = { significance: 0.05, power: 0.9 };

/**
 * Values of each of two samples of the same size with which the rank-sum test sees a difference (G. E. Noether 1987).
 * @param effect A12, the chance that a value of the one is above one of the other; Infinity for ½
 */
export function unpairedSampleSize(effect: number, { significance, power }: Aim = usualAim): number {
  const reach = normalQuantile(significance / 2) + normalQuantile(1 - power);
  const size = (reach * reach) / (6 * (effect - 0.5) * (effect - 0.5));
  return Number.isFinite(size) ? Math.ceil(size) : Number.POSITIVE_INFINITY;
}

/**
 * Pairs with which the signed-rank test sees a difference (G. E. Noether 1987).
 * @param effect chance that the sum of two differences is above 0; Infinity for ½
 */
export function pairedSampleSize(effect: number, { significance, power }: Aim = usualAim): number {
  const reach = normalQuantile(significance / 2) + normalQuantile(1 - power);
  const size = (reach * reach) / (3 * (effect - 0.5) * (effect - 0.5));
  return Number.isFinite(size) ? Math.ceil(size) : Number.POSITIVE_INFINITY;
}

/** Chance that the sum of two differences is above 0, ties as halves, as `pairedSampleSize` takes it: seen in the pairs at hand. */
export function pairedEffect(differences: readonly number[]): number {
  let above = 0;
  let pairs = 0;
  for (const [k, one] of differences.entries())
    for (let other = 0; other < k; other++) {
      const sum = one + (differences[other] as number);
      above += sum > 0 ? 1 : sum < 0 ? 0 : 0.5;
      pairs++;
    }
  return pairs === 0 ? 0.5 : above / pairs;
}

/**
 * Pairs with which a difference of a certain size is found, where runs of the same seed have no more in common than others.
 * @param effect A12, between ½ and 1
 * @param comparisons that are made at the same time, each of which is to be found
 */
export function plannedSeeds(effect: number, comparisons: number, aim: Aim = usualAim): number {
  // Of two normal variables the one is above the other with the chance of A12; their difference is then twice drawn and added.
  const paired = normalTail(Math.SQRT2 * normalQuantile(effect));
  return pairedSampleSize(paired, { ...aim, significance: aim.significance / Math.max(1, comparisons) });
}
