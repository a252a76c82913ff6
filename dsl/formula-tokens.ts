import { excerpt } from "./input-error.ts";

export interface FormulaToken {
  readonly kind: "number" | "name" | "sign" | "end" | "unknown";
  readonly text: string;
  /** Where it begins. */
  readonly at: number;
}

const pattern =
  /(?<number>(?:\d+\.?\d*|\.\d+)(?:e[-+]?\d+)?)|(?<name>[\p{L}_][\p{L}\d_]*)|(?<sign>\*\*|[-+*/^(),])|\s+|(?<unknown>[^])/giu;

/** The tokens of a formula, the last one of kind "end". */
export function formulaTokens(text: string): FormulaToken[] {
  const tokens: FormulaToken[] = [];
  for (const { groups = {}, index } of text.matchAll(pattern))
    for (const kind of ["number", "name", "sign", "unknown"] as const) {
      const token = groups[kind];
      if (token !== undefined) tokens.push({ kind, text: token, at: index });
    }
  return [...tokens, { kind: "end", text: "", at: text.length }];
}

/** A token as messages show it. */
export const shownToken = ({ kind, text }: FormulaToken): string =>
  kind === "end" ? "the end" : JSON.stringify(excerpt(text));
