import type { CompleteQuestion } from "./approximation/question.ts";
import type { Language, Signature, Trap } from "../dsl/index.ts";
import type { FitnessName } from "./fitness.ts";
import type { Parameters } from "./parameters.ts";

/** One case: what the program is given and what it should give. */
export interface Case<A, R> {
  readonly input: A;
  readonly output: R;
}

/** A program's outcomes on all cases, as a custom fitness or measure sees them. Programs of the same behaviour look the same. */
export interface Behaviour<A, R> {
  readonly cases: readonly Case<A, R>[];
  /** Outcome on each case; a Trap where the program failed (NaN for reals of languages over numbers). */
  readonly outcomes: readonly (R | Trap)[];
}

/** What a custom fitness returns: a number (larger is better), optionally with the error on each case for lexicase. */
export type Score = number | { readonly fitness: number; readonly errors?: readonly number[] };

/** Descriptor coordinates that Illume computes itself. */
export type MeasureName =
  | "size"
  | "depth"
  | "operations"
  | "cost"
  | "constants"
  | "primitiveSet"
  | "structure"
  | "passed"
  | "fitness";

/** A range of integers with a bin each, or any range cut into bins; outside it counts as the nearest end. */
export type AxisRange =
  | readonly [from: number, to: number]
  | { readonly from: number; readonly to: number; readonly bins: number };

/** A coordinate of one's own, computed from behaviour. */
export interface CustomAxis {
  readonly from: number;
  readonly to: number;
  readonly bins: number;
  readonly measure: (behaviour: Behaviour<any, any>) => number;
}

export type Axes = { readonly [K in MeasureName]?: AxisRange } & {
  readonly [name: string]: AxisRange | CustomAxis;
};

/** The shape of the map. */
export interface ArchiveDefinition {
  readonly kind: "grid" | "cvt";
  readonly axes: Axes;
  /** kind cvt: number of cells. */
  readonly cells?: number;
}

/** A grid: `grid({ size: [1, 20], error: { from: 0, to: 1, bins: 10, measure } })`. */
export const grid = (axes: Axes): ArchiveDefinition => ({ kind: "grid", axes });

/** A centroidal Voronoi tessellation with a number of cells over the same axes. */
export const cvt = (axes: Axes, cells: number): ArchiveDefinition => ({ kind: "cvt", axes, cells });

/** A question put to Illume. */
export interface Experiment<A extends Record<string, unknown> = any, R = any> {
  readonly name: string;
  /** The question in a sentence, for reports. */
  readonly question?: string;
  readonly language: Language;
  readonly program: Signature<A, R>;
  readonly cases: readonly Case<A, R>[];
  /** A fitness by name, or a function of behaviour; larger is better. */
  readonly fitness: FitnessName | ((behaviour: Behaviour<A, R>) => Score);
  /**
   * What is left of each case's output beyond the given double. Of programs over reals, errors are then measured in double-double
   * arithmetic; of programs over singles, from the outputs as they are given, where otherwise they are measured from the singles next to
   * them: a single is exact as a double, so doubles are enough. For a fitness of the largest error. Inputs must be singles where
   * programs are over singles.
   */
  readonly outputRemainders?: readonly number[];
  /** The function that the cases are of, for what is reported: `approximation` fills it in. */
  readonly approximates?: CompleteQuestion;
  /** What an error of 1 is worth on each case, positive: such as its unit in the last place. For the fitness "-log10 max error in units". */
  readonly outputUnits?: readonly number[];
  /**
   * "linear": programs are judged as a + b · program, with the a and b of the least squares fit over the cases (Keijzer
   * 2003). For a named fitness of errors of reals, in a language with +, * and constants.
   */
  readonly scaling?: "linear";
  readonly archive: ArchiveDefinition;
  /** Inputs of the probe set for a lossy cache; evenly spaced cases unless given. */
  readonly probe?: readonly A[];
  /** Fitness at which the question is answered and the run stops. */
  readonly target?: number;
  /** What the QD-score counts from; needed where the fitness has no worst value. */
  readonly offset?: number;
  /** Candidates, unless `--budget` says otherwise. */
  readonly budget?: number;
  /** Programs to begin with, as text. */
  readonly seeds?: readonly string[];
  readonly parameters?: Partial<Parameters>;
}

/** Declares an experiment; types of cases, fitness and champion follow from the program's signature. */
export function defineExperiment<A extends Record<string, unknown>, R>(
  experiment: Experiment<A, R>,
): Experiment<A, R> {
  return experiment;
}
