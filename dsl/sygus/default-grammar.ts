import type { Nonterminal, Rule, RuleGrammar } from "../grammar-rules.ts";
import { smtOperation } from "../languages/smt-lib.ts";
import type { SmtOperation } from "../languages/smt-operation.ts";
import { bool, int, type Signature, string, type Type, typeText } from "../type.ts";
import { compileAt } from "./grammar-reader.ts";
import type { Place } from "./s-expression.ts";
import type { TermReader } from "./term-reader.ts";

const stringFunctions = "str.++ str.replace str.at str.substr str.from_int".split(" ");
const stringInts = "str.len str.to_int str.indexof".split(" ");
const stringTests = "str.prefixof str.suffixof str.contains".split(" ");
const bitFunctions =
  "bvnot bvneg bvand bvor bvxor bvadd bvsub bvmul bvudiv bvurem bvsdiv bvsrem bvshl bvlshr bvashr".split(" ");
const bitTests = "bvult bvule bvslt bvsle".split(" ");

/**
 * The grammar of a task that gives none: all terms of its logic, of the sorts that its function has to do with. In linear
 * arithmetic factors are constants.
 */
export function defaultGrammar(
  reader: TermReader,
  place: Place,
  functionName: string,
  signature: Signature,
  logic: string,
): RuleGrammar {
  const types = new Map<string, Type>();
  for (const type of [signature.result, ...signature.argumentTypes, bool]) types.set(typeText(type), type);
  if (types.has("string") || /S/.test(logic)) types.set("int", int).set("string", string);
  const nameOf = (type: Type): string =>
    type.kind === "bits" ? `BitVec${type.width}` : type.kind.replace(/^./, (letter) => letter.toUpperCase());
  const use = (type: Type): Rule => ({ kind: "nonterminal", name: nameOf(type) });
  const apply = (symbol: string, given: readonly Type[], rules = given.map(use)): Rule => {
    const { row } = smtOperation(symbol, [], given) as SmtOperation;
    return { kind: "application", row, arguments: rules };
  };
  const applyAll = (symbols: readonly string[], given: readonly Type[]): Rule[] =>
    symbols.map((symbol) => apply(symbol, given));

  const isNonlinear = /N[IR]A|ALL/.test(logic);
  const rules = new Map<string, Rule[]>();
  for (const [text, type] of types) {
    const own = signature.argumentNames.flatMap((name, k): Rule[] =>
      typeText(signature.argumentTypes[k] as Type) === text ? [{ kind: "argument", name }] : [],
    );
    rules.set(text, own);
    if (text !== "bool") own.push(apply("ite", [bool, type, type]));
    if (type.kind === "int")
      own.push(
        { kind: "constant" },
        ...applyAll(["+", "-"], [int, int]),
        ...(isNonlinear
          ? applyAll(["*", "div", "mod"], [int, int])
          : [apply("*", [int, int], [{ kind: "constant" }, use(int)])]),
      );
    if (type.kind === "bits")
      own.push(
        { kind: "literal", value: 0n },
        { kind: "literal", value: 1n },
        ...bitFunctions.map((symbol) =>
          apply(symbol, symbol === "bvnot" || symbol === "bvneg" ? [type] : [type, type]),
        ),
      );
    if (type.kind === "string") {
      const shapes: Readonly<Record<string, readonly Type[]>> = {
        "str.++": [string, string],
        "str.replace": [string, string, string],
        "str.at": [string, int],
        "str.substr": [string, int, int],
        "str.from_int": [int],
        "str.indexof": [string, string, int],
      };
      const of = (symbol: string): Rule => apply(symbol, shapes[symbol] ?? [string]);
      own.push({ kind: "literal", value: "" }, { kind: "literal", value: " " }, ...stringFunctions.map(of));
      rules.set("int", [...(rules.get("int") ?? []), ...stringInts.map(of)]);
    }
  }
  const truths = rules.get("bool") as Rule[];
  for (const type of types.values()) {
    if (type.kind === "int") truths.push(...applyAll(["=", "<=", ">=", "<", ">"], [int, int]));
    if (type.kind === "bits") truths.push(...applyAll(["=", ...bitTests], [type, type]));
    if (type.kind === "string") truths.push(...applyAll(["=", ...stringTests], [string, string]));
  }
  truths.push(...applyAll(["and", "or"], [bool, bool]), apply("not", [bool]));
  const nonterminals = [...types].map(
    ([text, type]): Nonterminal => ({ name: nameOf(type), type, rules: rules.get(text) as Rule[] }),
  );
  // Without anything to compare there are no conditions, and what needs them is left out.
  return compileAt(reader, place, functionName, signature, nameOf(signature.result), nonterminals);
}
