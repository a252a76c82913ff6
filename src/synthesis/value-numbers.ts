import { isTrap, type Outcome, type Value } from "../../dsl/index.ts";

/** The number of a failure. */
export const FAILED = 0;

/**
 * Values as numbers, the same for equal values: columns of them are compared, hashed and looked up as ints. Number 0 is any failure.
 * Values are those of a search; they are never taken back, so the owner counts them.
 */
export class ValueNumbers {
  /** Number → value; undefined for the failure. */
  readonly values: (Value | undefined)[] = [undefined];
  readonly #strings = new Map<string, number>();
  readonly #numbers = new Map<number, number>();
  readonly #lists = new Map<string, number>();
  #false = 0;
  #true = 0;

  /** The number of an outcome, which is taken in where it is new. */
  numberOf(outcome: Outcome | undefined): number {
    if (typeof outcome === "string") {
      const known = this.#strings.get(outcome);
      if (known !== undefined) return known;
      const number = this.values.push(outcome) - 1;
      this.#strings.set(outcome, number);
      return number;
    }
    if (typeof outcome === "number") {
      // −0 is 0.
      const known = this.#numbers.get(outcome);
      if (known !== undefined) return known;
      const number = this.values.push(outcome + 0) - 1;
      this.#numbers.set(outcome + 0, number);
      return number;
    }
    if (outcome === true) {
      if (this.#true === 0) this.#true = this.values.push(true) - 1;
      return this.#true;
    }
    if (outcome === false) {
      if (this.#false === 0) this.#false = this.values.push(false) - 1;
      return this.#false;
    }
    if (outcome === undefined || isTrap(outcome)) return FAILED;
    const key = textOf(outcome);
    const known = this.#lists.get(key);
    if (known !== undefined) return known;
    const number = this.values.push(outcome) - 1;
    this.#lists.set(key, number);
    return number;
  }

  /** The number of a value that is known, −1 for others. */
  find(value: Value): number {
    if (typeof value === "string") return this.#strings.get(value) ?? -1;
    if (typeof value === "number") return this.#numbers.get(value) ?? -1;
    if (typeof value === "boolean") return (value ? this.#true : this.#false) || -1;
    return this.#lists.get(textOf(value)) ?? -1;
  }
}

/** A text that equal values share: of lists, pairs and bits. */
const textOf = (value: Value): string =>
  typeof value === "bigint"
    ? value.toString(36)
    : JSON.stringify(value, (_, part: unknown) =>
        typeof part === "bigint" ? `#${part.toString(36)}` : part,
      );
