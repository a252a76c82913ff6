import type { Atom, GrammarWriter, Guard, Written } from "./grammar-writer.ts";
import type { DecisionList, Entry } from "./guard-learner.ts";
import type { Linear } from "./linear.ts";

/**
 * A list of decisions as a term, null where the grammar has none that is found.
 * @param atoms what its conditions ask
 * @param outputs what it chooses among: linear forms over the arguments, or truths
 */
export function writtenDecisions(
  writer: GrammarWriter,
  { entries, last }: DecisionList,
  atoms: readonly Atom[],
  outputs: readonly (Linear | boolean)[],
): Written | null {
  const guardOf = ({ isAny, conditions }: Entry): Guard => ({
    isAny,
    atoms: conditions.map((k) => atoms[k] as Atom),
  });
  const { start } = writer;
  const otherwise = outputs[last] as Linear | boolean;
  if (typeof otherwise !== "boolean")
    return writer.decisions(
      start,
      entries.map((entry) => ({ guard: guardOf(entry), term: outputs[entry.choice] as Linear })),
      otherwise,
    );
  if (entries.length === 0) return writer.constantTruth(start, otherwise);
  return writer.truths(
    start,
    entries.map((entry) => ({ guard: guardOf(entry), value: outputs[entry.choice] === true })),
    otherwise,
  );
}
