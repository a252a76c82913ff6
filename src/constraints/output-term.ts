import type { Linear } from "./linear.ts";
import type { Literal } from "./literal.ts";
import type { Symbolic } from "./symbolic.ts";

/** An output that may be right: a linear form over the arguments' integers, or a truth. */
export interface OutputTerm {
  readonly symbolic: Symbolic;
  /** Over the numbers of arguments; null for truths. */
  readonly form: Linear | null;
  readonly size: number;
  /** That it is right. Made when it is asked for. */
  right: Literal | null;
  /** Points, in their order, on which it is right. */
  readonly rightAt: boolean[];
}

/** Points on which an output is right. */
export const rightCount = ({ rightAt }: OutputTerm): number =>
  rightAt.reduce((count, is) => count + (is ? 1 : 0), 0);
