import { type Primitive, primitive } from "../primitive.ts";
import { bool, type Type, typeText } from "../type.ts";
import { bitVectorRows } from "./bit-vectors.ts";
import { decisions } from "./decisions.ts";
import { operation, renamed, type SmtOperation } from "./smt-operation.ts";

// The theory Core of SMT-LIB. What a condition rules out cannot fail, as in the language of texts: a quotient may stand
// behind the question whether its divisor is zero.

const connectives: readonly SmtOperation[] = [
  operation({ ...renamed(decisions, "not", "not"), vector: "not" }),
  operation({ ...renamed(decisions, "and", "and"), vector: "and" }, "left"),
  operation({ ...renamed(decisions, "or", "or"), vector: "or" }, "left"),
  operation(
    primitive("xor", [bool, bool], bool, (a, b) => a !== b, {
      commutative: true,
      javascript: "($0 !== $1)",
      vector: "xor",
      python: "($0 != $1)",
      documentation: "True when exactly one is true.",
    }),
    "left",
  ),
  operation(
    primitive("=>", [bool, bool], bool, (a, b) => !a || b, {
      strictParameters: 1,
      javascript: "(!$0 || $1)",
      vector: "implies",
      python: "(not $0 or $1)",
      documentation: "True unless the first is true and the second is not.",
    }),
    "right",
  ),
];

const made = new Map<string, readonly SmtOperation[]>();

/** The rows of Core for values of a type. */
function polymorphic(type: Type): readonly SmtOperation[] {
  const known = made.get(typeText(type));
  if (known !== undefined) return known;
  const isBool = type.kind === "bool";
  const equal: Primitive =
    type.kind === "bits"
      ? renamed(bitVectorRows(type.width), "=", "=")
      : primitive("=", [type, type], bool, (a, b) => a === b, {
          commutative: true,
          javascript: "($0 === $1)",
          ...(isBool ? { vector: "xnor" } : {}),
          python: "($0 == $1)",
          documentation: "Whether both are the same.",
        });
  const operations = [
    operation(equal, "chain"),
    operation(
      primitive("distinct", [type, type], bool, (a, b) => a !== b, {
        commutative: true,
        javascript: "($0 !== $1)",
        ...(isBool ? { vector: "xor" } : {}),
        python: "($0 != $1)",
        documentation: "Whether they are not the same.",
      }),
      "pairwise",
    ),
    operation(
      primitive("ite", [bool, type, type], type, (condition, a, b) => (condition ? a : b), {
        strictParameters: 1,
        javascript: "($0 ? $1 : $2)",
        ...(isBool || type.kind === "bits" ? { vector: "if" } : {}),
        python: "($1 if $0 else $2)",
        documentation: "The second when the first is true, otherwise the third; only the one taken can fail.",
      }),
    ),
  ];
  made.set(typeText(type), operations);
  return operations;
}

/** The functions of Core for arguments of some types. */
export const coreOperations = (types: readonly Type[]): readonly SmtOperation[] => {
  const last = types.at(-1);
  return last === undefined ? connectives : [...connectives, ...polymorphic(last)];
};
