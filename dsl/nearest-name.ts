/** Longer names are not compared. */
const MAXIMUM_LENGTH = 40;

/** How many letters must be changed, put in, taken out or swapped with the next (F. J. Damerau, 1964). */
function distance(a: string, b: string): number {
  const rows = [Array.from({ length: b.length + 1 }, (_, j) => j)];
  const known = (i: number, j: number): number => rows[i]?.[j] ?? Number.POSITIVE_INFINITY;
  for (let i = 1; i <= a.length; i++) {
    rows.push([i]);
    for (let j = 1; j <= b.length; j++) {
      const isSwapped = a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      rows[i]?.push(
        Math.min(
          known(i - 1, j) + 1,
          known(i, j - 1) + 1,
          known(i - 1, j - 1) + (a[i - 1] === b[j - 1] ? 0 : 1),
          isSwapped ? known(i - 2, j - 2) + 1 : Number.POSITIVE_INFINITY,
        ),
      );
    }
  }
  return known(a.length, b.length);
}

/** The name that was probably meant: the first of the nearest, if it is near; upper and lower case are alike. */
export function nearestName(name: string, known: readonly string[]): string | null {
  if (name.length > MAXIMUM_LENGTH) return null;
  let nearest: string | null = null;
  let least = Math.max(1, Math.floor(name.length / 3)) + 1;
  for (const candidate of known) {
    const d = distance(name.toLowerCase(), candidate.toLowerCase());
    if (d >= least) continue;
    least = d;
    nearest = candidate;
  }
  return nearest;
}
