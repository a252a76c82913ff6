import type { Grammar, Production } from "./grammar.ts";
import { InputError } from "./input-error.ts";
import { isName } from "./name.ts";
import { isValueOf, readType, type Type, typeText } from "./type.ts";
import { limits, type Value } from "./value.ts";
import { valueFromJson } from "./value-json.ts";

/** What of a grammar the form of programs depends on: enough to check, measure and print them, not to run them. */
export type GrammarForm = Pick<
  Grammar,
  | "types"
  | "productions"
  | "productionsOfType"
  | "resultType"
  | "arity"
  | "isConstant"
  | "isLambda"
  | "fingerprint"
> & { readonly signature: { readonly argumentNames: readonly string[] } };

/** A form as a text, for those who do not have the language. */
export const grammarFormText = ({ types, resultType, fingerprint }: Grammar): string =>
  JSON.stringify({ types: types.map(typeText), resultType, fingerprint });

const MAXIMUM_TYPES = 1000;
const MAXIMUM_PRODUCTIONS = 30_000;
const MAXIMUM_CHILDREN = 8;
const MAXIMUM_LABEL = 4096;

const kinds: ReadonlySet<unknown> = new Set<Production["kind"]>([
  "primitive",
  "argument",
  "constant",
  "literal",
  "lambda",
  "bound",
]);

/**
 * Reads what `grammarFormText` wrote, from anybody. Programs that `checkProgram` finds nothing wrong with under the
 * form can be printed.
 * @throws InputError if it is something else
 */
export function readGrammarForm(text: string): GrammarForm {
  try {
    return formOf(JSON.parse(text));
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof Misfit || error instanceof InputError)
      throw new InputError(`text must be the form of a grammar; ${error.message}.`);
    throw error;
  }
}

class Misfit extends Error {}

function assert(condition: boolean, rule: string): asserts condition {
  if (!condition) throw new Misfit(rule);
}

function formOf(value: unknown): GrammarForm {
  assert(value !== null && typeof value === "object", "it must be a record");
  const { types: typeTexts, resultType, fingerprint } = value as Record<string, unknown>;
  assert(Array.isArray(typeTexts) && typeTexts.length <= MAXIMUM_TYPES, "types must be a list");
  assert(typeof fingerprint === "string", "fingerprint must be a text");
  const types = typeTexts.map((text) => {
    assert(typeof text === "string", "types must be texts");
    return readType(text);
  });
  const ids = new Map(types.map((type, id) => [typeText(type), id]));
  assert(isIdOf(types, resultType), "resultType must be a type");

  const parsed: unknown = JSON.parse(fingerprint);
  const table: unknown = Array.isArray(parsed) ? parsed[1] : null;
  assert(Array.isArray(table) && table.length <= MAXIMUM_PRODUCTIONS, "productions must be a list");
  const productions = table.map((row: unknown, id) => productionOf(row, id, types, ids));
  return {
    types,
    productions,
    productionsOfType: types.map((_, t) =>
      Int32Array.from(productions.filter((p) => p.type === t && p.kind !== "bound").map((p) => p.id)),
    ),
    resultType,
    arity: Uint8Array.from(productions, (p) => p.children.length),
    isConstant: Uint8Array.from(productions, (p) => (p.kind === "constant" ? 1 : 0)),
    isLambda: Uint8Array.from(productions, (p) => (p.kind === "lambda" ? 1 : 0)),
    fingerprint,
    signature: { argumentNames: productions.filter((p) => p.kind === "argument").map((p) => p.label) },
  };
}

const isIdOf = (types: readonly Type[], id: unknown): id is number =>
  Number.isInteger(id) && types[id as number] !== undefined;

function productionOf(
  row: unknown,
  id: number,
  types: readonly Type[],
  ids: ReadonlyMap<string, number>,
): Production {
  const where = `production ${id}`;
  assert(Array.isArray(row), `${where} must be a list`);
  const [kind, typeName, label, children, index] = row as [Production["kind"], ...unknown[]];
  // Grammars of nonterminals give their number, as several may have one type (see `grammar-rules.ts`).
  const type = isIdOf(types, typeName) ? typeName : ids.get(typeName as string);
  assert(kinds.has(kind) && type !== undefined, `${where} must have a kind and a type`);
  assert(typeof label === "string" && label.length <= MAXIMUM_LABEL, `${where} must have a label`);
  assert(
    Array.isArray(children) &&
      children.length <= MAXIMUM_CHILDREN &&
      children.every((child) => isIdOf(types, child)),
    `${where} must have types as children`,
  );
  assert(
    kind === "primitive" || children.length === (kind === "lambda" ? 1 : 0),
    `${where} must have the children of its kind`,
  );
  assert(Number.isSafeInteger(index), `${where} must have an index`);
  const production = { id, kind, type, children, label, index: index as number, parameterTypes: [], cost: 0 };
  const shape = types[type] as Type;
  switch (kind) {
    case "primitive":
    case "argument":
      // Types that tell overloads apart come after an @.
      assert(
        isName(kind === "primitive" ? (label.split("@", 1)[0] as string) : label),
        `${where} must have a name`,
      );
      return production;
    case "literal":
      return { ...production, value: literalOf(shape, label, where) };
    case "lambda": {
      const parameterTypes =
        shape.kind === "function" ? shape.parameters.map((p) => ids.get(typeText(p)) ?? -1) : [];
      assert(parameterTypes.length > 0 && !parameterTypes.includes(-1), `${where} must be a function`);
      return { ...production, parameterTypes };
    }
    case "bound":
      assert(production.index >= 0 && production.index < limits.boundVariables, `${where} must have a level`);
      return production;
    case "constant":
      return production;
  }
}

/** The literal of a label, which is JSON. */
function literalOf(type: Type, label: string, where: string): Value {
  const value = valueFromJson(type, label);
  assert(isValueOf(type, value), `${where} must be a literal of its type`);
  return value;
}
