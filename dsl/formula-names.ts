import { type FormulaFunction, formulaFunctionTable } from "./formula-functions.ts";

type Pair = readonly [high: number, low: number];

const PI: Pair = [3.141592653589793, 1.2246467991473532e-16];
export const E: Pair = [2.718281828459045, 1.4456468917292502e-16];

export const formulaConstants: ReadonlyMap<string, Pair> = new Map([
  ["pi", PI],
  ["π", PI],
  ["e", E],
]);

export const formulaCalls: ReadonlyMap<string, FormulaFunction> = new Map(
  formulaFunctionTable.map((row) => [row.name, row]),
);

/** Names that no argument can have. */
export const formulaNames: readonly string[] = [...formulaConstants.keys(), ...formulaCalls.keys()];

/** What looks like a slip instead of a name for the argument: PI, sinx. */
export function meantName(name: string): string | null {
  const known = formulaNames.find((other) => other.length > 1 && other === name.toLowerCase());
  if (known !== undefined) return known;
  const called = [...formulaCalls.keys()].find((other) => other === name.slice(0, -1));
  return called === undefined ? null : `${called}(${name.slice(-1)})`;
}
