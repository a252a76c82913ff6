import { NONE } from "./term-bank.ts";

/** Masks of more examples would take too much memory. */
export const MOST_DECIDED_EXAMPLES = 16;
const UNREACHED = 1 << 29;

/** A condition that holds on the examples of a mask, of those where it has a value. */
export interface Condition {
  readonly row: number;
  readonly truth: number;
  readonly known: number;
  readonly size: number;
}

/** How a mask is best reached: by a term, or by a condition and what is left to both sides. */
export type Decision =
  | { readonly kind: "term"; readonly row: number }
  | { readonly kind: "condition"; readonly row: number; readonly truth: number };

/**
 * The smallest trees of decisions that reach a goal on every set of examples, from terms that reach it on some and conditions that tell
 * examples apart: by dynamic programming over the sets (after the unification of Alur, Radhakrishna and Udupa 2017).
 */
export class DecisionTable {
  readonly #count: number;
  /** Mask → size of the smallest tree, and how it begins. */
  readonly #size: Int32Array;
  readonly #row: Int32Array;
  readonly #split: Int32Array;
  /** Mask → size of the smallest term that reaches the goal there. */
  readonly #leafSize: Int32Array;
  readonly #leafRow: Int32Array;

  /** @param count of examples, at most 16 */
  constructor(count: number) {
    this.#count = count;
    const masks = 2 ** count;
    this.#size = new Int32Array(masks);
    this.#row = new Int32Array(masks);
    this.#split = new Int32Array(masks);
    this.#leafSize = new Int32Array(masks).fill(UNREACHED);
    this.#leafRow = new Int32Array(masks).fill(NONE);
  }

  /** Takes note of a term that reaches the goal on a mask. */
  add(mask: number, row: number, size: number): void {
    if (size >= (this.#leafSize[mask] as number)) return;
    this.#leafSize[mask] = size;
    this.#leafRow[mask] = row;
  }

  /** The smallest term that reaches the goal on a mask, NONE where there is none. */
  term(mask: number): number {
    return this.#leafRow[mask] as number;
  }

  /**
   * Finds the smallest trees; `decision` tells them then. Where an example is reached by no term, only sets that one term reaches are.
   * @param conditions the smallest first; not used where there is none
   */
  solve(conditions: readonly Condition[]): void {
    const full = 2 ** this.#count - 1;
    // What reaches a set reaches its subsets.
    for (let e = 0; e < this.#count; e++)
      for (let mask = full; mask > 0; mask--) {
        const wider = mask | (1 << e);
        if (wider !== mask && (this.#leafSize[wider] as number) < (this.#leafSize[mask] as number)) {
          this.#leafSize[mask] = this.#leafSize[wider] as number;
          this.#leafRow[mask] = this.#leafRow[wider] as number;
        }
      }
    this.#size.set(this.#leafSize);
    this.#row.set(this.#leafRow);
    this.#split.fill(0);
    // An example that no term reaches is reached by no tree.
    for (let e = 0; e < this.#count; e++) if (this.#leafSize[1 << e] === UNREACHED) return;
    for (let mask = 1; mask <= full; mask++) {
      let least = this.#size[mask] as number;
      for (const { row, truth, known, size } of conditions) {
        if (size + 3 >= least) break;
        if ((known & mask) !== mask) continue;
        const yes = truth & mask;
        const no = mask & ~truth;
        if (yes === 0 || no === 0) continue;
        const total = 1 + size + (this.#size[yes] as number) + (this.#size[no] as number);
        if (total >= least) continue;
        least = total;
        this.#size[mask] = total;
        this.#row[mask] = row;
        this.#split[mask] = yes;
      }
    }
  }

  /** Size of the smallest tree for a mask; Infinity where there is none. */
  size(mask: number): number {
    const size = this.#size[mask] as number;
    return size >= UNREACHED ? Number.POSITIVE_INFINITY : size;
  }

  /** How the smallest tree for a mask begins. */
  decision(mask: number): Decision {
    const row = this.#row[mask] as number;
    const truth = this.#split[mask] as number;
    return truth === 0 ? { kind: "term", row } : { kind: "condition", row, truth };
  }
}
