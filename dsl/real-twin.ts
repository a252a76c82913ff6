import { compileGrammar, type Grammar } from "./grammar.ts";
import type { Type } from "./type.ts";

const widened = <T>(type: Type<T>): Type<T> => (type.kind === "float32" ? { ...type, kind: "real" } : type);

/**
 * A grammar over singles as one over reals: the same rows, arguments and constants, so that a program of the one is a
 * program of the other. What it computes differs by rounding alone.
 * @param grammar without types made of singles, such as lists of them
 */
export function realTwin({ language, signature }: Grammar): Grammar {
  return compileGrammar(
    {
      ...language,
      primitives: language.primitives.map((row) => ({
        ...row,
        parameters: row.parameters.map((type) => widened(type as Type)),
        result: widened(row.result as Type),
      })),
      types: language.types.map(widened),
      constants: language.constants.map(widened),
      literals: language.literals.map(({ type, value }) => ({ type: widened(type), value })),
    },
    {
      ...signature,
      argumentTypes: signature.argumentTypes.map(widened),
      result: widened(signature.result),
    },
  );
}
