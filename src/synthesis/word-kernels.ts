import type { VectorOperation } from "../../dsl/index.ts";
import type { WordNumbers } from "./word-numbers.ts";

/** Applies an operation to words by their numbers; arguments that it does not have are not looked at. */
export type WordKernel = (a: number, b: number, c: number) => number;

/**
 * Operations on words by their two halves, which is many times quicker than on bigints.
 * @param width of the words, at most 64 bits
 * @returns null for operations that are not here
 */
export function wordKernel(words: WordNumbers, operation: VectorOperation, width: number): WordKernel | null {
  const lowBits = width < 32 ? 2 ** width - 1 : -1;
  const highBits = width <= 32 ? 0 : width === 64 ? -1 : 2 ** (width - 32) - 1;
  const put = (low: number, high: number): number => words.numberOf(low & lowBits, high & highBits);
  const low = (word: number): number => words.low[word] as number;
  const high = (word: number): number => words.high[word] as number;
  const sum = (a: number, b: number, c: number, d: number): number => {
    const lower = (a + c) | 0;
    return put(lower, b + d + (lower >>> 0 < a >>> 0 ? 1 : 0));
  };
  const right = (a: number, count: number): number =>
    put((low(a) >>> count) | (high(a) << (32 - count)), high(a) >>> count);
  // Counts of a whole word and more leave nothing.
  const shift =
    (isLeft: boolean): WordKernel =>
    (a, b) => {
      const count = high(b) !== 0 || low(b) >>> 0 >= width ? 64 : low(b);
      if (count === 0) return a;
      if (count >= 64) return put(0, 0);
      if (count >= 32) return isLeft ? put(0, low(a) << (count - 32)) : put(high(a) >>> (count - 32), 0);
      return isLeft ? put(low(a) << count, (high(a) << count) | (low(a) >>> (32 - count))) : right(a, count);
    };
  switch (operation) {
    case "and":
      return (a, b) => put(low(a) & low(b), high(a) & high(b));
    case "or":
      return (a, b) => put(low(a) | low(b), high(a) | high(b));
    case "xor":
      return (a, b) => put(low(a) ^ low(b), high(a) ^ high(b));
    case "complement":
      return (a) => put(~low(a), ~high(a));
    case "negate":
      return (a) => sum(~low(a), ~high(a), 1, 0);
    case "add":
      return (a, b) => sum(low(a), high(a), low(b), high(b));
    case "subtract":
      return (a, b) => {
        const lower = (low(a) - low(b)) | 0;
        return put(lower, high(a) - high(b) - (low(a) >>> 0 < low(b) >>> 0 ? 1 : 0));
      };
    case "shift-left-1":
      return (a) => put(low(a) << 1, (high(a) << 1) | (low(a) >>> 31));
    case "shift-right-1":
      return (a) => right(a, 1);
    case "shift-right-4":
      return (a) => right(a, 4);
    case "shift-right-16":
      return (a) => right(a, 16);
    case "shift-left":
      return shift(true);
    case "shift-right":
      return shift(false);
    case "if-one":
      return (a, b, c) => (low(a) === 1 && high(a) === 0 ? b : c);
    default:
      return null;
  }
}
