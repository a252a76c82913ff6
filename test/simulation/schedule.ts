interface ScheduledEvent {
  readonly time: number;
  readonly order: number;
  readonly action: () => void;
}

/** Virtual time: what happens in a session, one event after another, however long it takes on the machine. */
export class Schedule {
  now = 0;
  readonly #events: ScheduledEvent[] = [];
  #order = 0;

  /** Lets something happen after a delay; at the same time, in the order in which it was asked for. */
  after(delay: number, action: () => void): void {
    const event = { time: this.now + delay, order: this.#order++, action };
    const later = this.#events.findIndex((other) => other.time > event.time);
    this.#events.splice(later < 0 ? this.#events.length : later, 0, event);
  }

  sleep(delay: number): Promise<void> {
    return new Promise((resolve) => this.after(delay, resolve));
  }

  /** Lets the next event happen; false if there is none. */
  step(): boolean {
    const event = this.#events.shift();
    if (event === undefined) return false;
    this.now = event.time;
    event.action();
    return true;
  }
}

/** Lets every promise that can go on do so: nothing in a simulation waits for the machine. */
export const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
