import seedrandom from "seedrandom";

/**
 * A stream of random numbers: sfc32 (Doty-Humphrey, 2010), started from a root key and three counters. A stream is
 * derived for every candidate of every epoch of every island, so no draw depends on what others drew.
 */
export class RandomStream {
  #a = 0;
  #b = 0;
  #c = 0;
  #counter = 1;

  /** Starts the stream of (island, epoch, candidate) under a root key of four 32-bit words. */
  derive(key: Int32Array, island: number, epoch: number, candidate: number): this {
    this.#a = mix((key[0] as number) ^ Math.imul(candidate + 1, 0x9e3779b1));
    this.#b = mix((key[1] as number) ^ Math.imul(epoch + 1, 0x85ebca6b) ^ this.#a);
    this.#c = mix((key[2] as number) ^ Math.imul(island + 1, 0xc2b2ae35) ^ this.#b);
    this.#counter = mix((key[3] as number) ^ this.#a ^ this.#c) | 1;
    for (let i = 0; i < 8; i++) this.word();
    return this;
  }

  /** 32 random bits as a signed integer. */
  word(): number {
    const sum = (((this.#a + this.#b) | 0) + this.#counter) | 0;
    this.#counter = (this.#counter + 1) | 0;
    this.#a = this.#b ^ (this.#b >>> 9);
    this.#b = (this.#c + (this.#c << 3)) | 0;
    this.#c = (((this.#c << 21) | (this.#c >>> 11)) + sum) | 0;
    return sum;
  }

  /** Uniform in [0, 1), 32 bits. */
  uniform(): number {
    return (this.word() >>> 0) * 2.3283064365386963e-10;
  }

  /** Uniform integer in [0, bound); 1 ≤ bound ≤ 2^31. */
  below(bound: number): number {
    return Math.floor((this.word() >>> 0) * 2.3283064365386963e-10 * bound);
  }

  /** True with a probability. */
  chance(probability: number): boolean {
    return this.uniform() < probability;
  }

  /** Bell-shaped, mean 0, variance 1, within ±6 (sum of uniforms: no transcendental function, so the same everywhere). */
  bell(): number {
    let sum = -6;
    for (let i = 0; i < 12; i++) sum += this.uniform();
    return sum;
  }
}

/** Bijective scrambling of 32 bits (the finaliser of MurmurHash3, Appleby 2008). */
function mix(word: number): number {
  let h = word;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return h ^ (h >>> 16);
}

/** The root key of a person's seed. */
export function rootKey(seed: string | number): Int32Array {
  const random = seedrandom(`illume ${seed}`);
  return Int32Array.from({ length: 4 }, () => random.int32());
}
