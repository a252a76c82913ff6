import { setImmediate } from "node:timers/promises";
import { InputError, type ProgramSearch } from "../index.ts";

const DEFAULT_SECONDS = 10;
/** Seconds in which no smaller program was found, after which none is awaited unless told otherwise: the longer, the larger the program is. */
const PATIENCE_SECONDS = 1;
const PATIENCE_SECONDS_PER_NODE = 0.05;

/** How long a search goes on. */
export interface SearchLimits {
  readonly seconds: number;
  /** Seconds to look for a smaller program once there is one; null to go on as long as they come. */
  readonly moreSeconds: number | null;
  readonly candidates: number;
}

/** Why a search ended, and when it had its first answer, in seconds of the clock and of computing. */
export interface SearchEnd {
  readonly stop: "solved" | "time" | "budget" | "converged" | "interrupted";
  readonly firstSeconds: number | null;
  readonly firstCpuSeconds: number | null;
}

/**
 * The limits that options ask for: with a budget alone, no clock decides.
 * @throws InputError where one of them is no such number
 */
export function searchLimits({
  seconds,
  more,
  budget,
}: {
  readonly seconds: number | undefined;
  readonly more: number | undefined;
  readonly budget: number | undefined;
}): SearchLimits {
  const unlimited = budget === undefined ? null : Number.POSITIVE_INFINITY;
  const limits = {
    seconds: seconds ?? unlimited ?? DEFAULT_SECONDS,
    moreSeconds: more ?? unlimited,
    candidates: budget ?? Number.POSITIVE_INFINITY,
  };
  if (!(limits.seconds > 0)) throw new InputError(`--seconds must be a number above 0; got ${seconds}.`);
  if (limits.moreSeconds !== null && !(limits.moreSeconds >= 0))
    throw new InputError(`--more must be a number of seconds of at least 0; got ${more}.`);
  if (!(limits.candidates >= 1))
    throw new InputError(`--budget must be a number of candidates of at least 1; got ${budget}.`);
  return limits;
}

/** Seconds since the process began, and what it has computed since then, its start included. */
export const seconds = (): number => performance.now() / 1000;
export function cpuSeconds(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
}

/** What is said of a search without an answer. */
export function notFoundText({ stop }: SearchEnd): string {
  if (stop === "converged") return "not found within the bounds of the search";
  return stop === "interrupted" ? "not found before it was interrupted" : `not found within the ${stop}`;
}

/** What the process returns: 0 where there is an answer, 1 where there is none, 130 where somebody did not wait. */
export const exitCodeOf = (search: ProgramSearch, { stop }: SearchEnd): number =>
  stop === "interrupted" ? 130 : search.answer === null ? 1 : 0;

/**
 * Goes on with a search until it has nothing more to find, a limit is reached, or the process is told to end: once, for the second time it
 * does at once.
 * @param watch told after every step whether there is a better answer
 */
export async function searchWithin(
  search: ProgramSearch,
  limits: SearchLimits,
  watch: (isBetter: boolean) => void,
): Promise<SearchEnd> {
  const started = seconds();
  let firstSeconds: number | null = null;
  let firstCpuSeconds: number | null = null;
  let lastSeconds = 0;
  let stop = "converged" as SearchEnd["stop"];
  const interrupt = (): void => {
    stop = "interrupted";
  };
  const signals = ["SIGINT", "SIGTERM"] as const;
  const hasEnded = (): boolean => stop !== "converged";
  for (const signal of signals) process.once(signal, interrupt);
  try {
    while (!search.isOver && !hasEnded()) {
      const isBetter = await search.next();
      // Signals come between turns of the event loop.
      await setImmediate();
      if (isBetter) {
        lastSeconds = seconds() - started;
        firstSeconds ??= lastSeconds;
        firstCpuSeconds ??= cpuSeconds();
      }
      watch(isBetter);
      if (hasEnded()) break;
      const { moreSeconds } = limits;
      const patience = PATIENCE_SECONDS + PATIENCE_SECONDS_PER_NODE * (search.answer?.size ?? 0);
      const more = moreSeconds === null ? lastSeconds + patience : (firstSeconds ?? 0) + moreSeconds;
      const limit = firstSeconds === null ? limits.seconds : Math.min(limits.seconds, more);
      if (seconds() - started >= limit) stop = "time";
      else if (search.steps >= limits.candidates) stop = "budget";
    }
  } finally {
    for (const signal of signals) process.off(signal, interrupt);
  }
  const isSolved = search.answer !== null && stop !== "interrupted";
  return { stop: isSolved ? "solved" : stop, firstSeconds, firstCpuSeconds };
}
