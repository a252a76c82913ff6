import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Archive } from "../../src/archive/archive.ts";
import type { Axis, CellSpace } from "../../src/archive/cell-space.ts";
import { cvtSpace } from "../../src/archive/cvt.ts";
import { binOf, gridSpace } from "../../src/archive/grid.ts";
import { archiveDigest, digestOf } from "../../src/digest.ts";
import { compareIndividuals, type Individual } from "../../src/individual.ts";
import { addPacked, type PackedElites, packElites, unpackElite } from "../../src/packed-elites.ts";
import { individual, individuals } from "./random-individuals.ts";

const axes: readonly Axis[] = [
  { name: "first", from: -1, to: 2, bins: 4 },
  { name: "second", from: 0, to: 1, bins: 3 },
];
const spaces: readonly (readonly [string, CellSpace])[] = [
  ["grid", gridSpace(axes)],
  ["cvt", cvtSpace(axes, 9)],
];

const offered = fc.array(individuals(2), { maxLength: 40 });
const archiveOf = (space: CellSpace, all: readonly Individual[]): Archive => {
  const archive = new Archive(space);
  for (const one of all) archive.add(space.cellOf(one.descriptor), one);
  return archive;
};
const elitesOf = (archive: Archive): Individual[] =>
  archive.filledCells.map((cell) => archive.elite(cell) as Individual);
const pack = (archive: Archive): PackedElites => packElites(archive, archive.filledCells);
const bits = (packed: PackedElites): string[] =>
  Object.values(packed).map((v: Int32Array) =>
    Buffer.from(v.buffer, v.byteOffset, v.byteLength).toString("hex"),
  );

describe.each(spaces)("an archive on a %s", (_name, space) => {
  it("gives every finite descriptor a cell, also far outside its ranges", () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true }), fc.double({ noNaN: true }), (x, y) => {
        const cell = space.cellOf(Float64Array.of(x, y));
        return Number.isInteger(cell) && !Object.is(cell, -0) && cell >= 0 && cell < space.cellCount;
      }),
      { numRuns: 2000 },
    );
  });

  it("puts what lies outside into the cell of the nearest end", () => {
    for (const [outside, end] of [
      [
        [-100, 0.5],
        [-1, 0.5],
      ],
      [
        [Number.POSITIVE_INFINITY, 5],
        [2, 1],
      ],
      [
        [Number.NEGATIVE_INFINITY, -1e300],
        [-1, 0],
      ],
    ] as const)
      expect(space.cellOf(Float64Array.from(outside))).toBe(space.cellOf(Float64Array.from(end)));
  });

  it("can fill every cell", () => {
    const cells = new Set<number>();
    for (let x = -1; x < 2; x += 0.02)
      for (let y = 0; y < 1; y += 0.02) cells.add(space.cellOf(Float64Array.of(x, y)));
    expect(cells.size).toBe(space.cellCount);
  });

  it("has cells that are the same whenever it is made", () => {
    const again = space.kind === "grid" ? gridSpace(axes) : cvtSpace(axes, 9);
    fc.assert(
      fc.property(fc.double({ noNaN: true }), fc.double({ noNaN: true }), (x, y) => {
        const descriptor = Float64Array.of(x, y);
        return again.cellOf(descriptor) === space.cellOf(descriptor);
      }),
    );
  });

  it("never lets the fitness of a cell fall, and says what became of each offer", () => {
    fc.assert(
      fc.property(offered, (all) => {
        const archive = new Archive(space);
        for (const one of all) {
          const cell = space.cellOf(one.descriptor);
          const before = archive.elite(cell);
          const count = archive.count;
          const mayAdd = archive.mayAdd(cell, one.fitness, one.size);
          const status = archive.add(cell, one);
          const after = archive.elite(cell) as Individual;
          expect(after.fitness).toBeGreaterThanOrEqual(before?.fitness ?? Number.NEGATIVE_INFINITY);
          expect(after).toBe(status === "rejected" ? before : one);
          expect(status === "new").toBe(before === undefined);
          expect(archive.count).toBe(count + Number(status === "new"));
          if (status !== "rejected") expect(mayAdd).toBe(true);
        }
      }),
    );
  });

  it("has the same content for any order of arrival", () => {
    fc.assert(
      fc.property(
        offered.chain((all) =>
          fc.tuple(fc.constant(all), fc.shuffledSubarray(all, { minLength: all.length })),
        ),
        ([all, shuffled]) => {
          const one = archiveOf(space, all);
          const other = archiveOf(space, shuffled);
          // Offers that differ in nothing but −0 for 0 or the operator are the same proposal; real ones never do.
          expect(other.filledCells).toEqual(one.filledCells);
          elitesOf(one).forEach((elite, i) =>
            expect(compareIndividuals(elite, elitesOf(other)[i] as Individual)).toBe(0),
          );
        },
      ),
    );
  });

  it("keeps of each cell what a search of all offers finds best", () => {
    fc.assert(
      fc.property(offered, (all) => {
        const archive = archiveOf(space, all);
        for (let cell = 0; cell < space.cellCount; cell++) {
          const rivals = all.filter((one) => space.cellOf(one.descriptor) === cell);
          const elite = archive.elite(cell);
          expect(elite === undefined).toBe(rivals.length === 0);
          for (const rival of rivals)
            expect(compareIndividuals(elite as Individual, rival)).toBeGreaterThanOrEqual(0);
        }
      }),
    );
  });

  it("counts cells, coverage, QD-score and best as computed from scratch", () => {
    fc.assert(
      fc.property(offered, fc.double({ min: -10, max: 10, noNaN: true }), (all, offset) => {
        const archive = archiveOf(space, all);
        const elites = Array.from({ length: space.cellCount }, (_, cell) => archive.elite(cell)).filter(
          (e) => e !== undefined,
        );
        expect(archive.count).toBe(elites.length);
        expect(archive.coverage).toBe(elites.length / space.cellCount);
        expect(archive.qdScore(offset)).toBe(elites.reduce((sum, e) => sum + (e.fitness - offset), 0));
        expect(archive.best === undefined).toBe(elites.length === 0);
        for (const elite of elites)
          expect(compareIndividuals(archive.best as Individual, elite)).toBeGreaterThanOrEqual(0);
        expect(archive.filledCells).toEqual(archive.filledCells.toSorted((a, b) => a - b));
        expect(Array.from({ length: archive.count }, (_, n) => archive.nth(n))).toEqual(elites);
      }),
    );
  });

  it("is the same, to the last bit, after it has been packed and unpacked", () => {
    fc.assert(
      fc.property(offered, (all) => {
        const archive = archiveOf(space, all);
        const packed = pack(archive);
        const again = new Archive(space);
        const changed: number[] = [];
        addPacked(again, packed, (cell) => changed.push(cell));
        expect(changed).toEqual(archive.filledCells);
        expect(bits(pack(again))).toEqual(bits(packed));
        expect(archiveDigest(again)).toBe(archiveDigest(archive));
        elitesOf(archive).forEach((elite, n) => expect(unpackElite(packed, n)).toEqual(elite));
        // Offering it again changes nothing.
        addPacked(again, packed, () => expect.fail("changed"));
      }),
    );
  });

  it("packs what it is asked for, in buffers of its own", () => {
    fc.assert(
      fc.property(offered, (all) => {
        const archive = archiveOf(space, all);
        const some = archive.filledCells.filter((_, i) => i % 2 === 0);
        const packed = packElites(archive, some);
        expect([...packed.cells]).toEqual(some);
        const digest = archiveDigest(archive);
        for (const buffer of Object.values(packed) as Int32Array[]) buffer.fill(7);
        expect(archiveDigest(archive)).toBe(digest);
      }),
    );
  });

  it("has a digest that changes with everything in it", () => {
    const base = individual({
      program: { tokens: Int32Array.of(0, 1, 2), constants: Float64Array.of(1, 0) },
      fitness: 1,
      size: 3,
      descriptor: Float64Array.of(0, 0.5),
      errors: Float64Array.of(0, 2),
      birth: { epoch: 1, island: 2, candidate: 3, operator: 4 },
    });
    const { program, birth } = base;
    const variants: Individual[] = [
      base,
      { ...base, fitness: 1 + Number.EPSILON },
      { ...base, fitness: 0 },
      { ...base, fitness: -0 },
      { ...base, size: 4 },
      { ...base, program: { ...program, tokens: Int32Array.of(0, 1, 3) } },
      { ...base, program: { ...program, tokens: Int32Array.of(0, 1) } },
      { ...base, program: { ...program, constants: Float64Array.of(1, -0) } },
      { ...base, program: { ...program, constants: Float64Array.of(1) } },
      { ...base, descriptor: Float64Array.of(-0, 0.5) },
      { ...base, descriptor: Float64Array.of(0, 0.5 + Number.EPSILON) },
      { ...base, errors: Float64Array.of(0) },
      { ...base, errors: Float64Array.of(2, 0) },
      ...(["epoch", "island", "candidate", "operator"] as const).map((name) => ({
        ...base,
        birth: { ...birth, [name]: 9 },
      })),
      { ...base, descriptor: Float64Array.of(-0.9, 0.1) },
    ];
    const digests = [
      archiveDigest(new Archive(space)),
      ...variants.map((v) => archiveDigest(archiveOf(space, [v]))),
    ];
    expect(new Set(digests).size).toBe(digests.length);
    for (const digest of digests) expect(digest).toMatch(/^[0-9a-f]{32}$/);
  });
});

describe("a tie for a cell", () => {
  const rank = (better: Partial<Individual>, worse: Partial<Individual>): void => {
    const [a, b] = [individual(better), individual(worse)];
    expect(Math.sign(compareIndividuals(a, b))).toBe(1);
    expect(Math.sign(compareIndividuals(b, a))).toBe(-1);
    for (const order of [
      [a, b],
      [b, a],
    ])
      expect(archiveOf(gridSpace(axes), order).nth(0)).toBe(a);
  };
  const program = (tokens: number[], constants: number[] = []): Partial<Individual> => ({
    program: { tokens: Int32Array.from(tokens), constants: Float64Array.from(constants) },
  });
  const born = (epoch: number, island: number, candidate: number): Partial<Individual> => ({
    birth: { epoch, island, candidate, operator: 0 },
  });

  it("is won by fitness before all", () => rank({ fitness: 2, size: 9 }, { fitness: 1, size: 1 }));
  it("is won by the smaller size", () =>
    rank({ size: 2, ...program([9, 9, 9]) }, { size: 3, ...program([0]) }));
  it("of one size is won by the program that comes first, by length, tokens, then constants", () => {
    rank(program([5]), program([0, 0]));
    rank(program([0, 1]), program([0, 2]));
    rank(program([0], [-1]), program([0], [1]));
    rank(program([0], [-0]), program([0], [0]));
  });
  it("of one program is won by the earlier birth", () => {
    rank(born(0, 9, 9), born(1, 0, 0));
    rank(born(1, 0, 9), born(1, 1, 0));
    rank(born(1, 1, 0), born(1, 1, 1));
  });
  it("is decided alike for all: the order is total", () => {
    fc.assert(
      fc.property(individuals(2), individuals(2), individuals(2), (a, b, c) => {
        expect(Math.sign(compareIndividuals(a, b)) + Math.sign(compareIndividuals(b, a))).toBe(0);
        expect(compareIndividuals(a, a)).toBe(0);
        if (compareIndividuals(a, b) >= 0 && compareIndividuals(b, c) >= 0)
          expect(compareIndividuals(a, c)).toBeGreaterThanOrEqual(0);
      }),
    );
  });
});

describe("a bin of a grid", () => {
  const axis: Axis = { name: "size", from: 1, to: 6, bins: 5 };

  it("holds its lower end and not its upper one", () => {
    expect([1, 1.999, 2, 5, 5.999, 6, 7, 0.999, -5].map((x) => binOf(axis, x))).toEqual([
      0, 0, 1, 4, 4, 4, 4, 0, 0,
    ]);
  });

  it("rises with the coordinate", () => {
    fc.assert(
      fc.property(
        fc.double({ noNaN: true }),
        fc.double({ noNaN: true }),
        (x, y) => x > y || binOf(axis, x) <= binOf(axis, y),
      ),
    );
  });
});

describe("a CVT", () => {
  it("spreads its cells evenly over uniform descriptors", () => {
    const space = cvtSpace(axes, 25);
    const counts = new Int32Array(25);
    for (let i = 0; i < 100; i++)
      for (let j = 0; j < 100; j++) {
        const cell = space.cellOf(Float64Array.of(-1 + (3 * i) / 100, j / 100));
        counts[cell] = (counts[cell] as number) + 1;
      }
    expect(Math.min(...counts)).toBeGreaterThan(150);
    expect(Math.max(...counts)).toBeLessThan(800);
  });

  it("has as many cells as it was asked for, one included", () => {
    for (const cells of [1, 2, 50]) expect(cvtSpace(axes, cells).cellCount).toBe(cells);
    expect(cvtSpace(axes, 1).cellOf(Float64Array.of(7, -7))).toBe(0);
  });
});

describe("a digest", () => {
  it("is of the concatenated parts, text or bytes", () => {
    expect(digestOf("a", "b")).toBe(digestOf("ab"));
    expect(digestOf(new TextEncoder().encode("ab"))).toBe(digestOf("ab"));
    expect(digestOf("ab")).toBe("fb8e20fc2e4c3f248c60c39bd652f3c1");
  });
});
