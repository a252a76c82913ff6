/** How much more a conflict counts than the one before it. */
const ACTIVITY_GROWTH = 1 / 0.75;
const LARGEST_ACTIVITY = 1e100;

/** The order in which open variables are decided: those of recent conflicts first (Moskewicz et al. 2001), in a heap. */
export class DecisionOrder {
  readonly #activity: number[] = [];
  #increment = 1;
  readonly #heap: number[] = [];
  readonly #heapAt: number[] = [];

  /** Takes in the next variable. */
  add(): void {
    this.#heapAt.push(-1);
    this.open(this.#activity.push(0) - 1);
  }

  /** Lets later conflicts count more. */
  age(): void {
    this.#increment *= ACTIVITY_GROWTH;
  }

  /** Notes that a variable is in a conflict. */
  bump(variable: number): void {
    this.#activity[variable] = (this.#activity[variable] as number) + this.#increment;
    if ((this.#activity[variable] as number) > LARGEST_ACTIVITY) {
      for (let v = 0; v < this.#activity.length; v++)
        this.#activity[v] = (this.#activity[v] as number) / LARGEST_ACTIVITY;
      this.#increment /= LARGEST_ACTIVITY;
    }
    if ((this.#heapAt[variable] as number) >= 0) this.#rise(this.#heapAt[variable] as number);
  }

  /** The open variable of the most activity, −1 where all are decided. */
  next(isOpen: (variable: number) => boolean): number {
    for (;;) {
      const [top] = this.#heap;
      if (top === undefined) return -1;
      const last = this.#heap.pop() as number;
      this.#heapAt[top] = -1;
      if (top !== last) {
        this.#heap[0] = last;
        this.#heapAt[last] = 0;
        this.#sink(0);
      }
      if (isOpen(top)) return top;
    }
  }

  /** Puts a variable back that is no longer decided. */
  open(variable: number): void {
    if ((this.#heapAt[variable] as number) >= 0) return;
    this.#heapAt[variable] = this.#heap.push(variable) - 1;
    this.#rise(this.#heapAt[variable] as number);
  }

  /** Whether one is decided before another. */
  #isBefore(a: number, b: number): boolean {
    const difference = (this.#activity[a] as number) - (this.#activity[b] as number);
    return difference > 0 || (difference === 0 && a < b);
  }

  #rise(from: number): void {
    const heap = this.#heap;
    const variable = heap[from] as number;
    let at = from;
    while (at > 0) {
      const above = (at - 1) >> 1;
      if (!this.#isBefore(variable, heap[above] as number)) break;
      heap[at] = heap[above] as number;
      this.#heapAt[heap[at] as number] = at;
      at = above;
    }
    heap[at] = variable;
    this.#heapAt[variable] = at;
  }

  #sink(from: number): void {
    const heap = this.#heap;
    const variable = heap[from] as number;
    let at = from;
    for (;;) {
      let below = 2 * at + 1;
      if (below >= heap.length) break;
      if (below + 1 < heap.length && this.#isBefore(heap[below + 1] as number, heap[below] as number))
        below++;
      if (!this.#isBefore(heap[below] as number, variable)) break;
      heap[at] = heap[below] as number;
      this.#heapAt[heap[at] as number] = at;
      at = below;
    }
    heap[at] = variable;
    this.#heapAt[variable] = at;
  }
}
