import type { Configuration } from "../index.ts";

/** A run that is wanted of what is tuned. */
export interface TargetRun {
  readonly configuration: Configuration;
  /** Number of the instance. */
  readonly instance: number;
  readonly seed: string;
  /** Up to which fraction of a full run; what was run before goes on. */
  readonly fraction: number;
}

/** What came of a run. */
export interface TargetScore {
  /** Larger is better; NaN where the run failed. */
  readonly score: number;
  /** Why it failed; empty where it did not. */
  readonly failure: string;
  /** Whether it was ended by somebody, who may have ended all. */
  readonly isEnded?: boolean;
}

/** What is tuned: searches, or any program. */
export interface TuningTarget {
  /** What it is tuned on, and what the result is only shown on. */
  readonly instances: readonly string[];
  readonly validation: readonly string[];
  /**
   * Runs that may be done in any order, and at the same time.
   * @param onDone told of each, with what came of it, as soon as it is known
   * @param isEnded asked before each: whether no other one is to begin
   */
  run(
    runs: readonly TargetRun[],
    onDone: (place: number, score: TargetScore) => void,
    isEnded: () => boolean,
  ): Promise<void>;
  /** A score as it is told. */
  readonly shown: (score: number) => number;
  close(): Promise<void>;
}
