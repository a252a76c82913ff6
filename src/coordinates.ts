import {
  type Column,
  elementOf,
  type Grammar,
  type Program,
  programCost,
  programDepth,
  programOperations,
  programSize,
} from "../dsl/index.ts";
import { structureCoordinate } from "./fitting/structure.ts";

/** Where a coordinate of the descriptor comes from. */
export type Coordinate =
  /** Depends on the program's form; computed anew for each program. */
  | { readonly kind: "form"; readonly of: (program: Program) => number }
  /** Depends on behaviour alone; cached under the signature. */
  | { readonly kind: "behaviour"; readonly of: (column: Column) => number; readonly isPassed?: true }
  | { readonly kind: "fitness" };

const isOf =
  (wanted: "real" | "float32") =>
  (grammar: Grammar): boolean =>
    elementOf(grammar) !== undefined && grammar.types.every(({ kind }) => kind === wanted);

/** Whether all values are reals, and the vector machine has every row. */
export const isOfReals: (grammar: Grammar) => boolean = isOf("real");
/** Whether all values are singles, and the vector machine has every row. */
export const isOfSingles: (grammar: Grammar) => boolean = isOf("float32");

/**
 * A coordinate that can be named; null where the name or the grammar has none.
 * @param passed how many cases a column passes
 */
export function namedCoordinate(
  grammar: Grammar,
  name: string,
  passed: (column: Column) => number,
): Coordinate | null {
  switch (name) {
    case "size":
      return { kind: "form", of: programSize };
    case "depth":
      return { kind: "form", of: (program) => programDepth(grammar, program) };
    case "operations":
      return { kind: "form", of: (program) => programOperations(grammar, program) };
    case "cost":
      return { kind: "form", of: (program) => programCost(grammar, program) };
    case "constants":
      return { kind: "form", of: (program) => program.constants.length };
    case "structure":
      return isOfReals(grammar) || isOfSingles(grammar)
        ? { kind: "form", of: structureCoordinate(grammar) }
        : null;
    case "primitiveSet": {
      const names = [
        ...new Set(
          grammar.productions.flatMap((p) =>
            p.kind === "primitive" && p.children.length > 0 ? [p.label.replace(/@.*/, "")] : [],
          ),
        ),
      ];
      const bits = Int32Array.from(grammar.productions, (p) =>
        p.kind === "primitive" && p.children.length > 0
          ? 1 << (names.indexOf(p.label.replace(/@.*/, "")) % 16)
          : 0,
      );
      return {
        kind: "form",
        of: ({ tokens }) => {
          let set = 0;
          for (let i = 0; i < tokens.length; i++)
            if ((tokens[i] as number) >= 0) set |= bits[tokens[i] as number] as number;
          return set;
        },
      };
    }
    case "passed":
      return { kind: "behaviour", of: passed, isPassed: true };
    case "fitness":
      return { kind: "fitness" };
    default:
      return null;
  }
}
