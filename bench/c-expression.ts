import { type Grammar, type Production, type Program, referencedPosition } from "../dsl/index.ts";

/** A program of + − × ÷ of one argument `x` as statements of C, the value of the last of which is `value`. */
export function cStatements(grammar: Grammar, program: Program, type: "float" | "double"): string {
  const values: string[] = [];
  const stack: string[] = [];
  const statements: string[] = [];
  let constants = 0;
  program.tokens.forEach((token, position) => {
    let value: string;
    const production = grammar.productions[token] as Production;
    if (token < 0) value = values[referencedPosition(token)] as string;
    else if (production.kind === "argument") value = "x";
    else if (production.kind === "constant") value = `(${type})${program.constants[constants++]}`;
    else {
      const b = stack.pop() as string;
      const a = stack.pop() as string;
      value = `v${position}`;
      statements.push(`const ${type} ${value} = ${a} ${production.label} ${b};`);
    }
    values[position] = value;
    stack.push(value);
  });
  return [...statements, `const ${type} value = ${stack.pop()};`].join("\n    ");
}
