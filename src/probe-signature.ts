import { type Column, isTrap, type Outcome } from "../dsl/index.ts";

const number = new Float64Array(1);
const numberWords = new Int32Array(number.buffer);

/**
 * A program's 128-bit probe signature: a hash of its outcomes on the probe set, traps included, with NaN and, unless
 * it is to be exact, −0 made canonical and reals optionally rounded to fewer mantissa bits. Four lanes of MurmurHash3's mixing (Appleby 2008).
 */
export class ProbeSignature {
  readonly words: Int32Array = new Int32Array(4);
  readonly #mantissaBits: number;
  readonly #mask: Int32Array;
  /** Added to every number: 0 makes 0 of −0, and −0 keeps both. */
  readonly #zero: number;
  #a = 0;
  #b = 0;
  #c = 0;
  #d = 0;

  /**
   * @param mantissaBits bits of a real's mantissa that count, 1 to 52; 52 keeps all apart
   * @param isExact whether −0 and 0 are two outcomes, since a fitness may tell them apart
   */
  constructor(mantissaBits = 52, isExact = false) {
    this.#mantissaBits = mantissaBits;
    this.#zero = isExact ? -0 : 0;
    const dropped = 52 - mantissaBits;
    // Low word first; rounding drops bits from the low word, then from the high one.
    this.#mask = Int32Array.of(dropped >= 32 ? 0 : -1 << dropped, dropped > 32 ? -1 << (dropped - 32) : -1);
  }

  /** Computes the signature of a column into `words`. */
  of(column: Column): Int32Array {
    this.#a = 0x243f6a88;
    this.#b = 0x85a308d3 | 0;
    this.#c = 0x13198a2e;
    this.#d = 0x03707344;
    if (column instanceof Float64Array || column instanceof Float32Array)
      for (let i = 0; i < column.length; i++) this.#number(column[i] as number);
    else if (column instanceof BigUint64Array) {
      const words = new Int32Array(column.buffer, column.byteOffset, 2 * column.length);
      for (let i = 0; i < words.length; i += 2) this.#pair(words[i] as number, words[i + 1] as number);
    } else for (const outcome of column) this.#outcome(outcome);
    const length = column.length;
    this.words[0] = scramble(this.#a ^ length);
    this.words[1] = scramble(this.#b ^ (this.words[0] as number));
    this.words[2] = scramble(this.#c ^ (this.words[1] as number));
    this.words[3] = scramble(this.#d ^ (this.words[2] as number));
    return this.words;
  }

  #pair(low: number, high: number): void {
    const k1 = Math.imul(low, 0x239b961b);
    const k2 = Math.imul(high, 0xab0e9789);
    let a = this.#a ^ Math.imul((k1 << 15) | (k1 >>> 17), 0xab0e9789);
    let b = this.#b ^ Math.imul((k2 << 16) | (k2 >>> 16), 0x38b34ae5);
    a = (Math.imul(((a << 19) | (a >>> 13)) + b, 5) + 0x561ccd1b) | 0;
    b = (Math.imul(((b << 17) | (b >>> 15)) + this.#c, 5) + 0x0bcaa747) | 0;
    this.#c = (Math.imul(((this.#c << 15) | (this.#c >>> 17)) ^ k1, 0x85ebca6b) + this.#d + b) | 0;
    this.#d = (Math.imul(((this.#d << 13) | (this.#d >>> 19)) ^ k2, 0xc2b2ae35) + a) | 0;
    this.#a = a;
    this.#b = b;
  }

  #number(value: number): void {
    if (value !== value) {
      this.#pair(0x7ff80001, 0x7ff80000);
      return;
    }
    number[0] = value + this.#zero;
    let low = numberWords[0] as number;
    let high = numberWords[1] as number;
    if (this.#mantissaBits < 52) {
      // Round half up in the dropped bits by adding half a unit before masking; carries go where arithmetic sends them.
      const half = 51 - this.#mantissaBits;
      if (half < 32) {
        const sum = (low >>> 0) + 2 ** half;
        low = sum | 0;
        if (sum >= 4294967296) high = (high + 1) | 0;
      } else high = (high + 2 ** (half - 32)) | 0;
      low &= this.#mask[0] as number;
      high &= this.#mask[1] as number;
      // The smallest negative numbers round to −0.
      if (low === 0 && high === -0x80000000) high = 0;
    }
    this.#pair(low, high);
  }

  #outcome(outcome: Outcome): void {
    switch (typeof outcome) {
      case "number":
        this.#number(outcome);
        return;
      case "bigint":
        this.#pair(Number(BigInt.asIntN(32, outcome)), Number(outcome >> 32n) | 0);
        return;
      case "boolean":
        this.#pair(outcome ? 1 : 0, 0x626f6f6c);
        return;
      case "string":
        this.#pair(outcome.length, 0x73747200);
        for (let i = 0; i < outcome.length; i += 2)
          this.#pair(outcome.charCodeAt(i), i + 1 < outcome.length ? outcome.charCodeAt(i + 1) : -1);
        return;
      default:
        if (isTrap(outcome)) {
          this.#pair(0x74726170, 0);
          this.#outcome(outcome.reason);
          return;
        }
        this.#pair(outcome.length, 0x6c697374);
        for (const item of outcome) this.#outcome(item);
    }
  }
}

function scramble(word: number): number {
  let h = word;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return h ^ (h >>> 16);
}
