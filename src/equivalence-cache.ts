/** The cache's content as flat buffers, for travel between threads and for the store. */
export interface EquivalenceCacheState {
  /** Entry × 4 signature words; all 0 where empty. */
  readonly keys: Int32Array;
  /** Entry × values. */
  readonly values: Float64Array;
  /** Entry → time of its last use; the clock is in the last element. */
  readonly ages: Int32Array;
}

const WAYS = 4;

/**
 * The functional equivalence cache (Gillard et al. 2023): probe signature → what depends on behaviour alone. Bounded:
 * sets of four entries, of which the least recently used one makes room. Time is counted in accesses.
 */
export class EquivalenceCache {
  readonly #keys: Int32Array;
  readonly #values: Float64Array;
  readonly #ages: Int32Array;
  readonly #valueCount: number;
  readonly #setMask: number;
  #clock: number;
  evictions = 0;

  /**
   * @param capacity entries; a power of two of at least 4
   * @param valueCount numbers stored for each signature
   */
  constructor(capacity: number, valueCount: number, state?: EquivalenceCacheState) {
    this.#valueCount = valueCount;
    this.#setMask = capacity / WAYS - 1;
    // After a fork with another configuration the shape may be another; then the cache begins empty.
    const known =
      state?.keys.length === capacity * 4 && state.values.length === capacity * valueCount
        ? state
        : undefined;
    this.#keys = known?.keys ?? new Int32Array(capacity * 4);
    this.#values = known?.values ?? new Float64Array(capacity * valueCount);
    this.#ages = known?.ages ?? new Int32Array(capacity + 1);
    this.#clock = this.#ages[capacity] as number;
  }

  #entryOf(key: Int32Array): number {
    const keys = this.#keys;
    const first = (((key[0] as number) ^ ((key[1] as number) >>> 16)) & this.#setMask) * WAYS;
    for (let entry = first; entry < first + WAYS; entry++) {
      const at = entry * 4;
      if (
        keys[at] === key[0] &&
        keys[at + 1] === key[1] &&
        keys[at + 2] === key[2] &&
        keys[at + 3] === key[3] &&
        this.#ages[entry] !== 0
      )
        return entry;
    }
    return -1;
  }

  /** Whether a signature is known; does not count as a use. */
  has(key: Int32Array): boolean {
    return this.#entryOf(key) >= 0;
  }

  /** The entry of a signature, or −1. */
  find(key: Int32Array): number {
    const entry = this.#entryOf(key);
    if (entry >= 0) this.#ages[entry] = this.#tick();
    return entry;
  }

  value(entry: number, index: number): number {
    return this.#values[entry * this.#valueCount + index] as number;
  }

  change(entry: number, index: number, value: number): void {
    this.#values[entry * this.#valueCount + index] = value;
  }

  /** Stores the values of a signature that was not found. */
  insert(key: Int32Array, values: Float64Array): void {
    const first = (((key[0] as number) ^ ((key[1] as number) >>> 16)) & this.#setMask) * WAYS;
    let entry = first;
    for (let other = first + 1; other < first + WAYS; other++)
      if ((this.#ages[other] as number) < (this.#ages[entry] as number)) entry = other;
    if (this.#ages[entry] !== 0) this.evictions++;
    this.#keys.set(key, entry * 4);
    for (let k = 0; k < this.#valueCount; k++)
      this.#values[entry * this.#valueCount + k] = values[k] as number;
    this.#ages[entry] = this.#tick();
  }

  /** Advances the clock; before it overflows all ages are halved, which keeps their order but for near ties. */
  #tick(): number {
    if (this.#clock >= 0x7ffffff0) {
      for (let i = 0; i < this.#ages.length - 1; i++) this.#ages[i] = ((this.#ages[i] as number) + 1) >> 1;
      this.#clock = (this.#clock >> 1) + 1;
    }
    return ++this.#clock;
  }

  /** The buffers themselves; the cache must not be used afterwards if they travel. */
  release(): EquivalenceCacheState {
    this.#ages[this.#ages.length - 1] = this.#clock;
    return { keys: this.#keys, values: this.#values, ages: this.#ages };
  }
}
