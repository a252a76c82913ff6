import type { ComparedPoints } from "./measured-error.ts";
import { difference, pairAt, sum } from "./pair.ts";
import type { Reduction } from "./reduction.ts";
import type { Target } from "./target.ts";

/** Numbers that agree to this part of themselves are the same: rounding of double-double arithmetic with room. */
const TOLERANCE = 1e-26;
const COMPARED = 32;
const MAXIMUM_ROOTS = 2;

/** The ways in which a target may be reduced to a simpler function: always `none`, and what its symmetry about 0 and its exact zeros allow. */
export function reductionsOf(target: Target, compared: ComparedPoints): readonly Reduction[] {
  const { points, values } = compared;
  const reductions: Reduction[] = [{ kind: "none" }];
  const step = Math.max(1, Math.floor(points.length / COMPARED));
  const probed = Array.from(points.keys()).filter((i) => i % step === 0 && points[i] !== 0);
  const mirrored = target.evaluate(Float64Array.from(probed, (i) => -(points[i] as number)));
  const agree = (combine: typeof sum): boolean =>
    probed.every((i, k) => {
      const value = pairAt(values, i);
      const other = pairAt(mirrored, k);
      return Math.abs(combine(value, other).high) <= TOLERANCE * Math.abs(value.high);
    });
  const isOdd = agree(sum);
  if (isOdd) reductions.push({ kind: "odd" });
  else if (agree(difference)) reductions.push({ kind: "even" });
  const ends = Float64Array.of(target.from, target.to, 0).filter((x) => x >= target.from && x <= target.to);
  const atEnds = target.evaluate(ends).high;
  const roots = Array.from(ends).filter((x, k) => atEnds[k] === 0 && !(isOdd && x === 0));
  for (const at of new Set(roots.slice(0, MAXIMUM_ROOTS))) reductions.push({ kind: "root", at });
  return reductions;
}

/**
 * A target that begins or ends at 0 and is even or odd, on the symmetric interval: what is near on both sides is near on one, and its form may be
 * one that only the whole interval shows.
 * @returns null for other targets
 */
export function onBothSides(target: Target, reductions: readonly Reduction[]): Target | null {
  const isSymmetric = reductions.some(({ kind }) => kind === "odd" || kind === "even");
  if (!isSymmetric || (target.from !== 0 && target.to !== 0)) return null;
  const bound = Math.max(-target.from, target.to);
  return { ...target, from: -bound, to: bound };
}
