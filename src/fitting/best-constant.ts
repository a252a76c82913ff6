import type { CaseColumns } from "./sampled-cases.ts";

/**
 * The constant that is nearest to outputs: by the largest weighted distance, or by the sum of their squares.
 * The largest is decided by one output below the constant and one above, which are exchanged as Remez (1934) does for polynomials,
 * here of degree 0.
 * @returns a finite number; 0 where no output has a weight
 */
export function bestConstant({ expected, weights }: CaseColumns, isLargest: boolean): number {
  const counted = Array.from(expected, (value, i) => ({ value, weight: weights[i] as number })).filter(
    ({ weight }) => weight > 0,
  );
  if (counted.length === 0) return 0;
  if (!isLargest) {
    const sum = (of: (value: number) => number): number =>
      counted.reduce((total, { value, weight }) => total + weight * weight * of(value), 0);
    return sum((value) => value) / sum(() => 1);
  }
  let low = counted.reduce((least, one) => (one.value < least.value ? one : least));
  let high = counted.reduce((most, one) => (one.value > most.value ? one : most));
  let constant = low.value;
  // Each exchange raises the error that no constant can avoid, so that no pair comes twice.
  for (let exchange = 0; exchange < counted.length; exchange++) {
    constant = (low.weight * low.value + high.weight * high.value) / (low.weight + high.weight);
    const errorOf = ({ value, weight }: (typeof counted)[number]): number =>
      weight * Math.abs(value - constant);
    const worst = counted.reduce((most, one) => (errorOf(one) > errorOf(most) ? one : most), low);
    if (!(errorOf(worst) > Math.max(errorOf(low), errorOf(high)))) break;
    if (worst.value < constant) low = worst;
    else high = worst;
  }
  return constant;
}
