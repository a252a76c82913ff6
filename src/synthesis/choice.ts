import type { Value } from "../../dsl/index.ts";
import type { Application } from "./application.ts";

/** Whether a value of the first argument of a choice takes the second argument; null for rows that choose nothing. */
export function choiceOf({ row, children, nonterminal }: Application): ((first: Value) => boolean) | null {
  const [, yes, no] = children;
  if (children.length !== 3 || yes !== nonterminal || no !== nonterminal) return null;
  if (row.vector === "if-one") return (first) => first === 1n;
  return row.strictParameters === 1 || row.vector === "if" ? (first) => first === true : null;
}
