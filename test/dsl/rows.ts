import {
  arithmetic,
  type ArithmeticOperation,
  bits,
  type BitVectorOperation,
  bitVectors,
  bool,
  collections,
  compileGrammar,
  float32,
  fn,
  type Grammar,
  int,
  kernels,
  list,
  lists,
  logic,
  type Production,
  real,
  string,
  text,
} from "../../dsl/index.ts";

export const arithmeticOperations =
  "+ - * / sqrt exp log sin cos tan tanh pow log1p expm1 cbrt floor abs min max square cube neg inverse".split(
    " ",
  ) as ArithmeticOperation[];

export const bitVectorOperations =
  "bvand bvor bvxor bvnot bvneg bvadd bvsub bvmul bvudiv bvurem bvsdiv bvsrem bvshl bvlshr bvashr shl1 shr1 shr4 shr16 if0 bvult bvule bvslt bvsle = and or not if".split(
    " ",
  ) as BitVectorOperation[];

/** Every row of every shipped language, closed over all types that its values can have. */
export const grammars: Readonly<
  Record<
    "arithmetic" | "single arithmetic" | "logic" | "bit vectors" | "text" | "lists" | "collections",
    Grammar
  >
> = {
  arithmetic: compileGrammar(
    arithmetic({ operations: arithmeticOperations, constants: true }),
    fn({ x: real }, real),
  ),
  "single arithmetic": compileGrammar(
    arithmetic({ precision: "f32", operations: arithmeticOperations, constants: true }),
    fn({ x: float32 }, float32),
  ),
  logic: compileGrammar(
    logic({ operations: ["and", "or", "not", "nand", "nor", "xor", "xnor", "if", "implies"] }),
    fn({ p: bool }, bool),
  ),
  "bit vectors": compileGrammar(
    bitVectors({ width: 8, operations: bitVectorOperations }),
    fn({ x: bits(8) }, bool),
  ),
  text: compileGrammar(text(), fn({}, bool)),
  lists: compileGrammar(
    lists({ types: [list(list(int)), list(bool), list(real), real] }),
    fn({ x: real, y: list(real) }, bool),
  ),
  collections: compileGrammar(
    collections({ types: [list(list(int)), list(bool), string, list(string)] }),
    fn({}, bool),
  ),
};

/** The productions of a grammar that are applications of rows. */
export const applications = (grammar: Grammar): readonly Production[] =>
  grammar.productions.filter((p) => p.kind === "primitive");

/** What exported code does with an application: the row's template, or the source of its `apply`, given JavaScript values. */
export function exportedRow(production: Production): (...args: unknown[]) => unknown {
  const row = production.primitive as NonNullable<Production["primitive"]>;
  const names = row.parameters.map((_, k) => `argument${k}`);
  const given =
    row.javascript === undefined
      ? `(${row.apply.toString()})(${names.join(", ")})`
      : row.javascript.replace(/\$(\d)/g, (_, k) => names[Number(k)] as string);
  const source = row.result.kind === "float32" ? `Math.fround(${given})` : given;
  return new Function("trap", "kernels", `"use strict"; return (${names.join(", ")}) => (${source});`)(
    (reason: string) => {
      throw new Error(reason);
    },
    kernels,
  ) as (...args: unknown[]) => unknown;
}
