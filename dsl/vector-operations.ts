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

/** Operations that are made of others. */
const composed = { square: 1, cube: 1, inverse: 1 } as const;

/** How a row runs on the vector machine. */
export type VectorOperation = keyof typeof reals | keyof typeof composed;

export const realOperations: readonly VectorOperation[] = Object.keys(reals) as (keyof typeof reals)[];

const operands: Readonly<Record<VectorOperation, number>> = { ...reals, ...composed };

/** Number of values that an operation takes; it gives one. */
export const vectorArity = (operation: VectorOperation): number => operands[operation];
