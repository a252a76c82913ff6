import type { Grammar, Production, Program } from "../../dsl/index.ts";

/** What a production counts in the size of a program: rows and literals that are less often meant more than one node, a lambda nothing. */
export function countedNodes({ kind, cost }: Production): number {
  if (kind === "lambda") return 0;
  if (kind === "literal") return 1 + cost;
  return kind === "primitive" ? Math.max(1, Math.round(cost)) : 1;
}

/** The size of a program as searches count it: by that the smallest one is the answer. */
export const countedSize = ({ productions }: Grammar, { tokens }: Program): number =>
  tokens.reduce((sum, token) => sum + countedNodes(productions[token] as Production), 0);
