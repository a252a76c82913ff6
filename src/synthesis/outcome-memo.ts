/** Outcomes that are kept for a row, a power of two. */
const BITS = 12;
const WORDS = 4;

/**
 * What a row gave on arguments lately, by their numbers: columns of terms repeat the same values, and a look is quicker than making a text
 * anew and finding its number. An outcome takes the place of another with the same slot.
 */
export class OutcomeMemo {
  /** Slot × (arguments' numbers, outcome's number). */
  #slots: Int32Array | null = null;

  /** The number of the outcome, −1 where it is not kept. */
  find(x: number, y: number, z: number): number {
    const slots = this.#slots;
    if (slots === null) return -1;
    const at = slotOf(x, y, z);
    return slots[at] === x && slots[at + 1] === y && slots[at + 2] === z ? (slots[at + 3] as number) : -1;
  }

  keep(x: number, y: number, z: number, outcome: number): void {
    const slots = (this.#slots ??= new Int32Array(WORDS << BITS).fill(-1));
    const at = slotOf(x, y, z);
    slots[at] = x;
    slots[at + 1] = y;
    slots[at + 2] = z;
    slots[at + 3] = outcome;
  }
}

const slotOf = (x: number, y: number, z: number): number =>
  WORDS * ((Math.imul(x, 0x9e3779b1) ^ Math.imul(y, 0x85ebca6b) ^ Math.imul(z, 0xc2b2ae35)) >>> (32 - BITS));
