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
