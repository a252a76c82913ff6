import { defineLanguage, type Language } from "../language.ts";
import { primitive } from "../primitive.ts";
import { bool } from "../type.ts";
import { readOptions, selectRows } from "./selection.ts";

const table = [
  primitive("and", [bool, bool], bool, (a, b) => a && b, {
    vector: "and",
    commutative: true,
    javascript: "($0 && $1)",
    python: "($0 and $1)",
    c: "($0 && $1)",
    latex: "$0 \\land $1",
    documentation: "True when both are true.",
  }),
  primitive("or", [bool, bool], bool, (a, b) => a || b, {
    vector: "or",
    commutative: true,
    javascript: "($0 || $1)",
    python: "($0 or $1)",
    c: "($0 || $1)",
    latex: "$0 \\lor $1",
    documentation: "True when at least one is true.",
  }),
  primitive("not", [bool], bool, (a) => !a, {
    vector: "not",
    javascript: "(!$0)",
    python: "(not $0)",
    c: "(!$0)",
    latex: "\\lnot $0",
    documentation: "True when it is false.",
  }),
  primitive("nand", [bool, bool], bool, (a, b) => !(a && b), {
    vector: "nand",
    commutative: true,
    javascript: "(!($0 && $1))",
    python: "(not ($0 and $1))",
    c: "(!($0 && $1))",
    latex: "\\lnot \\left($0 \\land $1\\right)",
    documentation: "False when both are true.",
  }),
  primitive("nor", [bool, bool], bool, (a, b) => !(a || b), {
    vector: "nor",
    commutative: true,
    javascript: "(!($0 || $1))",
    python: "(not ($0 or $1))",
    c: "(!($0 || $1))",
    latex: "\\lnot \\left($0 \\lor $1\\right)",
    documentation: "True when both are false.",
  }),
  primitive("xor", [bool, bool], bool, (a, b) => a !== b, {
    vector: "xor",
    commutative: true,
    javascript: "($0 !== $1)",
    python: "($0 != $1)",
    c: "($0 != $1)",
    latex: "$0 \\oplus $1",
    documentation: "True when exactly one is true.",
  }),
  primitive("xnor", [bool, bool], bool, (a, b) => a === b, {
    vector: "xnor",
    commutative: true,
    javascript: "($0 === $1)",
    python: "($0 == $1)",
    c: "($0 == $1)",
    latex: "$0 \\leftrightarrow $1",
    documentation: "True when both are the same.",
  }),
  primitive("if", [bool, bool, bool], bool, (a, b, c) => (a ? b : c), {
    vector: "if",
    javascript: "($0 ? $1 : $2)",
    python: "($1 if $0 else $2)",
    c: "($0 ? $1 : $2)",
    latex: "\\operatorname{if}\\left($0, $1, $2\\right)",
    documentation: "The second when the first is true, otherwise the third.",
  }),
  primitive("implies", [bool, bool], bool, (a, b) => !a || b, {
    vector: "implies",
    javascript: "(!$0 || $1)",
    python: "(not $0 or $1)",
    c: "(!$0 || $1)",
    latex: "$0 \\rightarrow $1",
    documentation: "False when the first is true and the second is not.",
  }),
] as const;

/** Name of a row of the logic language. */
export type LogicOperation = (typeof table)[number]["name"];

export interface LogicOptions {
  /** Rows that programs may use; `and or not` unless told. */
  readonly operations?: readonly LogicOperation[];
}

/**
 * The language of Boolean circuits.
 * @throws InputError for names that are not rows
 */
export function logic(options: LogicOptions = {}): Language {
  readOptions("logic", options, ["operations"]);
  return defineLanguage({
    name: "logic",
    primitives: selectRows("logic", table, options.operations ?? ["and", "or", "not"]),
  });
}
