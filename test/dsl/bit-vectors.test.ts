import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  bits,
  bitVectors,
  compileGrammar,
  fn,
  InputError,
  isValueOf,
  list,
  parseProgram,
  printProgram,
  typeText,
} from "../../dsl/index.ts";
import { bitVectorOperations } from "./rows.ts";

const WIDTH = 5;
const SIZE = 2 ** WIDTH;
const toSigned = (a: number): number => (a >= SIZE / 2 ? a - SIZE : a);
const modulo = (a: number): number => ((a % SIZE) + SIZE) % SIZE;
const bitOf = (a: number, k: number): number => Math.floor(a / 2 ** k) % 2;
const bitwise = (of: (k: number) => number): number =>
  Array.from({ length: WIDTH }, (_, k) => of(k) * 2 ** k).reduce((x, y) => x + y);

/** SMT-LIB's definitions over numbers of five bits, bit by bit where they are so. */
const definitions: Readonly<Record<string, (a: number, b: number) => number>> = {
  bvand: (a, b) => bitwise((k) => bitOf(a, k) * bitOf(b, k)),
  bvor: (a, b) => bitwise((k) => Math.max(bitOf(a, k), bitOf(b, k))),
  bvxor: (a, b) => bitwise((k) => (bitOf(a, k) + bitOf(b, k)) % 2),
  bvadd: (a, b) => modulo(a + b),
  bvsub: (a, b) => modulo(a - b),
  bvmul: (a, b) => modulo(a * b),
  bvudiv: (a, b) => (b === 0 ? SIZE - 1 : Math.floor(a / b)),
  bvurem: (a, b) => (b === 0 ? a : a % b),
  // By the signs, as SMT-LIB defines them from bvudiv and bvurem.
  bvsdiv: (a, b) => {
    const quotient = unsigned("bvudiv", Math.abs(toSigned(a)), Math.abs(toSigned(b)));
    return modulo(toSigned(a) < 0 === toSigned(b) < 0 ? quotient : -quotient);
  },
  bvsrem: (a, b) => {
    const remainder = unsigned("bvurem", Math.abs(toSigned(a)), Math.abs(toSigned(b)));
    return modulo(toSigned(a) < 0 ? -remainder : remainder);
  },
  bvshl: (a, b) => bitwise((k) => (k >= b ? bitOf(a, k - b) : 0)),
  bvlshr: (a, b) => bitwise((k) => (k + b < WIDTH ? bitOf(a, k + b) : 0)),
  bvashr: (a, b) => bitwise((k) => bitOf(a, Math.min(WIDTH - 1, k + b))),
  bvult: (a, b) => Number(a < b),
  bvule: (a, b) => Number(a <= b),
  bvslt: (a, b) => Number(toSigned(a) < toSigned(b)),
  bvsle: (a, b) => Number(toSigned(a) <= toSigned(b)),
  "=": (a, b) => Number(a === b),
};

function unsigned(name: "bvudiv" | "bvurem", a: number, b: number): number {
  return (definitions[name] as (a: number, b: number) => number)(a, b);
}

describe("bit vectors", () => {
  const { primitives } = bitVectors({ width: WIDTH, operations: bitVectorOperations });

  it.each(Object.keys(definitions))("%s is SMT-LIB's, on all words of five bits", (name) => {
    const row = primitives.find((p) => p.name === name);
    for (let a = 0; a < SIZE; a++)
      for (let b = 0; b < SIZE; b++)
        expect(`${a} ${b} ${Number(row?.apply(BigInt(a), BigInt(b)))}`).toBe(
          `${a} ${b} ${(definitions[name] as (a: number, b: number) => number)(a, b)}`,
        );
  });

  it("keep SMT-LIB's laws at every width", () => {
    const widths = fc.integer({ min: 1, max: 64 });
    const words = widths.chain((width) => {
      const word = fc.bigInt(0n, 2n ** BigInt(width) - 1n);
      return fc.tuple(fc.constant(width), word, word);
    });
    fc.assert(
      fc.property(words, ([width, a, b]) => {
        const rows = bitVectors({ width, operations: bitVectorOperations }).primitives;
        const apply = (name: string, ...args: unknown[]): bigint =>
          rows.find((p) => p.name === name)?.apply(...args) as bigint;
        const sum = (x: bigint, y: bigint): bigint => apply("bvadd", x, y);
        expect(sum(apply("bvmul", b, apply("bvudiv", a, b)), apply("bvurem", a, b))).toBe(a);
        expect(sum(apply("bvmul", b, apply("bvsdiv", a, b)), apply("bvsrem", a, b))).toBe(a);
        expect(sum(apply("bvsub", a, b), b)).toBe(a);
        expect(sum(apply("bvnot", a), 1n)).toBe(apply("bvneg", a));
        expect(apply("shl1", a)).toBe(apply("bvadd", a, a));
        for (const name of bitVectorOperations.slice(0, 15)) {
          const isUnary = name === "bvnot" || name === "bvneg";
          expect(isValueOf(bits(width), isUnary ? apply(name, a) : apply(name, a, b))).toBe(true);
        }
      }),
    );
  });

  it("are written in hexadecimal and read in SMT-LIB's ways", () => {
    const literals = [0n, 1n, 0x1fn, 2n ** 64n - 1n];
    const grammar = compileGrammar(bitVectors({ literals }), fn({ x: bits(64) }, bits(64)));
    const read = (text: string): string => printProgram(grammar, parseProgram(grammar, text));
    expect(read("(bvadd x #x1f)")).toBe("(bvadd x #x1f)");
    expect(read("(bvadd #x000000000000001F #b11111)")).toBe("(bvadd #x1f #x1f)");
    expect(read("(bvand 31 #xffffffffffffffff)")).toBe("(bvand #x1f #xffffffffffffffff)");
    expect(() => read("(bvadd x #x1e)")).toThrow(InputError);
    expect(() => read("(bvadd x #xg)")).toThrow(InputError);
    expect(() => read("(bvadd x -1)")).toThrow(InputError);
  });

  it("have one to 64 bits, and literals within them", () => {
    expect(typeText(list(bits(12)))).toBe("list<bits<12>>");
    for (const width of [0, 65, 1.5, Number.NaN])
      expect(() => bits(width)).toThrow(`width of bits must be a whole number from 1 to 64; got ${width}.`);
    expect(() => bitVectors({ width: 4, literals: [16n] })).toThrow("of type bits<4>; got #x10.");
    expect(bitVectors({ width: 4 }).literals.map((l) => l.value)).toEqual([0n, 1n]);
    expect(isValueOf(bits(4), 15n)).toBe(true);
    for (const value of [16n, -1n, 15, "15"]) expect(isValueOf(bits(4), value)).toBe(false);
  });
});
