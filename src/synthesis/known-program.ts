import type { Production, Program, Value } from "../../dsl/index.ts";
import { countedNodes } from "./counted-size.ts";
import { ARGUMENTS, NONE } from "./term-bank.ts";
import type { Terms } from "./terms.ts";

/** The row of a program in the banks, which take it in; NONE where it fails on all examples, or has terms that banks have not. */
export function rowOf(terms: Terms, { tokens, constants }: Program): number {
  const rows: number[] = [];
  let constant = 0;
  for (const token of tokens) {
    const production = terms.grammar.productions[token];
    if (production === undefined) return NONE;
    const { kind, children } = production;
    const application = terms.applicationOf[token];
    let row: number;
    if (kind === "primitive" && children.length > 0) {
      if (application === undefined || children.length > ARGUMENTS) return NONE;
      const [a, b = 0, c = 0, d = 0] = rows.splice(rows.length - children.length) as [number, ...number[]];
      row = terms.put(application, a, b, c, d);
    } else row = leafRow(terms, production, kind === "constant" ? (constants[constant++] as number) : 0);
    if (row === NONE) return NONE;
    rows.push(row);
  }
  return rows[0] ?? NONE;
}

/** The row of a term without arguments; NONE where there is none. */
function leafRow(terms: Terms, production: Production, constant: number): number {
  const { id, type, kind, index, value } = production;
  const { column, contexts } = terms;
  const size = countedNodes(production);
  let of: (e: number) => Value | undefined;
  if (kind === "argument") of = (e) => contexts[e]?.inputs[index];
  else if (kind === "literal") of = () => value;
  else if (kind === "constant") of = () => constant;
  else if (kind === "primitive") of = () => terms.applicationOf[id]?.apply() as Value | undefined;
  else return NONE;
  for (let e = 0; e < column.length; e++) column[e] = terms.numberOf(type, of(e));
  const row = terms.bank(type).insert(column, id, size, constant, 0, 0, 0, false);
  if (row >= NONE) return row;
  terms.bank(type).improve(-2 - row, id, size, constant, 0, 0, 0);
  return -2 - row;
}
