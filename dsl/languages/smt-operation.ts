import type { Primitive } from "../primitive.ts";
import type { TypeShape } from "../type.ts";

/**
 * How SMT-LIB reads an application to more arguments than the row has (Barrett, Fontaine, Tinelli 2017, section 3.7.1):
 * `(- a b c)` is `(- (- a b) c)`, `(=> a b c)` is `(=> a (=> b c))`, `(< a b c)` is `(and (< a b) (< b c))`, and `distinct`
 * holds of every pair.
 */
export type Association = "none" | "left" | "right" | "chain" | "pairwise";

/** A function of SMT-LIB for arguments of some types. */
export interface SmtOperation {
  readonly row: Primitive;
  readonly association: Association;
}

/** A row whose name in SMT-LIB is no name of Illume, such as `(_ extract 7 0)`. */
export interface SmtRow extends Primitive {
  readonly symbol: string;
}

export const operation = (row: Primitive, association: Association = "none"): SmtOperation => ({
  row,
  association,
});

/** A row of another language under SMT-LIB's name for it. */
export const renamed = (rows: readonly Primitive[], from: string, name: string): Primitive => ({
  ...(rows.find((row) => row.name === from) as Primitive),
  name,
});

/** A type as SMT-LIB writes its sort. */
export function sortText(type: TypeShape): string {
  switch (type.kind) {
    case "int":
      return "Int";
    case "bool":
      return "Bool";
    case "string":
      return "String";
    case "bits":
      return `(_ BitVec ${type.width})`;
    default:
      throw new Error(`SMT-LIB has no sort for ${type.kind}`);
  }
}
