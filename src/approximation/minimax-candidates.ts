import { type Candidate, operationsAround } from "./candidate.ts";
import type { ComparedPoints } from "./measured-error.ts";
import { Minimax } from "./minimax.ts";
import { powersOfSeries } from "./polynomial.ts";
import { type Reduction, reducedSamples } from "./reduction.ts";

const MAXIMUM_SQUARINGS = 4;

/** Minimax polynomials and quotients, of the target and of its roots of order 2^k, to be squared k times. */
export function* minimaxCandidates(
  compared: ComparedPoints,
  reductions: readonly Reduction[],
  maximumOperations: number,
): Iterable<Candidate> {
  for (const reduction of reductions)
    for (let squarings = 0; squarings <= MAXIMUM_SQUARINGS; squarings++) {
      // A factor stands outside the squares.
      if (squarings > 0 && (reduction.kind === "odd" || reduction.kind === "root")) break;
      const samples = reducedSamples(compared, reduction, squarings);
      if (samples === null) break;
      const { centre, radius } = samples;
      const minimax = new Minimax(samples);
      const left = maximumOperations - squarings;
      for (const [m, n] of degreesWithin(left, reduction)) {
        // The square of a constant is a constant.
        if (squarings > 0 && m + n === 0) continue;
        const found = minimax.approximate(m, n);
        if (found === null) continue;
        const rational = {
          numerator: powersOfSeries(found.numerator),
          denominator: powersOfSeries(found.denominator),
          centre,
          radius,
        };
        const shape = { reduction, squarings, rational };
        const method = n === 0 ? "minimax polynomial" : "rational minimax";
        yield { ...shape, method: squarings > 0 ? "scaling and squaring" : method, asFraction: false };
        if (n > 0)
          yield {
            ...shape,
            method: squarings > 0 ? "scaling and squaring" : "continued fraction",
            asFraction: true,
          };
      }
    }
}

/** Degrees of numerators and denominators that some program of so many operations has, by their sum; polynomials first. */
function degreesWithin(operations: number, reduction: Reduction): [number, number][] {
  const degrees: [number, number][] = [];
  for (let total = 0; total <= operations; total++)
    for (let n = 0; n <= total; n++) {
      const m = total - n;
      // Levels of a continued fraction take three operations each, or two where it is symmetric about its centre.
      const levels = Math.min(m, n);
      const inside = Math.min(3 * levels, 2 * levels + 2) + 2 * Math.abs(m - n);
      if (inside + operationsAround(reduction, total === 0) <= operations) degrees.push([m, n]);
    }
  return degrees;
}
