import { type Example, InputError } from "../index.ts";

/** Examples that are searched with, and those that are kept back. */
export interface SplitExamples {
  readonly training: readonly Example[];
  readonly heldOut: readonly Example[];
}

/**
 * Keeps some of the examples back, evenly spread.
 * @param wanted how many, or below 1 which share of them
 * @throws InputError where that is no such number, or leaves none to search with
 */
export function splitExamples(examples: readonly Example[], wanted: number): SplitExamples {
  const isShare = wanted > 0 && wanted < 1;
  if (!isShare && !(Number.isSafeInteger(wanted) && wanted >= 1))
    throw new InputError(
      `--holdout must be a number of examples, or a share of them such as 0.3; got ${wanted}.`,
    );
  const count = isShare ? Math.max(1, Math.round(wanted * examples.length)) : wanted;
  if (count >= examples.length)
    throw new InputError(
      `--holdout must leave examples to search with; there are ${examples.length}, and ${count} would be kept back.`,
    );
  // The middles of parts of equal length.
  const kept = new Set(
    Array.from({ length: count }, (_, k) => Math.floor(((k + 0.5) * examples.length) / count)),
  );
  return {
    training: examples.filter((_, k) => !kept.has(k)),
    heldOut: examples.filter((_, k) => kept.has(k)),
  };
}
