import { describe, expect, it } from "vitest";
import { Archive } from "../../src/archive/archive.ts";
import { gridSpace } from "../../src/archive/grid.ts";
import { RandomStream, rootKey } from "../../src/random-stream.ts";
import { lexicaseSelector } from "../../src/selectors/lexicase.ts";
import type { Selector } from "../../src/selectors/selector.ts";
import { stratifiedSelector } from "../../src/selectors/stratified.ts";
import { tournamentSelector } from "../../src/selectors/tournament.ts";
import { uniformSelector } from "../../src/selectors/uniform.ts";
import { individual } from "./random-individuals.ts";

const key = rootKey("selectors");
const streamOf = (n: number): RandomStream => new RandomStream().derive(key, 0, 0, n);

/** Elite n has fitness n unless told, in cell n. */
function archiveOf(errors: readonly (readonly number[])[]): Archive {
  const archive = new Archive(
    gridSpace([{ name: "cell", from: 0, to: Math.max(1, errors.length), bins: Math.max(1, errors.length) }]),
  );
  errors.forEach((e, n) =>
    archive.add(n, individual({ fitness: n, descriptor: Float64Array.of(n), errors: Float64Array.from(e) })),
  );
  return archive;
}
const flat = (count: number): Archive => archiveOf(Array.from({ length: count }, () => [0, 0]));
const shares = (selector: Selector, archive: Archive, draws = 4000): number[] => {
  const counts = Array.from({ length: archive.count }, () => 0);
  for (let n = 0; n < draws; n++) {
    const { fitness } = selector.select(archive, streamOf(n));
    counts[fitness] = (counts[fitness] as number) + 1 / draws;
  }
  return counts;
};

const selectors: readonly (readonly [string, Selector])[] = [
  ["uniform", uniformSelector],
  ["tournament of 1", tournamentSelector(1)],
  ["tournament of 5", tournamentSelector(5)],
  ["lexicase", lexicaseSelector(false)],
  ["epsilon-lexicase", lexicaseSelector(true)],
];

describe.each(selectors)("%s selection", (_name, selector) => {
  it("returns an elite of the archive, of one or of many", () => {
    for (const count of [1, 2, 30, 250]) {
      const archive = flat(count);
      for (let n = 0; n < 50; n++) {
        const selected = selector.select(archive, streamOf(n));
        expect(archive.elite(selected.fitness)).toBe(selected);
      }
    }
  });

  it("is the same for the same stream", () => {
    const archive = archiveOf(Array.from({ length: 130 }, (_, n) => [n % 7, n % 5, n % 3]));
    for (let n = 0; n < 100; n++)
      expect(selector.select(archive, streamOf(n))).toBe(selector.select(archive, streamOf(n)));
  });

  it("gives every elite its chance where all are alike on every case", () => {
    if (selector.name === "tournament") return;
    for (const share of shares(selector, flat(10))) expect(Math.abs(share - 0.1)).toBeLessThan(0.025);
  });

  it("copes with errors that are infinite on every case", () => {
    const archive = archiveOf([
      [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY],
      [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY],
    ]);
    for (let n = 0; n < 20; n++) expect(selector.select(archive, streamOf(n))).toBeDefined();
  });
});

describe("tournament selection", () => {
  it("takes the best of a size with replacement: the n-th of ten wins with (n+1)^k − n^k in 10^k", () => {
    for (const size of [1, 2, 3, 7])
      shares(tournamentSelector(size), flat(10)).forEach((share, n) => {
        const expected = ((n + 1) / 10) ** size - (n / 10) ** size;
        expect(Math.abs(share - expected)).toBeLessThan(0.03);
      });
  });
});

describe("lexicase selection", () => {
  it("prefers the specialist, whom the average hides", () => {
    const archive = archiveOf([
      [0, 100, 100],
      [1, 1, 1],
      [1, 1, 1],
      [2, 2, 2],
    ]);
    const chosen = shares(lexicaseSelector(false), archive);
    // The specialist wins whenever its case comes first.
    expect(Math.abs((chosen[0] as number) - 1 / 3)).toBeLessThan(0.03);
    expect(Math.abs((chosen[1] as number) - 1 / 3)).toBeLessThan(0.03);
    expect(chosen[3]).toBe(0);
  });

  it("is strict without epsilon and lenient with it", () => {
    const errors = [[1], [1.01], [1.02], [5], [9]];
    const strict = shares(lexicaseSelector(false), archiveOf(errors), 500);
    expect(strict[0]).toBeCloseTo(1);
    const lenient = shares(lexicaseSelector(true), archiveOf(errors), 500);
    // The median of 1 … 9 is 1.02, of the deviations 0.02.
    expect(Math.min(...lenient.slice(0, 3))).toBeGreaterThan(0.2);
    expect(lenient.slice(3)).toEqual([0, 0]);
  });

  it("needs errors; the others do not", () => {
    expect(selectors.map(([, s]) => s.needsErrors)).toEqual([false, false, false, true, true]);
  });
});

describe("stratified selection", () => {
  const axis = { name: "operations", from: 1, to: 5, bins: 4 };
  /** Bin → fitnesses of its elites, in cells of a second axis. */
  const archiveOfBins = (bins: readonly (readonly number[])[]): Archive => {
    const archive = new Archive(gridSpace([axis, { name: "other", from: 0, to: 64, bins: 64 }]));
    bins.forEach((fitnesses, bin) =>
      fitnesses.forEach((fitness, k) =>
        archive.add(
          bin * 64 + k,
          individual({ fitness, descriptor: Float64Array.of(1 + bin, k), errors: new Float64Array(0) }),
        ),
      ),
    );
    return archive;
  };
  const draw = (archive: Archive, draws: number): Map<string, number> => {
    const selector = stratifiedSelector(axis);
    selector.prepare?.(archive);
    const counts = new Map<string, number>();
    for (let n = 0; n < draws; n++) {
      const { descriptor, fitness } = selector.select(archive, streamOf(n));
      const name = `${descriptor[0]} ${fitness}`;
      counts.set(name, (counts.get(name) ?? 0) + 1 / draws);
    }
    return counts;
  };

  it("is even over the bins that are filled, however full they are", () => {
    const counts = draw(archiveOfBins([[1], [], Array.from({ length: 40 }, (_, k) => k), [5, 6]]), 6000);
    for (const bin of [1, 3, 4]) {
      const share = [...counts].reduce((sum, [name, n]) => sum + (name.startsWith(`${bin} `) ? n : 0), 0);
      expect(Math.abs(share - 1 / 3)).toBeLessThan(0.03);
    }
  });

  it("takes the r-th best of n in a bin with ∛((r + 1)/n) − ∛(r/n), whatever the order of cells", () => {
    const fitnesses = [3, 7, 0, 9, 1, 5, 8, 2, 6, 4];
    const counts = draw(archiveOfBins([fitnesses]), 6000);
    for (let rank = 0; rank < 10; rank++) {
      const expected = Math.cbrt((rank + 1) / 10) - Math.cbrt(rank / 10);
      expect(Math.abs((counts.get(`1 ${9 - rank}`) ?? 0) - expected)).toBeLessThan(0.03);
    }
  });

  it("is the same for the same stream, and reads the archive anew when it is told to", () => {
    const [one, other] = [
      archiveOfBins([
        [1, 2],
        [3, 4],
      ]),
      archiveOfBins([[5, 6, 7]]),
    ];
    const selector = stratifiedSelector(axis);
    selector.prepare?.(one);
    const first = Array.from({ length: 30 }, (_, n) => selector.select(one, streamOf(n)));
    selector.prepare?.(other);
    for (let n = 0; n < 30; n++) expect(selector.select(other, streamOf(n)).fitness).toBeGreaterThan(4);
    selector.prepare?.(one);
    expect(Array.from({ length: 30 }, (_, n) => selector.select(one, streamOf(n)))).toEqual(first);
  });

  it("puts what lies beyond the axis into its outermost bins", () => {
    const archive = new Archive(gridSpace([axis]));
    const at = (cell: number, operations: number): void =>
      void archive.add(
        cell,
        individual({ fitness: cell, descriptor: Float64Array.of(operations), errors: new Float64Array(0) }),
      );
    at(0, -7);
    at(3, 99);
    const selector = stratifiedSelector(axis);
    selector.prepare?.(archive);
    const found = new Set(
      Array.from({ length: 40 }, (_, n) => selector.select(archive, streamOf(n)).fitness),
    );
    expect(found).toEqual(new Set([0, 3]));
  });
});
