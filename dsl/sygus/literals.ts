import { InputError } from "../input-error.ts";
import type { TypeShape } from "../type.ts";
import type { Value } from "../value.ts";

/** The version of SyGuS-IF that a file is written in; 2 is of 2019 (Padhi, Polgreen, Raghothaman, Reynolds, Udupa). */
export type SygusVersion = 1 | 2;

const LARGEST_CODE = 0xffff;

/**
 * The characters that a string literal stands for: `\u{1f}` and `\u001f` are one each (SMT-LIB 2.6, theory Strings).
 * @throws InputError for characters above U+FFFF, which would be two in lengths and positions here
 */
export function unescaped(text: string): string {
  const result = text.replace(
    /\\u(?:\{([\da-fA-F]{1,5})\}|([\da-fA-F]{4}))/g,
    (_, braced: string | undefined, plain: string | undefined) => {
      const code = Number.parseInt(braced ?? (plain as string), 16);
      if (code > LARGEST_CODE)
        throw new InputError(`must have characters up to U+FFFF; got \\u{${code.toString(16)}}.`);
      return String.fromCharCode(code);
    },
  );
  if (/[\ud800-\udbff][\udc00-\udfff]/.test(text))
    throw new InputError("must have characters up to U+FFFF; got one above.");
  return result;
}

const escaped = (text: string): string =>
  text
    .replace(/\\(?=u)/g, "\\u{5c}")
    .replace(/[^ -~]/g, (character) => `\\u{${character.charCodeAt(0).toString(16)}}`)
    .replaceAll('"', '""');

/** A value as SMT-LIB writes it; ints below zero as the version does. */
export function literalText(type: TypeShape, value: Value, version: SygusVersion): string {
  switch (type.kind) {
    case "bits":
      return type.width % 4 === 0
        ? `#x${(value as bigint).toString(16).padStart(type.width / 4, "0")}`
        : `#b${(value as bigint).toString(2).padStart(type.width, "0")}`;
    case "string":
      return `"${escaped(value as string)}"`;
    case "int":
      return (value as number) < 0 && version === 2 ? `(- ${-(value as number)})` : String(value);
    default:
      return String(value);
  }
}

/** Words that SMT-LIB keeps for itself (2.6, section 3.1). */
const reserved = new Set(
  "! _ as BINARY DECIMAL exists HEXADECIMAL forall let match NUMERAL par STRING Constant Variable".split(" "),
);

/** A name as SMT-LIB writes it: between bars where it is no simple one. */
export const symbolText = (name: string): string =>
  /^[a-zA-Z~!@$%^&*_\-+=<>.?/][\w~!@$%^&*\-+=<>.?/]*$/.test(name) && !reserved.has(name) ? name : `|${name}|`;
