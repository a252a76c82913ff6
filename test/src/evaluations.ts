import type { Evaluations } from "../../src/evaluation-list.ts";
import { RandomStream, rootKey } from "../../src/random-stream.ts";

/** A signature for a number. */
export function signatureOf(n: number): Int32Array {
  const stream = new RandomStream().derive(rootKey("evaluations"), 0, 0, n);
  return Int32Array.from({ length: 4 }, () => stream.word());
}

/** Evaluations with two values: for each number n a fitness of n and a coordinate of −n. */
export const evaluationsOf = (numbers: readonly number[]): Evaluations => ({
  signatures: Int32Array.from(numbers.flatMap((n) => [...signatureOf(n)])),
  values: Float64Array.from(numbers.flatMap((n) => [n, -n])),
});
