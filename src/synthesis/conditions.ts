import type { Value } from "../../dsl/index.ts";
import { choiceOf } from "./choice.ts";
import type { Condition } from "./decision-table.ts";
import type { TermBank } from "./term-bank.ts";
import type { Application } from "./application.ts";
import type { Terms } from "./terms.ts";
import { FAILED } from "./value-numbers.ts";

/**
 * What conditions of a choice there are, the smallest of each kind, the smallest first.
 * @param contexts those that masks are about, at most 16, in the order of their bits
 */
export function conditionsOf(
  terms: Terms,
  choice: Application,
  contexts: readonly number[],
): readonly Condition[] {
  const nonterminal = choice.children[0] as number;
  const bank = terms.banks[nonterminal] as TermBank;
  const isTrue = choiceOf(choice) as (first: Value) => boolean;
  // Of words few are true.
  const yes =
    terms.isWord[nonterminal] === true ? terms.find(nonterminal, 1n) : terms.find(nonterminal, true);
  if (yes < 0 || !isTrue(terms.valueOf(nonterminal, yes) as Value)) return [];
  const n = bank.examples;
  const kinds = new Map<number, Condition>();
  for (let row = 0; row < bank.count; row++) {
    let [truth, known] = [0, 0];
    for (let k = 0; k < contexts.length; k++) {
      const number = bank.columns[row * n + (contexts[k] as number)];
      if (number === yes) truth |= 1 << k;
      if (number !== FAILED) known |= 1 << k;
    }
    if (truth === 0 || truth === known) continue;
    const size = bank.size[row] as number;
    const kind = truth * 65_536 + known;
    if (size < (kinds.get(kind)?.size ?? Number.POSITIVE_INFINITY))
      kinds.set(kind, { row, truth, known, size });
  }
  return [...kinds.values()].sort((p, q) => p.size - q.size || p.row - q.row);
}
