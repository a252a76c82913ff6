import { compareIndividuals, type Individual } from "../individual.ts";
import type { CellSpace } from "./cell-space.ts";

/** What became of an offered individual. */
export type AddStatus = "new" | "improved" | "rejected";

/**
 * A MAP-Elites archive (Mouret and Clune 2015): for each cell the best individual offered so far. A cell's fitness
 * never falls, and the content depends on what was offered, not on the order.
 */
export class Archive {
  readonly space: Pick<CellSpace, "cellCount" | "dimensions">;
  readonly #elites: (Individual | undefined)[];
  /** Filled cells, ascending. */
  readonly #filled: number[] = [];

  constructor(space: Pick<CellSpace, "cellCount" | "dimensions">) {
    this.space = space;
    this.#elites = Array.from({ length: space.cellCount });
  }

  /** Number of elites. */
  get count(): number {
    return this.#filled.length;
  }

  /** The filled cells, ascending. */
  get filledCells(): readonly number[] {
    return this.#filled;
  }

  elite(cell: number): Individual | undefined {
    return this.#elites[cell];
  }

  /** The elite of the n-th filled cell, 0 ≤ n < count. */
  nth(n: number): Individual {
    return this.#elites[this.#filled[n] as number] as Individual;
  }

  /** Whether an individual of that fitness and size may take the cell: decides most candidates before one is built. */
  mayAdd(cell: number, fitness: number, size: number): boolean {
    const elite = this.#elites[cell];
    return (
      elite === undefined || fitness > elite.fitness || (fitness === elite.fitness && size <= elite.size)
    );
  }

  add(cell: number, individual: Individual): AddStatus {
    const elite = this.#elites[cell];
    if (elite !== undefined && compareIndividuals(individual, elite) <= 0) return "rejected";
    this.#elites[cell] = individual;
    if (elite !== undefined) return "improved";
    let low = 0;
    let high = this.#filled.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#filled[middle] as number) < cell) low = middle + 1;
      else high = middle;
    }
    this.#filled.splice(low, 0, cell);
    return "new";
  }

  /** Fraction of cells that are filled, in [0, 1]. */
  get coverage(): number {
    return this.#filled.length / this.space.cellCount;
  }

  /** Σ (fitness − offset) over the elites (Pugh, Soros and Stanley 2016), added up in cell order. */
  qdScore(offset: number): number {
    let score = 0;
    for (const cell of this.#filled) score += (this.#elites[cell] as Individual).fitness - offset;
    return score;
  }

  /** The best elite of all; undefined while the archive is empty. */
  get best(): Individual | undefined {
    let best: Individual | undefined;
    for (const cell of this.#filled) {
      const elite = this.#elites[cell] as Individual;
      if (best === undefined || compareIndividuals(elite, best) > 0) best = elite;
    }
    return best;
  }
}
