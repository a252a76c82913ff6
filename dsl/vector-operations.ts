/** What the vector machine can do with reals, with the number of operands: the order is that of assembly/operations.ts. */
const reals = {
  add: 2,
  subtract: 2,
  multiply: 2,
  divide: 2,
  minimum: 2,
  maximum: 2,
  power: 2,
  "square-root": 1,
  absolute: 1,
  negate: 1,
  floor: 1,
  exponential: 1,
  logarithm: 1,
  sine: 1,
  cosine: 1,
  tangent: 1,
  "hyperbolic-tangent": 1,
  "exponential-less-one": 1,
  "logarithm-of-sum": 1,
  "cube-root": 1,
  "protected-divide": 2,
  "protected-inverse": 1,
} as const;

/** With words, which hold bits or a boolean: the order is that of assembly/word-operations.ts. */
const words = {
  and: 2,
  or: 2,
  xor: 2,
  add: 2,
  subtract: 2,
  multiply: 2,
  divide: 2,
  remainder: 2,
  "divide-signed": 2,
  "remainder-signed": 2,
  "shift-left": 2,
  "shift-right": 2,
  "shift-right-signed": 2,
  not: 1,
  complement: 1,
  negate: 1,
  "shift-left-1": 1,
  "shift-right-1": 1,
  "shift-right-4": 1,
  "shift-right-16": 1,
  "if-one": 3,
  less: 2,
  "at-most": 2,
  "less-signed": 2,
  "at-most-signed": 2,
  equal: 2,
  if: 3,
} as const;

/** With booleans alone: the order is that of assembly/bit-operations.ts. */
const booleans = { and: 2, or: 2, nand: 2, nor: 2, xor: 2, xnor: 2, implies: 2, not: 1, if: 3 } as const;

/** Operations that are made of others. */
const composed = { square: 1, cube: 1, inverse: 1 } as const;

/** How a row runs on the vector machine. */
export type VectorOperation =
  | keyof typeof reals
  | keyof typeof words
  | keyof typeof booleans
  | keyof typeof composed;

export const realOperations: readonly VectorOperation[] = Object.keys(reals) as (keyof typeof reals)[];

export const wordOperations: readonly VectorOperation[] = Object.keys(words) as (keyof typeof words)[];
export const booleanOperations: readonly VectorOperation[] = Object.keys(
  booleans,
) as (keyof typeof booleans)[];

const operands: Readonly<Record<VectorOperation, number>> = { ...reals, ...words, ...booleans, ...composed };

export const isComposed = (operation: VectorOperation): boolean => operation in composed;

/** Number of values that an operation takes; it gives one. */
export const vectorArity = (operation: VectorOperation): number => operands[operation];

const ofBooleans = new Set<VectorOperation>(["not", "if"]);
const comparisons = new Set<VectorOperation>(["less", "at-most", "less-signed", "at-most-signed", "equal"]);

/** The types of rows that an operation can run, such as `(bits, bits) → bool`. */
export function vectorTypes(operation: VectorOperation): string[] {
  const all = (kind: string, result: string): string =>
    `(${Array.from({ length: vectorArity(operation) }, () => kind).join(", ")}) → ${result}`;
  const types: string[] = [];
  if (operation in reals || operation in composed) types.push(all("real", "real"), all("float32", "float32"));
  if (operation in words && !ofBooleans.has(operation))
    types.push(all("bits", comparisons.has(operation) ? "bool" : "bits"));
  if (operation === "if") types.push("(bool, bits, bits) → bits");
  if (operation in booleans) types.push(all("bool", "bool"));
  return types;
}
