/** What the terms of one search may take together, in bytes: with what is not counted a process stays below 2 GiB. */
const MOST_BYTES = 1_200_000_000;
/** A part of it is kept for what the way back from the goal makes. */
const ENUMERATED_BYTES = 1_000_000_000;

/**
 * How much memory the banks and values of a search take together. It is reckoned by what they hold, not measured, so that a search goes the
 * same way everywhere.
 */
export class MemoryBound {
  #bytes = 0;

  get bytes(): number {
    return this.#bytes;
  }

  add(bytes: number): void {
    this.#bytes += bytes;
  }

  /** Whether no more terms should be enumerated, but for those that may be parts of an answer. */
  get isFull(): boolean {
    return this.#bytes >= ENUMERATED_BYTES;
  }

  /** Whether nothing more should be kept that can be done without. */
  get isOver(): boolean {
    return this.#bytes >= MOST_BYTES;
  }
}
