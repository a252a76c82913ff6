import { isTrap, type Trap } from "./trap.ts";

/** A value of the language: number (real, int), bigint (bits), boolean, string (string, char), or array (list, pair). Never mutated. */
export type Value = number | bigint | boolean | string | readonly Value[];

/** A value or the failure that took its place. */
export type Outcome = Value | Trap;

/** What a program may build and spend; it ends in bounded time and memory whatever it is. */
export const limits = {
  /** Longest list and string that a primitive may give; beyond them it gives the trap `too-long`. */
  listLength: 1000,
  stringLength: 1000,
  /** Cells (see `CellCounter`) that a value may have; beyond them a primitive gives the trap `too-large`. */
  cells: 20_000,
  /** Lambda applications that one outermost higher-order application may spend on one case; then it is the trap `out-of-fuel`. */
  fuel: 20_000,
  /** Cells of arguments and results that the applications in it may take and give on one case; then `out-of-fuel`, too. */
  cellFuel: 1_000_000,
  /** Bound variables that may be in scope at once. */
  boundVariables: 4,
} as const;

/** Equality of outcomes: by structure; NaN equals NaN, −0 equals 0. */
export function sameOutcome(a: Outcome, b: Outcome): boolean {
  if (a === b) return true;
  if (typeof a === "number" && typeof b === "number") return a !== a && b !== b;
  if (Array.isArray(a) && Array.isArray(b)) {
    if (a.length !== b.length) return false;
    for (let i = 0; i < a.length; i++) if (!sameOutcome(a[i] as Value, b[i] as Value)) return false;
    return true;
  }
  return false;
}

/** Bits as SMT-LIB writes them, without leading zeros: `#x1f`. */
export const bitsText = (value: bigint): string => `#x${value.toString(16)}`;

/** One-line text of an outcome for people. */
export function outcomeText(value: Outcome): string {
  if (isTrap(value)) return value.toString();
  if (typeof value === "string") return JSON.stringify(value);
  if (typeof value === "bigint") return bitsText(value);
  if (Array.isArray(value)) return `[${value.map((v) => outcomeText(v as Value)).join(" ")}]`;
  return Object.is(value, -0) ? "0" : String(value);
}
