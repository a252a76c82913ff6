import type { TypeShape } from "./type.ts";
import { bitsText, type Value } from "./value.ts";

/** Values, or an object that has some, as JSON; bits as strings such as `"#x1f"`, since JSON's numbers are doubles. */
export const valueToJson = (value: unknown): string =>
  JSON.stringify(value, (_, item: unknown) => (typeof item === "bigint" ? bitsText(item) : item));

/**
 * The value that a JSON text writes down, with bits where the type has them; other parts are taken as they are.
 * @throws SyntaxError if the text is no JSON
 */
export const valueFromJson = (type: TypeShape, json: string): Value => withBits(type, JSON.parse(json));

function withBits(type: TypeShape, value: unknown): Value {
  if (type.kind === "bits" && typeof value === "string") return readBits(value) ?? value;
  if (type.kind === "list" && Array.isArray(value)) return value.map((item) => withBits(type.element, item));
  if (type.kind === "pair" && Array.isArray(value))
    return value.map((item, k) => withBits(k === 0 ? type.first : type.second, item));
  return value as Value;
}

/** The bits that a text such as `#x1f`, `#b101` or `31` writes down. */
export function readBits(text: string): bigint | undefined {
  if (/^#(?:x[\da-fA-F]{1,16}|b[01]{1,64})$/.test(text)) return BigInt(`0${text.slice(1)}`);
  return /^\d{1,20}$/.test(text) ? BigInt(text) : undefined;
}
