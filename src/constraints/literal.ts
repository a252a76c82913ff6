/** A truth: 2 · variable, or that + 1 for its negation. */
export type Literal = number;
export const negated = (literal: Literal): Literal => literal ^ 1;
