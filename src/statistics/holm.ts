/**
 * Chances of several tests, corrected so that with any of them at most so often a difference is seen where there is none (S. Holm 1979).
 * @returns in the order of the given ones
 */
export function holm(chances: readonly number[]): number[] {
  const order = chances
    .map((_, k) => k)
    .sort((p, q) => (chances[p] as number) - (chances[q] as number) || p - q);
  const corrected: number[] = chances.map(() => 1);
  let largest = 0;
  for (const [rank, k] of order.entries()) {
    largest = Math.max(largest, Math.min(1, (chances.length - rank) * (chances[k] as number)));
    corrected[k] = largest;
  }
  return corrected;
}
