import type { Column, Machine } from "./column.ts";
import type { Grammar } from "./grammar.ts";
import { isNumberGrammar, NumberColumns } from "./number-columns.ts";
import { ValueColumns } from "./value-columns.ts";
import { elementOf } from "./vector-elements.ts";
import { VectorMachine } from "./vector-machine.ts";
import type { Outcome, Value } from "./value.ts";

/**
 * The fastest machine that can run a grammar.
 * @param inputs one array of values for each argument, all `caseCount` long
 */
export function createMachine(
  grammar: Grammar,
  inputs: readonly (readonly Value[])[],
  caseCount: number,
): Machine {
  if (elementOf(grammar) !== undefined) return new VectorMachine(grammar, inputs, caseCount);
  return isNumberGrammar(grammar)
    ? new NumberColumns(grammar, inputs, caseCount)
    : new ValueColumns(grammar, inputs, caseCount);
}

/** The outcome of one case as a value of the language. */
export function outcomeAt(grammar: Grammar, column: Column, index: number): Outcome {
  const value = column[index] as Outcome;
  return column instanceof Float64Array && grammar.types[grammar.resultType]?.kind === "bool"
    ? value !== 0
    : value;
}
