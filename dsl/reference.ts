import type { Grammar, Production } from "./grammar.ts";
import { isNumberGrammar } from "./number-columns.ts";
import { Layout, type Program, referencedPosition } from "./program.ts";
import { isTrap, type Trap, trap } from "./trap.ts";
import type { Type, TypeShape } from "./type.ts";
import { limits, type Outcome, type Value } from "./value.ts";

/**
 * The meaning of a program on one case, by plain recursion: slow, simple and written apart from the machines, which
 * the tests hold against it. In a language over numbers a real that fails is NaN and a boolean that fails is false, as
 * columns of doubles hold no traps; elsewhere traps pass on.
 */
export function interpret(grammar: Grammar, program: Program, args: readonly Value[]): Outcome {
  const layout = new Layout(program.tokens.length);
  layout.read(grammar, program);
  const { tokens } = program;
  const constantAt = new Map<number, number>();
  let k = 0;
  tokens.forEach((token, i) => {
    if (token >= 0 && grammar.isConstant[token] === 1) constantAt.set(i, program.constants[k++] as number);
  });
  const bound: Value[] = [];
  let account = newAccount();
  const numbersOnly = isNumberGrammar(grammar);
  /** Position of a closed application → its outcome once known: the same wherever and whenever it is used. */
  const known = new Map<number, Outcome>();

  const childPositions = (position: number, count: number): number[] => {
    const positions: number[] = [];
    let end = position - 1;
    for (let c = 0; c < count; c++) {
      positions.unshift(end);
      end = (layout.start[end] as number) - 1;
    }
    return positions;
  };
  const closedAt = new Map<number, boolean>();
  const isClosed = (position: number): boolean => {
    const before = closedAt.get(position);
    if (before !== undefined) return before;
    const closed = usesNoOuterVariable(position);
    closedAt.set(position, closed);
    return closed;
  };
  const usesNoOuterVariable = (position: number): boolean => {
    const outer = layout.boundCount[position] as number;
    if (outer === 0) return true;
    for (let i = layout.start[position] as number; i <= position; i++) {
      const p = grammar.productions[tokens[i] as number];
      if (p?.kind === "bound" && p.index < outer) return false;
    }
    return true;
  };

  const evaluate = (position: number): Outcome => {
    const token = tokens[position] as number;
    if (token < 0) return evaluate(referencedPosition(token));
    const production = grammar.productions[token] as Production;
    switch (production.kind) {
      case "argument":
        return args[production.index] as Value;
      case "constant":
        return constantAt.get(position) as number;
      case "literal":
        return production.value as Value;
      case "bound":
        return bound[production.index] as Value;
      case "lambda":
        throw new Error("a lambda has no value of its own");
      case "primitive": {
        const before = known.get(position);
        if (before !== undefined) return before;
        if (!isClosed(position)) return apply(position, production, true);
        // A closed term has an account of its own, wherever it stands; without a lambda it does one thing and pays nothing.
        const outer = account;
        account = newAccount();
        const outcome = apply(position, production, takesFunctions(production));
        account = outer;
        known.set(position, outcome);
        return outcome;
      }
    }
  };

  const takesFunctions = (production: Production): boolean =>
    production.children.some((type) => grammar.types[type]?.kind === "function");
  /** Whether values of one of a production's types have cells. */
  const hasCells = (production: Production): boolean =>
    [...production.children, production.type].some((type) =>
      ["string", "list", "pair"].includes(grammar.types[type]?.kind as string),
    );
  /** Takes cells from the account; false if it has not so many. */
  const pay = (cells: number): boolean => {
    account.cells -= cells;
    return account.cells >= 0;
  };

  const apply = (position: number, production: Production, paid: boolean): Outcome => {
    const pays = paid && hasCells(production);
    const row = production.primitive as NonNullable<Production["primitive"]>;
    let pending: Trap | null = null;
    const values = childPositions(position, production.children.length).map((child, c) => {
      if (grammar.types[production.children[c] as number]?.kind !== "function") return evaluate(child);
      const level = layout.boundCount[child] as number;
      return (...given: Value[]): Value => {
        if (pending !== null) return dummy(child - 1);
        if (--account.fuel < 0) pending = trap("out-of-fuel");
        else {
          given.forEach((value, g) => {
            bound[level + g] = value;
          });
          const outcome = evaluate(child - 1);
          if (!isTrap(outcome)) return outcome;
          pending = outcome;
        }
        return dummy(child - 1);
      };
    });
    const taken = values.map((value, c) =>
      cellsOf(grammar.types[production.children[c] as number] as Type, value),
    );
    if (pays && !pay(taken.reduce((sum, cells) => sum + cells, 0))) return trap("out-of-fuel");
    for (let c = 0; c < row.strictParameters; c++) if (isTrap(values[c])) return values[c] as Trap;
    let result: unknown;
    try {
      result = row.apply(...values);
    } catch {
      result = trap("threw");
    }
    const type = grammar.types[production.type] as Type;
    const outcome = pending ?? checkResult(type, result);
    if (pays && pending === null && !pay(cellsOf(type, outcome))) return trap("out-of-fuel");
    if (!numbersOnly || !isTrap(outcome)) return outcome;
    return type.kind === "bool" ? false : Number.NaN;
  };

  const typeAt = (position: number): number => {
    const token = tokens[position] as number;
    return token < 0 ? typeAt(referencedPosition(token)) : (grammar.typeOf[token] as number);
  };
  const dummy = (position: number): Value => dummyOf(grammar, typeAt(position));

  return evaluate(tokens.length - 1);
}

const newAccount = () => ({ fuel: limits.fuel as number, cells: limits.cellFuel as number });

/** Cells of a value, as `CellCounter` defines them. */
function cellsOf(type: TypeShape, value: unknown): number {
  if (typeof value === "string") return type.kind === "string" ? value.length : 0;
  if (!Array.isArray(value) || (type.kind !== "list" && type.kind !== "pair")) return 0;
  const typeOf = (k: number): TypeShape =>
    type.kind === "list" ? type.element : k === 0 ? type.first : type.second;
  return value.reduce((sum: number, item, k) => sum + cellsOf(typeOf(k), item), value.length);
}

function dummyOf(grammar: Grammar, type: number): Value {
  const make = (shape: unknown): Value => {
    const t = shape as { kind: string; first?: unknown; second?: unknown };
    if (t.kind === "bool") return false;
    if (t.kind === "bits") return 0n;
    if (t.kind === "string") return "";
    if (t.kind === "char") return " ";
    if (t.kind === "list") return [];
    if (t.kind === "pair") return [make(t.first), make(t.second)];
    return 0;
  };
  return make(grammar.types[type]);
}

/** What a row gave as an outcome of its type: what is too large, or no value of the type, is a trap. */
export function checkResult(type: Type, result: unknown): Outcome {
  if (isTrap(result)) return result;
  switch (type.kind) {
    case "int":
      if (typeof result !== "number") return trap("threw");
      return Number.isSafeInteger(result) ? result + 0 : trap("overflow");
    case "real":
      return typeof result === "number" ? result : trap("threw");
    case "bits":
      if (typeof result !== "bigint") return trap("threw");
      return result >= 0n && result >> BigInt(type.width) === 0n ? result : trap("overflow");
    case "float32":
      return typeof result === "number" ? Math.fround(result) : trap("threw");
    case "bool":
      return typeof result === "boolean" ? result : trap("threw");
    case "string":
      if (typeof result !== "string") return trap("threw");
      return result.length <= limits.stringLength ? result : trap("too-long");
    case "char":
      if (typeof result !== "string") return trap("threw");
      return result.length === 1 ? result : trap("out-of-range");
    case "list":
      if (!Array.isArray(result)) return trap("threw");
      if (result.length > limits.listLength) return trap("too-long");
      return cellsOf(type, result) <= limits.cells ? (result as Value) : trap("too-large");
    default:
      if (!Array.isArray(result) || result.length !== 2) return trap("threw");
      return cellsOf(type, result) <= limits.cells ? (result as Value) : trap("too-large");
  }
}
