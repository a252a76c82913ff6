import { cCode } from "../export-c.ts";
import type { ExportLanguage } from "../export-program.ts";
import { pythonCode } from "../export-python.ts";
import type { Grammar } from "../grammar.ts";
import { createMachine, outcomeAt } from "../machine.ts";
import type { Program } from "../program.ts";
import { isTrap, trap } from "../trap.ts";
import type { TypeShape } from "../type.ts";
import { type Outcome, sameOutcome, type Value } from "../value.ts";
import { edgeValues } from "./edge-values.ts";
import { perturbedOutcomes } from "./perturbation.ts";

/** What an exported program must give. */
export interface Fixture {
  readonly inputs: readonly Value[];
  readonly outcome: Outcome;
  /** How far a number may be from it; 0: the same bits. */
  readonly tolerance: number;
}

const SPREAD_CASES = 50;
const EDGE_CASES = 60;

/**
 * Inputs spread over the cases, and edge values of their types, with what Illume's machine gives. Where the language's
 * own functions may differ in the last bits, the tolerance is what such differences can come to; inputs on which they
 * come to much are left out.
 * @param inputs argument → its values on the cases
 */
export function conformanceFixtures(
  to: ExportLanguage,
  grammar: Grammar,
  program: Program,
  inputs: readonly (readonly Value[])[],
  caseCount: number,
): Fixture[] {
  const rows = rowsOf(grammar.signature.argumentTypes, inputs, caseCount);
  const columns = grammar.signature.argumentNames.map((_, a) => rows.map((row) => row[a] as Value));
  const column = createMachine(grammar, columns, rows.length).run(program);
  const isExact = isExactIn(to, grammar, program);
  const tooMuch = grammar.signature.result.kind === "float32" ? TOO_MUCH_SINGLE : TOO_MUCH;
  return rows.flatMap((row, i) => {
    const outcome = outcomeAt(grammar, column, i);
    // What an exported program may spend is not limited.
    if (outcome === trap("out-of-fuel") || outcome === trap("too-large")) return [];
    const tolerance = isExact
      ? 0
      : toleranceOf(outcome, perturbedOutcomes(to, grammar, program, row), tooMuch);
    return tolerance === null ? [] : [{ inputs: row, outcome, tolerance }];
  });
}

function isExactIn(to: ExportLanguage, grammar: Grammar, program: Program): boolean {
  if (to === "c") return cCode(grammar, program, "program").isExact;
  return to !== "python" || pythonCode(grammar, program, "program").isExact;
}

/** Relative differences from which on a result says nothing, of doubles and of singles. */
const TOO_MUCH = 1e-6;
const TOO_MUCH_SINGLE = 1e-3;

/** Twice the largest difference that last bits come to; null where it is too much. */
function toleranceOf(outcome: Outcome, perturbed: readonly Outcome[], tooMuch: number): number | null {
  if (typeof outcome !== "number" || !Number.isFinite(outcome))
    return perturbed.every((other) => sameOutcome(outcome, other)) ? 0 : null;
  const largest = Math.max(...perturbed.map((other) => Math.abs((other as number) - outcome)));
  return largest <= Math.abs(outcome) * tooMuch ? 2 * largest : null;
}

/** Inputs to test: cases, evenly spread, then edge values together and one at a time. */
function rowsOf(
  types: readonly TypeShape[],
  inputs: readonly (readonly Value[])[],
  caseCount: number,
): (readonly Value[])[] {
  const caseAt = (i: number): Value[] => inputs.map((values) => values[i] as Value);
  const count = Math.min(SPREAD_CASES, caseCount);
  const spread = Array.from({ length: count }, (_, k) =>
    caseAt(count === 1 ? 0 : Math.round((k * (caseCount - 1)) / (count - 1))),
  );
  const edges = types.map(edgeValues);
  const longest = Math.max(0, ...edges.map((values) => values.length));
  const together = Array.from({ length: longest }, (_, k) =>
    edges.map((values) => values[k % values.length] as Value),
  );
  const alone = edges.flatMap((values, a) =>
    values.map((value) => caseAt(0).map((other, b) => (a === b ? value : other))),
  );
  return [...spread, ...[...together, ...(types.length > 1 ? alone : [])].slice(0, EDGE_CASES)];
}

/** The reason of a trap, or null for a value. */
export const reasonOf = (outcome: Outcome): string | null => (isTrap(outcome) ? outcome.reason : null);
