import type { Grammar, Outcome, Primitive, Production, Type, Value } from "../../dsl/index.ts";
import { countedNodes } from "./counted-size.ts";
import { checkedApply } from "./checked-apply.ts";
import type { OutcomeMemo } from "./outcome-memo.ts";
import { FAILED } from "./value-numbers.ts";
import { type WordKernel, wordKernel } from "./word-kernels.ts";
import type { WordNumbers } from "./word-numbers.ts";

/** An application of a row, as the search uses it. */
export interface Application {
  readonly production: number;
  /** Nonterminals of the arguments, and of the result. */
  readonly children: readonly number[];
  readonly nonterminal: number;
  readonly row: Production["primitive"] & {};
  /** Outcome on values as they are. */
  readonly apply: (a?: Value, b?: Value, c?: Value, d?: Value) => Outcome;
  /** The same on words by their numbers; null where it is about other values. */
  readonly kernel: WordKernel | null;
  /** What an application counts in the size of a term: as many nodes as its row costs, 1 at least. */
  readonly cost: number;
  /** Whether an argument is a function: its rows are those of bodies. */
  readonly takesFunctions: boolean;
  readonly memo: OutcomeMemo;
}

/**
 * The application of a row.
 * @param bankOf nonterminal → the one whose terms it shares
 * @param longest string and list that it may give
 * @param memo what it gave lately, with the same longest
 */
export function applicationOf(
  { types }: Grammar,
  production: Production,
  bankOf: readonly number[],
  words: WordNumbers,
  longest: number,
  memo: OutcomeMemo,
): Application {
  const { id, type, children } = production;
  const row = production.primitive as Primitive;
  return {
    production: id,
    nonterminal: type,
    children: children.map((child) => bankOf[child] as number),
    row,
    apply: checkedApply(types[type] as Type, row, longest),
    kernel: kernelOf(types, production, words),
    memo,
    cost: countedNodes(production),
    takesFunctions: children.some((child) => types[child]?.kind === "function"),
  };
}

function kernelOf(
  types: readonly Type[],
  { type, children, primitive }: Production,
  words: WordNumbers,
): WordKernel | null {
  const shape = types[type] as { kind: string; width?: number };
  const { vector } = primitive as Production["primitive"] & {};
  const areWords = [type, ...children].every((child) => {
    const { kind, width } = types[child] as { kind: string; width?: number };
    return kind === "bits" && width === shape.width;
  });
  const kernel = areWords && vector !== undefined ? wordKernel(words, vector, shape.width as number) : null;
  if (kernel === null) return null;
  const arity = children.length;
  return (a, b, c) =>
    a === FAILED || (arity > 1 && b === FAILED) || (arity > 2 && c === FAILED) ? FAILED : kernel(a, b, c);
}
