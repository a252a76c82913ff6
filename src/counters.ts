/** What an island counts, in the order of its counter buffer. None of it enters the archive. */
export const counterNames = [
  "candidates",
  "evaluations",
  "cacheHits",
  "cacheEvictions",
  "audits",
  "falseMerges",
  "notANumber",
  "threw",
  "timedOut",
  "crashed",
  "added",
  "improved",
  "givenUp",
  "sharedHits",
] as const;

export type CounterName = (typeof counterNames)[number];

/** Counts by name; sums over islands and epochs are exact up to 2^53. */
export type Counters = { [K in CounterName]: number };

export const emptyCounters = (): Counters => Object.fromEntries(counterNames.map((n) => [n, 0])) as Counters;

export function addCounters(sum: Counters, more: Counters): void {
  for (const name of counterNames) sum[name] += more[name];
}

export const packCounters = (counters: Counters): Float64Array =>
  Float64Array.from(counterNames, (n) => counters[n]);

export const unpackCounters = (values: Float64Array): Counters =>
  Object.fromEntries(counterNames.map((n, i) => [n, values[i] ?? 0])) as Counters;
