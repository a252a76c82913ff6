import { larger } from "./larger.ts";

/** Words of up to 64 bits as numbers, the same for equal words, from 1 on. */
export class WordNumbers {
  count = 1;
  /** Number → its lower and its upper 32 bits. */
  low = new Int32Array(1024);
  high = new Int32Array(1024);
  #slots = new Int32Array(4096);

  /** The number of a word, which is taken in where it is new. */
  numberOf(low: number, high: number): number {
    let mask = this.#slots.length - 1;
    let slot = slotOf(low, high) & mask;
    for (; ; slot = (slot + 1) & mask) {
      const number = this.#slots[slot] as number;
      if (number === 0) break;
      if (this.low[number] === low && this.high[number] === high) return number;
    }
    if (this.count === this.low.length) {
      this.#grow();
      mask = this.#slots.length - 1;
      slot = slotOf(low, high) & mask;
      while (this.#slots[slot] !== 0) slot = (slot + 1) & mask;
    }
    const number = this.count++;
    this.low[number] = low;
    this.high[number] = high;
    this.#slots[slot] = number;
    return number;
  }

  /** The number of a word that is known, −1 for others. */
  find(low: number, high: number): number {
    const mask = this.#slots.length - 1;
    for (let slot = slotOf(low, high) & mask; ; slot = (slot + 1) & mask) {
      const number = this.#slots[slot] as number;
      if (number === 0) return -1;
      if (this.low[number] === low && this.high[number] === high) return number;
    }
  }

  numberOfBits(value: bigint): number {
    return this.numberOf(Number(BigInt.asIntN(32, value)), Number(BigInt.asIntN(32, value >> 32n)));
  }

  bitsOf(number: number): bigint {
    return (
      (BigInt.asUintN(32, BigInt(this.high[number] as number)) << 32n) |
      BigInt((this.low[number] as number) >>> 0)
    );
  }

  #grow(): void {
    const capacity = 2 * this.low.length;
    this.low = larger(this.low, capacity);
    this.high = larger(this.high, capacity);
    this.#slots = new Int32Array(4 * capacity);
    const mask = this.#slots.length - 1;
    for (let number = 1; number < this.count; number++) {
      let slot = slotOf(this.low[number] as number, this.high[number] as number) & mask;
      while (this.#slots[slot] !== 0) slot = (slot + 1) & mask;
      this.#slots[slot] = number;
    }
  }
}

const slotOf = (low: number, high: number): number => {
  let hash = Math.imul(low ^ Math.imul(high, 0x85ebca6b), 0x9e3779b1);
  hash ^= hash >>> 15;
  hash = Math.imul(hash, 0xc2b2ae35);
  return hash ^ (hash >>> 13);
};
