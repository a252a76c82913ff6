/**
 * The points of the next reference of the second algorithm of E. Y. Remez (1934): where errors are extreme, of alternating sign, the
 * largest among them.
 * @param errors signed, at ascending points
 * @param count how many are wanted
 * @returns indices, ascending; null where the sign changes too seldom
 */
export function alternatingExtremes(errors: Float64Array, count: number): number[] | null {
  const extremes: number[] = [];
  for (let i = 0; i < errors.length; i++) {
    const error = errors[i] as number;
    if (error === 0) continue;
    const last = extremes.at(-1);
    if (last === undefined || Math.sign(errors[last] as number) !== Math.sign(error)) extremes.push(i);
    else if (Math.abs(error) > Math.abs(errors[last] as number)) extremes[extremes.length - 1] = i;
  }
  const size = (k: number): number => Math.abs(errors[extremes[k] as number] as number);
  while (extremes.length > count) {
    const last = extremes.length - 1;
    if (extremes.length === count + 1) {
      // One too many: signs alternate still if an end goes.
      extremes.splice(size(0) < size(last) ? 0 : last, 1);
      break;
    }
    // Neighbours go together, the least; or the two ends.
    let least = 0;
    let leastSize = Number.POSITIVE_INFINITY;
    for (let k = 0; k < last; k++)
      if (Math.max(size(k), size(k + 1)) < leastSize) {
        least = k;
        leastSize = Math.max(size(k), size(k + 1));
      }
    if (Math.max(size(0), size(last)) < leastSize) {
      extremes.pop();
      extremes.shift();
    } else extremes.splice(least, 2);
  }
  return extremes.length === count ? extremes : null;
}
