/**
 * Lowers a function of several variables by the simplex method of Nelder and Mead (1965), with the coefficients that Gao and
 * Han (2012) give for more variables. It asks for values alone. Values that are NaN count as the worst.
 * @param point where it begins, and the best point found
 * @param options.sizes how far the other corners of the first simplex lie, for each variable
 * @returns the value at the best point
 */
export function nelderMead(
  valueAt: (point: Float64Array) => number,
  point: Float64Array,
  options: { readonly sizes: ArrayLike<number>; readonly maximumEvaluations: number },
): number {
  const count = point.length;
  let evaluations = 0;
  const measure = (at: Float64Array): number => {
    evaluations++;
    const value = valueAt(at);
    return value === value ? value : Number.POSITIVE_INFINITY;
  };
  if (count === 0) return measure(point);
  const expansion = 1 + 2 / count;
  const contraction = 0.75 - 0.5 / count;
  const shrinkage = 1 - 1 / count;
  const corners: { at: Float64Array; value: number }[] = Array.from({ length: count + 1 }, (_, k) => {
    const at = point.slice();
    if (k > 0) at[k - 1] = (at[k - 1] as number) + (options.sizes[k - 1] as number);
    return { at, value: measure(at) };
  });
  const order = (): void => void corners.sort((a, b) => (a.value < b.value ? -1 : a.value > b.value ? 1 : 0));
  order();
  const centre = new Float64Array(count);
  /** The point on the line from the worst corner through the centre of the others. */
  const along = (distance: number): { at: Float64Array; value: number } => {
    const worst = (corners[count] as (typeof corners)[number]).at;
    const at = centre.map((c, i) => c + distance * (c - (worst[i] as number)));
    return { at, value: measure(at) };
  };
  while (evaluations < options.maximumEvaluations) {
    const best = corners[0] as (typeof corners)[number];
    const worst = corners[count] as (typeof corners)[number];
    const second = corners[count - 1] as (typeof corners)[number];
    if (best.value === worst.value) break;
    centre.fill(0);
    for (let k = 0; k < count; k++)
      (corners[k] as (typeof corners)[number]).at.forEach((v, i) => {
        centre[i] = (centre[i] as number) + v / count;
      });
    const reflected = along(1);
    let next = reflected;
    if (reflected.value < best.value) {
      const expanded = along(expansion);
      if (expanded.value < reflected.value) next = expanded;
    } else if (!(reflected.value < second.value)) {
      const contracted = along(reflected.value < worst.value ? contraction : -contraction);
      if (contracted.value < Math.min(reflected.value, worst.value)) next = contracted;
      else {
        for (let k = 1; k <= count; k++) {
          const corner = corners[k] as (typeof corners)[number];
          corner.at = corner.at.map(
            (v, i) => (best.at[i] as number) + shrinkage * (v - (best.at[i] as number)),
          );
          corner.value = measure(corner.at);
        }
        order();
        continue;
      }
    }
    corners[count] = next;
    order();
  }
  point.set((corners[0] as (typeof corners)[number]).at);
  return (corners[0] as (typeof corners)[number]).value;
}
