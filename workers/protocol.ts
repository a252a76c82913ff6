import type {
  EpochInput,
  EpochOutput,
  EvolutionJob,
  Example,
  GrammarSource,
  Judgements,
  Parameters,
  Program,
  StopReason,
} from "../src/index.ts";

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

/** What a worker that judges programs is started with. */
export interface JudgeStart {
  readonly protocol: number;
  readonly code: string;
  readonly parameters: Parameters;
}

/** What it is sent: programs to judge in an order, beginning at a position of it. */
export interface JudgeJob {
  readonly programs: readonly Program[];
  readonly order: Int32Array;
  readonly from: number;
  /** Behaviours that are not to be judged, since they hung or ended a worker: four words of signature and an index into judgementKinds each. */
  readonly condemned: Int32Array;
  /** To be filled; the buffers are shared, so what was judged before a worker ended is there. */
  readonly judgements: Judgements;
  /** As that of an EpochJob, with positions of the order in place of candidates. */
  readonly heartbeat: SharedArrayBuffer;
  /**
   * Six 32-bit cells: [0] not 0 once it should stop before the next program; [1] the position after the last one that
   * is done; [2] to [5] the signature of the behaviour that is being judged, 0 before it is known.
   */
  readonly control: SharedArrayBuffer;
}

/** What it sends back. */
export type JudgeMessage =
  | { readonly kind: "begun" }
  | { readonly kind: "threw"; readonly program: number; readonly text: string }
  | { readonly kind: "done" };

/** What a worker that evolves programs from examples is started with. */
export interface EvolutionStart {
  readonly protocol: number;
  readonly source: GrammarSource;
  /** What its grammar must be like. */
  readonly outline: string;
  readonly examples: readonly Example[];
}

/** What it is sent: one epoch. It sends back the result. */
export interface EvolutionMessage {
  readonly job: EvolutionJob;
}

/** What a worker that carries on stored runs is sent: one of them, and how far. */
export interface RunPart {
  readonly protocol: number;
  /** Folder of the run. */
  readonly folder: string;
  /** Bundle of its experiment's code. */
  readonly code: string;
  /** Candidates, evaluations and seconds of the run, all of its sessions together, after which it is paused; infinite for its end. */
  readonly untilCandidates: number;
  readonly untilEvaluations: number;
  readonly untilSeconds: number;
}

/** What it sends back. */
export interface RunPartResult {
  readonly stop: StopReason | null;
  /** What is wrong with the run or its folder; empty where nothing is. */
  readonly problems: readonly string[];
}
