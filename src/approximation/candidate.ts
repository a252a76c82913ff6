import type { RationalFunction } from "./formula.ts";
import type { Reduction } from "./reduction.ts";

export const baselineMethods = [
  "Taylor",
  "Chebyshev",
  "minimax polynomial",
  "Padé",
  "rational minimax",
  "continued fraction",
  "scaling and squaring",
  "Newton",
] as const;

export type BaselineMethod = (typeof baselineMethods)[number];

/** An approximation, before it is written as a program. */
export interface Candidate {
  readonly method: BaselineMethod;
  readonly reduction: Reduction;
  /** The function is squared as often. */
  readonly squarings: number;
  readonly rational: RationalFunction;
  /** Written as a continued fraction instead of by Horner's scheme. */
  readonly asFraction: boolean;
}

/** Operations that a program takes, at least, around a quotient of degrees m and n in its variable. */
export function operationsAround(reduction: Reduction, isConstant: boolean): number {
  switch (reduction.kind) {
    case "none":
      return 0;
    case "even":
      return isConstant ? 0 : 1;
    case "odd":
      return isConstant ? 1 : 2;
    case "root":
      return reduction.at === 0 ? 1 : 2;
  }
}
