import {
  bits,
  bool,
  compileRules,
  fn,
  int,
  type Nonterminal,
  type Primitive,
  primitive,
  type Rule,
  string,
  trap,
  type Type,
  type Value,
} from "../../dsl/index.ts";

export const plus = primitive("+", [int, int], int, (a, b) => a + b);
const quotient = primitive("/", [int, int], int, (a, b) =>
  b === 0 ? trap("divide-by-zero") : Math.trunc(a / b),
);
export const concat = primitive("++", [string, string], string, (a, b) => a + b);
const size = primitive("size", [string], int, (s) => s.length);
const choose = primitive("if", [bool, string, string], string, (c, a, b) => (c ? a : b), {
  strictParameters: 1,
});
const less = primitive("<", [int, int], bool, (a, b) => a < b);
const xor = primitive("xor", [bits(8), bits(8)], bits(8), (a, b) => a ^ b, { vector: "xor" });
const shift = primitive("shl1", [bits(8)], bits(8), (a) => BigInt.asUintN(8, a << 1n), {
  vector: "shift-left-1",
});

export const use = (name: string): Rule => ({ kind: "nonterminal", name });
export const argument = (name: string): Rule => ({ kind: "argument", name });
export const literal = (value: Value): Rule => ({ kind: "literal", value });
export const apply = (row: Primitive, ...rules: Rule[]): Rule => ({
  kind: "application",
  row,
  arguments: rules,
});
export const nonterminal = (name: string, type: Type, ...rules: Rule[]): Nonterminal => ({
  name,
  type,
  rules,
});

/** Two nonterminals of ints and two of strings, aliases, terms within rules, and constants beside literals. */
export const texts = compileRules({
  name: "texts",
  signature: fn({ x: string, n: int }, string),
  start: "Start",
  nonterminals: [
    nonterminal("Start", string, use("Text")),
    nonterminal(
      "Text",
      string,
      argument("x"),
      literal('a "b" ; ('),
      apply(concat, use("Text"), use("Text")),
      apply(concat, use("Text"), literal(" ")),
      apply(concat, use("Text"), apply(concat, literal("-"), use("Word"))),
      apply(choose, apply(less, use("Size"), use("Number")), use("Text"), use("Word")),
    ),
    nonterminal("Word", string, literal("w"), argument("x"), use("Text")),
    nonterminal("Number", int, argument("n"), literal(1), literal(1), { kind: "constant" }, use("Size")),
    nonterminal(
      "Size",
      int,
      apply(size, use("Text")),
      apply(plus, use("Number"), use("Size")),
      apply(plus, use("Number"), literal(1)),
      apply(quotient, use("Number"), use("Number")),
      use("Number"),
    ),
  ],
});

/** Words of one width, which run on the vector machine. */
export const words = compileRules({
  name: "words",
  signature: fn({ x: bits(8) }, bits(8)),
  start: "A",
  nonterminals: [
    nonterminal("A", bits(8), argument("x"), apply(xor, use("B"), use("A")), apply(shift, use("B"))),
    nonterminal("B", bits(8), literal(0x81n), argument("x"), apply(shift, use("A"))),
    nonterminal("Unused", int, literal(1)),
  ],
});
