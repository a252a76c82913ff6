import { kernels } from "../../dsl/index.ts";

/**
 * Where the Chebyshev polynomial of degree count − 1 is extreme on an interval, ends included, ascending: points that are denser
 * towards the ends, as the extreme errors of good approximations are.
 * @param count at least 2
 */
export function chebyshevPoints(from: number, to: number, count: number): Float64Array {
  const middle = from / 2 + to / 2;
  const radius = to / 2 - from / 2;
  return Float64Array.from({ length: count }, (_, i) => {
    if (i === 0) return from;
    if (i === count - 1) return to;
    // The sine of what is left to a quarter: symmetric about the middle, and the middle itself.
    return middle + radius * kernels.sin((Math.PI * (2 * i - (count - 1))) / (2 * (count - 1)));
  });
}
