import type { Value } from "../dsl/index.ts";

/** A function that textbooks have, and the examples that a search for it is given. */
export interface TextbookTask {
  readonly name: string;
  readonly kind: "list" | "integer";
  readonly argumentNames: readonly string[];
  /** Five to ten, as a person would give them. */
  readonly examples: readonly TextbookExample[];
  /** Twenty that the search does not see. */
  readonly hidden: readonly TextbookExample[];
}

export interface TextbookExample {
  readonly inputs: readonly Value[];
  readonly output: Value;
}

const HIDDEN_EXAMPLES = 20;

/** An int from one bound to the other, both included. */
export type Draw = (from: number, to: number) => number;

/** Numbers of a task (mulberry32, Tommy Ettinger 2017), from its name alone. */
function drawOf(name: string): Draw {
  let state = 0;
  for (const letter of name) state = Math.imul(state ^ (letter.codePointAt(0) as number), 0x9e3779b1);
  return (from, to) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return from + (((mixed ^ (mixed >>> 14)) >>> 0) % (to - from + 1));
  };
}

export type Ints = readonly number[];
export type Lists = readonly Ints[];
export type Strings = readonly string[];
export const ascending = (xs: Ints): number[] => xs.toSorted((a, b) => a - b);
export const total = (xs: Ints): number => xs.reduce((sum, x) => sum + x, 0);
export const upTo = (n: number): number[] => Array.from({ length: Math.max(0, n) }, (_, k) => k + 1);
export const digitsOf = (n: number): number[] => [...String(n)].map(Number);

/** Some ints. */
export const some = (draw: Draw, least: number, most: number, from = -9, to = 20): number[] =>
  Array.from({ length: draw(least, most) }, () => draw(from, to));
export const words =
  "pear fig apple kiwi plum banana cherry grape melon lime peach date apricot avocado orange papaya".split(
    " ",
  );
export const someWords = (draw: Draw, least: number, most: number): string[] =>
  Array.from({ length: draw(least, most) }, () => words[draw(0, words.length - 1)] as string);

/** Puts tasks together. */
export class TaskList {
  readonly tasks: TextbookTask[] = [];

  /** @param draw inputs of hidden examples */
  task<const A extends readonly Value[]>(
    kind: TextbookTask["kind"],
    name: string,
    names: string,
    reference: (...given: A) => Value,
    shown: readonly A[],
    draw: (draw: Draw) => A,
  ): void {
    const example = (inputs: A): TextbookExample => ({ inputs, output: reference(...inputs) });
    const random = drawOf(name);
    this.tasks.push({
      name,
      kind,
      argumentNames: names.split(" "),
      examples: shown.map(example),
      hidden: Array.from({ length: HIDDEN_EXAMPLES }, () => example(draw(random))),
    });
  }

  ofList(
    name: string,
    reference: (xs: Ints) => Value,
    shown: Lists,
    draw: (draw: Draw) => Ints = (d) => some(d, 0, 8),
  ): void {
    this.task<[Ints]>(
      "list",
      name,
      "xs",
      reference,
      shown.map((xs) => [xs]),
      (d) => [draw(d)],
    );
  }

  ofInt(name: string, reference: (n: number) => Value, shown: Ints, from: number, to: number): void {
    this.task<[number]>(
      "integer",
      name,
      "n",
      reference,
      shown.map((n) => [n]),
      (d) => [d(from, to)],
    );
  }

  ofInts<const A extends Ints>(
    name: string,
    names: string,
    reference: (...given: A) => Value,
    shown: readonly A[],
    draw: (draw: Draw) => A,
  ): void {
    this.task<A>("integer", name, names, reference, shown, draw);
  }
}
