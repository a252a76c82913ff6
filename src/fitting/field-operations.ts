import type { Grammar } from "../../dsl/index.ts";

/** What a production does, as far as algebra is concerned. */
export const ADD = 0;
export const SUBTRACT = 1;
export const MULTIPLY = 2;
export const DIVIDE = 3;
export const NEGATE = 4;
export const INVERT = 5;
export const SQUARE = 6;
export const CUBE = 7;
/** Any other function: nothing is known of it. */
export const OPAQUE = 8;

const known: ReadonlyMap<string | undefined, number> = new Map([
  ["add", ADD],
  ["subtract", SUBTRACT],
  ["multiply", MULTIPLY],
  ["divide", DIVIDE],
  ["negate", NEGATE],
  ["inverse", INVERT],
  ["square", SQUARE],
  ["cube", CUBE],
]);

/** Production → which operation of a field it is. */
export function fieldOperations(grammar: Grammar): Uint8Array {
  return Uint8Array.from(grammar.productions, ({ primitive }) => known.get(primitive?.vector) ?? OPAQUE);
}
