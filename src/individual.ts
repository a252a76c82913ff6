import { comparePrograms, type Program } from "../dsl/index.ts";

/** Where an individual came from: the candidate that proposed it, and by which operator (index; −1: grown at random). */
export interface Birth {
  readonly epoch: number;
  readonly island: number;
  readonly candidate: number;
  readonly operator: number;
}

/** A program with its evaluation and lineage. Immutable. */
export interface Individual {
  readonly program: Program;
  /** Larger is better; never NaN. */
  readonly fitness: number;
  /** Nodes. */
  readonly size: number;
  /** One coordinate for each axis of the archive. */
  readonly descriptor: Float64Array;
  /** Error on each case, for lexicase selection; empty otherwise. */
  readonly errors: Float64Array;
  readonly birth: Birth;
}

/**
 * Which of two individuals keeps a cell: positive when `a` does. Fitter first, then smaller, then the earlier program,
 * then the earlier birth: a total order, so the order of arrival cannot matter.
 */
export function compareIndividuals(a: Individual, b: Individual): number {
  if (a.fitness !== b.fitness) return a.fitness > b.fitness ? 1 : -1;
  if (a.size !== b.size) return b.size - a.size;
  const programs = comparePrograms(b.program, a.program);
  if (programs !== 0) return programs;
  return (
    b.birth.epoch - a.birth.epoch || b.birth.island - a.birth.island || b.birth.candidate - a.birth.candidate
  );
}
