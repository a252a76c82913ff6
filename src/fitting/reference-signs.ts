import type { CaseColumns } from "./sampled-cases.ts";

/** Two numbers are the same but for rounding. */
const SAME = 1e-9;

/**
 * Factors that errors may have where the extremes of an exchange are sought, the usual ones first: none. Where the target changes sign,
 * its sign: the relative error of a program with the same root turns there, and is smooth with that factor. Where the interval is
 * symmetric about 0, only the upper half: programs that are even or odd say the same on both sides.
 */
export function referenceSigns({ inputs, expected }: CaseColumns): readonly Float64Array[] {
  const x = inputs[0] as Float64Array;
  const ones = new Float64Array(expected.length).fill(1);
  const signs = [ones];
  if (expected.some((value) => value > 0) && expected.some((value) => value < 0))
    signs.push(expected.map((value) => (value < 0 ? -1 : value > 0 ? 1 : 0)));
  const [least, most] = [x[0] as number, x[x.length - 1] as number];
  if (!(least < 0 && most > 0 && Math.abs(least + most) <= SAME * most)) return signs;
  const halves = signs.map((whole) => whole.map((sign, i) => ((x[i] as number) >= 0 ? sign : 0)));
  return [...signs, ...halves];
}
