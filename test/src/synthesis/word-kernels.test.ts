import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  bits,
  bitVectors,
  type BitVectorOperation,
  type Primitive,
  type VectorOperation,
} from "../../../dsl/index.ts";
import { wordKernel } from "../../../src/synthesis/word-kernels.ts";
import { WordNumbers } from "../../../src/synthesis/word-numbers.ts";

const operations: readonly VectorOperation[] = [
  "and",
  "or",
  "xor",
  "complement",
  "negate",
  "add",
  "subtract",
  "shift-left-1",
  "shift-right-1",
  "shift-right-4",
  "shift-right-16",
  "shift-left",
  "shift-right",
  "if-one",
];

const rows = "bvand bvor bvxor bvnot bvneg bvadd bvsub shl1 shr1 shr4 shr16 bvshl bvlshr if0".split(
  " ",
) as BitVectorOperation[];

describe("words by their halves", () => {
  it.each(operations)("%s gives what its row gives on bigints", (operation) => {
    for (const width of [1, 8, 31, 32, 33, 63, 64]) {
      const words = new WordNumbers();
      const kernel = wordKernel(words, operation, width);
      if (kernel === null) throw new Error("no kernel");
      const row = bitVectors({ width, operations: rows }).primitives.find(
        ({ vector, result }) => vector === operation && result.kind === "bits",
      ) as Primitive;
      const word = fc.oneof(
        fc.bigInt({ min: 0n, max: 2n ** BigInt(width) - 1n }),
        fc.constantFrom(0n, 1n, 2n ** BigInt(width) - 1n),
        fc.integer({ min: 0, max: 70 }).map((n) => BigInt.asUintN(width, BigInt(n))),
      );
      fc.assert(
        fc.property(word, word, word, (a, b, c) => {
          const [x, y, z] = [a, b, c].map((value) => words.numberOfBits(value)) as [number, number, number];
          const given = [a, b, c].slice(0, row.parameters.length);
          expect(words.bitsOf(kernel(x, y, z))).toBe(row.apply(...given));
        }),
        { numRuns: 60 },
      );
    }
  });

  it("have one number each, also when there are many", () => {
    const words = new WordNumbers();
    const numbers = Array.from({ length: 5000 }, (_, n) => words.numberOf(Math.imul(n, 0x9e3779b1), n % 7));
    expect(new Set(numbers).size).toBe(5000);
    numbers.forEach((number, n) => {
      expect(words.find(Math.imul(n, 0x9e3779b1), n % 7)).toBe(number);
      expect(words.numberOf(Math.imul(n, 0x9e3779b1), n % 7)).toBe(number);
    });
    expect(words.find(1, 1)).toBe(-1);
    expect(bits(64).kind).toBe("bits");
  });
});
