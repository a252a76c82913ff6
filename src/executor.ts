import type { EpochInput, EpochOutput } from "./island.ts";

/**
 * Runs epochs of islands somewhere: here, on threads, on other machines. Thin: what a job gives depends on the job
 * alone, so an executor may run jobs in any order and run one again after a failure.
 */
export interface Executor {
  /** Jobs that run at the same time. */
  readonly workers: number;
  /** Runs one job; its buffers are used up. Rejects with a JobError when the job failed for good. */
  run(input: EpochInput): Promise<EpochOutput>;
  close(): Promise<void>;
}

/** A job that failed twice without a candidate to blame: an internal fault. */
export class JobError extends Error {
  readonly island: number;
  readonly epoch: number;
  constructor(island: number, epoch: number, cause: unknown) {
    super(
      `island ${island}, epoch ${epoch} failed twice: ${cause instanceof Error ? cause.message : String(cause)}`,
      { cause },
    );
    this.name = "JobError";
    this.island = island;
    this.epoch = epoch;
  }
}
