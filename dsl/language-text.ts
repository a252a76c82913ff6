import { excerpt, InputError } from "./input-error.ts";
import type { Language } from "./language.ts";
import { arithmetic, type ArithmeticOptions } from "./languages/arithmetic.ts";
import { logic, type LogicOptions } from "./languages/logic.ts";

/**
 * A language as a line for people, such as `arithmetic, precision f64, division ieee, constants no, operations + - * /`.
 * Of a language that is not made of such options it has the name alone, and cannot be read back.
 */
export function languageText(language: Language): string {
  const operations = `operations ${language.primitives.map((row) => row.name).join(" ")}`;
  for (const text of [arithmeticText(language, operations), `logic, ${operations}`]) {
    const read = readLanguage(text);
    if (read !== null && isSame(read, language)) return text;
  }
  return `${language.name}, as its experiment has it`;
}

function arithmeticText({ primitives, constants }: Language, operations: string): string {
  const precision = primitives[0]?.result.kind === "float32" ? "f32" : "f64";
  const isProtected = primitives.some((row) => row.vector?.startsWith("protected") === true);
  return `arithmetic, precision ${precision}, division ${isProtected ? "protected" : "ieee"}, constants ${constants.length > 0 ? "yes" : "no"}, ${operations}`;
}

/** Whether two languages have the same rows and the same else. */
function isSame(a: Language, b: Language): boolean {
  const dataOf = ({ name, primitives, types, constants, literals }: Language): string =>
    JSON.stringify([name, primitives, types, constants, literals]);
  return dataOf(a) === dataOf(b) && a.primitives.every((row, k) => row.apply === b.primitives[k]?.apply);
}

/** The language of a line that `languageText` wrote; null where the line does not tell it all. */
export function readLanguage(text: string): Language | null {
  const arithmeticMatch =
    /^arithmetic, precision (\S+), division (\S+), constants (yes|no), operations (\S+(?: \S+)*)$/.exec(text);
  const logicMatch = /^logic, operations (\S+(?: \S+)*)$/.exec(text);
  try {
    if (arithmeticMatch !== null) {
      const [, precision, division, constants, operations = ""] = arithmeticMatch;
      return arithmetic({
        precision,
        division,
        constants: constants === "yes",
        operations: operations.split(" "),
      } as ArithmeticOptions);
    }
    return logicMatch === null
      ? null
      : logic({ operations: (logicMatch[1] as string).split(" ") } as LogicOptions);
  } catch (error) {
    if (error instanceof InputError) return null;
    throw error;
  }
}

/** Arguments and their types as a line for people, such as `distance real, mass real`. */
export const argumentsText = (names: readonly string[], types: readonly string[]): string =>
  names.length === 0 ? "none" : names.map((name, k) => `${name} ${types[k]}`).join(", ");

/**
 * The names and types of a line that `argumentsText` wrote. Names may have commas.
 * @throws InputError if it is something else
 */
export function readArguments(text: string): { readonly name: string; readonly type: string }[] {
  if (text === "none") return [];
  const words = text.split(" ");
  const count = words.length / 2;
  const fail = (): never => {
    throw new InputError(`arguments must be names with their types; got ${excerpt(text)}.`);
  };
  if (!Number.isInteger(count)) fail();
  return Array.from({ length: count }, (_, k) => {
    const type = words[2 * k + 1] as string;
    if (type.endsWith(",") !== k < count - 1) fail();
    return { name: words[2 * k] as string, type: k < count - 1 ? type.slice(0, -1) : type };
  });
}
