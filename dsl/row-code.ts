import { cellCounter, mayBeTooLarge } from "./cells.ts";
import type { Grammar, Production } from "./grammar.ts";
import { compileOwn } from "./own-code.ts";
import { Trap, trap } from "./trap.ts";
import type { Type } from "./type.ts";
import { limits, type Outcome } from "./value.ts";

/**
 * The checked meaning of a production, and its loops over columns, generated from one template: traps in strict
 * arguments pass through, exceptions become traps, results outside the type become traps. Each generated function is
 * its own piece of code, so V8 inlines the row's `apply` into it.
 */

type Checked = (a?: Outcome, b?: Outcome, c?: Outcome, d?: Outcome) => Outcome;
/** Cells that columns hold, an outcome itself being one, and how many they may. */
export interface CellMeter {
  cells: number;
  readonly most: number;
}

/**
 * Applies a production to columns of `count` outcomes; true when the result may hold traps. Stops early, with the meter
 * above its most, when there are too many cells.
 */
export type ColumnLoop = (
  out: Outcome[],
  count: number,
  meter: CellMeter,
  a?: readonly Outcome[],
  b?: readonly Outcome[],
  c?: readonly Outcome[],
  d?: readonly Outcome[],
) => boolean;

const letters = ["a", "b", "c", "d"] as const;

const constants = {
  Trap,
  overflow: trap("overflow"),
  outOfRange: trap("out-of-range"),
  tooLarge: trap("too-large"),
  tooLong: trap("too-long"),
  threw: trap("threw"),
};

/** Statements that check `r` against the type and end in `give(r)`. */
function resultCheck(type: Type, give: (value: string) => string): string {
  const other = `if (r instanceof Trap) ${give("r")} ${give("threw")}`;
  const size = mayBeTooLarge(type)
    ? `if (cellsOf(r, ${limits.cells}) > ${limits.cells}) ${give("tooLarge")}`
    : "";
  switch (type.kind) {
    case "int":
      return `if (typeof r === "number") { if (Number.isSafeInteger(r)) ${give("r + 0")} ${give("overflow")} } ${other}`;
    case "real":
      return `if (typeof r === "number") ${give("r")} ${other}`;
    case "bits":
      return `if (typeof r === "bigint") { if (BigInt.asUintN(${type.width}, r) === r) ${give("r")} ${give("overflow")} } ${other}`;
    case "float32":
      return `if (typeof r === "number") ${give("Math.fround(r)")} ${other}`;
    case "bool":
      return `if (typeof r === "boolean") ${give("r")} ${other}`;
    case "string":
      return `if (typeof r === "string") { if (r.length <= ${limits.stringLength}) ${give("r")} ${give("tooLong")} } ${other}`;
    case "char":
      return `if (typeof r === "string") { if (r.length === 1) ${give("r")} ${give("outOfRange")} } ${other}`;
    case "list":
      return `if (Array.isArray(r)) { if (r.length > ${limits.listLength}) ${give("tooLong")} ${size} ${give("r")} } ${other}`;
    default:
      return `if (Array.isArray(r) && r.length === 2) { ${size} ${give("r")} } ${other}`;
  }
}

const isFunction = (grammar: Grammar, type: number): boolean => grammar.types[type]?.kind === "function";

/** Statements from arguments a, b … to the outcome. */
function bodyText(
  grammar: Grammar,
  production: Production,
  trapFree: boolean,
  give: (value: string) => string,
): string {
  const row = production.primitive;
  const strict = row?.strictParameters ?? 0;
  const guards = production.children
    .map((type, k) =>
      trapFree || k >= strict || isFunction(grammar, type)
        ? ""
        : `if (typeof ${letters[k]} === "object" && ${letters[k]} instanceof Trap) ${give(letters[k] as string)}`,
    )
    .join("\n");
  const args = production.children.map((_, k) => letters[k]).join(", ");
  const type = grammar.types[production.type] as Type;
  return `${guards}\nlet r;\ntry { r = apply(${args}); } catch { ${give("threw")} }\n${resultCheck(type, give)}`;
}

const build = <F>(grammar: Grammar, production: Production, source: string): F =>
  compileOwn(source, {
    ...constants,
    cellsOf: cellCounter(grammar.types[production.type] as Type),
    apply: production.primitive?.apply,
  });

/** Compiles the checked scalar meaning of a primitive's production. */
export function compileChecked(grammar: Grammar, production: Production): Checked {
  const parameters = production.children.map((_, k) => letters[k]).join(", ");
  return build(
    grammar,
    production,
    `function (${parameters}) {\n${bodyText(grammar, production, false, (v) => `{ return ${v}; }`)}\n}`,
  );
}

/** Compiles the loop of a first-order production over columns; `trapFree` says that no argument column holds a trap. */
export function compileColumnLoop(grammar: Grammar, production: Production, trapFree: boolean): ColumnLoop {
  const used = production.children.map((_, k) => letters[k] as string);
  const hasCells = cellCounter(grammar.types[production.type] as Type) !== null;
  const give = (v: string): string => {
    const noted =
      v === "r"
        ? "if (typeof r === 'object' && r instanceof Trap) traps = true;"
        : v === "r + 0" || v === "Math.fround(r)"
          ? ""
          : "traps = true;";
    const counted = hasCells && v === "r" ? "cells += cellsOf(r, most);" : "";
    return `{ out[i] = ${v}; ${noted} ${counted} continue; }`;
  };
  return build(
    grammar,
    production,
    `function (out, count, meter, ${used.map((u) => `${u}s`).join(", ")}) {
      let traps = false;
      const { most } = meter;
      let cells = meter.cells + count;
      for (let i = 0; i < count${hasCells ? " && cells <= most" : ""}; i++) {
        ${used.map((u) => `const ${u} = ${u}s[i];`).join(" ")}
        ${bodyText(grammar, production, trapFree, give)}
      }
      meter.cells = cells;
      return traps;
    }`,
  );
}
