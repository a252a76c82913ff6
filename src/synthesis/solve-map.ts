import { type Grammar, type Program, programCost } from "../../dsl/index.ts";
import { Archive } from "../archive/archive.ts";
import { gridSpace } from "../archive/grid.ts";
import { archiveDigest } from "../digest.ts";
import type { Birth } from "../individual.ts";

/** Larger and costlier programs are in the outermost cells. */
const space = gridSpace([
  { name: "examples passed", from: 0, to: 1, bins: 16 },
  { name: "size", from: 0, to: 64, bins: 32 },
  { name: "cost", from: 0, to: 32, bins: 8 },
]);
const NO_ERRORS = new Float64Array(0);

/** The map that all who search for a program share: MAP-Elites (Mouret and Clune 2015) over examples passed, size and cost. */
export class SolveMap {
  readonly #grammar: Grammar;
  readonly #archive = new Archive(space);

  constructor(grammar: Grammar) {
    this.#grammar = grammar;
  }

  /**
   * @param passed the part of the examples on which the program gives the output, in [0, 1]
   * @returns whether it changed the map
   */
  add(program: Program, passed: number, birth: Birth): boolean {
    const size = program.tokens.length;
    const descriptor = Float64Array.of(passed, size, programCost(this.#grammar, program));
    const cell = space.cellOf(descriptor);
    if (!this.#archive.mayAdd(cell, passed, size)) return false;
    const elite = { program, fitness: passed, size, descriptor, errors: NO_ERRORS, birth };
    return this.#archive.add(cell, elite) !== "rejected";
  }

  /** So many elites, those that pass most first. */
  elites(count: number): Program[] {
    const cells = this.#archive.filledCells.slice(-count).reverse();
    return cells.flatMap((cell) => this.#archive.elite(cell)?.program ?? []);
  }

  get digest(): string {
    return archiveDigest(this.#archive);
  }
}
