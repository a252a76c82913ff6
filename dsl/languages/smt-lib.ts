import { nearestName } from "../nearest-name.ts";
import { bits, bool, int, string, type Type, typeText } from "../type.ts";
import { bitOperations, indexedOperation, indexedSymbols } from "./smt-bits.ts";
import { coreOperations } from "./smt-core.ts";
import { integerOperations } from "./smt-integers.ts";
import { type SmtOperation, sortText } from "./smt-operation.ts";
import { stringOperations } from "./smt-strings.ts";

/** Why there is no such function: as messages go on after the place. */
export interface NoOperation {
  readonly problem: string;
}

/** All functions for arguments of some types, whatever their names. */
const operationsFor = (types: readonly Type[]): readonly SmtOperation[] => [
  ...coreOperations(types),
  ...integerOperations,
  ...stringOperations,
  ...bitOperations(types),
];

/** Names of all functions without numbers in their names. */
export const smtSymbols: ReadonlySet<string> = new Set(
  operationsFor([bits(1), bits(1)]).map(({ row }) => row.name),
);

const listOf = (types: readonly Type[]): string => `(${types.map(sortText).join(" ")})`;

/**
 * The function of SMT-LIB (Core, Ints, Strings, BitVec) of a name for arguments of some types.
 * @param indices the numbers of a name such as `(_ extract 7 0)`; none for other names
 * @param ownNames names that the task defines, to say what was probably meant
 */
export function smtOperation(
  symbol: string,
  indices: readonly number[],
  types: readonly Type[],
  ownNames: readonly string[] = [],
): SmtOperation | NoOperation {
  if (indices.length > 0) {
    const [word] = types;
    if (!indexedSymbols.has(symbol))
      return { problem: `must name a known function; got (_ ${[symbol, ...indices].join(" ")}).` };
    if (word?.kind !== "bits" || types.length !== 1)
      return { problem: `must give ${symbol} one bit-vector; got ${listOf(types)}.` };
    return (
      indexedOperation(symbol, indices, word.width) ?? {
        problem: `must give ${symbol} numbers that fit ${sortText(word)}, and at most 64 bits; got ${indices.join(" ")}.`,
      }
    );
  }
  const named = operationsFor(types).filter(({ row }) => row.name === symbol);
  if (named.length === 0) {
    if (smtSymbols.has(symbol))
      return {
        problem: `must give ${symbol} bit-vectors, together of at most 64 bits; got ${listOf(types)}.`,
      };
    const meant = nearestName(symbol, [...smtSymbols, ...ownNames]);
    return {
      problem: `must name a known function; got ${symbol}.${meant === null ? "" : ` Did you mean ${meant}?`}`,
    };
  }
  const fits = named.find(
    ({ row, association }) =>
      (types.length === row.parameters.length ||
        (association !== "none" && types.length > row.parameters.length)) &&
      types.every((type, k) => {
        const parameter = row.parameters[k] ?? row.parameters[0];
        return parameter !== undefined && typeText(type) === typeText(parameter);
      }),
  );
  if (fits !== undefined) return fits;
  const shapes = [...new Set(named.map(({ row }) => listOf(row.parameters)))].join(" or ");
  const counts = [...new Set(named.map(({ row }) => row.parameters.length))];
  const isCountWrong = named.every(({ row, association }) =>
    association === "none" ? types.length !== row.parameters.length : types.length < row.parameters.length,
  );
  return {
    problem: isCountWrong
      ? `must give ${symbol} ${counts.join(" or ")} ${counts.join() === "1" ? "argument" : "arguments"}, ${shapes}; got ${types.length}.`
      : `must give ${symbol} arguments ${shapes}; got ${listOf(types)}.`,
  };
}

/** The type of a sort's name; undefined for sorts that are not supported. Bit-vectors are `bits(width)`. */
export const sortOfName = (name: string): Type | undefined =>
  new Map<string, Type>([
    ["Int", int],
    ["Bool", bool],
    ["String", string],
  ]).get(name);
