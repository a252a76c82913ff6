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
  const types = typeTexts.map((t) => {
    assert(typeof t === "string", "types must be texts");
    return readType(t);
  });
  const idOf = new Map(types.map((type, id) => [typeText(type), id]));
  const isType = (id: unknown): id is number => Number.isInteger(id) && types[id as number] !== undefined;
  assert(isType(resultType), "resultType must be a type");

  const parsed: unknown = JSON.parse(fingerprint);
  const table: unknown = Array.isArray(parsed) ? parsed[1] : null;
  assert(Array.isArray(table) && table.length <= MAXIMUM_PRODUCTIONS, "productions must be a list");
  const productions = table.map((row: unknown, id): Production => {
    const where = `production ${id}`;
    assert(Array.isArray(row), `${where} must be a list`);
    const [kind, typeName, label, children, index] = row as unknown[];
    const type = idOf.get(typeName as string);
    assert(kinds.has(kind) && type !== undefined, `${where} must have a kind and a type`);
    assert(typeof label === "string" && label.length <= MAXIMUM_LABEL, `${where} must have a label`);
    assert(
      Array.isArray(children) && children.length <= MAXIMUM_CHILDREN && children.every(isType),
      `${where} must have types as children`,
    );
    assert(Number.isInteger(index) && (index as number) < 1000, `${where} must have an index`);
    const shape = types[type] as Type;
    const parameterTypes =
      kind === "lambda" && shape.kind === "function"
        ? shape.parameters.map((p) => idOf.get(typeText(p)) ?? -1)
        : [];
    const production = {
      id,
      kind: kind as Production["kind"],
      type,
      children,
      label,
      index: index as number,
    };
    if (kind === "primitive") assert(isName(label.split("@", 1)[0] as string), `${where} must have a name`);
    else if (kind === "argument") assert(isName(label), `${where} must have a name`);
    else if (kind === "lambda")
      assert(
        children.length === 1 && parameterTypes.length > 0 && parameterTypes.every((p) => p >= 0),
        `${where} must be a function`,
      );
    else if (kind === "bound")
      assert(production.index >= 0 && production.index < limits.boundVariables, `${where} must have a level`);
    assert(
      kind === "primitive" || kind === "lambda" || children.length === 0,
      `${where} must have no children`,
    );
    return {
      ...production,
      parameterTypes,
      cost: 0,
      ...(kind === "literal" ? { value: literalOf(shape, label, where) } : {}),
    };
  });
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

/** The literal of a label, which is JSON. */
function literalOf(type: Type, label: string, where: string): Value {
  const value = valueFromJson(type, label);
  assert(isValueOf(type, value), `${where} must be a literal of its type`);
  return value;
}
