import { kernels } from "../../dsl/index.ts";

/** Squares at the end of a program that are undone on the target before the rest is fitted to it. */
export const MAXIMUM_SQUARES = 5;
/** Steps on the way from a target to its square root. */
export const IMAGES_OF_ROOT = 4;

/** What a program is held against: the target, or what it must be before some squares. */
export interface Image {
  readonly expected: Float64Array;
  readonly weights: Float64Array;
}

/**
 * The target t, and t^s for s from 1 to 1/2, 1/4, 1/8, with some between: what a program must be before squares, as long as the target
 * is positive. An error of t^s counts by what it makes of t: the weights are those of t times t^(1 − s) / s.
 */
export function imagesOf(target: Image): Image[] {
  if (!target.expected.every((value) => value > 0)) return [target];
  return Array.from({ length: MAXIMUM_SQUARES * IMAGES_OF_ROOT + 1 }, (_, k) => {
    const power = kernels.pow(2, -k / IMAGES_OF_ROOT);
    const image = { expected: target.expected.slice(), weights: target.weights.slice() };
    if (k === 0) return image;
    for (const [i, value] of target.expected.entries()) {
      image.expected[i] = kernels.pow(value, power);
      image.weights[i] = ((target.weights[i] as number) * kernels.pow(value, 1 - power)) / power;
    }
    return image;
  });
}
