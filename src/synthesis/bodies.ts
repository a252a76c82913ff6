import type { Call, Value } from "../../dsl/index.ts";
import { choiceOf } from "./choice.ts";
import { conditionsOf } from "./conditions.ts";
import { DecisionTable } from "./decision-table.ts";
import { NONE, type TermBank } from "./term-bank.ts";
import type { Terms } from "./terms.ts";

/** Bodies that are tried for one set of calls: those that contexts cannot tell from one that fits. */
const MOST_BODIES = 20;
/** Calls that a tree of decisions is made for; those that it fails on come to them. */
const FIRST_CALLS = 6;
const MOST_CALLS = 12;

/** What a body must give: context → value number. */
export type Wanted = ReadonlyMap<number, number>;

/**
 * What bodies of lambdas must give in their own contexts for calls to have their values, as far as there are contexts with these calls.
 * @param calls context of the lambda → calls
 * @returns null where calls contradict each other, or no term gives a value
 */
export function wantedOf(
  terms: Terms,
  functionType: number,
  calls: readonly (readonly Call[])[],
): Wanted | null {
  const scope = terms.scopeOf(functionType);
  const result = terms.bodyOf[functionType] as number;
  const wanted = new Map<number, number>();
  for (const [e, known] of calls.entries())
    for (const [given, value] of known) {
      const number = terms.find(result, value as Value);
      if (number < 0) return null;
      const context = scope.contextOf(e, given as Value[]);
      if (context < 0) continue;
      const before = wanted.get(context);
      if (before !== undefined && before !== number) return null;
      wanted.set(context, number);
    }
  return wanted;
}

/** The smallest known bodies that give what is wanted. */
export function bodiesFor(bank: TermBank, wanted: Wanted): number[] {
  return bank
    .rowsWith([...wanted.keys()], [...wanted.values()])
    .sort((p, q) => (bank.size[p] as number) - (bank.size[q] as number) || p - q)
    .slice(0, MOST_BODIES);
}

/**
 * The smallest tree of decisions between known terms that gives what is wanted, where one of a few calls gives the others, too.
 * @returns the row of the body, NONE where none was found
 */
export function decidedBody(scope: Terms, nonterminal: number, wanted: Wanted): number {
  const choice = scope.applications.find(
    (application) => application.nonterminal === nonterminal && choiceOf(application) !== null,
  );
  if (choice === undefined) return NONE;
  const bank = scope.bank(nonterminal);
  const n = bank.examples;
  // Calls of different values first.
  const contexts = [...wanted.keys()];
  const firstOf = new Set<number>();
  const order = [
    ...contexts.filter((context) => firstOf.size < firstOf.add(wanted.get(context) as number).size),
    ...contexts,
  ];
  const chosen = [...new Set(order)].slice(0, FIRST_CALLS);
  while (chosen.length <= MOST_CALLS) {
    scope.steps += bank.count >> 3;
    const table = new DecisionTable(chosen.length);
    for (let row = 0; row < bank.count; row++) {
      let mask = 0;
      for (let k = 0; k < chosen.length; k++)
        if (bank.columns[row * n + (chosen[k] as number)] === wanted.get(chosen[k] as number)) mask |= 1 << k;
      if (mask !== 0) table.add(mask, row, bank.size[row] as number);
    }
    table.solve(conditionsOf(scope, choice, chosen));
    const full = 2 ** chosen.length - 1;
    const build = (mask: number): number => {
      const decision = table.decision(mask);
      if (decision.kind === "term") return decision.row;
      const yes = build(decision.truth);
      const no = build(mask & ~decision.truth);
      return yes === NONE || no === NONE ? NONE : scope.put(choice, decision.row, yes, no);
    };
    if (table.size(full) === Number.POSITIVE_INFINITY) return NONE;
    const row = build(full);
    if (row === NONE) return NONE;
    const wrong = contexts.find((context) => bank.columns[row * n + context] !== wanted.get(context));
    if (wrong === undefined) return row;
    if (chosen.includes(wrong)) return NONE;
    chosen.push(wrong);
  }
  return NONE;
}
