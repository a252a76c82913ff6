import type { Archive } from "./archive/archive.ts";
import type { Individual } from "./individual.ts";

/** Elites with their cells as flat buffers: how they travel, are stored and are hashed. Cells ascend. */
export interface PackedElites {
  readonly cells: Int32Array;
  readonly fitness: Float64Array;
  readonly sizes: Int32Array;
  /** Elite × axes. */
  readonly descriptors: Float64Array;
  /** Elite × (epoch, island, candidate, operator). */
  readonly births: Int32Array;
  /** Elite → end of its tokens. */
  readonly tokenEnds: Int32Array;
  readonly tokens: Int32Array;
  readonly constantEnds: Int32Array;
  readonly constants: Float64Array;
  /** Elite → end of its errors. */
  readonly errorEnds: Int32Array;
  readonly errors: Float64Array;
}

/** Packs the elites of some cells (ascending) of an archive. */
export function packElites(archive: Archive, cells: readonly number[]): PackedElites {
  const elites = cells.map((cell) => archive.elite(cell) as Individual);
  const sum = (of: (elite: Individual) => number): number => elites.reduce((n, e) => n + of(e), 0);
  const packed: PackedElites = {
    cells: Int32Array.from(cells),
    fitness: Float64Array.from(elites, (e) => e.fitness),
    sizes: Int32Array.from(elites, (e) => e.size),
    descriptors: new Float64Array(elites.length * archive.space.dimensions),
    births: new Int32Array(elites.length * 4),
    tokenEnds: new Int32Array(elites.length),
    tokens: new Int32Array(sum((e) => e.program.tokens.length)),
    constantEnds: new Int32Array(elites.length),
    constants: new Float64Array(sum((e) => e.program.constants.length)),
    errorEnds: new Int32Array(elites.length),
    errors: new Float64Array(sum((e) => e.errors.length)),
  };
  let tokens = 0;
  let constants = 0;
  let errors = 0;
  elites.forEach((e, i) => {
    packed.descriptors.set(e.descriptor, i * archive.space.dimensions);
    packed.births.set([e.birth.epoch, e.birth.island, e.birth.candidate, e.birth.operator], i * 4);
    packed.tokens.set(e.program.tokens, tokens);
    packed.constants.set(e.program.constants, constants);
    packed.errors.set(e.errors, errors);
    packed.tokenEnds[i] = tokens += e.program.tokens.length;
    packed.constantEnds[i] = constants += e.program.constants.length;
    packed.errorEnds[i] = errors += e.errors.length;
  });
  return packed;
}

/** The n-th packed elite, with buffers of its own. */
export function unpackElite(packed: PackedElites, n: number): Individual {
  const part = <T extends Int32Array | Float64Array>(values: T, ends: Int32Array): T =>
    values.slice(n === 0 ? 0 : (ends[n - 1] as number), ends[n]) as T;
  const dimensions = packed.descriptors.length / packed.cells.length;
  return {
    program: {
      tokens: part(packed.tokens, packed.tokenEnds),
      constants: part(packed.constants, packed.constantEnds),
    },
    fitness: packed.fitness[n] as number,
    size: packed.sizes[n] as number,
    descriptor: packed.descriptors.slice(n * dimensions, (n + 1) * dimensions),
    errors: part(packed.errors, packed.errorEnds),
    birth: {
      epoch: packed.births[n * 4] as number,
      island: packed.births[n * 4 + 1] as number,
      candidate: packed.births[n * 4 + 2] as number,
      operator: packed.births[n * 4 + 3] as number,
    },
  };
}

/** Offers packed elites to an archive; the cells that changed are reported. */
export function addPacked(archive: Archive, packed: PackedElites, changed?: (cell: number) => void): void {
  for (let n = 0; n < packed.cells.length; n++) {
    const cell = packed.cells[n] as number;
    const elite = archive.elite(cell);
    // Most of what arrives is no better than what is here: it need not be unpacked.
    const fitness = packed.fitness[n] as number;
    if (
      elite !== undefined &&
      (fitness < elite.fitness || (fitness === elite.fitness && (packed.sizes[n] as number) > elite.size))
    )
      continue;
    if (archive.add(cell, unpackElite(packed, n)) !== "rejected") changed?.(cell);
  }
}
