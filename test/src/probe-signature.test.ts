import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Column, type Outcome, trap } from "../../dsl/index.ts";
import { ProbeSignature } from "../../src/probe-signature.ts";
import { RandomStream, rootKey } from "../../src/random-stream.ts";

const of = (column: Column, mantissaBits?: number): string =>
  new ProbeSignature(mantissaBits).of(column).join();
const reals = (...values: number[]): Float64Array => Float64Array.from(values);
const fromWords = (low: number, high: number): number =>
  new Float64Array(Uint32Array.of(low, high).buffer)[0] as number;

/** Fails if two of the columns have the same signature. */
function expectApart(columns: Iterable<Column>): void {
  const signature = new ProbeSignature();
  const seen = new Set<string>();
  let count = 0;
  for (const column of columns) {
    seen.add(String.fromCharCode(...new Uint16Array(signature.of(column).buffer)));
    count++;
  }
  expect(seen.size).toBe(count);
}

describe("a probe signature", () => {
  it("is the same for the same outcomes, and the same every time", () => {
    fc.assert(fc.property(fc.array(fc.double()), (values) => of(reals(...values)) === of(reals(...values))));
    const signature = new ProbeSignature();
    const first = signature.of(reals(1, 2)).join();
    signature.of(["x"]);
    expect(signature.of(reals(1, 2)).join()).toBe(first);
  });

  it("is pinned, so that stored caches stay good", () => {
    expect(of(reals(0, 1, -2.5))).toMatchInlineSnapshot(`"-254441442,-1678675972,-602957974,-409960047"`);
    expect(of(["ab", true, 7, [1, [2]], trap("empty")])).toMatchInlineSnapshot(
      `"2005159512,-468748159,279701525,8740953"`,
    );
  });

  it("takes all NaNs for one and −0 for 0, in columns and inside lists", () => {
    const nan = fromWords(1, 0xfff80000);
    expect(nan).toBeNaN();
    expect(of(reals(nan, 1))).toBe(of(reals(Number.NaN, 1)));
    expect(of(reals(-0))).toBe(of(reals(0)));
    expect(of([[-0, nan]])).toBe(of([[0, Number.NaN]]));
    expect(of(reals(Number.NaN))).not.toBe(of(reals(Number.POSITIVE_INFINITY)));
  });

  it("that is exact tells −0 from 0, in columns and inside lists, and is the same otherwise", () => {
    const exact = (column: Column): string => new ProbeSignature(52, true).of(column).join();
    expect(exact(reals(-0))).not.toBe(exact(reals(0)));
    expect(exact([[-0]])).not.toBe(exact([[0]]));
    expect(exact(reals(0, -1, Number.NaN))).toBe(of(reals(0, -1, Number.NaN)));
  });

  it("tells traps apart by their reason, and from values", () => {
    expectApart([
      [trap("empty")],
      [trap("overflow")],
      [trap("divide-by-zero")],
      ["empty"],
      [[]],
      [["empty"]],
      [""],
      [0],
      [false],
      [true],
      [1],
      [Number.NaN],
      [[0]],
      [[[]]],
    ]);
  });

  it("tells columns of different lengths and structure apart", () => {
    const zeros = Array.from({ length: 100 }, (_, n) => new Float64Array(n));
    expectApart(zeros);
    expectApart(Array.from({ length: 100 }, (_, n) => "a".repeat(n)).map((s): Outcome[] => [s]));
    expectApart([
      ["ab", "c"],
      ["a", "bc"],
      ["abc"],
      ["abc", ""],
      ["", "abc"],
      [["a", "b"], "c"],
      [["a"], "b", "c"],
    ]);
    expectApart([[[1], [2]], [[1, 2]], [[[1], 2]], [[1, [2]]], [1, 2], [[1], 2]]);
  });

  it("has no collisions among a million random columns, or structured ones", () => {
    const stream = new RandomStream().derive(rootKey("signature"), 0, 0, 0);
    const words = new Int32Array(4);
    const column = new Float64Array(words.buffer);
    function* random(): Generator<Column> {
      for (let n = 0; n < 1_000_000; n++) {
        for (let k = 0; k < 4; k++) words[k] = stream.word();
        yield column;
      }
    }
    expectApart(random());
    function* truths(): Generator<Column> {
      for (let n = 0; n < 1 << 16; n++) yield Float64Array.from({ length: 16 }, (_, i) => (n >> i) & 1);
    }
    expectApart(truths());
    function* smallInts(): Generator<Column> {
      for (let n = 0; n < 50 ** 3; n++) yield [n % 50, Math.floor(n / 50) % 50, Math.floor(n / 2500)];
    }
    expectApart(smallInts());
    function* singleBits(): Generator<Column> {
      yield new Float64Array(64);
      for (let place = 0; place < 64; place++)
        for (let bit = 0; bit < 62; bit++) {
          const bits = new Uint32Array(128);
          bits[place * 2 + (bit >> 5)] = 2 ** (bit & 31);
          yield new Float64Array(bits.buffer);
        }
    }
    expectApart(singleBits());
  });

  it("spreads similar columns evenly over the sets of a cache", () => {
    const signature = new ProbeSignature();
    const counts = new Int32Array(256);
    for (let n = 0; n < 25_600; n++) {
      const [a, b] = signature.of(reals(n, n + 1)) as unknown as [number, number];
      const set = (a ^ (b >>> 16)) & 255;
      counts[set] = (counts[set] as number) + 1;
    }
    // Chi-square with 255 degrees of freedom: mean 255, deviation 22.6.
    const chi = counts.reduce((sum, c) => sum + (c - 100) ** 2 / 100, 0);
    expect(chi).toBeGreaterThan(150);
    expect(chi).toBeLessThan(380);
  });
});

describe("mantissa rounding", () => {
  it("merges neighbours and keeps apart what differs by more", () => {
    for (const bits of [51, 40, 31, 30, 21, 20, 19, 10, 1]) {
      const step = 2 ** -bits;
      expect(of(reals(1 + step / 8), bits)).toBe(of(reals(1), bits));
      expect(of(reals(1 - step / 8), bits)).toBe(of(reals(1), bits));
      expect(of(reals(1 + step), bits)).not.toBe(of(reals(1), bits));
      expect(of(reals(-1 - step / 8), bits)).toBe(of(reals(-1), bits));
      expect(of(reals(-1), bits)).not.toBe(of(reals(1), bits));
    }
    expect(of(reals(0.1 + 0.2), 40)).toBe(of(reals(0.3), 40));
    expect(of(reals(0.1 + 0.2))).not.toBe(of(reals(0.3)));
  });

  it("carries into the exponent where arithmetic does", () => {
    expect(of(reals(2 - 2 ** -52), 20)).toBe(of(reals(2), 20));
    expect(of(reals(Number.MAX_VALUE), 10)).toBe(of(reals(Number.POSITIVE_INFINITY), 10));
  });

  it("keeps infinities, NaN and zero what they are", () => {
    for (const bits of [1, 20, 32, 50]) {
      const special = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, Number.NaN, 0, 1].map((v) =>
        of(reals(v), bits),
      );
      expect(new Set(special).size).toBe(5);
      expect(of(reals(-0), bits)).toBe(of(reals(0), bits));
      expect(of(reals(-Number.MIN_VALUE), bits)).toBe(of(reals(0), bits));
      expect(of(reals(Number.MIN_VALUE), bits)).toBe(of(reals(0), bits));
    }
  });

  it("of 52 bits keeps all apart", () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true }), fc.double({ noNaN: true }), (x, y) =>
        x === y ? of(reals(x), 52) === of(reals(y), 52) : of(reals(x), 52) !== of(reals(y), 52),
      ),
    );
  });

  it("rounds as rounding to the nearest does, for any number and any number of bits", () => {
    fc.assert(
      fc.property(fc.double({ min: 1e-200, max: 1e200 }), fc.integer({ min: 1, max: 51 }), (x, bits) => {
        let scale = 1;
        while (x / scale >= 2) scale *= 2;
        while (x / scale < 1) scale /= 2;
        const rounded = (Math.floor((x / scale) * 2 ** bits + 0.5) / 2 ** bits) * scale;
        return of(reals(x), bits) === of(reals(rounded), bits);
      }),
    );
  });
});
