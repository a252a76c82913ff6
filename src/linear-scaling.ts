import { type Grammar, type LinearScaling, type Program } from "../dsl/index.ts";

/** Tokens that scale a program, in postfix order after it. */
export interface ScalingTokens {
  readonly constant: number;
  readonly multiply: number;
  readonly add: number;
}

/** How programs of a grammar are scaled; null where its language lacks constants, sums or products of reals. */
export function scalingTokens(grammar: Grammar): ScalingTokens | null {
  const { resultType } = grammar;
  const isReal = grammar.types[resultType]?.kind === "real";
  // Rows may have any name; the operation of the vector machine says what they mean.
  const operation = (vector: "add" | "multiply"): number =>
    grammar.productions.findIndex((p) => p.primitive?.vector === vector && p.type === resultType);
  const constant = grammar.productions.findIndex((p) => p.kind === "constant" && p.type === resultType);
  const [multiply, add] = [operation("multiply"), operation("add")] as const;
  return isReal && constant >= 0 && multiply >= 0 && add >= 0 ? { constant, multiply, add } : null;
}

/** (+ (* program slope) offset): to the bit what scaling makes of the program's column. */
export function scaledProgram(
  { tokens, constants }: Program,
  { slope, offset }: LinearScaling,
  { constant, multiply, add }: ScalingTokens,
): Program {
  return {
    tokens: Int32Array.of(...tokens, constant, multiply, constant, add),
    constants: Float64Array.of(...constants, slope, offset),
  };
}
