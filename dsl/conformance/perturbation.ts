import { cDialect } from "../export-c.ts";
import type { ExportLanguage } from "../export-program.ts";
import { pythonDialect } from "../export-python.ts";
import { callsOf } from "../template-code.ts";
import type { Grammar, Production } from "../grammar.ts";
import type { Program } from "../program.ts";
import { interpret } from "../reference.ts";
import type { Outcome, Value } from "../value.ts";

const TRIALS = 8;

/** Four units in the last place of a double; two in that of a single. */
const DOUBLE_STEP = 2 ** -50;
const SINGLE_STEP = 2 ** -22;

/**
 * What a program gives when the functions that differ between libraries err in their last bits, up and down in changing
 * company.
 */
export function perturbedOutcomes(
  to: ExportLanguage,
  grammar: Grammar,
  program: Program,
  inputs: readonly Value[],
): Outcome[] {
  // A sequence of signs that is the same every time (a linear congruential generator).
  let state = 1;
  const sign = (): number => {
    state = (Math.imul(state, 1664525) + 1013904223) | 0;
    return state < 0 ? -1 : 1;
  };
  const productions = grammar.productions.map((production): Production => {
    const { primitive } = production;
    if (primitive === undefined || isExactRow(to, production)) return production;
    const step = primitive.result.kind === "float32" ? SINGLE_STEP : DOUBLE_STEP;
    const apply = (...args: unknown[]): unknown => {
      const value: unknown = primitive.apply(...args);
      return typeof value === "number" ? value * (1 + sign() * step) : value;
    };
    return { ...production, primitive: { ...primitive, apply } };
  });
  const perturbed = { ...grammar, productions };
  return Array.from({ length: TRIALS }, () => interpret(perturbed, program, inputs));
}

/** Whether a row gives the same bits in every implementation of a language. */
function isExactRow(to: ExportLanguage, { primitive }: Production): boolean {
  const dialect = to === "c" ? cDialect : pythonDialect;
  return callsOf(primitive?.[dialect.template] ?? "").every((call) => dialect.exactCalls.has(call));
}
