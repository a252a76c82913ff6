import { endOf, type RunRecord } from "./run-record.ts";

/** By what runs are compared. */
export interface Measure {
  readonly title: string;
  /** Larger is better; −∞ for runs that have nothing to show. */
  readonly of: (run: RunRecord) => number;
  /** As it is told: a measure that is better the smaller it is has its sign turned. */
  readonly shown: (value: number) => number;
}

const same = (value: number): number => value;
const turned = (value: number): number => 0 - value;

/** All measures, by the name that is typed. */
export const measures = {
  best: { title: "best fitness", of: (run) => endOf(run).bestFitness, shown: same },
  "qd-score": { title: "QD-score", of: (run) => endOf(run).qdScore, shown: same },
  coverage: { title: "coverage", of: (run) => endOf(run).coverage, shown: same },
  "solved-after": {
    title: "candidates until the target",
    of: ({ solvedCandidates }) => -(solvedCandidates ?? Number.POSITIVE_INFINITY),
    shown: turned,
  },
} as const satisfies Record<string, Measure>;

export type MeasureName = keyof typeof measures;
export const measureNames = Object.keys(measures) as readonly MeasureName[];

/** The measure that tells most where none was asked for: how soon the target is reached where some run reaches it, otherwise the best fitness. */
export const usualMeasure = (runs: readonly RunRecord[]): MeasureName =>
  runs.some(({ solvedCandidates }) => solvedCandidates !== null) ? "solved-after" : "best";
