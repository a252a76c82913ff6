/** Conflicts until the search begins anew, times the numbers of Luby. */
const RESTART = 10;

/** When a search begins anew. */
export class Restarts {
  /** Conflicts so far. */
  conflicts = 0;
  #since = 0;
  #count = 0;

  /** Notes a conflict. @returns whether it is time */
  isDue(): boolean {
    this.conflicts++;
    if (++this.#since < RESTART * luby(this.#count)) return false;
    this.#since = 0;
    this.#count++;
    return true;
  }
}

/** The k-th number of 1 1 2 1 1 2 4 1 1 2 … (Luby, Sinclair and Zuckerman 1993). */
function luby(k: number): number {
  let size = 1;
  let power = 1;
  while (size < k + 1) {
    size = 2 * size + 1;
    power *= 2;
  }
  let at = k;
  while (size - 1 !== at) {
    size = (size - 1) >> 1;
    power /= 2;
    at %= size;
  }
  return power;
}
