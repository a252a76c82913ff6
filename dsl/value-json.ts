import { excerpt, InputError } from "./input-error.ts";
import { isValueOf, nearestValue, type TypeShape, typeText } from "./type.ts";
import { bitsText, type Value } from "./value.ts";

/** Values, or an object that has some, as JSON; bits as strings such as `"#x1f"`, since JSON's numbers are doubles. */
export const valueToJson = (value: unknown): string =>
  JSON.stringify(value, (_, item: unknown) => (typeof item === "bigint" ? bitsText(item) : item));

/** Longest JSON text that is read as a value, in UTF-16 code units. */
const MAXIMUM_LENGTH = 10_000_000;

/**
 * The value of a type that a JSON text writes down; bits are strings such as `"#x1f"`.
 * @throws InputError if the text is too long, no JSON, or writes down no value of the type
 */
export function valueFromJson(type: TypeShape, json: string): Value {
  if (json.length > MAXIMUM_LENGTH)
    throw new InputError(
      `JSON of a value must have at most ${MAXIMUM_LENGTH} characters; got ${json.length}.`,
    );
  let parsed: unknown;
  try {
    parsed = JSON.parse(json);
  } catch (error) {
    throw new InputError(`value must be JSON; ${(error as Error).message}.`);
  }
  const value = nearestValue(type, withBits(type, parsed));
  if (isValueOf(type, value)) return value;
  throw new InputError(`value must be of type ${typeText(type)}; got ${excerpt(json)}.`);
}

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
