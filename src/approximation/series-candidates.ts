import { type Candidate, operationsAround } from "./candidate.ts";
import { reducedSeries } from "./chebyshev-interpolation.ts";
import type { ComparedPoints } from "./measured-error.ts";
import { padeApproximant } from "./pade.ts";
import { one, type Pair, pair, quotient } from "./pair.ts";
import { keepsSign, powersOfSeries } from "./polynomial.ts";
import { type Reduction, reducedSamples, variableAt } from "./reduction.ts";
import type { Target } from "./target.ts";
import { taylorSeries } from "./taylor-series.ts";

/** Coefficients of a reduced function in powers of t = (v − centre) / radius. */
interface Expansion {
  readonly reduction: Reduction;
  readonly powers: readonly Pair[];
  readonly centre: number;
  readonly radius: number;
}

/** Polynomials and quotients that have a series' first coefficients, and cut Chebyshev series. */
export function* seriesCandidates(
  target: Target,
  compared: ComparedPoints,
  reductions: readonly Reduction[],
  maximumOperations: number,
): Iterable<Candidate> {
  const count = Math.floor(maximumOperations / 2) + 1;
  for (const expansion of reductions.flatMap((reduction) => taylorExpansions(target, reduction, count))) {
    const { reduction, powers, centre, radius } = expansion;
    const shape = { reduction, squarings: 0, asFraction: false };
    for (let m = 0; m < count; m++)
      yield {
        ...shape,
        method: "Taylor",
        rational: { numerator: powers.slice(0, m + 1), denominator: [one], centre, radius },
      };
    const points = compared.points.map((x) => (variableAt(reduction, x).high - centre) / radius);
    for (let n = 1; n < count; n++)
      for (let m = 0; m + n < count; m++) {
        if (2 * (m + n) + operationsAround(reduction, false) > maximumOperations) break;
        const approximant = padeApproximant(powers, m, n);
        if (approximant !== null && keepsSign(approximant.denominator, points))
          yield { ...shape, method: "Padé", rational: { ...approximant, centre, radius } };
      }
  }
  for (const reduction of reductions) {
    const samples = reducedSamples(compared, reduction, 0);
    if (samples === null) continue;
    const { centre, radius } = samples;
    const series = reducedSeries(target, reduction, centre, radius);
    if (series === null) continue;
    for (let m = 0; m < count; m++) {
      const numerator = powersOfSeries(series.slice(0, m + 1));
      const rational = { numerator, denominator: [one], centre, radius };
      yield { method: "Chebyshev", reduction, squarings: 0, rational, asFraction: false };
    }
  }
}

/** The Taylor series about the middle of the interval and about 0, if that is in it; of functions with a symmetry or a root about that. */
function taylorExpansions(target: Target, reduction: Reduction, count: number): Expansion[] {
  const { from, to } = target;
  const radius = to / 2 - from / 2;
  if (reduction.kind === "none") {
    const middle = from / 2 + to / 2;
    const centres = from <= 0 && to >= 0 && middle !== 0 ? [middle, 0] : [middle];
    return centres.flatMap((centre) => {
      const powers = taylorSeries(target, centre, radius, count);
      return powers === null ? [] : [{ reduction, powers, centre, radius }];
    });
  }
  const about = reduction.kind === "root" ? reduction.at : 0;
  const series = taylorSeries(target, about, radius, 2 * count);
  if (series === null) return [];
  const [first, step] = { even: [0, 2], odd: [1, 2], root: [1, 1] }[reduction.kind] as [number, number];
  const powers = Array.from({ length: count }, (_, k) => {
    const power = series[first + step * k] as Pair;
    return first === 0 ? power : quotient(power, pair(radius));
  });
  return [{ reduction, powers, centre: 0, radius: step === 2 ? radius * radius : radius }];
}
