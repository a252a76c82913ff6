/** Lets things run side by side, or one of them alone; who asks first comes first. */
export class Turns {
  #running = 0;
  #isTakenAlone = false;
  readonly #waiting: { readonly isAlone: boolean; readonly begin: () => void }[] = [];

  /** Resolves when it is the caller's turn; what it resolves to ends the turn. */
  take(isAlone: boolean): Promise<() => void> {
    return new Promise((resolve) => {
      this.#waiting.push({
        isAlone,
        begin: () =>
          resolve(() => {
            this.#running--;
            this.#isTakenAlone = false;
            this.#admit();
          }),
      });
      this.#admit();
    });
  }

  #admit(): void {
    for (;;) {
      const [first] = this.#waiting;
      if (first === undefined || this.#isTakenAlone || (first.isAlone && this.#running > 0)) return;
      this.#waiting.shift();
      this.#running++;
      this.#isTakenAlone = first.isAlone;
      first.begin();
    }
  }
}
