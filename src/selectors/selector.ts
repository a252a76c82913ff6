import type { Archive } from "../archive/archive.ts";
import type { Individual } from "../individual.ts";
import type { RandomStream } from "../random-stream.ts";

/** Chooses a parent from a non-empty archive. */
export interface Selector {
  readonly name: "uniform" | "tournament" | "lexicase";
  /** Whether individuals must carry their error on each case. */
  readonly needsErrors: boolean;
  readonly select: (archive: Archive, stream: RandomStream) => Individual;
}
