import {
  arithmetic,
  bool,
  compileGrammar,
  float32,
  fn,
  type Grammar,
  int,
  type Language,
  list,
  lists,
  logic,
  real,
  type Signature,
  string,
  text,
} from "../../dsl/index.ts";
import { texts } from "../dsl/rule-grammars.ts";

const allArithmetic = arithmetic({
  constants: true,
  operations: [
    "+",
    "-",
    "*",
    "/",
    "sqrt",
    "exp",
    "log",
    "sin",
    "cos",
    "tan",
    "tanh",
    "pow",
    "abs",
    "min",
    "max",
    "square",
    "cube",
    "neg",
    "inverse",
  ],
});
const allLogic = logic({
  operations: ["and", "or", "not", "nand", "nor", "xor", "xnor", "if", "implies"],
});
const nestedLists = lists({ ints: [0, 1, -3], types: [list(list(int))] });

const signed = (language: Language, signature: unknown): Grammar =>
  compileGrammar(language, signature as Signature);

/** Every language with several signatures, and grammars of rules, by name. */
export const grammars: readonly (readonly [string, Grammar])[] = [
  ["arithmetic of one real", signed(allArithmetic, fn({ x: real }, real))],
  ["arithmetic of three reals", signed(allArithmetic, fn({ x: real, y: real, z: real }, real))],
  [
    "arithmetic of floats",
    signed(
      arithmetic({ precision: "f32", operations: ["+", "*", "/", "exp"], constants: true }),
      fn({ x: float32, y: float32 }, float32),
    ),
  ],
  ["arithmetic without constants", signed(arithmetic(), fn({ x: real }, real))],
  ["logic of three", signed(allLogic, fn({ a: bool, b: bool, c: bool }, bool))],
  ["logic of one", signed(logic(), fn({ a: bool }, bool))],
  ["text to text", signed(text({ literals: ["", " ", "-", "$&"] }), fn({ s: string, n: int }, string))],
  ["text to int", signed(text(), fn({ s: string, t: string }, int))],
  ["text to truth", signed(text(), fn({ s: string, flag: bool }, bool))],
  ["lists to lists", signed(lists(), fn({ xs: list(int), n: int }, list(int)))],
  ["lists to int", signed(lists({ ints: [0, 1] }), fn({ xs: list(int), ys: list(int) }, int))],
  ["nested lists", signed(nestedLists, fn({ xss: list(list(int)) }, list(list(int))))],
  ["lists of words", signed(lists({ constants: false, ints: [2] }), fn({ words: list(string) }, bool))],
  ["rules of texts", texts],
];
