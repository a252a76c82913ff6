import type { EpochInput, EpochOutput, Parameters } from "../src/index.ts";

/** Version of the messages; a worker refuses another. */
export const PROTOCOL_VERSION = 2;

/** What a worker is started with. */
export interface WorkerStart {
  /** 32-bit cells; a worker that has loaded its modules writes its thread id into the cell of its id, modulo their number. */
  readonly loaded: SharedArrayBuffer;
}

/** What a worker is sent: one epoch of one island, and where the experiment's code lies. */
export interface EpochJob {
  readonly protocol: number;
  readonly code: string;
  readonly parameters: Parameters;
  readonly input: EpochInput;
  /**
   * Two 32-bit cells: [0] 1 + the candidate whose evaluation runs code of the experiment, 0 for none; [1] 0 while
   * code is being loaded, then 1 + the number of such evaluations begun.
   */
  readonly heartbeat: SharedArrayBuffer;
  /** A ScoreRecord where code of the experiment runs in evaluations, else null. */
  readonly scores: SharedArrayBuffer | null;
}

/** What a worker sends back. */
export interface EpochJobResult {
  readonly protocol: number;
  readonly output: EpochOutput;
}
