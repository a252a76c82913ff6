import { InputError } from "./input-error.ts";
import { isName, nameRule } from "./name.ts";
import type { Primitive } from "./primitive.ts";
import { isValueOf, nearestValue, type Type, typeText } from "./type.ts";
import { limits, outcomeText, type Value } from "./value.ts";
import { vectorTypes } from "./vector-operations.ts";

/** A value that programs of a language may name as it stands, such as the string "-". */
export interface Literal {
  readonly type: Type;
  readonly value: Value;
  /** What it counts beyond any other in a search for a small program; 0 unless told. */
  readonly cost?: number;
}

/** A typed language: the rows of its table and the finite set of types it is closed over. */
export interface Language {
  readonly name: string;
  readonly primitives: readonly Primitive[];
  /** Ground types over which polymorphic rows are instantiated, beside the types of a program's signature. */
  readonly types: readonly Type[];
  /** Types of which programs may carry constants of their own: `real`, `float32`, `int`. */
  readonly constants: readonly Type<number>[];
  readonly literals: readonly Literal[];
}

export interface LanguageDefinition {
  readonly name: string;
  readonly primitives: readonly Primitive[];
  readonly types?: readonly Type[];
  readonly constants?: readonly Type<number>[];
  readonly literals?: readonly Literal[];
}

/** Whether all numbers in a value can be written down. */
const isWritable = (value: Value): boolean =>
  typeof value === "number" ? Number.isFinite(value) : !Array.isArray(value) || value.every(isWritable);

/**
 * Defines a language.
 * @throws InputError listing every row that cannot be used
 */
export function defineLanguage(definition: LanguageDefinition): Language {
  const problems: string[] = [];
  const where = `language "${definition.name}"`;
  const rows = new Set<string>();
  for (const row of definition.primitives) {
    const name = `${where}, primitive "${row.name}"`;
    if (!isName(row.name)) problems.push(`${name} must have ${nameRule}.`);
    const key = `${row.name}(${row.parameters.map(typeText).join(",")})`;
    if (rows.has(key)) problems.push(`${name} must be listed once; the same parameters are listed twice.`);
    rows.add(key);
    if (row.result.kind === "function") problems.push(`${name} must not return a function.`);
    if (row.parameters.length > 4)
      problems.push(`${name} must have at most 4 parameters; got ${row.parameters.length}.`);
    for (const parameter of row.parameters)
      if (
        parameter.kind === "function" &&
        !(parameter.parameters.length >= 1 && parameter.parameters.length <= limits.boundVariables)
      )
        problems.push(
          `${name} must take functions of 1 to ${limits.boundVariables} parameters; got ${parameter.parameters.length}.`,
        );
    if (row.vector !== undefined) {
      const types = vectorTypes(row.vector);
      const type = `(${row.parameters.map((p) => p.kind).join(", ")}) → ${row.result.kind}`;
      if (!types.includes(type))
        problems.push(
          `${name} must be of type ${types.join(" or ")}, as the vector operation ${row.vector} is; got ${type}.`,
        );
    }
    if (!(row.cost >= 0)) problems.push(`${name} cost must be a number of at least 0; got ${row.cost}.`);
  }
  for (const type of definition.constants ?? [])
    if (type.kind !== "real" && type.kind !== "float32" && type.kind !== "int")
      problems.push(`${where} constants must be of type real, float32 or int; got ${typeText(type)}.`);
  const given = definition.literals ?? [];
  const literals = given.map((literal) => ({ ...literal, value: nearestValue(literal.type, literal.value) }));
  literals.forEach(({ type, value }, k) => {
    if (!isValueOf(type, value) || !isWritable(value))
      problems.push(
        `${where} literal must be a finite value of type ${typeText(type)}; got ${outcomeText(given[k]?.value as Value)}.`,
      );
  });
  if (problems.length > 0) throw new InputError(problems);
  return {
    name: definition.name,
    primitives: definition.primitives,
    types: definition.types ?? [],
    constants: definition.constants ?? [],
    literals,
  };
}
