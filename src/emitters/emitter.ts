import type { Program } from "../../dsl/index.ts";
import type { Archive } from "../archive/archive.ts";
import type { RandomStream } from "../random-stream.ts";

/** A proposed program. Its arrays are the emitter's own, valid until the next proposal. */
export interface Proposal {
  readonly program: Program;
  /** Operator that made it (index into the variation operators), −1 for a random one. */
  readonly operator: number;
  /** The program that was varied; null for a random one. */
  readonly parent: Program | null;
}

/** Proposes candidates. All randomness comes from the stream; all memory lies in the archive. */
export interface Emitter {
  readonly name: string;
  /** @param parent the program to begin with; chosen by the emitter where there is none */
  readonly propose: (archive: Archive, stream: RandomStream, parent?: Program) => Proposal;
}
