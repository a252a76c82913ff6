import type { Program } from "../dsl/index.ts";
import type { AddStatus } from "./archive/archive.ts";
import type { Individual } from "./individual.ts";

/** What became of a candidate: it took a cell, was no better than the cell's elite, or has no fitness. */
export type Fate = AddStatus | "givenUp" | "notANumber" | "threw" | "timedOut" | "crashed";

/** A candidate in full, as who looks at an epoch sees it. */
export interface Judgement {
  readonly candidate: number;
  /** Index of the variation operator; −1: grown at random, or a seed. */
  readonly operator: number;
  /** The program that was varied. */
  readonly parent: Program | null;
  readonly program: Program;
  readonly fate: Fate;
  /** Whether the cache knew the behaviour. */
  readonly isCacheHit: boolean;
  /** Null where there is none, or none that is known. */
  readonly measured: {
    readonly fitness: number;
    readonly descriptor: Float64Array;
    readonly cell: number;
    /** The cell's elite until then. */
    readonly met: Individual | null;
  } | null;
  /** What the experiment's code threw. */
  readonly error: { readonly message: string; readonly stack: string } | null;
}

/** The candidates that are told of: those that took a cell, all, or one. */
export type Observed = "accepted" | "all" | number;

/** Whether a candidate is told of. */
export const isObserved = (observed: Observed | undefined, candidate: number, fate: Fate): boolean =>
  observed === "all" ||
  observed === candidate ||
  (observed === "accepted" && (fate === "new" || fate === "improved"));

/** What was thrown, as text, whatever it is. */
export function thrownText(thrown: unknown): { readonly message: string; readonly stack: string } {
  try {
    return thrown instanceof Error
      ? { message: `${thrown.name}: ${thrown.message}`, stack: String(thrown.stack ?? "") }
      : { message: String(thrown), stack: "" };
  } catch {
    return { message: "something that cannot be read", stack: "" };
  }
}
