/**
 * The distance between the epochs that are kept of `epochs`: the smallest multiple of `unit` by a power of two that
 * leaves at most `limit` of them. As a run goes on every second one is given up from time to time.
 */
export function strideOf(epochs: number, unit: number, limit: number): number {
  let stride = unit;
  while (epochs > stride * limit) stride *= 2;
  return stride;
}
