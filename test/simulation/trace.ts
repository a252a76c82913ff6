const MAXIMUM_EVENTS = 60;

/** The last things that happened, for people who look for a fault. */
export class Trace {
  readonly #events: string[] = [];

  add(event: string): void {
    this.#events.push(event);
    if (this.#events.length > MAXIMUM_EVENTS) this.#events.shift();
  }

  toString(): string {
    return this.#events.join("\n");
  }
}
