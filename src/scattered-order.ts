/**
 * The numbers below a count in an order in which any first few lie all over: multiples of a step near the golden section of the
 * count that has no factor in common with it.
 */
export function scatteredOrder(count: number): number[] {
  const commonDivisor = (a: number, b: number): number => (b === 0 ? a : commonDivisor(b, a % b));
  let step = Math.max(1, Math.round(count * 0.6180339887));
  while (commonDivisor(step, count) !== 1) step++;
  return Array.from({ length: count }, (_, i) => (i * step) % count);
}
