import type { Archive } from "../archive/archive.ts";
import type { Individual } from "../individual.ts";
import type { RandomStream } from "../random-stream.ts";

/** Chooses a parent from a non-empty archive. */
export interface Selector {
  readonly name: "uniform" | "tournament" | "lexicase" | "stratified";
  /** Whether individuals must carry their error on each case. */
  readonly needsErrors: boolean;
  /** Called with an archive before parents are chosen from it, and again when it has changed. */
  readonly prepare?: (archive: Archive) => void;
  readonly select: (archive: Archive, stream: RandomStream) => Individual;
  /** Chooses whom a parent takes a part from, where that is another way than its own. */
  readonly selectMate?: (archive: Archive, stream: RandomStream) => Individual;
}
