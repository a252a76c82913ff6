/**
 * Writes constants after a step, as sums of two doubles (D. E. Knuth, 1969: what a sum leaves over is exact).
 * @param constants the high doubles, and `remainders` what they leave over
 * @param high where the new ones come to stand, and `low` what they leave over
 */
export function moveConstants(
  constants: Float64Array,
  remainders: Float64Array,
  step: (k: number) => number,
  high: Float64Array,
  low: Float64Array,
): void {
  for (let k = 0; k < high.length; k++) {
    const from = constants[k] as number;
    const by = step(k) + (remainders[k] as number);
    const sum = from + by;
    const part = sum - from;
    high[k] = sum;
    low[k] = from - (sum - part) + (by - part);
  }
}
