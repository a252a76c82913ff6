/** ok: as it should be · look: a person should decide · bad: the run would be wasted. */
export type Verdict = "ok" | "look" | "bad";

/** One thing that was examined before a long run. */
export interface Finding {
  /** What was examined, such as "descriptor". */
  readonly check: string;
  readonly verdict: Verdict;
  /** What was found, with its figures. */
  readonly message: string;
  /** What to change; empty where nothing need be. */
  readonly advice: string;
  readonly figures: Readonly<Record<string, number | string | readonly number[] | null>>;
}

/** A share in [0, 1] as a percentage. */
export const percent = (share: number): string =>
  share > 0 && share < 0.001 ? "< 0.1 %" : `${Number((100 * share).toFixed(share < 0.1 ? 1 : 0))} %`;

/** A count with thousands set off; fractions to three digits. */
export const figure = (value: number): string =>
  Math.abs(value) < 100 || !Number.isFinite(value)
    ? String(Number(value.toPrecision(3)))
    : Math.round(value)
        .toString()
        .replaceAll(/\B(?=(\d{3})+$)/g, ",");

/** Bytes as people say them, in powers of 1,000. */
export const byteText = (bytes: number): string =>
  bytes < 1e6
    ? `${figure(Math.ceil(bytes / 1e3))} kB`
    : bytes < 1e9
      ? `${figure(bytes / 1e6)} MB`
      : `${figure(bytes / 1e9)} GB`;

/** Seconds as people say them. */
export const secondsText = (seconds: number): string =>
  !Number.isFinite(seconds)
    ? "no end"
    : seconds < 1e-3
      ? `${figure(seconds * 1e6)} µs`
      : seconds < 1
        ? `${figure(seconds * 1000)} ms`
        : seconds < 100
          ? `${figure(seconds)} s`
          : seconds < 6000
            ? `${figure(seconds / 60)} min`
            : seconds < 172_800
              ? `${figure(seconds / 3600)} h`
              : `${figure(seconds / 86_400)} days`;

/** The value below which a share of the numbers lies. @param sorted ascending, not empty */
export const quantile = (sorted: Float64Array, share: number): number =>
  sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] as number;

/** A number of one or two leading digits near a value, for advice: 1, 2 or 5 times a power of ten, not above it. */
export function roundNumber(value: number): number {
  let power = 1;
  while (power * 10 <= value) power *= 10;
  return value >= 5 * power ? 5 * power : value >= 2 * power ? 2 * power : power;
}
