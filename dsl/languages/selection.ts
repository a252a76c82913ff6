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
