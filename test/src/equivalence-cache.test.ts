import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { EquivalenceCache, type EquivalenceCacheState } from "../../src/equivalence-cache.ts";
import { RandomStream, rootKey } from "../../src/random-stream.ts";

const stream = (n: number): RandomStream => new RandomStream().derive(rootKey("cache"), 0, 0, n);
const keyOf = (n: number): Int32Array => {
  const s = stream(n);
  return Int32Array.from({ length: 4 }, () => s.word());
};
/** Keys of one set, whatever the capacity: set bits come from the first word and the upper half of the second. */
const sameSet = (n: number): Int32Array => Int32Array.of(7, 0, n, -n);
const read = (cache: EquivalenceCache, key: Int32Array, count = 2): number[] | null => {
  const entry = cache.find(key);
  return entry < 0 ? null : Array.from({ length: count }, (_, k) => cache.value(entry, k));
};

describe("the equivalence cache", () => {
  it("answers like a map of everything stored, or not at all once it has made room", () => {
    fc.assert(
      fc.property(
        fc.constantFrom(4, 16, 64),
        fc.array(fc.record({ key: fc.nat(60), value: fc.double() }), { maxLength: 300 }),
        (capacity, accesses) => {
          const cache = new EquivalenceCache(capacity, 2);
          const model = new Map<number, readonly number[]>();
          let misses = 0;
          for (const { key, value } of accesses) {
            const found = read(cache, keyOf(key));
            if (found !== null) {
              expect(found).toEqual(model.get(key));
              continue;
            }
            if (model.has(key)) misses++;
            model.set(key, [value, -value]);
            cache.insert(keyOf(key), Float64Array.of(value, -value));
            expect(read(cache, keyOf(key))).toEqual([value, -value]);
          }
          const held = [...model.keys()].filter((key) => cache.find(keyOf(key)) >= 0);
          expect(held.length).toBeLessThanOrEqual(capacity);
          // What was stored is held or has been evicted: each eviction takes one away, each miss brings one back.
          expect(held.length).toBe(model.size + misses - cache.evictions);
        },
      ),
    );
  });

  it("loses nothing while every set has room", () => {
    const cache = new EquivalenceCache(1 << 12, 1);
    for (let n = 0; n < 200; n++) cache.insert(keyOf(n), Float64Array.of(n));
    expect(cache.evictions).toBe(0);
    for (let n = 0; n < 200; n++) expect(read(cache, keyOf(n), 1)).toEqual([n]);
  });

  it("makes room in a set by giving up what was not used for longest", () => {
    const cache = new EquivalenceCache(64, 2);
    for (const n of [1, 2, 3, 4]) cache.insert(sameSet(n), Float64Array.of(n, 0));
    for (const n of [1, 3, 4]) expect(cache.find(sameSet(n))).toBeGreaterThanOrEqual(0);
    cache.insert(sameSet(5), Float64Array.of(5, 0));
    expect([1, 2, 3, 4, 5].filter((n) => cache.find(sameSet(n)) >= 0)).toEqual([1, 3, 4, 5]);
    cache.find(sameSet(1));
    cache.insert(sameSet(6), Float64Array.of(6, 0));
    expect([1, 3, 4, 5, 6].filter((n) => cache.find(sameSet(n)) >= 0)).toEqual([1, 4, 5, 6]);
    expect(cache.evictions).toBe(2);
  });

  it("tells keys apart that differ in one bit, and does not take emptiness for the key of zeros", () => {
    const cache = new EquivalenceCache(4096, 1);
    expect(cache.find(new Int32Array(4))).toBe(-1);
    const base = keyOf(1);
    cache.insert(base, Float64Array.of(1));
    for (let bit = 0; bit < 128; bit++) {
      const other = base.slice();
      other[bit >> 5] = (other[bit >> 5] as number) ^ (1 << (bit & 31));
      expect(cache.find(other)).toBe(-1);
    }
    cache.insert(new Int32Array(4), Float64Array.of(5));
    expect(read(cache, new Int32Array(4), 1)).toEqual([5]);
  });

  it("keeps NaN, infinities and −0 as they are", () => {
    const cache = new EquivalenceCache(4, 4);
    const values = [Number.NaN, Number.POSITIVE_INFINITY, -0, Number.NEGATIVE_INFINITY];
    cache.insert(keyOf(1), Float64Array.from(values));
    expect(read(cache, keyOf(1), 4)).toEqual(values);
  });

  it("keeps copies: keys and values may be used again", () => {
    const cache = new EquivalenceCache(16, 1);
    const key = keyOf(1);
    const values = Float64Array.of(1);
    cache.insert(key, values);
    key.fill(9);
    values.fill(9);
    expect(read(cache, keyOf(1), 1)).toEqual([1]);
  });

  it("goes on after its state has been released, sent and taken up, as if nothing had happened", () => {
    fc.assert(
      fc.property(fc.array(fc.nat(40), { maxLength: 200 }), fc.nat(200), (keys, cut) => {
        const access = (cache: EquivalenceCache, n: number): number => {
          const entry = cache.find(keyOf(n));
          if (entry < 0) cache.insert(keyOf(n), Float64Array.of(n));
          return entry;
        };
        const plain = new EquivalenceCache(16, 1);
        let moved = new EquivalenceCache(16, 1);
        keys.forEach((n, i) => {
          if (i === cut) moved = new EquivalenceCache(16, 1, structuredClone(moved.release()));
          expect(access(moved, n)).toBe(access(plain, n));
        });
        expect(moved.release()).toEqual(plain.release());
      }),
    );
  });

  it("begins empty when a state is of another shape", () => {
    const state = new EquivalenceCache(16, 2).release();
    for (const [capacity, values] of [
      [32, 2],
      [8, 2],
      [16, 3],
    ] as const) {
      const cache = new EquivalenceCache(capacity, values, state);
      cache.insert(keyOf(1), new Float64Array(values));
      expect(cache.find(keyOf(1))).toBeGreaterThanOrEqual(0);
      expect(cache.release().keys.length).toBe(capacity * 4);
    }
  });

  it("keeps the order of ages when the clock runs over", () => {
    const near = (): EquivalenceCacheState => {
      const cache = new EquivalenceCache(4, 1);
      for (const n of [1, 2, 3, 4]) cache.insert(sameSet(n), Float64Array.of(n));
      const state = cache.release();
      // As after two thousand million accesses, most of them to other sets.
      state.ages.set([0x10000000, 0x7ffffff0 - 8, 0x7ffffff0 - 4, 0x7ffffff0 - 6, 0x7ffffff0 - 2]);
      return state;
    };
    const cache = new EquivalenceCache(4, 1, near());
    for (let i = 0; i < 100; i++) expect(read(cache, sameSet(4), 1)).toEqual([4]);
    const { ages } = cache.release();
    expect(Math.max(...ages)).toBeLessThan(0x7fffffff);
    expect(Math.min(...ages)).toBeGreaterThan(0);
    for (const n of [5, 6]) {
      cache.insert(sameSet(n), Float64Array.of(n));
      cache.find(sameSet(n));
    }
    expect([1, 2, 3, 4, 5, 6].filter((n) => cache.find(sameSet(n)) >= 0)).toEqual([3, 4, 5, 6]);
  });
});
