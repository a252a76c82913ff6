/** What the vector machine can do: the order is that of assembly/operations.ts. */
export const vectorOperations = [
  "add",
  "subtract",
  "multiply",
  "divide",
  "minimum",
  "maximum",
  "power",
  "square-root",
  "absolute",
  "negate",
  "floor",
  "exponential",
  "logarithm",
  "sine",
  "cosine",
  "tangent",
  "hyperbolic-tangent",
] as const;

/** How a row runs on the vector machine: an operation, or one that is made of several. */
export type VectorOperation = (typeof vectorOperations)[number] | "square" | "cube" | "inverse";

const ofTwo: ReadonlySet<VectorOperation> = new Set<VectorOperation>([
  "add",
  "subtract",
  "multiply",
  "divide",
  "minimum",
  "maximum",
  "power",
]);

/** Number of reals that an operation takes; it gives one. */
export const vectorArity = (operation: VectorOperation): number => (ofTwo.has(operation) ? 2 : 1);
