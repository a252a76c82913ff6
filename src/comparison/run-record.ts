/** What was known of a run after some of its candidates. */
export interface CurvePoint {
  readonly candidates: number;
  readonly bestFitness: number;
  readonly qdScore: number;
  /** Fraction of cells, in [0, 1]. */
  readonly coverage: number;
  /** Seconds that the run had worked. */
  readonly seconds: number;
}

/** What a comparison needs of a run. */
export interface RunRecord {
  readonly name: string;
  readonly seed: string;
  /** After each epoch that is known, ascending; at least one. */
  readonly curve: readonly CurvePoint[];
  /** Candidates after which the target was known to be reached; null where it was not, or there is none. */
  readonly solvedCandidates: number | null;
  readonly evaluations: number;
  /** Cell → fitness of its elite; null where the map is not known. */
  readonly cells: ReadonlyMap<number, number> | null;
  /** Digest of the archive. */
  readonly digest: string;
}

/** How a run stands at its end. */
export const endOf = ({ curve }: RunRecord): CurvePoint => curve.at(-1) as CurvePoint;
