import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { RandomStream, rootKey } from "../../src/random-stream.ts";

const key = rootKey(1);
const streamOf = (island: number, epoch: number, candidate: number): RandomStream =>
  new RandomStream().derive(key, island, epoch, candidate);
const words = (stream: RandomStream, count: number): number[] =>
  Array.from({ length: count }, () => stream.word());

/** Chi-square of counts that should be equal, in standard deviations from its mean. */
function unevenness(counts: ArrayLike<number>): number {
  const all = Array.from(counts);
  const expected = all.reduce((sum, c) => sum + c, 0) / all.length;
  const chi = all.reduce((sum, c) => sum + (c - expected) ** 2 / expected, 0);
  return (chi - (all.length - 1)) / Math.sqrt(2 * (all.length - 1));
}
const tally = (count: number, draws: Iterable<number>): Int32Array => {
  const counts = new Int32Array(count);
  for (const draw of draws) counts[draw] = (counts[draw] as number) + 1;
  return counts;
};

describe("the root key", () => {
  it("is pinned, and differs by seed; a number and its text are one seed", () => {
    expect([...rootKey(1)]).toMatchInlineSnapshot(`
      [
        -998318660,
        -1101178228,
        -1006700753,
        -1246095770,
      ]
    `);
    expect([...rootKey("a seed")]).toMatchInlineSnapshot(`
      [
        611717686,
        -1691627777,
        1447709622,
        981351467,
      ]
    `);
    expect(rootKey(1)).toEqual(rootKey("1"));
    const keys = Array.from({ length: 1000 }, (_, seed) => rootKey(seed).join());
    expect(new Set(keys).size).toBe(1000);
  });
});

describe("a random stream", () => {
  it("is pinned: runs of the past can be replayed", () => {
    expect(words(streamOf(0, 0, 0), 4)).toMatchInlineSnapshot(`
      [
        630669072,
        -181686859,
        -1020767009,
        1167271718,
      ]
    `);
    expect(words(streamOf(1, 2, 3), 4)).toMatchInlineSnapshot(`
      [
        1275151738,
        -1745437410,
        -1149041961,
        1542387845,
      ]
    `);
    const stream = streamOf(3, 2, 1);
    expect([stream.uniform(), stream.below(1000), stream.chance(0.5), stream.bell()]).toMatchInlineSnapshot(`
      [
        0.43394266930408776,
        277,
        true,
        -1.8792055181693286,
      ]
    `);
  });

  it("begins anew whenever it is derived, whatever was drawn before", () => {
    fc.assert(
      fc.property(fc.nat(1000), fc.nat(1_000_000), fc.nat(10_000_000), fc.nat(50), (i, e, c, drawn) => {
        const stream = streamOf(7, 7, 7);
        words(stream, drawn);
        expect(words(stream.derive(key, i, e, c), 5)).toEqual(words(streamOf(i, e, c), 5));
      }),
    );
  });

  it("differs from those of other islands, epochs, candidates and keys", () => {
    const seen = new Set<string>();
    let count = 0;
    for (let island = 0; island < 20; island++)
      for (let epoch = 0; epoch < 20; epoch++)
        for (let candidate = 0; candidate < 50; candidate++) {
          seen.add(words(streamOf(island, epoch, candidate), 3).join());
          count++;
        }
    for (let seed = 2; seed < 200; seed++) {
      seen.add(words(new RandomStream().derive(rootKey(seed), 0, 0, 0), 3).join());
      count++;
    }
    expect(seen.size).toBe(count);
  });

  it("is independent of its neighbours: first draws are uniform across candidates, epochs and islands", () => {
    const n = 64_000;
    const neighbours: ((k: number) => RandomStream)[] = [
      (k) => streamOf(0, 0, k),
      (k) => streamOf(0, k, 0),
      (k) => streamOf(k, 0, 0),
      (k) => streamOf(k % 8, k >> 12, (k >> 3) & 511),
    ];
    for (const of of neighbours) {
      const firsts = Array.from({ length: n }, (_, k) => of(k).word());
      expect(
        Math.abs(
          unevenness(
            tally(
              256,
              firsts.map((w) => w & 255),
            ),
          ),
        ),
      ).toBeLessThan(5);
      expect(
        Math.abs(
          unevenness(
            tally(
              256,
              firsts.map((w) => w >>> 24),
            ),
          ),
        ),
      ).toBeLessThan(5);
      // Pairs of neighbouring streams.
      const pairs = firsts.slice(1).map((w, k) => ((w >>> 28) << 4) | ((firsts[k] as number) >>> 28));
      expect(Math.abs(unevenness(tally(256, pairs)))).toBeLessThan(5);
      const differences = firsts.slice(1).map((w, k) => ((w - (firsts[k] as number)) >>> 24) & 255);
      expect(Math.abs(unevenness(tally(256, differences)))).toBeLessThan(5);
    }
  });

  it("changes half of its bits when one bit of a counter changes", () => {
    let changed = 0;
    for (let n = 0; n < 2000; n++) {
      let difference = streamOf(0, 0, n).word() ^ streamOf(0, 0, n ^ (1 << (n % 20))).word();
      for (; difference !== 0; difference &= difference - 1) changed++;
    }
    expect(changed / 2000).toBeGreaterThan(15.5);
    expect(changed / 2000).toBeLessThan(16.5);
  });

  it("is uniform in [0, 1), with successive draws independent", () => {
    const stream = streamOf(0, 0, 0);
    const draws = Array.from({ length: 100_000 }, () => stream.uniform());
    expect(Math.min(...draws.slice(0, 50_000))).toBeGreaterThanOrEqual(0);
    expect(Math.max(...draws.slice(0, 50_000))).toBeLessThan(1);
    expect(
      Math.abs(
        unevenness(
          tally(
            100,
            draws.map((u) => Math.floor(u * 100)),
          ),
        ),
      ),
    ).toBeLessThan(5);
    const pairs = draws
      .slice(1)
      .map((u, k) => Math.floor(u * 10) * 10 + Math.floor((draws[k] as number) * 10));
    expect(Math.abs(unevenness(tally(100, pairs)))).toBeLessThan(5);
  });

  it("draws integers below any bound, all of them alike", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 2 ** 31 }), fc.nat(1e6), (bound, candidate) => {
        const stream = streamOf(0, 0, candidate);
        for (let i = 0; i < 20; i++) {
          const draw = stream.below(bound);
          if (!Number.isInteger(draw) || draw < 0 || draw >= bound) return false;
        }
        return true;
      }),
    );
    for (const bound of [1, 2, 3, 7, 100]) {
      const stream = streamOf(1, 1, bound);
      const counts = tally(
        bound,
        Array.from({ length: 50_000 }, () => stream.below(bound)),
      );
      expect(Math.min(...counts)).toBeGreaterThan(0);
      if (bound > 1) expect(Math.abs(unevenness(counts))).toBeLessThan(5);
    }
  });

  it("is true with the probability asked for, never with 0 and always with 1", () => {
    for (const probability of [0, 0.01, 0.3, 1]) {
      const stream = streamOf(2, 2, 2);
      let hits = 0;
      for (let n = 0; n < 20_000; n++) hits += Number(stream.chance(probability));
      expect(Math.abs(hits / 20_000 - probability)).toBeLessThan(probability % 1 === 0 ? 1e-12 : 0.015);
    }
  });

  it("is bell-shaped: mean 0, variance 1, within ±6", () => {
    const stream = streamOf(4, 4, 4);
    const draws = Array.from({ length: 50_000 }, () => stream.bell());
    const mean = draws.reduce((sum, d) => sum + d, 0) / draws.length;
    const variance = draws.reduce((sum, d) => sum + d * d, 0) / draws.length;
    expect(Math.abs(mean)).toBeLessThan(0.02);
    expect(Math.abs(variance - 1)).toBeLessThan(0.03);
    expect(draws.every((d) => Math.abs(d) <= 6)).toBe(true);
    const inOne = draws.filter((d) => Math.abs(d) < 1).length / draws.length;
    expect(Math.abs(inOne - 0.683)).toBeLessThan(0.02);
  });
});
