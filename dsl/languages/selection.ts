import { InputError } from "../input-error.ts";
import type { Primitive } from "../primitive.ts";

/**
 * The rows that a person named, in the table's order, so that the order of names in a configuration has no influence.
 * @throws InputError listing every unknown name and the known ones
 */
export function selectRows<R extends Primitive>(
  language: string,
  table: readonly R[],
  names: readonly string[],
): readonly R[] {
  const known = table.map((row) => row.name);
  const unknown = names.filter((name) => !known.includes(name));
  if (unknown.length > 0)
    throw new InputError(
      unknown.map(
        (name) =>
          `language "${language}" operations must be among ${known.join(" ")}; got ${JSON.stringify(name) ?? String(name)}.`,
      ),
    );
  return table.filter((row) => names.includes(row.name));
}

/**
 * The options that a person gave to a language.
 * @throws InputError for what is no object, and for unknown keys
 */
export function readOptions<O extends object>(
  language: string,
  options: O,
  keys: readonly (keyof O & string)[],
): O {
  const shape = keys.join(", ");
  if (typeof options !== "object" || options === null)
    throw new InputError(
      `language "${language}" must be given an object with ${shape}; got ${JSON.stringify(options) ?? String(options)}.`,
    );
  const unknown = Object.keys(options).filter((key) => !(keys as readonly string[]).includes(key));
  if (unknown.length > 0)
    throw new InputError(
      `language "${language}" must have no option but ${shape}; got ${unknown.join(", ")}.`,
    );
  return options;
}
