import type { Program } from "../../dsl/index.ts";
import { programOf } from "./answer.ts";
import { bitCount } from "./goal-search.ts";
import type { PartialAnswer } from "./program-search.ts";
import type { Terms } from "./terms.ts";

/** Small terms of all types, so many of each bank, the smallest first. */
export function smallTerms(searched: readonly Terms[], count: number): Program[] {
  const programs: Program[] = [];
  for (const terms of searched)
    terms.banks.forEach((bank, type) => {
      let left = count;
      for (const rows of bank.rowsOfSize)
        for (const row of rows) if (left-- > 0) programs.push(programOf(terms, type, row));
    });
  return programs.sort((p, q) => p.tokens.length - q.tokens.length);
}

/** For each set of examples that terms pass the smallest such term, so many, those that pass most first. */
export function partialAnswers(searched: readonly Terms[], count: number): PartialAnswer[] {
  const smallest = new Map<number, { readonly terms: Terms; readonly row: number; readonly size: number }>();
  for (const terms of searched) {
    const { resultType } = terms.grammar;
    const bank = terms.bank(resultType);
    const goal = terms.goal();
    for (let row = 0; row < bank.count; row++) {
      const mask = maskOf(terms, resultType, row, goal);
      const size = bank.size[row] as number;
      if (mask !== 0 && size < (smallest.get(mask)?.size ?? Number.POSITIVE_INFINITY))
        smallest.set(mask, { terms, row, size });
    }
  }
  return [...smallest]
    .sort(([p], [q]) => bitCount(q) - bitCount(p) || q - p)
    .slice(0, count)
    .map(([mask, { terms, row }]) => ({
      program: programOf(terms, terms.grammar.resultType, row),
      passed: bitCount(mask),
    }));
}

/** The examples on which a term gives the goal. */
export function maskOf(terms: Terms, nonterminal: number, row: number, goal: Int32Array): number {
  const { columns } = terms.bank(nonterminal);
  let mask = 0;
  for (let e = 0; e < goal.length; e++) if (columns[row * goal.length + e] === goal[e]) mask |= 1 << e;
  return mask;
}
